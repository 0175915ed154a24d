"""People: `annotator user …`."""

from __future__ import annotations

import sys

import click
from flask import current_app

from annotator.cli.base import Noun, as_json, show, sign_in_address
from annotator.db import transaction
from annotator.services import people, sign_in

user = Noun("user", help="People and their sign-in links.")


@user.command("add")
@click.argument("email")
@click.option("--name", required=True, help="The name that others see.")
@click.option("--admin", is_flag=True, help="Administrator of the installation.")
@click.option("--password-stdin", is_flag=True, help="Read a password from standard input instead of making a link.")
def add(email: str, name: str, *, admin: bool, password_stdin: bool) -> None:
    """Add a person; without a password, print a one-time sign-in link."""
    password = people.hash_password(sys.stdin.readline().rstrip("\r\n")) if password_stdin else None
    with transaction():
        person = people.create(email, name, admin=admin, password=password)
        token = None if password_stdin else sign_in.make_link(person, hours=_link_hours())
    click.echo(f"Added {person.name} <{person.email}>.", err=True)
    if token is not None:
        click.echo(sign_in_address() + token)


@user.command("link")
@click.argument("email")
def link(email: str) -> None:
    """Print a new one-time sign-in link for EMAIL."""
    with transaction():
        token = sign_in.make_link(people.by_email(email), hours=_link_hours())
    click.echo(sign_in_address() + token)


@user.command("disable")
@click.argument("email")
def disable(email: str) -> None:
    """Sign EMAIL out everywhere and refuse further sign-ins. The person's work stays."""
    with transaction():
        people.disable(people.by_email(email))
    click.echo(f"Disabled {email}.", err=True)


@user.command("list")
@as_json
def list_users(*, as_json: bool) -> None:
    """List the people of the installation."""
    rows = [
        {
            "email": person.email,
            "name": person.name,
            "admin": person.is_admin,
            "disabled": person.disabled_at is not None,
        }
        for person in people.everybody()
    ]
    show(rows, as_json=as_json)


def _link_hours() -> int:
    """How long a link stays good here: the setting `link_hours`."""
    hours: int = current_app.extensions["annotator"].link_hours
    return hours

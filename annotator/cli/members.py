"""Who works in a project: `annotator member …`."""

from __future__ import annotations

import click

from annotator.cli.base import Noun, as_json, show
from annotator.db import transaction
from annotator.models import Role
from annotator.services import members, people, projects

member = Noun("member", help="The people of a project and their roles.")
role_option = click.option("--role", required=True, type=click.Choice([role.value for role in Role]))


@member.command("add")
@click.argument("slug")
@click.argument("email")
@role_option
def add(slug: str, email: str, *, role: str) -> None:
    """Give EMAIL a role in the project SLUG."""
    with transaction():
        user = people.by_email(email)
        new = projects.add_member(projects.by_slug(slug), user, Role(role))
    click.echo(f"{user.name} is {'now' if new else 'already'} {role} in '{slug}'.", err=True)


@member.command("remove")
@click.argument("slug")
@click.argument("email")
@role_option
def remove(slug: str, email: str, *, role: str) -> None:
    """Take a role in the project SLUG from EMAIL. The person's work stays."""
    with transaction():
        user = people.by_email(email)
        members.remove(projects.by_slug(slug), user.id, Role(role))
    click.echo(f"{user.name} is no longer {role} in '{slug}'.", err=True)


@member.command("capacity")
@click.argument("slug")
@click.argument("email")
@click.argument("most", type=click.IntRange(0, members.MOST_REVIEWS), required=False)
def capacity(slug: str, email: str, *, most: int | None) -> None:
    """Give EMAIL at most MOST open reviews in the project SLUG. Without MOST any number."""
    with transaction():
        user = people.by_email(email)
        members.set_capacity(projects.by_slug(slug), user.id, most)
    bound = "any number of open reviews" if most is None else f"at most {most} open reviews"
    click.echo(f"{user.name} is given {bound} in '{slug}'.", err=True)


@member.command("list")
@click.argument("slug")
@as_json
def list_members(slug: str, *, as_json: bool) -> None:
    """List the people of the project SLUG."""
    rows = [
        {"email": each.user.email, "name": each.user.name, "roles": [role.value for role in each.roles]}
        for each in members.of(projects.by_slug(slug))
    ]
    show(rows, as_json=as_json)

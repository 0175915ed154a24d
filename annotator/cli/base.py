"""What all commands share: how errors end them, how lists are printed, how a sign-in link is written."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import click
from flask import current_app, has_app_context
from flask.cli import AppGroup
from sqlalchemy.exc import DatabaseError

from annotator.cli import served
from annotator.db import db
from annotator.errors import AnnotatorError
from annotator.formats.records import CannotWrite
from annotator.security import base_url

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for a program to read.")


def some_of(option: str, name: str, choices: Mapping[Any, str], words: str) -> Callable[[Any], Any]:
    """Decorator of an option that names some of `choices`, whose words its help tells; none of them means all."""
    told = "; ".join(f"{choice}: {meaning}" for choice, meaning in choices.items())
    return click.option(
        option,
        name,
        multiple=True,
        type=click.Choice([choice.value for choice in choices]),
        help=f"{words}; may be repeated. Without it: everything. {told}.",
    )


class Command(click.Command):
    """A command whose refusals are one line on standard error and exit status 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run it; what a person can mend is said in one sentence."""
        try:
            return super().invoke(ctx)
        except (AnnotatorError, CannotWrite) as error:
            raise click.ClickException(str(error)) from error
        except DatabaseError as error:
            raise click.ClickException(_explained(error)) from error


class Noun(AppGroup):
    """The commands of one noun, each run with the app loaded."""

    command_class = Command


def command(name: str, *, with_app: bool = True) -> Callable[[Callable[..., Any]], click.Command]:
    """Decorator of a command that belongs to no noun; `with_app` loads the app before it runs."""
    return Noun().command(name, with_appcontext=with_app)


def show(rows: Sequence[Mapping[str, Any]], *, as_json: bool) -> None:
    """Print `rows` as a bare JSON array, or as a table with a header line."""
    if as_json:
        echo_json(list(rows))
        return
    if not rows:
        click.echo("There is none yet.", err=True)
        return
    cells = [list(rows[0]), *([_cell(value) for value in row.values()] for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    for line in cells:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def written(moment: datetime | None) -> str | None:
    """The moment as lists show it, RFC 3339."""
    return moment.isoformat() if moment else None


def echo_json(value: object) -> None:
    """Print `value` as JSON."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def sign_in_address() -> str:
    """The address before the token of a one-time link. Where nobody set one, it is said what it was taken from."""
    address = base_url()
    if not address:
        last = served.last(current_app.extensions["annotator"].instance)
        address = last or served.address_of("127.0.0.1", served.DEFAULT_PORT)
        whose = "the server that was started here last" if last else "'annotator serve' without other options"
        click.echo(f"The address is that of {whose}. The setting base_url sets another.", err=True)
    return f"{address}/sign-in/"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(str(each) for each in value) if isinstance(value, list) else str(value)


def _explained(error: DatabaseError) -> str:
    """What to do about a database that refuses: most often its schema is missing or old."""
    from annotator import migrations

    # What the driver says may have several lines.
    said = " ".join(str(error.orig).split())
    if not has_app_context():
        return f"The database cannot be used: {said}"
    db.session.rollback()
    try:
        schema = migrations.current(db.engine)
    except DatabaseError:
        return f"The database cannot be used: {said}"
    if schema != migrations.newest():
        return "The database is not at the newest schema. Run 'annotator init'."
    return f"The database refused: {said}"

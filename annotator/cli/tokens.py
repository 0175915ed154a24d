"""Keys of programs: `annotator token …`."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import click

from annotator.cli.base import Noun, as_json, show, some_of, written
from annotator.db import now, transaction
from annotator.domain.scopes import SCOPES, Scope
from annotator.services import people, tokens

token = Noun("token", help="Keys with which programs use the API.")


class Expiry(click.ParamType[datetime]):
    """A number of days from now, or a day, at whose end (UTC) the token expires."""

    name = "DAYS|DATE"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The moment of `value`."""
        if isinstance(value, datetime):
            return value
        text = str(value)
        try:
            if text.isdecimal():
                return now() + timedelta(days=int(text))
            return datetime.combine(datetime.strptime(text, "%Y-%m-%d").date(), time.max, UTC)  # noqa: DTZ007 -- a day
        except (ValueError, OverflowError):
            self.fail(f"'{text}' is neither a number of days nor a date such as 2027-01-31.", param, ctx)


@token.command("add")
@click.argument("email")
@click.option("--name", required=True, help="What the token is for.")
@some_of("--scope", "scopes", SCOPES, "What it is good for")
@click.option("--expires", type=Expiry(), help="After so many days, or at the end of a day (UTC). Without it: never.")
@click.option("--project", default="", metavar="SLUG", help="The only project that it is good for. Without it: all.")
def add(email: str, name: str, scopes: tuple[str, ...], **limits: Any) -> None:
    """Make a token for EMAIL and print it; it is shown this once."""
    with transaction():
        made = tokens.add(people.by_email(email), name, scopes=scopes or tuple(Scope), **limits)
    click.echo(made)


@token.command("list")
@click.argument("email")
@as_json
def list_tokens(email: str, *, as_json: bool) -> None:
    """List the tokens of EMAIL, without the secrets."""
    rows = [
        {
            "id": each.id,
            "name": each.name,
            "scope": each.scopes,
            "project": each.project.slug if each.project else None,
            "created_at": written(each.created_at),
            "last_used_at": written(each.last_used_at),
            "expires_at": written(each.expires_at),
            "revoked_at": written(each.revoked_at),
        }
        for each in tokens.list_for(people.by_email(email))
    ]
    show(rows, as_json=as_json)


@token.command("revoke")
@click.argument("email")
@click.argument("token_id", metavar="ID")
def revoke(email: str, token_id: str) -> None:
    """End the token ID of EMAIL for good; 'token list' shows the ids."""
    with transaction():
        revoked = tokens.revoke(people.by_email(email), token_id)
    click.echo(f"Revoked the token '{revoked.name}'.", err=True)

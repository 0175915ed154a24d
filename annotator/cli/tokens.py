"""Keys of programs: `annotator token …`."""

from __future__ import annotations

import click

from annotator.cli.base import Noun, as_json, show
from annotator.db import transaction
from annotator.services import people, tokens

token = Noun("token", help="Keys with which programs use the API.")


@token.command("add")
@click.argument("email")
@click.option("--name", required=True, help="What the token is for.")
def add(email: str, name: str) -> None:
    """Make a token for EMAIL and print it; it is shown this once."""
    with transaction():
        made = tokens.add(people.by_email(email), name)
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
            "scope": each.scope,
            "created_at": each.created_at.isoformat(),
            "last_used_at": each.last_used_at.isoformat() if each.last_used_at else None,
            "expires_at": each.expires_at.isoformat() if each.expires_at else None,
            "revoked_at": each.revoked_at.isoformat() if each.revoked_at else None,
        }
        for each in tokens.list_for(people.by_email(email))
    ]
    show(rows, as_json=as_json)

"""Setting an installation up and serving it."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import ScriptInfo

from annotator.cli.base import command
from annotator.cli.served import DEFAULT_PORT
from annotator.config import load, make_database_file, make_secret_key
from annotator.db import db
from annotator.errors import Misconfigured


@command("init", with_app=False)
@click.pass_context
def init(ctx: click.Context) -> None:
    """Bring the database to the newest schema and make a secret key. Safe to repeat."""
    from annotator import migrations

    settings = load()
    if not settings.secret_key:
        make_secret_key(settings.instance)
    make_database_file(settings)
    app = ctx.ensure_object(ScriptInfo).load_app()
    with app.app_context():
        migrations.upgrade(db.engine)
        address = db.engine.url.render_as_string(hide_password=True)
        click.echo(f"The database {address} is at schema {migrations.current(db.engine)}.")


@command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=DEFAULT_PORT, show_default=True, type=click.IntRange(0, 65535), help="0 takes any.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="More than 1 needs gunicorn.")
@click.option("--threads", default=16, show_default=True, type=click.IntRange(8, 256), help="Threads of each worker.")
def serve(host: str, port: int, workers: int, threads: int) -> None:
    """Serve the installation until SIGTERM or Ctrl+C."""
    from annotator.cli import server

    if workers > 1 and not server.has_gunicorn():
        raise click.UsageError(
            "More than one worker needs gunicorn. Install the extra: pip install 'annotator[server]'"
        )
    _require_newest_schema()
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 -- Flask's documented way
    if workers > 1:
        # Connections must not be shared with the workers that are forked now.
        db.engine.dispose()
        server.serve_many(app, host, port, workers, threads=threads)
    try:
        server.serve_one(app, host, port, threads=threads)
    except OSError as error:
        raise click.ClickException(f"Cannot listen on {host}:{port}: {error.strerror or error}.") from error


def _require_newest_schema() -> None:
    from annotator import migrations

    schema = migrations.current(db.engine)
    if schema != migrations.newest():
        state = "has no schema yet" if schema is None else f"is at schema {schema}, not {migrations.newest()}"
        raise Misconfigured(f"The database {state}. Run 'annotator init'.")

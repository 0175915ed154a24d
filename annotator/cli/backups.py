"""Keeping the work safe: `annotator backup`, `annotator restore`, `annotator check`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import click
from flask import current_app

from annotator.cli.base import command
from annotator.db import db
from annotator.errors import Conflict
from annotator.services import backups, checks

path_argument = click.argument("path", metavar="FILE", type=click.Path(path_type=Path))


@command("backup")
@path_argument
def backup(path: Path) -> None:
    """Write a verified copy of the database to FILE. People may go on working; a FILE that is there is replaced."""
    if path.is_dir():
        raise Conflict(f"{path} is a folder. Name the file to write.")
    if not path.absolute().parent.is_dir():
        raise Conflict(f"There is no folder {path.absolute().parent}.")
    draft = _private_file(path.with_name(f".{path.name}.{uuid4().hex[:8]}"))
    try:
        backups.copy_out(db.engine, draft)
        if db.engine.dialect.name == "sqlite":
            problem = _problem_of(draft)
            backups.make_single_file(draft)
            if problem:
                unsound = draft.replace(path.with_name(f"{path.name}.unsound"))
                raise Conflict(f"The database is damaged: {problem} The copy is {unsound}; {path} was not touched.")
        draft.replace(path)
    finally:
        _remove(draft)
    click.echo(f"{path}: {path.stat().st_size:,} bytes, verified.")


@command("restore")
@path_argument
def restore(path: Path) -> None:
    """Replace the database by the backup FILE. On SQLite what was there is kept beside it."""
    from annotator import migrations

    if not path.is_file():
        raise Conflict(f"There is no file {path}.")
    if db.engine.dialect.name != "sqlite":
        backups.copy_in(db.engine, path)
        migrations.upgrade(db.engine)
        click.echo(f"Restored {path}.")
        return
    live = Path(str(db.engine.url.database))
    if not backups.is_sqlite(path):
        raise Conflict(f"{path} is not a SQLite database, so it is no backup of this installation.")
    # An older backup is brought to the newest schema in a copy, so that FILE stays as it is.
    draft = _private_file(live.with_name(f".{live.name}.{uuid4().hex[:8]}"))
    try:
        backups.copy_sqlite(path, draft)
        if problem := _problem_of(draft, upgrade=True):
            raise Conflict(f"{path} is damaged, so nothing was changed: {problem}")
        kept = _keep_aside(live)
        backups.copy_in(db.engine, draft)
    finally:
        _remove(draft)
    click.echo(f"Restored {path}." + (f" What was there before is in {kept}." if kept else ""))


@command("check")
def check() -> None:
    """Verify the database, quotes, hashes and chains of events. The exit status is 1 if there are findings."""
    found = 0
    for finding in checks.findings():
        found += 1
        click.echo(str(finding))
    if found:
        raise click.ClickException(f"{found:,} finding{'' if found == 1 else 's'}.")
    click.echo("All is as it was saved.")


def _keep_aside(live: Path) -> Path | None:
    """A copy of the present database, or None if there is none yet."""
    if not live.exists():
        return None
    kept = live.with_name(f"{live.name}.before-restore-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    backups.copy_sqlite(live, _private_file(kept))
    return kept


def _private_file(path: Path) -> Path:
    """Make the file, empty. A copy holds everything: nobody else on this machine may read it."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    return path


def _problem_of(path: Path, *, upgrade: bool = False) -> str:
    """Open the copy as an installation would and check all of it: the first thing that is wrong, or ""."""
    from annotator import migrations

    with _opened(path):
        schema = migrations.current(db.engine)
        if schema is None:
            return "it holds no schema of annotator."
        if schema != migrations.newest():
            if not upgrade:
                return f"it is at schema {schema}, not {migrations.newest()}. Run 'annotator init'."
            migrations.upgrade(db.engine)
        return str(next(checks.findings(), ""))


@contextmanager
def _opened(path: Path) -> Iterator[None]:
    """An app on the SQLite database at `path`, for a while."""
    from annotator import create_app

    settings = current_app.extensions["annotator"]
    other = create_app(
        {
            "instance": settings.instance,
            "secret_key": settings.secret_key,
            "database_url": f"sqlite:///{path.absolute()}",
        }
    )
    with other.app_context():
        try:
            yield
        finally:
            db.session.remove()
            db.engine.dispose()


def _remove(draft: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        draft.with_name(draft.name + suffix).unlink(missing_ok=True)

"""What templates may call: addresses of static files, what the reader may do, and how moments are written."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from flask import Flask, url_for
from jinja2 import pass_context
from jinja2.runtime import Context

from annotator.domain.days import day
from annotator.domain.keys import caps
from annotator.domain.reading import duration, percent
from annotator.permissions import Action


def init_app(app: Flask) -> None:
    """Install globals and filters."""
    app.add_template_global(static_url)
    app.add_template_global(can)
    app.add_template_filter(iso)
    app.add_template_filter(moment)
    app.add_template_filter(day)
    app.add_template_filter(plural)
    app.add_template_filter(caps)
    app.add_template_filter(duration)
    app.add_template_filter(percent)


def stamp_of(folder: Path) -> str:
    """A short hash over names, sizes and times of the files below `folder`: it changes when one of them does.

    It stands in front of the paths, so that scripts which import each other by relative paths carry it too.
    """
    lines = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            facts = path.stat()
            lines.append(f"{path.relative_to(folder).as_posix()} {facts.st_size} {facts.st_mtime_ns}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]


def static_url(path: str) -> str:
    """The address of a file below static/, given by its path there; browsers may keep it for ever."""
    return url_for("static", filename=path)


@pass_context
def can(context: Context, action: str) -> bool:
    """Whether the reader may do `action` ("see", "manage", …: the names of Action) in the project of this page.

    The page passes `access`; without it there is no project and nothing may be done.
    """
    access: Any = context.get("access")
    return bool(access) and access.may(Action[action.upper()])


def iso(value: datetime | date) -> str:
    """For the `datetime` attribute of <time>: RFC 3339, moments in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return value.isoformat()


def moment(value: datetime) -> str:
    """In words, in UTC: the same for every reader, wherever they are."""
    at = value.astimezone(UTC)
    return f"{day(at.date())}, {at:%H:%M} UTC"


def plural(count: int, one: str, many: str = "") -> str:
    """3|plural("claim") is "3 claims"; give `many` where an s is not enough."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"

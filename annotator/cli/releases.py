"""Releases: `annotator release SLUG VERSION` freezes one, `annotator release list SLUG` shows them."""

from __future__ import annotations

from typing import Any

import click

from annotator.cli.base import Noun, as_json, show
from annotator.db import transaction
from annotator.formats import writing
from annotator.services import freezing, projects, releases


class _Releases(Noun):
    """What is no command of the noun is the project of which a release is made."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Take `release SLUG VERSION` for `release make SLUG VERSION`."""
        if args and args[0] not in self.commands:
            args = ["make", *args]
        return super().resolve_command(ctx, args)


release = _Releases(
    "release", help="Frozen releases: `annotator release SLUG VERSION` makes one.", subcommand_metavar="SLUG VERSION"
)


@release.command("make", hidden=True)
@click.argument("slug")
@click.argument("version")
@click.option("--note", default="", help="What is new in it.")
def make(slug: str, version: str, *, note: str) -> None:
    """Freeze the finished articles of the project SLUG as the release VERSION, such as 1.0.0."""
    project = projects.by_slug(slug)
    files = writing.hashed_formats()
    with freezing.gathered(project, version, note=note, files=files) as found:
        with transaction():
            made = freezing.store(projects.by_slug(slug), found)
        rows = found.manifest["layers"]["gold"]["rows"]
        click.echo(f"Released {slug} {made.version}: {rows:,} gold claims, manifest {made.sha256}.")


@release.command("list")
@click.argument("slug")
@as_json
def list_releases(slug: str, *, as_json: bool) -> None:
    """List the releases of the project SLUG, the newest version first."""
    rows = []
    for each in releases.of_project(projects.by_slug(slug)):
        layers = releases.manifest_of(each)["layers"]
        rows.append(
            {
                "version": each.version,
                "created_at": each.created_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
                "gold": layers["gold"]["rows"],
                "note": each.note,
                "sha256": each.sha256,
            }
        )
    show(rows, as_json=as_json)

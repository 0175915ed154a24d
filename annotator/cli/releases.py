"""Releases: `annotator release SLUG VERSION` freezes one, `annotator release list SLUG` shows them."""

from __future__ import annotations

import json
from typing import Any

import click

from annotator.cli.base import Noun, as_json, show
from annotator.cli.output import STANDARD_OUTPUT, save
from annotator.db import transaction
from annotator.domain.publication import Options, People, TextMode
from annotator.domain.release_changes import Difference
from annotator.formats import catalogue, writing
from annotator.formats.archive import write_archive
from annotator.formats.release import documents
from annotator.services import freezing, projects, release_package, releases


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
@click.option(
    "--text",
    default=TextMode.CONTEXT.value,
    show_default=True,
    type=click.Choice([each.value for each in TextMode]),
    help="The articles' texts too, the claims' quotes with their context, or no text of others at all.",
)
@click.option(
    "--people",
    default=People.NAMES.value,
    show_default=True,
    type=click.Choice([each.value for each in People]),
    help="What reviewers and adjudicators are called.",
)
@click.option("--split", metavar="SHARES", help="Give each article to train, dev or test, such as 80/10/10.")
@click.option("--seed", metavar="WORD", help="Of the split; without it the short name of the project.")
@click.option("--dry-run", is_flag=True, help="Say what would be released and what to look at first; freeze nothing.")
def make(slug: str, version: str, *, note: str, dry_run: bool, **chosen: str | None) -> None:
    """Freeze the finished articles of the project SLUG as a release. VERSION is its number, such as 1.0.0."""
    project = projects.by_slug(slug)
    try:
        options = Options.of(**chosen, default_seed=slug)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    with freezing.gathered(
        project, version, note=note, options=options, files=catalogue.hashed_formats(), about=documents
    ) as found:
        for warning in found.warnings:
            click.echo(f"Warning: {warning}", err=True)
        rows = found.manifest["layers"]["gold"]["rows"]
        if dry_run:
            click.echo(f"Would release {slug} {version}: {rows:,} gold claims. Nothing was frozen.")
            return
        with transaction():
            made = freezing.store(projects.by_slug(slug), found)
        click.echo(f"Released {slug} {made.version}: {rows:,} gold claims, manifest {made.sha256}.")


@release.command("package")
@click.argument("slug")
@click.argument("version")
@click.option(
    "-o", "--output", default=STANDARD_OUTPUT, show_default=True, help="The ZIP file to write; - is the output."
)
def package(slug: str, version: str, *, output: str) -> None:
    """Write the release VERSION of the project SLUG as one ZIP file. It holds data, manifest, card, citation, checksums."""
    found = releases.find(projects.by_slug(slug), version)
    save(write_archive(release_package.files(found, writing.write)), output)


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


@release.command("changes")
@click.argument("slug")
@click.argument("since")
@click.argument("until", required=False)
@as_json
def list_changes(slug: str, since: str, until: str | None, *, as_json: bool) -> None:
    """Tell what changed in the project SLUG since the release SINCE. Up to the release UNTIL, or up to now.

    With --json each difference is a line of its own: what it is about, what became of it, its rows before and after.
    """
    with releases.changes(projects.by_slug(slug), since, until) as found:
        nouns = {"claim": found.claims, "link": found.links, "article": found.articles}
        for noun, differences in nouns.items():
            for each in differences:
                click.echo(_in_json(noun, each) if as_json else _in_words(noun, each))


def _in_json(noun: str, each: Difference) -> str:
    return json.dumps(
        {"of": noun, "change": each.change.value, "before": each.before, "after": each.after}, ensure_ascii=False
    )


def _in_words(noun: str, each: Difference) -> str:
    row = each.row
    words = " ".join(str(row.get("exact") or row.get("relation") or row.get("title") or "").split())
    return "  ".join([f"{noun} {each.change.value}", str(row[f"{noun}_id"]), words[:80]]).rstrip()

"""Taking datasets out: `annotator export`."""

from __future__ import annotations

import sys
from collections.abc import Generator
from dataclasses import replace
from typing import TypeVar

import click

from annotator.cli.base import command
from annotator.cli.output import STANDARD_OUTPUT, save
from annotator.domain.publication import People
from annotator.formats import catalogue, writing
from annotator.formats.records import Export, Losses
from annotator.formats.whole_project import write_project
from annotator.security import public_url
from annotator.services import datasets, projects, releases
from annotator.services.whole_project.exporting import project_lines

RELEASED_ALONE = ("texts", "splits")
"""Layers that only a release has."""

Counted = TypeVar("Counted")


@command("export")
@click.argument("slug")
@click.option(
    "--layer",
    required=True,
    type=click.Choice([*datasets.LAYERS, *RELEASED_ALONE, catalogue.WHOLE]),
    help="What to export.",
)
@click.option(
    "--format", "format_", type=click.Choice(list(catalogue.ALL_FORMATS)), help="csv without it; jsonl for all."
)
@click.option("--release", "version", help="A frozen release, such as 1.0.0; the present state without it.")
@click.option("--people", type=click.Choice([each.value for each in People]), help="What people are called.")
@click.option("-o", "--output", default=STANDARD_OUTPUT, show_default=True, help="The file to write; - is the output.")
def export(slug: str, layer: str, *, format_: str | None, version: str | None, people: str | None, output: str) -> None:
    """Export a layer of the project SLUG. The whole of it is one moment in time.

    What the format cannot carry is counted on standard error. The layer "all" is the whole project in one file, which
    `annotator import` takes back into an empty project.
    """
    if layer == catalogue.WHOLE:
        if version is not None or people is not None:
            raise click.UsageError(
                "The layer 'all' is the present state with its people: leave --release and --people out."
            )
        _export_whole(slug, format_ or "jsonl", output)
    else:
        _export_layer(slug, layer, format_=format_ or "csv", version=version, people=people, output=output)


def _export_whole(slug: str, format_: str, output: str) -> None:
    problem = catalogue.problem_with(format_, catalogue.WHOLE)
    if problem is not None:
        raise click.UsageError(problem)
    save(write_project(project_lines(projects.by_slug(slug))), output)


def _export_layer(slug: str, layer: str, *, format_: str, version: str | None, people: str | None, output: str) -> None:
    if layer not in (catalogue.layers_of(format_) or {layer}):
        raise click.UsageError(catalogue.problem_with(format_, layer) or "")
    base_url = public_url()
    lack = catalogue.lack_of(format_, base_url)
    if lack is not None:
        raise click.ClickException(lack)
    if layer in RELEASED_ALONE and version is None:
        raise click.UsageError(f"Only a release has the layer '{layer}': name one with --release.")
    if version is not None and people is not None:
        raise click.UsageError("A release calls people what was chosen when it was made; leave --people out.")
    project = projects.by_slug(slug)
    release = releases.find(project, version) if version else None
    found = (
        releases.export(release, project, layer, base_url=base_url)
        if release
        else datasets.export(project, layer, people=People(people or People.NAMES), base_url=base_url)
    )
    losses = Losses()
    chunks = writing.write_export(_counted(found), format_, losses)
    save(releases.verified(release, layer, format_, chunks) if release else chunks, output)
    for sentence in losses.sentences():
        click.echo(f"Not in the file: {sentence}", err=True)


def _counted(found: Export) -> Export:
    """The same; how many rows or articles there were is said on a terminal."""

    def counted(read: Generator[Counted], called: str) -> Generator[Counted]:
        count = 0
        for each in read:
            count += 1
            yield each
        if sys.stderr.isatty():
            click.echo(f"{count:,} {called}{'' if count == 1 else 's'}.", err=True)

    return replace(
        found,
        rows=lambda: counted(found.rows(), "row"),
        documents=lambda: counted(found.documents(), "article"),
    )

"""Articles and who reviews them: `annotator article …`, `annotator assign`."""

from __future__ import annotations

import click

from annotator.cli.base import Noun, as_json, command, show
from annotator.db import transaction
from annotator.services import datasets, dealing, projects

SHOWN = ("article_id", "title", "publisher", "published", "length", "words", "source_file")

article = Noun("article", help="Articles.")


@article.command("list")
@click.argument("slug")
@as_json
def list_articles(slug: str, *, as_json: bool) -> None:
    """List the articles of the project SLUG. As JSON with every column of the layer `articles`."""
    with datasets.open_table(projects.by_slug(slug), "articles") as table:
        rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    show(rows if as_json else [{name: row[name] for name in SHOWN} for row in rows], as_json=as_json)


@command("assign")
@click.argument("slug")
def assign(slug: str) -> None:
    """Give every article of the project SLUG its reviewers. Evenly, and within what each can take.

    First what nobody touched for longer than the project allows goes back to the pool. New reviewers get the training
    articles, and those who have worked here for some time now and then a second look.
    """
    with transaction():
        report = dealing.assign(projects.by_slug(slug))
    click.echo(f"Assigned {report.assigned}.")
    for count, what in (
        (report.returned, "back to the pool"),
        (report.training, "for training"),
        (report.second_looks, "for a second look"),
    ):
        if count:
            click.echo(f"{count} {what}.")
    if report.short:
        articles = "article has" if len(report.short) == 1 else "articles have"
        why = "; ".join(report.reasons())
        click.echo(f"{len(report.short)} {articles} too few reviewers: {why}.", err=True)
    if report.split:
        click.echo(f"Groups with different reviewers: {', '.join(report.split)}.", err=True)

"""Copies of wire text: `annotator copies`."""

from __future__ import annotations

import click

from annotator.cli.base import as_json, command, show
from annotator.services import copies, copy_finding, projects


@command("copies")
@click.argument("slug")
@as_json
def show_copies(slug: str, *, as_json: bool) -> None:
    """Look for copies among the articles of the project SLUG. Lists the groups, each with its articles.

    Articles that were compared before are not compared again with each other; what people decided stands.
    """
    project = projects.by_slug(slug)
    found = copy_finding.find(project)
    rows = [
        {
            "group": group.id,
            "group_state": group.state.value,
            "article": member.article.id,
            "external_id": member.article.external_id,
            "title": member.version.heading,
            "publisher": member.version.publisher,
            "agency": member.version.agency,
            "published": member.version.published.isoformat() if member.version.published else None,
            "state": member.state.value,
            "decided_by": member.decided_by,
            "outdated": member.outdated,
        }
        for group in copies.every_group(project.id)
        for member in group.members
    ]
    parted = f" No copy any more: {found.parted:,}." if found.parted else ""
    click.echo(f"Compared anew: {found.compared:,}. Came into a group: {found.grouped:,}.{parted}", err=True)
    show(rows, as_json=as_json)

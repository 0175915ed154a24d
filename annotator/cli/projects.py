"""Projects: `annotator project …`."""

from __future__ import annotations

from typing import Any

import click

from annotator.cli.base import Noun, as_json, show
from annotator.db import transaction
from annotator.models import EvidenceRule
from annotator.services import projects

project = Noun("project", help="Projects.")


@project.command("add")
@click.argument("slug")
@click.option("--name", required=True, help="The name that people see.")
@click.option(
    "--reviewers", default=2, show_default=True, type=click.IntRange(1, 20), help="Reviewers of each article."
)
@click.option("--blind/--open", default=True, show_default=True, help="Whether reviewers see each other's claims.")
@click.option(
    "--evidence",
    default=EvidenceRule.WARN.value,
    show_default=True,
    type=click.Choice([rule.value for rule in EvidenceRule]),
    help="What happens on submit to a claim that lacks what its label must carry.",
)
@click.option("--snap/--no-snap", default=True, show_default=True, help="Whether selections grow to whole words.")
@click.option(
    "--suggestions/--no-suggestions",
    default=False,
    show_default=True,
    help="Whether reviewers may have passages suggested; each switches them on for themselves.",
)
def add(slug: str, name: str, *, evidence: str, snap: bool, **settings: Any) -> None:
    """Add a project with the default labels."""
    with transaction():
        made = projects.create(slug, name, evidence=EvidenceRule(evidence), snap_to_words=snap, **settings)
    click.echo(f"Added the project '{made.slug}'.", err=True)


@project.command("list")
@as_json
def list_projects(*, as_json: bool) -> None:
    """List all projects."""
    rows = [
        {
            "slug": each.slug,
            "name": each.name,
            "reviewers": each.reviewers,
            "blind": each.blind,
            "evidence": each.evidence.value,
            "snap_to_words": each.snap_to_words,
            "suggestions": each.suggestions,
        }
        for each in projects.everything()
    ]
    show(rows, as_json=as_json)

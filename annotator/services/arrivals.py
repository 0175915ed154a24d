"""Articles that a program sends: stored, known, or newer texts of those that are there; all or nothing.

A file says the same of its records (services/imports.py), but may hold more than one transaction should.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from annotator.formats.records import ArticleRecord
from annotator.models import Article, ArticleVersion, Project, User
from annotator.services import articles, giving, newer_texts, versions


class ArrivalOutcome(StrEnum):
    """What became of an article that was sent: as the reports of imports call it."""

    ADDED = "added"
    KNOWN = "known"
    NEWER = "newer"
    CORRECTED = "corrected"


@dataclass(frozen=True)
class Arrival:
    """One article that was sent, in the version that stands now; its text is not loaded."""

    article: Article
    version: ArticleVersion
    outcome: ArrivalOutcome


def take(
    project: Project, records: Sequence[ArticleRecord], *, by: User | None = None, update: bool = False
) -> list[Arrival]:
    """Store `records` in order. With `update` a newer text of an article becomes its next version; else it is only told of.

    One that is there already, or that a version of its article had, adds nothing.
    """
    giving.lock_project(project)
    newer = newer_texts.recognised(project, records)
    others = iter(articles.add(project, [each for n, each in enumerate(records) if n not in newer], user=by))
    found: list[tuple[str, ArrivalOutcome]] = []
    for place, record in enumerate(records):
        if place not in newer:
            added = next(others)
            found.append((added.article_id, ArrivalOutcome.ADDED if added.new else ArrivalOutcome.KNOWN))
            continue
        article_id, there = newer[place].article_id, newer[place].there
        if there or not update:
            found.append((article_id, ArrivalOutcome.KNOWN if there else ArrivalOutcome.NEWER))
            continue
        # Sent twice in one call, the second is known by then.
        done = versions.store(project, article_id, record, by=by)
        found.append((article_id, ArrivalOutcome.CORRECTED if done.new else ArrivalOutcome.KNOWN))
    present = articles.present_of([article_id for article_id, _ in found])
    return [Arrival(*present[article_id], outcome) for article_id, outcome in found]

"""The floor of an export: one SELECT of the columns of the layer `annotations`, written with csv.writer.

Run as `python -m benchmarks.load.bare_select DATABASE_URL FILE`. It checks no quote, pages nothing and renames nobody.
"""

from __future__ import annotations

import csv
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

QUERY = """
SELECT project.slug, NULL, article.id, article.external_id, article_version.number, article_version.sha256,
  article_version.title, article_version.publisher, article_version.agency, article_version.url,
  article_version.published, annotation.id, article."group", annotation.start, annotation."end", annotation.exact,
  substr(article_version.text, CASE WHEN annotation.start > 32 THEN annotation.start - 31 ELSE 1 END,
    CASE WHEN annotation.start > 32 THEN 32 ELSE annotation.start END),
  substr(article_version.text, annotation."end" + 1, 32),
  (SELECT max(position) FROM article_block WHERE version_id = article_version.id AND start <= annotation.start),
  annotation.claim_text, label.key, annotation.target, annotation.reason, annotation.speaker, annotation.speaker_kind,
  annotation.speaker_mode, annotation.speaker_chain, annotation.event_start, annotation.event_end,
  annotation.confidence, annotation.note, "user".name, annotation.round, assignment.state, annotation.origin,
  annotation.guideline_version, annotation.version, annotation.created_at, annotation.updated_at,
  decision.gold_id, decision.outcome
FROM annotation
JOIN assignment ON assignment.id = annotation.assignment_id
JOIN article ON article.id = assignment.article_id
JOIN project ON project.id = article.project_id
JOIN article_version ON article_version.id = assignment.version_id
JOIN label ON label.id = annotation.label_id
JOIN "user" ON "user".id = assignment.user_id
LEFT JOIN gold_source ON gold_source.annotation_id = annotation.id
LEFT JOIN decision ON decision.id = gold_source.decision_id
WHERE annotation.deleted_at IS NULL AND assignment.kind = 'review'
ORDER BY article.position, annotation.start, annotation."end", annotation.id
"""


@contextmanager
def rows(url: str) -> Iterator[Iterable[Any]]:
    """What the query finds, as the driver gives it, without keeping all of it."""
    if url.startswith("sqlite"):
        yield sqlite3.connect(url.removeprefix("sqlite:///")).execute(QUERY)
        return
    with (
        psycopg.connect(url.replace("postgresql+psycopg:", "postgresql:")) as connection,
        connection.cursor("bare") as cursor,
    ):
        cursor.itersize = 1_000
        yield cursor.execute(QUERY)


# Without an address it does nothing: what its start takes is no part of the floor.
if __name__ == "__main__" and len(sys.argv) > 1:
    with rows(sys.argv[1]) as found, open(sys.argv[2], "w", encoding="utf-8", newline="") as file:  # noqa: PTH123
        csv.writer(file, lineterminator="\n").writerows(found)

"""The claims of a page as plain rows say the same as the stored ones."""

from __future__ import annotations

from datetime import date
from typing import Any

import orjson
import pytest
from flask import Flask

from annotator.domain.claims import Evidence, Origin, SourceKind, Speaker, SpeakerMode, Stance, Target
from annotator.services import annotations as claims
from annotator.services import articles, claim_rows
from annotator.services.claims import as_payload, claim_of
from tests.support.desk import Desk

FULL: dict[str, Any] = {
    "target": Target.ATTRIBUTION,
    "reason": "document",
    "origin": Origin.SUGGESTION_EDITED,
    "speaker": Speaker("The ministry", SourceKind.NAMED_INSTITUTION, SpeakerMode.QUOTED, ("Agencies", "Reuters")),
    "claim_text": "A ceasefire holds.",
    "event_start": date(2019, 6, 12),
    "event_end": date(2019, 6, 13),
    "note": "Check.",
    "confidence": 0.0,
    "evidence": (
        Evidence(Stance.SUPPORTS, SourceKind.DOCUMENT, "Bulletin", "calm", "https://example.org/a", published=date(2019, 6, 14)),
        Evidence(Stance.REFUTES, source="Residents"),
    ),
}  # fmt: skip


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def test_a_row_tells_what_the_claim_tells(desk: Desk) -> None:
    article_id = desk.article()
    other = desk.mark("ada", article_id, "Both")
    linked = (Evidence(Stance.REFUTES, annotation=other), Evidence(Stance.SUPPORTS, article=article_id, start=0, end=4))
    desk.mark("ada", article_id, "complete ceasefire", **FULL | {"evidence": (*FULL["evidence"], *linked)})
    with desk.app.app_context():
        found = articles.get_for(desk.user("ada"), article_id)
        assert found.assignment is not None
        stored = claims.own(found.assignment.id)
        rows = claim_rows.own(found.assignment.id)
        assert [row.id for row in rows] == [each.id for each in stored]
        for row, annotation in zip(rows, stored, strict=True):
            wanted = as_payload(claim_of(annotation))
            assert wanted.pop("label") == annotation.label.key
            assert orjson.loads(orjson.dumps(row.payload)) == orjson.loads(orjson.dumps(wanted))
            assert (row.version, row.label_id, row.reviewer) == (1, annotation.label_id, "Ada")


def test_only_the_live_claim_that_is_named_is_read(desk: Desk) -> None:
    article_id = desk.article()
    mine = desk.mark("ada", article_id, "complete ceasefire", evidence=FULL["evidence"])
    gone = desk.mark("ada", article_id, "three towns")
    theirs = desk.mark("ben", article_id, "three towns")
    desk.write(lambda: claims.delete(desk.user("ada"), gone, if_version=1))
    with desk.app.app_context():
        found = articles.get_for(desk.user("ada"), article_id)
        assert found.assignment is not None
        assert [row.id for row in claim_rows.own(found.assignment.id, mine)] == [mine]
        assert claim_rows.own(found.assignment.id, gone) == claim_rows.own(found.assignment.id, theirs) == []


def test_who_only_reads_is_told_what_the_list_of_the_api_tells(desk: Desk) -> None:
    article_id = desk.article()
    desk.mark("ada", article_id, "complete ceasefire")
    desk.mark("ben", article_id, "three towns")
    for submitted in (None, "ada", "ben"):
        if submitted:
            desk.submit(submitted, article_id)
        with desk.app.app_context():
            for name in ("jo", "mia"):
                user = desk.user(name)
                rows = claim_rows.readable(user, articles.get_for(user, article_id))
                listed = claims.list_for(user, article_id)
                assert [row.id for row in rows] == [each.id for each in listed]
                names = [each.assignment.user.name for each in listed]
                # Names are hidden from who adjudicates in a blind project.
                assert ([row.reviewer for row in rows] == names) is (name == "mia" or not names)
                assert len(rows) == (2 if submitted == "ben" else 0)

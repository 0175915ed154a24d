"""Saving claims: what is stored, what is refused, and that nothing is overwritten in silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from annotator.db import db
from annotator.domain.claims import Claim, Evidence, SourceKind, Speaker, SpeakerMode, Stance, Target
from annotator.errors import Conflict, Invalid, NotFound, Stale, VersionRequired
from annotator.models import Event, EvidenceItem
from annotator.services import annotations as claims_service
from annotator.services import events
from annotator.services.claims import claim_of
from annotator.services.saving import Saved
from tests.support.desk import STORY, Desk, counted_statements

FULL: dict[str, Any] = {
    "target": Target.ATTRIBUTION,
    "reason": "document",
    "speaker": Speaker("The ministry", SourceKind.NAMED_INSTITUTION, SpeakerMode.PARAPHRASED, ("Ministry", "Agency")),
    "claim_text": "A ceasefire holds everywhere.",
    "event_start": date(2019, 6, 12),
    "event_end": date(2019, 6, 13),
    "note": "Both dates?",
    "confidence": 0.75,
    "evidence": (
        Evidence(Stance.SUPPORTS, SourceKind.DOCUMENT, source="Communiqué", url="https://example.org/a"),
        Evidence(Stance.QUALIFIES, quote="except for one or two separate incidents", published=date(2020, 1, 12)),
    ),
}


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def put(desk: Desk, name: str, article_id: str, uuid: UUID, claim: Claim, version: int | None = None) -> Saved:
    return desk.write(lambda: claims_service.put(desk.user(name), article_id, uuid, claim, if_version=version))


def test_every_field_of_a_claim_comes_back_as_it_was_sent(desk: Desk) -> None:
    article = desk.article()
    uuid = desk.mark("ada", article, "complete ceasefire", **FULL)
    with desk.app.app_context():
        found = claims_service.get_for(desk.user("ada"), uuid)
        assert claim_of(found) == desk.claim(article, "complete ceasefire", **FULL)
        assert found.version == 1
        assert STORY[found.start : found.end] == found.exact == "complete ceasefire"


def test_an_equal_put_changes_nothing_whatever_its_version(desk: Desk) -> None:
    article = desk.article()
    claim = desk.claim(article, "complete ceasefire", **FULL)
    uuid = uuid4()
    assert put(desk, "ada", article, uuid, claim).created
    for version in (None, 1, 7):
        saved = put(desk, "ada", article, uuid, claim, version)
        assert not saved.created
        assert not saved.changed
        assert saved.annotation.version == 1


def test_a_change_needs_the_present_version(desk: Desk) -> None:
    article = desk.article()
    uuid = desk.mark("ada", article, "complete ceasefire")
    changed = desk.claim(article, "a complete ceasefire", "disputed")
    with pytest.raises(VersionRequired):
        put(desk, "ada", article, uuid, changed)
    with pytest.raises(Stale, match="version 1 is stored, yours was 3"):
        put(desk, "ada", article, uuid, changed, 3)
    assert put(desk, "ada", article, uuid, changed, 1).annotation.version == 2
    assert desk.stored(uuid).exact == "a complete ceasefire"


def test_evidence_is_replaced_as_a_whole(desk: Desk) -> None:
    article = desk.article()
    uuid = desk.mark("ada", article, "complete ceasefire", **FULL)
    fewer = desk.claim(article, "complete ceasefire", **{**FULL, "evidence": FULL["evidence"][1:]})
    put(desk, "ada", article, uuid, fewer, 1)
    with desk.app.app_context():
        rows = db.session.scalars(db.select(EvidenceItem).where(EvidenceItem.annotation_id == uuid)).all()
        assert [(row.n, row.stance) for row in rows] == [(1, Stance.QUALIFIES)]


def delete_as(desk: Desk, name: str, uuid: UUID) -> None:
    desk.write(lambda: claims_service.delete(desk.user(name), uuid, if_version=1))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"exact": "complete peace fire"}, "exact"),
        ({"start": 0}, "exact"),
        ({"end": 10_000}, "end"),
        ({"start": -1}, "end"),
        ({"end": 5}, "end"),
        ({"label": "nonsense"}, "label"),
        ({"reason": "contradicted"}, "reason"),
        ({"note": "a\0b"}, "note"),
        ({"note": "a\ud800b"}, "note"),
        ({"event_start": date(2020, 1, 2), "event_end": date(2020, 1, 1)}, "event_end"),
        ({"event_end": date(2020, 1, 1)}, "event_start"),
        ({"evidence": (Evidence(Stance.SUPPORTS, annotation=uuid4()),)}, "evidence.0.annotation"),
        ({"evidence": (Evidence(Stance.SUPPORTS, article="nosucharticle222", start=0, end=2),)}, "evidence.0.article"),
        ({"evidence": (Evidence(Stance.SUPPORTS, start=0, end=2),)}, "evidence.0.article"),
    ],
)
def test_what_cannot_be_stored_is_refused_with_its_field(desk: Desk, change: dict, field: str) -> None:
    article = desk.article()
    claim = replace(desk.claim(article, "complete ceasefire"), **change)
    uuid = uuid4()
    with pytest.raises(Invalid) as refused:
        put(desk, "ada", article, uuid, claim)
    assert field in [problem.field for problem in refused.value.problems]
    with desk.app.app_context(), pytest.raises(NotFound):
        claims_service.get_for(desk.user("ada"), uuid)


def test_a_deleted_claim_comes_back_only_with_its_tombstones_version(desk: Desk) -> None:
    article = desk.article()
    uuid = desk.mark("ada", article, "complete ceasefire")
    claim = desk.claim(article, "complete ceasefire")
    with pytest.raises(VersionRequired):
        desk.write(lambda: claims_service.delete(desk.user("ada"), uuid, if_version=None))
    tombstone = desk.write(lambda: claims_service.delete(desk.user("ada"), uuid, if_version=1))
    assert tombstone.version == 2
    with pytest.raises(VersionRequired):
        put(desk, "ada", article, uuid, claim)
    with pytest.raises(Stale):
        put(desk, "ada", article, uuid, claim, 1)
    assert put(desk, "ada", article, uuid, claim, 2).annotation.version == 3


def test_another_persons_claim_does_not_exist(desk: Desk) -> None:
    article = desk.article()
    uuid = desk.mark("ada", article, "complete ceasefire")
    claim = desk.claim(article, "complete ceasefire", "disputed")
    for name in ("ben", "jo", "mia", "sam"):
        with pytest.raises(NotFound):
            put(desk, name, article, uuid, claim, 1)
        with pytest.raises(NotFound):
            delete_as(desk, name, uuid)
        with desk.app.app_context(), pytest.raises(NotFound):
            claims_service.get_for(desk.user(name), uuid)


def test_others_are_seen_only_once_the_article_is_open(desk: Desk) -> None:
    article = desk.article()
    desk.mark("ada", article, "complete ceasefire")
    desk.mark("ben", article, "three towns", "unverified")

    def seen(name: str) -> list[str]:
        with desk.app.app_context():
            return [found.exact for found in claims_service.list_for(desk.user(name), article)]

    desk.submit("ada", article)
    assert (seen("ada"), seen("ben"), seen("jo"), seen("mia")) == (["complete ceasefire"], ["three towns"], [], [])
    desk.submit("ben", article)
    both = ["complete ceasefire", "three towns"]
    assert (seen("ada"), seen("jo"), seen("mia")) == (["complete ceasefire"], both, both)
    with pytest.raises(NotFound):
        seen("sam")


def test_in_an_open_project_ones_own_submit_shows_the_others(app: Flask) -> None:
    desk = Desk(app, blind=False)
    article = desk.article()
    desk.mark("ada", article, "complete ceasefire")
    desk.mark("ben", article, "three towns", "unverified")
    desk.submit("ada", article)
    with app.app_context():
        assert len(claims_service.list_for(desk.user("ada"), article)) == 2
        assert len(claims_service.list_for(desk.user("ben"), article)) == 1


def test_nothing_changes_after_the_submit(desk: Desk) -> None:
    article = desk.article()
    uuid = desk.mark("ada", article, "complete ceasefire")
    desk.submit("ada", article)
    with pytest.raises(Conflict):
        desk.mark("ada", article, "three towns")
    with pytest.raises(Conflict):
        desk.write(lambda: claims_service.delete(desk.user("ada"), uuid, if_version=1))


def test_each_change_is_one_event_of_an_unbroken_chain(desk: Desk) -> None:
    article = desk.article()
    uuid = desk.mark("ada", article, "complete ceasefire")
    desk.mark("ben", article, "three towns", "unverified")
    put(desk, "ada", article, uuid, desk.claim(article, "a complete ceasefire"), 1)
    desk.write(lambda: claims_service.delete(desk.user("ada"), uuid, if_version=2))
    with desk.app.app_context():
        told = select(Event.action).where(Event.subject == str(uuid)).order_by(Event.seq)
        assert list(db.session.scalars(told)) == ["annotation.create", "annotation.change", "annotation.delete"]
        assert list(events.check()) == []


@pytest.mark.parametrize("crowd", [0, 200])
def test_a_save_speaks_at_most_seven_statements_besides_the_sign_in(desk: Desk, crowd: int) -> None:
    article = desk.article("word " * 400)
    for n in range(crowd):
        claim = Claim(n, n + 1, ("word " * 400)[n : n + 1], "sourced")
        if claim.exact.strip():
            put(desk, "ada", article, uuid4(), claim)
    claim = Claim(0, 4, "word", "sourced", **FULL)
    uuid = uuid4()
    with counted_statements(desk.app) as created:
        put(desk, "ada", article, uuid, claim)
    with counted_statements(desk.app) as changed:
        put(desk, "ada", article, uuid, replace(claim, evidence=FULL["evidence"][:1]), 1)
    # One of them reads the person, for this test.
    assert len(created) <= 7, created
    assert len(changed) <= 8, changed

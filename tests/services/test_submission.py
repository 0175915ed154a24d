"""Submitting a review: what is lacking, reading to the end, and who may still take it back."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from annotator.db import db
from annotator.domain.claims import Evidence, SourceKind, Speaker, SpeakerMode, Stance
from annotator.domain.text import Block, BlockKind
from annotator.errors import Conflict
from annotator.models import AssignmentState, Event, EvidenceRule, Outcome
from annotator.services import adjudication, articles, projects, submission
from annotator.services.adjudication import Answer
from tests.support.desk import STORY, Desk


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def state(desk: Desk, article_id: str, name: str = "ada") -> AssignmentState:
    with desk.app.app_context():
        found = articles.get_for(desk.user(name), article_id).assignment
        assert found is not None
        return found.state


def test_reading_to_the_end_is_recorded_once(desk: Desk) -> None:
    article_id = desk.article()
    first = desk.write(lambda: submission.mark_read(desk.user("ada"), article_id)).read_to_end_at
    second = desk.write(lambda: submission.mark_read(desk.user("ada"), article_id)).read_to_end_at
    assert first is not None
    assert first == second
    assert state(desk, article_id) is AssignmentState.IN_PROGRESS


def test_a_preview_of_the_submit_says_what_is_lacking_and_changes_nothing(desk: Desk) -> None:
    article_id = desk.article()
    annotation_id = desk.mark("ada", article_id, "complete ceasefire")
    with desk.app.app_context():
        preview = submission.review_of(desk.user("ada"), article_id)
        assert [(each.annotation.id, each.missing) for each in preview.lacking] == [
            (annotation_id, ["a speaker", "evidence that supports it"])
        ]
        assert [STORY[sentence.start : sentence.end].split()[0] for sentence in preview.sentences] == [
            "The",
            "Residents",
        ]
        assert not preview.read
        assert preview.claims == 1
    assert state(desk, article_id) is AssignmentState.IN_PROGRESS


def submit(desk: Desk, article_id: str, *, confirm: bool = False, name: str = "ada") -> None:
    desk.write(lambda: submission.submit(desk.user(name), article_id, confirm=confirm))


@pytest.mark.parametrize(
    ("rule", "confirm", "accepted"),
    [
        (EvidenceRule.REQUIRED, False, False),
        (EvidenceRule.REQUIRED, True, False),
        (EvidenceRule.WARN, False, False),
        (EvidenceRule.WARN, True, True),
        (EvidenceRule.OFF, False, True),
    ],
)
def test_the_project_decides_what_an_incomplete_claim_means(
    desk: Desk, rule: EvidenceRule, confirm: bool, accepted: bool
) -> None:
    desk.write(lambda: projects.change(desk.project(), {"evidence": rule}))
    article_id = desk.article()
    desk.mark("ada", article_id, "complete ceasefire")
    if accepted:
        submit(desk, article_id, confirm=confirm)
        assert state(desk, article_id) is AssignmentState.SUBMITTED
        return
    with pytest.raises(Conflict) as caught:
        submit(desk, article_id, confirm=confirm)
    assert [each["exact"] for each in caught.value.details["missing"]] == ["complete ceasefire"]
    assert state(desk, article_id) is AssignmentState.IN_PROGRESS


def test_a_complete_claim_passes_the_strictest_project(desk: Desk) -> None:
    desk.write(lambda: projects.change(desk.project(), {"evidence": EvidenceRule.REQUIRED}))
    article_id = desk.article()
    desk.mark(
        "ada",
        article_id,
        "complete ceasefire",
        speaker=Speaker("Both governments", SourceKind.NAMED_INSTITUTION, SpeakerMode.PARAPHRASED),
        evidence=(Evidence(Stance.SUPPORTS, source="Joint statement"),),
        reason="document",
    )
    submit(desk, article_id)
    assert state(desk, article_id) is AssignmentState.SUBMITTED


def test_a_submit_repeated_changes_nothing_and_can_be_taken_back(desk: Desk) -> None:
    article_id = desk.article()
    for _ in range(2):
        desk.submit("ada", article_id)
    with pytest.raises(Conflict, match="Reopen"):
        desk.mark("ada", article_id, "complete ceasefire")
    for _ in range(2):
        desk.write(lambda: submission.reopen(desk.user("ada"), article_id))
    desk.mark("ada", article_id, "complete ceasefire")


def test_after_the_first_decision_nothing_can_be_reopened(desk: Desk) -> None:
    article_id = desk.article()
    for name in ("ada", "ben"):
        desk.submit(name, article_id)
    answer = Answer(Outcome.EDIT, claim=desk.claim(article_id, "three towns", "unverified"))
    desk.write(lambda: adjudication.decide(desk.user("jo"), article_id, None, answer))
    assert state(desk, article_id) is AssignmentState.LOCKED
    with pytest.raises(Conflict, match="no longer be reopened"):
        desk.write(lambda: submission.reopen(desk.user("ada"), article_id))
    with pytest.raises(Conflict, match="being adjudicated"):
        desk.mark("ada", article_id, "complete ceasefire")


def test_reading_to_the_end_can_be_said_with_the_submit(desk: Desk) -> None:
    article_id = desk.article()
    done = desk.write(lambda: submission.submit(desk.user("ada"), article_id, read=True))
    assert (done.claims, done.read, done.percent_read) == (0, True, 100)
    with desk.app.app_context():
        actions = db.session.scalars(select(Event.action).where(Event.chain == article_id).order_by(Event.seq)).all()
    assert actions[-2:] == ["assignment.read", "assignment.submit"]


def test_a_refused_submit_does_not_record_that_one_has_read_to_the_end(desk: Desk) -> None:
    article_id = desk.article()
    desk.mark("ada", article_id, "complete ceasefire")
    with pytest.raises(Conflict):
        desk.write(lambda: submission.submit(desk.user("ada"), article_id, read=True))
    with desk.app.app_context():
        assert not submission.review_of(desk.user("ada"), article_id).read


def test_furniture_is_no_sentence_without_a_claim(desk: Desk) -> None:
    text = "Calm held. Nobody fired.\n\nRelated article: Two towns."
    first, last = (Block(BlockKind.PARAGRAPH, 0, 24), Block(BlockKind.RELATED, 26, len(text)))
    article_id = desk.article(text, blocks=[first, last])
    with desk.app.app_context():
        found = submission.review_of(desk.user("ada"), article_id).sentences
    assert [text[span.start : span.end].strip() for span in found] == ["Calm held.", "Nobody fired."]

"""Where a gold claim comes from: everybody's part in it, who decided and why, and what was decided before."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask

from annotator.domain.claims import Speaker
from annotator.domain.decisions import Reason
from annotator.models import MergeStrategy, Outcome
from annotator.services import adjudication, adjudication_phase, first_pass, history
from annotator.services.adjudication import Answer
from annotator.services.gold_history import GoldHistory
from annotator.services.questions import questions
from tests.support.desk import Desk
from tests.support.people import Browser


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app, blind=False, merge_strategy=MergeStrategy.UNANIMOUS)


@pytest.fixture
def article(desk: Desk) -> str:
    """Ada and Ben differ on the ceasefire in everything; Ben alone marks the incidents; both agree on the towns."""
    article = desk.article()
    desk.mark("ada", article, "complete ceasefire", "sourced", note="On record.")
    desk.mark("ben", article, "a complete ceasefire", "disputed", speaker=Speaker("Governments"))
    desk.mark("ben", article, "separate incidents", "unverified")
    for name in ("ada", "ben"):
        desk.mark(name, article, "three towns", "unverified")
        desk.submit(name, article)
    return article


def decide(desk: Desk, article: str, words: str, answer: Answer) -> UUID | None:
    """Decide the question of these words; the gold claim."""

    def work() -> UUID | None:
        views = questions(desk.user("jo"), article)
        view = next(view for view in views if any(vote.exact == words for vote in view.versions))
        return adjudication.decide(desk.user("jo"), article, view.id, answer).gold_id

    return desk.write(work)


def vote(desk: Desk, article: str, words: str) -> UUID:
    with desk.app.app_context():
        views = questions(desk.user("jo"), article)
        return next(vote.id for view in views for vote in view.versions if vote.exact == words)


def history_of(desk: Desk, gold: UUID | None, name: str = "jo") -> GoldHistory:
    assert gold is not None
    with desk.app.app_context():
        user = desk.user(name)
        found = history.gold_of(user, history.of(user, gold))
    assert found is not None
    return found


def test_it_names_who_agreed_and_who_dissented_how(desk: Desk, article: str) -> None:
    taken = Answer(
        Outcome.ACCEPT,
        vote(desk, article, "complete ceasefire"),
        justification="As worded.",
        reasons=(Reason.EVIDENCE_DECISIVE,),
    )
    found = history_of(desk, decide(desk, article, "complete ceasefire", taken))
    assert [(part.called, part.how, part.chosen) for part in found.parts] == [
        ("Ada", (), True),
        ("Ben", ("boundary", "label", "fields"), False),
    ]
    assert (found.silent, found.earlier) == ([], [])
    decision = found.decision
    assert (decision.by, decision.outcome, decision.rule) == ("Jo", Outcome.ACCEPT, "")
    assert (decision.reasons, decision.justification) == ((Reason.EVIDENCE_DECISIVE,), "As worded.")


def test_who_marked_nothing_is_named(desk: Desk, article: str) -> None:
    taken = Answer(Outcome.ACCEPT, vote(desk, article, "separate incidents"))
    assert history_of(desk, decide(desk, article, "separate incidents", taken)).silent == ["Ada"]


def test_decisions_that_were_undone_stay_to_be_read(desk: Desk, article: str) -> None:
    first = decide(desk, article, "separate incidents", Answer(Outcome.NOTHING_HERE, reasons=(Reason.NOT_A_CLAIM,)))
    assert first is None
    with desk.app.app_context():
        standing = next(v.decision for v in questions(desk.user("jo"), article) if v.decision)
    desk.write(lambda: adjudication.undo(desk.user("jo"), standing.id))
    gold = decide(
        desk, article, "separate incidents", Answer(Outcome.ACCEPT, vote(desk, article, "separate incidents"))
    )
    (before,) = history_of(desk, gold).earlier
    assert (before.outcome, before.reasons) == (Outcome.NOTHING_HERE, (Reason.NOT_A_CLAIM,))
    assert before.undone_at is not None


def test_a_rule_is_named_as_what_decided(desk: Desk, article: str) -> None:
    (made,) = desk.write(lambda: first_pass.apply(desk.user("jo"), article))
    found = history_of(desk, made.gold_id)
    assert found.decision.rule == "by rule: all reviewers agree"
    assert [part.how for part in found.parts] == [(), ()]


def test_the_page_of_the_claim_tells_it(desk: Desk, article: str) -> None:
    taken = Answer(
        Outcome.ACCEPT,
        vote(desk, article, "separate incidents"),
        justification="Words of the <ministry>.",
        reasons=(Reason.OVERSIGHT,),
    )
    gold = decide(desk, article, "separate incidents", taken)
    for words in ("complete ceasefire", "three towns"):
        decide(desk, article, words, Answer(Outcome.NOTHING_HERE))
    desk.write(lambda: adjudication_phase.finish(desk.user("jo"), article))
    for name in ("jo", "mia"):
        page = Browser(desk.app, desk.app.test_client()).sign_in(f"{name}@example.org").get(f"/claims/{gold}/history")
        assert page.status_code == 200
        for words in (
            "Where it comes from",
            "by Jo",
            "Oversight",
            "Words of the &lt;ministry&gt;.",
            "Dissents: absent",
        ):
            assert words in page.text
    ada = Browser(desk.app, desk.app.test_client()).sign_in("ada@example.org")
    assert ada.get(f"/claims/{gold}/history").status_code == 404

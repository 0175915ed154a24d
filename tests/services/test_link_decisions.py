"""Questions about links: what is asked, when it waits, how it is settled, and what opens it again."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from annotator.db import db
from annotator.domain.claims import Aspect, Relation
from annotator.domain.decisions import Reason
from annotator.domain.link_questions import LinkKind
from annotator.errors import Conflict, Forbidden, Invalid, NotFound
from annotator.models import (
    ArticleVersion,
    Assignment,
    Event,
    Link,
    LinkDecision,
    LinkLayer,
    LinkOutcome,
    MergeStrategy,
    Outcome,
)
from annotator.services import (
    adjudication,
    adjudication_phase,
    datasets,
    first_pass,
    link_decisions,
    link_questions,
    linked_claims,
    links,
    projects,
    questions,
    shown_claims,
)
from annotator.services.adjudication import Answer
from annotator.services.link_decisions import LinkAnswer
from annotator.services.link_questions import LinkQuestion, LinkState, id_of
from tests.services.test_whole_project import exported, into
from tests.support.desk import Desk

OTHER = "A week later both governments said that the truce still held. The capital was calm."
NO_LINK = LinkAnswer(LinkOutcome.NO_LINK, justification="Two truces.", reasons=(Reason.JUDGEMENT,))


class Linked(Desk):
    """Two articles that Ada and Ben reviewed; each marked three towns here and the truce there."""

    def __init__(self, app: Flask, **settings: Any) -> None:
        super().__init__(app, **settings)
        day = date(2020, 1, 12)
        self.here = self.article(title="The truce", published=day)
        self.there = self.article(OTHER, title="A week later", published=day)
        self.near = {name: self.mark(name, self.here, "three towns") for name in ("ada", "ben")}
        self.far = {name: self.mark(name, self.there, "the truce still held") for name in ("ada", "ben")}

    def link(
        self, name: str, relation: Relation = Relation.QUALIFIES, aspect: Aspect | None = None, **more: Any
    ) -> None:
        ends = (self.near[name], self.far[name])
        ends = ends if more.get("outgoing", True) else ends[::-1]
        self.write(lambda: links.create(self.user(name), self.slug, links.Proposal(*ends, relation, aspect, "")))

    def submitted(self, *articles: str) -> None:
        for article in articles or (self.here, self.there):
            for name in ("ada", "ben"):
                self.submit(name, article)

    def asked(self, article: str) -> LinkQuestion:
        with self.app.app_context():
            (view,) = link_decisions.asked_of(self.user("jo"), article)
            return view

    def settle(self, article: str, outcome: Outcome = Outcome.ACCEPT) -> str:
        """Jo decides the one claim of the article; the decision's id."""

        def decide() -> str:
            jo = self.user("jo")
            (view,) = questions.questions(jo, article)
            vote = view.versions[0].id if outcome is Outcome.ACCEPT else None
            return adjudication.decide(jo, article, view.id, Answer(outcome, vote, justification="So.")).id

        return self.write(decide)

    def decide(self, article: str, answer: LinkAnswer) -> str:
        question = self.asked(article).id
        return self.write(lambda: link_decisions.decide(self.user("jo"), article, question, answer).id)

    def take(self, article: str) -> str:
        return self.decide(article, LinkAnswer(LinkOutcome.ACCEPT, link=self.asked(article).votes[0].id))

    def finish(self, article: str) -> None:
        self.write(lambda: adjudication_phase.finish(self.user("jo"), article))

    def gold_links(self) -> list[tuple[UUID, UUID, Relation]]:
        with self.app.app_context():
            query = select(Link.a_id, Link.b_id, Link.relation).where(
                Link.layer == LinkLayer.GOLD, Link.deleted_at.is_(None)
            )
            return [(a, b, relation) for a, b, relation in db.session.execute(query)]

    def layer(self, name: str) -> list[dict[str, Any]]:
        with self.app.app_context():
            table = datasets.table(self.project(), name)
            return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


@pytest.fixture
def desk(app: Flask) -> Linked:
    return Linked(app)


@pytest.fixture
def ready(desk: Linked) -> Linked:
    """Both linked the two, Ada as qualifies and Ben as contradicts; both claims are gold."""
    desk.link("ada")
    desk.link("ben", Relation.CONTRADICTS)
    desk.submitted()
    desk.settle(desk.here)
    desk.settle(desk.there)
    return desk


def test_what_the_reviewers_said_of_a_pair_is_one_question_at_both_articles(desk: Linked) -> None:
    desk.link("ada")
    desk.link("ben", outgoing=False)
    desk.submitted()
    desk.settle(desk.here)
    desk.settle(desk.there)
    here, there = desk.asked(desk.here), desk.asked(desk.there)
    # Qualifies is the same from either end.
    assert (here.kind, here.state) == (there.kind, there.state) == (LinkKind.AGREED, LinkState.OPEN)
    assert here.id == there.id


def test_it_waits_for_the_other_article_and_keeps_nothing_from_being_finished_meanwhile(desk: Linked) -> None:
    desk.link("ada")
    desk.submitted(desk.here)
    waiting = desk.asked(desk.here)
    assert (waiting.state, waiting.votes, waiting.exact) == (LinkState.WAITING, [], "")
    assert "“A week later”" in waiting.why
    desk.settle(desk.here)
    with pytest.raises(Conflict, match="A week later"):
        desk.decide(desk.here, NO_LINK)
    desk.finish(desk.here)
    desk.submitted(desk.there)
    assert (desk.asked(desk.there).state, desk.asked(desk.there).why) == (
        LinkState.WAITING,
        "Waits for its claims: decide them first.",
    )
    desk.settle(desk.there)
    with pytest.raises(Conflict, match="still open, about a link") as refused:
        desk.finish(desk.there)
    assert refused.value.details["open_links"] == [str(desk.asked(desk.there).id)]
    desk.take(desk.there)
    desk.finish(desk.there)
    assert [row["layer"] for row in desk.layer("links")] == ["annotations", "gold"]


def told_too_early(desk: Linked) -> list[str]:
    """What the adjudicator of the one article learns, or settles, of the other, which has not opened."""
    with desk.app.app_context():
        found = link_decisions.asked_of(desk.user("jo"), desk.here)
    said = ["that somebody linked into what she reviews"] * bool(found and reviews(desk, "jo", desk.there))
    said += ["what was said of it"] * any(view.votes or view.exact for view in found)
    for view in found:
        try:
            desk.write(lambda view=view: link_decisions.decide(desk.user("jo"), desk.here, view.id, NO_LINK))  # type: ignore[misc]
        except Conflict:
            continue
        said.append("a decision")
    return said


def reviews(desk: Linked, name: str, article: str) -> bool:
    query = select(Assignment.id).where(Assignment.article_id == article, Assignment.user_id == desk.ids[name])
    with desk.app.app_context():
        return db.session.scalar(query) is not None


@pytest.mark.parametrize("jo_reviews", [False, True])
def test_while_the_other_article_is_not_open_nothing_of_it_is_told_or_settled(
    desk: Linked, monkeypatch: pytest.MonkeyPatch, jo_reviews: bool
) -> None:
    """And the check notices a program that takes the other article for open, or tells one of its reviewers."""
    desk.link("ada")
    desk.submitted(desk.here)
    desk.settle(desk.here)
    if jo_reviews:
        desk.write(lambda: _give(desk, "jo", desk.there))
    assert told_too_early(desk) == []
    around = linked_claims.around
    careless: dict[str, Any]
    if jo_reviews:
        careless = {"untold": set()}
        noticed = ["that somebody linked into what she reviews"]
    else:
        careless = {"opened": {desk.here, desk.there}}
        noticed = ["what was said of it"]
    monkeypatch.setattr(linked_claims, "around", lambda *of: replace(around(*of), **careless))
    assert told_too_early(desk) == noticed


def _give(desk: Linked, name: str, article: str) -> None:
    version = db.session.scalars(select(ArticleVersion.id).where(ArticleVersion.article_id == article)).one()
    db.session.add(Assignment(article_id=article, version_id=version, user_id=desk.ids[name]))
    db.session.flush()


def test_a_decision_that_does_not_wait_for_the_other_article_is_noticed(
    desk: Linked, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of an article that has not opened the question has no gold claims, which is what a decision needs."""
    desk.link("ada")
    desk.submitted(desk.here)
    desk.settle(desk.here)
    untold = link_questions._Desk._untold

    def decided_alone(self: Any, view: Any, *of: Any) -> LinkQuestion:
        gold = next(iter(shown_claims.by_id([view.decision.gold_id]).values()))
        return replace(untold(self, view, *of), ends=(gold, gold), state=LinkState.OPEN)

    monkeypatch.setattr(link_questions._Desk, "_untold", decided_alone)
    assert told_too_early(desk) == ["a decision"]


def test_a_decision_makes_the_gold_link_once_and_is_seen_at_both(ready: Linked) -> None:
    made = ready.take(ready.here)
    there = ready.asked(ready.there)
    assert there.decision is not None
    assert (there.state, there.decision.id, there.decision.outcome) == (
        LinkState.DECIDED,
        made,
        LinkOutcome.ACCEPT,
    )
    assert there.link is not None
    assert [relation for _, _, relation in ready.gold_links()] == [there.link.relation]
    with pytest.raises(Conflict, match="decided already"):
        ready.decide(ready.there, NO_LINK)
    # The link itself is changed by deciding anew only.
    with pytest.raises(Conflict, match="answers a question"):
        ready.write(lambda: links.delete(ready.user("jo"), there.link.id if there.link else ""))
    ready.write(lambda: link_decisions.undo(ready.user("jo"), made))
    assert (ready.asked(ready.here).state, ready.gold_links()) == (LinkState.OPEN, [])


def test_no_link_is_a_decision_with_reasons_and_is_exported(ready: Linked) -> None:
    ready.decide(ready.here, NO_LINK)
    ready.finish(ready.here)
    assert [row["kind"] for row in ready.layer("decisions")] == ["link"]
    ready.finish(ready.there)
    (row,) = [row for row in ready.layer("decisions") if row["kind"].startswith("link_")]
    assert (row["kind"], row["outcome"], row["justification"], row["claim_id"]) == (
        "link_relation",
        "no_link",
        "judgement: Two truces.",
        None,
    )
    assert set(row["source_annotation_ids"].split()) == {
        str(each) for each in (*ready.near.values(), *ready.far.values())
    }
    assert ready.gold_links() == []


def test_an_edit_says_another_relation_and_the_date_guard_is_kept(app: Flask) -> None:
    desk = Linked(app)
    desk.far["ben"] = desk.mark("ben", desk.there, "capital was calm", event_start=date(2021, 1, 1))
    desk.near["ben"] = desk.mark("ben", desk.here, "complete ceasefire")
    desk.link("ben")
    desk.submitted()
    jo = "jo"

    def all_of(article: str) -> None:
        for view in questions.questions(desk.user(jo), article):
            adjudication.decide(
                desk.user(jo), article, view.id, Answer(Outcome.ACCEPT, view.versions[0].id, justification="")
            )

    for article in (desk.here, desk.there):
        desk.write(lambda article=article: all_of(article))  # type: ignore[misc]
    view = desk.asked(desk.here)
    assert "different times" in view.refusal
    with pytest.raises(Invalid, match="different times"):
        desk.decide(desk.here, LinkAnswer(LinkOutcome.EDIT, relation=Relation.CONTRADICTS))
    assert desk.asked(desk.here).state is LinkState.OPEN
    desk.decide(desk.here, LinkAnswer(LinkOutcome.EDIT, relation=Relation.SUPERSEDES, note="Newer."))
    assert view.ends is not None
    # Of itself it goes from the claim about the later time.
    assert desk.gold_links() == [(view.ends[1].id, view.ends[0].id, Relation.SUPERSEDES)]


def test_a_claim_that_changes_opens_the_question_again_and_one_that_is_rejected_drops_it(ready: Linked) -> None:
    ready.take(ready.here)
    ready.finish(ready.here)
    claim = ready.asked(ready.there).near.decision
    assert claim is not None
    ready.write(lambda: adjudication.undo(ready.user("jo"), claim.id))
    here = ready.asked(ready.here)
    assert (here.state, here.decision, ready.gold_links()) == (LinkState.WAITING, None, [])
    ready.settle(ready.there)
    there = ready.asked(ready.there)
    assert (there.state, there.lapsed is not None) == (LinkState.OPEN, True)
    ready.write(lambda: adjudication.undo(ready.user("jo"), _decision_of(there)))
    ready.settle(ready.there, Outcome.NOTHING_HERE)
    there = ready.asked(ready.there)
    assert (there.state, there.why) == (LinkState.DROPPED, "Dropped: its claim here is not gold.")
    ready.finish(ready.there)
    with ready.app.app_context():
        told = db.session.scalars(select(Event.payload).where(Event.action == "link_decision.undo")).all()
    assert [json.loads(each)["ended"] for each in told] == ["claim"]


def _decision_of(view: LinkQuestion) -> str:
    assert view.near.decision is not None
    return view.near.decision.id


def test_the_first_pass_takes_what_all_linked_alike_and_it_is_undone_like_any_other(app: Flask) -> None:
    desk = Linked(app, merge_strategy=MergeStrategy.UNANIMOUS)
    desk.link("ada")
    desk.link("ben")
    desk.submitted()
    for article in (desk.here, desk.there):
        desk.write(lambda article=article: first_pass.apply(desk.user("jo"), article))  # type: ignore[misc]
    with app.app_context():
        preview = first_pass.preview(desk.user("jo"), desk.here)
    assert (len(preview.links), preview.open, preview.settles) == (1, 1, 1)
    (made,) = desk.write(lambda: [each.id for each in first_pass.apply_to_links(desk.user("jo"), desk.here)])
    view = desk.asked(desk.there)
    assert view.decision is not None
    assert (view.state, view.decision.rule) == (LinkState.DECIDED, "unanimous")
    desk.write(lambda: link_decisions.undo(desk.user("jo"), made))
    assert desk.asked(desk.there).state is LinkState.OPEN
    accepted = desk.write(lambda: len(adjudication.accept_agreed_links(desk.user("jo"), desk.there)))
    assert accepted == 1


def test_a_link_made_on_the_compare_page_answers_the_question_too(ready: Linked) -> None:
    view = ready.asked(ready.here)
    assert view.ends is not None
    near, far = (end.id for end in view.ends)
    proposal = links.Proposal(near, far, Relation.QUALIFIES)
    made = ready.write(lambda: links.create(ready.user("jo"), ready.slug, proposal).link.id)
    assert ready.asked(ready.there).state is LinkState.DECIDED
    with pytest.raises(Conflict, match="compare page"):
        ready.decide(ready.there, NO_LINK)
    ready.write(lambda: links.delete(ready.user("jo"), made))
    assert ready.asked(ready.there).state is LinkState.OPEN


def test_reviewers_and_strangers_decide_nothing(ready: Linked) -> None:
    question = ready.asked(ready.here).id
    made = ready.take(ready.here)
    for name in ("ada", "sam"):
        with pytest.raises((NotFound, Forbidden)):
            ready.write(lambda name=name: link_decisions.decide(ready.user(name), ready.here, question, NO_LINK))  # type: ignore[misc]
        with pytest.raises((NotFound, Forbidden)):
            ready.write(lambda name=name: link_decisions.undo(ready.user(name), made))  # type: ignore[misc]
    with pytest.raises(NotFound):
        ready.write(lambda: link_decisions.decide(ready.user("jo"), ready.here, uuid4(), NO_LINK))


def test_a_whole_project_keeps_its_decisions_on_links(ready: Linked) -> None:
    ready.take(ready.here)
    question = ready.asked(ready.here).id
    lines = exported(ready)
    assert [line["outcome"] for line in lines if line.get("type") == "link_decision"] == ["accept"]
    ready.write(lambda: projects.create("copy", "Copy"))
    assert into(ready, "copy", lines, people={"Jo": "jo@example.org"}).errors == []
    with ready.app.app_context():
        stored = db.session.scalars(select(LinkDecision).order_by(LinkDecision.decided_at)).all()
        assert len(stored) == 2
        assert len({each.question_a for each in stored}) == 2
        copied = next(each for each in stored if id_of((each.question_a, each.question_b)) != question)
        article = link_decisions.articles_of(copied)[0]
        (view,) = link_decisions.asked_of(ready.user("jo"), article)
        assert view.decision is not None
        assert (view.decision.id, view.state) == (copied.id, LinkState.DECIDED)

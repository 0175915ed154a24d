"""The questions of an article: its reviewers' claims, grouped, with the decisions that stand. Reading writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import subqueryload

from annotator.db import db
from annotator.domain import questions as grouping
from annotator.domain.questions import Kind
from annotator.errors import Conflict
from annotator.models import (
    Annotation,
    ArticleVersion,
    Assignment,
    AssignmentKind,
    Decision,
    Outcome,
    SecondRound,
    User,
)
from annotator.permissions import Action, require
from annotator.services import articles, openness
from annotator.services.articles import ArticleAccess
from annotator.services.vote_links import LinkShown, keys_of, links_of
from annotator.services.votes import Vote, votes_of


@dataclass(frozen=True)
class QuestionView:
    """One question as the adjudicator sees it.

    `versions` are the claims that answer it; `arrived` those that came after it was decided; `decision` is the standing
    one with its gold annotation; `question` is the same as the grouping sees it. A claim that nobody marked is a
    question of kind *some* without versions, and so is one whose reviewers all took their claims back when asked.
    """

    id: UUID
    kind: Kind
    differs: tuple[Kind, ...]
    start: int
    end: int
    versions: list[Vote]
    decision: Decision | None = None
    arrived: list[Vote] = field(default_factory=list)
    covered_by: tuple[UUID, ...] = ()
    question: grouping.Question | None = None

    @cached_property
    def suggested(self) -> UUID | None:
        """The claim that shares most with the others; worked out for the few questions that are looked at."""
        return None if self.question is None else UUID(grouping.suggested(self.question).id)

    @property
    def is_open(self) -> bool:
        """Whether it still waits for an answer; one that was sent back does."""
        return self.decision is None or self.decision.outcome is Outcome.SEND_BACK


@dataclass(frozen=True)
class Asking:
    """The questions of an article in reading order, who reviewed it (ids), and the links of their claims."""

    views: list[QuestionView]
    reviewers: Sequence[str]
    links: dict[UUID, list[LinkShown]]

    def unanswered(self) -> Iterator[tuple[QuestionView, grouping.Question]]:
        """The questions to which nobody has said anything yet, not even to ask back."""
        for view in self.views:
            if view.decision is None and view.question is not None:
                yield view, view.question


def to_adjudicate(user: User, article_id: str, *, blocks: bool = False) -> ArticleAccess:
    """The article, if `user` may adjudicate it and all its reviewers have submitted.

    Raises NotFound to strangers, Forbidden without the role, Conflict to one of its reviewers and before it opens.
    """
    found = articles.get_for(user, article_id, blocks=blocks)
    require(found.access.roles, Action.ADJUDICATE)
    if found.assignment is not None and found.assignment.kind is not AssignmentKind.ADJUDICATION:
        raise Conflict("You reviewed this article, so somebody else must adjudicate it.")
    require_open_article(found.article.id, found.access.project.reviewers)
    return _as_reviewed(found, blocks=blocks)


def _as_reviewed(found: ArticleAccess, *, blocks: bool) -> ArticleAccess:
    """The same with the version that was reviewed, where the article has been corrected since."""
    reviewed = openness.reviewed_version(found.article.id)
    if reviewed in {None, found.version.id}:
        return found
    version = db.session.get_one(ArticleVersion, reviewed)
    if blocks:
        articles.load_blocks(version)
    return replace(found, version=version)


def require_open_article(article_id: str, reviewers: int) -> None:
    """Raise Conflict while a reviewer of the article has not submitted it."""
    if not openness.is_open(article_id, reviewers):
        raise Conflict("This article is not open yet: its reviewers have not all submitted it.")


def questions(user: User, article_id: str) -> list[QuestionView]:
    """The questions of the article in reading order. Raises as `to_adjudicate`."""
    to_adjudicate(user, article_id)
    return views_of(article_id)


def views_of(article_id: str) -> list[QuestionView]:
    """The questions of an article in reading order, whoever asks."""
    return asking(article_id).views


def asking(article_id: str) -> Asking:
    """The same with what they came from: nine statements, whatever their number; a few more with links or rounds."""
    reviewers = db.session.scalars(
        select(Assignment.user_id).where(
            Assignment.article_id == article_id,
            Assignment.kind == AssignmentKind.REVIEW,
            Assignment.state.in_(openness.DONE),
        )
    ).all()
    votes = {str(vote.id): vote for vote in votes_of(article_id)}
    links = links_of(article_id)
    decisions = {decision.question: decision for decision in standing(article_id)}
    settled: dict[str, list[str]] = {}
    asked: dict[str, list[str]] = {}
    for question_id, decision in decisions.items():
        kept = asked if decision.outcome is Outcome.SEND_BACK else settled
        if decision.sources:
            kept[str(question_id)] = [str(source.annotation_id) for source in decision.sources]
    marks = [vote.mark(keys_of(links.get(vote.id, ()))) for vote in votes.values()]
    views = [
        QuestionView(
            UUID(question.id),
            question.kind,
            question.differs,
            question.start,
            question.end,
            [votes[mark.id] for mark in question.marks],
            decisions.pop(UUID(question.id), None),
            [votes[mark.id] for mark in question.arrived],
            tuple(UUID(covering) for covering in question.covered_by),
            question,
        )
        for question in grouping.group(marks, set(reviewers), decided=settled, asked=asked)
    ]
    views += _without_versions(list(decisions.values()))
    views.sort(key=lambda view: (view.start, view.end, str(view.id)))
    return Asking(views, reviewers, links)


def _without_versions(decisions: Sequence[Decision]) -> Iterator[QuestionView]:
    """The questions of decisions that no mark belongs to: nobody marked it, or everybody took it back when asked."""
    places: dict[str, Annotation | SecondRound] = {
        decision.id: decision.gold for decision in decisions if decision.gold is not None and not decision.sources
    }
    emptied = {decision.id: decision for decision in decisions if decision.gold is None}
    if emptied:
        ids = [*emptied, *(decision.replaces_id for decision in emptied.values() if decision.replaces_id)]
        rounds = db.session.scalars(select(SecondRound).where(SecondRound.decision_id.in_(ids)))
        asked = {each.decision_id: each for each in rounds}
        for decision in emptied.values():
            passage = asked.get(decision.id) or asked.get(decision.replaces_id or "")
            if passage is not None:
                places[decision.id] = passage
    for decision in decisions:
        place = places.get(decision.id)
        if place is not None:
            yield QuestionView(decision.question, Kind.SOME, (Kind.SOME,), place.start, place.end, [], decision)


def standing(article_id: str) -> Sequence[Decision]:
    """The decisions of the article that were neither undone nor replaced, with sources and gold: four statements."""
    return db.session.scalars(
        select(Decision)
        .join(Assignment, Assignment.id == Decision.assignment_id)
        .where(Assignment.article_id == article_id, Decision.undone_at.is_(None))
        # Subqueries: selectinload asks anew for every 500 rows.
        .options(
            subqueryload(Decision.sources),
            subqueryload(Decision.gold).options(subqueryload(Annotation.label), subqueryload(Annotation.evidence)),
        )
        .order_by(Decision.decided_at, Decision.id)
    ).all()


def adjudicator_of(article_id: str) -> User | None:
    """Who adjudicates the article, if somebody has begun."""
    return db.session.scalar(
        select(User)
        .join(Assignment, Assignment.user_id == User.id)
        .where(Assignment.article_id == article_id, Assignment.kind == AssignmentKind.ADJUDICATION)
    )


def reviewers_of(article_id: str) -> Sequence[User]:
    """The people who review the article, by name, those too who marked nothing."""
    return db.session.scalars(
        select(User)
        .join(Assignment, Assignment.user_id == User.id)
        .where(Assignment.article_id == article_id, Assignment.kind == AssignmentKind.REVIEW)
        .order_by(User.name, User.id)
    ).all()

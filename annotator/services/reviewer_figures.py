"""Each reviewer's agreement: with most of the others, with the gold set, and how the model thinks they confuse labels.

A project's managers see everybody. A reviewer sees their own figures, from articles whose adjudication is finished.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Select, String, select, type_coerce

from annotator.db import db, one_moment
from annotator.models import Article, Assignment, AssignmentKind, AssignmentState, Label, Project, User
from annotator.services import agreement_reading as reading
from annotator.services import agreement_store as store
from annotator.services import projects
from annotator.services.agreement_claims import names_of
from annotator.services.agreement_reading import Counted, Review

if TYPE_CHECKING:
    from annotator.agreement.by_reviewer import AgainstGold, Beside
    from annotator.agreement.sums import Sums

GOLD = "~gold"
"""Stands for the gold set among the ids of reviewers, and comes after all of them."""

FEW_CASES = 20


@dataclass(frozen=True)
class Reviewer:
    """One reviewer's figures. `confusion` has a row of probabilities for each true label; None under FEW_CASES votes."""

    name: str
    beside: Beside
    gold: AgainstGold
    votes: int
    confusion: list[list[float]] | None


@dataclass(frozen=True)
class Everybody:
    """All reviewers by name, with the project's labels; the model rests on `questions` of two votes or more."""

    reviewers: list[Reviewer]
    labels: list[Label]
    questions: int


@dataclass(frozen=True)
class Own:
    """A reviewer's own figures over `articles` of theirs that are adjudicated to the end."""

    articles: int
    beside: Beside | None
    gold: AgainstGold | None


def everybody(project: Project, viewer: User | None) -> Everybody:
    """The figures of all reviewers, over the articles that count for `viewer`: a handful of statements."""
    from annotator.agreement.by_reviewer import ByReviewer, beside_others
    from annotator.agreement.model import fit

    def make(found: Counted, sums: Sums) -> ByReviewer:
        with one_moment(db.engine) as connection:
            gold = _against_gold(connection, project, found)
        return ByReviewer(beside_others(sums, found.coders), gold, fit(sums, found.coders, found.keys))

    def state(connection: Connection) -> str:
        return str([(article_id, str(at)) for article_id, _, _, at in connection.execute(_finished(project))])

    figures = store.figures(project, viewer, ByReviewer, make, state=state)
    names = names_of([each.reviewer for each in figures.beside])
    by_key = {label.key: label for label in projects.labels_of(project)}
    beside = {each.reviewer: each for each in figures.beside}
    gold = {each.reviewer: each for each in figures.gold}
    model = figures.model
    rows = dict(zip(model.coders, zip(model.votes, model.confusion, strict=True), strict=True))
    people = []
    for user_id, name in names.items():
        votes, confusion = rows.get(user_id, (0, None))
        shown = confusion if votes >= FEW_CASES else None
        people.append(Reviewer(name, beside[user_id], gold[user_id], votes, shown))
    return Everybody(people, [by_key[key] for key in figures.model.labels], model.questions)


def own(project: Project, user: User) -> Own:
    """The figures of `user` alone: nothing that others did shows in them before the adjudication is finished."""
    from annotator.agreement.by_reviewer import beside_others
    from annotator.agreement.sums import of_articles

    mine = select(Assignment.article_id).where(Assignment.user_id == user.id, Assignment.kind == AssignmentKind.REVIEW)
    adjudicated = _finished(project).where(Assignment.article_id.in_(mine)).with_only_columns(Assignment.article_id)
    with one_moment(db.engine) as connection:
        found = reading.counted(connection, project, user, only=adjudicated)
        reviews = reading.reviews(connection, found, list(found.articles))
        gold = _against_gold(connection, project, found)
    if not found.articles:
        return Own(0, None, None)
    beside = beside_others(of_articles(reviews, len(found.labels)), found.coders)
    at = found.coders.index(user.id)
    return Own(len(found.articles), beside[at], gold[at])


def _against_gold(connection: Connection, project: Project, found: Counted) -> list[AgainstGold]:
    """Every reviewer beside the gold set, in the order of the coders of `found`."""
    from annotator.agreement.by_reviewer import AgainstGold, against_gold
    from annotator.agreement.sums import of_articles

    with_gold = {
        article_id: [*found.articles[article_id], Review(assignment_id, GOLD, version_id, str(at))]
        for article_id, assignment_id, version_id, at in connection.execute(_finished(project))
        if article_id in found.articles
    }
    adjudicated = replace(found, articles=with_gold)
    reviews = reading.reviews(connection, adjudicated, list(with_gold), gold=True)
    figures = against_gold(of_articles(reviews, len(found.labels)), adjudicated.coders) if with_gold else []
    known = {each.reviewer: each for each in figures}
    return [known.get(each) or AgainstGold.missing(each) for each in found.coders]


def _finished(project: Project) -> Select[str, str, str, str]:
    """The adjudications of the project that are finished: article, assignment, version, and when."""
    return (
        select(
            Assignment.article_id,
            Assignment.id,
            Assignment.version_id,
            type_coerce(Assignment.submitted_at, String),
        )
        .join(Article, Article.id == Assignment.article_id)
        .where(
            Article.project_id == project.id,
            Assignment.kind == AssignmentKind.ADJUDICATION,
            Assignment.state == AssignmentState.SUBMITTED,
        )
        .order_by(Assignment.article_id)
    )

"""What agreement counts: which reviews, in which state, and what stood in them while their reviewers were blind.

Rows come as plain tuples of one moment in time, since there may be hundreds of thousands of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Select, String, cast, func, or_, select, type_coerce

from annotator.models import (
    Annotation,
    Article,
    ArticleVersion,
    Assignment,
    AssignmentKind,
    AssignmentState,
    CopyState,
    FirstVote,
    Label,
    Project,
    User,
)
from annotator.services import copy_groups, openness

if TYPE_CHECKING:
    from annotator.agreement.reviews import Reviews

FORMAT = 1
"""Raised when an article's sums come to mean something else, so that none of an earlier version is used."""

FEW_ARTICLES = 500
"""Up to how many articles are asked for by their ids."""


@dataclass(frozen=True)
class Review:
    """A finished review: of which text, by whom, and when it was submitted, which says in which state it is."""

    id: str
    user_id: str
    version_id: str
    submitted_at: str


@dataclass(frozen=True)
class Counted:
    """The articles that count, in the order in which they opened, each with its reviews in the order of the people.

    `labels` are the project's, retired ones too, in their order: (id, key). Of copies of one text that would count only
    the one counts that opened first: `copies` says of each other one which that is, and `confirmed` are those of them
    of which a person said so.
    """

    query: Select[str]
    labels: tuple[tuple[str, str], ...]
    articles: dict[str, list[Review]]
    copies: dict[str, str] = field(default_factory=dict)
    confirmed: frozenset[str] = frozenset()

    @property
    def coders(self) -> list[str]:
        """The ids of all reviewers."""
        return sorted({review.user_id for reviews in self.articles.values() for review in reviews})

    @property
    def keys(self) -> list[str]:
        """The keys of the labels."""
        return [key for _, key in self.labels]

    def opened_at(self, article_id: str) -> str:
        """When the last of an article's reviewers submitted it."""
        return max(review.submitted_at for review in self.articles[article_id])

    def fingerprint(self, article_id: str) -> str:
        """What stands for everything that the sums of an article depend on.

        Claims of a submitted review do not change: to change one it is reopened and submitted again, and what is
        changed in a later round leaves the blind vote as it was.
        """
        return _hash([self._basis, *map(_words, self.articles[article_id])])

    @property
    def _basis(self) -> str:
        return f"{FORMAT} {self.labels}"


def digest(connection: Connection, project: Project, viewer: User | None, kind: str) -> str:
    """What stands for the state of all articles that count for `viewer`: three statements.

    It is asked for at every look at a figure, so the database puts the words together. `kind` keeps one sort of figures
    from another.
    """
    words = Assignment.id + Assignment.version_id + func.coalesce(cast(Assignment.submitted_at, String), "")
    states = connection.scalars(
        select(words)
        .where(Assignment.kind == AssignmentKind.REVIEW, Assignment.article_id.in_(_counting(project, viewer)))
        .order_by(Assignment.id)
    ).all()
    copies = map(str, copy_groups.memberships(connection, project.id))
    return _hash([kind, f"{FORMAT} {_labels(connection, project)}", *states, *copies])


def counted(
    connection: Connection, project: Project, viewer: User | None, *, only: Select[str] | None = None
) -> Counted:
    """What counts for `viewer`, or for the command line, among all articles or `only` some: three statements.

    An article counts when everybody who was given it has submitted it, so that no figure tells a reviewer who has
    finished. It needs two reviewers. For a `viewer` only those count whose reviews they may see: a manager who reviews
    too could otherwise take a submit back and change it by what the figures told.

    Copies of one text count once, unless a person rejected that they are: two papers with one wire text are one
    text that was reviewed twice, and counted twice they would make every interval too narrow.
    """
    query = _counting(project, viewer)
    if only is not None:
        query = query.where(Assignment.article_id.in_(only))
    rows = connection.execute(
        select(
            Assignment.article_id,
            Assignment.id,
            Assignment.user_id,
            Assignment.version_id,
            # As the database writes it: thirty thousand moments would take longer to read than to compare.
            type_coerce(Assignment.submitted_at, String),
        )
        .where(Assignment.kind == AssignmentKind.REVIEW, Assignment.article_id.in_(query))
        .order_by(Assignment.article_id, Assignment.user_id)
    ).all()
    articles = {
        article_id: [
            Review(review_id, user_id, version_id, _moment(at)) for _, review_id, user_id, version_id, at in found
        ]
        for article_id, found in groupby(rows, key=itemgetter(0))
    }
    several = [(max(each.submitted_at for each in found), at) for at, found in articles.items() if len(found) > 1]
    opened = [article_id for _, article_id in sorted(several)]
    members = copy_groups.memberships(connection, project.id)
    copies = copy_groups.counted_once(members, opened)
    return Counted(
        query,
        _labels(connection, project),
        {article_id: articles[article_id] for article_id in opened if article_id not in copies},
        copies,
        frozenset(each.article_id for each in members if each.state is CopyState.CONFIRMED) & copies.keys(),
    )


def rough_digest(connection: Connection, project: Project, viewer: User, kind: str) -> str:
    """What stands for about the same state of the project: three statements, whatever it holds."""
    of_project = (Article.project_id == project.id, Assignment.kind == AssignmentKind.REVIEW)
    done, last = connection.execute(
        select(func.count(Assignment.id), func.max(type_coerce(Assignment.submitted_at, String)))
        .join(Article, Article.id == Assignment.article_id)
        .where(*of_project, Assignment.state.in_(openness.DONE))
    ).one()
    # Only who reviews here too has a view of their own of what counts.
    own = connection.scalar(
        select(func.count(Assignment.id))
        .join(Article, Article.id == Assignment.article_id)
        .where(*of_project, Assignment.user_id == viewer.id, Assignment.state != AssignmentState.LOCKED)
    )
    labels = connection.scalars(
        select(Label.key).where(Label.project_id == project.id).order_by(Label.position, Label.key)
    )
    return _hash([kind, str(FORMAT), str(done), _moment(last), viewer.id if own else "", *labels])


def reviews(connection: Connection, found: Counted, article_ids: Sequence[str], *, gold: bool = False) -> Reviews:
    """What was marked in these articles, in their order, as columns: two statements.

    With `gold` the adjudications among the reviews of `found` are read too.
    """
    import numpy as np

    from annotator.agreement.reviews import Reviews, column

    wanted = _wanted(found, article_ids)
    reviewed = [(at, review) for at, article_id in enumerate(article_ids) for review in found.articles[article_id]]
    versions = select(ArticleVersion.id, ArticleVersion.length).where(ArticleVersion.article_id.in_(wanted))
    lengths = {row.id: row.length for row in connection.execute(versions)}
    number_of = {review.id: number for number, (_, review) in enumerate(reviewed)}
    coder = {user_id: number for number, user_id in enumerate(found.coders)}
    label = {label_id: number for number, (label_id, _) in enumerate(found.labels)}
    rows = _plain_rows(connection, blind_claims(gold=gold).where(Assignment.article_id.in_(wanted)))
    reviews = column([number_of.get(row[1], -1) for row in rows])
    order = np.argsort(reviews, kind="stable")
    # Among many articles there may be some that do not count, of one reviewer.
    order = order[np.searchsorted(reviews[order], 0) :]
    return Reviews(
        column([lengths[found.articles[article_id][0].version_id] for article_id in article_ids]),
        column([at for at, _ in reviewed]),
        column([coder[review.user_id] for _, review in reviewed]),
        reviews[order],
        column([row[2] for row in rows])[order],
        column([row[3] for row in rows])[order],
        column([label[row[4]] for row in rows])[order],
        [rows[at][0] for at in order.tolist()],
    )


def blind_claims(*, gold: bool = False) -> Select[str, str, int, int, str]:
    """Every claim of a review as it stood while the reviewer was blind: id, assignment, start, end, label.

    What was changed or deleted in a later round counts as it was before; what was made in one does not count.
    """
    kept = FirstVote.annotation_id.is_not(None)
    kinds = [AssignmentKind.REVIEW, *([AssignmentKind.ADJUDICATION] if gold else [])]
    return (
        select(
            cast(Annotation.id, String),
            Annotation.assignment_id,
            func.coalesce(FirstVote.start, Annotation.start),
            func.coalesce(FirstVote.end, Annotation.end),
            func.coalesce(FirstVote.label_id, Annotation.label_id),
        )
        .join(Assignment, Assignment.id == Annotation.assignment_id)
        .outerjoin(FirstVote, FirstVote.annotation_id == Annotation.id)
        .where(
            Assignment.kind.in_(kinds),
            or_(kept, (Annotation.round == 1) & Annotation.deleted_at.is_(None)),
        )
    )


def _counting(project: Project, viewer: User | None) -> Select[str]:
    return openness.opened_to(viewer, project) if viewer else openness.opened(project)


def _labels(connection: Connection, project: Project) -> tuple[tuple[str, str], ...]:
    """The ids and keys of the labels in their order."""
    query = select(Label.id, Label.key).where(Label.project_id == project.id).order_by(Label.position, Label.key)
    return tuple((label_id, key) for label_id, key in connection.execute(query))


def _plain_rows(connection: Connection, query: Select[str, str, int, int, str]) -> Sequence[Any]:
    """The rows as the driver gives them: half a million of them take longer to wrap than to read."""
    result = connection.execute(query)
    cursor: Any = result.cursor
    try:
        return list(cursor.fetchall())
    finally:
        result.close()


def _wanted(found: Counted, article_ids: Collection[str]) -> Any:
    """A few articles by their ids, many by the question that found them."""
    return list(article_ids) if len(article_ids) <= FEW_ARTICLES else found.query


def _moment(at: Any) -> str:
    """A moment in the order of time, as text, whatever the database gives."""
    return at.astimezone(UTC).isoformat(" ", "microseconds") if isinstance(at, datetime) else str(at)


def _words(review: Review) -> str:
    return f"{review.id} {review.user_id} {review.version_id} {review.submitted_at}"


def _hash(words: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(words).encode()).hexdigest()

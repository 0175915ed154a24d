"""Two articles set against each other: the claims that a person may link in them, and the links between them.

A reviewer compares their own claims, an adjudicator the gold claims of what is in adjudication, and whoever only reads
sees what the article's page shows them. What is linked stands in services/links.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import defer

from annotator.db import db
from annotator.domain.claims import Relation
from annotator.domain.date_guard import Dated, refusal, window_of
from annotator.domain.independence import Origin, shared
from annotator.errors import NotFound
from annotator.models import (
    MARKING,
    Annotation,
    Article,
    ArticleVersion,
    Assignment,
    AssignmentKind,
    Link,
    User,
)
from annotator.permissions import OPEN, Action
from annotator.services import annotations as claims
from annotator.services import articles, claim_rows, copies, links
from annotator.services.articles import ArticleAccess
from annotator.services.claim_rows import ClaimRow
from annotator.services.links import LinkRow
from annotator.services.present_work import marks_alone
from annotator.services.projects import Access

MOST_OFFERED = 50
AT_ONCE = 10_000


class Kind(StrEnum):
    """Whose claims are compared in an article: one's own, the gold claims, or those that one may only read."""

    OWN = "own"
    GOLD = "gold"
    READ = "read"


@dataclass(frozen=True)
class Side:
    """One of the two articles with the claims in it, by position; `linkable` says whether these may be linked."""

    found: ArticleAccess
    kind: Kind
    rows: Sequence[ClaimRow]
    linkable: bool
    open: bool

    @property
    def published(self) -> date | None:
        return self.found.version.published

    def row(self, annotation_id: UUID | None) -> ClaimRow | None:
        """The claim of that id, if it is one of these."""
        key = str(annotation_id)
        return next((row for row in self.rows if row.key == key), None)

    def dated(self, row: ClaimRow) -> Dated:
        """The claim with the time that it is about."""
        given = row.payload
        return Dated(given["exact"], window_of(given.get("event_start"), given.get("event_end"), self.published))

    def origin(self, row: ClaimRow) -> Origin:
        """Where the claim comes from."""
        speaker = row.payload.get("speaker", {})
        return Origin(self.found.version.agency, tuple(filter(None, (speaker.get("name"), *speaker.get("chain", ())))))


@dataclass(frozen=True)
class Pair:
    """Two picked claims: why they cannot contradict each other, if so, and what they share in origin."""

    no_contradiction: str
    shared: list[str]


@dataclass(frozen=True)
class End:
    """One of the two claims of a link."""

    id: UUID
    article_id: str
    exact: str
    start: int
    dated: Dated


@dataclass(frozen=True)
class LinkBetween:
    """A link of which both claims are in the two articles; `doubt` says why a contradiction is none any more."""

    link: Link
    author: str
    own: bool
    a: End
    b: End

    @property
    def doubt(self) -> str:
        return refusal(self.link.relation, self.a.dated, self.b.dated)


def side(user: User, project_id: str, article_id: str) -> Side:
    """The article with what `user` compares in it: five statements at most. Raises NotFound for another project's."""
    found = articles.get_for(user, article_id)
    if found.access.project.id != project_id:
        raise NotFound
    own = found.assignment
    if own is not None and (own.kind in MARKING or own.kind is AssignmentKind.RETURNED):
        return Side(found, Kind.OWN, claim_rows.own(own.id, evidence=False), not marks_alone(own), own.state in OPEN)
    gold = _adjudication(article_id) if found.access.may(Action.ADJUDICATE) else None
    if gold is not None:
        return Side(
            found,
            Kind.GOLD,
            claim_rows.own(gold.id, evidence=False),
            True,
            gold.user_id == user.id and gold.state in OPEN,
        )
    return Side(found, Kind.READ, claim_rows.readable(user, found), False, False)


def pair(left: Side, one: ClaimRow, right: Side, other: ClaimRow) -> Pair:
    """What is known of two picked claims before they are linked."""
    return Pair(
        refusal(Relation.CONTRADICTS, left.dated(one), right.dated(other)),
        [*_one_text(left, right), *shared(left.origin(one), right.origin(other))],
    )


def shared_by_articles(left: Side, right: Side) -> list[str]:
    """What the two articles have in common in origin, whatever claim of theirs is looked at."""
    return [*_one_text(left, right), *shared(*(Origin(each.found.version.agency) for each in (left, right)))]


def _one_text(left: Side, right: Side) -> list[str]:
    return ["Both articles are copies of one text."] * copies.are_copies(left.found.article.id, right.found.article.id)


def between(user: User, access: Access, article_ids: Sequence[str]) -> list[LinkBetween]:
    """The links that `user` may see of which both claims are in these articles, by position: three statements."""
    query = links.visible(user, access, article_ids)
    rows = links.called(user, access, query)
    joined = _joined(user, rows)
    place = {article_id: number for number, article_id in reversed(list(enumerate(article_ids)))}
    joined.sort(key=lambda each: (*min((place[end.article_id], end.start) for end in (each.a, each.b)), each.link.id))
    return joined


def doubtful(user: User, access: Access, article_id: str) -> list[LinkBetween]:
    """The links of claims in this article that `user` may see and that say what the dates speak against: three statements.

    A day of publication or of a claim was changed after they were made. What they say is their authors' to change.
    """
    within = (
        select(Annotation.id)
        .join(Assignment, Assignment.id == Annotation.assignment_id)
        .where(Assignment.article_id == article_id)
    )
    query = links.visible(user, access).where(
        Link.relation == Relation.CONTRADICTS, or_(Link.a_id.in_(within), Link.b_id.in_(within))
    )
    return [each for each in _joined(user, links.called(user, access, query)) if each.doubt]


def article_of(user: User, annotation_id: UUID) -> str:
    """The article in which the claim stands. Raises NotFound if `user` may not see the claim."""
    return claims.get_for(user, annotation_id).assignment.article_id


def ends_of(user: User, access: Access, link_id: str) -> tuple[End, End]:
    """The two claims of a link that `user` may see. Raises NotFound otherwise."""
    link = db.session.scalar(links.visible(user, access).where(Link.id == link_id))
    if link is None:
        raise NotFound
    ends = _ends([link.a_id, link.b_id])
    return ends[link.a_id], ends[link.b_id]


def to_choose_from(user: User, access: Access, words: str) -> list[tuple[Article, ArticleVersion]]:
    """The articles that `user` may read whose title, publisher, agency or group holds `words`: the first fifty."""
    heading = ArticleVersion.title + " " + ArticleVersion.suggested_title
    places = (heading, ArticleVersion.publisher, ArticleVersion.agency, Article.group)
    query = (
        select(Article, ArticleVersion)
        .join(ArticleVersion, (ArticleVersion.article_id == Article.id) & (ArticleVersion.number == Article.version))
        .where(Article.project_id == access.project.id, Article.listed_at.is_not(None))
        .options(defer(ArticleVersion.text))
        .order_by(Article.position)
        .limit(MOST_OFFERED)
    )
    for word in words.split()[:8]:
        query = query.where(or_(*(place.icontains(word, autoescape=True) for place in places)))
    if not access.may(Action.READ_ALL):
        query = query.where(Article.id.in_(select(Assignment.article_id).where(Assignment.user_id == user.id)))
    return [(article, version) for article, version in db.session.execute(query)]


def _joined(user: User, rows: Sequence[LinkRow]) -> list[LinkBetween]:
    """The links of these rows with their two claims."""
    ends = _ends([end for row in rows for end in (row.link.a_id, row.link.b_id)])
    return [
        LinkBetween(row.link, row.author, row.link.user_id == user.id, ends[row.link.a_id], ends[row.link.b_id])
        for row in rows
    ]


def _adjudication(article_id: str) -> Assignment | None:
    return db.session.scalar(
        select(Assignment).where(Assignment.article_id == article_id, Assignment.kind == AssignmentKind.ADJUDICATION)
    )


def _ends(ids: Sequence[UUID]) -> dict[UUID, End]:
    """The claims of these ids: a statement for every ten thousand."""
    found: dict[UUID, End] = {}
    for at in range(0, len(ids), AT_ONCE):
        rows = db.session.execute(
            select(
                Annotation.id,
                Assignment.article_id,
                Annotation.exact,
                Annotation.start,
                Annotation.event_start,
                Annotation.event_end,
                ArticleVersion.published,
            )
            .join(Assignment, Assignment.id == Annotation.assignment_id)
            .join(ArticleVersion, ArticleVersion.id == Assignment.version_id)
            .where(Annotation.id.in_(ids[at : at + AT_ONCE]))
        )
        for id_, article_id, exact, start, event_start, event_end, published in rows:
            dated = Dated(exact, window_of(event_start, event_end, published))
            found[id_] = End(id_, article_id, exact, start, dated)
    return found

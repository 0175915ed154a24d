"""The timeline of a project: claims by the day that they are about, with the links between them, as one person may see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from annotator.db import db
from annotator.domain.claims import Aspect, Relation
from annotator.domain.date_guard import Window, window_of
from annotator.models import Annotation, Article, ArticleVersion, Assignment, AssignmentKind, Label, Link, User
from annotator.permissions import Action
from annotator.services import links, openness, shown_claims
from annotator.services.projects import Access
from annotator.services.shown_claims import ShownClaim
from annotator.services.word_search import says

PAGE = 60
"""So many claims are on one page, and in one picture."""
MOST_ROWS = 5_000
"""So many claims are in a file."""
MOST_LINKS = 2_000
MOST_WORDS = 12


class Layer(StrEnum):
    """Whose claims are shown."""

    GOLD = "gold"
    REVIEWERS = "reviewers"
    OWN = "own"


class Order(StrEnum):
    """How the claims are sorted."""

    DATE = "date"
    PUBLISHED = "published"
    SPEAKER = "speaker"


@dataclass(frozen=True)
class Filters:
    """What is shown; the empty value of each leaves it out. `label` is a key, `article` an id."""

    layer: Layer | None = None
    words: str = ""
    speaker: str = ""
    label: str = ""
    article: str = ""
    relation: Relation | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class TimeLink:
    """A link seen from a claim of the timeline."""

    relation: Relation
    aspect: Aspect | None
    outgoing: bool
    other: ShownClaim


@dataclass(frozen=True)
class TimeClaim:
    """A claim with the days that it is about, if they are known, and its links, contradictions first."""

    claim: ShownClaim
    window: Window | None
    links: list[TimeLink]

    @property
    def contradicted(self) -> bool:
        """Whether it contradicts another claim."""
        return any(link.relation is Relation.CONTRADICTS for link in self.links)


@dataclass(frozen=True)
class Found:
    """A page of the timeline: `number` of `pages`, from 1, of `total` claims. `layers` are those that there are to choose."""

    claims: list[TimeClaim]
    total: int
    number: int
    pages: int
    layer: Layer
    layers: list[Layer]
    article: str


def page(user: User, access: Access, filters: Filters, *, order: Order = Order.DATE, number: int = 1) -> Found:
    """A page of what `user` may see: at most seven statements, whatever the project holds."""
    layers = _layers(access)
    layer = filters.layer if filters.layer in layers else _first_choice(user, access, layers)
    query = _filtered(user, access, filters, layer)
    total = db.session.scalar(select(func.count()).select_from(query.with_only_columns(Annotation.id).subquery())) or 0
    pages = max(1, -(-total // PAGE))
    number = min(max(number, 1), pages)
    claims = _claims(user, access, query.order_by(*_ORDERS[order]).limit(PAGE).offset(PAGE * (number - 1)))
    # What an article is called is told with its claims only.
    heading = claims[0].claim.heading if claims and filters.article else ""
    return Found(claims, total, number, pages, layer, layers, heading)


def rows(user: User, access: Access, filters: Filters, *, order: Order = Order.DATE) -> list[TimeClaim]:
    """The first MOST_ROWS of them, for a file."""
    layers = _layers(access)
    layer = filters.layer if filters.layer in layers else _first_choice(user, access, layers)
    query = _filtered(user, access, filters, layer)
    return _claims(user, access, query.order_by(*_ORDERS[order]).limit(MOST_ROWS))


def _layers(access: Access) -> list[Layer]:
    """Gold claims for those who read everything, one's own for a reviewer."""
    found = [Layer.GOLD] if access.may(Action.READ_ALL) else []
    return [*found, Layer.REVIEWERS, *([Layer.OWN] if access.may(Action.REVIEW) else [])]


def _first_choice(user: User, access: Access, layers: Sequence[Layer]) -> Layer:
    """Gold claims as soon as there are any; a reviewer begins with what they may see."""
    if Layer.GOLD not in layers:
        return Layer.REVIEWERS
    some = db.session.scalar(_filtered(user, access, Filters(), Layer.GOLD).with_only_columns(Annotation.id).limit(1))
    return Layer.REVIEWERS if some is None else Layer.GOLD


_first_day = func.coalesce(Annotation.event_start, ArticleVersion.published)
"""The first day that a claim is about, as date_guard.window_of says."""
_last_day = func.coalesce(Annotation.event_end, Annotation.event_start, ArticleVersion.published)

_PLACE = (Article.position, Annotation.start, Annotation.end, Annotation.id)
_ORDERS: dict[Order, tuple[Any, ...]] = {
    Order.DATE: (_first_day.nulls_last(), _last_day, *_PLACE),
    Order.PUBLISHED: (ArticleVersion.published.nulls_last(), _first_day.nulls_last(), *_PLACE),
    Order.SPEAKER: (Annotation.speaker == "", func.lower(Annotation.speaker), _first_day.nulls_last(), *_PLACE),
}


def _filtered(user: User, access: Access, filters: Filters, layer: Layer) -> Select[*tuple[Any, ...]]:
    query = shown_claims.live().where(
        Article.project_id == access.project.id, Article.listed_at.is_not(None), _visible(user, access, layer)
    )
    for word in filters.words.split()[:MOST_WORDS]:
        query = query.where(says(word, Annotation.exact, Annotation.claim_text))
    for word in filters.speaker.split()[:MOST_WORDS]:
        query = query.where(says(word, Annotation.speaker))
    if filters.label:
        query = query.where(Label.key == filters.label)
    if filters.article:
        query = query.where(Article.id == filters.article)
    if filters.relation is not None:
        of_relation = links.visible(user, access).where(Link.relation == filters.relation).order_by(None)
        query = query.where(
            or_(*(Annotation.id.in_(of_relation.with_only_columns(end)) for end in (Link.a_id, Link.b_id)))
        )
    if filters.since is not None:
        query = query.where(_last_day >= filters.since)
    if filters.until is not None:
        query = query.where(_first_day <= filters.until)
    return query


def _visible(user: User, access: Access, layer: Layer) -> ColumnElement[bool]:
    """As annotations.get_for decides for one claim."""
    own = Assignment.user_id == user.id
    kind = AssignmentKind.ADJUDICATION if layer is Layer.GOLD else AssignmentKind.REVIEW
    if layer is Layer.OWN:
        return and_(Assignment.kind == kind, own)
    return and_(Assignment.kind == kind, or_(own, openness.seen_by(user, access, Assignment.article_id)))


def _claims(user: User, access: Access, query: Select[*tuple[Any, ...]]) -> list[TimeClaim]:
    """The claims of the query with their links: one statement, and three where there are any."""
    claims = [shown_claims.shown(row) for row in db.session.execute(query)]
    found = _links(user, access, {each.id: each for each in claims})
    return [
        TimeClaim(each, window_of(each.event_start, each.event_end, each.published), found.get(each.id, []))
        for each in claims
    ]


def _links(user: User, access: Access, claims: dict[UUID, ShownClaim]) -> dict[UUID, list[TimeLink]]:
    if not claims:
        return {}
    ids = list(claims)
    rows = db.session.execute(
        links.visible(user, access)
        .with_only_columns(Link.relation, Link.aspect, Link.a_id, Link.b_id)
        .where(or_(Link.a_id.in_(ids), Link.b_id.in_(ids)))
        .order_by(None)
        .order_by(Link.relation != Relation.CONTRADICTS, Link.relation, Link.created_at, Link.id)
        .limit(MOST_LINKS)
    ).all()
    known = claims | shown_claims.by_id({end for row in rows for end in (row.a_id, row.b_id)} - claims.keys())
    found: defaultdict[UUID, list[TimeLink]] = defaultdict(list)
    seen: set[tuple[UUID, UUID, Relation]] = set()
    for relation, aspect, a, b in rows:
        for here, there, outgoing in ((a, b, True), (b, a, False)):
            if here in claims and there in known and (here, there, relation) not in seen:
                seen.add((here, there, relation))
                found[here].append(TimeLink(relation, aspect, outgoing, known[there]))
    return dict(found)

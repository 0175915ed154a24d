"""Searching claims, speakers and evidence: what a person may see of them, by their words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from annotator.db import db
from annotator.domain.search_words import phrases
from annotator.models import Annotation, Article, ArticleVersion, Assignment, AssignmentKind, EvidenceItem, Label, User
from annotator.permissions import Action
from annotator.services import openness, shown_claims
from annotator.services.projects import Access
from annotator.services.search import EVERYTHING, Facts, readable
from annotator.services.shown_claims import ShownClaim
from annotator.services.word_search import says


@dataclass(frozen=True)
class ClaimFacts:
    """Which claims; the empty value of each leaves it out. `label` is a key, `speaker` a part of the name."""

    label: str = ""
    speaker: str = ""
    own: bool = False


ANY_CLAIM = ClaimFacts()

# Of claims on the same words the older one first: ids are random.
_PLACE = (Article.position, Annotation.start, Annotation.end, Annotation.created_at, Annotation.id)


@dataclass(frozen=True)
class SpeakerFound:
    """Somebody who speaks in claims, and in how many of those that the reader may see."""

    name: str
    claims: int


@dataclass(frozen=True)
class EvidenceFound:
    """An evidence item with the claim that it belongs to."""

    claim: ShownClaim
    source: str
    quote: str
    url: str


@dataclass(frozen=True)
class Asked:
    """Who asks for what, and which part of the answer they want."""

    user: User
    access: Access
    words: str
    facts: Facts = EVERYTHING
    which: ClaimFacts = ANY_CLAIM
    limit: int = 20
    offset: int = 0


def claims(asked: Asked) -> list[ShownClaim]:
    """The claims whose quote, wording, note or speaker has every word, by their place."""
    query = _visible(asked)
    for phrase in phrases(asked.words):
        query = query.where(says(phrase, Annotation.exact, Annotation.claim_text, Annotation.note, Annotation.speaker))
    query = query.order_by(*_PLACE)
    return [shown_claims.shown(row) for row in db.session.execute(query.limit(asked.limit).offset(asked.offset))]


def speakers(asked: Asked) -> list[SpeakerFound]:
    """The speakers whose name has every word, those of the most claims first."""
    query = _visible(asked).with_only_columns(Annotation.speaker, func.count()).where(Annotation.speaker != "")
    for phrase in phrases(asked.words):
        query = query.where(says(phrase, Annotation.speaker))
    query = query.group_by(Annotation.speaker).order_by(func.count().desc(), Annotation.speaker)
    return [SpeakerFound(*row) for row in db.session.execute(query.limit(asked.limit).offset(asked.offset))]


def evidence(asked: Asked) -> list[EvidenceFound]:
    """The evidence whose source, quote or address has every word, by the place of its claim."""
    query = _visible(asked).join(EvidenceItem, EvidenceItem.annotation_id == Annotation.id)
    query = query.add_columns(EvidenceItem.source, EvidenceItem.quote, EvidenceItem.url)
    for phrase in phrases(asked.words):
        query = query.where(says(phrase, EvidenceItem.source, EvidenceItem.quote, EvidenceItem.url))
    query = query.order_by(*_PLACE, EvidenceItem.n)
    rows = db.session.execute(query.limit(asked.limit).offset(asked.offset)).all()
    columns = len(shown_claims.COLUMNS)
    return [EvidenceFound(shown_claims.shown(row[:columns]), *row[columns:]) for row in rows]  # type: ignore[arg-type]


def languages(user: User, access: Access) -> list[str]:
    """The languages of the articles that the person may read."""
    query = (
        select(ArticleVersion.language)
        .join(Article, Article.id == ArticleVersion.article_id)
        .where(Article.project_id == access.project.id, Article.listed_at.is_not(None), ArticleVersion.language != "")
        .distinct()
    )
    return sorted(db.session.scalars(readable(query, user, access)))


def _visible(asked: Asked) -> Select[*tuple[Any, ...]]:
    """The claims that the person may see, as annotations.get_for decides for one, and that fit the filters."""
    which = asked.which
    query = shown_claims.live().where(
        Article.project_id == asked.access.project.id,
        Article.listed_at.is_not(None),
        _own_or_seen(asked),
        *asked.facts.conditions,
    )
    if which.label:
        query = query.where(Label.key == which.label)
    if which.speaker:
        query = query.where(says(which.speaker, Annotation.speaker))
    return query


def _own_or_seen(asked: Asked) -> ColumnElement[bool]:
    own = and_(
        Assignment.user_id == asked.user.id, Assignment.kind.in_([AssignmentKind.REVIEW, AssignmentKind.ADJUDICATION])
    )
    if asked.which.own:
        return own
    kinds = [AssignmentKind.REVIEW]
    if asked.access.may(Action.READ_ALL):
        kinds.append(AssignmentKind.ADJUDICATION)
    seen = openness.seen_by(asked.user, asked.access, Assignment.article_id)
    return or_(own, and_(Assignment.kind.in_(kinds), seen))

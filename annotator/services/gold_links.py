"""What the reviewers linked with a gold claim, as its page shows it; it is decided on the adjudicate page.

A reviewer's link is shown as soon as both of its claims belong to decided questions that have a gold claim: so never
before both articles have opened.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import aliased

from annotator.db import db
from annotator.domain.claims import Aspect, Relation
from annotator.models import Decision, GoldSource, Link, LinkLayer, User
from annotator.permissions import Action
from annotator.services import links, naming, shown_claims
from annotator.services.projects import Access
from annotator.services.shown_claims import ShownClaim

MOST = 200


@dataclass(frozen=True)
class LinkVote:
    """One reviewer's link, seen from the gold claim; `link` is its id. `taken` says that the same is a gold link."""

    link: str
    relation: Relation
    aspect: Aspect | None
    note: str
    outgoing: bool
    author: str
    taken: bool


@dataclass(frozen=True)
class LinkQuestion:
    """What the reviewers said of the gold claim and another: the same relation, others, or only one said anything."""

    other: ShownClaim
    votes: list[LinkVote]
    decided: bool

    @property
    def differs(self) -> bool:
        """Whether they gave different relations."""
        return len({(vote.relation, vote.outgoing) for vote in self.votes}) > 1


def questions_of(user: User, access: Access, gold_id: UUID) -> list[LinkQuestion]:
    """What the reviewers linked with the claim's question, for those who read everything: three statements at most."""
    if not access.may(Action.READ_ALL):
        return []
    rows = db.session.execute(_between(user, access, gold_id).limit(MOST)).all()
    if not rows:
        return []
    standing = _standing(gold_id)
    veil = naming.veil_over(access, {article_id for _, _, article_id, _, _ in rows})
    votes: defaultdict[UUID, list[LinkVote]] = defaultdict(list)
    for link, name, article_id, gold_a, gold_b in rows:
        outgoing = gold_a == gold_id
        other = gold_b if outgoing else gold_a
        same = {(gold_a, gold_b, link.relation)}
        if link.relation is not Relation.SUPERSEDES:
            same.add((gold_b, gold_a, link.relation))
        votes[other].append(
            LinkVote(
                link.id,
                link.relation,
                link.aspect,
                link.note,
                outgoing or link.relation is not Relation.SUPERSEDES,
                veil.called(article_id, link.user_id, name),
                not same.isdisjoint(standing),
            )
        )
    others = shown_claims.by_id(votes.keys())
    decided = {end for a, b, _ in standing for end in (a, b)}
    return [
        LinkQuestion(others[other], sorted(each, key=lambda vote: (vote.author, vote.relation)), other in decided)
        for other, each in sorted(votes.items(), key=lambda pair: str(pair[0]))
        if other in others
    ]


def _between(user: User, access: Access, gold_id: UUID) -> Select[*tuple[Any, ...]]:
    """The reviewers' links of which both claims belong to decided questions, the one of them that of the gold claim."""
    source_a, source_b = aliased(GoldSource), aliased(GoldSource)
    decision_a, decision_b = aliased(Decision), aliased(Decision)
    return (
        links.visible(user, access)
        .join(source_a, source_a.annotation_id == Link.a_id)
        .join(decision_a, (decision_a.id == source_a.decision_id) & decision_a.undone_at.is_(None))
        .join(source_b, source_b.annotation_id == Link.b_id)
        .join(decision_b, (decision_b.id == source_b.decision_id) & decision_b.undone_at.is_(None))
        .add_columns(decision_a.gold_id, decision_b.gold_id)
        .where(
            Link.layer == LinkLayer.ANNOTATIONS,
            or_(decision_a.gold_id == gold_id, decision_b.gold_id == gold_id),
            decision_a.gold_id.is_not(None),
            decision_b.gold_id.is_not(None),
            decision_a.gold_id != decision_b.gold_id,
        )
    )


def _standing(gold_id: UUID) -> set[tuple[UUID, UUID, Relation]]:
    """The gold links of the claim."""
    rows = db.session.execute(
        select(Link.a_id, Link.b_id, Link.relation).where(
            Link.layer == LinkLayer.GOLD,
            Link.deleted_at.is_(None),
            or_(Link.a_id == gold_id, Link.b_id == gold_id),
        )
    )
    return {(a, b, relation) for a, b, relation in rows}

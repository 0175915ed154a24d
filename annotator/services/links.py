"""Links between claims: made blind, each by one person, and changed or deleted by nobody else."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TypedDict
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select, true
from sqlalchemy.orm import aliased

from annotator.db import db, now
from annotator.domain.claims import Aspect, Relation
from annotator.errors import Conflict, Invalid, NotFound
from annotator.models import (
    Annotation,
    Article,
    Assignment,
    AssignmentKind,
    Link,
    LinkLayer,
    LinkStatus,
    User,
)
from annotator.permissions import Action
from annotator.services import events, link_rules, naming, openness, projects
from annotator.services.link_rules import Proposal
from annotator.services.projects import Access

__all__ = [
    "Changes",
    "LinkRow",
    "Linked",
    "Proposal",
    "called",
    "change",
    "create",
    "delete",
    "list_for",
    "visible",
    "withdraw",
]

SYMMETRIC = frozenset({Relation.CONTRADICTS, Relation.CORROBORATES, Relation.SAME_WIRE_ORIGIN})
"""Relations that say the same from b to a."""


class Changes(TypedDict, total=False):
    """What shall be different of a link; `a` is the end from which it shall go, `status` confirms what was suggested."""

    a: UUID
    relation: Relation
    aspect: Aspect | None
    note: str
    status: LinkStatus


@dataclass(frozen=True)
class Linked:
    """The stored link, and whether it is new."""

    link: Link
    created: bool


@dataclass(frozen=True)
class LinkRow:
    """A link in a list, with who made it, as the reader may know them."""

    link: Link
    author: str


def create(user: User, slug: str, proposal: Proposal) -> Linked:
    """Link two claims: of one's own marks, or, for an adjudicator, of the gold claims.

    The same link again gives the stored one. Raises NotFound to strangers, Invalid for claims that they cannot link in
    this project and for contradictions between claims about different times, Conflict when both articles are closed
    for them.
    """
    access = projects.get_for(user, slug)
    link_rules.check(proposal)
    ends = link_rules.ends_for(user, access, proposal)
    first = ends[proposal.a]
    _lock(first.article_id)
    standing = _standing(user, proposal)
    if standing is not None:
        return Linked(standing, created=False)
    link_rules.require_open(user, ends.values())
    link_rules.require_one_time(proposal)
    gold = first.kind is AssignmentKind.ADJUDICATION
    link = Link(
        project_id=access.project.id,
        user_id=user.id,
        layer=LinkLayer.GOLD if gold else LinkLayer.ANNOTATIONS,
        a_id=proposal.a,
        b_id=proposal.b,
        relation=proposal.relation,
        aspect=proposal.aspect,
        note=proposal.note,
    )
    db.session.add(link)
    db.session.flush()
    _record("link.create", link, first.article_id)
    return Linked(link, created=True)


def list_for(user: User, slug: str) -> list[LinkRow]:
    """The links of the project that `user` may see, by id, which is random.

    Their own; an adjudicator's and a manager's list holds all between articles that have opened; in an open project
    a reviewer sees those between articles that they have submitted themselves.
    """
    access = projects.get_for(user, slug)
    return called(user, access, visible(user, access))


def visible(user: User, access: Access, between: Collection[str] | None = None) -> Select[Link, str, str]:
    """The links that `user` may see, as a query: each with its author's name and the article of its end `a`.

    With `between` those of which both claims are in articles of these ids.
    """
    a, b = aliased(Annotation), aliased(Annotation)
    of_a, of_b = aliased(Assignment), aliased(Assignment)
    others = and_(
        openness.seen_by(user, access, of_a.article_id),
        openness.seen_by(user, access, of_b.article_id),
        true() if access.may(Action.READ_ALL) else Link.layer == LinkLayer.ANNOTATIONS,
        # Who gave an article back keeps their links, but they count for nothing.
        of_a.kind != AssignmentKind.RETURNED,
        of_b.kind != AssignmentKind.RETURNED,
    )
    query = (
        select(Link, User.name, of_a.article_id)
        .join(User, User.id == Link.user_id)
        .join(a, (a.id == Link.a_id) & a.deleted_at.is_(None))
        .join(b, (b.id == Link.b_id) & b.deleted_at.is_(None))
        .join(of_a, of_a.id == a.assignment_id)
        .join(of_b, of_b.id == b.assignment_id)
        .where(Link.project_id == access.project.id, Link.deleted_at.is_(None), or_(Link.user_id == user.id, others))
        .order_by(Link.id)
    )
    if between is None:
        return query
    return query.where(of_a.article_id.in_(between), of_b.article_id.in_(between))


def called(user: User, access: Access, query: Select[Link, str, str]) -> list[LinkRow]:
    """What the query (of `visible`) finds, with its authors as `user` may know them."""
    rows = db.session.execute(query).all()
    # An author whose name is hidden has the letter of the article at the end `a`.
    veil = naming.veil_over(access, {article_id for link, _, article_id in rows if link.user_id != user.id})
    return [
        LinkRow(link, name if link.user_id == user.id else veil.called(article_id, link.user_id, name))
        for link, name, article_id in rows
    ]


def change(user: User, link_id: str, changes: Changes) -> Link:
    """Change a link of one's own; what is not given stays, and to repeat it changes nothing.

    Raises NotFound for anybody else's and a deleted one, Invalid as `create` does, Conflict when both articles are
    closed or there is such a link already.
    """
    link = _own(user, link_id)
    if link.deleted_at is not None:
        raise NotFound
    wanted = _changed(link, changes)
    status = changes.get("status", link.status)
    if status is not link.status and status is not LinkStatus.CONFIRMED:
        raise Invalid.field("status", "A link can only be confirmed: only programs suggest links.")
    if wanted == _proposed(link) and status is link.status:
        return link
    link_rules.check(wanted)
    ends = link_rules.assignments_of(link.a_id, link.b_id)
    chain = ends[link.a_id].article_id
    _lock(chain)
    link_rules.require_open(user, ends.values())
    link_rules.require_no_decision(link.id)
    if wanted.relation is not link.relation:
        link_rules.require_one_time(wanted)
    standing = _standing(user, wanted)
    if standing is not None and standing.id != link.id:
        raise Conflict("You have made this very link already. Delete one of the two.")
    link.a_id, link.b_id = wanted.a, wanted.b
    link.relation, link.aspect, link.note, link.status = wanted.relation, wanted.aspect, wanted.note, status
    db.session.flush()
    _record("link.change", link, chain)
    return link


def delete(user: User, link_id: str) -> Link:
    """Delete a link of one's own; to repeat it changes nothing. Raises NotFound for anybody else's."""
    link = _own(user, link_id)
    if link.deleted_at is not None:
        return link
    ends = link_rules.assignments_of(link.a_id, link.b_id)
    _lock(ends[link.a_id].article_id)
    link_rules.require_open(user, ends.values())
    link_rules.require_no_decision(link.id)
    withdraw(link, by=user.id, chain=ends[link.a_id].article_id)
    return link


def withdraw(link: Link, *, by: str, chain: str) -> None:
    """The core of `delete`, by whoever may; the article `chain` is locked."""
    link.deleted_at = now()
    db.session.flush()
    _record("link.delete", link, chain, by=by)


def _own(user: User, link_id: str) -> Link:
    link = db.session.scalar(select(Link).where(Link.id == link_id, Link.user_id == user.id))
    if link is None:
        raise NotFound
    return link


def _proposed(link: Link) -> Proposal:
    return Proposal(link.a_id, link.b_id, link.relation, link.aspect, link.note)


def _changed(link: Link, changes: Changes) -> Proposal:
    """The link as it shall be."""
    before = _proposed(link)
    a = changes.get("a", before.a)
    if a not in (before.a, before.b):
        raise Invalid.field("a", "A link keeps its two claims: it can only go from the other one of them.")
    return Proposal(
        a,
        before.a if a == before.b else before.b,
        changes.get("relation", before.relation),
        changes.get("aspect", before.aspect),
        changes.get("note", before.note),
    )


def _standing(user: User, proposal: Proposal) -> Link | None:
    """The same link of the same person, if there is one; a symmetric relation is the same in both directions."""
    same: ColumnElement[bool] = (Link.a_id == proposal.a) & (Link.b_id == proposal.b)
    if proposal.relation in SYMMETRIC:
        same = or_(same, (Link.a_id == proposal.b) & (Link.b_id == proposal.a))
    return db.session.scalar(
        select(Link).where(
            same,
            Link.user_id == user.id,
            Link.relation == proposal.relation,
            Link.aspect.is_(None) if proposal.aspect is None else Link.aspect == proposal.aspect,
            Link.note == proposal.note,
            Link.deleted_at.is_(None),
        )
    )


def _lock(article_id: str) -> None:
    """One writer for each article, since its events form one chain; SQLite has one writer anyway."""
    db.session.execute(select(Article.id).where(Article.id == article_id).with_for_update())


def _record(action: str, link: Link, article_id: str, *, by: str = "") -> None:
    payload = {
        "a": str(link.a_id),
        "b": str(link.b_id),
        "relation": link.relation,
        "aspect": link.aspect,
        "layer": link.layer,
        "status": link.status,
        "note": link.note,
    }
    events.record(action, link.id, payload, user_id=by or link.user_id, project_id=link.project_id, chain=article_id)
    db.session.flush()

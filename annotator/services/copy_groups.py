"""The groups of copies as they are stored, and bringing articles into them.

What persons decided stands: who is confirmed stays in the group, who is rejected never comes back to it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from annotator.db import db, new_id, now
from annotator.models import Article, CopyMember, CopyState, Project
from annotator.services import events

if TYPE_CHECKING:
    from annotator.matching.copies import Groups

MANY = 500


class Membership(NamedTuple):
    """An article in a group, and what is said of it there."""

    group_id: str
    article_id: str
    state: CopyState


def memberships(connection: Connection, project_id: str) -> list[Membership]:
    """Every article of the project that is or was in a group, in the order of groups and articles."""
    return [
        Membership(*row)
        for row in connection.execute(
            select(CopyMember.group_id, CopyMember.article_id, CopyMember.state)
            .join(Article, Article.id == CopyMember.article_id)
            .where(CopyMember.project_id == project_id)
            .order_by(Article.position, CopyMember.group_id)
        )
    ]


def by_group(found: Iterable[Membership]) -> dict[str, list[Membership]]:
    """The members of each group, in the order given."""
    groups: defaultdict[str, list[Membership]] = defaultdict(list)
    for each in found:
        groups[each.group_id].append(each)
    return dict(groups)


def counted_once(found: Iterable[Membership], article_ids: Sequence[str]) -> dict[str, str]:
    """Those of the articles that are copies of one that stands before them in the sequence, each with that one."""
    group_of = {each.article_id: each.group_id for each in found if each.state is not CopyState.REJECTED}
    first: dict[str, str] = {}
    copies: dict[str, str] = {}
    for article_id in article_ids:
        if article_id in group_of:
            known = first.setdefault(group_of[article_id], article_id)
            if known != article_id:
                copies[article_id] = known
    return copies


def as_decided(found: Sequence[Membership], place_of: Mapping[str, int]) -> Groups:
    """The groups that are stored; those whom somebody rejected are kept apart from who is left."""
    from annotator.matching.copies import Groups

    together: list[tuple[int, int]] = []
    apart: list[tuple[int, int]] = []
    for members in by_group(each for each in found if each.article_id in place_of).values():
        places = {each.article_id: place_of[each.article_id] for each in members}
        live = [places[each.article_id] for each in members if each.state is not CopyState.REJECTED]
        out = [places[each.article_id] for each in members if each.state is CopyState.REJECTED]
        together += [(live[0], each) for each in live[1:]]
        # Of a group that was rejected as a whole nobody is a copy of anybody.
        apart += [(one, other) for one in out for other in (live or out) if one != other]
    groups = Groups(len(place_of), apart)
    for one, other in together:
        groups.join(one, other)
    return groups


def join_articles(project_id: str, joined: Sequence[tuple[str, str]], user_id: str | None) -> int:
    """Bring articles that came together into groups; how many are in another group than before.

    Where two groups become one it is the one with the first article, and of the others somebody has to say again
    whether they are copies of that.
    """
    lock(project_id)
    connection = db.session.connection()
    found = memberships(connection, project_id)
    group_of = {each.article_id: each.group_id for each in found if each.state is not CopyState.REJECTED}
    place_of = _places(connection, {each.article_id for each in found} | {each for pair in joined for each in pair})
    groups = as_decided(found, place_of)
    for one, other in joined:
        if one in place_of and other in place_of:
            groups.join(place_of[one], place_of[other])
    together: defaultdict[int, list[str]] = defaultdict(list)
    for article_id, n in place_of.items():
        together[groups.first(n)].append(article_id)
    brought: dict[str, list[str]] = {}
    rows = []
    moment = now()
    for members in together.values():
        there = [group_of[each] for each in members if each in group_of]
        if len(members) < 2 or (len(there) == len(members) and len(set(there)) == 1):
            continue
        group_id = there[0] if there else new_id()
        for other in sorted(set(there) - {group_id}):
            _dissolve(other, into=group_id)
        brought[group_id] = [each for each in members if group_of.get(each) != group_id]
        rows += [
            {
                "group_id": group_id,
                "article_id": each,
                "project_id": project_id,
                "state": CopyState.SUGGESTED,
                "user_id": None,
                "decided_at": None,
                "created_at": moment,
            }
            for each in brought[group_id]
        ]
    if rows:
        connection.execute(insert(CopyMember), rows)
        events.record("copies.find", project_id, {"groups": brought}, user_id=user_id, project_id=project_id)
    return len(rows)


def _dissolve(group_id: str, *, into: str) -> None:
    """Take the members out of a group that becomes part of another; those who were rejected are so there."""
    known = select(CopyMember.article_id).where(CopyMember.group_id == into)
    rejected = CopyMember.state == CopyState.REJECTED
    mine = CopyMember.group_id == group_id
    plain = {"synchronize_session": False}
    db.session.execute(
        delete(CopyMember).where(mine, (~rejected) | CopyMember.article_id.in_(known)), execution_options=plain
    )
    db.session.execute(update(CopyMember).where(mine).values(group_id=into), execution_options=plain)


def lock(project_id: str) -> None:
    """Groups are changed one after another; SQLite's write lock does this already."""
    db.session.execute(select(Project.id).where(Project.id == project_id).with_for_update())


def _places(connection: Connection, article_ids: set[str]) -> dict[str, int]:
    """A number for each of the articles, in their order in the project."""
    ordered = sorted(article_ids)
    found: list[tuple[int, str]] = []
    for first in range(0, len(ordered), MANY):
        part = Article.id.in_(ordered[first : first + MANY])
        found += [
            (position, each) for position, each in connection.execute(select(Article.position, Article.id).where(part))
        ]
    return {article_id: n for n, (_, article_id) in enumerate(sorted(found))}

"""The groups of copies as they are stored, and bringing articles into them.

What persons decided stands: who is confirmed stays in the group, who is rejected never comes back to it. What only the
machine said of a text that was corrected since is said anew of the new one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from annotator.db import db, new_id, now
from annotator.models import Article, ArticleVersion, CopyMember, CopySketch, CopyState, Project
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


def as_decided(found: Sequence[Membership], place_of: Mapping[str, int], again: Collection[str] = ()) -> Groups:
    """The groups that are stored, without those of `again`; whom somebody rejected is kept apart from who is left."""
    from annotator.matching.copies import Groups

    together: list[tuple[int, int]] = []
    apart: list[tuple[int, int]] = []
    for members in by_group(each for each in found if each.article_id in place_of).values():
        places = {each.article_id: place_of[each.article_id] for each in members}
        live = [places[each.article_id] for each in members if each.state is not CopyState.REJECTED]
        out = [places[each.article_id] for each in members if each.state is CopyState.REJECTED]
        stay = [places[each.article_id] for each in settled(members, again) if each.state is not CopyState.REJECTED]
        together += [(stay[0], each) for each in stay[1:]]
        # Of a group that was rejected as a whole nobody is a copy of anybody.
        apart += [(one, other) for one in out for other in (live or out) if one != other]
    groups = Groups(len(place_of), apart)
    for one, other in together:
        groups.join(one, other)
    return groups


def to_judge_anew(connection: Connection, found: Sequence[Membership], project_id: str) -> set[str]:
    """The articles that the machine alone put into groups in which a text was corrected and not compared since.

    Some of them may be there by way of the earlier text only.
    """
    corrected = set(
        connection.scalars(
            select(CopyMember.group_id)
            .join(Article, Article.id == CopyMember.article_id)
            .join(
                ArticleVersion, (ArticleVersion.article_id == Article.id) & (ArticleVersion.number == Article.version)
            )
            .outerjoin(CopySketch, CopySketch.version_id == ArticleVersion.id)
            .where(
                CopyMember.project_id == project_id,
                CopyMember.state != CopyState.REJECTED,
                Article.version > 1,
                CopySketch.version_id.is_(None),
            )
        )
    )
    return {each.article_id for each in found if each.group_id in corrected and each.state is CopyState.SUGGESTED}


class Joined(NamedTuple):
    """How many articles are in another group than before, and how many that were in one are in none."""

    grouped: int
    parted: int


def settled(found: Iterable[Membership], again: Collection[str]) -> list[Membership]:
    """The memberships that stand while those of `again` are judged."""
    return [each for each in found if each.state is not CopyState.SUGGESTED or each.article_id not in again]


def join_articles(
    project_id: str, joined: Sequence[tuple[str, str]], user_id: str | None, *, again: Collection[str] = ()
) -> Joined:
    """Bring articles that came together into groups, and those of `again` out of theirs unless they came together anew.

    Where two groups become one it is the one with the first article, and of the others somebody has to say again
    whether they are copies of that.
    """
    lock(project_id)
    connection = db.session.connection()
    found = memberships(connection, project_id)
    stand = settled(found, again)
    before = {each.article_id: each.group_id for each in set(found) - set(stand)}
    apart = _taken_out(project_id, before)
    group_of = {each.article_id: each.group_id for each in stand if each.state is not CopyState.REJECTED}
    place_of = _places(connection, {each.article_id for each in found} | {each for pair in joined for each in pair})
    groups = as_decided(found, place_of, again)
    for one, other in joined:
        if one in place_of and other in place_of:
            groups.join(place_of[one], place_of[other])
    together: defaultdict[int, list[str]] = defaultdict(list)
    for article_id, n in place_of.items():
        together[groups.first(n)].append(article_id)
    taken = set(group_of.values())
    brought: dict[str, list[str]] = {}
    parted: list[str] = []
    for members in together.values():
        there = [group_of[each] for each in members if each in group_of]
        came_from = list(dict.fromkeys(before[each] for each in members if each in before))
        if len(members) < 2 and not any(apart[each] for each in came_from):
            parted += [each for each in members if each in before]
            continue
        if len(there) == len(members) and len(set(there)) == 1:
            continue
        group_id = there[0] if there else next((each for each in came_from if each not in taken), None) or new_id()
        taken.add(group_id)
        for other in sorted(set(there) - {group_id}):
            _dissolve(other, into=group_id)
        for each in came_from:
            _keep_apart(apart[each], group_id)
        if len(members) < 2:
            parted += members
        brought[group_id] = [each for each in members if group_of.get(each) != group_id]
    _put_in(project_id, brought)
    _forget(set(before.values()) - taken)
    return _recorded(project_id, brought, parted, before=before, user_id=user_id)


def _put_in(project_id: str, brought: Mapping[str, Sequence[str]]) -> None:
    moment = now()
    rows = [
        {
            "group_id": group_id,
            "article_id": each,
            "project_id": project_id,
            "state": CopyState.SUGGESTED,
            "user_id": None,
            "decided_at": None,
            "created_at": moment,
        }
        for group_id, members in brought.items()
        for each in members
    ]
    if rows:
        db.session.execute(insert(CopyMember), rows)


def _recorded(
    project_id: str,
    brought: Mapping[str, Sequence[str]],
    parted: Sequence[str],
    *,
    before: Mapping[str, str],
    user_id: str | None,
) -> Joined:
    """Note what changed: who came to the same group again did not."""
    changed = {}
    for group_id, members in brought.items():
        if others := [each for each in members if before.get(each) != group_id and each not in parted]:
            changed[group_id] = others
    if changed or parted:
        payload = {"groups": changed} | ({"parted": list(parted)} if parted else {})
        events.record("copies.find", project_id, payload, user_id=user_id, project_id=project_id)
    return Joined(sum(map(len, changed.values())), len(parted))


def _taken_out(project_id: str, before: Mapping[str, str]) -> dict[str, list[dict[str, Any]]]:
    """Take the articles out of their groups; for each of these who was rejected in it, and stays so."""
    apart: dict[str, list[dict[str, Any]]] = {group_id: [] for group_id in before.values()}
    if not before:
        return apart
    ours = CopyMember.project_id == project_id
    rejected = select(CopyMember.__table__).where(ours, CopyMember.state == CopyState.REJECTED)
    for row in db.session.execute(rejected).mappings():
        if row["group_id"] in apart:
            apart[row["group_id"]].append(dict(row))
    ids = sorted(before)
    for first in range(0, len(ids), MANY):
        mine = CopyMember.article_id.in_(ids[first : first + MANY])
        db.session.execute(
            delete(CopyMember).where(ours, mine, CopyMember.state == CopyState.SUGGESTED),
            execution_options={"synchronize_session": False},
        )
    return apart


def _keep_apart(rejected: Sequence[Mapping[str, Any]], group_id: str) -> None:
    """Whom somebody rejected for a member is rejected in the group in which that is now."""
    known = set(db.session.scalars(select(CopyMember.article_id).where(CopyMember.group_id == group_id)))
    rows = [{**row, "group_id": group_id} for row in rejected if row["article_id"] not in known]
    if rows:
        db.session.execute(insert(CopyMember), rows)


def _forget(group_ids: Collection[str]) -> None:
    """Of a group that nobody is in any more those who were rejected in it were rejected for nobody."""
    for group_id in sorted(group_ids):
        db.session.execute(
            delete(CopyMember).where(CopyMember.group_id == group_id), execution_options={"synchronize_session": False}
        )


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

"""Which articles of a project are copies of one wire text, for who may read them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import aliased, defer

from annotator.db import db
from annotator.errors import NotFound
from annotator.models import Article, ArticleVersion, Assignment, CopyMember, CopyState, User
from annotator.permissions import Action
from annotator.services import copy_groups
from annotator.services.copy_groups import Membership
from annotator.services.present_work import is_present
from annotator.services.projects import Access

GROUPS_ON_A_PAGE = 20

FEWEST = 2
"""Members of a group; one may be left by itself where its only copy was corrected."""


_SAID_AT = func.coalesce(CopyMember.decided_at, CopyMember.created_at)


@dataclass(frozen=True)
class Member:
    """An article of a group, with who decided about it, if somebody did; its text is not loaded.

    `outdated`: what is said of it was said of an earlier version.
    """

    article: Article
    version: ArticleVersion
    state: CopyState
    decided_by: str | None
    outdated: bool = False


@dataclass(frozen=True)
class Group:
    """Copies of one text, in the order of the project. It is rejected when all are, confirmed when all others are."""

    id: str
    members: list[Member]

    @property
    def state(self) -> CopyState:
        """What is said of the group as a whole."""
        return state_of(each.state for each in self.members)

    @property
    def live(self) -> list[Member]:
        """Those who are not rejected."""
        return [each for each in self.members if each.state is not CopyState.REJECTED]


@dataclass(frozen=True)
class Groups:
    """A part of the groups in one state, how many there are in each, and after which group the next part begins."""

    groups: list[Group]
    counts: dict[CopyState, int]
    next: str | None


def state_of(states: Iterable[CopyState]) -> CopyState:
    """The state of a group by those of its members: fewer than two that are left are copies of nothing."""
    live = [each for each in states if each is not CopyState.REJECTED]
    if len(live) < FEWEST:
        return CopyState.REJECTED
    return CopyState.CONFIRMED if set(live) == {CopyState.CONFIRMED} else CopyState.SUGGESTED


def groups_in(
    project_id: str, state: CopyState | None, *, after: str | None = None, limit: int = GROUPS_ON_A_PAGE
) -> Groups:
    """The groups of the project in that state, or in any but rejected, that follow the group `after`: two statements.

    They stand in the order of their first articles.
    """
    found = copy_groups.by_group(copy_groups.memberships(db.session.connection(), project_id))
    states = {
        group_id: state_of(each.state for each in members)
        for group_id, members in found.items()
        if len(members) >= FEWEST
    }
    wanted = [
        group_id
        for group_id, its in states.items()
        if (its is state if state is not None else its is not CopyState.REJECTED)
    ]
    if after is not None:
        # The group may have left the list since; what followed it still does.
        order = {group_id: n for n, group_id in enumerate(states)}
        wanted = [each for each in wanted if order[each] > order.get(after, -1)]
    part = wanted[:limit]
    counts = Counter(states.values())
    return Groups(
        _with_articles(part) if part else [],
        {each: counts[each] for each in CopyState},
        part[-1] if len(wanted) > limit else None,
    )


def group_for(access: Access, group_id: str) -> Group:
    """One group of the project. Raises NotFound."""
    found = [group for group in _with_articles([group_id]) if group.members[0].article.project_id == access.project.id]
    if not found or len(found[0].members) < FEWEST:
        raise NotFound("There is no such group of copies. It may have become part of another one: open the list again.")
    return found[0]


def are_copies(article_id: str, other_id: str) -> bool:
    """Whether two articles are in one group of copies, unless somebody rejected that: one statement."""
    one, other = aliased(CopyMember), aliased(CopyMember)
    return bool(
        db.session.scalar(
            select(one.group_id)
            .join(other, other.group_id == one.group_id)
            .where(
                one.article_id == article_id,
                other.article_id == other_id,
                one.state != CopyState.REJECTED,
                other.state != CopyState.REJECTED,
            )
            .limit(1)
        )
    )


def counterparts(user: User, access: Access, article_ids: Collection[str]) -> dict[str, list[Member]]:
    """For each of these articles the other copies that `user` may read, if there are any: one statement.

    A reviewer reads the articles that are assigned to them; what they see depends on nothing that others mark.
    """
    one, other = aliased(CopyMember), aliased(CopyMember)
    query = (
        select(one.article_id, Article, ArticleVersion, other.state)
        .select_from(one)
        .join(other, other.group_id == one.group_id)
        .join(Article, Article.id == other.article_id)
        .join(ArticleVersion, (ArticleVersion.article_id == Article.id) & (ArticleVersion.number == Article.version))
        .where(
            one.article_id.in_(article_ids),
            one.project_id == access.project.id,
            one.article_id != other.article_id,
            one.state != CopyState.REJECTED,
            other.state != CopyState.REJECTED,
        )
        .options(defer(ArticleVersion.text))
        .order_by(one.article_id, Article.position)
    )
    if not access.may(Action.READ_ALL):
        own = select(Assignment.article_id).where(Assignment.user_id == user.id, is_present())
        query = query.where(Article.id.in_(own))
    found: dict[str, list[Member]] = {}
    for article_id, article, version, state in db.session.execute(query):
        found.setdefault(article_id, []).append(Member(article, version, state, None))
    return found


def first_of_each(connection: Connection, project_id: str) -> dict[str, str]:
    """For each article in a group, by what is stored, the first article of the group; others are not there."""
    found = copy_groups.by_group(copy_groups.memberships(connection, project_id))
    return {
        each.article_id: live[0].article_id for members in found.values() if (live := _live(members)) for each in live
    }


def _live(members: Sequence[Membership]) -> list[Membership]:
    return [each for each in members if each.state is not CopyState.REJECTED]


def every_group(project_id: str) -> Iterator[Group]:
    """All groups, those that were rejected last; a few statements for every hundred."""
    for state in (None, CopyState.REJECTED):
        found = groups_in(project_id, state, limit=100)
        yield from found.groups
        while found.next:
            found = groups_in(project_id, state, after=found.next, limit=100)
            yield from found.groups


def _with_articles(group_ids: Sequence[str]) -> list[Group]:
    rows = db.session.execute(
        select(CopyMember.group_id, Article, ArticleVersion, CopyMember.state, User.name, _SAID_AT)
        .join(Article, Article.id == CopyMember.article_id)
        .join(ArticleVersion, (ArticleVersion.article_id == Article.id) & (ArticleVersion.number == Article.version))
        .outerjoin(User, User.id == CopyMember.user_id)
        .where(CopyMember.group_id.in_(group_ids))
        .options(defer(ArticleVersion.text))
        .order_by(Article.position)
    )
    members: dict[str, list[Member]] = {group_id: [] for group_id in group_ids}
    for group_id, article, version, state, name, said_at in rows:
        outdated = version.number > 1 and said_at < version.created_at
        members[group_id].append(Member(article, version, state, name, outdated))
    return [Group(group_id, found) for group_id, found in members.items() if found]

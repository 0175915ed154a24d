"""What persons say of the groups of copies: confirmed, rejected, or taken back; of all members or of one.

Each change is one event, so who said what stays on record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, select

from annotator.db import db, now
from annotator.errors import Conflict, NotFound
from annotator.models import Article, ArticleVersion, CopyMember, CopySketch, CopyState, User
from annotator.permissions import Action
from annotator.services import copy_groups, events, projects
from annotator.services.copies import FEWEST


class Act(StrEnum):
    """What a person does with a group, or with one article of it."""

    CONFIRM = "confirm"
    REJECT = "reject"
    UNDO = "undo"


STATE_AFTER = {Act.CONFIRM: CopyState.CONFIRMED, Act.REJECT: CopyState.REJECTED, Act.UNDO: CopyState.SUGGESTED}


def decide(user: User, slug: str, group_id: str, act: Act, *, article_id: str | None = None) -> bool:
    """Confirm or reject a group or one article of it, or take that back; False when all of it stands so already.

    To confirm a group confirms who was not rejected in it. Raises NotFound where there is no such group or article,
    Conflict for one article of a group that is rejected as a whole, and where an article that would come back is in
    another group by now.
    """
    project = projects.get_for(user, slug, Action.READ_ALL).project
    copy_groups.lock(project.id)
    members = db.session.scalars(
        select(CopyMember)
        .join(Article, Article.id == CopyMember.article_id)
        .where(CopyMember.project_id == project.id, CopyMember.group_id == group_id)
        .order_by(Article.position)
    ).all()
    after = _after(members, act, article_id)
    changed = [each for each in members if each.state is not after[each.article_id]]
    if not changed:
        return False
    _require_free([each.article_id for each in changed if each.state is CopyState.REJECTED], group_id)
    payload = {each.article_id: [each.state.value, after[each.article_id].value] for each in changed}
    if act is Act.UNDO:
        for each in changed:
            # What somebody said of an earlier version is not what the machine says of this one.
            _compare_anew(each.article_id, corrected_after=each.decided_at)
    for each in changed:
        each.state = after[each.article_id]
        decided = each.state is not CopyState.SUGGESTED
        each.user_id, each.decided_at = (user.id, now()) if decided else (None, None)
    if article_id is not None and after[article_id] is CopyState.REJECTED and _live(after):
        _compare_anew(article_id)
    events.record(f"copies.{act.value}", group_id, {"articles": payload}, user_id=user.id, project_id=project.id)
    db.session.flush()
    return True


def _after(members: Sequence[CopyMember], act: Act, article_id: str | None) -> dict[str, CopyState]:
    """What will be said of each member."""
    state = STATE_AFTER[act]
    before = {each.article_id: each.state for each in members}
    if not members or (article_id is not None and article_id not in before):
        raise NotFound("There is no such group of copies. It may have become part of another one: open the list again.")
    live = _live(before)
    if article_id is None:
        stay = before.keys() - live if act is Act.CONFIRM and live else set()
        return {each: before[each] if each in stay else state for each in before}
    if len(live) < FEWEST:
        raise Conflict("This group was rejected. Take that back first; then decide about one article of it.")
    after = before | {article_id: state}
    if len(_live(after)) < FEWEST:
        return dict.fromkeys(before, CopyState.REJECTED)
    if act is Act.CONFIRM and len(live | {article_id}) == FEWEST:
        # Of two articles the one is a copy of the other as the other is of the one.
        after |= dict.fromkeys(live, state)
    return after


def _live(states: Mapping[str, CopyState]) -> set[str]:
    return {each for each, state in states.items() if state is not CopyState.REJECTED}


def _require_free(article_ids: Sequence[str], group_id: str) -> None:
    """Raise Conflict if one of the articles is in another group."""
    taken = db.session.execute(
        select(ArticleVersion.title, ArticleVersion.suggested_title)
        .join(Article, (ArticleVersion.article_id == Article.id) & (ArticleVersion.number == Article.version))
        .join(CopyMember, CopyMember.article_id == Article.id)
        .where(
            CopyMember.article_id.in_(article_ids),
            CopyMember.group_id != group_id,
            CopyMember.state != CopyState.REJECTED,
        )
        .order_by(Article.position)
        .limit(1)
    ).first()
    if taken:
        heading = taken.title or taken.suggested_title
        raise Conflict(f"“{heading}” is in another group of copies by now. Reject it there first.")


def _compare_anew(article_id: str, *, corrected_after: datetime | None = None) -> None:
    """Forget the sketch of an article, so that the next look compares it with those that it was not rejected for.

    With `corrected_after` only that of a later version.
    """
    versions = select(ArticleVersion.id).where(ArticleVersion.article_id == article_id)
    if corrected_after is not None:
        versions = versions.where(ArticleVersion.number > 1, ArticleVersion.created_at > corrected_after)
    db.session.execute(
        delete(CopySketch).where(CopySketch.version_id.in_(versions)),
        execution_options={"synchronize_session": False},
    )

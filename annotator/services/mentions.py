"""Who is named in a thread with @name, and what they are told until they have seen it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true, update

from annotator.db import db, now
from annotator.errors import NotFound
from annotator.models import (
    Article,
    ArticleVersion,
    Assignment,
    AssignmentKind,
    Decision,
    Membership,
    Mention,
    Post,
    Project,
    Role,
    SecondRoundAnswer,
    User,
)
from annotator.services import naming, openness

MOST_CALLS = 50
_MENTION = re.compile(r"@(\w[\w.'’-]*(?: \w[\w.'’-]*){0,3})")


@dataclass(frozen=True)
class Call:
    """A post that names the reader, and that they have not seen yet."""

    post_id: str
    article_id: str
    heading: str
    question: UUID
    by: str
    text: str


def calls(user: User) -> list[Call]:
    """The posts that name `user` and that they have not seen, the newest first, as far as they still may read them.

    Two statements, one without any: it says for many articles at once what `discussion.readable` says for one.
    """
    heading = func.coalesce(func.nullif(ArticleVersion.title, ""), ArticleVersion.suggested_title)
    rows = db.session.execute(
        select(Post, User.name, heading, Project.blind, _holds(user, Role.MANAGER))
        .join(Mention, Mention.post_id == Post.id)
        .join(User, User.id == Post.user_id)
        .join(Article, Article.id == Post.article_id)
        .join(Project, Project.id == Article.project_id)
        .join(ArticleVersion, (ArticleVersion.article_id == Article.id) & (ArticleVersion.number == Article.version))
        .where(Mention.user_id == user.id, Mention.seen_at.is_(None), _reads(user))
        .order_by(Post.created_at.desc(), Post.id)
        .limit(MOST_CALLS)
    ).all()
    hidden = {post.article_id for post, _, _, blind, manages in rows if blind and not (manages or user.is_admin)}
    veil = naming.letters_in(hidden) if hidden else naming.NO_VEIL
    return [
        Call(
            post.id, post.article_id, title, post.question, veil.called(post.article_id, post.user_id, name), post.text
        )
        for post, name, title, _, _ in rows
    ]


def see(user: User, post_id: str) -> tuple[str, UUID]:
    """The person has seen that they are named; gives the article and the question. Raises NotFound for others' calls."""
    row = db.session.execute(
        select(Post.article_id, Post.question)
        .join(Mention, Mention.post_id == Post.id)
        .where(Post.id == post_id, Mention.user_id == user.id)
    ).first()
    if row is None:
        raise NotFound
    article_id, question = row
    mark_seen(user, article_id, question)
    return article_id, question


def mark_seen(user: User, article_id: str, question: UUID) -> None:
    """The person has seen everything in the thread that names them."""
    thread_posts = select(Post.id).where(Post.article_id == article_id, Post.question == question)
    db.session.execute(
        update(Mention)
        .where(Mention.user_id == user.id, Mention.seen_at.is_(None), Mention.post_id.in_(thread_posts))
        .values(seen_at=now())
        .execution_options(synchronize_session=False)
    )


def named_in(user: User, article_id: str, text: str) -> set[str]:
    """The ids of the people whom the text names with @, by the names under which its author knows them."""
    found = _MENTION.findall(text)
    if not found:
        return set()
    known = _callable(user, article_id)
    named = set()
    for words in found:
        parts = words.casefold().split(" ")
        # The longest name that fits: "@Ada Lovelace said" names Ada Lovelace, "@Ada said" Ada.
        for length in range(len(parts), 0, -1):
            candidate = " ".join(parts[:length])
            person = known.get(candidate) or known.get(candidate.rstrip(".'’-"))
            if person:
                named.add(person)
                break
    return named - {user.id}


def _holds(user: User, *roles: Role) -> ColumnElement[bool]:
    """Whether the person has one of the roles in the article's project."""
    return exists().where(
        Membership.project_id == Article.project_id, Membership.user_id == user.id, Membership.role.in_(roles)
    )


def _reads(user: User) -> ColumnElement[bool]:
    """Whether the person reads the thread of the post: what `discussion.readable` says, for the database."""
    own = (Assignment.article_id == Post.article_id, Assignment.user_id == user.id)
    reviews = (*own, Assignment.kind != AssignmentKind.ADJUDICATION)
    everything = true() if user.is_admin else _holds(user, Role.ADJUDICATOR, Role.MANAGER)
    revealed = Article.revealed_at.is_not(None) & exists().where(
        *own, Assignment.kind == AssignmentKind.REVIEW, Assignment.state.in_(openness.DONE)
    )
    asked = (
        exists()
        .where(*own)
        .where(
            SecondRoundAnswer.assignment_id == Assignment.id,
            Decision.id == SecondRoundAnswer.decision_id,
            Decision.question == Post.question,
            Decision.undone_at.is_(None),
        )
    )
    return or_(and_(everything, ~exists().where(*reviews)), revealed, asked)


def _callable(user: User, article_id: str) -> Mapping[str, str]:
    """The people of the article by name, or by letter where names are hidden: reviewers, adjudicator, managers."""
    veil = naming.veil_for(user, article_id)
    hidden = veil.letters.get(article_id, {})
    assigned = (
        select(User)
        .join(Assignment, Assignment.user_id == User.id)
        .where(
            Assignment.article_id == article_id,
            Assignment.kind.in_([AssignmentKind.REVIEW, AssignmentKind.ADJUDICATION]),
        )
    )
    managing = (
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .join(Article, Article.project_id == Membership.project_id)
        .where(Article.id == article_id, Membership.role == Role.MANAGER)
    )
    people = [*db.session.scalars(managing), *db.session.scalars(assigned)]
    return {(hidden.get(person.id) or person.name).casefold(): person.id for person in people}

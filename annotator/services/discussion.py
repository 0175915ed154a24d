"""Threads on a question: what reviewers, adjudicator and managers say to each other once the blind vote is over.

Adjudicators and managers read every thread of an article from when it opens. A reviewer reads them all once the
article was revealed, and before that only the thread of a question that was sent back to them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from annotator.db import db
from annotator.domain import text as texts
from annotator.errors import Invalid, NotFound
from annotator.models import Annotation, Article, Assignment, AssignmentKind, Mention, Post, PostKind, User
from annotator.permissions import Action
from annotator.services import articles, events, mentions, naming, openness, rounds
from annotator.services.articles import ArticleAccess

LONGEST = 2_000


@dataclass(frozen=True)
class PostShown:
    """A post as one person reads it; `by` is a name, or a letter where names are hidden."""

    id: str
    by: str
    own: bool
    kind: PostKind
    text: str
    at: datetime


@dataclass
class Thread:
    """The posts on one question, the oldest first."""

    question: UUID
    posts: list[PostShown] = field(default_factory=list)

    @property
    def resolved(self) -> bool:
        """Whether the last word on that was that it is settled."""
        marks = [post.kind for post in self.posts if post.kind is not PostKind.COMMENT]
        return bool(marks) and marks[-1] is PostKind.RESOLVE


def readable(user: User, article_id: str) -> tuple[ArticleAccess, frozenset[UUID] | None]:
    """The article with the questions whose threads `user` reads; None stands for all of them. Raises NotFound."""
    found = articles.get_for(user, article_id)
    own = found.assignment
    if own is None or own.kind is AssignmentKind.ADJUDICATION:
        if found.access.may(Action.READ_ALL) and openness.is_open(article_id, found.access.project.reviewers):
            return found, None
        raise NotFound
    if openness.sees_revealed(found):
        return found, None
    asked = frozenset(each.question for each in rounds.questions_to(user, article_id=article_id))
    if not asked:
        raise NotFound
    return found, asked


def threads(user: User, article_id: str) -> dict[UUID, Thread]:
    """The threads of the article that `user` reads, by question; none where they read none."""
    try:
        _, among = readable(user, article_id)
    except NotFound:
        return {}
    return threads_among(user, article_id, among)


def threads_among(user: User, article_id: str, among: frozenset[UUID] | None = None) -> dict[UUID, Thread]:
    """The same for somebody of whom it is known what they read: one statement, some more where there are posts."""
    query = (
        select(Post)
        .join(Post.user)
        .options(contains_eager(Post.user))
        .where(Post.article_id == article_id)
        .order_by(Post.created_at, Post.id)
    )
    if among is not None:
        query = query.where(Post.question.in_(among))
    posts = db.session.scalars(query).all()
    veil = naming.veil_for(user, article_id) if posts else naming.NO_VEIL
    found: dict[UUID, Thread] = {}
    for post in posts:
        by = veil.called(article_id, post.user_id, post.user.name)
        shown = PostShown(post.id, by, post.user_id == user.id, post.kind, post.text, post.created_at)
        found.setdefault(post.question, Thread(post.question)).posts.append(shown)
    return found


def thread(user: User, article_id: str, question: UUID) -> Thread:
    """One thread, which may be empty. Raises NotFound for a question whose thread `user` does not read."""
    _, among = readable(user, article_id)
    if (among is not None and question not in among) or not _is_question(article_id, question):
        raise NotFound
    return threads(user, article_id).get(question) or Thread(question)


def add(user: User, article_id: str, question: UUID, text: str, *, kind: PostKind = PostKind.COMMENT) -> Post | None:
    """Say something about the question, resolve its thread or open it again; None where it is so already.

    Raises NotFound as `thread`, Invalid for a text that cannot be stored or is empty where it is all there is.
    """
    text = text.strip()
    _check(text, kind)
    # The article's row holds the chain of its events, and one post after another.
    db.session.execute(select(Article.id).where(Article.id == article_id).with_for_update())
    present = thread(user, article_id, question)
    if kind is not PostKind.COMMENT and present.resolved == (kind is PostKind.RESOLVE):
        return None
    named = mentions.named_in(user, article_id, text)
    post = Post(
        article_id=article_id,
        question=question,
        user_id=user.id,
        kind=kind,
        text=text,
        mentions=[Mention(user_id=user_id) for user_id in sorted(named)],
    )
    db.session.add(post)
    db.session.flush()
    mentions.mark_seen(user, article_id, question)
    events.record(
        f"discussion.{kind.value}",
        str(question),
        {"post": post.id, "text": text},
        user_id=user.id,
        project_id=articles.get_for(user, article_id).article.project_id,
        chain=article_id,
    )
    return post


def _check(text: str, kind: PostKind) -> None:
    if not text and kind is PostKind.COMMENT:
        raise Invalid.field("text", "Write something first.")
    if problem := texts.problem_with(text):
        raise Invalid.field("text", f"'text' {problem}")
    if len(text) > LONGEST:
        raise Invalid.field("text", f"A post has at most {LONGEST:,} characters; this one has {len(text):,}.")


def _is_question(article_id: str, question: UUID) -> bool:
    """Whether the id is one of a question: that of a claim of the article."""
    query = (
        select(Annotation.id)
        .join(Assignment, Assignment.id == Annotation.assignment_id)
        .where(
            Annotation.id == question,
            Assignment.article_id == article_id,
            Assignment.kind.in_([AssignmentKind.REVIEW, AssignmentKind.ADJUDICATION]),
        )
    )
    return db.session.scalar(query) is not None

"""The adjudication of an article as a whole: an adjudicator takes it on, finishes it, reopens it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update

from annotator.db import db, now
from annotator.domain.webhook_events import WebhookEvent
from annotator.errors import Conflict, NotFound
from annotator.models import Article, Assignment, AssignmentKind, AssignmentState, User
from annotator.services import events, link_questions, openness, webhook_outbox
from annotator.services.assignments import Work, find_work
from annotator.services.questions import adjudicator_of, asking, require_open_article, standing, to_adjudicate

FINISHED = "The adjudication of this article is finished. Reopen it to change a decision."


def take_on(user: User, article_id: str, question: UUID | None = None) -> Work:
    """The adjudication of the article by `user`, open and locked; the first call makes it and locks the reviews.

    Raises Conflict when another adjudicator has taken the article, with what they decided on `question`.
    """
    found = to_adjudicate(user, article_id)
    # Two adjudicators at the same moment: the second waits here, and then finds the article taken.
    article = db.session.scalars(select(Article).where(Article.id == article_id).with_for_update()).one()
    present = adjudication_of(article_id)
    if present is not None and present.user_id != user.id:
        raise _taken(article_id, question)
    if present is not None and present.state is AssignmentState.SUBMITTED:
        raise Conflict(FINISHED)
    if present is None:
        # A reviewer may have reopened the article while this waited for the lock.
        require_open_article(article_id, found.access.project.reviewers)
        _begin(user, article)
    return find_work(user, article_id)


def finish(user: User, article_id: str) -> Assignment:
    """Close the adjudication: its gold is exported from now on. To repeat it changes nothing.

    Raises Conflict (details: the questions) while one is open, about a claim or about a link that can be decided.
    """
    project = to_adjudicate(user, article_id).access.project
    present = adjudication_of(article_id)
    if present is not None and present.user_id == user.id and present.state is AssignmentState.SUBMITTED:
        return present
    work = take_on(user, article_id)
    asked = asking(article_id)
    waiting = [str(view.id) for view in asked.views if view.is_open]
    linked = [str(view.id) for view in link_questions.of(user, project, article_id, asked) if view.is_open]
    if waiting or linked:
        raise Conflict(_still_open(len(waiting), len(linked)), {"open": waiting, "open_links": linked})
    work.assignment.state = AssignmentState.SUBMITTED
    work.assignment.submitted_at = now()
    _record(work, "adjudication.finish")
    told = {"article": article_id, "external_id": work.article.external_id}
    webhook_outbox.announce(work.project.id, WebhookEvent.ARTICLE_ADJUDICATED, lambda: told)
    return work.assignment


def reopen(user: User, article_id: str) -> Assignment:
    """Take a finish back, by the adjudicator who finished it."""
    to_adjudicate(user, article_id)
    present = adjudication_of(article_id)
    if present is None or present.user_id != user.id:
        raise NotFound
    if present.state is AssignmentState.SUBMITTED:
        work = find_work(user, article_id)
        work.assignment.state = AssignmentState.IN_PROGRESS
        work.assignment.submitted_at = None
        _record(work, "adjudication.reopen")
    return present


def adjudication_of(article_id: str) -> Assignment | None:
    """The assignment of who adjudicates the article, as it stands now; None before its first decision."""
    return db.session.scalar(
        select(Assignment)
        .where(Assignment.article_id == article_id, Assignment.kind == AssignmentKind.ADJUDICATION)
        .execution_options(populate_existing=True)
    )


def _still_open(claims: int, links: int) -> str:
    """What keeps an article from being finished, in words."""
    count = "One question is" if claims + links == 1 else f"{claims + links} questions are"
    if not links:
        return f"{count} still open. Decide them, then finish."
    of_links = "all of them about links" if not claims else f"{links} of them about links"
    return f"{count} still open, {'about a link' if claims + links == 1 else of_links}. Decide them, then finish."


def _taken(article_id: str, question: UUID | None) -> Conflict:
    adjudicator = adjudicator_of(article_id)
    name = adjudicator.name if adjudicator else "Another adjudicator"
    decided = next((each for each in standing(article_id) if each.question == question), None)
    words = " and has decided this question" if decided else ""
    return Conflict(
        f"{name} adjudicates this article{words}. One article has one adjudicator: take another one from the project.",
        {"decision": decided} if decided else {},
    )


def _begin(user: User, article: Article) -> None:
    version_id = openness.reviewed_version(article.id)
    db.session.add(
        Assignment(
            article_id=article.id,
            version_id=version_id,
            user_id=user.id,
            kind=AssignmentKind.ADJUDICATION,
            state=AssignmentState.IN_PROGRESS,
        )
    )
    db.session.execute(
        update(Assignment)
        .where(Assignment.article_id == article.id, Assignment.kind == AssignmentKind.REVIEW)
        .values(state=AssignmentState.LOCKED)
    )
    db.session.flush()
    events.record(
        "adjudication.begin",
        article.id,
        {},
        user_id=user.id,
        project_id=article.project_id,
        chain=article.id,
    )
    db.session.flush()


def _record(work: Work, action: str) -> None:
    events.record(
        action,
        work.assignment.id,
        {},
        user_id=work.assignment.user_id,
        project_id=work.project.id,
        chain=work.article.id,
    )
    db.session.flush()

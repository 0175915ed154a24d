"""What a link must keep to: whose claims it joins, while its author works on one of them, and that they speak of one time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from annotator.db import db
from annotator.domain import date_guard
from annotator.domain.claims import Aspect, Relation
from annotator.domain.date_guard import Dated, window_of
from annotator.domain.text import problem_with
from annotator.errors import Conflict, FieldProblem, Invalid
from annotator.models import Annotation, Article, ArticleVersion, Assignment, AssignmentKind, LinkDecision, User
from annotator.permissions import OPEN, Action
from annotator.services.present_work import marks_alone
from annotator.services.projects import Access

CLOSED = "Both articles are closed for you, so their links stay as they are. Reopen one of them first."


@dataclass(frozen=True)
class Proposal:
    """A link as a person sends it; directed relations go from `a` to `b`."""

    a: UUID
    b: UUID
    relation: Relation
    aspect: Aspect | None = None
    note: str = ""


def require_one_time(proposal: Proposal) -> None:
    """Raise Invalid for a contradiction between claims that are about different times."""
    if proposal.relation is not Relation.CONTRADICTS:
        return
    rows = db.session.execute(
        select(Annotation, ArticleVersion.published)
        .join(Assignment, Assignment.id == Annotation.assignment_id)
        .join(ArticleVersion, ArticleVersion.id == Assignment.version_id)
        .where(Annotation.id.in_([proposal.a, proposal.b]))
    )
    dated = {
        claim.id: Dated(claim.exact, window_of(claim.event_start, claim.event_end, published))
        for claim, published in rows
    }
    why = date_guard.refusal(proposal.relation, dated[proposal.a], dated[proposal.b])
    if why:
        raise Invalid.field("relation", why)


def check(proposal: Proposal) -> None:
    """Raise Invalid for a claim linked with itself and for a note that cannot be stored."""
    if proposal.a == proposal.b:
        raise Invalid.field("b", "A link needs two different claims.")
    problem = problem_with(proposal.note)
    if problem is not None:
        raise Invalid.field("note", problem)


def ends_for(user: User, access: Access, proposal: Proposal) -> dict[UUID, Assignment]:
    """The assignments of the two claims. Raises Invalid, in the same words for a claim of others and for none."""
    found = {
        annotation_id: assignment
        for annotation_id, assignment in assignments_of(proposal.a, proposal.b, access.project.id).items()
        if (assignment.user_id == user.id and not marks_alone(assignment))
        or (assignment.kind is AssignmentKind.ADJUDICATION and access.may(Action.ADJUDICATE))
    }
    sentence = "There is no such claim for you in this project."
    problems = [FieldProblem(name, sentence) for name in ("a", "b") if getattr(proposal, name) not in found]
    if problems:
        raise Invalid(sentence, problems)
    if found[proposal.a].kind is not found[proposal.b].kind:
        raise Invalid.field("b", "A link joins two reviewers' claims or two gold claims, not one of each.")
    return found


def assignments_of(a: UUID, b: UUID, project_id: str | None = None) -> dict[UUID, Assignment]:
    """The assignments to which the two claims belong; with a project only of live claims in it."""
    query = (
        select(Annotation.id, Assignment)
        .join(Assignment, Assignment.id == Annotation.assignment_id)
        .join(Article, Article.id == Assignment.article_id)
        .where(Annotation.id.in_([a, b]))
    )
    if project_id is not None:
        query = query.where(Article.project_id == project_id, Annotation.deleted_at.is_(None))
    return dict(db.session.execute(query).all())


def require_open(user: User, ends: Iterable[Assignment]) -> None:
    """A link belongs to two articles; it may change while its author still works on one of them."""
    if not any(end.user_id == user.id and end.state in OPEN for end in ends):
        raise Conflict(CLOSED)


def require_no_decision(link_id: str) -> None:
    """A gold link that answers a question is changed by answering it otherwise."""
    if db.session.scalar(
        select(LinkDecision.id).where(LinkDecision.link_id == link_id, LinkDecision.undone_at.is_(None))
    ):
        raise Conflict(
            "This gold link answers a question of the adjudication. Decide that anew on the adjudicate page of one of its "
            "articles; then the link goes with it."
        )

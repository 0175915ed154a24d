"""Where a person reads a claim, so that one address of a claim serves everybody who may see it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from annotator.errors import Conflict, Forbidden
from annotator.models import Annotation, AssignmentKind, User
from annotator.services import annotations as claims
from annotator.services import history, questions


@dataclass(frozen=True)
class Place:
    """In the article; at a question of its adjudication; or, for what stands in neither, in its history."""

    article_id: str
    adjudicated: bool = False
    question: UUID | None = None
    history: bool = False


def of(user: User, annotation_id: UUID) -> Place:
    """Where `user` reads the claim. Raises NotFound if they may not see it."""
    annotation = history.owned(user, annotation_id)
    own = annotation is not None
    annotation = annotation or claims.get_for(user, annotation_id)
    article_id = annotation.assignment.article_id
    if annotation.deleted_at is not None:
        return Place(article_id, history=True)
    gold = annotation.assignment.kind is AssignmentKind.ADJUDICATION
    if own and not gold:
        return Place(article_id)
    if _adjudicates(user, article_id):
        return Place(article_id, adjudicated=True, question=_question_of(annotation))
    return Place(article_id, history=gold)


def _adjudicates(user: User, article_id: str) -> bool:
    try:
        questions.to_adjudicate(user, article_id)
    except (Conflict, Forbidden):
        return False
    taken = questions.adjudicator_of(article_id)
    return taken is None or taken.id == user.id


def _question_of(annotation: Annotation) -> UUID | None:
    for view in questions.views_of(annotation.assignment.article_id):
        gold = view.decision.gold_id if view.decision else None
        if annotation.id in {gold, *(vote.id for vote in (*view.versions, *view.arrived))}:
            return view.id
    return None

"""The stages of an article, as the database sees them: to filter by, and to count a whole project in one pass."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ColumnElement, Select, case, func, select

from annotator.models import Article, Assignment, AssignmentKind, AssignmentState, Project
from annotator.services import openness
from annotator.services.openness import DONE


class Stage(StrEnum):
    """Where an article stands; the words of `progress.ArticleProgress.state`."""

    UNASSIGNED = "unassigned"
    IN_REVIEW = "in_review"
    OPEN = "open"
    IN_ADJUDICATION = "in_adjudication"
    FINISHED = "finished"


def listed(project: Project) -> ColumnElement[bool]:
    """Whether an article belongs to the project and its import is finished."""
    return (Article.project_id == project.id) & Article.listed_at.is_not(None)


def stage_of(project: Project) -> ColumnElement[str]:
    """The stage of an article, as the database sees it."""

    def among(*which: ColumnElement[bool]) -> ColumnElement[bool]:
        return Article.id.in_(
            select(Assignment.article_id)
            .join(Article, Article.id == Assignment.article_id)
            .where(Article.project_id == project.id, *which)
            .correlate(None)
        )

    begun = Assignment.kind == AssignmentKind.ADJUDICATION
    return case(
        (among(begun, Assignment.state == AssignmentState.SUBMITTED), Stage.FINISHED.value),
        (among(begun), Stage.IN_ADJUDICATION.value),
        (Article.id.in_(openness.opened(project)), Stage.OPEN.value),
        (among(Assignment.kind == AssignmentKind.REVIEW), Stage.IN_REVIEW.value),
        else_=Stage.UNASSIGNED.value,
    )


def counted(project: Project) -> Select[str, int]:
    """How many articles are at each stage, in one pass over the assignments: `stage_of` asks anew for each article."""
    is_review, is_adjudication = (
        Assignment.kind == each for each in (AssignmentKind.REVIEW, AssignmentKind.ADJUDICATION)
    )
    each = (
        select(
            func.count(Assignment.id).filter(is_review).label("given"),
            func.count(Assignment.id).filter(is_review, Assignment.state.in_(DONE)).label("done"),
            func.count(Assignment.id).filter(is_adjudication).label("begun"),
            func.count(Assignment.id)
            .filter(is_adjudication, Assignment.state == AssignmentState.SUBMITTED)
            .label("finished"),
        )
        .select_from(Article)
        .outerjoin(Assignment, Assignment.article_id == Article.id)
        .where(listed(project))
        .group_by(Article.id)
        .subquery()
    )
    stage = case(
        (each.c.finished > 0, Stage.FINISHED.value),
        (each.c.begun > 0, Stage.IN_ADJUDICATION.value),
        ((each.c.given > 0) & (each.c.done == each.c.given) & (each.c.done >= project.reviewers), Stage.OPEN.value),
        (each.c.given > 0, Stage.IN_REVIEW.value),
        else_=Stage.UNASSIGNED.value,
    ).label("stage")
    # By its name: PostgreSQL does not see that the same words with other parameters are the same.
    return select(stage, func.count()).select_from(each).group_by(stage.name).order_by(stage.name)


def lacks_reviewers(project: Project) -> ColumnElement[bool]:
    """Whether an article that can still get reviewers has fewer than the project wants."""
    counted = func.count(Assignment.id)
    enough = (
        select(Assignment.article_id)
        .where(Assignment.kind == AssignmentKind.REVIEW)
        .group_by(Assignment.article_id)
        .having(counted >= project.reviewers)
    )
    begun = select(Assignment.article_id).where(Assignment.kind == AssignmentKind.ADJUDICATION)
    return Article.id.not_in(enough) & Article.id.not_in(begun) & Article.revealed_at.is_(None)

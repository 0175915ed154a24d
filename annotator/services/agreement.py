"""How far the reviewers of a project agree, over the articles that all of their reviewers have finished."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, select

from annotator.db import db
from annotator.models import Annotation, ArticleVersion, Assignment, AssignmentKind, Label, Project, User
from annotator.services import openness, projects

if TYPE_CHECKING:
    from annotator.agreement.figures import Figure
    from annotator.agreement.report import Report
    from annotator.agreement.sums import ArticleSums


@dataclass(frozen=True)
class Agreement:
    """The figures with what their numbers stand for: the project's labels, retired ones too, and names by user id."""

    report: Report
    labels: list[Label]
    names: dict[str, str]


def of_project(project: Project, *, viewer: User | None = None) -> Agreement:
    """The agreement over everything that is open: three statements, whatever the project holds.

    An article counts when everybody who was given it has submitted it, so that no figure tells a reviewer who has
    finished. It needs two reviewers. For a `viewer` only those count whose reviews they may see: a manager who reviews
    too could otherwise take a submit back and change it by what the figures told.
    """
    # Numpy and the grouping are needed by nothing else that a server does when it starts.
    from annotator.agreement.report import report

    labels = list(projects.labels_of(project))
    counted = openness.opened_to(viewer, project) if viewer else openness.opened(project)
    sums, names = _sums(counted, labels)
    return Agreement(report(sums, len(labels)), labels, names)


def as_document(agreement: Agreement) -> dict[str, Any]:
    """The figures as plain values, the same for the command line and the API."""
    report, keys = agreement.report, [label.key for label in agreement.labels]
    return {
        "articles": report.articles,
        "found": {"any_overlap": _plain(report.found), "half_shared": _plain(report.found_close)},
        "boundaries": {
            "exact": _plain(report.exact),
            "start_shift": _plain(report.start_shift),
            "end_shift": _plain(report.end_shift),
        },
        "labels": {"alpha": _plain(report.labels), "percent": _plain(report.percent)},
        "unitizing": {
            "u_alpha": _plain(report.u_alpha),
            "binary_u_alpha": _plain(report.binary_u_alpha),
            "cu_alpha": _plain(report.cu_alpha),
            "density": _plain(report.density),
            "left_out": report.left_out,
        },
        "claims": {
            "unanimous": report.unanimous,
            "conflicting": report.conflicting,
            "marked_by_one": report.alone,
        },
        "by_label": [{"label": keys[each.label], "alpha": _plain(each.alpha)} for each in report.by_label],
        "pairs": [
            {
                "reviewers": [agreement.names[each] for each in pair.reviewers],
                "articles": pair.articles,
                "found": _plain(pair.found),
                "alpha": _plain(pair.labels),
            }
            for pair in report.pairs
        ],
        "confusion": {"labels": keys, "counts": report.confusion.tolist()},
        "expert": {"fleiss_kappa": _plain(report.fleiss), "ac1": _plain(report.ac1)},
    }


def _sums(counted: Select[str], labels: list[Label]) -> tuple[list[ArticleSums], dict[str, str]]:
    from annotator.agreement.sums import Coded, of_article

    number_of = {label.id: number for number, label in enumerate(labels)}
    reviews = (
        select(Assignment.id, Assignment.article_id, Assignment.user_id, User.name, ArticleVersion.length)
        .join(ArticleVersion, ArticleVersion.id == Assignment.version_id)
        .join(User, User.id == Assignment.user_id)
        .where(Assignment.kind == AssignmentKind.REVIEW, Assignment.article_id.in_(counted))
        .order_by(Assignment.article_id, Assignment.user_id)
    )
    coders: dict[str, dict[str, list[Coded]]] = defaultdict(dict)
    lengths: dict[str, int] = {}
    names: dict[str, str] = {}
    claims_of: dict[str, list[Coded]] = {}
    owners: dict[str, str] = {}
    for assignment_id, article_id, user_id, name, length in db.session.execute(reviews):
        claims_of[assignment_id] = coders[article_id][user_id] = []
        owners[assignment_id], names[user_id], lengths[article_id] = user_id, name, length
    claims = (
        select(Annotation.id, Annotation.assignment_id, Annotation.start, Annotation.end, Annotation.label_id)
        .join(Assignment, Assignment.id == Annotation.assignment_id)
        .where(
            Assignment.kind == AssignmentKind.REVIEW,
            Assignment.article_id.in_(counted),
            Annotation.deleted_at.is_(None),
        )
    )
    for annotation_id, assignment_id, start, end, label_id in db.session.execute(claims):
        if assignment_id in claims_of:
            coded = Coded(str(annotation_id), owners[assignment_id], start, end, number_of[label_id])
            claims_of[assignment_id].append(coded)
    return [
        of_article(found, lengths[article_id], len(labels)) for article_id, found in coders.items() if len(found) > 1
    ], names


def _plain(figure: Figure) -> dict[str, Any]:
    return asdict(figure)

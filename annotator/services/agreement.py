"""How far the reviewers of a project agree, over the articles that all of their reviewers have finished."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from annotator.models import Label, Project, User
from annotator.services import agreement_links, projects
from annotator.services import agreement_store as store
from annotator.services.agreement_claims import names_of
from annotator.services.agreement_reading import Counted

if TYPE_CHECKING:
    from annotator.agreement.figures import Figure
    from annotator.agreement.pairs import PairFigures
    from annotator.agreement.report import Report
    from annotator.agreement.sums import Sums


@dataclass(frozen=True)
class Agreement:
    """The figures with what their numbers stand for: the project's labels, retired ones too, and names by user id."""

    report: Report
    labels: list[Label]
    names: dict[str, str]


def of_project(project: Project, *, viewer: User | None = None) -> Agreement:
    """The agreement over everything that is open to `viewer`: a handful of statements, whatever the project holds."""
    # Numpy and the grouping are needed by nothing else that a server does when it starts.
    from annotator.agreement.report import Names, Report, report

    def make(found: Counted, sums: Sums) -> Report:
        opened = [found.opened_at(article_id)[:10] for article_id in found.articles]
        links = agreement_links.among(project, found)
        made = report(sums, Names(found.keys, found.coders, list(found.articles), opened), links)
        return replace(made, copies=len(found.copies), unconfirmed=len(found.copies) - len(found.confirmed))

    figures = store.figures(project, viewer, Report, make)
    by_key = {label.key: label for label in projects.labels_of(project)}
    # A label may have been added since the figures were read.
    return Agreement(figures, [by_key[key] for key in figures.labels_known], names_of(figures.coders))


def as_document(agreement: Agreement, *, names: bool = True) -> dict[str, Any]:
    """The figures as plain values, the same for the command line and the API; no pairs for who may see no `names`."""
    report, keys = agreement.report, [label.key for label in agreement.labels]
    return {
        "articles": report.articles,
        "copies": {"left_out": report.copies, "unconfirmed": report.unconfirmed},
        "found": {"any_overlap": _plain(report.found), "half_shared": _plain(report.found_close)},
        "boundaries": {
            "exact": _plain(report.exact),
            "start_shift": _plain(report.start_shift),
            "end_shift": _plain(report.end_shift),
        },
        "labels": {"alpha": _plain(report.labels), "percent": _plain(report.percent)},
        "links": {
            "pairs": _plain(report.links.pairs),
            "relation_alpha": _plain(report.links.relations),
            "relation_percent": _plain(report.links.percent),
            "left_out": report.links.left_out,
            "several_relations": report.links.several,
        },
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
        "by_label": [
            {"label": keys[each.label], "alpha": _plain(each.alpha), "votes": each.votes} for each in report.by_label
        ],
        "pairs": [_pair(pair, agreement.names) for pair in report.pairs] if names else [],
        "confusion": {"labels": keys, "counts": report.confusion},
        "over_time": [
            {
                "first_opened": batch.opened[0],
                "last_opened": batch.opened[1],
                "articles": batch.articles,
                "found": _plain(batch.found),
                "alpha": _plain(batch.labels),
                "u_alpha": _plain(batch.u_alpha),
            }
            for batch in report.batches
        ],
        "most_to_decide": [asdict(each) for each in report.hardest],
        "expert": {
            "fleiss_kappa": _plain(report.fleiss),
            "fleiss_standard_error": report.fleiss_error,
            "ac1": _plain(report.ac1),
        },
    }


def _pair(pair: PairFigures, names: dict[str, str]) -> dict[str, Any]:
    return {
        "reviewers": [names[each] for each in pair.reviewers],
        "articles": pair.articles,
        "found": _plain(pair.found),
        "alpha": _plain(pair.labels),
        "kappa": _plain(pair.kappa),
        "confusion": pair.confusion,
    }


def _plain(figure: Figure) -> dict[str, Any]:
    return asdict(figure)

"""How far reviewers agree."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from flask import Response

from annotator.api.answers import answer
from annotator.api.routes import Giving, route
from annotator.api.schemas.agreement import AgreementOut, OwnAgreementOut, ReviewersAgreementOut
from annotator.models import User
from annotator.permissions import Action
from annotator.services import agreement, naming, projects, reviewer_figures

if TYPE_CHECKING:
    from annotator.agreement.by_reviewer import AgainstGold, Beside


@route("GET", "/projects/<slug:slug>/agreement", gives=Giving({200: AgreementOut}, (403, 404)))
def show_agreement(user: User, slug: str) -> Response:
    """Show how far the reviewers of a project agree, over the articles that all of their reviewers have finished.

    An adjudicator of a blind project, to whom reviewers have no names, is shown no "pairs".
    """
    access = projects.get_for(user, slug, Action.SEE_RESULTS)
    found = agreement.of_project(access.project, viewer=user)
    document = agreement.as_document(found, names=not naming.hides_names(access))
    return answer(AgreementOut.model_validate(document, strict=False))


@route("GET", "/projects/<slug:slug>/agreement/reviewers", gives=Giving({200: ReviewersAgreementOut}, (403, 404)))
def show_reviewers_agreement(user: User, slug: str) -> Response:
    """Show each reviewer beside the others and beside the gold set; for managers."""
    project = projects.get_for(user, slug, Action.MANAGE).project
    found = reviewer_figures.everybody(project, user)
    document = {
        "labels": [label.key for label in found.labels],
        "items": [
            {
                "reviewer": each.name,
                "beside_others": _beside(each.beside),
                "against_gold": _against_gold(each.gold),
                "votes": each.votes,
                "confusion": each.confusion,
            }
            for each in found.reviewers
        ],
    }
    return answer(ReviewersAgreementOut.model_validate(document, strict=False))


@route("GET", "/projects/<slug:slug>/agreement/own", gives=Giving({200: OwnAgreementOut}, (403, 404)))
def show_own_agreement(user: User, slug: str) -> Response:
    """Show a reviewer their own figures, over articles of theirs whose adjudication is finished."""
    found = reviewer_figures.own(projects.get_for(user, slug, Action.REVIEW).project, user)
    document = {
        "articles": found.articles,
        "beside_others": found.beside and _beside(found.beside),
        "against_gold": found.gold and _against_gold(found.gold),
    }
    return answer(OwnAgreementOut.model_validate(document, strict=False))


def _beside(figures: Beside) -> dict[str, Any]:
    return {"articles": figures.articles, "claims": figures.claims, "label_of_most": asdict(figures.with_most)}


def _against_gold(figures: AgainstGold) -> dict[str, Any]:
    return {"articles": figures.articles, "found": asdict(figures.found), "labels": asdict(figures.labels)}

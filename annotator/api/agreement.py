"""How far reviewers agree."""

from __future__ import annotations

from flask import Response

from annotator.api.answers import answer
from annotator.api.routes import Giving, route
from annotator.api.schemas.agreement import AgreementOut
from annotator.models import User
from annotator.permissions import Action
from annotator.services import agreement, naming, projects


@route("GET", "/projects/<slug:slug>/agreement", gives=Giving({200: AgreementOut}, (403, 404)))
def show_agreement(user: User, slug: str) -> Response:
    """Show how far the reviewers of a project agree, over the articles that all of their reviewers have finished.

    An adjudicator of a blind project, to whom reviewers have no names, is shown no "pairs".
    """
    access = projects.get_for(user, slug, Action.SEE_RESULTS)
    found = agreement.of_project(access.project, viewer=user)
    document = agreement.as_document(found, names=not naming.hides_names(access))
    return answer(AgreementOut.model_validate(document, strict=False))

"""Projects: listing, making, reading and changing them."""

from __future__ import annotations

from flask import Response, url_for

from annotator.api.answers import answer, listing, part_of
from annotator.api.routes import Giving, Taking, route, saving
from annotator.api.schemas.base import Listing, PageQuery
from annotator.api.schemas.projects import ProjectChanges, ProjectDetail, ProjectIn, ProjectOut
from annotator.models import EvidenceRule, User
from annotator.permissions import Action
from annotator.security import current_token
from annotator.services import projects, settings
from annotator.services.projects import Access


@route("GET", "/projects", takes=Taking(query=PageQuery), gives=Giving({200: Listing[ProjectOut]}, (422,)))
def list_projects(user: User, query: PageQuery) -> Response:
    """List your projects, by name."""
    token = current_token()
    limit = token.project_id if token else None
    found = [project for project in projects.list_for(user) if limit in (None, project.id)]
    part, following = part_of(found, query, lambda project: (project.name, project.slug))
    return answer(listing([ProjectOut.of(project) for project in part], following))


@route("POST", "/projects", takes=Taking((ProjectIn,)), gives=Giving({201: ProjectDetail}, (409, 422)))
def create_project(user: User, body: ProjectIn) -> Response:
    """Make a project with the default labels; you become its manager."""
    with saving():
        projects.create(
            body.slug,
            body.name,
            user=user,
            reviewers=2 if body.reviewers is None else body.reviewers,
            blind=body.blind is not False,
            evidence=body.evidence or EvidenceRule.WARN,
            description=body.description or "",
            snap_to_words=body.snap_to_words is not False,
            suggestions=body.suggestions is True,
            discussion=body.discussion is True,
            **body.work(),
        )
    there = {"Location": url_for("api.show_project", slug=body.slug)}
    return answer(_detail(projects.get_for(user, body.slug)), 201, headers=there)


@route("GET", "/projects/<slug:slug>", gives=Giving({200: ProjectDetail}))
def show_project(user: User, slug: str) -> Response:
    """Show a project with its labels and your roles in it."""
    return answer(_detail(projects.get_for(user, slug)))


@route(
    "PATCH",
    "/projects/<slug:slug>",
    takes=Taking((ProjectChanges,)),
    gives=Giving({200: ProjectDetail}, (403, 404, 409, 422)),
)
def change_project(user: User, slug: str, body: ProjectChanges) -> Response:
    """Change a project's name, description or settings, as its manager; what is not given stays."""
    with saving():
        access = projects.get_for(user, slug, Action.MANAGE)
        settings.change(access.project, body.given(), by=user)
    return answer(_detail(projects.get_for(user, slug)))


def _detail(access: Access) -> ProjectDetail:
    guideline = projects.guideline_of(access.project)
    return ProjectDetail.with_labels(
        access.project,
        roles=access.roles,
        labels=projects.labels_of(access.project),
        guideline=guideline.version if guideline else None,
    )

"""Datasets as files."""

from __future__ import annotations

import json
from collections.abc import Iterator

from flask import Response

from annotator.api.routes import Giving, Stream, Taking, route
from annotator.api.schemas.export import ExportQuery
from annotator.domain.publication import People
from annotator.downloads import sent, while_somebody_waits
from annotator.errors import Invalid, NotFound
from annotator.formats import catalogue, writing
from annotator.formats.records import Losses
from annotator.formats.whole_project import MEDIA_TYPE, write_project
from annotator.models import User
from annotator.permissions import Action
from annotator.security import public_url
from annotator.services import datasets, projects, releases
from annotator.services.whole_project.exporting import project_lines

MEDIA_TYPES = tuple(sorted({form.media_type.partition(";")[0] for form in catalogue.ALL_FORMATS.values()}))
LOSSES = "Annotator-Losses"


@route(
    "GET",
    "/projects/<slug:slug>/export",
    takes=Taking(query=ExportQuery),
    gives=Giving({200: Stream(MEDIA_TYPES)}, (403, 404, 409, 422)),
)
def export_dataset(user: User, slug: str, query: ExportQuery) -> Response:
    """Export one layer of a project in one format, as it stands at one moment.

    Gold and decisions are those of finished articles; reviewers' work is left out until its article has opened. What
    the format cannot carry is counted in the header `Annotator-Losses`: a JSON list of objects with `what` and `count`.
    The layer `all` is the whole project in one file, in the format `jsonl` and for managers only.
    """
    whole = query.layer == catalogue.WHOLE
    project = projects.get_for(user, slug, Action.MANAGE if whole else Action.SEE_RESULTS).project
    base_url = public_url()
    problem = catalogue.problem_with(query.format, query.layer, base_url=base_url)
    if problem is not None:
        raise Invalid.field("format", problem)
    if whole and query.release:
        raise Invalid.field("release", "A release is frozen layer by layer: it has no layer 'all'.")
    if whole:
        return sent(write_project(project_lines(project, viewer=user)), MEDIA_TYPE, called=f"{slug}-all.jsonl")
    try:
        release = releases.find(project, query.release) if query.release else None
    except NotFound as error:
        raise Invalid.field("release", str(error)) from None
    if release is not None and query.people is not None:
        raise Invalid.field("people", "A release calls people what was chosen when it was made.")
    people = People(query.people or People.NAMES)
    found = (
        releases.export(release, project, query.layer, base_url=base_url)
        if release
        else datasets.export(project, query.layer, viewer=user, people=people, base_url=base_url)
    )
    losses = Losses()
    chunks: Iterator[bytes] = writing.write_export(while_somebody_waits(found), query.format, losses)
    if release is not None:
        chunks = releases.verified(release, query.layer, query.format, chunks)
    form = catalogue.ALL_FORMATS[query.format]
    # The slug and the names of layers hold nothing but a-z, 0-9 and hyphens.
    answer = sent(chunks, form.media_type, called=f"{slug}-{query.layer}{form.suffix}")
    if losses:
        answer.headers[LOSSES] = json.dumps([{"what": what, "count": count} for what, count in losses.items()])
    return answer

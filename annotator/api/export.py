"""Datasets as files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from flask import Response

from annotator.api.routes import Giving, Stream, Taking, route
from annotator.api.schemas.export import ExportQuery
from annotator.errors import Invalid, NotFound
from annotator.formats import writing
from annotator.models import User
from annotator.permissions import Action
from annotator.services import datasets, projects, releases

MEDIA_TYPES = tuple(sorted({form.media_type.partition(";")[0] for form in writing.ALL_FORMATS.values()}))
CHUNK = 1 << 16


@route(
    "GET",
    "/projects/<slug:slug>/export",
    takes=Taking(query=ExportQuery),
    gives=Giving({200: Stream(MEDIA_TYPES)}, (403, 404, 409, 422)),
)
def export_dataset(user: User, slug: str, query: ExportQuery) -> Response:
    """Export one layer of a project in one format, as it stands at one moment.

    Gold and decisions are those of finished articles; reviewers' work is left out until its article has opened.
    """
    project = projects.get_for(user, slug, Action.SEE_RESULTS).project
    problem = writing.problem_with(query.format, query.layer)
    if problem is not None:
        raise Invalid.field("format", problem)
    try:
        release = releases.find(project, query.release) if query.release else None
    except NotFound as error:
        raise Invalid.field("release", str(error)) from None
    opened = (
        releases.open_table(release, query.layer) if release else datasets.open_table(project, query.layer, viewer=user)
    )
    with opened as table:
        file = writing.spooled(writing.write(table.columns, table.rows, query.format))
    form = writing.ALL_FORMATS[query.format]
    answer = Response(_chunks(file), content_type=form.media_type)
    answer.call_on_close(file.close)
    # The slug and the names of layers hold nothing but a-z, 0-9 and hyphens.
    answer.headers["Content-Disposition"] = f'attachment; filename="{slug}-{query.layer}{form.suffix}"'
    return answer


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    """The file in parts; closed at its end, and by the server if nobody reads so far."""
    with file:
        while chunk := file.read(CHUNK):
            yield chunk

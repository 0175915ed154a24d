"""Exporting by page: what each layer holds, and its download."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from annotator import security
from annotator.errors import Invalid
from annotator.formats import writing
from annotator.permissions import Action
from annotator.services import datasets, progress, projects

pages = Blueprint("exports", __name__, url_prefix="/projects/<slug>/export")

DESCRIPTIONS = {
    "gold": "The settled claims of finished articles: one row for each, with the votes and the decision.",
    "annotations": "Every reviewer's own claims, and what became of each in the gold set.",
    "evidence": "The evidence of all claims, reviewers' and gold: one row for each item.",
    "links": "How claims stand to each other: contradicts, qualifies, corroborates and so on.",
    "articles": "The articles with what is known of them, without their text.",
    "decisions": "Each question of finished articles, how it was settled, by whom and why.",
    "dissent": "In what each reviewer's answer differs from a gold claim: one row for each difference.",
}
FORMAT_DESCRIPTIONS = {
    "csv": "CSV, exact: for programs",
    "csv-spreadsheet": "CSV for spreadsheets: guarded against formulas",
    "jsonl": "JSON lines",
    "web-annotation": "W3C Web Annotation, JSON-LD: for other annotation tools",
}
CHUNK = 1 << 16


@pages.get("")
def show(slug: str) -> str:
    """The layers and formats."""
    access = projects.get_for(security.current_user(), slug, Action.SEE_RESULTS)
    return render_template(
        "exports/show.html",
        project=access.project,
        access=access,
        layers=[(layer, DESCRIPTIONS.get(layer, ""), formats_of(layer)) for layer in datasets.LAYERS],
        states=progress.of(access.project).states,
    )


@pages.get("/download")
def download(slug: str) -> Response:
    """One layer in one format, as a file."""
    user = security.current_user()
    access = projects.get_for(user, slug, Action.SEE_RESULTS)
    layer, name = request.args.get("layer", "gold"), request.args.get("format", "csv")
    problem = writing.problem_with(name, layer)
    if problem is not None:
        raise Invalid.field("format", problem)
    with datasets.open_table(access.project, layer, viewer=user) as table:
        # The slug and the names of layers hold nothing but a-z, 0-9 and hyphens.
        return sent_file(table, name, f"{slug}-{layer}")


def sent_file(table: datasets.Table, name: str, called: str) -> Response:
    """The table in the format `name`, as a download; `called` is its file name without what ends it."""
    chosen = writing.ALL_FORMATS[name]
    file = writing.spooled(writing.write(table.columns, table.rows, name))
    response = Response(iter(lambda: file.read(CHUNK), b""), content_type=chosen.media_type)
    response.call_on_close(file.close)
    response.headers["Content-Disposition"] = f'attachment; filename="{called}{chosen.suffix}"'
    return response


def formats_of(layer: str) -> list[tuple[str, str]]:
    """The formats of a layer, each with what it is."""
    return [(name, FORMAT_DESCRIPTIONS.get(name, name)) for name in writing.formats_of(layer)]

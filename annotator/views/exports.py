"""Exporting by page: what each layer holds, its download, and what a format cannot carry of it."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from annotator import security
from annotator.domain.publication import People
from annotator.downloads import sent, while_somebody_waits
from annotator.errors import Invalid
from annotator.formats import catalogue, writing
from annotator.formats.records import Export, Losses
from annotator.formats.whole_project import MEDIA_TYPE, write_project
from annotator.models import Errand, ErrandKind, Project
from annotator.permissions import Action
from annotator.services import datasets, errands, progress, projects, releases
from annotator.services.projects import Access
from annotator.services.whole_project.exporting import project_lines
from annotator.views import errand_exports

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


@pages.get("")
def show(slug: str) -> str:
    """The layers and formats."""
    access = projects.get_for(security.current_user(), slug, Action.SEE_RESULTS)
    return render_template(
        "exports/show.html",
        project=access.project,
        access=access,
        layers=[(layer, DESCRIPTIONS[layer]) for layer in datasets.LAYERS],
        **offered(),
        manages=access.may(Action.MANAGE),
        states=progress.of(access.project).states,
        people=_people().value,
        large=datasets.is_large(access.project),
        errands=_made(access),
    )


@pages.get("/check")
def check(slug: str) -> str:
    """What a file would hold and what it could not carry, and its download; of a release with ?release=."""
    access, layer, name = _asked(slug)
    version = request.args.get("release")
    losses = Losses()
    size = sum(len(chunk) for chunk in writing.write_export(_export(access, layer, version), name, losses))
    download = (
        url_for("releases.download", slug=slug, version=version, layer=layer, format=name)
        if version
        else url_for(".download", slug=slug, layer=layer, format=name, people=request.args.get("people"))
    )
    return render_template(
        "exports/check.html",
        project=access.project,
        access=access,
        layer=layer,
        format=catalogue.ALL_FORMATS[name],
        release=version,
        size=size,
        losses=losses,
        download=download,
    )


@pages.get("/download")
def download(slug: str) -> Response:
    """One layer in one format, as a file."""
    access, layer, name = _asked(slug)
    # The slug and the names of layers hold nothing but a-z, 0-9 and hyphens.
    chunks = writing.write_export(_export(access, layer, None), name, Losses())
    return sent_file(chunks, name, f"{slug}-{layer}")


@pages.get("/all")
def whole(slug: str) -> Response:
    """The whole project as one file, for its managers."""
    user = security.current_user()
    access = projects.get_for(user, slug, Action.MANAGE)
    lines = project_lines(access.project, viewer=user)
    return sent(write_project(lines), MEDIA_TYPE, called=f"{slug}-all.jsonl")


def sent_file(chunks: Iterable[bytes], name: str, called: str) -> Response:
    """A file in the format `name`, as a download; `called` is its file name without what ends it."""
    chosen = catalogue.ALL_FORMATS[name]
    return sent(chunks, chosen.media_type, called=f"{called}{chosen.suffix}")


def checked(name: str, layer: str) -> None:
    """Raise Invalid for a format that there is not, that cannot hold the layer, or that lacks something here."""
    problem = catalogue.problem_with(name, layer, base_url=security.public_url())
    if problem is not None:
        raise Invalid.field("format", problem)


def release_export(project: Project, version: str, layer: str) -> Export:
    """One layer of a release. Raises NotFound."""
    return releases.export(releases.find(project, version), project, layer, base_url=security.public_url())


def offered() -> dict[str, object]:
    """What a page needs to offer formats: `tables` for all layers, and `others` that hold claims, as dictionaries by
    name; of those that cannot be written here, why, in `lacking`.
    """
    lacks = {name: catalogue.lack_of(name, security.public_url()) for name in catalogue.ALL_FORMATS}
    return {
        "tables": catalogue.FORMATS,
        "others": {name: each for name, each in catalogue.ALL_FORMATS.items() if name not in catalogue.FORMATS},
        "layers_of": catalogue.layers_of,
        "lacking": {name: lack for name, lack in lacks.items() if lack},
    }


def _asked(slug: str) -> tuple[Access, str, str]:
    """Who asks, for which layer, in which format."""
    access = projects.get_for(security.current_user(), slug, Action.SEE_RESULTS)
    layer, name = request.args.get("layer", "gold"), request.args.get("format", "csv")
    checked(name, layer)
    return access, layer, name


def _export(access: Access, layer: str, version: str | None) -> Export:
    if version:
        return while_somebody_waits(release_export(access.project, version, layer))
    viewer, base_url = security.current_user(), security.public_url()
    found = datasets.export(access.project, layer, viewer=viewer, people=_people(), base_url=base_url)
    return while_somebody_waits(found)


def _made(access: Access) -> list[tuple[Errand, str, str]]:
    """The files that were made for whoever asks, or are being made, with what each is called and where it stands."""
    found = errands.of_person(access.project, security.current_user(), ErrandKind.EXPORT)
    return [(each, errand_exports.called(each.wanted), errands.state_of(each).value) for each in found]


def _people() -> People:
    """What the page was asked to call people. Raises Invalid."""
    try:
        return People(request.args.get("people", People.NAMES))
    except ValueError:
        raise Invalid.field("people", f"People can be called {', '.join(People)}.") from None

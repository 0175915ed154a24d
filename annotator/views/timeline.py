"""The timeline of a project: a picture, the same as a table, and both as files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request

from annotator import security
from annotator.domain import timeline as pictures
from annotator.domain.claims import Relation
from annotator.domain.date_guard import Window
from annotator.domain.timeline import Entry, Picture
from annotator.downloads import sent
from annotator.formats.csv_writer import write_csv
from annotator.formats.records import Value
from annotator.forms.timeline import ANY, LAYERS, TimelineForm
from annotator.services import projects, timeline
from annotator.services.projects import Access
from annotator.services.timeline import Filters, Found, Layer, Order, TimeClaim
from annotator.views.adjudication_versions import RELATIONS

pages = Blueprint("timeline", __name__, url_prefix="/projects/<slug>")

NOBODY = "No speaker named"
COLUMNS = (
    "claim_id", "article_id", "article_title", "publisher", "published", "event_start", "event_end", "dated_by", "speaker",
    "label", "exact", "contradicts",
)  # fmt: skip


@pages.get("/timeline")
def show(slug: str) -> Response:
    """The page; an address that asks for nonsense is answered with what is wrong, and with everything."""
    access, form = _asked(slug)
    number = request.args.get("page", 1, type=int)
    found = timeline.page(security.current_user(), access, _filters(form), order=_order(form), number=number)
    form.layer.data = found.layer.value
    query = {name: value for name, value in request.args.items() if name in form and value}
    answer = render_template(
        "timeline/show.html",
        project=access.project,
        access=access,
        form=form,
        found=found,
        picture=_picture(found, form),
        query=query,
        filtered=bool(query.keys() - {"group", "order", "layer"}),
        relations=RELATIONS,
        layers=LAYERS,
        first=timeline.PAGE * (found.number - 1) + 1,
    )
    return make_response(answer, 422 if form.errors else 200)


@pages.get("/timeline.svg")
def picture(slug: str) -> Response:
    """The picture of the page as a file."""
    access, form = _asked(slug)
    number = request.args.get("page", 1, type=int)
    found = timeline.page(security.current_user(), access, _filters(form), order=_order(form), number=number)
    drawn = render_template("timeline/picture.svg", picture=_picture(found, form), found=found, project=access.project)
    return sent([drawn.encode()], "image/svg+xml; charset=utf-8", called=f"{slug}-timeline.svg")


@pages.get("/timeline.csv")
def table(slug: str) -> Response:
    """The table with all that fits the filters, as a file."""
    access, form = _asked(slug)
    claims = timeline.rows(security.current_user(), access, _filters(form), order=_order(form))
    return sent(write_csv(COLUMNS, map(_row, claims)), "text/csv; charset=utf-8", called=f"{slug}-timeline.csv")


def _asked(slug: str) -> tuple[Access, TimelineForm]:
    access = projects.get_for(security.current_user(), slug)
    form = TimelineForm(request.args)
    form.label.choices = ANY | {label.key: label.name for label in projects.labels_of(access.project)}
    form.layer.choices = ANY | LAYERS
    form.validate()
    return access, form


def _filters(form: TimelineForm) -> Filters:
    """What the form asks for; what is wrong in it asks for nothing."""

    def given(name: str) -> Any:
        return None if name in form.errors else form[name].data or None

    layer, relation = given("layer"), given("relation")
    return Filters(
        layer=Layer(layer) if layer else None,
        words=given("words") or "",
        speaker=given("speaker") or "",
        label=given("label") or "",
        article=given("article") or "",
        relation=Relation(relation) if relation else None,
        since=given("since"),
        until=given("until"),
    )


def _order(form: TimelineForm) -> Order:
    return Order.DATE if "order" in form.errors else Order(form.order.data or Order.DATE)


def _picture(found: Found, form: TimelineForm) -> Picture:
    """Those of the page that have a day."""
    by_article = form.group.data == "article"
    return pictures.draw(
        [_entry(each, each.window, by_article=by_article) for each in found.claims if each.window is not None]
    )


def _entry(each: TimeClaim, window: Window, *, by_article: bool) -> Entry:
    claim = each.claim
    group = pictures.legible((claim.heading or "Untitled") if by_article else claim.speaker, 100)
    published = None if window.published else claim.published
    return Entry(
        str(claim.id), group, f"{claim.label.name[:1].upper()} {claim.exact}", window.first, window.last, published
    )


def _row(each: TimeClaim) -> Sequence[Value]:
    claim, window = each.claim, each.window
    contradicted = [str(link.other.id) for link in each.links if link.relation is Relation.CONTRADICTS]
    return (
        str(claim.id), claim.article_id, claim.heading, claim.publisher, _written(claim.published),
        _written(claim.event_start), _written(claim.event_end),
        "" if window is None else "publication" if window.published else "event",
        claim.speaker, claim.label.key, claim.exact, " ".join(contradicted),
    )  # fmt: skip


def _written(day: date | None) -> str | None:
    return day.isoformat() if day else None

"""Searching a project: its articles, and the claims, speakers and evidence that the reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, make_response, render_template, request, url_for

from annotator.domain.search_words import excerpt, phrases, places
from annotator.domain.spans import Span
from annotator.forms.search import ANY, KINDS, SearchForm
from annotator.models import User
from annotator.security import current_user
from annotator.services import projects, search_claims
from annotator.services import search as passages
from annotator.services.projects import Access
from annotator.services.search import Facts, Found
from annotator.services.search_claims import Asked, ClaimFacts
from annotator.views import pointing
from annotator.views.projects import pages

PAGE = 20
LAST_PAGE = 50
MOST_MARKED = 20
"""How many places of a paragraph are marked on arrival."""

LENGTH = 320
"""How much of a passage is shown."""


@pages.get("/<slug>/search")
def search(slug: str) -> Response:
    """The page; without words it asks for some, and what is wrong in the form is not asked for."""
    user = current_user()
    access = projects.get_for(user, slug)
    form = SearchForm(request.args)
    form.label.choices = ANY | {label.key: label.name for label in projects.labels_of(access.project)}
    form.language.choices = ANY | {each: each for each in search_claims.languages(user, access)}
    form.validate()
    kind = form.kind.data if form.kind.data in KINDS else "articles"
    number = min(max(request.args.get("page", 1, type=int), 1), LAST_PAGE)
    wanted = phrases(form.q.data or "")
    found = _found(kind, _asked(user, access, form, number)) if wanted and not form.q.errors else []
    query: dict[str, Any] = {name: value for name, value in request.args.items() if name in form and value}
    more = len(found) > PAGE and number < LAST_PAGE
    answer = render_template(
        "search/show.html",
        project=access.project,
        access=access,
        form=form,
        kind=kind,
        kinds=[
            (name, words, url_for(".search", slug=slug, **(query | {"kind": name}))) for name, words in KINDS.items()
        ],
        wanted=wanted,
        found=found[:PAGE],
        place_of=lambda each: _place_of(each, wanted),
        shown=lambda text: excerpt(text, wanted, LENGTH),
        first=PAGE * (number - 1) + 1,
        next=url_for(".search", slug=slug, page=number + 1, **query) if more else "",
        begin=url_for(".search", slug=slug, **query) if number > 1 else "",
        narrowed=bool(query.keys() - {"q", "kind"}),
        words_only=url_for(".search", slug=slug, q=form.q.data or "", kind=kind),
        query=query,
    )
    return make_response(answer, 422 if form.errors else 200)


def _asked(user: User, access: Access, form: SearchForm, number: int) -> Asked:
    def given(name: str) -> Any:
        return None if name in form.errors else form[name].data or None

    return Asked(
        user,
        access,
        form.q.data or "",
        Facts(given("source") or "", given("language") or "", given("since"), given("until")),
        ClaimFacts(given("label") or "", given("speaker") or "", own=bool(form.own.data)),
        limit=PAGE + 1,
        offset=PAGE * (number - 1),
    )


def _place_of(found: Found, wanted: Sequence[str]) -> str:
    """The address of the words found: the paragraph for every browser, and the words for the page's script."""
    spans = [Span(found.start + start, found.start + end) for start, end in places(found.text, wanted)]
    at = pointing.written(found.version, spans[:MOST_MARKED]) or None
    return url_for("articles.annotate", article_id=found.article_id, at=at, _anchor=f"b{found.position}")


def _found(kind: str, asked: Asked) -> list[Any]:
    if kind == "claims":
        return list(search_claims.claims(asked))
    if kind == "speakers":
        return list(search_claims.speakers(asked))
    if kind == "evidence":
        return list(search_claims.evidence(asked))
    return list(
        passages.blocks(asked.user, asked.access, asked.words, asked.facts, limit=asked.limit, offset=asked.offset)
    )

"""Articles: listing, adding and reading them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, url_for

from annotator.api.answers import answer, etag, listing, read_cursor, write_cursor
from annotator.api.reading import invalid
from annotator.api.routes import Giving, Taking, route, saving
from annotator.api.schemas.articles import (
    AddedOut,
    ArticleChanges,
    ArticleDetail,
    ArticleIn,
    ArticleListed,
    ArticleOut,
    ArticlesIn,
    OneArticleIn,
)
from annotator.api.schemas.base import Listing, PageQuery
from annotator.api.schemas.versions import VersionQuery
from annotator.errors import FieldProblem
from annotator.formats.fields import article_record_from_fields, details_from_fields
from annotator.formats.records import ArticleDetails, ArticleRecord
from annotator.models import User
from annotator.permissions import Action
from annotator.services import arrivals, article_details, articles, copy_finding, projects, versions
from annotator.services.arrivals import ArrivalOutcome
from annotator.services.article_details import Detailed


@route(
    "GET",
    "/projects/<slug:slug>/articles",
    takes=Taking(query=PageQuery),
    gives=Giving({200: Listing[ArticleListed]}, (404, 422)),
)
def list_articles(user: User, slug: str, query: PageQuery) -> Response:
    """List the articles that you may read: a reviewer those assigned to them, the others all."""
    access = projects.get_for(user, slug)
    after = str(read_cursor(query.cursor, 1)[0]) if query.cursor else None
    rows = articles.page_for(user, access, after=after, limit=query.limit + 1)
    part = rows[: query.limit]
    following = write_cursor((part[-1].article.id,)) if len(rows) > len(part) else None
    return answer(listing([ArticleListed.listed(row.article, row.version, row.assignment) for row in part], following))


@route(
    "POST",
    "/projects/<slug:slug>/articles",
    takes=Taking((OneArticleIn, ArticlesIn), large=True),
    gives=Giving(dict.fromkeys((200, 201), (AddedOut, Listing[AddedOut])), (403, 404, 422)),
)
def add_articles(user: User, slug: str, body: OneArticleIn | ArticlesIn) -> Response:
    """Store one article, or up to 1,000 as {"articles": [...]}, all or nothing, each text exactly as sent.

    One that is there already, by its external_id or else by all its fields, is given back with "outcome": "known". A
    newer text of it, by its external_id or by an address of its own, is "newer" and changes nothing; with "update":
    true it becomes the next version, "corrected". Several come back as {"items": [...], "next": null} in the order in
    which they were sent. 201 if anything was stored. What is new is compared with all other articles, for copies of one
    text; with "more": true, when further calls of the same import follow, that waits for the last of them.
    """
    projects.get_for(user, slug, Action.IMPORT)
    one = isinstance(body, OneArticleIn)
    records = _records([body] if isinstance(body, OneArticleIn) else body.articles, one=one)
    with saving():
        project = projects.get_for(user, slug, Action.IMPORT).project
        arrived = arrivals.take(project, records, by=user, update=bool(body.update))
        shown = [AddedOut.of_arrival(each) for each in arrived]
    if isinstance(body, OneArticleIn) or not body.more:
        copy_finding.find_soon(project, by=user)
    stored = any(each.outcome in (ArrivalOutcome.ADDED, ArrivalOutcome.CORRECTED) for each in arrived)
    status = 201 if stored else 200
    if not one:
        return answer(listing(shown, None), status)
    there = {"Location": url_for("api.show_article", article_id=shown[0].id)}
    return answer(shown[0], status, headers=there)


@route(
    "GET",
    "/articles/<opaque:article_id>",
    takes=Taking(query=VersionQuery),
    gives=Giving({200: ArticleDetail}, (404, 422), version=True),
)
def show_article(user: User, article_id: str, query: VersionQuery) -> Response:
    """Show an article with its text, its blocks and your assignment: the version of your work, or else the present one.

    The ETag counts the changes of its details; whoever changes them names it.
    """
    found = articles.get_for(user, article_id, blocks=query.version is None)
    version = found.version
    if query.version is not None:
        version = versions.text_of(found, query.version)
        articles.load_blocks(version)
    edition = article_details.edition_of(article_id)
    return answer(ArticleDetail.with_text(found.article, version, found.assignment), headers=etag(edition))


@route(
    "PATCH",
    "/articles/<opaque:article_id>",
    takes=Taking((ArticleChanges,), version=True),
    gives=Giving({200: ArticleOut}, (403, 404, 412, 422, 428), version=True),
)
def change_article(user: User, article_id: str, *, body: ArticleChanges, if_version: int | None) -> Response:
    """Correct what is known of an article beside its text, as its manager, naming its ETag in If-Match.

    What is not given stays, and null takes it away. It counts for the present version and for those before it that say
    the same; an earlier one by itself is corrected on the page Versions alone. The text and the work on it stay as they
    are. A change to what stands already changes nothing, whatever If-Match says.
    """
    changes = _details(body)
    with saving(_present):
        done = article_details.change(user, article_id, changes, as_of=if_version)
        shown = ArticleOut.of(done.article, done.version)
    return answer(shown, headers=etag(done.edition))


def _details(body: ArticleChanges) -> dict[str, Any]:
    """The details that were given. Raises Invalid with all that is wrong with them."""
    given = body.model_dump(exclude_unset=True)
    found = details_from_fields(given)
    if isinstance(found, ArticleDetails):
        return {name: getattr(found, name) for name in given}
    raise invalid([FieldProblem(error.field or "", error.problem) for error in found])


def _present(value: Any) -> Any:
    """The article as it stands now, in a problem."""
    if isinstance(value, Detailed):
        return ArticleOut.of(value.found.article, value.version).model_dump(mode="json")
    return value


def _records(given: Sequence[ArticleIn], *, one: bool) -> list[ArticleRecord]:
    """The records of the articles that were sent. Raises Invalid with all that is wrong with any of them."""
    records: list[ArticleRecord] = []
    problems: list[FieldProblem] = []
    for number, article in enumerate(given):
        found = article_record_from_fields(article.model_dump(exclude_none=True, exclude={"update"}))
        if isinstance(found, ArticleRecord):
            records.append(found)
            continue
        place = "" if one else f"articles.{number}."
        problems += [FieldProblem(f"{place}{error.field or ''}".rstrip("."), error.problem) for error in found]
    if problems:
        raise invalid(problems)
    return records

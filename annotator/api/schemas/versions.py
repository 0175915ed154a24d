"""Versions of an article as they come and go, and claims that wait for their place in one."""

from __future__ import annotations

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from annotator.api.schemas.articles import ArticleOut, DetailsIn
from annotator.api.schemas.base import Moment, Query, Schema
from annotator.api.schemas.work import SpanOut
from annotator.domain.claims import Doubt
from annotator.models import ArticleVersion
from annotator.services.corrected_claims import Waiting
from annotator.services.versions import Corrected


class VersionQuery(Query):
    """Which version of the text; without it that of your own work, else the present one."""

    version: Annotated[int, Field(ge=1, le=1_000_000)] | None = None


class VersionIn(DetailsIn):
    """A corrected text, kept exactly. What is not given stays as it was.

    With `look_again` those who have submitted are asked to look at it too: their reviews open again.
    """

    text: str
    look_again: bool | None = None


class CorrectedOut(ArticleOut):
    """The article in its present version; `new` is false if that has this text already.

    `moved` reviews went on to it, and `staying` reviews and adjudications are of an earlier version.
    """

    new: bool
    moved: int
    staying: int

    @classmethod
    def corrected(cls, done: Corrected) -> Self:
        shown = dict(ArticleOut.of(done.article, done.version))
        return cls(**shown, new=done.new, moved=done.moved, staying=done.staying)


class ArticleVersionOut(Schema):
    """One version of an article's text."""

    version: int
    sha256: str
    length: int
    words: int
    created_at: Moment

    @classmethod
    def of(cls, version: ArticleVersion) -> Self:
        return cls(
            version=version.number,
            sha256=version.sha256,
            length=version.length,
            words=version.words,
            created_at=version.created_at,
        )


class WaitingOut(Schema):
    """A claim of yours that waits for its place in a corrected text.

    It stood at [start, end) of the text of `article_version`; `proposal` is where it might stand now and `doubt` why
    that is not certain, both null where nothing looks like it. To put it in a place, PUT the claim there with
    `If-Match: "version"`.
    """

    id: UUID
    version: int
    article_version: int
    start: int
    end: int
    exact: str
    label: str
    doubt: Doubt | None
    proposal: SpanOut | None
    proposed: str | None

    @classmethod
    def of(cls, wait: Waiting) -> Self:
        claim, place = wait.annotation, wait.proposal
        return cls(
            id=claim.id,
            version=claim.version,
            article_version=wait.number,
            start=claim.start,
            end=claim.end,
            exact=claim.exact,
            label=wait.label.key,
            doubt=wait.doubt,
            proposal=None if place is None else SpanOut(start=place.start, end=place.end),
            proposed=None if wait.quote is None else wait.quote.exact,
        )

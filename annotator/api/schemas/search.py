"""What is found in a project."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field

from annotator.api.schemas.base import Day, PageQuery, Schema, Text
from annotator.domain.search_words import places
from annotator.services.search import Found
from annotator.services.search_claims import EvidenceFound, SpeakerFound
from annotator.services.shown_claims import ShownClaim

Kind = Literal["articles", "claims", "speakers", "evidence"]
"""Where is looked: paragraphs of articles, or claims, their speakers or their evidence."""

Words = Annotated[Text, Field(max_length=200)]


class SearchQuery(PageQuery):
    """Words and filters; `label`, `speaker` and `own` are of claims, speakers and evidence."""

    q: Annotated[Text, Field(max_length=2_000)] = Field(
        default="", description="The words, and phrases in quotation marks; at least one."
    )
    kind: Kind = "articles"
    source: Words = Field(default="", description="A part of the publisher's or the agency's name.")
    language: Words = ""
    since: Day | None = Field(default=None, description="The first day of publication.")
    until: Day | None = Field(default=None, description="The last day of publication.")
    label: Words = Field(default="", description="The key of a label.")
    speaker: Words = Field(default="", description="A part of the speaker's name.")
    own: bool = Field(default=False, description="Only your own claims.")


class WordsFound(Schema):
    """[start, end) of an article's text, in code points."""

    start: int
    end: int


class SearchResult(Schema):
    """Something found; what its kind does not have is null.

    `text` is the beginning of the paragraph [start, end), the words of the claim, the name of the speaker or the quote
    of the evidence. `words` are the words found in a paragraph, as ranges of the article's `version`. `claims` counts
    those of the speaker.
    """

    kind: Kind
    text: str
    article: str | None = None
    version: int | None = None
    title: str | None = None
    publisher: str | None = None
    published: Day | None = None
    start: int | None = None
    end: int | None = None
    words: list[WordsFound] | None = None
    annotation: UUID | None = None
    label: str | None = None
    speaker: str | None = None
    gold: bool | None = None
    claims: int | None = None
    source: str | None = None
    url: str | None = None

    @classmethod
    def of(cls, found: Found | ShownClaim | SpeakerFound | EvidenceFound, wanted: Sequence[str]) -> Self:
        """What was found, of whatever kind."""
        if isinstance(found, Found):
            return cls._passage(found, wanted)
        if isinstance(found, SpeakerFound):
            return cls(kind="speakers", text=found.name, claims=found.claims)
        if isinstance(found, EvidenceFound):
            return cls._claim(found.claim, kind="evidence", text=found.quote, source=found.source, url=found.url)
        return cls._claim(found, kind="claims", text=found.exact)

    @classmethod
    def _passage(cls, found: Found, wanted: Sequence[str]) -> Self:
        ranges = [(found.start + start, found.start + end) for start, end in places(found.text, wanted)]
        return cls(
            kind="articles",
            text=found.text,
            article=found.article_id,
            version=found.version,
            title=found.heading,
            publisher=found.publisher,
            published=found.published,
            start=found.start,
            end=found.end,
            words=[WordsFound(start=start, end=end) for start, end in ranges],
        )

    @classmethod
    def _claim(
        cls, claim: ShownClaim, *, kind: Kind, text: str, source: str | None = None, url: str | None = None
    ) -> Self:
        return cls(
            kind=kind,
            text=text,
            article=claim.article_id,
            title=claim.heading,
            publisher=claim.publisher,
            published=claim.published,
            start=claim.start,
            end=claim.end,
            annotation=claim.id,
            label=claim.label.key,
            speaker=claim.speaker,
            gold=claim.gold,
            source=source,
            url=url,
        )

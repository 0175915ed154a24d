"""Passages that may speak of the same as a claim."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field

from annotator.api.schemas.base import Day, Query, Schema
from annotator.services.counterparts import MOST, Counterpart


class CounterpartsQuery(Query):
    """How many passages to give."""

    limit: Annotated[int, Field(ge=1, le=50, description="The most passages to give.")] = MOST


class ReasonKind(StrEnum):
    """What a claim and a passage have in common."""

    WORDS = "words"
    NAMES = "names"
    NUMBERS = "numbers"
    DATES = "dates"
    SPEAKER = "speaker"
    STORY = "story"


class CounterpartReason(Schema):
    """Why a passage is listed: the kind of reason, and a line for people."""

    kind: ReasonKind
    words: str


class CounterpartOut(Schema):
    """The range [start, end) of an article's text, in code points, with its beginning; a higher score is likelier."""

    article: str
    title: str
    agency: str
    publisher: str
    published: Day | None
    start: int
    end: int
    text: str
    score: float
    reasons: list[CounterpartReason]

    @classmethod
    def of(cls, found: Counterpart) -> Self:
        return cls(
            article=found.article_id,
            title=found.heading,
            agency=found.agency,
            publisher=found.publisher,
            published=found.published,
            start=found.start,
            end=found.end,
            text=found.text,
            score=found.score,
            reasons=[CounterpartReason(kind=ReasonKind(why.signal), words=why.words) for why in found.why],
        )

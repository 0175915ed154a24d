"""Cues: the words and signs by which a reader sees that something is counted, dated, quoted, told, doubted or absolute."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from annotator.domain.spans import Ranged, Span
from annotator.matching.dates import dates_in_figures, dates_in_words
from annotator.matching.languages import table_of
from annotator.matching.languages.table import Table
from annotator.matching.numbers import numbers
from annotator.matching.quotations import quotations
from annotator.matching.tokens import Token, tokens_of
from annotator.matching.wording import known_phrases


class CueKind(StrEnum):
    """What a cue is a sign of."""

    NUMBER = "number"
    DATE = "date"
    QUOTATION = "quotation"
    ATTRIBUTION = "attribution"
    HEDGE = "hedge"
    SUPERLATIVE = "superlative"


@dataclass(frozen=True, slots=True)
class Cue:
    """The cue [start, end), in code points."""

    kind: CueKind
    start: int
    end: int


def find(text: str, stretches: Sequence[Ranged], language: str = "en") -> list[Cue]:
    """The cues in `stretches` of the text (its paragraphs, in order), by start; those of one kind do not overlap.

    `language` is a BCP 47 tag. Without a table for it, figures, dates in figures and quotations are found. The time
    is proportional to the text.
    """
    table = table_of(language)
    found = [Cue(CueKind.QUOTATION, *span) for span in quotations(text, stretches)]
    for stretch in stretches:
        found.extend(_in_stretch(text, stretch, table))
    return sorted(found, key=lambda cue: (cue.start, cue.end, cue.kind))


def _in_stretch(text: str, stretch: Ranged, table: Table) -> Iterable[Cue]:
    tokens = tokens_of(text, stretch.start, stretch.end, table)
    said_dates: list[Span] = []
    for phrase, span in known_phrases(tokens, table):
        if phrase in table.dates:
            said_dates.append(span)
            continue
        for kind in _kinds(phrase, table):
            yield Cue(kind, *span)
    in_figures = dates_in_figures(text, stretch.start, stretch.end)
    days = dates_in_words(text, _outside(tokens, in_figures), said_dates + in_figures, table)
    yield from (Cue(CueKind.DATE, *span) for span in days)
    yield from (Cue(CueKind.NUMBER, *span) for span in numbers(text, tokens, days, table))


def _kinds(phrase: str, table: Table) -> Iterable[CueKind]:
    """What the phrase is a cue of; "claimed" both tells and doubts. The empty one is a superlative by its ending."""
    if phrase in table.not_cues:
        return
    if not phrase or phrase in table.superlatives:
        yield CueKind.SUPERLATIVE
    if phrase in table.attributions:
        yield CueKind.ATTRIBUTION
    if phrase in table.hedges:
        yield CueKind.HEDGE


def _outside(tokens: Sequence[Token], spans: Sequence[Span]) -> list[Token]:
    """The tokens that share nothing with `spans`, which are sorted and do not overlap."""
    kept = []
    upcoming = 0
    for token in tokens:
        while upcoming < len(spans) and spans[upcoming].end <= token.start:
            upcoming += 1
        if upcoming == len(spans) or token.end <= spans[upcoming].start:
            kept.append(token)
    return kept

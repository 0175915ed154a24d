"""Passages that are worth a look, because of the cues in them. A suggestion is a place and a why, never a label."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import regex

from annotator.domain.spans import Span
from annotator.domain.text import Block, BlockKind, sentences
from annotator.matching.cues import Cue, CueKind, find

_WEIGHTS = {
    CueKind.NUMBER: 2,
    CueKind.QUOTATION: 2,
    CueKind.ATTRIBUTION: 2,
    CueKind.HEDGE: 2,
    CueKind.SUPERLATIVE: 2,
    CueKind.DATE: 1,
}
ENOUGH = 3
"""One strong cue and any other: nearly every sentence of the news has one, and what is always lit says nothing."""

_PLAIN_FIGURE = 3
"""A number in figures or of several words ("25", "tens of thousands") is enough by itself; "two" is not."""

_FEW_WORDS = 2
_LONGEST = 600
_SHORTEST = 12
_QUESTIONS = ("?", "؟", "？")
_END = regex.compile(r"[.!?…。؟]++[\"'”’»›)\]]*+(?<blank>\s++)(?=\S)")
_CLOSING = "\"'”’»›)]"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The passage [start, end), in code points, inside one block and without blanks at its ends, and why it was found.

    `why` are words for its reader: the kinds of the cues in it.
    """

    start: int
    end: int
    why: tuple[str, ...]


def suggest(
    text: str, blocks: Iterable[Block], language: str = "en", *, cues: Sequence[Cue] | None = None
) -> list[Suggestion]:
    """The sentences of the story that are worth a look, in order; `cues` spares finding them again.

    A sentence does not end inside a quotation. Page furniture, headings inside the text and questions are left out.
    """
    story = story_of(blocks)
    known = find(text, story, language) if cues is None else cues
    told = [block for block in story if block.kind is not BlockKind.SUBHEADING]
    found = []
    first = 0
    for sentence in whole_sentences(text, told, known, language):
        while first < len(known) and known[first].start < sentence.start:
            first += 1
        weights: dict[CueKind, int] = {}
        at = first
        while at < len(known) and known[at].start < sentence.end:
            cue = known[at]
            weights[cue.kind] = max(weights.get(cue.kind, 0), _weight(text, cue))
            at += 1
        if sum(weights.values()) >= ENOUGH and _could_be_claim(text, sentence):
            found.append(Suggestion(*sentence, tuple(kind for kind in CueKind if kind in weights)))
    return found


def story_of(blocks: Iterable[Block]) -> list[Block]:
    """The blocks that tell the story."""
    return [block for block in blocks if not block.furniture]


def whole_sentences(text: str, blocks: Iterable[Block], cues: Sequence[Cue], language: str) -> Iterator[Span]:
    """The sentences of the blocks, where one that ends inside a quotation goes on to the end of the quotation's last."""
    quotes = [cue for cue in cues if cue.kind is CueKind.QUOTATION]
    upcoming = 0
    for block in blocks:
        pending: Span | None = None
        for sentence in _short_enough(text, sentences(text, [block], language=language or "en")):
            span = Span(pending.start, sentence.end) if pending else sentence
            while upcoming < len(quotes) and quotes[upcoming].end <= span.end:
                upcoming += 1
            if upcoming < len(quotes) and quotes[upcoming].start < span.end and _holds(span, quotes[upcoming]):
                pending = span
                continue
            pending = None
            yield span
        if pending:
            yield pending


def _holds(sentence: Span, quotation: Cue) -> bool:
    """Whether the sentence may go on to the end of the quotation; long speech is better seen in pieces."""
    return quotation.end - min(sentence.start, quotation.start) <= _LONGEST


def _short_enough(text: str, found: Iterable[Span]) -> Iterator[Span]:
    """The same sentences; one that is too long, because it is all quoted speech, is cut where its sentences end."""
    for sentence in found:
        start = sentence.start
        if sentence.length > _LONGEST:
            for end in _END.finditer(text, sentence.start, sentence.end):
                yield Span(start, end.start("blank"))
                start = end.end()
        yield Span(start, sentence.end)


def _weight(text: str, cue: Cue) -> int:
    if cue.kind is not CueKind.NUMBER:
        return _WEIGHTS[cue.kind]
    written = text[cue.start : min(cue.end, cue.start + _LONGEST)]
    exact = any(sign.isdigit() for sign in written) or len(written.split()) > _FEW_WORDS
    return _PLAIN_FIGURE if exact else _WEIGHTS[cue.kind]


def _could_be_claim(text: str, sentence: Span) -> bool:
    if sentence.length < _SHORTEST:
        return False
    return not text[sentence.start : sentence.end].rstrip(_CLOSING).endswith(_QUESTIONS)

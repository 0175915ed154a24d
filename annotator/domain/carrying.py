"""Carrying claims over into a corrected text, where it is certain that they still stand at the same passage.

A quote alone is no proof: the same words may have been dropped here and written there. So a claim is carried over only
next to an anchor, a run of whole sentences that stands exactly once in either text and from which everything up to the
end of the claim is unchanged. Anchors on both sides are proof. One is enough where the claim's own sentence stands once
in either text without another nearby that is nearly the same, and what of it is next to the claim is unchanged.
Whatever else there is goes to a person, with the passage that looks most like it (domain/proposals.py).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import islice

from annotator.domain import resemblance
from annotator.domain import text as texts
from annotator.domain.proposals import Proposal, nearest
from annotator.domain.selectors import CONTEXT, occurrences
from annotator.domain.spans import Span

LEAST_ANCHOR = CONTEXT
"""So long is an anchor at least, in code points: "He did not reply." may well be written anew elsewhere."""

NEAR = 8
"""A copy of a sentence is looked for among so many sentences on either side."""
TWINS = 70.0
"""How alike, of 100, two sentences are that may be one and the same before and after a correction."""


class Outcome(StrEnum):
    """What became of a claim. Only the first two are certain; the others are a person's to decide."""

    CARRIED = "carried"
    MOVED = "moved"
    ASKED = "asked"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Carrying:
    """One span of the old text, what became of it, and its place in the new one if that is certain.

    `proposal` is for a person: where it might stand, and why that is not certain; None for what is certain or gone.
    """

    span: Span
    outcome: Outcome
    place: Span | None = None
    proposal: Proposal | None = None

    @property
    def certain(self) -> bool:
        return self.place is not None


@dataclass(frozen=True)
class Text:
    """A text with its paragraphs and sentences, worked out once for all the claims in it."""

    content: str
    language: str = "en"
    counts: dict[str, int] = field(default_factory=dict, compare=False)

    @cached_property
    def blocks(self) -> list[texts.Block]:
        return texts.plain_blocks(self.content)

    @cached_property
    def sentences(self) -> list[Span]:
        return texts.sentences(self.content, self.blocks, language=self.language)

    @cached_property
    def starts(self) -> list[int]:
        return [sentence.start for sentence in self.sentences]

    @cached_property
    def ends(self) -> list[int]:
        return [sentence.end for sentence in self.sentences]

    def touched(self, span: Span) -> range:
        """The numbers of the sentences that share characters with the span."""
        return range(bisect_right(self.ends, span.start), bisect_left(self.starts, span.end))

    def around(self, span: Span) -> Span:
        """The span widened to whole sentences."""
        touched = self.touched(span)
        if not touched:
            return span
        return Span(min(span.start, self.starts[touched[0]]), max(span.end, self.ends[touched[-1]]))

    def stands_once(self, passage: str) -> bool:
        """Whether the passage stands here exactly once; places may overlap."""
        if passage not in self.counts:
            self.counts[passage] = sum(1 for _ in islice(occurrences(self.content, passage), 2))
        return self.counts[passage] == 1

    def has_twin(self, place: Span, old: Text, span: Span) -> bool:
        """Whether one of the sentences near `place` is nearly one of those that the old text's span reaches into.

        It may be the true one, mended, beside a copy of what it was.
        """
        here = self.touched(place)
        if not here:
            return False
        near = [
            *range(max(0, here[0] - NEAR), here[0]),
            *range(here[-1] + 1, min(len(self.sentences), here[-1] + 1 + NEAR)),
        ]
        others = [self.content[slice(*self.sentences[number])] for number in near]
        own = (old.content[slice(*old.sentences[number])] for number in old.touched(span))
        return any(resemblance.most_alike(each, others, least=TWINS) is not None for each in own)

    def begins_sentence(self, offset: int) -> bool:
        return _among(self.starts, offset)

    def ends_sentence(self, offset: int) -> bool:
        return _among(self.ends, offset)


def carry(old: str, new: str, spans: Iterable[Span], *, language: str = "en") -> list[Carrying]:
    """What becomes of each span of `old` in `new`, in the order given. The spans lie inside `old`."""
    before, after = Text(old, language or "en"), Text(new, language or "en")
    return [_carry(before, after, Span(*span)) for span in spans]


def _carry(old: Text, new: Text, span: Span) -> Carrying:
    if old.content == new.content:
        return Carrying(span, Outcome.CARRIED, span)
    place = _beside_anchors(old, new, span)
    if place is not None:
        return Carrying(span, Outcome.CARRIED, place)
    place = _with_its_paragraph(old, new, span)
    if place is not None:
        return Carrying(span, Outcome.MOVED, place)
    proposal = nearest(old.content, new.content, span, around=old.around(span), sentences=new.sentences)
    return Carrying(span, Outcome.GONE if proposal is None else Outcome.ASKED, None, proposal)


def _beside_anchors(old: Text, new: Text, span: Span) -> Span | None:
    """Where the span stands between the sentences that it stood between; None if that is not certain."""
    behind, before = _after_anchor(old, new, span), _before_anchor(old, new, span)
    if behind is not None and before is not None:
        return behind if behind == before else None
    place = before if behind is None else behind
    if place is None:
        return None
    alone = _is_alone(old, new, span, place) and not (old.has_twin(span, old, span) or new.has_twin(place, old, span))
    return place if alone and _same_nearby(old, new, span, place) else None


def _after_anchor(old: Text, new: Text, span: Span) -> Span | None:
    """The span's place behind the sentences before it, or None when they, or anything up to its end, changed."""
    first = old.around(span).start
    start = _anchor_before(old, first)
    if start is None:
        # It stands too near to the beginning: the beginnings of both texts are the anchor.
        return span if new.content.startswith(old.content[: span.end]) else None
    if not _stands_once_in_both(old, new, Span(start, first)):
        return None
    at = new.content.find(old.content[start : span.end])
    return None if at < 0 else Span(at + span.start - start, at + span.end - start)


def _before_anchor(old: Text, new: Text, span: Span) -> Span | None:
    """The same from the sentences behind it."""
    last = old.around(span).end
    end = _anchor_behind(old, last)
    if end is None:
        moved = len(new.content) - len(old.content)
        at = Span(span.start + moved, span.end + moved)
        return at if new.content.endswith(old.content[span.start :]) else None
    if not _stands_once_in_both(old, new, Span(last, end)):
        return None
    at_start = new.content.find(old.content[span.start : end])
    return None if at_start < 0 else Span(at_start, at_start + span.length)


def _anchor_before(old: Text, first: int) -> int | None:
    """Where an anchor begins that ends at `first`; None if the text does not reach so far."""
    for start in reversed(old.starts[: bisect_left(old.starts, first)]):
        if first - start >= LEAST_ANCHOR:
            return start
    return None


def _anchor_behind(old: Text, last: int) -> int | None:
    for end in old.ends[bisect_right(old.ends, last) :]:
        if end - last >= LEAST_ANCHOR:
            return end
    return None


def _is_alone(old: Text, new: Text, span: Span, place: Span) -> bool:
    """Whether no other passage could be meant: each sentence that it reaches into, or its part, stands once in both texts.

    One that is repeated may be the copy, when the true one was pushed aside by it.
    """
    if old.around(span).length < LEAST_ANCHOR:
        return False
    moved = place.start - span.start
    for sentence in (old.sentences[number] for number in old.touched(span)):
        part = Span(max(span.start, sentence.start), min(span.end, sentence.end))
        whole = old.content[slice(*sentence)] == new.content[sentence.start + moved : sentence.end + moved]
        if not _stands_once_in_both(old, new, sentence if whole else part):
            return False
    return True


def _stands_once_in_both(old: Text, new: Text, passage: Span) -> bool:
    """Whether its words, whatever blanks stand before and behind them, are the only ones of their kind."""
    words = old.content[passage.start : passage.end].strip()
    return old.stands_once(words) and new.stands_once(words)


def _same_nearby(old: Text, new: Text, span: Span, place: Span) -> bool:
    """Whether the same stands on both sides of it, inside its sentence, as far as a quote's context reaches."""
    sentence = old.around(span)
    before = old.content[max(sentence.start, span.start - CONTEXT) : span.start]
    behind = old.content[span.end : min(sentence.end, span.end + CONTEXT)]
    if not (new.content.endswith(before, 0, place.start) and new.content.startswith(behind, place.end)):
        return False
    begins = len(before) == CONTEXT or new.begins_sentence(place.start - len(before))
    ends = len(behind) == CONTEXT or new.ends_sentence(place.end + len(behind))
    return begins and ends


def _with_its_paragraph(old: Text, new: Text, span: Span) -> Span | None:
    """Where it stands in its whole paragraph, which is elsewhere now. A single sentence is no such proof."""
    inside = [block for block in old.blocks if block.start <= span.start and span.end <= block.end]
    if not inside:
        return None
    block = inside[0]
    paragraph = old.content[block.start : block.end]
    if len(old.touched(Span(block.start, block.end))) < 2 or len(paragraph) < 2 * LEAST_ANCHOR:
        return None
    if not _stands_once_in_both(old, new, Span(block.start, block.end)):
        return None
    at = new.content.find(paragraph)
    here = Span(at, at + len(paragraph))
    others = [new.content[each.start : each.end] for each in new.blocks if (each.start, each.end) != here]
    if len(others) == len(new.blocks) or resemblance.most_alike(paragraph, others, least=TWINS) is not None:
        return None
    return Span(at + span.start - block.start, at + span.end - block.start)


def _among(ordered: Sequence[int], offset: int) -> bool:
    at = bisect_left(ordered, offset)
    return at < len(ordered) and ordered[at] == offset

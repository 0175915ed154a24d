"""Where a claim of an earlier text might stand in a corrected one: a guess, for a person to confirm."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from annotator.domain import resemblance
from annotator.domain.claims import Doubt
from annotator.domain.selectors import locate, occurrences, quote
from annotator.domain.spans import Span, snap_to_graphemes

LEAST_ALIKE = 55.0
"""How alike two passages must be, of 100, before one is proposed in the place of the other."""
MOST_SENTENCES = 4_000
"""So many sentences are compared; of a longer text those nearest to where the claim stood."""
MOST_PLACES = 200


class Proposal(NamedTuple):
    """A passage of the new text, and why it is not certain."""

    place: Span
    doubt: Doubt


def nearest(old: str, new: str, span: Span, *, around: Span, sentences: Sequence[Span]) -> Proposal | None:
    """The passage of `new` that looks most like the span of `old`; None if nothing does.

    `around` is the span widened to whole sentences of `old`; `sentences` are those of `new`.
    """
    exact = old[span.start : span.end]
    places = list(islice(occurrences(new, exact), MOST_PLACES))
    if places:
        hint = round(span.start * len(new) / max(1, len(old)))
        chosen = locate(new, quote(old, span), hint)
        if chosen is None:
            chosen = min(places, key=lambda place: abs(place.start - hint))
        return Proposal(chosen, Doubt.SURROUNDINGS if len(places) == 1 else Doubt.SEVERAL)
    passage = _alike(old, new, around, sentences)
    if passage is None:
        return None
    steps = resemblance.steps(old[around.start : around.end], new[passage.start : passage.end])
    start = passage.start + _mapped(steps, span.start - around.start, at_end=False)
    end = passage.start + _mapped(steps, span.end - around.start, at_end=True)
    place = _whole_words(new, Span(start, end))
    if place.length == 0 or resemblance.ratio(exact, new[place.start : place.end], least=LEAST_ALIKE) < LEAST_ALIKE:
        return None
    return Proposal(place, Doubt.CHANGED)


def _alike(old: str, new: str, around: Span, sentences: Sequence[Span]) -> Span | None:
    """The sentences of `new` that look most like old[around]: one, or as many more as it takes to be as long."""
    hint = round(around.start * len(new) / max(1, len(old)))
    middle = bisect_left(sentences, Span(hint, hint))
    first = max(0, min(middle - MOST_SENTENCES // 2, len(sentences) - MOST_SENTENCES))
    near = sentences[first : first + MOST_SENTENCES]
    wanted = old[around.start : around.end]
    choices = [
        new[each.start : _reaching(sentences, first + number, around.length)] for number, each in enumerate(near)
    ]
    found = resemblance.most_alike(wanted, choices, least=LEAST_ALIKE)
    if found is None:
        return None
    start = near[found].start
    return Span(start, start + len(choices[found]))


def _reaching(sentences: Sequence[Span], number: int, length: int) -> int:
    """The end of the sentence with which a run from this one on is nearest to that length."""
    start, end = sentences[number]
    for following in sentences[number + 1 :]:
        if abs(following.end - start - length) >= abs(end - start - length):
            break
        end = following.end
    return end


def _mapped(steps: Sequence[resemblance.Step], offset: int, *, at_end: bool) -> int:
    """Where an offset of the old passage is in the new one; one inside a change goes to its outer edge."""
    for step in steps:
        inside = step.src_start < offset <= step.src_end if at_end else step.src_start <= offset < step.src_end
        if inside and step.tag == "equal":
            return int(step.dest_start + offset - step.src_start)
        if inside:
            return int(step.dest_end if at_end else step.dest_start)
    return int(steps[-1].dest_end) if steps else 0


def _whole_words(text: str, span: Span) -> Span:
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start == end:
        return Span(start, end)
    while start > 0 and text[start].isalnum() and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return snap_to_graphemes(text, Span(start, end))

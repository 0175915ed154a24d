"""Where a span stands, in the terms of the W3C Web Annotation model: a position, and a quote with its context.

The position is a `Span` (TextPositionSelector); the quote (TextQuoteSelector) finds the passage again in another text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from annotator.domain.spans import Span, grapheme_ceiling, grapheme_floor

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTEXT = 32


class Quote(NamedTuple):
    """The quoted text and the little that stands before and after it."""

    exact: str
    prefix: str = ""
    suffix: str = ""


def quote(text: str, span: Span, *, context: int = CONTEXT) -> Quote:
    """The quote of `span`, with up to `context` code points on either side, cut between graphemes only."""
    before = grapheme_ceiling(text, max(0, span.start - context))
    after = grapheme_floor(text, min(len(text), span.end + context))
    return Quote(
        exact=text[span.start : span.end],
        # A span that begins or ends inside a grapheme may leave no whole one beside it: an empty slice then.
        prefix=text[before : span.start],
        suffix=text[span.end : after],
    )


def occurrences(text: str, exact: str) -> Iterator[Span]:
    """Every place where `exact` stands, by position; places may overlap. Nothing for an empty quote."""
    if not exact:
        return
    at = text.find(exact)
    while at >= 0:
        yield Span(at, at + len(exact))
        at = text.find(exact, at + 1)


def locate(text: str, wanted: Quote, hint: int | None = None) -> Span | None:
    """Where `wanted` stands in `text`: the place with most of the context around it, then the one nearest to `hint`.

    None where the words are absent, and where two places are equally good: a person has to choose then, since a
    claim is never attached to a passage by chance.
    """
    best: list[Span] = []
    best_score: tuple[int, int] | None = None
    for place in occurrences(text, wanted.exact):
        distance = 0 if hint is None else abs(place.start - hint)
        score = (_shared_context(text, place, wanted), -distance)
        if best_score is None or score > best_score:
            best, best_score = [place], score
        elif score == best_score:
            best.append(place)
    return best[0] if len(best) == 1 else None


def _shared_context(text: str, place: Span, wanted: Quote) -> int:
    """How many code points next to `place` agree with the quote's prefix and suffix."""
    before = text[max(0, place.start - len(wanted.prefix)) : place.start]
    after = text[place.end : place.end + len(wanted.suffix)]
    return _agreeing(reversed(before), reversed(wanted.prefix)) + _agreeing(iter(after), iter(wanted.suffix))


def _agreeing(found: Iterator[str], expected: Iterator[str]) -> int:
    """Length of the common beginning of two runs of characters."""
    count = 0
    for one, other in zip(found, expected, strict=False):
        if one != other:
            break
        count += 1
    return count

"""Which passage of a text the selectors of a target mark (sections 4.2.4, 4.2.5, 4.2.9 and 4.2.10 of the model)."""

from __future__ import annotations

from typing import Any, NamedTuple

from annotator.domain.selectors import Quote
from annotator.formats.json_values import whole_number
from annotator.formats.web_annotation.model import as_list


class Passage(NamedTuple):
    """What a selector marks: a quote, a position, or both. Neither means no passage of a text."""

    quote: Quote = Quote("")
    start: int | None = None
    end: int | None = None


NO_PASSAGE = Passage()


def passage(selectors: list[Any]) -> Passage:
    """What all selectors of one resource mark together, each in its way."""
    found = [_of_one(selector) for selector in selectors]
    quotes = (one.quote for one in found if one.quote.exact)
    places = ((one.start, one.end) for one in found if one.start is not None)
    return Passage(next(quotes, Quote("")), *next(places, (None, None)))


def _of_one(selector: Any) -> Passage:
    """What one selector marks, with what refines it. Places inside a structure (XPath, fragments) cannot be known."""
    if not isinstance(selector, dict):
        return Passage()
    types = as_list(selector.get("type"))
    found = Passage()
    if "TextPositionSelector" in types:
        found = Passage(start=whole_number(selector["start"]), end=whole_number(selector["end"]))
    elif "TextQuoteSelector" in types:
        found = Passage(Quote(selector["exact"], selector.get("prefix", ""), selector.get("suffix", "")))
    elif "RangeSelector" in types:
        # From the beginning of the first to the beginning of the second (section 4.2.9).
        first, second = (passage(as_list(selector[end])) for end in ("startSelector", "endSelector"))
        if first.start is not None and second.start is not None and first.start <= second.start:
            found = Passage(start=first.start, end=second.start)
    return _refined(found, passage(as_list(selector["refinedBy"]))) if "refinedBy" in selector else found


def _refined(coarse: Passage, fine: Passage) -> Passage:
    """`fine` inside `coarse`: its offsets count from where that begins, and mean nothing where nobody knows it."""
    if fine.start is None or fine.end is None:
        return Passage(fine.quote)
    if coarse.start is not None:
        return Passage(fine.quote, coarse.start + fine.start, coarse.start + fine.end)
    return Passage(Quote(coarse.quote.exact[fine.start : fine.end])) if coarse.quote.exact else Passage(fine.quote)

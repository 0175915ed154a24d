"""Where a claim of a file stands in the text that the project has: where it says, if its quote is there, and nowhere else."""

from __future__ import annotations

from annotator.domain.selectors import locate
from annotator.domain.spans import Span
from annotator.formats.records import ReadClaim, RecordError

SHOWN = 60


def placed(text: str, read: ReadClaim) -> Span | RecordError:
    """The place of the claim in `text`, or why it has none. With a quote alone, it must be told apart by its context."""
    exact = read.quote.exact
    if read.start is not None and read.end is not None:
        place = Span(read.start, read.end)
        if not 0 <= place.start < place.end <= len(text):
            problem = (
                f"The place [{place.start}, {place.end}) is not inside the article, which has {len(text):,} characters."
            )
            return RecordError(problem, read.line, "end")
        there = text[place.start : place.end]
        if exact and there != exact:
            return RecordError(
                f"The article says {_shown(there)} at [{place.start}, {place.end}), the file {_shown(exact)}. "
                "If the texts differ, leave out start and end: the quote is looked for then.",
                read.line,
                "exact",
            )
        return place
    if not exact:
        return RecordError("There is neither a place nor a quote.", read.line, "exact")
    found = locate(text, read.quote)
    if found is not None:
        return found
    if exact in text:
        why = "stands in the article more than once; give start and end, or more of what is before and after it."
    else:
        why = "does not stand in the article. Is it another version of the text?"
    return RecordError(f"{_shown(exact)} {why}", read.line, "exact")


def _shown(words: str) -> str:
    return f"“{words}”" if len(words) <= SHOWN else f"“{words[:SHOWN]}…”"

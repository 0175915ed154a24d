"""The HTML of an article's blocks with marks in them: the hot path of the annotate and adjudicate pages.

A template loop over thousands of marks is too slow, so strings are joined here. All text goes through `escaped`, and
an element's textContent is exactly its stretch of the text: paragraph numbers, letters and underlines are attributes
and classes that the style sheet draws. What a block looks like depends on nothing but the spans that touch it, so
after a change only the blocks that it touches are drawn again.

Nobody reads eighteen lines under one word, and each line more cuts all inside it: six levels are drawn claim by claim,
and what lies deeper, the longest claims of a crowded block, shares one line below them. So what is drawn of a block
stays bounded however many claims lie over each other; the page knows their places and finds them by these.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from annotator.domain.html import escaped, trusted
from annotator.domain.spans import Ranged, Span, levels, segments
from annotator.domain.text import Block, BlockKind, render_parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from markupsafe import Markup

DEEPEST_LEVEL = 6
"""The last underline level of single claims; those above it share the line of the level after it."""

ROOMY = 3
"""So many lines have room between the lines of text; a block that has more says how many, and gets more."""

AT_ONCE = 25
"""How many parts are given out together: more than a screen shows."""

SHARED = ""
"""The id of what is drawn for all claims above the deepest level; no claim has it."""

REJOINED = '<span class="rejoined" title="Joined from two paragraphs" aria-hidden="true"></span>'

_TAGS = {BlockKind.TITLE: "h1", BlockKind.SUBHEADING: "h2", BlockKind.QUOTE: "blockquote"}


class DrawnSpan(NamedTuple):
    """A claim as it is drawn. `tone` (1 to 8) is that of its label; `letter` stands in the margin beside it.

    The letter names the label where one reviewer works, and the reviewer where several are compared.
    """

    id: str
    start: int
    end: int
    tone: int
    letter: str = ""


@dataclass(frozen=True)
class Part:
    """What is drawn as one element: a block, or a piece of a long one. Blocks count from 1, pieces of one from 0."""

    block: Block
    number: int
    index: int
    start: int
    end: int

    @property
    def element_id(self) -> str:
        """The id of its element: "b12", and "b12-1", "b12-2" ... for what continues it."""
        return f"b{self.number}-{self.index}" if self.index else f"b{self.number}"


def parts(text: str, blocks: Iterable[Block], *, lang: str = "") -> list[Part]:
    """Everything that is drawn of `blocks`, in order."""
    return [part for number, block in enumerate(blocks, 1) for part in _parts_of(text, block, number, lang)]


def render_article(text: str, drawn: Sequence[Part], spans: Iterable[DrawnSpan], *, lang: str = "") -> Markup:
    """The HTML of all parts, in order."""
    return trusted("".join(_draw_all(text, drawn, spans, lang)))


def render_in_turn(
    text: str, drawn: Sequence[Part], spans: Iterable[DrawnSpan], *, lang: str = "", ids: str = ""
) -> Iterator[Markup]:
    """As `render_article`, some parts at a time: the first can be read while the rest is drawn.

    `ids` stands before the ids of the elements, where a page shows two articles.
    """
    drawing = _draw_all(text, drawn, spans, lang, ids=ids)
    while batch := list(islice(drawing, AT_ONCE)):
        yield trusted("".join(batch))


def render_changed(
    text: str, drawn: Sequence[Part], spans: Iterable[DrawnSpan], changes: Iterable[Ranged], *, lang: str = ""
) -> dict[str, Markup]:
    """The HTML of the parts that `changes` touch, by the id of their element, in order.

    A change of boundary is two changes: the old span and the new one. `spans` may be all spans of the article, or
    any of them that include those touching the changed parts.
    """
    indexes = sorted({index for change in changes for index in touched(drawn, change.start, change.end)})
    changed = [drawn[index] for index in indexes]
    return {
        part.element_id: trusted(html)
        for part, html in zip(changed, _draw_all(text, changed, spans, lang), strict=True)
    }


def touched(ranges: Sequence[Ranged], start: int, end: int) -> range:
    """The indexes of those `ranges` (blocks or parts, in order and apart) that share text with [start, end)."""
    first = bisect_right(ranges, start, key=lambda each: each.end)
    return range(first, max(first, bisect_left(ranges, end, key=lambda each: each.start)))


def _parts_of(text: str, block: Block, number: int, lang: str) -> list[Part]:
    cuts = render_parts(text, block, language=lang or "en")
    return [Part(block, number, index, cut.start, cut.end) for index, cut in enumerate(cuts)]


def _draw_all(
    text: str, drawn: Sequence[Part], spans: Iterable[DrawnSpan], lang: str, *, ids: str = ""
) -> Iterator[str]:
    """The HTML of each part; every span is handed only to the parts that it touches."""
    inside: list[list[DrawnSpan]] = [[] for _ in drawn]
    # As `touched`, on plain numbers: a key function would be called some twenty times for every span.
    starts, ends = [part.start for part in drawn], [part.end for part in drawn]
    for span in spans:
        for index in range(bisect_right(ends, span.start), bisect_left(starts, span.end)):
            inside[index].append(span)
    for part, here in zip(drawn, inside, strict=True):
        yield _draw(text, part, here, lang, ids=ids)


def _draw(text: str, part: Part, spans: list[DrawnSpan], lang: str, *, ids: str) -> str:
    spans.sort(key=lambda span: (span.start, -span.end, span.id))
    tag = _TAGS.get(part.block.kind, "p")
    letters = " ".join(dict.fromkeys(span.letter for span in spans if span.letter))
    attributes = [
        f'class="{_classes(part)}" id="{ids}{part.element_id}" data-block="{part.number}"',
        f'data-start="{part.start}" data-end="{part.end}" data-kind="{part.block.kind}"',
    ]
    if letters:
        attributes.append(f'data-letters="{escaped(letters)}"')
    level_of = levels(spans)
    depth = min(max(level_of.values(), default=0), DEEPEST_LEVEL + 1)
    if depth > ROOMY:
        attributes.append(f'data-depth="{depth}"')
    if lang:
        attributes.append(f'lang="{escaped(lang)}"')
    attributes.append('dir="auto"')
    return f"<{tag} {' '.join(attributes)}>{_marked(text, part, spans, level_of)}</{tag}>"


def _classes(part: Part) -> str:
    names = ["block"]
    if part.block.furniture:
        names.append("furniture")
    elif part.block.kind is BlockKind.CAPTION:
        names.append("caption")
    if part.index:
        names.append("part")
    if part.end < part.block.end:
        names.append("goes-on")
    return " ".join(names)


def _marked(text: str, part: Part, spans: Sequence[DrawnSpan], level_of: dict[str, int]) -> str:
    """The text of the part with one `<mark>` for each piece of each span, the highest underline level outermost.

    A mark stays open until it or one further out ends, so a nested mark does not cut the one around it; where marks
    cross, the inner one is closed and opened again.
    """
    if not spans:
        return _plain(text, part, part)
    single = [span for span in spans if level_of[span.id] <= DEEPEST_LEVEL]
    single.sort(key=lambda span: -level_of[span.id])
    outermost_first = single if len(single) == len(spans) else [*_shared(spans, level_of), *single]
    by_id = {span.id: span for span in outermost_first}
    pieces = _Pieces(level_of)
    for segment in segments(part.start, part.end, outermost_first):
        kept = _common_length(pieces.open_ids, segment.ids)
        pieces.close_to(kept, segment.start)
        for claim_id in segment.ids[kept:]:
            pieces.open(by_id[claim_id], segment.start)
        pieces.html.append(_plain(text, part, segment))
    pieces.close_to(0, part.end)
    return "".join(pieces.html)


def _shared(spans: Sequence[DrawnSpan], level_of: dict[str, int]) -> list[DrawnSpan]:
    """The stretches under which the line of the deeper levels is drawn, in order; it stands for no single claim."""
    stretches: list[DrawnSpan] = []
    for span in spans:
        if level_of[span.id] <= DEEPEST_LEVEL:
            continue
        last = stretches[-1] if stretches else None
        if last and span.start <= last.end:
            stretches[-1] = last._replace(end=max(last.end, span.end))
        else:
            stretches.append(DrawnSpan(SHARED, span.start, span.end, 0))
    return stretches


class _Pieces:
    """The HTML so far, and the marks that are open in it, outermost first."""

    def __init__(self, level_of: dict[str, int]) -> None:
        self.html: list[str] = []
        self.open_ids: list[str] = []
        self._level_of = level_of
        self._open: list[tuple[DrawnSpan, int, int]] = []

    def open(self, span: DrawnSpan, at: int) -> None:
        self._open.append((span, at, len(self.html)))
        self.open_ids.append(span.id)
        # Whether this piece is the last one of its mark is known only when it is closed.
        self.html.append("")

    def close_to(self, depth: int, at: int) -> None:
        while len(self._open) > depth:
            span, since, place = self._open.pop()
            self.open_ids.pop()
            self.html[place] = self._opening_tag(span, Span(since, at))
            self.html.append("</mark>")

    def _opening_tag(self, span: DrawnSpan, piece: Span) -> str:
        if span.id == SHARED:
            return '<mark class="mark more">'
        starts = " starts" if piece.start == span.start else ""
        ends = " ends" if piece.end == span.end else ""
        # The letter hangs at the end of the line, once.
        letter = f' data-letter="{escaped(span.letter)}"' if ends and span.letter else ""
        return (
            f'<mark class="mark tone-{span.tone:d} level-{self._level_of[span.id]}{starts}{ends}"'
            f' data-annotation="{escaped(span.id)}"{letter}>'
        )


def _common_length(one: Sequence[str], other: Sequence[str]) -> int:
    count = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        count += 1
    return count


def _plain(text: str, part: Part, stretch: Ranged) -> str:
    """The escaped text of a stretch, with a sign (and no text) where two halves of a paragraph were joined."""
    if not part.block.rejoined:
        return escaped(text[stretch.start : stretch.end])
    html = []
    at = stretch.start
    for joint in part.block.rejoined:
        if stretch.start <= joint < stretch.end:
            html += [escaped(text[at:joint]), REJOINED]
            at = joint
    html.append(escaped(text[at : stretch.end]))
    return "".join(html)

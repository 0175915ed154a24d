"""Blocks and marks as HTML: read back by a parser, the page must say exactly what the text says."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.rendering import (
    AT_ONCE,
    DEEPEST_LEVEL,
    DrawnSpan,
    parts,
    render_article,
    render_changed,
    render_in_turn,
    touched,
)
from annotator.domain.spans import Span, levels
from annotator.domain.text import Block, BlockKind


@dataclass
class Piece:
    """One mark element: the claim ("" for the line that the deeper ones share), its classes, its text."""

    claim: str
    classes: list[str]
    attributes: dict[str, str | None]
    text: str = ""


@dataclass
class Element:
    """One block element as a browser would hold it."""

    tag: str
    attributes: dict[str, str | None]
    text: str = ""
    pieces: list[Piece] = field(default_factory=list)
    around: list[tuple[str, ...]] = field(default_factory=list)  # For each character the marks around it.
    joints: list[int] = field(default_factory=list)  # Where the signs of a re-joined paragraph stand.

    @property
    def classes(self) -> list[str]:
        return (self.attributes["class"] or "").split()


class Page(HTMLParser):
    """Reads blocks back; complains about tags that are not closed in turn, and about text outside of blocks."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[str] = []
        self._marks: list[Piece] = []
        # A browser turns carriage returns of the source into line feeds before it parses.
        self.feed(str(html).replace("\r\n", "\n").replace("\r", "\n"))
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        assert len(attributes) == len(attrs)
        assert "style" not in attributes
        if not self._open:
            self.elements.append(Element(tag, attributes))
        elif tag == "mark":
            piece = Piece(attributes.get("data-annotation") or "", (attributes["class"] or "").split(), attributes)
            self.elements[-1].pieces.append(piece)
            self._marks.append(piece)
        else:
            assert (tag, attributes.get("class")) == ("span", "rejoined")
            self.elements[-1].joints.append(len(self.elements[-1].text))
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag
        if tag == "mark":
            self._marks.pop()

    def handle_data(self, text: str) -> None:
        assert self._open
        assert self._open[-1] != "span"
        self.elements[-1].text += text
        self.elements[-1].around += [tuple(piece.claim for piece in self._marks)] * len(text)
        for piece in self._marks:
            piece.text += text


CHARACTERS = [
    "👨‍👩‍👧", "🇸🇾", "e\u0301", "𝔸", "\r\n", "\r", "\n", "\t", "\u00a0", " ", "<", ">", "&", "&amp;", "&#13;", '"',
    "'", "</p>", "</mark>", "<script>", "<!--", "]]>", "שלום", "مرحبا", "\u202e", "\u2028", "\u200d", "\ufeff", "\u0085",
    "\x0c", "\x1b", "\ufffe", "a", "calm",
]  # fmt: skip
hostile = st.lists(st.sampled_from(CHARACTERS), min_size=1, max_size=40).map("".join)


@st.composite
def articles(draw: st.DrawFn) -> tuple[str, list[Block], list[DrawnSpan]]:
    """A text, blocks with gaps between some of them, and spans that go anywhere."""
    text = draw(hostile)
    offsets = st.integers(0, len(text))
    cuts = sorted({0, len(text), *draw(st.lists(offsets, max_size=6))})
    blocks = [
        Block(
            draw(st.sampled_from(BlockKind)),
            start,
            end,
            rejoined=tuple(sorted(draw(st.sets(st.integers(start, end), max_size=2)))),
        )
        for start, end in pairwise(cuts)
        if draw(st.integers(0, 4))
    ]
    spans = []
    for index in range(draw(st.integers(0, 16))):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        spans.append(DrawnSpan(f"claim-{index}", start, end, index % 8 + 1, "ABCD"[index % 4]))
    return text, blocks, spans


def drawn(text: str, blocks: list[Block], spans: list[DrawnSpan]) -> list[Element]:
    return Page(render_article(text, parts(text, blocks), spans)).elements


@given(articles())
def test_the_text_of_an_element_is_exactly_its_stretch_of_the_text(
    article: tuple[str, list[Block], list[DrawnSpan]],
) -> None:
    text, blocks, spans = article
    elements = drawn(text, blocks, spans)
    assert [element.text for element in elements] == [text[block.start : block.end] for block in blocks]
    for element, block in zip(elements, blocks, strict=True):
        assert element.joints == [joint - block.start for joint in block.rejoined if joint < block.end]
    assert [element.attributes["data-start"] for element in elements] == [str(block.start) for block in blocks]
    assert [element.attributes["data-end"] for element in elements] == [str(block.end) for block in blocks]


def lines_of(block: Block, spans: list[DrawnSpan]) -> dict[str, str]:
    """What stands for each claim that touches the block: a mark of its own, or ("") the line of the deeper ones."""
    level = levels([span for span in spans if span.start < block.end and block.start < span.end])
    return {claim: claim if each <= DEEPEST_LEVEL else "" for claim, each in level.items()}


@given(articles())
def test_around_every_character_stand_the_marks_of_the_claims_that_cover_it(
    article: tuple[str, list[Block], list[DrawnSpan]],
) -> None:
    text, blocks, spans = article
    for element, block in zip(drawn(text, blocks, spans), blocks, strict=True):
        line = lines_of(block, spans)
        for at, around in enumerate(element.around, start=block.start):
            assert sorted(around) == sorted({line[span.id] for span in spans if span.start <= at < span.end})


@given(articles())
def test_the_pieces_of_a_claim_make_up_its_words(article: tuple[str, list[Block], list[DrawnSpan]]) -> None:
    text, blocks, spans = article
    elements = drawn(text, blocks, spans)
    for span in spans:
        shown = [block for block in blocks if lines_of(block, spans).get(span.id) == span.id]
        pieces = [piece for element in elements for piece in element.pieces if piece.claim == span.id]
        inside = [text[max(span.start, block.start) : min(span.end, block.end)] for block in shown]
        assert "".join(piece.text for piece in pieces) == "".join(inside)
        assert all(piece.text for piece in pieces)
        starts, ends = ([name in piece.classes for piece in pieces] for name in ("starts", "ends"))
        assert sum(starts) == any(block.start <= span.start < block.end for block in shown)
        assert sum(ends) == any(block.start < span.end <= block.end for block in shown)
        assert [bool(piece.attributes.get("data-letter")) for piece in pieces] == ends
        assert not any(starts[1:])
        assert not any(ends[:-1])


@given(articles())
def test_the_outer_mark_has_the_higher_level(article: tuple[str, list[Block], list[DrawnSpan]]) -> None:
    text, blocks, spans = article
    for element in drawn(text, blocks, spans):
        level = {piece.claim: level_of(piece) for piece in element.pieces}
        assert all(1 <= each <= DEEPEST_LEVEL + 1 for each in level.values())
        for around in element.around:
            here = [level[claim] for claim in around]
            assert here == sorted(set(here), reverse=True)


@given(articles(), st.data())
def test_what_a_change_does_not_touch_looks_the_same_after_it(
    article: tuple[str, list[Block], list[DrawnSpan]], data: st.DataObject
) -> None:
    text, blocks, spans = article
    start = data.draw(st.integers(0, len(text) - 1))
    new = DrawnSpan("new", start, data.draw(st.integers(start + 1, len(text))), 1, "N")
    everything = parts(text, blocks)
    page = {part.element_id: render_changed(text, [part], spans, [part])[part.element_id] for part in everything}
    page |= render_changed(text, everything, [*spans, new], [new])
    assert "".join(page.values()) == render_article(text, everything, [*spans, new])


def level_of(piece: Piece) -> int:
    """Its underline level; the line that the deeper claims share is that below all others."""
    if piece.classes == ["mark", "more"]:
        return DEEPEST_LEVEL + 1
    return int(re.findall(r"level-(\d+)", " ".join(piece.classes))[0])


def render_block(text: str, block: Block, spans: list[DrawnSpan], *, lang: str = "") -> str:
    return str(render_article(text, parts(text, [block], lang=lang), spans, lang=lang))


def planted(html: str, old: str, new: str) -> str:
    assert old in html
    return str(html).replace(old, new)


def test_reading_back_notices_what_is_not_exact() -> None:
    text = "calm\r& <b>"
    html = render_block(text, Block(BlockKind.PARAGRAPH, 0, len(text)), [DrawnSpan("x", 0, 4, 1)])
    assert Page(html).elements[0].text == text
    assert Page(planted(html, "&#13;", "\r")).elements[0].text != text
    assert Page(planted(html, "&amp;", "&amp;amp;")).elements[0].text != text
    assert Page(planted(html, "</p>", " </p>")).elements[0].text != text
    with pytest.raises(AssertionError):
        Page(planted(html, "&lt;b&gt;", "<b>"))
    with pytest.raises(AssertionError):
        Page(planted(html, "</mark>", ""))


TEXT = "Calm\n\nThey spoke of a complete ceasefire."


def test_a_block_says_where_it_stands() -> None:
    block = Block(BlockKind.PARAGRAPH, 6, 41)
    spans = [DrawnSpan("c1", 22, 40, 2, "D"), DrawnSpan("c2", 6, 10, 1, "S")]
    second = parts(TEXT, [Block(BlockKind.TITLE, 0, 4), block])[1:]
    assert render_article(TEXT, second, spans) == (
        '<p class="block" id="b2" data-block="2" data-start="6" data-end="41" data-kind="paragraph"'
        ' data-letters="S D" dir="auto">'
        '<mark class="mark tone-1 level-1 starts ends" data-annotation="c2" data-letter="S">They</mark> spoke of a '
        '<mark class="mark tone-2 level-1 starts ends" data-annotation="c1" data-letter="D">complete ceasefire</mark>'
        ".</p>"
    )


@pytest.mark.parametrize(
    ("kind", "tag", "classes"),
    [
        (BlockKind.TITLE, "h1", ["block"]),
        (BlockKind.SUBHEADING, "h2", ["block"]),
        (BlockKind.PARAGRAPH, "p", ["block"]),
        (BlockKind.QUOTE, "blockquote", ["block"]),
        (BlockKind.CAPTION, "p", ["block", "caption"]),
        (BlockKind.CREDIT, "p", ["block", "furniture"]),
        (BlockKind.RELATED, "p", ["block", "furniture"]),
        (BlockKind.SOURCE, "p", ["block", "furniture"]),
    ],
)
def test_the_kind_of_a_block_chooses_its_element(kind: BlockKind, tag: str, classes: list[str]) -> None:
    (element,) = Page(render_block("calm", Block(kind, 0, 4), [])).elements
    assert (element.tag, element.classes, element.attributes["data-kind"]) == (tag, classes, kind.value)


def test_a_nested_claim_does_not_cut_the_one_around_it() -> None:
    spans = [DrawnSpan("outer", 0, 10, 1), DrawnSpan("inner", 3, 6, 2)]
    (element,) = Page(render_block("0123456789", Block(BlockKind.PARAGRAPH, 0, 10), spans)).elements
    assert [(piece.claim, piece.text) for piece in element.pieces] == [("outer", "0123456789"), ("inner", "345")]


def test_crossing_claims_are_cut_where_the_other_one_begins_or_ends() -> None:
    spans = [DrawnSpan("first", 0, 5, 1), DrawnSpan("second", 3, 9, 2)]
    (element,) = Page(render_block("0123456789", Block(BlockKind.PARAGRAPH, 0, 10), spans)).elements
    assert [(piece.claim, piece.text, piece.classes[3:]) for piece in element.pieces] == [
        ("first", "012", ["starts"]),
        ("second", "345678", ["starts", "ends"]),
        ("first", "34", ["ends"]),
    ]


def test_a_claim_over_two_blocks_is_drawn_in_both_and_starts_and_ends_once() -> None:
    blocks = [Block(BlockKind.TITLE, 0, 4), Block(BlockKind.PARAGRAPH, 6, 41)]
    title, paragraph = drawn(TEXT, blocks, [DrawnSpan("c", 0, 10, 1, "S")])
    assert [(piece.text, piece.classes[3:]) for piece in title.pieces] == [("Calm", ["starts"])]
    assert [(piece.text, piece.classes[3:]) for piece in paragraph.pieces] == [("They", ["ends"])]
    assert title.attributes["data-letters"] == paragraph.attributes["data-letters"] == "S"


def test_of_nine_claims_on_one_word_six_have_a_line_each_and_three_share_one() -> None:
    spans = [DrawnSpan(f"c{index}", 0, 4, 1) for index in range(9)]
    (element,) = Page(render_block("calm", Block(BlockKind.PARAGRAPH, 0, 4), spans)).elements
    assert [level_of(piece) for piece in element.pieces] == [7, 6, 5, 4, 3, 2, 1]
    assert [piece.claim for piece in element.pieces] == ["", "c5", "c4", "c3", "c2", "c1", "c0"]


def test_the_longest_claims_of_a_crowded_place_share_a_line_and_the_short_ones_keep_theirs() -> None:
    around = [DrawnSpan(f"outer {index}", 0, 20 + index, 1) for index in range(4)]
    nested = [DrawnSpan(f"inner {index}", 5, 10 + index, 2) for index in range(6)]
    (element,) = Page(render_block("x" * 30, Block(BlockKind.PARAGRAPH, 0, 30), [*around, *nested])).elements
    assert [(piece.claim, len(piece.text)) for piece in element.pieces] == [
        ("", 23),
        *((f"inner {index}", 5 + index) for index in (5, 4, 3, 2, 1, 0)),
    ]


def test_what_is_drawn_of_a_block_is_bounded_however_many_claims_lie_over_each_other() -> None:
    random = Random(7)
    text = "It was calm. " * 30
    block = Block(BlockKind.PARAGRAPH, 0, len(text))
    spans = []
    for index in range(80):
        start = random.randrange(len(text) - 20)
        spans.append(DrawnSpan(str(UUID(int=index)), start, min(len(text), start + random.randint(20, 200)), 1, "S"))
    html = render_block(text, block, spans)
    assert html.count("<mark") < 150
    assert len(html) < 15_000


@pytest.mark.parametrize(("claims", "depth"), [(0, None), (3, None), (4, "4"), (6, "6"), (7, "7"), (12, "7")])
def test_a_block_says_how_many_lines_it_has_where_these_need_room(claims: int, depth: str | None) -> None:
    spans = [DrawnSpan(f"c{index}", 0, 4, 1) for index in range(claims)]
    (element,) = Page(render_block("calm", Block(BlockKind.PARAGRAPH, 0, 4), spans)).elements
    assert element.attributes.get("data-depth") == depth


def test_the_place_where_a_paragraph_was_rejoined_is_shown_and_adds_no_text() -> None:
    text = "tens of thousands of people"
    block = Block(BlockKind.PARAGRAPH, 0, len(text), rejoined=(21,))
    html = render_block(text, block, [DrawnSpan("c", 5, 27, 1)])
    assert html.count('thousands of <span class="rejoined"') == 1
    assert Page(html).elements[0].text == text


def test_letters_and_ids_and_languages_cannot_leave_their_attributes() -> None:
    evil = '"><script>'
    html = render_block("calm", Block(BlockKind.PARAGRAPH, 0, 4), [DrawnSpan(evil, 0, 4, 1, evil)], lang=evil)
    (element,) = Page(html).elements
    assert (element.attributes["lang"], element.attributes["data-letters"], element.pieces[0].claim) == (evil,) * 3


def test_the_language_is_given_where_it_is_known() -> None:
    block = Block(BlockKind.PARAGRAPH, 0, 4)
    assert Page(render_block("calm", block, [], lang="ar")).elements[0].attributes["lang"] == "ar"
    assert "lang" not in Page(render_block("calm", block, [])).elements[0].attributes


def test_a_long_block_is_drawn_in_parts_that_say_that_they_go_on() -> None:
    text = "It was calm. " * 600
    block = Block(BlockKind.PARAGRAPH, 0, len(text))
    found = parts(text, [block])
    span = DrawnSpan("c", found[0].end - 4, found[0].end + 8, 1, "S")
    elements = Page(render_block(text, block, [span])).elements
    assert "".join(element.text for element in elements) == text
    assert [element.attributes["id"] for element in elements] == ["b1", "b1-1", "b1-2"]
    assert [element.classes for element in elements] == [
        ["block", "goes-on"],
        ["block", "part", "goes-on"],
        ["block", "part"],
    ]
    assert list(render_changed(text, found, [span], [Span(0, 5)])) == ["b1"]
    assert list(render_changed(text, found, [span], [span])) == ["b1", "b1-1"]


def test_a_moved_boundary_changes_the_blocks_of_the_old_and_of_the_new_span() -> None:
    text = "one two three four"
    blocks = [Block(BlockKind.PARAGRAPH, start, end) for start, end in ((0, 3), (4, 7), (8, 13), (14, 18))]
    changed = render_changed(text, parts(text, blocks), [DrawnSpan("c", 9, 12, 1)], [Span(0, 2), Span(9, 12)])
    assert list(changed) == ["b1", "b3"]
    assert "<mark" not in changed["b1"]
    assert "<mark" in changed["b3"]


@pytest.mark.parametrize(
    ("start", "end", "indexes"),
    [
        (0, 1, [0]),
        (3, 4, []),
        (2, 5, [0, 1]),
        (0, 18, [0, 1, 2]),
        (7, 8, []),
        (6, 9, [1, 2]),
        (17, 30, [2]),
        (18, 19, []),
    ],
)
def test_a_change_touches_the_blocks_that_share_text_with_it(start: int, end: int, indexes: list[int]) -> None:
    assert list(touched([Span(0, 3), Span(4, 7), Span(8, 18)], start, end)) == indexes


@given(articles(), st.randoms(use_true_random=False))
def test_the_order_of_the_claims_never_matters(
    article: tuple[str, list[Block], list[DrawnSpan]], random: Random
) -> None:
    text, blocks, spans = article
    shuffled = list(spans)
    random.shuffle(shuffled)
    everything = parts(text, blocks)
    assert render_article(text, everything, shuffled) == render_article(text, everything, spans)


@given(articles())
def test_what_is_given_out_in_turn_is_the_whole_article(article: tuple[str, list[Block], list[DrawnSpan]]) -> None:
    text, blocks, spans = article
    everything = parts(text, blocks)
    assert "".join(render_in_turn(text, everything, spans)) == render_article(text, everything, spans)


def test_the_first_blocks_are_given_out_before_the_last_are_drawn() -> None:
    blocks = [Block(BlockKind.PARAGRAPH, number, number + 1) for number in range(3 * AT_ONCE)]
    # A claim of no tone cannot be drawn; it lies over the last block.
    spans = [DrawnSpan("c", len(blocks) - 1, len(blocks), None)]  # type: ignore[arg-type]
    drawing = render_in_turn("x" * len(blocks), parts("x" * len(blocks), blocks), spans)
    assert next(drawing).count("<p ") == AT_ONCE
    assert next(drawing).count("<p ") == AT_ONCE
    with pytest.raises(TypeError):
        next(drawing)


def test_text_without_claims_or_blocks_is_plain() -> None:
    assert render_article(TEXT, [], []) == ""
    assert "<mark" not in render_block(TEXT, Block(BlockKind.TITLE, 0, 4), [DrawnSpan("c", 22, 40, 1)])

"""Blocks, sentences, parts and counts of a text: exact offsets, nothing lost."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from annotator.domain import text as subject
from annotator.domain.spans import Span
from annotator.domain.text import (
    Block,
    BlockKind,
    grapheme_boundaries,
    plain_blocks,
    problem_with,
    render_parts,
    sentences,
    sha256,
    words,
)

FAMILY = "👨‍👩‍👧"
storable = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
airy = st.text(st.sampled_from("ab.A \t\n\r\u00a0\u2028\u3000\u200b\u0301\x1c😀“"), max_size=200)


def whole(text: str) -> Block:
    return Block(BlockKind.PARAGRAPH, 0, len(text))


def quotes(text: str, spans: list[Span]) -> list[str]:
    return [text[span.start : span.end] for span in spans]


def paragraphs(text: str) -> list[str]:
    return [text[block.start : block.end] for block in plain_blocks(text)]


@pytest.mark.parametrize("text", ["", "plain", "\x01\x1f\x7f", "\ufffe\uffff", "\ue000", "😀", "\ud7ff\ue000"])
def test_a_text_that_every_database_can_store_is_accepted(text: str) -> None:
    assert problem_with(text) is None


@pytest.mark.parametrize(
    ("text", "words_of_it"),
    [
        ("a\x00b", ["Character 2 of 3", "NUL", "U+0000"]),
        ("ab\ud800", ["Character 3 of 3", "surrogate", "U+D800"]),
        ("\udfff", ["Character 1 of 1", "surrogate", "U+DFFF"]),
    ],
)
def test_the_first_character_that_cannot_be_stored_is_named_with_its_place(text: str, words_of_it: list[str]) -> None:
    problem = problem_with(text)
    assert problem is not None
    assert all(word in problem for word in words_of_it)


def test_the_hash_is_of_the_utf8_form_and_tells_decomposed_from_composed() -> None:
    assert sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert sha256("é") != sha256("e\u0301")


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), (" - ", 0), ("one two", 2), ("it's the co-owner’s", 3), ("25 people, 1,000", 4), ("слово и дело", 3)],
)
def test_words_are_counted(text: str, count: int) -> None:
    assert words(text) == count


@given(st.text(st.sampled_from("ab1_é²ªж \n'’-“„…œ\u0301"), max_size=20))
def test_words_are_counted_alike_in_every_script(text: str) -> None:
    """The quick way for Latin letters counts what the rule says."""
    assert words(text) == len(re.findall(r"\w+(?:['’\-]\w+)*", text))


def test_graphemes_are_never_cut() -> None:
    text = f"e\u0301{FAMILY}\r\nx"
    assert grapheme_boundaries(text) == [0, 2, 7, 9, 10]
    assert grapheme_boundaries(text, 2, 9) == [2, 7, 9]


def test_blank_lines_part_paragraphs_and_line_ends_alone_do_not() -> None:
    assert paragraphs("  One\nstill one. \n \t\nTwo.\r\n\r\nThree.\r\rFour.\n") == [
        "One\nstill one.",
        "Two.",
        "Three.",
        "Four.",
    ]


@pytest.mark.parametrize(
    "text", ["One.\nTwo.\nThree.", "One.\r\nTwo.\r\nThree.", "One.\rTwo.\rThree.", "\n\nOne.\nTwo.\nThree.\n\n"]
)
def test_without_blank_lines_each_line_is_a_paragraph(text: str) -> None:
    assert paragraphs(text) == ["One.", "Two.", "Three."]


@pytest.mark.parametrize("text", ["", " ", "\n\r\n\t", "\u00a0\u2003"])
def test_white_space_alone_makes_no_block(text: str) -> None:
    assert plain_blocks(text) == []


@given(st.text(st.sampled_from("ab\r\n\t \v\x85\u2028"), max_size=20))
def test_paragraphs_are_parted_where_a_run_of_blanks_has_two_line_ends(text: str) -> None:
    text = text.strip()
    breaks = list(re.finditer(r"[\r\n]\s*", text))
    between = [each for each in breaks if len(re.findall("\r\n|\r|\n", each.group())) > 1] or breaks
    assert [block.start for block in plain_blocks(text)] == [0, *(each.end() for each in between)][: len(text)]


@given(st.one_of(storable, airy))
def test_blocks_hold_every_character_that_is_not_white_space_exactly_once(text: str) -> None:
    blocks = plain_blocks(text)
    position = 0
    for block in blocks:
        assert position <= block.start < block.end <= len(text)
        assert not text[position : block.start].strip()
        assert text[block.start : block.end] == text[block.start : block.end].strip()
        position = block.end
    assert not text[position:].strip()


def test_sentences_have_the_offsets_of_the_text_they_stand_in() -> None:
    text = f"Dr. Roe said {FAMILY} “It is calm.”\u00a0 He left!\n\nAn e\u0301clair? Yes."
    assert quotes(text, sentences(text, plain_blocks(text))) == [
        f"Dr. Roe said {FAMILY} “It is calm.”",
        "He left!",
        "An e\u0301clair?",
        "Yes.",
    ]


def test_a_line_end_inside_a_paragraph_ends_no_sentence() -> None:
    text = "The truce\nheld. It was\r\nquiet."
    assert quotes(text, sentences(text, [whole(text)])) == ["The truce\nheld.", "It was\r\nquiet."]


@pytest.mark.parametrize("blank", ["\u00a0", "\u2028", "\x85", "\u3000", "\u202f", "\u1680"])
def test_blanks_on_which_the_splitter_panics_are_split_like_plain_ones(
    blank: str, capfd: pytest.CaptureFixture[str]
) -> None:
    text = f"One.{blank}{blank} B{blank}. Two."
    assert len(sentences(text, [whole(text)])) == len(sentences(text.replace(blank, " "), [whole(text)]))
    assert "panicked" not in capfd.readouterr().err


def test_a_passage_that_the_splitter_cannot_take_is_one_sentence(capfd: pytest.CaptureFixture[str]) -> None:
    # Straight to the splitter, without the plain blanks that protect it: this is what a panic of it must end in.
    passage = "One.\u00a0\u00a0 B\u00a0."
    assert subject._boundaries(passage, "en") == [(0, len(passage))]
    assert "panicked" in capfd.readouterr().err


def test_a_very_long_paragraph_is_split_like_a_short_one() -> None:
    text = " ".join(f"Dr. Roe counted {number} ferries." for number in range(2_000))
    assert len(sentences(text, [whole(text)])) == 2_000


@pytest.mark.parametrize("language", ["", "en", "EN-gb", "ar", "xx", "zh-Hant"])
def test_any_language_tag_is_accepted(language: str) -> None:
    text = "One stands. Two follow."
    assert len(sentences(text, [whole(text)], language=language)) == 2


@given(st.one_of(storable, airy))
@example("One.\u00a0\u00a0 B\u00a0.")
def test_sentences_hold_all_that_the_blocks_hold_in_order(text: str) -> None:
    blocks = plain_blocks(text)
    found = sentences(text, blocks)
    assert "".join("".join(quote.split()) for quote in quotes(text, found)) == "".join(text.split())
    assert all(any(block.start <= span.start < span.end <= block.end for block in blocks) for span in found)
    assert all(above.end <= below.start for above, below in pairwise(found))


def test_a_short_block_is_one_part() -> None:
    assert render_parts("Short.", whole("Short.")) == [Span(0, 6)]


def test_a_long_block_is_cut_before_a_sentence() -> None:
    text = " ".join(f"Sentence number {number} says nothing new." for number in range(200))
    parts = render_parts(text, whole(text))
    assert len(parts) > 1
    assert all(part.end - part.start <= 3_000 for part in parts)
    assert all(text[part.start :].startswith("Sentence number") for part in parts)


def test_a_long_sentence_is_cut_after_a_blank_and_never_inside_a_grapheme() -> None:
    text = "word " * 1_000
    assert all(text[part.end - 1] == " " for part in render_parts(text, whole(text)))
    families = FAMILY * 1_000
    assert all(part.end % len(FAMILY) == 0 for part in render_parts(families, whole(families)))


@given(airy, st.integers(1, 20))
def test_parts_adjoin_and_cover_the_block(text: str, longest: int) -> None:
    for block in plain_blocks(text):
        parts = render_parts(text, block, longest=longest)
        assert [part.start for part in parts] == [block.start, *(part.end for part in parts[:-1])]
        assert parts[-1].end == block.end
        assert all(0 < part.end - part.start <= longest for part in parts)


@pytest.mark.parametrize("unit", ["a", " ", ".", "\n", "\r", "'", "‘", "\u0301", "\u200d", "(", '"', "A. "])
def test_a_megabyte_of_one_character_is_no_obstacle(unit: str) -> None:
    text = unit * 1_000_000
    blocks = plain_blocks(text)
    words(text)
    sentences(text, blocks)
    assert sum(len(render_parts(text, block)) for block in blocks) >= len(blocks)

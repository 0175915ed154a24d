"""Paragraphs out of the lines of pages: what is joined, what is parted, what is left out, and that it is said."""

from __future__ import annotations

import pytest

from annotator.domain.extract import Extraction, Line, extract_pages

FULL = "The ministry said on Sunday that both governments had announced"


def page(*texts: str, top: float = 700, leading: float = 14, x: float = 72, size: float = 11) -> list[Line]:
    return [Line(text, x, top - number * leading, size) for number, text in enumerate(texts)]


def paragraphs(extraction: Extraction) -> list[str]:
    return [extraction.text[block.start : block.end] for block in extraction.blocks]


def said(extraction: Extraction, words: str) -> bool:
    return any(words in warning for warning in extraction.warnings)


def test_lines_of_one_paragraph_become_one() -> None:
    found = extract_pages([page(FULL, "a complete ceasefire in the province.")])
    assert paragraphs(found) == [f"{FULL} a complete ceasefire in the province."]
    assert said(found, "put together out of the lines")


def test_a_wider_gap_begins_a_paragraph() -> None:
    lines = page(FULL, FULL, "a complete ceasefire.") + page(FULL, "nothing else.", top=640)
    assert len(paragraphs(extract_pages([lines]))) == 2


def test_an_indented_line_after_a_sentence_begins_a_paragraph() -> None:
    first = page(FULL, "a complete ceasefire, and that all of their troops would go.")
    second = [
        Line("Residents of all the towns around said to reporters that", 90, 672, 11),
        *page("it was calm.", top=658),
    ]
    assert paragraphs(extract_pages([first + second]))[1].startswith("Residents of all")
    assert len(paragraphs(extract_pages([first + second]))) == 2


def test_a_line_with_room_for_the_next_word_ends_a_paragraph() -> None:
    found = extract_pages([page(FULL, FULL, "a truce.", FULL, FULL)])
    assert paragraphs(found) == [f"{FULL} {FULL} a truce.", f"{FULL} {FULL}"]


def test_entries_of_a_list_stay_apart() -> None:
    found = extract_pages([page(FULL + ":", "• first of them", "• second of them")])
    assert paragraphs(found)[1:] == ["• first of them", "• second of them"]


@pytest.mark.parametrize(
    ("above", "below", "joined"),
    [
        ("both govern-", "ments agreed", "both governments agreed"),
        ("both govern\u2010", "ments agreed", "both governments agreed"),
        ("both govern\u00ad", "ments agreed", "both governments agreed"),
        ("the Anglo-", "American side", "the Anglo-American side"),
        ("the years 2019-", "2020 were", "the years 2019-2020 were"),
        ("a state-of-the-", "art weapon", "a state-of-the-art weapon"),
        ("it was calm —", "nobody fired", "it was calm — nobody fired"),
        ("it was calm—", "nobody fired", "it was calm—nobody fired"),
        ("停火协议", "已经生效", "停火协议已经生效"),
        ("it was", "calm", "it was calm"),
    ],
)
def test_a_line_end_is_joined_as_the_words_want_it(above: str, below: str, joined: str) -> None:
    wide = "x" * len(above)
    text = extract_pages([page(wide, above, below)]).text
    assert text.endswith(joined)


def test_a_compound_that_the_text_writes_elsewhere_keeps_its_hyphen() -> None:
    filler = "in the north-western province there was no shelling on that day"
    found = extract_pages(
        [page(filler, "and people of the whole of the other large parts of the north-", "western side.")]
    )
    assert "the north-western side." in found.text
    assert not said(found, "hyphen")


def test_words_that_lost_their_hyphen_are_named() -> None:
    assert said(extract_pages([page(FULL, FULL[:-9] + "both govern-", "ments agreed.")]), "“governments”")


def test_ligatures_become_their_letters_and_that_is_said() -> None:
    found = extract_pages([page("The ceaseﬁre began at the oﬃce of the ﬂeet, as oﬀicials said.")])
    assert found.text == "The ceasefire began at the office of the fleet, as officials said."
    assert said(found, "ﬁ")


def with_edges(number: int, *body: str) -> list[Line]:
    return [
        Line("The Daily Example", 72, 800, 9),
        *page(*body),
        Line(f"Page {number} of 3", 280, 30, 9),
    ]


def test_what_pages_repeat_at_their_edges_is_left_out_and_named() -> None:
    found = extract_pages([with_edges(1, FULL), with_edges(2, FULL), with_edges(3, "the truce.")])
    assert found.text == f"{FULL} {FULL} the truce."
    assert said(found, "“Page 1 of 3”, “The Daily Example”")


def test_a_line_that_runs_on_with_the_text_is_never_taken_for_an_edge() -> None:
    same = page(
        "It was calm in the north of the province on that day, they said.", *[FULL] * 5, "And so it stayed there."
    )
    assert extract_pages([same, same, same]).text.count("It was calm") == 3


def test_a_header_on_a_single_page_stays() -> None:
    assert "The Daily Example" in extract_pages([with_edges(1, FULL, "a truce.")]).text


def test_pages_that_are_nothing_but_alike_are_kept() -> None:
    alike = [Line("Draft", 72, 800, 9)]
    assert extract_pages([alike, alike]).text != ""


def test_a_sentence_goes_on_over_the_end_of_a_page_and_of_a_column() -> None:
    columns = page(FULL, FULL, x=72) + page(FULL, FULL, x=320)
    found = extract_pages([columns, page("where it had been asked for.")])
    assert paragraphs(found) == [" ".join([FULL] * 4) + " where it had been asked for."]


def test_larger_letters_are_headings_and_the_first_is_the_title() -> None:
    lines = [
        *page("A truce begins", size=20, top=760),
        *page(FULL, "a complete ceasefire in the province."),
        *page("What comes next", size=14, top=640),
        *page(FULL, "nothing else.", top=610),
    ]
    found = extract_pages([lines])
    assert found.title == "A truce begins"
    assert [str(block.kind) for block in found.blocks] == ["title", "paragraph", "subheading", "paragraph"]


def test_nothing_is_nothing() -> None:
    assert extract_pages([]).text == ""
    assert extract_pages([[], []]).text == ""

"""Furniture and structure by their words, and the look-alikes that must stay what they are."""

from __future__ import annotations

from datetime import date

import pytest

from annotator.domain.extract import Extraction, extract_markdown, extract_text
from annotator.domain.text import BlockKind

LEAD = "The ferry left the southern quay on Friday, officials of the harbour said."
TAIL = "The harbour expects forty crossings a day from next week on, it said."


def around(piece: str, *, markdown: bool = False) -> Extraction:
    """The extraction of a piece between paragraphs of a story."""
    extract = extract_markdown if markdown else extract_text
    return extract(f"{LEAD}\n\n{piece}\n\n{TAIL}\n\n{LEAD}\n\n{TAIL}\n\n{TAIL}")


def header(piece: str, *, markdown: bool = False) -> Extraction:
    """The extraction of a piece between a title and the story."""
    extract = extract_markdown if markdown else extract_text
    return extract(f"{'# ' if markdown else ''}Ferries Sail Again\n\n{piece}\n\n{LEAD}\n\n{TAIL}")


def kind(extraction: Extraction) -> BlockKind:
    return extraction.blocks[1].kind


@pytest.mark.parametrize(
    ("piece", "expected"),
    [
        ("A quay. (June 7, 2019) (AFP)", BlockKind.CAPTION),
        ("A quay at dawn. (Ada Roe/Reuters)", BlockKind.CAPTION),
        ("A quay at dawn [File: Ada Roe/AFP]", BlockKind.CAPTION),
        ("A quay at dawn, on Friday. (AP Photo/Ada Roe)", BlockKind.CAPTION),
        ("FILE PHOTO: Ferries wait at the quay.", BlockKind.CAPTION),
        ("Photo: Ada Roe", BlockKind.CREDIT),
        ("Ada Roe / AP", BlockKind.CREDIT),
        ("Related article: Forty crossings a day cancelled", BlockKind.RELATED),
        ("READ MORE: Who owns the bay?", BlockKind.RELATED),
        ("Source: Reuters", BlockKind.SOURCE),
        ("Source: The harbour's yearbook", BlockKind.SOURCE),
        ("Original url: https://example.org/a", BlockKind.SOURCE),
        ("A second week", BlockKind.SUBHEADING),
        ("“We sail”", BlockKind.SUBHEADING),
    ],
)
def test_furniture_between_paragraphs_is_known_by_its_words(piece: str, expected: BlockKind) -> None:
    assert kind(around(piece)) == expected


@pytest.mark.parametrize(
    "piece",
    [
        "The quay was empty on Friday. (AFP)",
        "The quay was last seen empty in spring (June 7, 2019)",
        "The quay belongs to a company (the harbour/bay trust) and a bank.",
        "Related: the company said on Friday that it would pay the crews.",
        "The related article was withdrawn by the newspaper.",
        "Source: the crews told the harbour that no one was hurt on Friday.",
        "Sources say the talks go on.",
        "The original url: nobody knows it.",
        "By Friday, the quay had emptied.",
        "Photography is forbidden at the quay.",
        "March 5, 2021 was a Friday.",
        "a second week",
        "The crews asked for:",
        "The ship carried the",
        "* * *",
        "- wages",
        "1. Wages",
        "They sailed!",
    ],
)
def test_look_alikes_stay_paragraphs_of_the_story(piece: str) -> None:
    assert kind(around(piece)) == BlockKind.PARAGRAPH


@pytest.mark.parametrize(
    ("line", "agency", "byline"),
    [
        ("By Reuters", "Reuters", ""),
        ("By Ada Roe", "", "Ada Roe"),
        ("By Ada Roe and Ben van der Poe, AP", "AP", "Ada Roe, Ben van der Poe"),
        ("BY ADA ROE", "", "ADA ROE"),
        ("Agence France-Presse", "AFP", ""),
        ("By dpa", "DPA", ""),
    ],
)
def test_a_byline_names_agency_or_author(line: str, agency: str, byline: str) -> None:
    extraction = header(line)
    assert (extraction.agency, extraction.byline, kind(extraction)) == (agency, byline, BlockKind.CREDIT)


@pytest.mark.parametrize("line", ["By Sunday the bay", "By the numbers", "By far", "Byline Times"])
def test_what_only_begins_like_a_byline_is_none(line: str) -> None:
    assert header(line).byline == ""


@pytest.mark.parametrize(
    "line",
    [
        "January 12, 2020",
        "Sunday, January 12, 2020",
        "12 January 2020",
        "12 Jan. 2020, 14:05 GMT",
        "2020-01-12",
        "2020-01-12T14:05:00Z",
        "Published: January 12th, 2020",
        "Sun 12 Jan 2020",
    ],
)
def test_a_line_that_is_a_date_is_the_date_of_publication(line: str) -> None:
    extraction = header(line)
    assert extraction.published == date(2020, 1, 12)
    assert kind(extraction) == BlockKind.CREDIT


@pytest.mark.parametrize(
    "line", ["February 30, 2020", "12 Foo 2020", "January 2020", "2020-13-01", "Updated: January 12, 2020"]
)
def test_what_is_no_date_of_publication_is_not_taken_for_one(line: str) -> None:
    extraction = header(line)
    assert extraction.published is None
    assert any("date of publication" in warning for warning in extraction.warnings)


def test_a_date_in_figures_is_not_guessed() -> None:
    extraction = header("01/12/2020")
    assert extraction.published is None
    assert any("01/12/2020" in warning for warning in extraction.warnings)


def test_a_date_inside_the_story_is_not_the_date_of_publication() -> None:
    assert around("March 5, 2021").published is None


@pytest.mark.parametrize(
    ("beginning", "published", "start"),
    [
        (" date 2019-06-12 The ferry", date(2019, 6, 12), "The ferry"),
        ("Date: 2019-06-12\n\nThe ferry", date(2019, 6, 12), "The ferry"),
        ("date 2019-13-12 The ferry", None, "date 2019-13-12"),
        ("Date 2019-06-12 was agreed; the ferry", None, "Date 2019-06-12"),
        ("dated 2019-06-12 The ferry", None, "dated"),
    ],
)
def test_only_a_glued_date_prefix_is_taken_off(beginning: str, published: date | None, start: str) -> None:
    extraction = extract_text(f"{beginning} left the quay.\n\n{TAIL}")
    assert extraction.published == published
    assert extraction.text.startswith(start)


HALF = "The company had refused the demands of the crews and of the harbour since"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (HALF, "January of that year."),
        (f"{HALF}.", "january of that year."),
        (f"{HALF}:", "january of that year."),
        ("Third week", "ferries waited at the quay."),
        (HALF, "january of that year"),
        (HALF, "a) january of that year."),
        (HALF, "iPhones were sold at the quay."),
        (HALF, "https://example.org/a."),
        (f"- {HALF}", "january of that year."),
        (HALF.lower(), "january of that year."),
    ],
)
def test_paragraphs_that_only_look_broken_stay_two(first: str, second: str) -> None:
    extraction = extract_text(f"{LEAD}\n\n{first}\n\n{second}\n\n{TAIL}")
    assert not any(block.rejoined for block in extraction.blocks)
    assert len(extraction.blocks) == 4


def test_entries_of_a_list_are_not_joined() -> None:
    listed = f"The crews ask:\n\n{HALF}\n\nfor wages of last year.\n\nfor shorter nights at sea."
    assert not any(block.rejoined for block in extract_text(f"{listed}\n\n{TAIL}").blocks)


def test_a_heading_of_markdown_is_never_joined() -> None:
    extraction = extract_markdown(f"{LEAD}\n\n## {HALF}\n\njanuary of that year.\n\n{TAIL}")
    assert [block.kind.value for block in extraction.blocks] == ["paragraph", "subheading", "paragraph", "paragraph"]


def test_lines_without_blank_lines_between_them_are_not_joined() -> None:
    extraction = extract_text(f"{LEAD}\n{HALF}\njanuary of that year.\n{TAIL}")
    assert len(extraction.blocks) == 4


def test_several_broken_paragraphs_are_counted() -> None:
    broken = f"{HALF}\n\njanuary of that year."
    extraction = extract_text(f"{LEAD}\n\n{broken}\n\n{TAIL}\n\n{broken}\n\n{TAIL}")
    assert [len(block.rejoined) for block in extraction.blocks] == [0, 1, 0, 1, 0]
    assert any(warning.startswith("2 paragraphs were") for warning in extraction.warnings)


def test_the_first_line_of_plain_text_is_the_title_where_it_reads_like_one() -> None:
    extraction = header("By Ada Roe")
    assert (extraction.title, extraction.blocks[0].kind) == ("Ferries Sail Again", BlockKind.TITLE)


@pytest.mark.parametrize(
    "text", ["Ferries Sail Again", f"{LEAD}\n\n{TAIL}", f"ferries sail\n\n{LEAD}", f"1. Ferries\n\n{LEAD}"]
)
def test_what_does_not_read_like_a_title_is_none(text: str) -> None:
    extraction = extract_text(text)
    assert extraction.title == ""
    assert extraction.suggested_title


def test_a_long_first_sentence_is_shortened_between_words() -> None:
    suggested = extract_text("The ferry left " + "and left again " * 40 + "at last.").suggested_title
    assert len(suggested) <= 201
    assert suggested.endswith((" left…", " again…", " and…"))


@pytest.mark.parametrize(
    ("url", "publisher", "warned"),
    [
        ("https://www.aljazeera.com/a", "Al Jazeera", False),
        ("https://edition.cnn.com/a", "CNN", False),
        ("http://www.bbc.co.uk:80/a", "BBC News", False),
        ("https://news.example.org/a", "news.example.org", True),
        ("https://notbbc.co.uk/a", "notbbc.co.uk", True),
    ],
)
def test_the_publisher_is_known_by_the_domain_or_is_the_domain(url: str, publisher: str, warned: bool) -> None:
    extraction = around(f"Original url:\n\n{url}")
    assert (extraction.url, extraction.publisher) == (url, publisher)
    assert any(publisher in warning for warning in extraction.warnings) == warned


def test_related_links_below_a_label_are_related_too() -> None:
    extraction = around(
        "**Related articles:**\n\n- [One](#)\n- [Two](#)\n\nThe quay is [long](#) and dry.", markdown=True
    )
    assert [block.kind.value for block in extraction.blocks[1:5]] == ["related", "related", "related", "paragraph"]


def test_a_reporters_line_at_the_end_is_a_credit() -> None:
    extraction = extract_text(f"{LEAD}\n\n{TAIL}\n\n(Reporting by Ada Roe; Editing by Ben Poe)")
    assert extraction.blocks[-1].kind == BlockKind.CREDIT

"""Two invented stories with the structure of the wire copies that importers meet: what each must give."""

from __future__ import annotations

from datetime import date

from annotator.domain.extract import Extraction, extract_markdown, extract_text, looks_like_markdown
from annotator.domain.text import BlockKind

GLUED_DATE = """ date 2021-03-04 Harbour officials in Port Ada say that the ferry strike in the bay ends at midnight.

The union and the company signed an agreement, the harbour’s spokesman and the union's chair said on Thursday.

They gave no date for the first crossing.

Ferries wait at the southern quay of Port Ada during the third week of the strike. (March 1, 2021) (AFP)

Third week

In January, the company announced a new timetable - which the crews refused - for all lines across the bay.

Since then, 40 crossings a day were cancelled, according to the harbour.

Source: Reuters"""

MARKDOWN = """

# Ferries Sail Again in Port Ada After Agreement

By [Reuters](#)

March 5, 2021



**Ada Photographer / AP / TASS**

The first ferry left the southern quay on Friday as an agreement between crews and company came into force, officials said.

The company, which had refused the crews' demands since January, said that it would run at half of the usual number of

crossings until the end of the month.

**Related article:** [Forty Crossings a Day Cancelled in Port Ada](#)

"We sail," a captain said.

**Related article:** [What the Bay's Timetable Means](#)

The harbour said that waiting times were "shorter than in the worst week."

Original url:

<https://www.themoscowtimes.com/2021/03/05/ferries-sail-again-a00000>"""


def texts(extraction: Extraction, kind: BlockKind) -> list[str]:
    return [extraction.text[block.start : block.end] for block in extraction.blocks if block.kind == kind]


def test_a_glued_date_is_the_date_of_publication_and_leaves_the_text() -> None:
    extraction = extract_text(GLUED_DATE)
    assert extraction.published == date(2021, 3, 4)
    assert extraction.text.startswith("Harbour officials in Port Ada say")


def test_a_story_without_title_gets_its_first_sentence_suggested() -> None:
    extraction = extract_text(GLUED_DATE)
    assert extraction.title == ""
    assert extraction.suggested_title.startswith("Harbour officials")
    assert extraction.suggested_title.endswith("at midnight.")


def test_agency_is_not_publisher() -> None:
    extraction = extract_text(GLUED_DATE)
    assert (extraction.agency, extraction.publisher, extraction.url, extraction.byline) == ("Reuters", "", "", "")
    assert len(extraction.warnings) == 2
    assert "No title" in extraction.warnings[0]
    assert "No publisher" in extraction.warnings[1]


def test_caption_subheading_and_source_line_are_told_apart_from_the_story() -> None:
    extraction = extract_text(GLUED_DATE)
    assert [block.kind.value for block in extraction.blocks] == [
        *["paragraph"] * 3, "caption", "subheading", "paragraph", "paragraph", "source",
    ]  # fmt: skip
    assert texts(extraction, BlockKind.SUBHEADING) == ["Third week"]


def test_plain_story_is_plain_and_markdown_story_is_markdown() -> None:
    assert not looks_like_markdown(GLUED_DATE)
    assert looks_like_markdown(MARKDOWN)


def test_the_markdown_story_gives_its_metadata() -> None:
    extraction = extract_markdown(MARKDOWN)
    assert extraction.title == "Ferries Sail Again in Port Ada After Agreement"
    assert extraction.published == date(2021, 3, 5)
    assert (extraction.agency, extraction.publisher, extraction.byline) == ("Reuters", "The Moscow Times", "")
    assert extraction.url == "https://www.themoscowtimes.com/2021/03/05/ferries-sail-again-a00000"
    assert extraction.suggested_title == ""


def test_the_markdown_story_s_furniture_is_kept_as_furniture() -> None:
    extraction = extract_markdown(MARKDOWN)
    assert texts(extraction, BlockKind.TITLE) == [extraction.title]
    assert texts(extraction, BlockKind.CREDIT) == ["By Reuters", "March 5, 2021", "Ada Photographer / AP / TASS"]
    assert texts(extraction, BlockKind.RELATED) == [
        "Related article: Forty Crossings a Day Cancelled in Port Ada",
        "Related article: What the Bay's Timetable Means",
    ]
    assert texts(extraction, BlockKind.SOURCE) == ["Original url:", extraction.url]
    assert texts(extraction, BlockKind.PARAGRAPH)[0].startswith("The first ferry left")


def test_the_broken_paragraph_is_one_again_and_says_so() -> None:
    extraction = extract_markdown(MARKDOWN)
    joined = [block for block in extraction.blocks if block.rejoined]
    assert len(joined) == 1
    (offset,) = joined[0].rejoined
    assert extraction.text[offset - 9 : offset + 10] == "number of crossings"
    assert extraction.text[joined[0].start : joined[0].end].endswith("the month.")
    assert len(extraction.warnings) == 1
    assert "re-joined" in extraction.warnings[0]
    assert "number of”" in extraction.warnings[0]


def test_no_quote_is_folded_and_nothing_is_composed() -> None:
    raw = 'The crews’ chair said: "It\'s “calm”"  at cafe\u0301 №\u00a02.\n\nIt was\tso.'
    assert extract_text(raw).text == raw
    assert extract_markdown(raw).text == raw

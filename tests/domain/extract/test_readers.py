"""Plain text, Markdown and HTML as they become text and blocks."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.domain.extract import Extraction, extract_html, extract_markdown, extract_text, looks_like_markdown

SENTENCE = "The ferry left the southern quay of Port Ada on Friday, officials of the harbour said to reporters."

PAGE = f"""<?xml version="1.0" encoding="latin-1"?>
<!doctype html><html lang="en-GB"><head><title>Ferries sail again – The Bay</title>
<meta property="og:site_name" content="The Bay"><meta name="author" content="Ada Roe, AP">
<meta property="article:published_time" content="2020-01-12T10:00:00Z">
<link rel="canonical" href="https://www.example.org/2020/a"></head>
<body><nav><a href="/">Home</a></nav><article><h1>Ferries sail again</h1><p>By Ada Roe</p>
<figure><img src="x.jpg"><figcaption>A quay at  dawn, June 7, 2019</figcaption></figure>
<p>The first&nbsp;ferry  <b>left</b> cafe\u0301 👨‍👩‍👧 &lt;b&gt; with “two” hundred passengers on board, the harbour said.</p>
<h2>Third week</h2><p>{SENTENCE}<br>It was late.</p>
<p><strong>Related article:</strong> <a href="#">Forty crossings</a></p>
<ul><li>One entry of the list</li></ul><blockquote><p>We sail, and we do not stop.</p></blockquote>
<table><tr><th>day</th><th>crossings</th></tr><tr><td>1</td><td>40</td></tr></table>
<script>track()</script><p>{SENTENCE.replace("ferry", "last ferry")}</p></article><footer>All rights reserved</footer></body></html>"""


def listed(extraction: Extraction) -> list[tuple[str, str]]:
    return [(block.kind.value, extraction.text[block.start : block.end]) for block in extraction.blocks]


def check(extraction: Extraction) -> None:
    """Blocks are in order, parted by one blank line, and cover the text."""
    pieces = [extraction.text[block.start : block.end] for block in extraction.blocks]
    assert "\n\n".join(pieces) == extraction.text
    assert all(piece.strip() for piece in pieces)
    assert "\r" not in extraction.text
    assert all(extraction.text[offset] == " " for block in extraction.blocks for offset in block.rejoined)


@pytest.mark.parametrize("raw", ["\ufeffOne.\r\n\r\nTwo\rthree.", "One.\r\rTwo\nthree."])
def test_mark_and_line_ends_are_normalised_and_nothing_else(raw: str) -> None:
    assert extract_text(raw).text == "One.\n\nTwo\nthree."


def test_markdown_loses_its_syntax_and_keeps_its_words() -> None:
    markdown = (
        'Title of It\n===========\n\nThe *ferry* **left** the [quay](http://x.y "t") at `dawn`\\* &amp; sailed.\n\n'
        "## Part\n\n> Quoted words.\n\n- one\n- two\n\n3. three\n\n```\ncode  here\n\nmore\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n---\n\n"
        "![A quay at dawn](q.jpg)\n\n<b>raw</b> & a < b.\n"
    )
    extraction = extract_markdown(markdown)
    check(extraction)
    assert listed(extraction) == [
        ("title", "Title of It"),
        ("paragraph", "The ferry left the quay at dawn* & sailed."),
        ("subheading", "Part"),
        ("quote", "Quoted words."),
        ("paragraph", "one"),
        ("paragraph", "two"),
        ("paragraph", "3. three"),
        ("paragraph", "code  here"),
        ("paragraph", "more"),
        ("paragraph", "a\tb"),
        ("paragraph", "1\t2"),
        ("caption", "A quay at dawn"),
        ("paragraph", "<b>raw</b> & a < b."),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "# Title\n\nWords.",
        "\n\n## Title ##\nWords.",
        "See [the quay](https://x.y).",
        "**a b** and **c**",
        "**By** <https://x.y>",
    ],
)
def test_text_with_marks_of_markdown_is_markdown(text: str) -> None:
    assert looks_like_markdown(text)


@pytest.mark.parametrize(
    "text",
    [
        "#1 in the bay",
        "Words.\n\n# 1 in the bay",
        "5 * 3 * 2 ** 4",
        "See [1] (and [2]).",
        "#ferry #bay",
        "a **b** c",
        "Ask <ada@x.y>.",
    ],
)
def test_plain_text_with_signs_in_it_is_not_markdown(text: str) -> None:
    assert not looks_like_markdown(text)


def test_a_page_gives_its_article_in_order_and_nothing_of_what_surrounds_it() -> None:
    extraction = extract_html(PAGE)
    check(extraction)
    assert listed(extraction) == [
        ("title", "Ferries sail again"),
        ("credit", "By Ada Roe"),
        ("caption", "A quay at dawn, June 7, 2019"),
        (
            "paragraph",
            "The first\u00a0ferry left cafe\u0301 👨‍👩‍👧 <b> with “two” hundred passengers on board, the harbour said.",
        ),
        ("subheading", "Third week"),
        ("paragraph", f"{SENTENCE}\nIt was late."),
        ("related", "Related article: Forty crossings"),
        ("paragraph", "One entry of the list"),
        ("quote", "We sail, and we do not stop."),
        ("paragraph", "day\tcrossings"),
        ("paragraph", "1\t40"),
        ("paragraph", SENTENCE.replace("ferry", "last ferry")),
    ]


def test_a_page_gives_its_metadata() -> None:
    extraction = extract_html(PAGE)
    assert extraction.title == "Ferries sail again"
    assert extraction.published == date(2020, 1, 12)
    assert (extraction.agency, extraction.byline, extraction.publisher) == ("AP", "Ada Roe", "The Bay")
    assert (extraction.url, extraction.language, extraction.warnings) == ("https://www.example.org/2020/a", "en-GB", ())


def test_a_date_in_the_story_of_a_page_is_not_its_date_of_publication() -> None:
    body = f"<p>{SENTENCE}</p><p>Ferries were seen on June 7, 2019 at the quay.</p><p>{SENTENCE} Again.</p>"
    assert extract_html(f"<html><body><article><h1>Ferries</h1>{body}</article></body></html>").published is None


@pytest.mark.parametrize("blank", ["\u00a0", "\u202f", "\u2009", "\u3000"])
@pytest.mark.parametrize("joiner", ["\u200d", "\u200f", "\u00ad", "\ue000"])
def test_blanks_joiners_and_marks_of_a_page_are_kept(blank: str, joiner: str) -> None:
    extraction = extract_html(
        f"<article><p>{SENTENCE}</p><p>No.{blank}2 of a{joiner}b sailed.</p><p>{SENTENCE} So.</p></article>"
    )
    assert f"No.{blank}2 of a{joiner}b sailed." in extraction.text


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("<p>Hi</p>", [("paragraph", "Hi")]),
        ("just words", [("paragraph", "just words")]),
        (
            "<p>One<br><br>two</p><div>three<p>four</div>",
            [("paragraph", word) for word in ("One", "two", "three", "four")],
        ),
        ("<style>x</style><script>y</script><!-- z -->", []),
        ("", []),
        ("<table><tr><td><p>a</p><p>b</p></td><td>c</td></tr></table>", [("paragraph", "a b\tc")]),
    ],
)
def test_a_fragment_gives_its_visible_text(fragment: str, expected: list[tuple[str, str]]) -> None:
    assert listed(extract_html(fragment)) == expected


def test_text_without_any_words_is_no_text() -> None:
    assert extract_text(" \n ").text == extract_markdown("---\n").text == extract_html("<p> </p>").text == ""


PIECES = [
    "By Reuters", "January 12, 2020", "Source: AP", "Related:", "Original url:", "https://x.y/z", "(June 7, 2019) (AFP)", "# ", "> ", "- ",
    "1. ", "**", "[a](#)", "`", "|", "<p>", "<td>", "<h1>", "</", "&nbsp;", "\n\n", "\n", "\r", "\t", "\f", "\u00a0", "\u2028", "\x1c", "\x01",
    "a", "The ferry left the quay and the harbour of the bay for the open", "sea.", "Word", ".", "😀", "\u0301", "\ufeff", "date 2019-06-12 ",
]  # fmt: skip
hostile = st.lists(
    st.one_of(
        st.sampled_from(PIECES),
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=4),
    ),
    max_size=25,
).map("".join)


@pytest.mark.parametrize("extract", [extract_text, extract_markdown, extract_html])
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(raw=hostile)
def test_no_text_stops_the_extraction_and_blocks_always_cover_it(extract: object, raw: str) -> None:
    assert callable(extract)
    check(extract(raw))


@given(hostile)
def test_plain_text_loses_no_word(raw: str) -> None:
    extraction = extract_text(raw)
    kept = "".join(extraction.text.split())
    given_words = "".join(raw.removeprefix("\ufeff").split())
    assert kept == given_words or (extraction.published is not None and given_words.endswith(kept))


HOSTILE_LINES = [
    "a",
    " ",
    "[",
    "<",
    "*",
    "(AFP) ",
    "by ",
    "Source: ",
    "**a ",
    "[a](#",
    "# a\n",
    "date ",
    "Related:\n\n",
    "\t",
    "- ",
    "> ",
    "`",
]


@pytest.mark.parametrize("unit", HOSTILE_LINES)
def test_a_megabyte_of_one_thing_is_read_to_its_end_as_text(unit: str) -> None:
    raw = unit * (1_000_000 // len(unit) // (1 + 3 * ("\n" in unit)))
    looks_like_markdown(raw)
    check(extract_text(raw))


@pytest.mark.parametrize("unit", [*HOSTILE_LINES, "![", "&", "\\", "_"])
def test_long_hostile_markdown_and_html_is_read_to_its_end(unit: str) -> None:
    raw = unit * (100_000 // len(unit))
    check(extract_markdown(raw))
    check(extract_html(raw))


def test_a_page_of_very_many_elements_is_read_as_a_whole() -> None:
    extraction = extract_html(f"<html><body><article>{'<p>The ferry left.</p>' * 60_000}</article></body></html>")
    assert len(extraction.blocks) == 60_000
    assert any("all of its text" in warning for warning in extraction.warnings)


@pytest.mark.parametrize("unit", ["<div>", "<p>a", "<b>", "<ul><li>", "<table><tr><td>"])
def test_deeply_nested_pages_do_not_stop_the_extraction(unit: str) -> None:
    check(extract_html(unit * 5_000 + "The ferry left."))

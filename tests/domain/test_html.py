"""What comes out of the one module that makes HTML safe."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from annotator.domain import html_gates
from annotator.domain.html import MAX_LENGTH, MAX_TAGS, escape, markdown_to_html, sanitize, trusted

FRAGMENTS = [
    "<script>", "</script>", "alert(1)", "<img src=x onerror=alert(1)>", "<a href='javascript:alert(1)'>", '<a href="http://x.y">',
    "<a href=x onclick=alert(1)>", "<b style=x onmouseover=x>", "<!-- x -->",
    "<a href=java\tscript:x>", "<a href=data:text/html,x>", "<a href=//x>", "<svg onload=x>", "<math>", "<p style='a:b'>", "<b", ">", "<",
    "<!--", "-->", "<![CDATA[", "]]>", "&lt;", "&#60;script&#62;", "&", '"', "'", "`", "<style>", "</style>", "<iframe src=x>",
    "<noscript>", "<template>", "<table><tr><td>", "</table>", "<ul><li>", "<title>", "</title>", "<textarea>", "<xmp>", "\r", "\x0b",
    "<plaintext>", "<select>", "<form action=x>", "<base href=x>", "<abbr title=x>", "<ol start=3>", "text", "é😀", "\u00a0",
]  # fmt: skip
markup = st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=5)), max_size=15).map("".join)


# Written out here once more: what the module allows must not be what proves that it is harmless.
HARMLESS_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
    "i", "ins", "kbd", "li", "ol", "p", "pre", "q", "s", "small", "strong", "sub", "sup", "table", "tbody", "td", "th",
    "thead", "tr", "u", "ul",
}  # fmt: skip
HARMLESS_ATTRIBUTES = {"a": {"href", "title", "rel"}, "abbr": {"title"}, "ol": {"start"}}


class Strict(HTMLParser):
    """Fails at the first tag, attribute, address or comment that the allow-list does not have."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in HARMLESS_TAGS
        for name, value in attrs:
            assert name in HARMLESS_ATTRIBUTES.get(tag, set())
            if name == "href":
                scheme, colon, _ = (value or "").partition(":")
                assert (
                    not colon or scheme.lower() in {"http", "https", "mailto"} or any(mark in scheme for mark in "/?#")
                )

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)


class Reader(HTMLParser):
    """Notes tags, attributes and text, whatever way their characters are spelt."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[object] = [""]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen += [(tag, sorted(attrs)), ""]

    def handle_endtag(self, tag: str) -> None:
        self.seen += [f"/{tag}", ""]

    def handle_comment(self, data: str) -> None:
        self.seen += [f"!{data}", ""]

    def handle_data(self, data: str) -> None:
        self.seen[-1] = f"{self.seen[-1]}{data}"


def parsed(html: str) -> list[object]:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader.seen


def check(html: str) -> None:
    parser = Strict()
    parser.feed(html)
    parser.close()


@given(markup)
def test_only_allowed_tags_and_attributes_come_out_and_cleaning_again_changes_nothing(html: str) -> None:
    clean = sanitize(html)
    check(clean)
    assert sanitize(str(clean)) == clean


@given(markup)
def test_the_second_gate_changes_nothing_of_what_passed_the_first_but_the_spelling_of_characters(html: str) -> None:
    first = html_gates.first_gate(html)
    assert parsed(html_gates.second_gate(first)) == parsed(first)


@given(markup)
def test_markdown_never_lets_markup_through(markdown: str) -> None:
    check(markdown_to_html(markdown))


def test_the_check_of_these_tests_sees_what_it_must_see() -> None:
    for bad in ("<script>", "<p onclick=x>", "<a href='javascript:x'>", "<!-- x -->", "<img>", "<p style='x'>"):
        with pytest.raises(AssertionError):
            check(bad)


def test_forbidden_tags_go_and_their_text_stays() -> None:
    assert sanitize("<p onclick=x>a<script>b</script><img src=x></p>") == "<p>ab</p>"


def test_links_pass_on_nothing_whatever_they_said_themselves() -> None:
    html = '<a href="/x" rel="opener" target="_blank">x</a><a rel="me">y</a>'
    assert sanitize(html) == '<a href="/x" rel="noopener noreferrer nofollow">x</a><a>y</a>'


def test_markdown_is_common_mark_with_tables_and_headings_below_the_page_s_own() -> None:
    html = markdown_to_html("# Labels\n\n## *One*\n\n| a | b |\n|--:|---|\n| 1 | 2 |\n\n<b>x</b> ![pic](http://x.y/z)")
    assert "<h2>Labels</h2>" in html
    assert "<h3><em>One</em></h3>" in html
    assert "<td>1</td>" in html
    assert "style" not in html
    assert "&lt;b&gt;x" in html
    assert "<img" not in html


@pytest.mark.parametrize("level", ["#", "##", "######"])
def test_the_highest_heading_takes_the_level_that_the_page_gives(level: str) -> None:
    assert markdown_to_html(f"{level} A", top_heading=3) == "<h3>A</h3>\n"


@pytest.mark.parametrize("html", ["x" * (MAX_LENGTH + 1), "<" * (MAX_TAGS + 1)])
def test_too_much_is_refused_with_a_sentence(html: str) -> None:
    with pytest.raises(ValueError, match=r"^The text has .* Shorten it\.$"):
        sanitize(html)


def test_too_long_markdown_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(ValueError, match="Shorten it"):
        markdown_to_html("[" * (MAX_LENGTH + 1))


@given(st.text())
def test_escaped_text_shows_exactly_itself(text: str) -> None:
    escaped = escape(text)
    assert not set(escaped) & set("<>\"'\r")
    assert escaped.unescape() == text or any(ord(character) < 32 or 127 <= ord(character) < 160 for character in text)
    check(escaped)


def test_a_carriage_return_stays_one_on_the_page() -> None:
    assert escape("a\r\nb") == "a&#13;\nb"
    assert trusted("<b>\r</b>") == "<b>&#13;</b>"


def test_what_comes_out_is_marked_safe_and_what_is_added_to_it_is_escaped() -> None:
    for safe in (sanitize("x"), markdown_to_html("x"), escape("x"), trusted("x")):
        assert isinstance(safe, Markup)
        assert (safe + "<").endswith("&lt;")

"""The one place where HTML becomes safe: bleach with a strict allow-list, and nh3 as a second gate behind it.

Only this module makes Markup. `sanitize` and `markdown_to_html` take what people wrote; `escape` takes plain text;
`trusted` takes HTML that our own code built out of escaped parts, and `escaped` makes such parts.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, MutableMapping
from typing import Any

import markupsafe
import nh3
from bleach.html5lib_shim import Filter  # type: ignore[attr-defined]  # The stubs leave it out.
from bleach.sanitizer import Cleaner
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

MAX_LENGTH = 200_000
"""How many characters of HTML or Markdown are taken at once."""

MAX_TAGS = 4_000
"""How many `<` are taken at once: the time to clean nested lists grows with the square of their number."""

TAGS = frozenset({
    "a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
    "i", "ins", "kbd", "li", "ol", "p", "pre", "q", "s", "small", "strong", "sub", "sup", "table", "tbody", "td", "th",
    "thead", "tr", "u", "ul",
})  # fmt: skip
ATTRIBUTES = {"a": ["href", "title", "rel"], "abbr": ["title"], "ol": ["start"]}
PROTOCOLS = frozenset({"http", "https", "mailto"})
REL = "noopener noreferrer nofollow"

_SPECIAL = re.compile("[&<>\"']")


class _LinksLeakNothing(Filter):  # type: ignore[misc]
    """Every link says that it passes on neither window, nor address, nor credit."""

    def __iter__(self) -> Iterator[MutableMapping[str, Any]]:
        for token in super().__iter__():
            if token["type"] in {"StartTag", "EmptyTag"} and token["name"] == "a":
                token["data"].pop((None, "rel"), None)
                if (None, "href") in token["data"]:
                    token["data"][(None, "rel")] = REL
            yield token


def sanitize(html: str) -> Markup:
    """What of `html` is allowed, safe to show. Tags that are not allowed go, their text stays.

    Raises ValueError, with a sentence to show, if `html` is too long or has too many tags.
    """
    return trusted(_second_gate(_first_gate(html)))


def _first_gate(html: str) -> str:
    if len(html) > MAX_LENGTH:
        raise ValueError(f"The text has {len(html):,} characters; at most {MAX_LENGTH:,} can be shown. Shorten it.")
    if html.count("<") > MAX_TAGS:
        raise ValueError(f"The text has more than {MAX_TAGS:,} HTML tags or “<” signs. Shorten it.")
    # A cleaner keeps state while it works, so each text gets its own: two threads must not share one.
    cleaner = Cleaner(
        tags=TAGS,
        attributes=ATTRIBUTES,
        protocols=PROTOCOLS,
        strip=True,
        strip_comments=True,
        filters=[_LinksLeakNothing],
    )
    return str(cleaner.clean(html))


def _second_gate(html: str) -> str:
    """The same allow-list by another library. It changes nothing of what passed the first but how characters are spelt
    ("&#60;" becomes "&lt;"); where it changes more, the first has failed.
    """
    return nh3.clean(
        html,
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes=set(PROTOCOLS),
        link_rel=None,
    )


def markdown_to_html(markdown: str, *, top_heading: int = 2) -> Markup:
    """CommonMark with tables as safe HTML; HTML inside it is shown as text, pictures as links to them.

    The highest heading becomes `<h{top_heading}>`, since the page has its own `<h1>`.
    Raises ValueError, with a sentence to show, if it is too long.
    """
    if len(markdown) > MAX_LENGTH:
        raise ValueError(f"The text has {len(markdown):,} characters; at most {MAX_LENGTH:,} can be shown. Shorten it.")
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    tokens = parser.parse(markdown)
    _shift_headings(tokens, top_heading)
    return sanitize(parser.renderer.render(tokens, parser.options, {}))


def _shift_headings(tokens: list[Token], top_heading: int) -> None:
    headings = [token for token in tokens if token.type in {"heading_open", "heading_close"}]
    highest = min((int(token.tag[1]) for token in headings), default=1)
    for token in headings:
        token.tag = f"h{min(6, int(token.tag[1]) - highest + top_heading)}"


def escape(text: str) -> Markup:
    """Plain text as HTML that shows exactly it, carriage returns included."""
    return trusted(str(markupsafe.escape(text)))


def escaped(text: str) -> str:
    """As `escape`, but a plain string: for builders that join thousands of pieces and hand the whole to `trusted`."""
    return str(markupsafe.escape(text)) if _SPECIAL.search(text) else text


def json_block(document: bytes) -> Markup:
    """JSON (in UTF-8) as the content of a `<script type="application/json">`, in which nothing ends the element.

    In JSON a "<" stands in strings alone, where it may be spelt as a number.
    """
    return trusted(document.decode().replace("<", "\\u003c"))


def placeholder() -> Markup:
    """A comment that stands for what is filled in later; no text of a page can contain it."""
    return trusted(f"<!--{secrets.token_hex(16)}-->")


def trusted(html: str) -> Markup:
    """Mark HTML as safe that our own code built from constants, numbers and the results of `escape`.

    For string builders of this package alone (domain/rendering.py, domain/cards.py), never for anything a person or a file wrote.
    A carriage return becomes a character reference, because HTML would otherwise read it as a line feed.
    """
    return Markup(html.replace("\r", "&#13;"))  # noqa: S704 -- the one place; see the docstring.

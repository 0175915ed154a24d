"""The two gates that HTML has to pass, bleach with a strict allow-list and nh3 behind it, and Markdown on its way there.

For `domain/html.py` alone, which sets the limits and loads this module when it is first needed.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any

import nh3
from bleach.html5lib_shim import Filter  # type: ignore[attr-defined]  # The stubs leave it out.
from bleach.sanitizer import Cleaner
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS = frozenset({
    "a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
    "i", "ins", "kbd", "li", "ol", "p", "pre", "q", "s", "small", "strong", "sub", "sup", "table", "tbody", "td", "th",
    "thead", "tr", "u", "ul",
})  # fmt: skip
ATTRIBUTES = {"a": ["href", "title", "rel"], "abbr": ["title"], "ol": ["start"]}
PROTOCOLS = frozenset({"http", "https", "mailto"})
REL = "noopener noreferrer nofollow"


class _LinksLeakNothing(Filter):  # type: ignore[misc]
    """Every link says that it passes on neither window, nor address, nor credit."""

    def __iter__(self) -> Iterator[MutableMapping[str, Any]]:
        for token in super().__iter__():
            if token["type"] in {"StartTag", "EmptyTag"} and token["name"] == "a":
                token["data"].pop((None, "rel"), None)
                if (None, "href") in token["data"]:
                    token["data"][(None, "rel")] = REL
            yield token


def first_gate(html: str) -> str:
    """What the allow-list lets through. Tags that are not on it go, their text stays."""
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


def second_gate(html: str) -> str:
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


def rendered(markdown: str, top_heading: int) -> str:
    """CommonMark with tables as HTML that has still to pass the gates; its highest heading is `<h{top_heading}>`."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    tokens = parser.parse(markdown)
    _shift_headings(tokens, top_heading)
    return str(parser.renderer.render(tokens, parser.options, {}))


def _shift_headings(tokens: list[Token], top_heading: int) -> None:
    headings = [token for token in tokens if token.type in {"heading_open", "heading_close"}]
    highest = min((int(token.tag[1]) for token in headings), default=1)
    for token in headings:
        token.tag = f"h{min(6, int(token.tag[1]) - highest + top_heading)}"

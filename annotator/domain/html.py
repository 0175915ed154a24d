"""The one place where HTML becomes safe: it has to pass two gates (see domain/html_gates.py).

Only this module makes Markup. `sanitize` and `markdown_to_html` take what people wrote; `escape` takes plain text;
`trusted` takes HTML that our own code built out of escaped parts, and `escaped` makes such parts.
"""

from __future__ import annotations

import re
import secrets

import markupsafe
from markupsafe import Markup

MAX_LENGTH = 200_000
"""How many characters of HTML or Markdown are taken at once."""

MAX_TAGS = 4_000
"""How many `<` are taken at once: the time to clean nested lists grows with the square of their number."""

_SPECIAL = re.compile("[&<>\"']")


def sanitize(html: str) -> Markup:
    """What of `html` is allowed, safe to show. Tags that are not allowed go, their text stays.

    Raises ValueError, with a sentence to show, if `html` is too long or has too many tags.
    """
    if len(html) > MAX_LENGTH:
        raise ValueError(f"The text has {len(html):,} characters; at most {MAX_LENGTH:,} can be shown. Shorten it.")
    if html.count("<") > MAX_TAGS:
        raise ValueError(f"The text has more than {MAX_TAGS:,} HTML tags or “<” signs. Shorten it.")
    # The gates are large libraries, which few pages need: a server loads them when the first of these is asked for.
    from annotator.domain.html_gates import first_gate, second_gate

    return trusted(second_gate(first_gate(html)))


def markdown_to_html(markdown: str, *, top_heading: int = 2) -> Markup:
    """CommonMark with tables as safe HTML; HTML inside it is shown as text, pictures as links to them.

    The highest heading becomes `<h{top_heading}>`, since the page has its own `<h1>`.
    Raises ValueError, with a sentence to show, if it is too long.
    """
    if len(markdown) > MAX_LENGTH:
        raise ValueError(f"The text has {len(markdown):,} characters; at most {MAX_LENGTH:,} can be shown. Shorten it.")
    from annotator.domain.html_gates import rendered

    return sanitize(rendered(markdown, top_heading))


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

"""The choices of a long list: a thousand of them as form fields take longer to draw than the page around them."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from annotator.domain.html import escaped, trusted


def render_options(choices: Iterable[tuple[str, str]], chosen: str) -> Markup:
    """The `<option>` elements of these values and words, that of `chosen` selected."""
    return trusted(
        "".join(
            f'<option value="{escaped(value)}"{" selected" if value == chosen else ""}>{escaped(words)}</option>'
            for value, words in choices
        )
    )

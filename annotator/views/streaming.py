"""Pages whose longest parts are written while they are sent, so that what stands above them can be read already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from flask import Response
from markupsafe import Markup


def streamed(page: str, fillings: Mapping[Markup, Iterable[str]]) -> Response:
    """The `page` with each of its placeholders (see `domain.html.placeholder`), in their order, filled.

    Whoever asks has been admitted and the template is written before the first byte is sent; a filling may therefore
    need neither the database nor the request.
    """
    between: list[str] = []
    rest = page
    for placeholder in fillings:
        before, rest = rest.split(placeholder)
        between.append(before)

    def pieces() -> Iterator[str]:
        for before, filling in zip(between, fillings.values(), strict=True):
            yield before
            yield from filling
        yield rest

    return Response(pieces(), mimetype="text/html")

"""Addresses that point at words of an article: "?at=2:120-131,140-146" are two passages of its version 2.

The page's script marks them and brings the first into sight (static/js/lib/pointed.js). Without script, and where the
reader has another version, the rest of the address leads to the paragraph.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for

from annotator.domain.spans import Span
from annotator.services.passages_elsewhere import Place


def written(version: int, spans: Sequence[Span]) -> str:
    """What stands behind "at="; empty for no spans."""
    return f"{version}:{','.join(f'{span.start}-{span.end}' for span in spans)}" if spans else ""


def address_of(place: Place) -> str:
    """The address of a paragraph that stands in several stories."""
    at = written(place.version, [Span(place.start, place.end)])
    return url_for("articles.annotate", article_id=place.article_id, at=at)

"""The article page: cutting a text into parts and drawing all marks into it."""

from __future__ import annotations

from annotator.domain.rendering import parts, render_article
from annotator.domain.text import plain_blocks
from benchmarks.measuring import measure, table
from benchmarks.workload import article, spans

SIZES = ((1_000, 50), (10_000, 1_000), (50_000, 5_000))


def run() -> str:
    """Three sizes, from a wire story to a book."""
    rows = []
    for words, count in SIZES:
        text = article(words)
        drawn = parts(text, plain_blocks(text))
        marks = spans(text, count)
        rows.append(
            measure(
                "draw an article",
                f"{words:,} words, {count:,} spans",
                lambda text=text, drawn=drawn, marks=marks: render_article(text, drawn, marks),  # type: ignore[misc]
            )
        )
    return table(rows)

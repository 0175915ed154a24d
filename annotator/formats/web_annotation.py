"""Writer of claims as W3C Web Annotations (https://www.w3.org/TR/annotation-model/): one AnnotationPage in JSON-LD.

The label is the body that classifies, the note one that comments, the reason one that tags. The target is the passage:
a TextPositionSelector in code points, as the model wants them counted, and a TextQuoteSelector. The columns that the
model has no words for stand beside it under terms of our own, so that nothing of the row is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson

from annotator.formats.records import Value

CONTEXT = ["http://www.w3.org/ns/anno.jsonld", {"annotator": "urn:annotator:terms:"}]
CHUNK = 1 << 16

_MODELLED = frozenset(
    {
        "article_id", "article_version", "claim_id", "start", "end", "exact", "prefix", "suffix",
        "label", "reason", "note", "created_at", "updated_at", "reviewer", "adjudicator",
    }
)  # fmt: skip
"""The columns that the model itself carries; the others go under terms of our own."""


def write_web_annotations(columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """The claims as one AnnotationPage, `items` in the order of the rows. The same rows give the same bytes."""
    more = [column for column in columns if column not in _MODELLED]
    waiting: list[bytes] = []
    length = 0
    before = b"\n"
    page: dict[str, object] = {"@context": CONTEXT, "id": "urn:annotator:page", "type": "AnnotationPage"}
    # The brace that closes the page, and the list in it, are written when the rows have come to their end.
    yield orjson.dumps(page)[:-1] + b',"items":['
    for row in rows:
        item = before + orjson.dumps(_annotation(dict(zip(columns, row, strict=True)), more))
        before = b",\n"
        waiting.append(item)
        length += len(item)
        if length >= CHUNK:
            yield b"".join(waiting)
            waiting, length = [], 0
    yield b"".join([*waiting, b"\n]}\n"])


def _annotation(row: Mapping[str, Value], more: Sequence[str]) -> dict[str, Any]:
    creator = row.get("reviewer") or row.get("adjudicator")
    return {
        "@context": CONTEXT,
        "id": f"urn:uuid:{row['claim_id']}",
        "type": "Annotation",
        "motivation": "classifying",
        **({"creator": {"type": "Person", "name": creator}} if creator else {}),
        "created": row["created_at"],
        "modified": row["updated_at"],
        "body": [
            _words(purpose, row[column])
            for purpose, column in (("classifying", "label"), ("tagging", "reason"), ("commenting", "note"))
            if row[column]
        ],
        "target": _target(row),
        **{f"annotator:{column}": row[column] for column in more if row[column] not in (None, "")},
    }


def _words(purpose: str, value: Value) -> dict[str, Value]:
    return {"type": "TextualBody", "purpose": purpose, "format": "text/plain", "value": value}


def _target(row: Mapping[str, Value]) -> dict[str, Any]:
    # The address of the story is not the source: its text may differ from the version that was annotated.
    source = f"urn:annotator:article:{row['article_id']}:version:{row['article_version']}"
    quote = {"type": "TextQuoteSelector", "exact": row["exact"], "prefix": row["prefix"], "suffix": row["suffix"]}
    return {
        "type": "SpecificResource",
        "source": source,
        "selector": [
            {"type": "TextPositionSelector", "start": row["start"], "end": row["end"]},
            {key: value for key, value in quote.items() if value},
        ],
    }

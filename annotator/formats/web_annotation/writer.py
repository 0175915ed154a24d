"""Writer of claims as W3C Web Annotations: one AnnotationPage in JSON-LD.

The label is the body that classifies, the note one that comments, the reason one that tags. The target is the passage:
a TextPositionSelector in code points, as the model wants them counted, and a TextQuoteSelector. What the model has no
words for stands beside it under terms of our own, evidence and links too, so that nothing is lost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import orjson

from annotator.formats.claim_details import claim_details, evidence_details
from annotator.formats.json_stream import json_list
from annotator.formats.records import ClaimRecord, DatasetRecord, DocumentRecord, LinkRecord, Losses
from annotator.formats.web_annotation.model import ARTICLE, CONTEXT, TERM

SURROUNDINGS = 32
"""How many code points stand before and after the quote, at most."""

_MODELLED = frozenset(
    {
        "article_id", "article_version", "claim_id", "start", "end", "exact", "prefix", "suffix",
        "label", "reason", "note", "created_at", "updated_at", "reviewer", "adjudicator",
    }
)  # fmt: skip
"""The columns that the model itself carries; the others go under terms of our own."""


def write_web_annotations(
    dataset: DatasetRecord, documents: Iterable[DocumentRecord], losses: Losses
) -> Iterator[bytes]:
    """The claims as one AnnotationPage, `items` in the order of the documents. The same dataset gives the same bytes."""
    page: dict[str, object] = {"@context": CONTEXT, "id": "urn:annotator:page", "type": "AnnotationPage"}
    # The brace that closes the page, and the list in it, are written when the documents have come to their end.
    before = orjson.dumps(page)[:-1] + b',"items":['
    return json_list(_annotations(dataset, documents, losses), before=before, after=b"]}")


def _annotations(
    dataset: DatasetRecord, documents: Iterable[DocumentRecord], losses: Losses
) -> Iterator[dict[str, Any]]:
    for document in documents:
        if not document.claims:
            losses["articles without a claim were left out"] += 1
        links: defaultdict[UUID, list[LinkRecord]] = defaultdict(list)
        for link in document.links:
            links[link.a].append(link)
        for record in document.claims:
            yield _annotation(dataset, document, record, links[record.id])


def _annotation(
    dataset: DatasetRecord, document: DocumentRecord, record: ClaimRecord, links: Sequence[LinkRecord]
) -> dict[str, Any]:
    claim, row = record.claim, record.row
    bodies = (("classifying", claim.label), ("tagging", claim.reason), ("commenting", claim.note))
    return {
        "@context": CONTEXT,
        "id": f"urn:uuid:{record.id}",
        "type": "Annotation",
        "motivation": "classifying",
        **({"creator": {"type": "Person", "name": record.author}} if record.author else {}),
        **_given({"created": row.get("created_at"), "modified": row.get("updated_at")}),
        "body": [
            {"type": "TextualBody", "purpose": purpose, "format": "text/plain", "value": value}
            for purpose, value in bodies
            if value
        ],
        "target": _target(document, record),
        **_terms(_facts(dataset, document, record)),
        **_terms({"links": [_terms(_link(link)) for link in links]}),
    }


def _target(document: DocumentRecord, record: ClaimRecord) -> dict[str, Any]:
    start, end = record.claim.start, record.claim.end
    return {
        "type": "SpecificResource",
        # The address of the story is not the source: its text may differ from the version that was annotated.
        "source": f"{ARTICLE}{document.id}:version:{document.version}",
        "selector": [
            {"type": "TextPositionSelector", "start": start, "end": end},
            {
                "type": "TextQuoteSelector",
                "exact": record.claim.exact,
                **_given(
                    {
                        "prefix": document.text[max(0, start - SURROUNDINGS) : start],
                        "suffix": document.text[end : end + SURROUNDINGS],
                    }
                ),
            },
        ],
    }


def _facts(dataset: DatasetRecord, document: DocumentRecord, record: ClaimRecord) -> dict[str, Any]:
    """What there is about the claim beside the model, by the names of the columns of its layer."""
    facts = {
        **{column: value for column, value in record.row.items() if column not in _MODELLED},
        "project": dataset.project,
        "release": dataset.release,
        "article_external_id": document.external_id,
        "article_sha256": document.sha256,
        "article_title": document.title,
        "publisher": document.publisher,
        "agency": document.agency,
        "article_url": document.url,
        "published": document.published,
        "article_group": document.group,
        "block": record.block,
    }
    # The label's reason and the note are bodies.
    details = {name: value for name, value in claim_details(record.claim).items() if name not in _MODELLED}
    return {**facts, **details, "evidence": [_terms(evidence_details(item)) for item in record.claim.evidence]}


def _link(link: LinkRecord) -> dict[str, Any]:
    return {
        "link_id": link.id,
        "relation": link.relation,
        "with": f"urn:uuid:{link.b}",
        "aspect": link.aspect,
        "status": link.status,
        "author": link.author,
        "note": link.note,
        "created_at": link.created_at,
    }


def _terms(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{TERM}{name}": value for name, value in _given(facts).items()}


def _given(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Without what was not given: the model knows no null."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in facts.items()
        if value is not None and value not in ("", [])
    }

"""Writer of doccano's JSON lines for sequence labelling: an object for each document.

`label` has the spans as doccano's projects without relations take them, `entities` and `relations` as those with
relations do; `claims` says the rest, which doccano keeps as metadata and gives back. Offsets are code points, as Python
counts; doccano's pages count UTF-16 code units (its issue 2290), which is said where it makes a difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from annotator.formats.annotated import document_fields, links_within
from annotator.formats.claim_details import claim_details, evidence_details, further_columns
from annotator.formats.records import ClaimRecord, DatasetRecord, DocumentRecord, Losses
from annotator.formats.utf16 import Utf16Offsets

SHIFTED = "claims behind characters beyond U+FFFF, which doccano counts as two, are shown too early there"


def write_doccano(_dataset: DatasetRecord, documents: Iterable[DocumentRecord], losses: Losses) -> Iterator[bytes]:
    """A line for each document. Every line has the same keys, because doccano reads them as a table."""
    for document in documents:
        numbers = {record.id: number for number, record in enumerate(document.claims, start=1)}
        utf16 = Utf16Offsets(document.text)
        relations: list[dict[str, Any]] = []
        for link in links_within(document, losses):
            ends = {"from_id": numbers[link.a], "to_id": numbers[link.b]}
            relations.append({"id": len(relations) + 1, **ends, "type": link.relation})
            if link.aspect or link.note:
                losses["aspects and notes of links were left out"] += 1
        line = {
            "text": document.text,
            "label": [[each.claim.start, each.claim.end, each.claim.label] for each in document.claims],
            "entities": [_entity(numbers[each.id], each) for each in document.claims],
            "relations": relations,
            "claims": [{**_entity(numbers[each.id], each), **_rest(each)} for each in document.claims],
            **document_fields(document),
        }
        if shifted := sum(utf16.units(each.claim.end) != each.claim.end for each in document.claims):
            losses[SHIFTED] += shifted
        yield orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)


def _entity(number: int, record: ClaimRecord) -> dict[str, Any]:
    claim = record.claim
    return {"id": number, "start_offset": claim.start, "end_offset": claim.end, "label": claim.label}


def _rest(record: ClaimRecord) -> dict[str, Any]:
    return {
        "claim_id": str(record.id),
        "exact": record.claim.exact,
        "author": record.author,
        **claim_details(record.claim),
        "evidence": [evidence_details(item) for item in record.claim.evidence],
        "row": further_columns(record),
    }

"""Writer of Label Studio tasks (JSON) and of the labelling configuration that shows them.

A claim is a region; what it says beyond its label are controls of the region with the same id; what Label Studio has no
control for is in the region's `meta`. Offsets of its Text tag are code points, as ours (it counted UTF-16 until 2022).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from xml.sax.saxutils import quoteattr

import orjson

from annotator.domain.claims import Aspect, Origin, Relation
from annotator.formats.annotated import document_fields, links_within
from annotator.formats.claim_details import ENUMERATIONS, claim_details, evidence_details, further_columns
from annotator.formats.records import ClaimRecord, DatasetRecord, DocumentRecord, LinkRecord, Losses

CONTROLS: Mapping[str, tuple[str, str]] = {
    "target": ("choices", "choices"),
    "reason": ("textarea", "text"),
    "speaker": ("textarea", "text"),
    "speaker_kind": ("choices", "choices"),
    "speaker_mode": ("choices", "choices"),
    "speaker_chain": ("textarea", "text"),
    "claim_text": ("textarea", "text"),
    "event_start": ("datetime", "datetime"),
    "event_end": ("datetime", "datetime"),
    "confidence": ("number", "number"),
    "note": ("textarea", "text"),
}
"""For each detail of a claim the type of its control and the key of its value; the names of the controls are ours."""

LISTED = frozenset({"choices", "textarea"})
"""The controls whose value is a list."""

ORIGINS: Mapping[str, str] = {Origin.SUGGESTION_ACCEPTED: "prediction", Origin.SUGGESTION_EDITED: "prediction-changed"}
_DIRECTED = frozenset({Relation.QUALIFIES, Relation.SUPERSEDES})
_COLOURS = ("#1f7a4d", "#b3261e", "#8a6100", "#1b5e9c", "#7b3fa0", "#00707a", "#a1466b", "#5a5f66")


def write_label_studio(
    dataset: DatasetRecord, documents: Iterable[DocumentRecord], losses: Losses, *, predictions: bool = False
) -> Iterator[bytes]:
    """One JSON array with a task for each document, in chunks of one task.

    Each person's claims are one annotation of the task, the gold set is one with `ground_truth`. With `predictions`
    they are predictions instead, which Label Studio shows as suggestions, `model_version` being the person.
    """
    before = b"["
    for document in documents:
        answers = [
            _answer(dataset, document, author, links, predictions=predictions)
            for author, links in _by_author(dataset, document, losses).items()
        ]
        task: dict[str, Any] = {
            "data": {"text": document.text, **document_fields(document)},
            "predictions" if predictions else "annotations": answers,
        }
        yield before + b"\n" + orjson.dumps(task)
        before = b","
    yield b"[]\n" if before == b"[" else b"\n]\n"


def _by_author(dataset: DatasetRecord, document: DocumentRecord, losses: Losses) -> dict[str, list[LinkRecord]]:
    """Who has an answer to the document, each with the links between their claims. Gold is one answer, also if empty."""
    if dataset.layer == "gold":
        found = {"": list(links_within(document, losses))}
    else:
        found = {record.author: [] for record in document.claims}
        authors = {record.id: record.author for record in document.claims}
        for link in links_within(document, losses):
            if authors[link.a] == authors[link.b]:
                found[authors[link.a]].append(link)
            else:
                losses["links between claims of two people were left out"] += 1
    for link in (link for links in found.values() for link in links):
        if link.note:
            losses["notes of links were left out"] += 1
        if link.status != "confirmed":
            losses["suggested links were written as links"] += 1
    return found


def _answer(
    dataset: DatasetRecord, document: DocumentRecord, author: str, links: list[LinkRecord], *, predictions: bool
) -> dict[str, Any]:
    gold = dataset.layer == "gold"
    claims = [record for record in document.claims if gold or record.author == author]
    result = [part for record in claims for part in _region(record)] + [_relation(link) for link in links]
    if predictions:
        return {"model_version": author or "gold", "result": result}
    return {"ground_truth": gold, "result": result}


def _region(record: ClaimRecord) -> Iterator[dict[str, Any]]:
    claim = record.claim
    place = {"start": claim.start, "end": claim.end}
    common = {"id": str(record.id), "to_name": "text"}
    meta = {
        "author": record.author,
        "evidence": [evidence_details(item) for item in claim.evidence],
        "row": further_columns(record),
    }
    yield {
        **common,
        "from_name": "label",
        "type": "labels",
        "origin": ORIGINS.get(claim.origin, "manual"),
        "value": {**place, "text": claim.exact, "labels": [claim.label]},
        "meta": {name: value for name, value in meta.items() if value},
    }
    for name, detail in claim_details(claim).items():
        kind, key = CONTROLS[name]
        value = [detail] if kind in LISTED and not isinstance(detail, list) else detail
        yield {**common, "from_name": name, "type": kind, "value": {**place, key: value}}


def _relation(link: LinkRecord) -> dict[str, Any]:
    return {
        "type": "relation",
        "from_id": str(link.a),
        "to_id": str(link.b),
        "direction": "right" if link.relation in _DIRECTED else "bi",
        "labels": [link.relation, *([link.aspect] if link.aspect else [])],
    }


def write_label_studio_config(
    dataset: DatasetRecord, _documents: Iterable[DocumentRecord], _losses: Losses
) -> Iterator[bytes]:
    """The labelling configuration (XML) of a Label Studio project that takes the tasks; it needs no document."""
    yield "\n".join(_config(dataset)).encode() + b"\n"


def _config(dataset: DatasetRecord) -> Iterator[str]:
    yield "<View>"
    # Without this the Text tag folds white space in what it shows and saves.
    yield "  <Style>.htx-text { white-space: pre-wrap; }</Style>"
    yield "  <Relations>"
    yield from (f"    <Relation value={quoteattr(value)}/>" for value in (*Relation, *Aspect))
    yield "  </Relations>"
    yield '  <Labels name="label" toName="text">'
    for label in dataset.labels:
        colour = _COLOURS[(label.tone - 1) % len(_COLOURS)]
        hint = f"{label.name}: {label.definition}" if label.definition else label.name
        yield f'    <Label value={quoteattr(label.key)} background="{colour}" hint={quoteattr(hint)}/>'
    yield "  </Labels>"
    yield '  <Text name="text" value="$text" granularity="symbol"/>'
    for name, (kind, _key) in CONTROLS.items():
        yield f'  <Header size="6" value="{name.replace("_", " ").capitalize()}"/>'
        yield from _control(name, kind)
    yield "</View>"


def _control(name: str, kind: str) -> Iterator[str]:
    common = f'name="{name}" toName="text" perRegion="true"'
    if kind == "choices":
        yield f'  <Choices {common} choice="single" showInline="true">'
        yield from (f'    <Choice value="{value}"/>' for value in ENUMERATIONS[name])
        yield "  </Choices>"
    elif kind == "datetime":
        yield f'  <DateTime {common} only="date"/>'
    elif kind == "number":
        yield f'  <Number {common} min="0" max="1" step="0.05"/>'
    else:
        yield f'  <TextArea {common} maxSubmissions="{20 if name == "speaker_chain" else 1}" editable="true"/>'

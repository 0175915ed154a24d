"""Between a stored annotation and the domain's claim."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from annotator.domain.claims import Claim, Evidence, Speaker
from annotator.models import Annotation


@dataclass(frozen=True)
class Stored:
    """A claim as it is stored, in plain values; with `deleted_at` the tombstone of a deleted one.

    `round` is the one in which this state was given; after the first the reviewer was not blind any more.
    """

    id: UUID
    assignment_id: str
    label_id: str
    version: int
    claim: Claim
    guideline_version: int | None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    round: int = 1


class Fields(Protocol):
    """The columns of a claim, whether of an object or of a row."""

    start: Any
    end: Any
    exact: Any
    target: Any
    reason: Any
    origin: Any
    speaker: Any
    speaker_kind: Any
    speaker_mode: Any
    speaker_chain: Any
    claim_text: Any
    event_start: Any
    event_end: Any
    note: Any
    confidence: Any


def claim_of(annotation: Annotation) -> Claim:
    """The claim that `annotation` holds; its label and evidence must be loaded."""
    return claim_from(annotation, annotation.label.key, annotation.evidence)


def stored_of(annotation: Annotation) -> Stored:
    """`annotation` in plain values; its label and evidence must be loaded."""
    return Stored(
        id=annotation.id,
        assignment_id=annotation.assignment_id,
        label_id=annotation.label_id,
        version=annotation.version,
        claim=claim_of(annotation),
        guideline_version=annotation.guideline_version,
        created_at=annotation.created_at,
        updated_at=annotation.updated_at,
        deleted_at=annotation.deleted_at,
        round=annotation.round,
    )


def claim_from(fields: Fields, label: str, evidence: Iterable[Any]) -> Claim:
    """The claim of an annotation's columns, its label's key and the columns of its evidence in their order."""
    return Claim(
        start=fields.start,
        end=fields.end,
        exact=fields.exact,
        label=label,
        target=fields.target,
        reason=fields.reason,
        origin=fields.origin,
        speaker=_speaker_of(fields),
        claim_text=fields.claim_text,
        event_start=fields.event_start,
        event_end=fields.event_end,
        note=fields.note,
        confidence=fields.confidence,
        evidence=tuple(_evidence_of(row) for row in evidence),
    )


def columns_of(claim: Claim, label_id: str) -> dict[str, Any]:
    """The columns of an annotation that `claim` fills, less its evidence."""
    speaker = claim.speaker or Speaker("")
    return {
        "label_id": label_id,
        "start": claim.start,
        "end": claim.end,
        "exact": claim.exact,
        "target": claim.target,
        "reason": claim.reason,
        "origin": claim.origin,
        "speaker": speaker.name,
        "speaker_kind": speaker.kind,
        "speaker_mode": speaker.mode,
        "speaker_chain": list(speaker.chain),
        "claim_text": claim.claim_text,
        "event_start": claim.event_start,
        "event_end": claim.event_end,
        "note": claim.note,
        "confidence": claim.confidence,
    }


def evidence_columns(claim: Claim) -> list[dict[str, Any]]:
    """The columns of each item of the evidence of `claim`, numbered from 1."""
    return [
        {
            "n": n,
            "stance": evidence.stance,
            "kind": evidence.kind,
            "source": evidence.source,
            "quote": evidence.quote,
            "url": evidence.url,
            "archived_url": evidence.archived_url,
            "published": evidence.published,
            "linked_annotation_id": evidence.annotation,
            "linked_article_id": evidence.article,
            "start": evidence.start,
            "end": evidence.end,
        }
        for n, evidence in enumerate(claim.evidence, 1)
    ]


def as_payload(claim: Claim) -> dict[str, Any]:
    """The claim as plain values for an event: what is empty is left out."""
    payload: dict[str, Any] = {
        name: value
        for name, value in vars(claim).items()
        if name not in {"speaker", "evidence"} and value not in (None, "")
    }
    if claim.speaker is not None:
        payload["speaker"] = _given(claim.speaker)
    if claim.evidence:
        payload["evidence"] = [_given(evidence) for evidence in claim.evidence]
    return payload


def _given(part: Speaker | Evidence) -> dict[str, Any]:
    return {name: value for name, value in vars(part).items() if value not in (None, "", ())}


def _speaker_of(fields: Fields) -> Speaker | None:
    chain = tuple(fields.speaker_chain)
    if not (fields.speaker or fields.speaker_kind or fields.speaker_mode or chain):
        return None
    return Speaker(fields.speaker, fields.speaker_kind, fields.speaker_mode, chain)


def _evidence_of(row: Any) -> Evidence:
    return Evidence(
        stance=row.stance,
        kind=row.kind,
        source=row.source,
        quote=row.quote,
        url=row.url,
        archived_url=row.archived_url,
        published=row.published,
        annotation=row.linked_annotation_id,
        article=row.linked_article_id,
        start=row.start,
        end=row.end,
    )

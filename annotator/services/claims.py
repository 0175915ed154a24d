"""Between a stored annotation and the domain's claim."""

from __future__ import annotations

from typing import Any

from annotator.domain.claims import Claim, Evidence, Speaker
from annotator.models import Annotation, EvidenceItem


def claim_of(annotation: Annotation) -> Claim:
    """The claim that `annotation` holds; its label and evidence must be loaded."""
    return Claim(
        start=annotation.start,
        end=annotation.end,
        exact=annotation.exact,
        label=annotation.label.key,
        target=annotation.target,
        reason=annotation.reason,
        origin=annotation.origin,
        speaker=_speaker_of(annotation),
        claim_text=annotation.claim_text,
        event_start=annotation.event_start,
        event_end=annotation.event_end,
        note=annotation.note,
        confidence=annotation.confidence,
        evidence=tuple(_evidence_of(row) for row in annotation.evidence),
    )


def fill(annotation: Annotation, claim: Claim, label_id: str) -> None:
    """Write `claim` into `annotation`, less its evidence."""
    speaker = claim.speaker or Speaker("")
    annotation.label_id = label_id
    annotation.start, annotation.end, annotation.exact = claim.start, claim.end, claim.exact
    annotation.target, annotation.reason, annotation.origin = claim.target, claim.reason, claim.origin
    annotation.speaker, annotation.speaker_kind, annotation.speaker_mode = speaker.name, speaker.kind, speaker.mode
    annotation.speaker_chain = list(speaker.chain)
    annotation.claim_text, annotation.note, annotation.confidence = claim.claim_text, claim.note, claim.confidence
    annotation.event_start, annotation.event_end = claim.event_start, claim.event_end


def evidence_rows(claim: Claim) -> list[EvidenceItem]:
    """The evidence of `claim` as rows, numbered from 1."""
    return [
        EvidenceItem(
            n=n,
            stance=evidence.stance,
            kind=evidence.kind,
            source=evidence.source,
            quote=evidence.quote,
            url=evidence.url,
            archived_url=evidence.archived_url,
            published=evidence.published,
            linked_annotation_id=evidence.annotation,
            linked_article_id=evidence.article,
            start=evidence.start,
            end=evidence.end,
        )
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


def _speaker_of(annotation: Annotation) -> Speaker | None:
    chain = tuple(annotation.speaker_chain)
    if not (annotation.speaker or annotation.speaker_kind or annotation.speaker_mode or chain):
        return None
    return Speaker(annotation.speaker, annotation.speaker_kind, annotation.speaker_mode, chain)


def _evidence_of(row: EvidenceItem) -> Evidence:
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

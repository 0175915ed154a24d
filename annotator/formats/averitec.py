"""Writer of claims in the JSON of the dataset AVeriTeC: one list, an object for each claim.

The fields are those of https://github.com/MichSchli/AVeriTeC (README, "Format") and of the paper
(https://arxiv.org/abs/2305.13117); dates are written as in its files, DD-MM-YYYY. `claim_id` is ours, to find the claim
again. What a claim without a faithful verdict would be called there is not guessed: it is left out and counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from annotator.domain.claims import Evidence
from annotator.formats.json_stream import json_list
from annotator.formats.records import ClaimRecord, DatasetRecord, DocumentRecord, Losses
from annotator.formats.verdicts import QUOTE_VERIFICATION, Verdict, is_quote_verification, verdict, why_none


def write_averitec(dataset: DatasetRecord, documents: Iterable[DocumentRecord], losses: Losses) -> Iterator[bytes]:  # noqa: ARG001 -- as all writers
    """The claims that have a verdict, in the order of the documents. The same dataset gives the same bytes."""
    return json_list(_claims(documents, losses))


def _claims(documents: Iterable[DocumentRecord], losses: Losses) -> Iterator[dict[str, Any]]:
    for document in documents:
        for record in document.claims:
            found = verdict(record.claim)
            if found is None:
                losses[f"claims without a verdict ({why_none(record.claim)}) were left out"] += 1
                continue
            if record.claim.evidence:
                losses["real questions (each evidence item stands under one that was made up)"] += len(
                    record.claim.evidence
                )
            yield _claim(document, record, found)
        if document.links:
            losses["links between claims were left out"] += len(document.links)


def _claim(document: DocumentRecord, record: ClaimRecord, found: Verdict) -> dict[str, Any]:
    claim, row = record.claim, record.row
    return {
        "claim_id": str(record.id),
        "claim": claim.claim_text or claim.exact,
        "required_reannotation": row.get("round", 1) != 1,
        "label": found,
        "justification": row.get("justification") or claim.note,
        "claim_date": document.published.strftime("%d-%m-%Y") if document.published else None,
        "speaker": claim.speaker.name if claim.speaker and claim.speaker.name else None,
        "original_claim_url": document.url or None,
        "cached_original_claim_url": None,
        "fact_checking_article": None,
        "reporting_source": document.publisher or document.agency or None,
        "location_ISO_code": None,
        "claim_types": [QUOTE_VERIFICATION] if is_quote_verification(claim) else [],
        "fact_checking_strategies": [],
        "questions": [_question(evidence) for evidence in claim.evidence],
    }


def _question(evidence: Evidence) -> dict[str, Any]:
    """A question that the evidence item answers, in its own words if it quotes any, else in those of its stance."""
    source = evidence.source or "this source"
    return {
        "question": f"What does {source} say about the claim?",
        "answers": [
            {
                "answer": evidence.quote or f"{source[0].upper()}{source[1:]} {evidence.stance} the claim.",
                "answer_type": "Extractive" if evidence.quote else "Abstractive",
                "source_url": evidence.url or None,
                "source_medium": _medium(evidence),
                "cached_source_url": evidence.archived_url or None,
            }
        ],
    }


def _medium(evidence: Evidence) -> str:
    if not evidence.url:
        return "Other"
    return "PDF" if evidence.url.lower().endswith(".pdf") else "Web text"

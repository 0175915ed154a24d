"""Writer of claims as ClaimReview (https://schema.org/ClaimReview), one JSON-LD document with the reviews as its @graph.

The rating is a word (`alternateName`), never a number: no scale of truth was asked for, so none is made up. A review
has an address, which others must be able to open, so the installation needs a public one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from annotator.domain.claims import Evidence, SourceKind, Speaker
from annotator.formats.json_stream import json_list
from annotator.formats.records import CannotWrite, ClaimRecord, DatasetRecord, DocumentRecord, Losses
from annotator.formats.verdicts import Verdict, is_quote_verification, verdict, why_none

RATINGS = {
    Verdict.SUPPORTED: ("Supported", "Correct attribution"),
    Verdict.REFUTED: ("Refuted", "Incorrect attribution"),
    Verdict.CONFLICTING: ("Conflicting evidence", "Disputed attribution"),
    Verdict.NOT_ENOUGH: ("Not enough evidence", "Unproven attribution"),
}
"""What a verdict is called: of what was said, and of who said it."""

_PEOPLE = frozenset({SourceKind.NAMED_PERSON, SourceKind.NAMED_WITNESS})


def write_claimreview(dataset: DatasetRecord, documents: Iterable[DocumentRecord], losses: Losses) -> Iterator[bytes]:
    """The reviews of the claims that have a verdict, in the order of the documents.

    Raises CannotWrite if the installation has no public address.
    """
    if not dataset.base_url:
        raise CannotWrite(
            "A ClaimReview has an address that others can open, and this installation has no public one. Set "
            "ANNOTATOR_BASE_URL to its https:// address."
        )
    return json_list(
        _reviews(dataset, documents, losses), before=b'{"@context":"https://schema.org","@graph":[', after=b"]}"
    )


def _reviews(dataset: DatasetRecord, documents: Iterable[DocumentRecord], losses: Losses) -> Iterator[dict[str, Any]]:
    for document in documents:
        for record in document.claims:
            found = verdict(record.claim)
            if found is None:
                losses[f"claims without a verdict ({why_none(record.claim)}) were left out"] += 1
                continue
            without_address = sum(1 for evidence in record.claim.evidence if not evidence.url)
            if without_address:
                losses["evidence items without an address were left out"] += without_address
            if record.claim.evidence:
                losses["stances of evidence items were left out"] += len(record.claim.evidence) - without_address
            yield _review(dataset, document, record, found)
        if document.links:
            losses["links between claims were left out"] += len(document.links)


def _review(dataset: DatasetRecord, document: DocumentRecord, record: ClaimRecord, found: Verdict) -> dict[str, Any]:
    claim = record.claim
    rating = RATINGS[found][is_quote_verification(claim)]
    updated = str(record.row.get("updated_at") or "")[:10]
    # The reviews are the project's own work: people are named in the other formats.
    author = {"@type": "Organization", "name": dataset.name, "url": dataset.base_url}
    return {
        "@type": "ClaimReview",
        "identifier": f"urn:uuid:{record.id}",
        "url": f"{dataset.base_url}/articles/{document.id}#claim-{record.id}",
        **({"datePublished": updated} if updated else {}),
        "author": author,
        "claimReviewed": claim.claim_text or claim.exact,
        "itemReviewed": {
            "@type": "Claim",
            **({"author": _author(claim.speaker)} if claim.speaker and claim.speaker.name else {}),
            **_dated(document),
            "appearance": _appearance(document),
        },
        "reviewRating": {"@type": "Rating", "alternateName": rating},
        **_given({"reviewBody": record.row.get("justification") or claim.note}),
        **_given({"citation": [_citation(evidence) for evidence in claim.evidence if evidence.url]}),
    }


def _author(speaker: Speaker) -> dict[str, str]:
    return {"@type": "Person" if speaker.kind in _PEOPLE else "Organization", "name": speaker.name}


def _appearance(document: DocumentRecord) -> dict[str, Any]:
    publisher = {"@type": "Organization", "name": document.publisher} if document.publisher else None
    return {
        "@type": "NewsArticle",
        **_given({"url": document.url, "headline": document.title, "publisher": publisher}),
        **_dated(document),
    }


def _citation(evidence: Evidence) -> dict[str, Any]:
    return {
        "@type": "CreativeWork",
        **_given({"url": evidence.url, "name": evidence.source, "archivedAt": evidence.archived_url}),
        **({"datePublished": evidence.published.isoformat()} if evidence.published else {}),
    }


def _dated(document: DocumentRecord) -> dict[str, str]:
    return {"datePublished": document.published.isoformat()} if document.published else {}


def _given(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value}

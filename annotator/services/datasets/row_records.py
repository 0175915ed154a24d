"""What the rows of the layers say, as the records that formats with texts are written from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from annotator.domain.claims import (
    Aspect,
    Claim,
    Evidence,
    Origin,
    Relation,
    SourceKind,
    Speaker,
    SpeakerMode,
    Stance,
    Target,
)
from annotator.errors import Conflict
from annotator.formats.records import ClaimRecord, LinkRecord
from annotator.services.datasets.layers import CHAIN

Fields = dict[str, Any]
"""A row by the names of its columns."""


def claim_of(row: Fields, text: str, evidence: Iterable[Fields]) -> ClaimRecord:
    """The claim of a row over `text`, with the rows of its evidence. Raises Conflict if it quotes something else."""
    start, end = row["start"], row["end"]
    if text[start:end] != row["exact"]:
        raise Conflict(
            f"Claim {row['claim_id']} of article {row['article_id']} quotes something else than its article says at "
            f"[{start}, {end}), so the export was broken off. 'annotator check' lists all that is damaged."
        )
    claim = Claim(
        start=start,
        end=end,
        exact=row["exact"],
        label=row["label"],
        target=Target(row["target"]),
        reason=row["reason"],
        origin=Origin(row.get("origin", Origin.HUMAN)),
        speaker=_speaker(row),
        claim_text=row["claim_text"],
        event_start=day_of(row["event_start"]),
        event_end=day_of(row["event_end"]),
        note=row["note"],
        confidence=row["confidence"],
        evidence=tuple(_evidence(each) for each in evidence),
    )
    author = row["adjudicator"] if "adjudicator" in row else row["reviewer"]
    return ClaimRecord(UUID(row["claim_id"]), claim, author or "", row["block"], row)


def _speaker(row: Fields) -> Speaker | None:
    kind, mode = row["speaker_kind"], row["speaker_mode"]
    chain = tuple(row["speaker_chain"].split(CHAIN)) if row["speaker_chain"] else ()
    if not (row["speaker"] or kind or mode or chain):
        return None
    return Speaker(row["speaker"], SourceKind(kind) if kind else None, SpeakerMode(mode) if mode else None, chain)


def _evidence(row: Fields) -> Evidence:
    linked = row["linked_claim_id"]
    return Evidence(
        stance=Stance(row["stance"]),
        kind=SourceKind(row["kind"]) if row["kind"] else None,
        source=row["source"],
        quote=row["quote"],
        url=row["url"],
        archived_url=row["archived_url"],
        published=day_of(row["published"]),
        annotation=UUID(linked) if linked else None,
        article=row["linked_article_id"],
        start=row["linked_start"],
        end=row["linked_end"],
    )


def link_of(row: Fields) -> LinkRecord:
    """The link of a row."""
    return LinkRecord(
        id=row["link_id"],
        a=UUID(row["a_claim_id"]),
        b=UUID(row["b_claim_id"]),
        relation=Relation(row["relation"]).value,
        layer=row["layer"],
        aspect=Aspect(row["aspect"]).value if row["aspect"] else None,
        status=row["status"],
        author=row["author"],
        note=row["note"],
        created_at=row["created_at"],
    )


def day_of(value: str | None) -> date | None:
    """The day of a cell."""
    return date.fromisoformat(value) if value else None

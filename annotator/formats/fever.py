"""Writer of claims in the JSON lines of the dataset FEVER (https://fever.ai/dataset/fever.html), in one ZIP archive.

`claims.jsonl` holds the claims that have a label there, `unlabelled.jsonl` the others with the reason, and `pages.jsonl`
what the evidence points into, in the form of FEVER's Wikipedia pages: each article, and each quote as a page of its own.
An index of a sentence counts from 0 in its page.
"""

from __future__ import annotations

import tempfile
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import IO, Any

import orjson

from annotator.domain.claims import Claim, Stance
from annotator.domain.text import sentences
from annotator.formats.archive import write_archive
from annotator.formats.json_stream import json_lines
from annotator.formats.records import ClaimRecord, DatasetRecord, DocumentRecord, Losses
from annotator.formats.verdicts import Verdict, content_verdict, is_quote_verification, verdict, why_none

LABELS = {Verdict.SUPPORTED: "SUPPORTS", Verdict.REFUTED: "REFUTES", Verdict.NOT_ENOUGH: "NOT ENOUGH INFO"}
SPEAKS_FOR = {"SUPPORTS": Stance.SUPPORTS, "REFUTES": Stance.REFUTES}
"""The evidence on which a label rests."""

_IN_MEMORY = 1 << 20
_Sentences = dict[str, tuple[str, "array[int]"]]
"""By article, its page and where the sentences of that begin: four bytes for each sentence of the dataset."""


def write_fever(dataset: DatasetRecord, documents: Iterable[DocumentRecord], losses: Losses) -> Iterator[bytes]:  # noqa: ARG001 -- as all writers
    """The archive. Claims wait in a file until all pages are known; the same dataset gives the same bytes."""
    with (
        tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as waiting,
        tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as rest,
    ):
        known: _Sentences = {}
        yield from write_archive(
            [
                ("pages.jsonl", json_lines(_pages(documents, waiting, known, losses))),
                ("claims.jsonl", json_lines(_labelled(waiting, rest, known, losses))),
                ("unlabelled.jsonl", json_lines(_rows(rest))),
            ]
        )


def _pages(
    documents: Iterable[DocumentRecord], waiting: IO[bytes], known: _Sentences, losses: Losses
) -> Iterator[dict[str, Any]]:
    """The pages, while the claims are put into `waiting` and the sentences into `known`."""
    number = 0
    for document in documents:
        name = f"{document.id}:{document.version}"
        spans = sentences(document.text, document.blocks, language=document.language or "en")
        known[document.id] = name, array("L", [span.start for span in spans])
        lines = [document.text[span.start : span.end] for span in spans]
        yield _page(name, document.text, lines, url=document.url, title=document.title)
        for record in document.claims:
            number += 1
            row = _row(number, record, losses)
            waiting.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
            for n, quote in row["quotes"].items():
                evidence = record.claim.evidence[int(n)]
                yield _page(f"{record.id}:{int(n) + 1}", quote, [quote], url=evidence.url, title=evidence.source)
        if document.links:
            losses["links between claims were left out"] += len(document.links)


def _page(name: str, text: str, lines: list[str], **more: str) -> dict[str, Any]:
    # A line of FEVER ends at a line feed, and its parts at tabs.
    numbered = (f"{n}\t{' '.join(line.split())}" for n, line in enumerate(lines))
    return {
        "id": name,
        "text": text,
        "lines": "\n".join(numbered),
        **{key: value for key, value in more.items() if value},
    }


def _row(number: int, record: ClaimRecord, losses: Losses) -> dict[str, Any]:
    """What is known of the claim before all pages are: its places in articles, and its quotes."""
    claim = record.claim
    found = content_verdict(claim)
    label = LABELS.get(found) if found else None
    places: list[tuple[str, int, int]] = []
    quotes: dict[str, str] = {}
    for n, evidence in enumerate(claim.evidence if label else ()):
        if evidence.stance is not SPEAKS_FOR.get(label or ""):
            losses["evidence items of another stance than the label were left out"] += 1
        elif evidence.article and evidence.start is not None and evidence.end is not None:
            places.append((evidence.article, evidence.start, evidence.end))
        elif evidence.quote.strip():
            quotes[str(n)] = evidence.quote
        else:
            losses["evidence items without a passage or a quote were left out"] += 1
    why = "" if label else _why_not(claim)
    facts = {"claim_id": str(record.id), "claim": claim.claim_text or claim.exact}
    return {"id": number, **facts, "label": label, "own": claim.label, "why": why, "places": places, "quotes": quotes}


def _why_not(claim: Claim) -> str:
    if is_quote_verification(claim):
        return "it is about who said it, and a label would speak of what was said"
    return "its evidence is conflicting" if verdict(claim) else why_none(claim)


def _labelled(waiting: IO[bytes], rest: IO[bytes], known: _Sentences, losses: Losses) -> Iterator[dict[str, Any]]:
    evidence_number = 0
    for row in _rows(waiting):
        facts = {"id": row["id"], "claim_id": row["claim_id"]}
        pointers = [[f"{row['claim_id']}:{int(n) + 1}", 0] for n in row["quotes"]]
        for article, start, end in row["places"]:
            if article in known:
                pointers += [[known[article][0], n] for n in _indexes(known[article][1], start, end)]
            else:
                losses["evidence items in articles that are not in it were left out"] += 1
        why = row["why"] or (
            "" if pointers or row["label"] not in SPEAKS_FOR else "none of its evidence can be pointed at"
        )
        if why:
            losses[f"claims without a label stand in unlabelled.jsonl ({why})"] += 1
            left = {**facts, "claim": row["claim"], "own_label": row["own"], "why": why}
            rest.write(orjson.dumps(left, option=orjson.OPT_APPEND_NEWLINE))
            continue
        # All items together bear the label: nobody said that one of them would do.
        evidence: list[list[Any]] = []
        for page, sentence in pointers or [[None, None]]:
            evidence_number += 1
            evidence.append([row["id"], evidence_number, page, sentence])
        verifiable = "VERIFIABLE" if row["label"] in SPEAKS_FOR else "NOT VERIFIABLE"
        yield {**facts, "verifiable": verifiable, "label": row["label"], "claim": row["claim"], "evidence": [evidence]}


def _indexes(starts: array[int], start: int, end: int) -> range:
    """The sentences that [start, end) touches."""
    return range(max(0, bisect_right(starts, start) - 1), max(1, bisect_right(starts, end - 1)))


def _rows(file: IO[bytes]) -> Iterator[dict[str, Any]]:
    file.seek(0)
    for line in file:
        yield orjson.loads(line)

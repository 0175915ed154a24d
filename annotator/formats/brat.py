"""Writer of brat's standoff format (https://brat.nlplab.org/standoff.html): a ZIP of NAME.txt and NAME.ann.

Offsets are code points of the .txt. A line of the .ann file ends where any program ends a line, so a claim that reaches
over a line end is written in pieces, as brat itself does it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import count

from annotator.domain.claims import Relation
from annotator.domain.spans import Span
from annotator.formats.annotated import links_within
from annotator.formats.archive import write_archive
from annotator.formats.claim_details import CHAIN, ENUMERATIONS, claim_details, further_columns
from annotator.formats.records import ClaimRecord, DatasetRecord, DocumentRecord, Losses

LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
NOTE = "AnnotatorNotes"
"""The type of the notes that people write in brat."""

_WITHIN_LINE = re.compile(f"[^{LINE_ENDS}]+")
_ESCAPED = re.compile(rf"[\\{LINE_ENDS}]")
_DIRECTED = frozenset({Relation.QUALIFIES, Relation.SUPERSEDES})


def write_brat(dataset: DatasetRecord, documents: Iterable[DocumentRecord], losses: Losses) -> Iterator[bytes]:
    """The archive with annotation.conf and two files for each document, in chunks of bytes."""
    return write_archive(_files(dataset, documents, losses))


def file_stem(document: DocumentRecord) -> str:
    """What the files of a document are called: its id, and its version if that is not the first."""
    return document.id if document.version == 1 else f"{document.id}-v{document.version}"


def _files(
    dataset: DatasetRecord, documents: Iterable[DocumentRecord], losses: Losses
) -> Iterator[tuple[str, Iterable[bytes]]]:
    yield "annotation.conf", ["\n".join(_configuration(dataset)).encode() + b"\n"]
    for document in documents:
        stem = file_stem(document)
        losses["articles were written without title, date, publisher and address"] += 1
        if "\r" in document.text:
            losses["articles with carriage returns are shown shifted by brat, which counts CR LF as one character"] += 1
        yield f"{stem}.txt", [document.text.encode()]
        yield f"{stem}.ann", [f"{line}\n".encode() for line in _lines(document, losses)]


def _lines(document: DocumentRecord, losses: Losses) -> Iterator[str]:
    attributes, notes, relations = count(1), count(1), count(1)
    keys = {}
    for number, record in enumerate(document.claims, start=1):
        pieces = _pieces(record, losses)
        if not pieces:
            losses["claims of nothing but line ends were left out"] += 1
            continue
        key = keys[record.id] = f"T{number}"
        places = ";".join(f"{start} {end}" for start, end in pieces)
        words = " ".join(document.text[start:end] for start, end in pieces)
        yield f"{key}\t{record.claim.label} {places}\t{words}"
        for name, value in _said(record).items():
            if name in ENUMERATIONS:
                yield f"A{next(attributes)}\t{name} {key} {value}"
            else:
                yield f"#{next(notes)}\t{NOTE if name == 'note' else name} {key}\t{escaped(value)}"
        losses["evidence items were left out"] += len(record.claim.evidence)
        losses["votes, outcomes and times of claims were left out"] += bool(further_columns(record))
    for link in links_within(document, losses):
        if link.a in keys and link.b in keys:
            yield f"R{next(relations)}\t{link.relation} Arg1:{keys[link.a]} Arg2:{keys[link.b]}"
            losses["aspects and notes of links were left out"] += bool(link.aspect or link.note)


def _pieces(record: ClaimRecord, losses: Losses) -> list[Span]:
    start, words = record.claim.start, record.claim.exact
    pieces = [Span(start + found.start(), start + found.end()) for found in _WITHIN_LINE.finditer(words)]
    if pieces and (pieces[0].start > start or pieces[-1].end < record.claim.end):
        losses["line ends at the edges of claims were left out"] += 1
    return pieces


def _said(record: ClaimRecord) -> Mapping[str, str]:
    said = {"claim_id": str(record.id), "author": record.author, **claim_details(record.claim)}
    return {
        name: CHAIN.join(value) if isinstance(value, list) else str(value)
        for name, value in said.items()
        if value != ""
    }


def escaped(text: str) -> str:
    r"""The text on one line: \ becomes \\, and whatever ends a line \uXXXX."""
    return _ESCAPED.sub(lambda found: r"\\" if found.group() == "\\" else rf"\u{ord(found.group()):04x}", text)


def _configuration(dataset: DatasetRecord) -> Iterator[str]:
    yield "[entities]"
    yield from (label.key for label in dataset.labels)
    yield "[relations]"
    for relation in Relation:
        kind = "" if relation in _DIRECTED else ", <REL-TYPE>:symmetric"
        yield f"{relation}\tArg1:<ENTITY>, Arg2:<ENTITY>{kind}"
    # Without this brat calls claims that nest or cross an error.
    yield "<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>"
    yield "[events]"
    yield "[attributes]"
    for name, values in ENUMERATIONS.items():
        yield f"{name}\tArg:<ENTITY>, Value:{'|'.join(values)}"

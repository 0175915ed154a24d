"""Writer of claims as CoNLL-U Plus (https://universaldependencies.org/ext-format.html): a line for each token.

The columns are ID, FORM, START and END (code points of the article's text), then CLAIM1, CLAIM2 ... in BIO. Claims that
nest or cross stand in different columns, the longer one first, and the file has as many columns as its deepest place.

A token is a run of letters, digits and marks, with the apostrophes and hyphens inside it, or any other one character
that a reader sees (an extended grapheme cluster, UAX #29). White space and control characters are none. Tokens do not
depend on the claims: whoever learns from the file must not see in them where claims begin.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO

import regex

from annotator.domain.spans import Span
from annotator.domain.text import sentences
from annotator.formats.records import ClaimRecord, DatasetRecord, DocumentRecord, Losses

OUTSIDE = "O"
CHUNK = 1 << 16
_IN_MEMORY = 1 << 20
_TOKEN = regex.compile(r"\w+(?:['’\-]\w+)*|(?=[^\s\p{Cc}])\X")

_Column = list[str]
"""The tags of one column, a tag for each token."""


def write_conll(dataset: DatasetRecord, documents: Iterable[DocumentRecord], losses: Losses) -> Iterator[bytes]:
    """The documents, their sentences parted by empty lines. The tokens wait in a file until all columns are known."""
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as waiting:
        deepest = 1
        for document in documents:
            if dataset.layer == "annotations" and document.claims:
                losses["who marked a claim was left out"] += len(document.claims)
            deepest = max(deepest, _write(document, waiting, losses))
        waiting.seek(0)
        names = " ".join(f"CLAIM{n}" for n in range(1, deepest + 1))
        yield f"# global.columns = ID FORM START END {names}\n".encode()
        yield from _padded(waiting, 4 + deepest)


def _write(document: DocumentRecord, waiting: IO[bytes], losses: Losses) -> int:
    """Write the document; the number of columns of claims that it needs."""
    spans = sentences(document.text, document.blocks, language=document.language or "en")
    inside = [
        [Span(token.start(), token.end()) for token in _TOKEN.finditer(document.text, span.start, span.end)]
        for span in spans
    ]
    tokens = [token for sentence in inside for token in sentence]
    columns = _columns(document.claims, tokens, losses)
    _count_losses(document, losses)
    lines = [f"# newdoc id = {document.id}", f"# sha256 = {document.sha256}"]
    at = 0
    for sentence in inside:
        for number, token in enumerate(sentence, start=1):
            tags = [column[at] for column in columns]
            lines.append("\t".join([str(number), document.text[token.start : token.end], *map(str, token), *tags]))
            at += 1
        if sentence:
            lines.append("")
    waiting.write(("\n".join(lines) + "\n").encode())
    return len(columns)


def _columns(claims: Sequence[ClaimRecord], tokens: Sequence[Span], losses: Losses) -> list[_Column]:
    """The claims as tags, each in the first column where it does not meet another one."""
    columns: list[_Column] = []
    for record in sorted(claims, key=lambda one: (one.claim.start, -one.claim.end, str(one.id))):
        claim = record.claim
        covered = _covered(tokens, claim.start, claim.end)
        if not covered:
            losses["claims on nothing but white space were left out"] += 1
            continue
        if tokens[covered[0]].start != claim.start or tokens[covered[-1]].end != claim.end:
            losses["claims that begin or end inside a token, or on white space, were moved to whole tokens"] += 1
        free = (column for column in columns if all(column[n] == OUTSIDE for n in covered))
        column = next(free, None)
        if column is None:
            column = [OUTSIDE] * len(tokens)
            columns.append(column)
        for n in covered:
            column[n] = f"I-{claim.label}"
        column[covered[0]] = f"B-{claim.label}"
    return columns


def _covered(tokens: Sequence[Span], start: int, end: int) -> range:
    """The numbers of the tokens that [start, end) touches."""
    from bisect import bisect_left, bisect_right

    first = bisect_right(tokens, start, key=lambda token: token.end)
    return range(first, bisect_left(tokens, end, lo=first, key=lambda token: token.start))


def _count_losses(document: DocumentRecord, losses: Losses) -> None:
    evidence = sum(len(record.claim.evidence) for record in document.claims)
    for what, count in (("evidence items", evidence), ("links between claims", len(document.links))):
        if count:
            losses[f"{what} were left out"] += count
    if document.claims:
        losses["all about claims but their place and label was left out"] += len(document.claims)


def _padded(waiting: IO[bytes], width: int) -> Iterator[bytes]:
    """The lines, those of tokens with as many columns as the file has."""
    ready: list[bytes] = []
    length = 0
    for line in waiting:
        # No comment and no empty line has a tab in it.
        missing = width - line.count(b"\t") - 1 if b"\t" in line else 0
        ready.append(line[:-1] + b"\tO" * missing + b"\n")
        length += len(line)
        if length >= CHUNK:
            yield b"".join(ready)
            ready, length = [], 0
    yield b"".join(ready)

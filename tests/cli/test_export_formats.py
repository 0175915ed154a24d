"""Every format by `annotator export`, on the demo and on hostile texts: counts and quotes are those of the CSV."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import jsonschema
import openpyxl
import pytest
import spacy
from flask import Flask
from openpyxl.utils.escape import unescape
from pyarrow import parquet
from spacy.tokens import DocBin

from annotator.formats.records import AnnotatedRecord
from annotator.formats.spreadsheet import unguard
from annotator.formats.web_annotation.reader import read_web_annotations
from tests.support.annotation_schema import PAGE

Quotes = dict[str, str]
"""The quote of each claim by its UUID."""


def of_xlsx(content: bytes) -> Quotes:
    header, *rows = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)
    return {row[header.index("claim_id")]: unescape(row[header.index("exact")]) for row in rows}


def of_parquet(content: bytes) -> Quotes:
    table = parquet.read_table(io.BytesIO(content))
    return dict(zip(table["claim_id"].to_pylist(), table["exact"].to_pylist(), strict=True))


def of_web_annotation(content: bytes) -> Quotes:
    records = list(read_web_annotations(io.BytesIO(content), "a", limit=10**8))
    assert all(isinstance(record, AnnotatedRecord) for record in records)
    jsonschema.validate(json.loads(content), PAGE)
    return {str(claim.id): claim.quote.exact for record in records for claim in record.claims}


def of_spreadsheet(content: bytes) -> Quotes:
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return {row["claim_id"]: unguard(row["exact"]) for row in rows}


def of_jsonl(content: bytes) -> Quotes:
    return {row["claim_id"]: row["exact"] for row in map(json.loads, filter(None, content.split(b"\n")))}


def of_spacy(content: bytes) -> Quotes:
    found: Quotes = {}
    for part in unzipped(content).values():
        for doc in DocBin().from_bytes(part).get_docs(spacy.blank("xx").vocab):
            for group in doc.spans.values():
                found |= {fact["id"]: doc.text[fact["start"] : fact["end"]] for fact in group.attrs["claims"]}
    return found


def of_fever(content: bytes) -> Quotes:
    files = unzipped(content)
    lines = [*files["claims.jsonl"].split(b"\n"), *files["unlabelled.jsonl"].split(b"\n")]
    return {claim["claim_id"]: claim["claim"] for claim in map(json.loads, filter(None, lines))}


READERS: dict[str, Callable[[bytes], Quotes]] = {
    "csv-spreadsheet": of_spreadsheet,
    "jsonl": of_jsonl,
    "xlsx": of_xlsx,
    "parquet": of_parquet,
    "web-annotation": of_web_annotation,
    "spacy": of_spacy,
    "fever": of_fever,
}


def unzipped(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rows_of(run: Any, slug: str) -> list[dict[str, str]]:
    content = run("export", slug, "--layer", "annotations", "--format", "csv").stdout_bytes.decode()
    return list(csv.DictReader(io.StringIO(content, newline="")))


@pytest.mark.parametrize("format_", list(READERS))
def test_counts_and_quotes_are_those_of_the_csv(run: Any, slug: str, format_: str) -> None:
    wanted = {row["claim_id"]: row["exact"] for row in rows_of(run, slug)}
    assert len(wanted) >= 10
    content = run("export", slug, "--layer", "annotations", "--format", format_).stdout_bytes
    assert READERS[format_](content) == wanted


def test_averitec_and_conll_account_for_every_claim(run: Any, slug: str) -> None:
    wanted = rows_of(run, slug)
    exported = run("export", slug, "--layer", "annotations", "--format", "averitec")
    found = json.loads(exported.stdout_bytes)
    quotes = {row["claim_id"]: row["claim_text"] or row["exact"] for row in wanted}
    assert {claim["claim_id"]: claim["claim"] for claim in found}.items() <= quotes.items()
    assert len(found) + counted(exported.stderr, "without a verdict") == len(wanted)
    exported = run("export", slug, "--layer", "annotations", "--format", "conll")
    claims = sum(line.count("\tB-") for line in exported.stdout_bytes.decode().split("\n"))
    assert claims + counted(exported.stderr, "white space were left out") == len(wanted)


def counted(told: str, what: str) -> int:
    """How many the sentences on standard error say, of those with these words in them."""
    lines = [line for line in told.splitlines() if line.startswith("Not in the file: ") and what in line]
    return sum(int(line.rpartition(": ")[2].rstrip(".").replace(",", "")) for line in lines)


def test_claimreview_needs_the_public_address(run: Any, slug: str, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ("export", slug, "--layer", "annotations", "--format", "claimreview")
    assert "ANNOTATOR_BASE_URL" in run(*arguments, status=1).stderr
    public = replace(app.extensions["annotator"], base_url="https://facts.example.org")
    monkeypatch.setitem(app.extensions, "annotator", public)
    exported = run(*arguments)
    reviews = json.loads(exported.stdout_bytes)["@graph"]
    assert len(reviews) + counted(exported.stderr, "without a verdict") == len(rows_of(run, slug))
    assert all(review["url"].startswith("https://facts.example.org/") for review in reviews)

"""Every format by `annotator export`, on the demo and on hostile texts: counts and quotes are those of the CSV."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
import spacy
from flask import Flask
from openpyxl.utils.escape import unescape
from pyarrow import parquet
from spacy.tokens import DocBin

from annotator.domain.claims import Claim, Evidence, Stance
from annotator.formats.records import AnnotatedRecord
from annotator.formats.web_annotation.reader import read_web_annotations
from annotator.services import annotations as claims_service
from tests.support.datasets import HOSTILE, hostile
from tests.support.desk import Desk

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
    return {str(claim.id): claim.quote.exact for record in records for claim in record.claims}


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


@pytest.fixture(params=["demo", "hostile"])
def slug(request: pytest.FixtureRequest, app: Flask, run: Any) -> str:
    """The demo, or a project whose only article has every character that ever broke a format."""
    if request.param == "demo":
        run("demo")
        return "demo"
    desk = Desk(app)
    article = desk.article(HOSTILE, title="=1", language="ar")
    # A claim on nothing but white space is no claim; formats meet it only in their own tests.
    for record in (record for record in hostile().claims if record.claim.exact.strip()):
        label = "disputed" if record.claim.label == "own-label" else record.claim.label
        evidence = (Evidence(Stance.SUPPORTS, quote='"لا"\r\n=1\t🙅', url="https://x.example/a.pdf"),)
        claim = replace(record.claim, label=label, claim_text="", note="=1,\r\n", evidence=evidence)
        desk.write(partial(_put, desk, article, claim))
    return desk.slug


def _put(desk: Desk, article: str, claim: Claim) -> None:
    claims_service.put(desk.user("ada"), article, uuid4(), claim, if_version=None)


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

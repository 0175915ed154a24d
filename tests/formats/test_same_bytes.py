"""Every format gives the same bytes for the same dataset, whatever process, time zone, locale and hash seed."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

PROGRAM = """
import hashlib, locale
from annotator.formats.averitec import write_averitec
from annotator.formats.claimreview import write_claimreview
from annotator.formats.conll import write_conll
from annotator.formats.fever import write_fever
from annotator.formats.parquet import write_parquet
from annotator.formats.records import Losses
from annotator.formats.spacy import write_spacy
from annotator.formats.web_annotation.writer import write_web_annotations
from annotator.formats.xlsx import write_xlsx
from tests.support.datasets import DATASET, hostile, small

locale.setlocale(locale.LC_ALL, "")
documents = [*small(), hostile()]
columns = ("claim_id", "exact", "start", "confidence", "votes_sourced", "created_at")
rows = [
    (str(one.id), one.claim.exact, one.claim.start, one.claim.confidence, 1, "2026-11-23T10:00:00.000000Z")
    for document in documents
    for one in document.claims
]
for write in (write_averitec, write_claimreview, write_conll, write_fever, write_spacy, write_web_annotations):
    losses = Losses()
    digest = hashlib.sha256(b"".join(write(DATASET, documents, losses))).hexdigest()
    print(write.__name__, digest, sorted(losses.items()))
for write in (write_parquet, write_xlsx):
    print(write.__name__, hashlib.sha256(b"".join(write(columns, rows))).hexdigest())
"""


def output(**environment: str) -> list[str]:
    finished = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=os.environ | environment, capture_output=True, text=True, check=True
    )
    return finished.stdout.splitlines()


@pytest.mark.slow
def test_every_format_gives_the_same_bytes_everywhere() -> None:
    here = output(TZ="UTC", PYTHONHASHSEED="1", LC_ALL="C.UTF-8")
    assert len(here) == 8
    assert output(TZ="Asia/Kathmandu", PYTHONHASHSEED="2", LC_ALL="C") == here

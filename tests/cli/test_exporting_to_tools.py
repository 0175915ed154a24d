"""`annotator export` in the formats of other annotation tools: the same claims as in the table, on the demo and on hostile texts."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import cassis  # type: ignore[import-untyped]
import pytest

from tests.support.desk import Desk


def of_label_studio(content: bytes) -> list[tuple[str, str]]:
    return [
        (task["data"]["text"][part["value"]["start"] : part["value"]["end"]], part["value"]["labels"][0])
        for task in json.loads(content)
        for answer in task.get("annotations", task.get("predictions"))
        for part in answer["result"]
        if part["type"] == "labels"
    ]


def of_doccano(content: bytes) -> list[tuple[str, str]]:
    lines = [json.loads(line) for line in content.splitlines()]
    return [(line["text"][start:end], label) for line in lines for start, end, label in line["label"]]


def of_brat(content: bytes) -> list[tuple[str, str]]:
    found = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.endswith(".ann"):
                text = archive.read(f"{name[:-4]}.txt").decode()
                for line in archive.read(name).decode().splitlines():
                    key, body, *_ = line.split("\t")
                    if key.startswith("T"):
                        label, start, *_, end = body.split(" ")
                        found.append((text[int(start) : int(end)], label))
    return found


def of_uima(content: bytes) -> list[tuple[str, str]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        typesystem = cassis.load_typesystem(archive.open("TypeSystem.xml"))
        texts = [
            cassis.load_cas_from_xmi(archive.open(name), typesystem=typesystem)
            for name in archive.namelist()
            if name.endswith(".xmi")
        ]
    return [(claim.get_covered_text(), claim.label) for cas in texts for claim in cas.select("webanno.custom.Claim")]


@pytest.mark.parametrize(
    ("name", "claims_of"),
    [
        ("label-studio", of_label_studio),
        ("label-studio-predictions", of_label_studio),
        ("doccano", of_doccano),
        ("brat", of_brat),
        ("uima-xmi", of_uima),
    ],
)
def test_every_claim_comes_out_whole(run, slug: str, name: str, claims_of) -> None:
    for layer in ("gold", "annotations"):
        content = run("export", slug, "--layer", layer).stdout_bytes.decode()
        rows = sorted((row["exact"], row["label"]) for row in csv.DictReader(io.StringIO(content, newline="")))
        if name == "brat":
            # It marks lines: a claim is in pieces, of which none has a line's end.
            rows = sorted((exact.strip("\r\n"), label) for exact, label in rows)
        assert len(rows) >= 10 or layer == "gold"
        exported = run("export", slug, "--layer", layer, "--format", name)
        assert sorted(claims_of(exported.stdout_bytes)) == rows
        assert run("export", slug, "--layer", layer, "--format", name).stdout_bytes == exported.stdout_bytes


def test_what_is_lost_is_said_on_standard_error(run, app) -> None:
    desk = Desk(app)
    desk.mark("ada", desk.article("Calm\r\nheld."), "Calm\r\nheld")
    lost = run("export", desk.slug, "--layer", "annotations", "--format", "brat").stderr
    assert "Not in the file: Articles with carriage returns" in lost
    # What was counted none at all is not said.
    assert ": 0." not in lost

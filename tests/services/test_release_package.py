"""The package of a release: one ZIP file, always the same bytes, that independent programs read; and its splits."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, text

from annotator.db import db, transaction
from annotator.domain.publication import Options, People, Split, TextMode
from annotator.errors import Conflict
from annotator.models import ReleasePart
from annotator.services import checks, dataset_cards, releases
from tests.matching.test_copies import Newsroom
from tests.support.desk import Desk
from tests.support.released import finished_article, package, release, unpacked

CARD = {
    "title": "Claims about: two “ceasefires”",
    "description": "Claims\nabout ceasefires, and what # became of them.",
    "licence": "CC-BY-4.0",
    "creators": "A Desk\nAn Institute: of Claims",
    "contact": "desk@example.org",
    "homepage": "https://example.org/claims",
    "keywords": "ceasefire\nIdlib",
    "uses": "To train people.",
    "limits": "One language.",
    "selection": "By hand.",
}


@pytest.fixture
def desk(app: Flask) -> Desk:
    desk = Desk(app)
    finished_article(desk, title="Calm, they “say”", publisher="The Post", language="en")
    return desk


def rows(files: dict[str, bytes], layer: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[f"data/{layer}.csv"].decode(), newline=""), strict=True))


def test_all_files_hash_to_what_the_package_says_of_them(desk: Desk) -> None:
    release(desk, "1.0.0", Options(text=TextMode.FULL, split=Split.of("80/10/10", "truce")))
    files = unpacked(package(desk, "1.0.0"))
    sums = {line[66:]: line[:64] for line in files.pop("SHA256SUMS").decode().splitlines()}
    assert sums == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    manifest = json.loads(files["manifest.json"])
    for layer, described in manifest["layers"].items():
        for form in ("csv", "jsonl"):
            assert sums[f"data/{layer}.{form}"] == described["files"][form]
        assert len(rows(files, layer)) == described["rows"]
    assert {name: sums[name] for name in manifest["about"]} == manifest["about"]
    assert set(manifest["about"]) == {"README.md", "croissant.json", "DATASHEET.md", "CITATION.cff"}
    assert {row["file"] for row in rows(files, "texts")} == {name for name in files if name.startswith("texts/")}


WRITE = """
import sys
from annotator import create_app
from annotator.formats import writing
from annotator.formats.archive import write_archive
from annotator.services import projects, release_package, releases
with create_app({"database_url": sys.argv[1], "secret_key": "k" * 40}).app_context():
    release = releases.find(projects.by_slug("truce"), "1.0.0")
    for chunk in write_archive(release_package.files(release, writing.write)):
        sys.stdout.buffer.write(chunk)
"""


def test_a_package_is_the_same_in_every_process(desk: Desk, database_url: str) -> None:
    release(desk, "1.0.0", Options(split=Split.of("50/25/25", "s"), people=People.PSEUDONYMS))
    here = package(desk, "1.0.0")
    places = [("Pacific/Kiritimati", "C", "1"), ("America/New_York", "C.UTF-8", "77")]
    for zone, locale, seed in places:
        environment = {**os.environ, "TZ": zone, "LC_ALL": locale, "PYTHONHASHSEED": seed}
        made = subprocess.run(
            [sys.executable, "-c", WRITE, database_url], env=environment, capture_output=True, check=True
        )
        assert made.stdout == here, zone


def test_a_package_does_not_change_with_what_follows(desk: Desk) -> None:
    release(desk, "1.0.0", Options(text=TextMode.FULL))
    before = package(desk, "1.0.0")
    desk.write(lambda: dataset_cards.change(desk.project(), CARD))
    desk.write(lambda: setattr(desk.user("ada"), "name", "Another"))
    finished_article(desk, "Later a complete ceasefire was announced, he said.", "complete ceasefire")
    assert package(desk, "1.0.0") == before


@pytest.mark.parametrize("layer", ["gold", "README.md"])
def test_what_was_changed_all_the_same_is_not_handed_out(desk: Desk, database_engine: str, layer: str) -> None:
    release(desk, "1.0.0")
    on = " ON release_part" if database_engine == "postgresql" else ""
    with desk.app.app_context(), transaction():
        db.session.execute(text(f"DROP TRIGGER release_part_delete{on}"))
        db.session.execute(delete(ReleasePart).where(ReleasePart.layer == layer))
    with pytest.raises(Conflict, match="not what was released"):
        package(desk, "1.0.0")
    with desk.app.app_context():
        assert ["Release 1.0.0 of truce" in str(each) for each in checks.findings()] == [True]


def test_a_file_that_would_be_written_otherwise_is_not_handed_out(desk: Desk) -> None:
    release(desk, "1.0.0")
    with desk.app.app_context():
        found = releases.find(desk.project(), "1.0.0")
        with releases.open_table(found, "gold") as table:
            list(table.rows)
        chunks = releases.verified(found, "gold", "csv", [b"another writer\n"])
        with pytest.raises(Conflict, match="'gold' in csv"):
            list(chunks)


# mlcroissant rests on a part of rdflib that rdflib itself calls outdated.
IGNORED = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@IGNORED
def test_croissant_reads_it(desk: Desk, tmp_path: Path) -> None:
    import mlcroissant

    desk.write(lambda: dataset_cards.change(desk.project(), CARD))
    release(desk, "1.0.0", Options(split=Split.of("80/10/10", "truce")))
    files = unpacked(package(desk, "1.0.0"))
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    dataset = mlcroissant.Dataset(jsonld=str(tmp_path / "croissant.json"))
    assert not dataset.metadata.ctx.issues.errors
    assert str(dataset.metadata.version) == "1.0.0"
    assert "adjudicator" in json.loads(files["croissant.json"])["rai:dataAnnotationProtocol"]
    for layer in ("gold", "annotations", "articles", "splits"):
        found = list(dataset.records(layer))
        assert len(found) == len(rows(files, layer))
    quotes = [record["gold/exact"].decode() for record in dataset.records("gold")]
    assert quotes == [row["exact"] for row in rows(files, "gold")]


@IGNORED
def test_croissant_notices_what_is_no_croissant(desk: Desk, tmp_path: Path) -> None:
    """The positive control."""
    import mlcroissant

    release(desk, "1.0.0")
    document = json.loads(unpacked(package(desk, "1.0.0"))["croissant.json"])
    document["recordSet"][0]["field"][0]["source"]["fileObject"]["@id"] = "nowhere.csv"
    (tmp_path / "croissant.json").write_text(json.dumps(document))
    with pytest.raises(mlcroissant.ValidationError):
        mlcroissant.Dataset(jsonld=str(tmp_path / "croissant.json"))


def test_the_card_is_what_hubs_read_and_says_nothing_that_nobody_said(desk: Desk) -> None:
    import yaml

    release(desk, "1.0.0")
    files = unpacked(package(desk, "1.0.0"))
    front = yaml.safe_load(files["README.md"].decode().split("---\n")[1])
    assert "license" not in front
    assert front["language"] == ["en"]
    assert b"Licence: not said" in files["README.md"]
    desk.write(lambda: dataset_cards.change(desk.project(), CARD))
    release(desk, "1.0.1", Options(split=Split.of("80/10/10", "truce")))
    files = unpacked(package(desk, "1.0.1"))
    front = yaml.safe_load(files["README.md"].decode().split("---\n")[1])
    assert (front["pretty_name"], front["license"]) == (CARD["title"], "cc-by-4.0")
    assert front["tags"] == ["fact-checking", "ceasefire", "Idlib"]
    for config in front["configs"]:
        assert files[config["data_files"]]
    citation = yaml.safe_load(files["CITATION.cff"])
    assert (citation["version"], citation["license"]) == ("1.0.1", "CC-BY-4.0")
    assert citation["authors"] == [{"name": "A Desk"}, {"name": "An Institute: of Claims"}]
    sheet = files["DATASHEET.md"].decode()
    assert sheet.count("## ") == 7
    assert "*To be filled in by the creators.*" in sheet


def test_copies_and_the_claims_of_one_article_are_on_one_side(desk: Desk) -> None:
    room = Newsroom(2)
    copies: dict[str, str] = {}
    for event in range(4):
        wire = room.story(["Ankara"], room.sentence([]))
        for text_ in (wire, room.edited(wire)):
            article = finished_article(desk, text_, text_.split("\n\n")[2][:30])
            copies[article] = copies.get(f"{event}", article)
            copies.setdefault(f"{event}", article)
    release(desk, "1.0.0", Options(split=Split.of("34/33/33", "seed")))
    files = unpacked(package(desk, "1.0.0"))
    sides = {row["article_id"]: row for row in rows(files, "splits")}
    assert len(sides) == 9
    assert {article: row["copy_group"] for article, row in sides.items() if article in copies} == {
        article: first for article, first in copies.items() if len(article) > 1
    }
    for row in sides.values():
        assert row["split"] == sides[row["copy_group"]]["split"]
    splits = json.loads(files["manifest.json"])["splits"]
    assert splits["copies"] == {"groups": 4, "articles": 8}
    assert sum(splits["articles"].values()) == 9
    # More articles move none.
    finished_article(desk, room.story(["Idlib"], room.sentence([])) + " a complete ceasefire", "complete ceasefire")
    release(desk, "1.1.0", Options(split=Split.of("34/33/33", "seed")))
    later = {row["article_id"]: row for row in rows(unpacked(package(desk, "1.1.0")), "splits")}
    assert len(later) == 10
    assert {article: later[article] for article in sides} == sides

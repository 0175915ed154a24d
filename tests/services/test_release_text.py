"""How much text a release carries, and that its text can be filled in again to the byte."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from flask import Flask

from annotator.domain.publication import WITHHELD, Options, People, TextMode, filled_columns
from annotator.errors import Conflict
from annotator.formats import filling
from annotator.formats.filling import CannotFill
from annotator.services import releases
from tests.support.desk import STORY, Desk
from tests.support.people import open_browser
from tests.support.released import HOSTILE, MARKED, finished_article, package, release, settle, unpacked, would_be

NONE = Options(text=TextMode.NONE)
LATER = "Later a complete ceasefire was announced again, he said. It held for some time, residents said.\n"


@pytest.fixture
def desk(app: Flask) -> Desk:
    desk = Desk(app)
    finished_article(desk)
    finished_article(desk, LATER, "complete ceasefire was announced again", title="A ceasefire")
    desk.article("An article that nobody finished.")
    return desk


def rows(files: dict[str, bytes], layer: str) -> list[dict]:
    return [json.loads(line) for line in files[f"data/{layer}.jsonl"].split(b"\n")[:-1]]


def test_without_text_nothing_of_an_article_or_of_evidence_is_in_it(desk: Desk) -> None:
    release(desk, "1.0.0", NONE)
    files = unpacked(package(desk, "1.0.0"))
    everything = b"\n".join(files.values())
    for words in (*MARKED, "complete ceasefire", "announced again", "There shall be peace"):
        for written in (words, json.dumps(words)[1:-1], json.dumps(words, ensure_ascii=False)[1:-1]):
            assert written.encode() not in everything, words
    for layer, columns in WITHHELD.items():
        assert {row[column] for row in rows(files, layer) for column in columns} == {None}
    assert not any(name.startswith("texts/") for name in files)
    # What is known of the articles stays, and so do places and hashes.
    assert b"A ceasefire" in files["data/gold.csv"]
    assert {row["sha256"] for row in rows(files, "texts")} == {
        hashlib.sha256(text.encode()).hexdigest() for text in (HOSTILE, LATER)
    }


def test_text_is_found_where_it_is(desk: Desk) -> None:
    """The positive control."""
    release(desk, "1.0.0")
    files = unpacked(package(desk, "1.0.0"))
    assert b"complete ceasefire" in files["data/gold.csv"]
    assert b"There shall be peace" in files["data/evidence.csv"]


def test_with_full_text_every_quote_is_in_its_text(desk: Desk) -> None:
    release(desk, "1.0.0", Options(text=TextMode.FULL))
    files = unpacked(package(desk, "1.0.0"))
    texts = {row["article_id"]: files[row["file"]].decode() for row in rows(files, "texts")}
    assert set(texts.values()) == {HOSTILE, LATER}
    claims = rows(files, "gold") + rows(files, "annotations")
    assert len(claims) > 8
    for row in claims:
        assert texts[row["article_id"]][row["start"] : row["end"]] == row["exact"]


def test_another_mode_is_no_change_of_the_claims(desk: Desk) -> None:
    release(desk, "1.0.0")
    release(desk, "1.1.0", Options(text=TextMode.NONE, people=People.PSEUDONYMS))
    for until in ("1.1.0", None):
        with desk.app.app_context(), releases.changes(desk.project(), "1.0.0", until) as found:
            assert [list(each) for each in (found.claims, found.links, found.articles)] == [[], [], []]
    with desk.app.app_context(), releases.changes(desk.project(), "1.1.0") as found:
        assert list(found.claims) == []
    page = open_browser(desk.app, "Mia").get("/projects/truce/releases/1.1.0?since=1.0.0")
    assert "Nothing." in page.text
    finished_article(desk, "A third spoke of a complete ceasefire.", "complete ceasefire")
    release(desk, "1.2.0", NONE)
    assert "characters 19 to 37" in open_browser(desk.app, "Mia").get("/projects/truce/releases/1.2.0").text


def test_a_format_that_needs_text_is_refused_without_it(desk: Desk) -> None:
    release(desk, "1.0.0", NONE)
    answer = open_browser(desk.app, "Mia").get("/projects/truce/releases/1.0.0/download?layer=gold&format=brat")
    assert answer.status_code == 422
    assert "was made without text" in answer.text


def test_a_release_without_texts_says_so(desk: Desk) -> None:
    release(desk, "1.0.0")
    with desk.app.app_context(), pytest.raises(Conflict, match="without the texts"):
        list(releases.texts(releases.find(desk.project(), "1.0.0")))


def texts_of(folder: Path) -> Path:
    """A licence holder's copies: one as it is, one in the file that it was imported from, beside others."""
    (folder / "more").mkdir(parents=True)
    (folder / "more" / "story.txt").write_bytes(HOSTILE.encode())
    (folder / "all.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in (STORY, LATER)))
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0\x00")
    return folder


def filled(desk: Desk, folder: Path, texts: Path) -> dict[str, bytes]:
    (folder / "release.zip").write_bytes(package(desk, "1.0.0"))
    aside = folder / "aside"
    aside.mkdir()
    with filling.opened(folder / "release.zip") as found:
        return {name: b"".join(chunks) for name, chunks in filling.filled(found, texts, aside)}


def test_filled_in_again_it_is_the_full_export_to_the_byte(desk: Desk, tmp_path: Path) -> None:
    full = would_be(desk, "1.0.0", Options(text=TextMode.FULL))
    release(desk, "1.0.0", NONE)
    released = unpacked(package(desk, "1.0.0"))
    found = filled(desk, tmp_path, texts_of(tmp_path / "texts"))
    for name, content in full.items():
        if name.startswith("data/evidence."):
            assert found[name] == released[name]
            continue
        assert found[name] == content, name
        layer = name.removeprefix("data/").partition(".")[0]
        assert (released[name] != content) is bool(filled_columns(layer)), name
    assert set(found) == set(released)
    for line in found["SHA256SUMS"].decode().splitlines():
        digest, _, name = line.partition("  ")
        assert hashlib.sha256(found[name]).hexdigest() == digest


def test_what_does_not_match_is_refused_with_a_list(desk: Desk, tmp_path: Path) -> None:
    article = finished_article(desk, "A third spoke of a complete ceasefire.", "complete ceasefire")
    release(desk, "1.0.0", NONE)
    texts = texts_of(tmp_path / "texts")
    (texts / "third.txt").write_text("A third spoke of a complete  ceasefire.")
    with pytest.raises(CannotFill, match="1 of 3 texts were not found") as refused:
        filled(desk, tmp_path, texts)
    [line] = refused.value.missing
    assert article in line


def test_a_package_that_was_changed_is_refused(desk: Desk, tmp_path: Path) -> None:
    release(desk, "1.0.0", NONE)
    folder = tmp_path / "package"
    for name, content in unpacked(package(desk, "1.0.0")).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(
            content.replace(b"As it says.", b"As it said.") if name == "data/annotations.jsonl" else content
        )
    with filling.opened(folder) as found:
        files = filling.filled(found, texts_of(tmp_path / "texts"), tmp_path)
        with pytest.raises(CannotFill, match=r"annotations\.csv did not come out"):
            b"".join(chunk for _, chunks in files for chunk in chunks)


def test_what_is_no_package_without_text_is_refused(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(CannotFill, match="no package"), filling.opened(tmp_path):
        pass
    (tmp_path / "a.zip").write_bytes(b"nothing")
    with pytest.raises(CannotFill, match="neither a folder nor a ZIP"), filling.opened(tmp_path / "a.zip"):
        pass
    release(desk, "1.0.0")
    (tmp_path / "b.zip").write_bytes(package(desk, "1.0.0"))
    with pytest.raises(CannotFill, match="nothing to fill in"), filling.opened(tmp_path / "b.zip"):
        pass


def test_reviewers_words_that_repeat_the_article_are_warned_of(desk: Desk) -> None:
    article = desk.article(STORY)
    words = 'calm "except for one or two separate incidents."'
    claim = desk.mark("ada", article, words, claim_text=f"It was {words}")
    for name in ("ada", "ben"):
        desk.submit(name, article)
    desk.write(lambda: settle(desk, article))
    [warning] = release(desk, "1.0.0", NONE)
    assert "words of the article are repeated" in warning
    assert f"claim_text of {claim} in annotations" in warning

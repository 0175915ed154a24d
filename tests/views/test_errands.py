"""Large exports and imports by page: begun, followed, cancelled, taken; and nothing left of what did not end well."""

from __future__ import annotations

import io
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from annotator.db import db, now, transaction
from annotator.domain.text import plain_blocks
from annotator.formats import catalogue
from annotator.formats.records import ArticleRecord
from annotator.models import Annotation, Article, ArticleBlock, ArticleVersion, Errand, ErrandKind, Import, ImportState
from annotator.services import compared_articles, copy_finding, datasets, errands
from annotator.services import imports as import_service
from annotator.views import annotation_imports, errand_threads, imports
from tests.support.desk import Desk
from tests.support.paced import NAME, Paced
from tests.support.people import Browser, OpenBrowser

EXPORTS = "/projects/truce/exports"
ROWS = 600


@pytest.fixture
def desk(app: Flask) -> Desk:
    desk = Desk(app)
    article = desk.article()
    for name in ("ada", "ben"):
        desk.mark(name, article, "complete ceasefire")
        desk.submit(name, article)
    return desk


@pytest.fixture
def mia(desk: Desk, open_browser: OpenBrowser, monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    """Nothing that was begun outlives the test."""
    monkeypatch.setattr(errand_threads, "PULSE", 0.05)
    browser = open_browser("Mia")
    yield browser
    with desk.app.app_context():
        with transaction():
            db.session.execute(update(Errand).values(stop=True))
        under_way = select(func.count()).select_from(Errand).where(Errand.state == "running", Errand.touched_at > now())
        while db.session.scalar(under_way):
            db.session.rollback()
            time.sleep(0.02)


@pytest.fixture
def paced(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paced:
    """A format that takes its time over many articles."""
    records = [ArticleRecord(f"{n}.", plain_blocks(f"{n}."), f"{n:064}") for n in range(ROWS)]
    with desk.app.app_context():
        import_service.import_file(desk.project(), lambda: records, "many.jsonl")
    made = Paced(tmp_path)
    monkeypatch.setitem(catalogue.ALL_FORMATS, NAME, made.format)
    return made


@contextmanager
def held(when: Callable[[errand_threads.Tally], bool]) -> Iterator[None]:
    """Meanwhile an errand that has come so far goes on only to stop: it cannot end before one has seen and cancelled it."""
    look = errand_threads.Tally.look

    def waiting(tally: errand_threads.Tally) -> None:
        while when(tally) and not tally.stopped:
            time.sleep(0.01)
        look(tally)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(errand_threads.Tally, "look", waiting)
        yield


def says(words: str) -> Callable[[errand_threads.Tally], bool]:
    return lambda tally: words in tally.words


def begin(browser: Browser, **form: str) -> str:
    """Where a file that was asked for is shown."""
    answer = browser.post(EXPORTS, form)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def ended(browser: Browser, place: str) -> str:
    """The part of the page that changes, when the work has ended."""
    while 'data-state="running"' in (part := browser.get(f"{place}/state").text):
        time.sleep(0.02)
    return part


def wait_until_told(browser: Browser, place: str, words: str) -> None:
    """While it is under way, its page says so."""
    told = ""
    while words not in told:
        told = browser.get(f"{place}/state").text
        assert 'data-state="running"' in told


def file_of(browser: Browser, place: str, **headers: str) -> Any:
    with browser.get(f"{place}/file", headers=headers) as answer:
        answer.get_data()
    return answer


def made(app: Flask) -> list[Path]:
    return sorted((Path(app.instance_path) / "exports").glob("*"))


@pytest.mark.parametrize(
    ("form", "direct"),
    [
        ({"layer": "annotations", "format": "csv"}, "download?layer=annotations&format=csv"),
        (
            {"layer": "annotations", "format": "doccano", "people": "none"},
            "download?layer=annotations&format=doccano&people=none",
        ),
        ({"layer": "all", "format": "jsonl"}, "all"),
    ],
)
def test_the_file_is_the_one_that_a_direct_download_gives(
    app: Flask, mia: Browser, form: dict[str, str], direct: str
) -> None:
    place = begin(mia, **form)
    assert "Download" in ended(mia, place)
    answer, expected = file_of(mia, place), mia.get(f"/projects/truce/export/{direct}")
    assert answer.data == expected.data
    for header in ("Content-Type", "Content-Disposition", "Cache-Control"):
        assert answer.headers[header].replace("filename=truce", 'filename="truce').rstrip('"') == expected.headers[
            header
        ].rstrip('"')
    assert answer.content_length == len(expected.data)
    part = file_of(mia, place, Range="bytes=5-9")
    assert (part.status_code, part.data) == (206, expected.data[5:10])
    assert [path.stat().st_mode & 0o777 for path in (made(app)[0].parent, *made(app))] == [0o700, 0o600]
    assert place in mia.get("/projects/truce/export").text


def test_a_file_is_for_whoever_asked_for_it(mia: Browser, open_browser: OpenBrowser) -> None:
    place = begin(mia)
    ended(mia, place)
    for name, status in (("Jo", 404), ("Ada", 403), ("Sam", 404)):
        other = open_browser(name)
        assert {other.get(path).status_code for path in (place, f"{place}/state", f"{place}/file")} == {status}
        assert {other.post(f"{place}/{act}").status_code for act in ("cancel", "again")} == {status}
    assert open_browser("Jo").post(EXPORTS, {"layer": "all", "format": "jsonl"}).status_code == 403
    assert mia.get(place.replace("exports", "imports")).status_code == 404


def test_many_articles_are_compared_beside_the_requests(
    desk: Desk, mia: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(2):
        desk.article(f"The ceasefire held in all of the {n} towns of the province on Sunday, the ministry said again.")
    monkeypatch.setattr(copy_finding, "IN_A_REQUEST", 1)
    going_on = threading.Event()
    tallies: list[errand_threads.Tally] = []

    class Known(errand_threads.Tally):
        def __init__(self) -> None:
            super().__init__()
            tallies.append(self)

    read = compared_articles._texts

    def slowly(*of: Any) -> Iterator[tuple[str, str]]:
        yield from read(*of)
        assert going_on.wait(60)
        while not tallies[0].stopped:
            time.sleep(0.01)

    monkeypatch.setattr(errand_threads, "Tally", Known)
    monkeypatch.setattr(compared_articles, "_texts", slowly)
    place = str(mia.post("/projects/truce/copies/look").headers["Location"])
    assert "/comparisons/" in place
    wait_until_told(mia, place, "(3 of 3 articles)")
    assert mia.post(f"{place}/cancel").status_code == 303
    wait_until_told(mia, place, "being stopped")
    going_on.set()
    assert "wait to be compared" in ended(mia, place)
    assert "Not compared yet: 3 articles" in mia.get("/projects/truce/copies").text
    again = str(mia.post(f"{place}/again").headers["Location"])
    assert "have copies now: 2" in ended(mia, again)
    assert "All (1)" in mia.get("/projects/truce/copies").text


def test_a_cancelled_export_stops_and_leaves_no_file(app: Flask, mia: Browser, paced: Paced) -> None:
    with held(lambda _tally: paced.rows > 0):
        place = begin(mia, layer="articles", format=NAME)
        while not paced.rows:
            time.sleep(0.01)
        assert f'max="{ROWS + 1}"' in mia.get(place).text
        assert file_of(mia, place).status_code == 404
        assert mia.post(f"{place}/cancel").status_code == 303
        assert "Cancelled" in ended(mia, place)
    assert paced.ended
    assert 0 < paced.rows < ROWS
    assert made(app) == []
    begun = mia.post(f"{place}/again").headers["Location"]
    assert begun != place
    assert "Download" in ended(mia, begun)
    assert len(file_of(mia, begun).data.splitlines()) == ROWS + 1


def test_a_worker_that_does_not_look_is_caught(
    app: Flask, mia: Browser, paced: Paced, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault."""
    monkeypatch.setattr(errand_threads.Tally, "look", lambda _tally: None)
    place = begin(mia, layer="articles", format=NAME)
    mia.post(f"{place}/cancel")
    assert "Cancelled" not in ended(mia, place)
    assert paced.rows == ROWS + 1


def test_what_cannot_be_made_says_why_and_leaves_no_file(desk: Desk, mia: Browser) -> None:
    desk.write(lambda: db.session.execute(update(Annotation).values(exact="nothing of the kind")))
    place = begin(mia, layer="annotations")
    assert "quote" in ended(mia, place)
    assert 'data-kind="error"' in mia.get(place).text
    assert made(desk.app) == []
    assert file_of(mia, place).status_code == 404


def test_a_file_whose_server_was_stopped_has_failed_and_can_be_begun_again(desk: Desk, mia: Browser) -> None:
    def begin_without_a_thread() -> str:
        wanted = {"layer": "gold", "format": "csv", "people": "names", "release": None, "unit": "rows"}
        errand = errands.begin(desk.project(), desk.user("mia"), ErrandKind.EXPORT, wanted, total=1)
        errand.touched_at = now() - errands.LEASE - timedelta(seconds=1)
        return errand.id

    place = f"{EXPORTS}/{desk.write(begin_without_a_thread)}"
    assert "The server was stopped" in mia.get(place).text
    assert "Download" in ended(mia, mia.post(f"{place}/again").headers["Location"])
    assert desk.write(lambda: db.session.get_one(Errand, place.rpartition("/")[2]).state) == "failed"


def test_files_are_forgotten_after_a_day(desk: Desk, mia: Browser) -> None:
    place = begin(mia)
    ended(mia, place)
    [old] = made(desk.app)
    desk.write(lambda: db.session.execute(update(Errand).values(ended_at=now() - errands.KEPT)))
    other = begin(mia)
    ended(mia, other)
    assert not old.exists()
    assert mia.get(place).status_code == 404
    assert file_of(mia, other).status_code == 200


def test_nobody_has_more_than_two_under_way(mia: Browser, paced: Paced) -> None:
    with held(lambda _tally: paced.rows > 0):
        places = [begin(mia, layer="articles", format=NAME) for _ in range(errands.MOST)]
        assert mia.post(EXPORTS).status_code == 409
        for place in places:
            mia.post(f"{place}/cancel")
            ended(mia, place)
    ended(mia, begin(mia))


@pytest.mark.parametrize("form", [{"format": "xls"}, {"layer": "none"}, {"people": "all"}, {"release": "9.9.9"}])
def test_what_cannot_be_asked_for_is_refused(mia: Browser, form: dict[str, str]) -> None:
    assert mia.post(EXPORTS, form).status_code in {404, 422}


def test_a_large_project_offers_to_make_its_files(mia: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    page = "/projects/truce/export"
    assert f'action="{EXPORTS}"' not in mia.get(page).text
    monkeypatch.setattr(datasets, "LARGE", 1)
    assert f'action="{EXPORTS}"' in mia.get(page).text
    assert "/export/download" not in mia.get(page).text


# Imports


def upload(browser: Browser, name: str, content: bytes) -> str:
    form = {"files": [(io.BytesIO(content), name)], "text": ""}
    answer = browser.post("/projects/truce/import", form, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def lines(count: int) -> bytes:
    return b"".join(
        json.dumps({"text": f"Story {n}.\n\nIt was calm.", "external_id": f"x{n}"}).encode() + b"\n"
        for n in range(count)
    )


def stored(app: Flask) -> list[int | None]:
    with app.app_context():
        return [
            db.session.scalar(select(func.count()).select_from(each))
            for each in (Article, ArticleVersion, ArticleBlock)
        ]


def test_a_large_file_comes_in_beside_the_requests(app: Flask, mia: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "LARGE", 1_000)
    before = stored(app)[0] or 0
    place = upload(mia, "wire.jsonl", lines(450))
    page = mia.get(place).text
    assert "only its first articles are shown" in page
    assert len(re.findall('class="import-record"', page)) == imports.FIRST
    begun = mia.post(place)
    assert begun.status_code == 303
    assert "450 articles came in." in ended(mia, begun.headers["Location"])
    assert stored(app)[0] == before + 450
    assert mia.get(place).status_code == 404, "the upload is gone"
    again = mia.post(upload(mia, "wire.jsonl", lines(450))).headers["Location"]
    assert "Nothing new came in." in ended(mia, again)
    bad = mia.post(upload(mia, "bad.jsonl", lines(450) + b'{"text": ""}\n')).headers["Location"]
    assert "Line 451" in ended(mia, bad)
    assert stored(app)[0] == before + 450


def test_a_cancelled_import_leaves_nothing(app: Flask, mia: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "LARGE", 1_000)
    before = stored(app)
    with held(says("articles stored")):
        place = mia.post(upload(mia, "wire.jsonl", lines(450))).headers["Location"]
        wait_until_told(mia, place, "articles stored (")
        assert stored(app) > before
        mia.post(f"{place}/cancel")
        assert "Cancelled" in ended(mia, place)
    assert stored(app) == before
    with app.app_context():
        states = set(db.session.scalars(select(Import.state)))
    assert ImportState.RUNNING not in states


# Annotations


def said_of(desk: Desk, count: int) -> tuple[bytes, dict[str, str]]:
    """A file of another tool with so many new articles, each with a claim; and what is said of it."""
    told = [{"text": f"Story {n}. It was calm.", "label": [[0, 5, "sourced"]]} for n in range(count)]
    content = b"".join(json.dumps(each).encode() + b"\n" for each in told)
    return content, {"become": desk.ids["ada"], "format": "doccano", "word": "sourced", "key": "sourced"}


def confirmed(mia: Browser, desk: Desk, count: int) -> str:
    """Where the import of so many is shown, once it was begun."""
    content, said = said_of(desk, count)
    form = {"file": (io.BytesIO(content), "marks.jsonl"), **said}
    place = mia.post("/projects/truce/import/annotations", form, content_type="multipart/form-data").headers["Location"]
    begun = mia.post(place.partition("?")[0], said)
    assert begun.status_code == 303, begun.text
    return str(begun.headers["Location"])


def test_large_annotations_come_in_beside_the_requests(
    desk: Desk, mia: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(annotation_imports, "LARGE", 1_000)
    before = stored(desk.app)[0] or 0
    place = confirmed(mia, desk, 250)
    assert "Import of marks.jsonl" in mia.get(place).text
    assert "250 claims came in as the work of Ada." in ended(mia, place)
    assert "250 articles and 0 links came with them." in mia.get(place).text
    assert stored(desk.app)[0] == before + 250
    assert "Nothing new came in. 250 claims had been there already." in ended(mia, confirmed(mia, desk, 250))


def test_a_cancelled_import_of_annotations_leaves_nothing(
    desk: Desk, mia: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(annotation_imports, "LARGE", 1_000)
    before = stored(desk.app)
    with held(says("records checked")):
        place = confirmed(mia, desk, 450)
        wait_until_told(mia, place, "records checked (")
        mia.post(f"{place}/cancel")
        assert "Cancelled" in ended(mia, place)
        assert stored(desk.app) == before
        again = mia.post(f"{place}/again").headers["Location"]
        mia.post(f"{again}/cancel")
        assert "Cancelled" in ended(mia, again)
    assert stored(desk.app) == before


def test_a_whole_project_is_known_and_the_way_is_shown(mia: Browser) -> None:
    content = mia.get("/projects/truce/export/all").data
    place = upload(mia, "truce-all.jsonl", content)
    assert "annotator import SLUG FILE" in mia.get(place).text

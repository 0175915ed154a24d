"""Importing by page: nothing before the confirmation, then exactly what was looked at."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from annotator.db import db
from annotator.models import Article, ArticleVersion
from tests.support.people import Browser, OpenBrowser

PATH = "/projects/idlib/import"
TEXT = b"A truce began in Idlib on Sunday.\n\nThe two armies kept to it through the night.\n"


@pytest.fixture
def mia(idlib: str, open_browser: OpenBrowser) -> Browser:
    return open_browser("Mia")


def upload(browser: Browser, *files: tuple[str, bytes], text: str = "") -> Any:
    form = {"files": [(io.BytesIO(content), name) for name, content in files], "text": text}
    return browser.post(PATH, form, content_type="multipart/form-data")


def preview_of(browser: Browser, *files: tuple[str, bytes], text: str = "") -> str:
    answer = upload(browser, *files, text=text)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def stored(app: Flask) -> list[str]:
    with app.app_context():
        query = select(ArticleVersion.text).join(Article, Article.id == ArticleVersion.article_id)
        return list(db.session.scalars(query.order_by(Article.position)))


def left_over(app: Flask) -> list[Path]:
    return sorted((Path(app.instance_path) / "uploads").glob("*"))


def test_what_was_looked_at_comes_in_and_only_on_confirmation(app: Flask, mia: Browser) -> None:
    place = preview_of(mia, ("truce.txt", TEXT))
    page = mia.get(place).text
    assert "A truce began in Idlib on Sunday." in page
    assert "no title: the first sentence stands for it" in page
    assert "Import 1 article" in page
    assert stored(app) == []
    done = mia.post(place)
    assert done.status_code == 200
    assert "1 article came in." in done.text
    assert stored(app) == [TEXT.decode().rstrip("\n")] or stored(app) == [TEXT.decode()]
    assert left_over(app) == []
    assert mia.post(place).status_code == 404, "a second confirmation finds nothing"
    assert len(stored(app)) == 1


def test_a_bad_file_is_named_and_the_good_ones_come_in(app: Flask, mia: Browser) -> None:
    rows = b'{"text": "One line is good."}\n{"text": 7}\nnot json\n'
    place = preview_of(
        mia, ("truce.txt", TEXT), ("photo.txt", b"\x89PNG\r\n\x1a\n\0\0\0"), ("rows.jsonl", rows), ("empty.txt", b"")
    )
    page = mia.get(place).text
    assert "Import 1 article" in page
    for words in ("Line 2", "Line 3"):
        assert words in page
    done = mia.post(place).text
    assert "3 files stayed out" in done
    for name in ("photo.txt", "rows.jsonl", "empty.txt"):
        assert f"<li>{name}:" in done
    assert len(stored(app)) == 1


def test_columns_are_guessed_by_their_names_and_the_others_named(app: Flask, mia: Browser) -> None:
    place = preview_of(mia, ("rows.csv", b"Headline,Body,Mood\nA,A story.,good\n"))
    page = mia.get(place).text
    assert "Import 1 article" in page
    assert "Not read: Mood." in page
    chosen = dict(
        re.findall(r'<input type="hidden" name="(column[^"]*)" value="([^"]*)">', page.partition('method="post"')[2])
    )
    assert chosen == {"columns-0": "1", "column-0-text": "Body", "column-0-title": "Headline"}
    mia.post(place, chosen)
    assert stored(app) == ["A story."]


def test_a_column_can_be_chosen_for_each_field(app: Flask, mia: Browser) -> None:
    place = preview_of(mia, ("rows.csv", b"a,b\nA,A story.\n"))
    page = mia.get(place).text
    assert "There is no such column, and it is needed. The columns found are" in page
    assert "Import 1 article" not in page
    assert "Import 1 article" in mia.get(f"{place}?columns-0=1&column-0-text=b").text
    mia.post(place, {"columns-0": "1", "column-0-text": "b"})
    mia.post(preview_of(mia, ("rows.csv", b"a,b\nA,A story.\n")), {"columns-0": "1", "column-0-text": "b"})
    assert stored(app) == ["A story."]


def test_the_same_bytes_again_add_nothing_and_say_so(app: Flask, mia: Browser) -> None:
    mia.post(preview_of(mia, ("truce.txt", TEXT)))
    place = preview_of(mia, ("other name.txt", TEXT))
    page = mia.get(place).text
    assert "1 article is in the project already" in page
    assert "Import " not in page.partition("form-actions")[2]
    done = mia.post(place).text
    assert "Nothing new came in. 1 article had been there already." in done
    assert len(stored(app)) == 1


def test_two_files_of_the_same_bytes_are_one_article(app: Flask, mia: Browser) -> None:
    mia.post(preview_of(mia, ("a.txt", TEXT), ("b.txt", TEXT)))
    assert len(stored(app)) == 1


def test_a_pasted_text_is_an_article(app: Flask, mia: Browser) -> None:
    mia.post(preview_of(mia, text="A pasted story.\r\n\r\nIt has two paragraphs."))
    (text,) = stored(app)
    assert text.split("\n\n") == ["A pasted story.", "It has two paragraphs."]


def test_the_chosen_encoding_counts_for_preview_and_import(app: Flask, mia: Browser) -> None:
    place = preview_of(mia, ("café.txt", "Перемирие началось в воскресенье.".encode("windows-1251")))
    query = {"encoding-0": "windows-1251"}
    page = mia.get(place, query_string=query).text
    assert "Перемирие началось" in page
    assert '<input type="hidden" name="encoding-0" value="windows-1251">' in page.partition("form-actions")[2]
    mia.post(place, query)
    assert stored(app) == ["Перемирие началось в воскресенье."]


def test_an_encoding_is_offered_for_what_has_one(mia: Browser) -> None:
    files = [
        ("photo.png", b"\x89PNG\r\n\x1a\n\0\0\0"),
        ("broken.pdf", b"%PDF-1.4 nothing"),
        ("broken.docx", b"PK\x03\x04 nothing"),
        ("empty.txt", b""),
        ("truce.txt", TEXT),
        ("utf16.txt", "It was calm. Nobody fired.".encode("utf-16-le")),
        ("rows.csv", b"text\nA story.\n"),
    ]
    page = mia.get(preview_of(mia, *files)).text
    assert re.findall(r'<select[^>]* name="encoding-(\d)"', page) == ["4", "5", "6"]
    assert "corrected later" in page
    assert "corrected later" not in mia.get(preview_of(mia, *files[:4])).text


def test_an_encoding_that_is_not_offered_is_not_taken(mia: Browser) -> None:
    place = preview_of(mia, ("truce.txt", TEXT))
    for name in ("idna", "rot13", "zlib", "../etc/passwd", "x" * 500):
        assert mia.get(place, query_string={"encoding-0": name}).status_code == 200


def test_discarded_files_are_gone(app: Flask, mia: Browser) -> None:
    place = preview_of(mia, ("truce.txt", TEXT))
    assert mia.post(f"{place}/discard").headers["Location"] == PATH
    assert left_over(app) == []
    gone = mia.get(place)
    assert gone.status_code == 404
    assert "they were imported or discarded" in gone.text
    assert stored(app) == []


@pytest.mark.parametrize(("name", "status"), [("Kim", 404), ("Ada", 403), ("Jo", 403), ("Sam", 404)])
def test_another_person_s_upload_is_not_found(
    app: Flask, mia: Browser, open_browser: OpenBrowser, name: str, status: int
) -> None:
    place = preview_of(mia, ("truce.txt", TEXT))
    other = open_browser(name)
    assert other.get(place).status_code == status
    assert other.post(place).status_code == status
    assert other.post(f"{place}/discard").status_code == status
    assert stored(app) == []
    assert mia.post(place).status_code == 200


def test_nothing_chosen_is_refused_with_the_way_out(mia: Browser) -> None:
    answer = upload(mia)
    assert answer.status_code == 422
    assert "Choose at least one file, or paste a text." in answer.text
    assert upload(mia, text="  \n ").status_code == 422


def test_too_many_files_are_refused(app: Flask, mia: Browser) -> None:
    answer = upload(mia, *((f"{number}.txt", b"x") for number in range(201)))
    assert answer.status_code == 422
    assert "201 files are too many" in answer.text
    assert left_over(app) == []


@pytest.mark.parametrize(
    "name", ["../../../evil.txt", "/etc/passwd", "..\\evil.txt", "<script>alert(1)</script>.txt", "a'\"{{7*7}}.txt"]
)
def test_path_like_and_hostile_names_are_harmless(app: Flask, mia: Browser, name: str) -> None:
    place = preview_of(mia, (name, TEXT))
    inside = {path.name for folder in left_over(app) for path in folder.iterdir()}
    assert inside == {"0", "upload.json"}
    for page in (mia.get(place).text, mia.post(place).text):
        assert "<script>alert" not in page
        assert "a&#39;&#34;49" not in page
    with app.app_context():
        assert "/" not in db.session.scalars(select(ArticleVersion.source_file)).one()


def test_a_name_with_nul_is_refused(app: Flask, mia: Browser) -> None:
    assert upload(mia, ("a\0b.txt", TEXT)).status_code in {303, 422}
    for folder in left_over(app):
        assert mia.post(f"{PATH}/{folder.name}").status_code == 200


@pytest.mark.parametrize("rest", ["2222222222222222", "..", "%2e%2e", "..%2f..", "upload.json", "x" * 300])
def test_other_addresses_of_uploads_are_not_found(mia: Browser, rest: str) -> None:
    assert mia.get(f"{PATH}/{rest}").status_code == 404


def test_hostile_text_is_shown_as_text(mia: Browser) -> None:
    text = b"<script>alert(1)</script> said {{ 7*7 }} on Monday."
    page = mia.get(preview_of(mia, ("rows.jsonl", b'{"text": "%s", "title": "<b>x</b>"}' % text))).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; said {{ 7*7 }}" in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page

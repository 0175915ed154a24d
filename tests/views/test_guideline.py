"""The pages of the guideline: reading it, its versions, a preview, and no HTML that was not meant."""

from __future__ import annotations

import pytest
from flask import Flask

from annotator.services import projects
from tests.support.people import OpenBrowser

PATH = "/projects/idlib/guideline"


@pytest.fixture
def mia(idlib: str, open_browser: OpenBrowser):
    return open_browser("Mia")


def versions(app: Flask) -> list[tuple[int, str]]:
    with app.app_context():
        found = projects.guidelines_of(projects.by_slug("idlib"))
        return [(each.version, each.text) for each in found]


def test_each_change_is_a_new_version_and_all_can_be_read(app, mia, open_browser: OpenBrowser) -> None:
    assert "There is no guideline yet" in mia.get(PATH).text
    assert mia.post(f"{PATH}/edit", {"text": "# First\r\n\r\nMark **claims**."}).status_code == 303
    mia.post(f"{PATH}/edit", {"text": "# Second"})
    assert versions(app) == [(2, "# Second"), (1, "# First\n\nMark **claims**.")]
    ada = open_browser("Ada")
    page = ada.get(PATH).text
    assert ">Second</h" in page
    old = ada.get(f"{PATH}?version=1").text
    assert "<strong>claims</strong>" in old
    assert "This is an older version." in old


def test_the_same_text_again_is_no_new_version(app, mia) -> None:
    for _ in range(2):
        mia.post(f"{PATH}/edit", {"text": "# First"})
    assert [number for number, _ in versions(app)] == [1]


def test_a_preview_stores_nothing_and_keeps_what_was_typed(app, mia) -> None:
    answer = mia.post(f"{PATH}/edit", {"text": "Mark **claims** & more", "preview": "1"})
    assert answer.status_code == 200
    assert "<strong>claims</strong>" in answer.text
    assert "Mark **claims** &amp; more</textarea>" in answer.text
    assert versions(app) == []


@pytest.mark.parametrize("text", ["", "   \r\n ", "x" * 100_001])
def test_an_impossible_guideline_is_refused_at_its_field(app, mia, text: str) -> None:
    answer = mia.post(f"{PATH}/edit", {"text": text})
    assert answer.status_code == 422
    assert 'id="text-error"' in answer.text
    assert versions(app) == []


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "![x](https://example.org/x.png)",
        '<p onclick="x()">y</p>',
    ],
)
def test_hostile_markdown_is_harmless(mia, text: str) -> None:
    mia.post(f"{PATH}/edit", {"text": text})
    shown = mia.get(PATH).text.partition('class="prose">')[2].partition("</main>")[0]
    assert shown
    for forbidden in ("<script", 'href="javascript', "<img", "<p onclick"):
        assert forbidden not in shown


@pytest.mark.parametrize("version", ["3", "0", "-1", "one", "9" * 5000])
def test_a_version_that_does_not_exist_is_not_found(mia, version: str) -> None:
    mia.post(f"{PATH}/edit", {"text": "# First"})
    assert mia.get(f"{PATH}?version={version}").status_code in {404, 414}


@pytest.mark.parametrize("preview", [{}, {"preview": "1"}])
def test_a_guideline_that_could_not_be_shown_is_refused_before_it_stands_beside_every_article(
    app, mia, preview: dict[str, str]
) -> None:
    answer = mia.post(f"{PATH}/edit", {"text": "- a\n" * 5_000, **preview})
    assert answer.status_code == 422
    assert "Shorten it." in answer.text
    assert versions(app) == []


@pytest.mark.parametrize("name", ["Ada", "Jo"])
def test_only_managers_write_it(app, idlib: str, open_browser: OpenBrowser, name: str) -> None:
    assert open_browser(name).post(f"{PATH}/edit", {"text": "Mine"}).status_code == 403
    assert versions(app) == []


def test_what_changed_since_the_last_reading_is_shown_until_it_is_read(mia, open_browser: OpenBrowser) -> None:
    mia.post(f"{PATH}/edit", {"text": "Mark claims.\n\nAsk in doubt."})
    ada = open_browser("Ada")
    assert "You have not read this guideline yet." in ada.get(PATH).text
    assert ada.post(f"{PATH}/1/read").status_code == 303
    assert "I have read it" not in ada.get(PATH).text
    mia.post(f"{PATH}/edit", {"text": "Mark all claims.\n\nAsk in doubt."})
    page = ada.get(PATH).text
    assert "It was changed since you read version 1." in page
    assert '<p class="changes-paragraph">Mark<ins> all</ins> claims.</p>' in page
    ada.post(f"{PATH}/2/read")
    assert "<ins>" not in ada.get(PATH).text


def test_any_version_can_be_compared_with_the_one_before(mia) -> None:
    for text in ("Mark claims.", "Mark all claims.", "Mark all claims now."):
        mia.post(f"{PATH}/edit", {"text": text})
    page = mia.get(f"{PATH}?version=2&since=1").text
    assert "<ins> all</ins>" in page
    assert "<ins> now</ins>" not in page
    for since in ("2", "3", "x", "9" * 400, ""):
        assert "<ins>" not in mia.get(f"{PATH}?version=2&since={since}").text


def test_hostile_text_stays_text_in_what_changed(mia) -> None:
    mia.post(f"{PATH}/edit", {"text": "<b>a</b>"})
    mia.post(f"{PATH}/edit", {"text": "<script>alert(1)</script> <b>a</b>"})
    page = mia.get(f"{PATH}?version=2&since=1").text
    assert "&lt;" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize("version", ["0", "2", "-1", "x", "1000001", "9" * 400])
def test_a_reading_of_no_version_is_not_noted(mia, version: str) -> None:
    mia.post(f"{PATH}/edit", {"text": "Mark claims."})
    assert mia.post(f"{PATH}/{version}/read").status_code in {404, 405}


def test_strangers_note_nothing(mia, open_browser: OpenBrowser) -> None:
    mia.post(f"{PATH}/edit", {"text": "Mark claims."})
    assert open_browser("Sam").post(f"{PATH}/1/read").status_code == 404


def test_who_writes_a_version_has_read_it_and_the_others_have_not(mia, open_browser: OpenBrowser) -> None:
    unread = "You have not read this guideline yet."
    mia.post(f"{PATH}/edit", {"text": "# First"})
    assert unread not in mia.get(PATH).text
    assert unread in open_browser("Ada").get(PATH).text

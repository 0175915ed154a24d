"""The pages of a corrected article: versions side by side, a new one, and the claims that wait for their place."""

from __future__ import annotations

import io
import json

import pytest
from flask import Flask

from tests.services.test_versions import MENDED, correct, waiting
from tests.support.desk import STORY, Desk
from tests.support.people import Browser


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def browser(desk: Desk, name: str) -> Browser:
    found = Browser(desk.app, desk.app.test_client())
    found.sign_in(f"{name}@example.org")
    return found


def test_a_manager_pastes_or_uploads_a_version_and_everybody_sees_what_changed(desk: Desk) -> None:
    article = desk.article(title="Truce")
    mia = browser(desk, "mia")
    path = f"/articles/{article}/versions"
    assert "Store as version 2" in mia.get(path).text
    assert "Paste the corrected text" in mia.post(path, {"text": " "}).text
    stored = mia.post(path, {"text": MENDED})
    assert stored.status_code == 303
    page = mia.get(path).text
    assert "<del>three</del>" in page
    assert "<ins>four</ins>" in page
    uploaded = mia.post(path, {"file": (io.BytesIO(STORY.encode()), "story.txt")})
    assert uploaded.status_code == 303
    assert "version 3" in mia.get(f"/articles/{article}").text
    ada = browser(desk, "ada").get(f"{path}?from=1&to=2").text
    assert "<ins>four</ins>" in ada
    assert "Store as version" not in ada
    assert "submitted" not in ada


def test_a_reviewer_says_where_claims_stand(desk: Desk) -> None:
    article = desk.article()
    for exact in ("shelling in three towns", "in three towns", "three towns"):
        desk.mark("ada", article, exact)
    correct(desk, article)
    ada = browser(desk, "ada")
    assert "3 claims of yours wait" in ada.get(f"/articles/{article}").text
    path = f"/articles/{article}/claims-to-place"
    assert ada.get(path).text.count("It stands here") == 3
    first, second, third = waiting(desk, "ada", article)
    assert first.proposal is not None
    start, end = first.proposal
    assert ada.post(f"{path}/{first.annotation.id}", {"start": start, "end": end}).status_code == 303
    refused = ada.post(f"{path}/{second.annotation.id}", {"quote": "not in it"})
    assert (refused.status_code, "The article does not say this" in refused.text) == (422, True)
    assert "stand 2 times" in ada.post(f"{path}/{second.annotation.id}", {"quote": "was"}).text
    assert ada.post(f"{path}/{second.annotation.id}", {"quote": "four towns"}).status_code == 303
    assert ada.post(f"{path}/{third.annotation.id}/drop").status_code == 303
    assert "No claim waits" in ada.get(path).text
    assert desk.stored(second.annotation.id).exact == "four towns"
    assert browser(desk, "ben").post(f"{path}/{first.annotation.id}/drop").status_code == 404


def test_an_old_version_says_so_and_a_manager_asks_to_look_again(desk: Desk) -> None:
    article = desk.article()
    claim = desk.mark("ada", article, "three towns")
    desk.submit("ada", article)
    correct(desk, article)
    ada = browser(desk, "ada")
    assert "Your work is of version 1" in ada.get(f"/articles/{article}").text
    assert "version 1 of 2, corrected since" in ada.get(f"/claims/{claim}").text
    mia = browser(desk, "mia")
    assert "1 review of an earlier version stays there" in mia.get(f"/articles/{article}/versions").text
    assert mia.post(f"/articles/{article}/look-again").status_code == 303
    assert "you read version 2" in ada.get(f"/articles/{article}").text


def test_the_adjudicator_is_told_that_the_article_was_corrected(desk: Desk) -> None:
    article = desk.article()
    for name in ("ada", "ben"):
        desk.mark(name, article, "three towns")
        desk.submit(name, article)
    jo = browser(desk, "jo")
    path = f"/articles/{article}/adjudicate"
    assert "was corrected" not in jo.get(path).text
    correct(desk, article)
    page = jo.get(path).text
    assert "You see version 1, which its reviewers marked" in page
    assert "<ins>four</ins>" in jo.get(f"/articles/{article}/versions?from=1&to=2").text


def test_the_preview_of_an_import_offers_the_next_version(desk: Desk) -> None:
    address = "https://example.org/truce"
    article = desk.article(url=address)
    mia = browser(desk, "mia")

    def upload() -> str:
        content = json.dumps({"text": MENDED, "url": address}).encode()
        return str(
            mia.post("/projects/truce/import", {"files": (io.BytesIO(content), "mended.jsonl")}).headers["Location"]
        )

    where = upload()
    assert "a newer text of" in mia.get(where).text
    assert "Nothing new came in" in mia.post(where, {"update": "no"}).text
    assert "1 article has a next version" in mia.post(upload(), {"update": "yes"}).text
    assert "Version 2" in mia.get(f"/articles/{article}").text

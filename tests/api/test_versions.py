"""Corrected articles by program: POST versions, reading one, and the claims that wait for their place."""

from __future__ import annotations

from tests.support.desk import STORY
from tests.support.program import Office, path_of

MENDED = STORY.replace("three towns", "four towns")


def test_a_corrected_text_is_version_two_and_both_can_be_read(office: Office) -> None:
    article = office.article(title="Truce")
    answer = office.mia.post(f"/articles/{article}/versions", {"text": MENDED})
    assert answer.status_code == 201, answer.text
    told = {name: answer.json[name] for name in ("id", "version", "title", "new", "moved", "staying")}
    assert told == {"id": article, "version": 2, "title": "Truce", "new": True, "moved": 2, "staying": 0}
    assert office.mia.client.get(answer.headers["Location"], headers=office.mia.headers).json["text"] == MENDED
    again = office.mia.post(f"/articles/{article}/versions", {"text": MENDED})
    assert (again.status_code, again.json["new"]) == (200, False)
    assert [office.ada.get(f"/articles/{article}?version={n}").json["text"] for n in (1, 2)] == [STORY, MENDED]
    assert office.ada.get(f"/articles/{article}").json["version"] == 2
    listed = office.ada.get(f"/articles/{article}/versions").json["items"]
    assert [each["version"] for each in listed] == [1, 2]


def test_a_claim_that_waits_is_put_in_its_place_with_a_put_or_dropped(office: Office) -> None:
    article = office.article()
    placed, dropped = (office.ada.mark(article, exact) for exact in ("three towns", "shelling in three"))
    assert office.mia.post(f"/articles/{article}/versions", {"text": MENDED}).status_code == 201
    waiting = {each["id"]: each for each in office.ada.get(f"/articles/{article}/claims-to-place").json["items"]}
    assert office.ben.get(f"/articles/{article}/claims-to-place").json["items"] == []
    first = waiting[str(placed)]
    assert (first["exact"], first["proposed"], first["doubt"]) == ("three towns", "four towns", "changed")
    refused = office.ada.post(f"/articles/{article}/submit", {"confirm": True})
    assert (refused.status_code, refused.json["to_place"]) == (409, 2)
    put = office.ada.put(path_of(article, placed), office.ada.claim(article, "four towns"), version=first["version"])
    assert put.status_code == 200, put.text
    assert office.ada.delete(f"/articles/{article}/claims-to-place/{dropped}").status_code == 204
    assert office.ada.get(f"/articles/{article}/claims-to-place").json["items"] == []
    assert office.ada.post(f"/articles/{article}/submit", {"confirm": True}).status_code == 200


def test_bad_corrections_are_refused(office: Office, refused) -> None:
    article = office.article()
    path = f"/articles/{article}/versions"
    refused(office.mia.post(path, {"text": " \n"}), 422, "text")
    refused(office.mia.post(path, {"text": "x", "published": "2019-13-01"}), 422, "published")
    refused(office.mia.post(path, {"text": "x", "group": "other"}), 422, "group")
    refused(office.ada.post(path, {"text": "x"}), 403)
    refused(office.sam.post(path, {"text": "x"}), 404)
    refused(office.mia.get(f"/articles/{article}?version=2"), 404)
    refused(office.mia.get(f"/articles/{article}?version=0"), 422)

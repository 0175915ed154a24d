"""PUT /api/v1/articles/{id}/annotations/{uuid}"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event

from annotator.models import User
from tests.support.desk import counted_statements
from tests.support.people import open_browser
from tests.support.program import Office, path_of

FULL: dict[str, Any] = {
    "target": "attribution",
    "reason": "authoritative-speaker",
    "origin": "human",
    "speaker": {"name": "Ministry", "kind": "named institution", "mode": "direct", "chain": ["Ministry", "Reuters"]},
    "claim_text": "The ceasefire was complete.",
    "event_start": "2019-06-12",
    "event_end": "2019-06-13",
    "note": "Curly “quotes” and a family 👨‍👩‍👧 stay.",
    "confidence": 0.75,
    "evidence": [
        {"stance": "supports", "kind": "document", "source": "Statement", "quote": "complete ceasefire"},
        {"stance": "refutes", "url": "https://example.org/a?b=1", "published": "2019-06-14"},
    ],
}


def test_a_claim_is_created_and_read_back(office: Office) -> None:
    article = office.article()
    annotation = uuid4()
    claim = office.ada.claim(article, "complete ceasefire", **FULL)
    answer = office.ada.put(path_of(article, annotation), claim)
    assert answer.status_code == 201
    assert answer.headers["ETag"] == '"1"'
    assert answer.headers["Location"] == f"/api/v1/annotations/{annotation}"
    shown = answer.json
    assert shown["id"] == str(annotation)
    assert shown["version"] == 1
    assert shown["speaker"] == {
        "name": "Ministry",
        "kind": "named_institution",
        "mode": "quoted",
        "chain": ["Ministry", "Reuters"],
    }
    for name in ("start", "end", "exact", "label", "reason", "note", "claim_text", "event_start", "confidence"):
        assert shown[name] == claim[name]
    assert [each["stance"] for each in shown["evidence"]] == ["supports", "refutes"]
    assert shown["created_at"].endswith("Z")
    assert datetime.fromisoformat(shown["created_at"]).utcoffset() is not None
    assert office.ada.get(f"/annotations/{annotation}").json == shown


def test_an_equal_save_changes_nothing_whatever_its_if_match(office: Office) -> None:
    article = office.article()
    annotation = office.ada.mark(article, "complete ceasefire", **FULL)
    claim = office.ada.claim(article, "complete ceasefire", **FULL)
    first = office.ada.get(f"/annotations/{annotation}").data
    for version in (None, 1, 2, 17, "*", 'W/"1"', '"abc"', f'"{"9" * 5_000}"', "1"):
        answer = office.ada.put(path_of(article, annotation), claim, version=version)
        assert (answer.status_code, answer.headers["ETag"], answer.data) == (200, '"1"', first)


def test_a_change_needs_the_present_version(office: Office, refused) -> None:
    article = office.article()
    annotation = office.ada.mark(article, "complete ceasefire")
    path = path_of(article, annotation)
    changed = office.ada.claim(article, "ceasefire", note="shorter")
    for missing in (None, "*"):
        refused(office.ada.put(path, changed, version=missing), 428)
    for version in (2, 0, 'W/"1"', '"1.0"', f'"{"9" * 5_000}"'):
        stale = office.ada.put(path, changed, version=version)
        problem = refused(stale, 412)
        assert problem["current"]["version"] == 1
        assert problem["current"]["exact"] == "complete ceasefire"
        assert problem["current"]["reviewer"] == "Ada"
        assert stale.headers["ETag"] == '"1"'
    for version in ('"1", "2"', "one", '"', 'W/"1', "1 2"):
        refused(office.ada.put(path, changed, version=version), 400)
    answer = office.ada.put(path, changed, version=1)
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    assert answer.json["exact"] == "ceasefire"
    assert "Location" not in answer.headers


def test_a_deleted_claim_comes_back_with_the_version_of_its_tombstone(office: Office, refused) -> None:
    article = office.article()
    annotation = office.ada.mark(article, "complete ceasefire")
    claim = office.ada.claim(article, "complete ceasefire")
    gone = office.ada.delete(f"/annotations/{annotation}", version=1)
    assert gone.headers["ETag"] == '"2"'
    refused(office.ada.put(path_of(article, annotation), claim), 428)
    assert refused(office.ada.put(path_of(article, annotation), claim, version=1), 412)["current"]["deleted"] is True
    back = office.ada.put(path_of(article, annotation), claim, version=2)
    assert (back.status_code, back.headers["ETag"], back.json["deleted"]) == (200, '"3"', False)


def test_only_the_reviewer_reaches_the_claim(office: Office, refused) -> None:
    article = office.article()
    annotation = office.ada.mark(article, "complete ceasefire")
    claim = office.ada.claim(article, "complete ceasefire")
    missing = refused(office.ben.put(path_of("a" * 16, uuid4()), claim), 404)
    for program in (office.ben, office.sam):
        assert refused(program.put(path_of(article, annotation), claim), 404) == missing
    for program in (office.jo, office.mia, office.sam):
        assert program.put(path_of(article, uuid4()), claim).status_code in {403, 404}
    refused(office.nobody.put(path_of(article, annotation), claim), 401)
    refused(office.ada.put(f"/articles/{article}/annotations/no-uuid", claim), 404)
    refused(office.ada.put(path_of("A" * 5_000, uuid4()), claim), 404)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("start", "5"),
        ("start", -1),
        ("start", 2**40),
        ("start", 1.5),
        ("start", True),
        ("end", None),
        ("exact", "complete ceasefir"),
        ("exact", "a\x00b"),
        ("label", "no such label"),
        ("label", 3),
        ("target", "somewhere"),
        ("reason", "no-source"),
        ("origin", "machine"),
        ("note", ["a"]),
        ("note", "x" * 20_001),
        ("confidence", 1.5),
        ("confidence", "high"),
        ("event_start", "2019-6-12"),
        ("event_start", "1560297600"),
        ("event_start", "2019-02-30"),
        ("event_start", 20190612),
        ("invented", 1),
        ("id", "20ab3951-15b2-48ea-a8cc-4a0f8ada8ef2"),
    ],
)
def test_a_bad_field_is_named(office: Office, refused, field: str, value: object) -> None:
    article = office.article()
    claim = office.ada.claim(article, "complete ceasefire") | {field: value}
    refused(office.ada.put(path_of(article, uuid4()), claim), 422, field)
    assert office.ada.get(f"/articles/{article}/annotations").json["items"] == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("speaker.name", {"speaker": {"name": " "}}),
        ("speaker.kind", {"speaker": {"name": "X", "kind": "alien"}}),
        ("speaker.chain.1", {"speaker": {"name": "X", "chain": ["a", 3]}}),
        ("speaker.age", {"speaker": {"name": "X", "age": 3}}),
        ("evidence.0.stance", {"evidence": [{"kind": "document"}]}),
        (
            "evidence.1.url",
            {"evidence": [{"stance": "supports"}, {"stance": "supports", "url": "javascript:alert(1)"}]},
        ),
        ("evidence.0.url", {"evidence": [{"stance": "supports", "url": "file:///etc/passwd"}]}),
        (
            "evidence.0.annotation",
            {"evidence": [{"stance": "supports", "annotation": "20ab3951-15b2-48ea-a8cc-4a0f8ada8ef2"}]},
        ),
        ("evidence.0.annotation", {"evidence": [{"stance": "supports", "annotation": "5"}]}),
        ("evidence.0.article", {"evidence": [{"stance": "supports", "article": "a" * 16}]}),
        ("evidence", {"evidence": {}}),
    ],
)
def test_a_bad_field_inside_is_named_by_its_path(office: Office, refused, field: str, value: dict) -> None:
    article = office.article()
    claim = office.ada.claim(article, "complete ceasefire") | value
    refused(office.ada.put(path_of(article, uuid4()), claim), 422, field)


def test_all_problems_come_at_once_in_plain_words(office: Office, refused) -> None:
    article = office.article()
    problem = refused(office.ada.put(path_of(article, uuid4()), {"start": "1", "label": 2, "x": 3}), 422)
    assert {each["field"]: each["message"] for each in problem["errors"]} == {
        "start": "A whole number is needed.",
        "end": "This field is needed.",
        "exact": "This field is needed.",
        "label": "Text in quotes is needed.",
        "x": "There is no field of this name here.",
    }
    assert problem["detail"] == "Field 'start': A whole number is needed. (4 more in 'errors')"


def test_null_means_not_given(office: Office) -> None:
    article = office.article()
    annotation = office.ada.mark(article, "complete ceasefire")
    nothing: dict[str, Any] = dict.fromkeys(FULL)
    same = office.ada.put(path_of(article, annotation), office.ada.claim(article, "complete ceasefire", **nothing))
    assert (same.status_code, same.headers["ETag"]) == (200, '"1"')


def test_a_closed_article_takes_nothing(office: Office, refused) -> None:
    article = office.article()
    annotation = office.ada.mark(article, "complete ceasefire")
    claim = office.ada.claim(article, "complete ceasefire", note="late")
    office.ada.post(f"/articles/{article}/submit", {"confirm": True})
    refused(office.ada.put(path_of(article, annotation), claim, version=1), 409)
    refused(office.ada.put(path_of(article, uuid4()), claim), 409)


def test_other_methods_are_refused(office: Office, refused) -> None:
    article = office.article()
    answer = office.ada.get(path_of(article, uuid4()))
    refused(answer, 405)
    assert "PUT" in answer.headers["Allow"]


def test_a_save_takes_as_many_statements_with_one_claim_as_with_a_thousand(office: Office) -> None:
    text = "word " * 1_100
    article = office.article(text=text)
    # The first use of a token is noted once.
    assert office.ada.get("/me").status_code == 200

    def save(number: int) -> int:
        claim = {"start": number * 5, "end": number * 5 + 4, "exact": "word", "label": "sourced", "note": str(number)}
        with counted_statements(office.app) as statements:
            assert office.ada.put(path_of(article, uuid4()), claim).status_code == 201
        return len(statements)

    save(0)
    with_one = save(1)
    for number in range(2, 1_000):
        save(number)
    assert save(1_000) == with_one <= 10
    with counted_statements(office.app) as statements:
        assert len(office.ada.get(f"/articles/{article}/annotations?limit=1000").json["items"]) == 1_000
    assert len(statements) <= 10


def test_a_span_of_astral_letters_counts_code_points(office: Office) -> None:
    text = "𝒜 claim 👨‍👩‍👧 é \r\n שלום"
    article = office.article(text=text)
    annotation = office.ada.mark(article, "👨‍👩‍👧 é \r\n של")
    shown = json.loads(office.ada.get(f"/annotations/{annotation}").data)
    assert text[shown["start"] : shown["end"]] == shown["exact"]


def test_a_browser_saves_with_its_session_and_csrf_token(office: Office, refused) -> None:
    article = office.article()
    browser = open_browser(office.app).sign_in("ada@example.org")
    path = f"/api/v1{path_of(article, uuid4())}"
    claim = office.ada.claim(article, "complete ceasefire")
    refused(browser.client.put(path, json=claim), 400)
    refused(browser.request("PUT", path, json=claim, headers={"Sec-Fetch-Site": "cross-site"}), 400)
    assert browser.request("PUT", path, json=claim).status_code == 201


def test_a_save_makes_no_object_of_the_person(office: Office) -> None:
    """A tenth of what it costs; the other requests are given one."""
    article = office.article()
    claim = office.ada.claim(article, "complete ceasefire", **FULL)
    made: list[object] = []
    note = lambda user, *_: made.append(user)  # noqa: E731
    for name in ("init", "load"):
        event.listen(User, name, note)
    try:
        assert office.ada.put(path_of(article, uuid4()), claim).status_code == 201
        assert made == []
        assert office.ada.get("/me").status_code == 200
        assert len(made) == 1
    finally:
        for name in ("init", "load"):
            event.remove(User, name, note)

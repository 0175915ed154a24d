"""POST /api/v1/articles/{id}/annotations: many claims at once"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from annotator.services import events
from tests.api.test_put_annotation import FULL
from tests.support.desk import counted_statements
from tests.support.program import Office, path_of

PHRASES = ("complete ceasefire", "one or two", "shelling in three towns", "nobody could say")


def sent(office: Office, article: str, *phrases: str, **fields: Any) -> list[dict[str, Any]]:
    return [{**office.ada.claim(article, phrase, **fields), "id": str(uuid4())} for phrase in phrases or PHRASES]


def stored(office: Office, article: str) -> list[dict[str, Any]]:
    return office.ada.get(f"/articles/{article}/annotations?limit=1000").json["items"]


def post(office: Office, article: str, claims: list[dict[str, Any]]):
    return office.ada.post(f"/articles/{article}/annotations", {"annotations": claims})


def test_they_are_stored_as_single_saves_store_them(office: Office) -> None:
    one, other = office.article(), office.article(group="other")
    claims = sent(office, one, **FULL)
    answer = post(office, one, claims)
    assert answer.status_code == 201, answer.text
    assert [each["id"] for each in answer.json["items"]] == [each["id"] for each in claims]
    for claim in claims:
        body = {name: value for name, value in claim.items() if name != "id"}
        assert office.ada.put(path_of(other, uuid4()), body).status_code == 201

    def plain(article: str) -> list[dict[str, Any]]:
        moving = {"id", "article", "created_at", "updated_at"}
        return [{name: each[name] for name in each.keys() - moving} for each in stored(office, article)]

    assert plain(one) == plain(other)
    assert [each["id"] for each in office.ada.get(f"/articles/{one}/annotations").json["items"]] == [
        each["id"] for each in sorted(answer.json["items"], key=lambda each: each["start"])
    ]
    assert office.ada.get(f"/articles/{one}").json["assignment"]["state"] == "in_progress"
    with office.app.app_context():
        assert list(events.check()) == []


def test_the_same_call_again_changes_nothing(office: Office) -> None:
    article = office.article()
    claims = sent(office, article)
    first = post(office, article, claims)
    again = post(office, article, claims)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json == first.json


def test_a_changed_one_is_replaced_by_its_version_and_a_deleted_one_comes_back(office: Office) -> None:
    article = office.article()
    claims = sent(office, article, *PHRASES[:2], **FULL)
    post(office, article, claims)
    office.ada.delete(f"/annotations/{claims[1]['id']}", version=1)
    claims[0] |= {"note": "Other words.", "evidence": [], "version": 1}
    claims[1] |= {"version": 2}
    answer = post(office, article, [*claims, *sent(office, article, PHRASES[2])])
    assert answer.status_code == 201, answer.text
    assert [each["version"] for each in answer.json["items"]] == [2, 3, 1]
    assert [each["note"] for each in stored(office, article)][:1] == ["Other words."]
    assert [len(each["evidence"]) for each in stored(office, article)] == [0, 2, 0]


def test_all_or_nothing_and_every_error_has_its_place(office: Office, refused: Callable[..., dict]) -> None:
    article = office.article()
    good, short, unknown, outside = sent(office, article)
    short["exact"] = "something else"
    unknown["label"] = "no-such-label"
    outside["end"] = 9_999
    bens = office.ben.mark(article, "complete ceasefire")
    foreign = {**good, "id": str(bens)}
    existing = {**good, "id": str(office.ada.mark(article, "three towns"))}
    problem = refused(post(office, article, [good, short, unknown, outside, foreign, existing]), 422)
    assert [each["field"] for each in problem["errors"]] == [
        "annotations.1.exact",
        "annotations.2.label",
        "annotations.3.end",
        "annotations.4.id",
        "annotations.5.version",
    ]
    assert [each["exact"] for each in stored(office, article)] == ["three towns"]


def test_a_uuid_given_twice_is_refused(office: Office, refused: Callable[..., dict]) -> None:
    article = office.article()
    (claim,) = sent(office, article, PHRASES[0])
    refused(post(office, article, [claim, claim]), 422, "annotations.1.id")


def test_stale_ones_are_given_back_and_nothing_is_stored(office: Office, refused: Callable[..., dict]) -> None:
    article = office.article()
    claims = sent(office, article, *PHRASES[:2])
    post(office, article, claims)
    office.ada.put(
        path_of(article, UUID(claims[0]["id"])), office.ada.claim(article, PHRASES[0], note="newer"), version=1
    )
    claims[0] |= {"note": "older", "version": 1}
    claims[1] |= {"note": "good", "version": 1}
    problem = refused(post(office, article, claims), 412)
    assert [(each["id"], each["version"], each["note"]) for each in problem["current"]] == [
        (claims[0]["id"], 2, "newer")
    ]
    assert [each["note"] for each in stored(office, article)] == ["newer", ""]


def test_evidence_may_name_claims_of_the_same_call(office: Office, refused: Callable[..., dict]) -> None:
    article = office.article()
    one, other = sent(office, article, *PHRASES[:2])
    one["evidence"] = [{"stance": "refutes", "annotation": other["id"]}]
    assert post(office, article, [one, other]).status_code == 201
    assert stored(office, article)[0]["evidence"][0]["annotation"] == other["id"]
    (third,) = sent(office, article, PHRASES[2])
    third["evidence"] = [{"stance": "refutes", "annotation": str(office.ben.mark(article, "three towns"))}]
    refused(post(office, article, [third]), 422, "annotations.0.evidence.0.annotation")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "annotations"),
        ({"annotations": []}, "annotations"),
        ({"annotations": [{"id": str(uuid4())}] * 1_001}, "annotations"),
        ({"annotations": [None]}, "annotations.0"),
        ({"annotations": [{"id": "1", "start": 0, "end": 1, "exact": "B", "label": "sourced"}]}, "annotations.0.id"),
        ({"annotations": [{"id": str(uuid4()), "stop": 3}]}, "annotations.0.stop"),
        ({"annotations": [{"id": str(uuid4()), "version": 0}]}, "annotations.0.version"),
        ({"annotations": [], "more": 1}, "more"),
    ],
)
def test_a_bad_field_is_named(office: Office, refused: Callable[..., dict], body: dict[str, Any], field: str) -> None:
    refused(office.ada.post(f"/articles/{office.article()}/annotations", body), 422, field)


def test_a_closed_review_and_an_article_of_others_are_refused(office: Office, refused: Callable[..., dict]) -> None:
    article = office.article()
    claims = sent(office, article)
    body = {"annotations": claims}
    path = f"/articles/{article}/annotations"
    refused(office.nobody.post(path, body), 401)
    missing = refused(office.sam.post(f"/articles/{'a' * 16}/annotations", body), 404)
    assert refused(office.sam.post(path, body), 404) == missing
    refused(office.jo.post(path, body), 404)
    office.submit(article)
    refused(post(office, article, claims), 409)


def test_in_a_later_round_the_same_rules_hold(app: Flask, refused: Callable[..., dict]) -> None:
    office = Office(app, discussion=True)
    article = office.article()
    first = sent(office, article, PHRASES[0])
    post(office, article, first)
    office.submit(article)
    assert office.jo.post(f"/articles/{article}/reveal").status_code == 200
    assert post(office, article, first).status_code == 200
    more = sent(office, article, PHRASES[1])
    answer = post(office, article, [{**first[0], "note": "seen", "version": 1}, *more])
    assert answer.status_code == 201, answer.text
    assert [each["after_reveal"] for each in answer.json["items"]] == [True, True]
    refused(post(office, article, [{**first[0], "note": "again", "version": 1}]), 412)
    refused(post(office, article, [{**first[0], "label": "none"}]), 422, "annotations.0.version")


def test_statements_do_not_depend_on_how_many(office: Office) -> None:
    counts = []
    for many in (1, 200):
        article = office.article(group=f"{many}")
        (claim,) = sent(office, article, PHRASES[0], **FULL)
        claims = [{**claim, "id": str(uuid4())} for _ in range(many)]
        with counted_statements(office.app) as statements:
            assert post(office, article, claims).status_code == 201
        assert len(stored(office, article)) == many
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 10


def test_one_that_could_not_be_stored_takes_the_others_with_it(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A planted fault after the claims were written: nothing of them stays."""
    article = office.article()

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(events, "record_all", fails)
    assert post(office, article, sent(office, article)).status_code == 500
    assert stored(office, article) == []

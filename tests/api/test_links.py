"""/api/v1/projects/{slug}/links and /api/v1/links/{id}"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from annotator.db import db
from annotator.models import Link, LinkStatus
from tests.support.program import Office

PATH = "/projects/truce/links"


@pytest.fixture
def two(office: Office) -> tuple[str, str]:
    """Two articles."""
    return office.article(), office.article(text="Calm except for one or two separate incidents.")


def pair(program, articles: tuple[str, str]) -> dict[str, str]:
    return {
        "a": str(program.mark(articles[0], "complete ceasefire")),
        "b": str(program.mark(articles[1], "one or two separate incidents")),
    }


def test_a_link_joins_two_claims_of_ones_own(office: Office, two: tuple[str, str]) -> None:
    link = pair(office.ada, two) | {"relation": "qualifies", "aspect": "scope", "note": "2020 limits 2019."}
    answer = office.ada.post(PATH, link)
    assert answer.status_code == 201
    shown = answer.json
    assert {name: shown[name] for name in link} == link
    assert (shown["layer"], shown["status"], shown["author"]) == ("annotations", "confirmed", "Ada")
    assert office.ada.get(PATH).json == {"items": [shown], "next": None}


def test_the_same_link_again_is_the_same(office: Office, two: tuple[str, str]) -> None:
    ends = pair(office.ada, two)
    turned = {"a": ends["b"], "b": ends["a"]}
    first = office.ada.post(PATH, ends | {"relation": "contradicts"})
    for body in (ends | {"relation": "contradicts"}, turned | {"relation": "contradicts"}):
        again = office.ada.post(PATH, body)
        assert (again.status_code, again.data) == (200, first.data)
    directed = office.ada.post(PATH, ends | {"relation": "supersedes"})
    assert office.ada.post(PATH, turned | {"relation": "supersedes"}).status_code == 201
    assert directed.status_code == 201
    assert len(office.ada.get(PATH).json["items"]) == 3


def test_links_are_blind_until_both_articles_open(office: Office, two: tuple[str, str]) -> None:
    link = pair(office.ada, two) | {"relation": "same wire origin"}
    office.ada.post(PATH, link)
    everybody = (office.ben, office.jo, office.mia)
    assert [program.get(PATH).json["items"] for program in everybody] == [[], [], []]
    office.submit(two[0])
    assert [program.get(PATH).json["items"] for program in everybody] == [[], [], []]
    office.submit(two[1])
    assert [len(program.get(PATH).json["items"]) for program in everybody] == [0, 1, 1]


def test_in_an_open_project_ones_own_submits_open_the_links(app: Flask) -> None:
    office = Office(app, blind=False)
    two = (office.article(), office.article(text="Calm except for one or two separate incidents."))
    office.ada.post(PATH, pair(office.ada, two) | {"relation": "qualifies"})
    assert office.ben.get(PATH).json["items"] == []
    for article in two:
        assert office.ben.get(PATH).json["items"] == []
        office.ben.post(f"/articles/{article}/submit", {"confirm": True})
    assert len(office.ben.get(PATH).json["items"]) == 1


def test_only_the_author_deletes_it(office: Office, refused, two: tuple[str, str]) -> None:
    link = office.ada.post(PATH, pair(office.ada, two) | {"relation": "qualifies"}).json["id"]
    missing = refused(office.ben.delete(f"/links/{'a' * 16}"), 404)
    for program in (office.ben, office.jo, office.mia, office.sam):
        assert refused(program.delete(f"/links/{link}"), 404) == missing
    for _ in range(2):
        answer = office.ada.delete(f"/links/{link}")
        assert (answer.status_code, answer.data) == (204, b"")
    assert office.ada.get(PATH).json["items"] == []


def test_a_link_with_somebody_elses_claim_is_refused_as_one_with_none(
    office: Office, refused, two: tuple[str, str]
) -> None:
    mine, theirs = pair(office.ada, two), pair(office.ben, two)
    missing = refused(office.ada.post(PATH, mine | {"b": str(uuid4()), "relation": "qualifies"}), 422, "b")
    assert refused(office.ada.post(PATH, mine | {"b": theirs["b"], "relation": "qualifies"}), 422, "b") == missing
    office.submit(two[0])
    office.submit(two[1])
    for program in (office.jo, office.mia):
        refused(program.post(PATH, mine | {"relation": "qualifies"}), 422, "a")


def test_closed_articles_keep_their_links(office: Office, refused, two: tuple[str, str]) -> None:
    ends = pair(office.ada, two)
    link = office.ada.post(PATH, ends | {"relation": "qualifies"}).json["id"]
    office.ada.post(f"/articles/{two[0]}/submit", {"confirm": True})
    assert office.ada.post(PATH, ends | {"relation": "contradicts"}).status_code == 201
    office.ada.post(f"/articles/{two[1]}/submit", {"confirm": True})
    refused(office.ada.post(PATH, ends | {"relation": "corroborates"}), 409)
    refused(office.ada.delete(f"/links/{link}"), 409)


def test_the_adjudicator_links_gold_claims(office: Office, refused, two: tuple[str, str]) -> None:
    marks = pair(office.ada, two)
    gold = {}
    for article, end in zip(two, ("a", "b"), strict=True):
        office.submit(article)
        decision = {"question": marks[end], "outcome": "accept", "annotation": marks[end], "justification": ""}
        gold[end] = office.jo.post(f"/articles/{article}/decisions", decision).json["gold"]["id"]
    answer = office.jo.post(PATH, gold | {"relation": "qualifies"})
    assert (answer.status_code, answer.json["layer"]) == (201, "gold")
    refused(office.jo.post(PATH, gold | {"b": marks["b"], "relation": "qualifies"}), 422, "b")
    refused(office.ada.post(PATH, gold | {"relation": "qualifies"}), 422, "a")
    assert [each["layer"] for each in office.mia.get(PATH).json["items"]] == ["gold"]
    assert office.ada.get(PATH).json["items"] == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"relation": "near"}, "relation"),
        ({"aspect": "colour"}, "aspect"),
        ({"a": 5}, "a"),
        ({"a": None}, "a"),
        ({"note": "x\x00"}, "note"),
        ({"weight": 1}, "weight"),
    ],
)
def test_a_bad_field_is_named(office: Office, refused, two: tuple[str, str], change: dict, field: str) -> None:
    refused(office.ada.post(PATH, pair(office.ada, two) | {"relation": "qualifies"} | change), 422, field)


def test_a_claim_is_not_linked_to_itself(office: Office, refused, two: tuple[str, str]) -> None:
    ends = pair(office.ada, two)
    refused(office.ada.post(PATH, {"a": ends["a"], "b": ends["a"], "relation": "qualifies"}), 422, "b")


def test_strangers_and_other_methods(office: Office, refused) -> None:
    missing = refused(office.sam.get("/projects/none/links"), 404)
    assert refused(office.sam.get(PATH), 404) == missing
    refused(office.sam.post(PATH, {"a": str(uuid4()), "b": str(uuid4()), "relation": "qualifies"}), 404)
    refused(office.nobody.post(PATH, {}), 401)
    refused(office.ada.get(f"/links/{'a' * 16}"), 405)


TIMES = ("2019-06-12", "2020-01-12")


def dated(office: Office, *dates: str | None, published: tuple[str, str] = TIMES) -> dict[str, str]:
    """Ada's two claims, in articles published on those days, about these dates."""
    words = ("complete ceasefire", "one or two separate incidents")
    texts: tuple[dict[str, str], ...] = ({}, {"text": "Calm except for one or two separate incidents."})
    ends = {}
    for end, exact, facts, day, event in zip("ab", words, texts, published, dates, strict=True):
        article = office.article(**facts, published=date.fromisoformat(day) if day else None)
        ends[end] = str(office.ada.mark(article, exact, **({"event_start": event} if event else {})))
    return ends


def test_a_contradiction_is_about_one_time(office: Office, refused) -> None:
    ends = dated(office, "2019-06-12", None)
    problem = refused(office.ada.post(PATH, ends | {"relation": "contradicts"}), 422, "relation")
    assert "about 12 June 2019" in problem["errors"][0]["message"]
    assert "about 12 January 2020 (when its article was published" in problem["errors"][0]["message"]
    for relation in ("qualifies", "supersedes", "corroborates", "same_wire_origin"):
        assert office.ada.post(PATH, ends | {"relation": relation}).status_code == 201


@pytest.mark.parametrize(
    ("dates", "published"),
    [(("2019-06-12", "2019-06-12"), TIMES), ((None, "2019-06-12"), TIMES), (("2019-06-12", None), ("", ""))],
)
def test_one_time_is_enough_for_a_contradiction(office: Office, dates, published) -> None:
    ends = dated(office, *dates, published=published)
    assert office.ada.post(PATH, ends | {"relation": "contradicts"}).status_code == 201


def test_a_contradiction_stays_when_a_date_is_changed_later_and_is_not_made_anew(office: Office, refused) -> None:
    ends = dated(office, "2019-06-12", "2019-06-12")
    link = office.ada.post(PATH, ends | {"relation": "contradicts"}).json
    claim = office.ada.get(f"/annotations/{ends['b']}")
    fields = {name: claim.json[name] for name in ("start", "end", "exact", "label")}
    article = claim.json["article"]
    office.ada.put(f"/articles/{article}/annotations/{ends['b']}", fields | {"event_start": "2020-01-12"}, version=1)
    assert office.ada.get(PATH).json["items"] == [link]
    assert office.ada.post(PATH, ends | {"relation": "contradicts"}).status_code == 200
    assert office.ada.call("PATCH", f"/links/{link['id']}", {"note": "Still."}).status_code == 200
    refused(office.ada.post(PATH, ends | {"relation": "contradicts", "aspect": "fact"}), 422, "relation")


def test_a_link_can_be_changed_and_turned_by_its_author(office: Office, refused) -> None:
    ends = dated(office, "2019-06-12", None)
    link: dict[str, Any] = (
        office.ada.post(PATH, ends | {"relation": "qualifies", "aspect": "scope", "note": "So."}).json or {}
    )
    path = f"/links/{link['id']}"
    turned = {"a": ends["b"], "b": ends["a"], "relation": "supersedes"}
    for _ in range(2):
        changed = office.ada.call("PATCH", path, {"a": ends["b"], "relation": "supersedes", "aspect": None})
        assert (changed.status_code, changed.json) == (200, link | turned | {"aspect": None})
    refused(office.ada.call("PATCH", path, {"relation": "contradicts"}), 422, "relation")
    refused(office.ada.call("PATCH", path, {"a": str(uuid4())}), 422, "a")
    refused(office.ada.call("PATCH", path, {"status": "suggested"}), 422, "status")
    for program in (office.ben, office.jo, office.mia, office.sam):
        refused(program.call("PATCH", path, {"note": "Mine."}), 404)
    office.ada.post(PATH, ends | {"relation": "qualifies", "note": "So."})
    refused(office.ada.call("PATCH", path, {"a": ends["a"], "relation": "qualifies"}), 409)
    office.ada.delete(path)
    refused(office.ada.call("PATCH", path, {"note": "Again."}), 404)


def test_only_a_person_confirms_a_suggested_link(office: Office) -> None:
    link = office.ada.post(PATH, dated(office, None, None) | {"relation": "qualifies"}).json

    def suggest() -> None:
        db.session.get_one(Link, link["id"]).status = LinkStatus.SUGGESTED

    office.desk.write(suggest)
    assert office.ada.get(PATH).json["items"][0]["status"] == "suggested"
    assert office.ada.call("PATCH", f"/links/{link['id']}", {"status": "confirmed"}).json == link


def test_a_link_inside_one_article(office: Office) -> None:
    article = office.article()
    ends = {"a": str(office.ada.mark(article, "complete ceasefire")), "b": str(office.ada.mark(article, "shelling"))}
    assert office.ada.post(PATH, ends | {"relation": "contradicts"}).status_code == 201

"""/api/v1/me and /api/v1/projects"""

from __future__ import annotations

import pytest
from flask import Flask

from tests.support.program import Office, Program


def test_me_says_who_the_token_is(office: Office, refused) -> None:
    shown = office.ada.get("/me").json
    assert (shown["email"], shown["name"], shown["is_admin"]) == ("ada@example.org", "Ada", False)
    assert shown["token"] == {
        "name": "a program",
        "scope": "read export write manage",
        "expires_at": None,
        "project": None,
    }
    refused(office.nobody.get("/me"), 401)


def test_a_wrong_token_is_refused(app: Flask, office: Office, refused) -> None:
    office.nobody.headers["Authorization"] = "Bearer wrong"
    answer = office.nobody.get("/me")
    refused(answer, 401)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    refused(office.nobody.post("/projects", {"slug": "a", "name": "A"}), 401)


def test_a_reading_token_changes_nothing(app: Flask, office: Office, refused) -> None:
    reader = Program(app, office.desk.ids["mia"], scope="read")
    assert reader.get("/projects/truce").status_code == 200
    refused(reader.call("PATCH", "/projects/truce", {"name": "X"}), 403)


def test_whoever_makes_a_project_manages_it(office: Office) -> None:
    answer = office.sam.post("/projects", {"slug": "idlib-2020", "name": "Idlib", "reviewers": 3, "blind": False})
    assert answer.status_code == 201
    assert answer.headers["Location"] == "/api/v1/projects/idlib-2020"
    shown = office.sam.get("/projects/idlib-2020").json
    assert shown == answer.json
    assert shown["roles"] == ["manager"]
    assert (shown["reviewers"], shown["blind"], shown["evidence"]) == (3, False, "warn")
    assert (shown["snap_to_words"], shown["suggestions"]) == (True, False)
    assert [label["key"] for label in shown["labels"]] == ["sourced", "disputed", "unverified"]
    assert office.ada.get("/projects/idlib-2020").status_code == 404


def test_one_sees_ones_own_projects(office: Office) -> None:
    for n in range(3):
        office.mia.post("/projects", {"slug": f"p{n}", "name": f"P{n}"})
    assert [each["slug"] for each in office.mia.get("/projects").json["items"]] == ["p0", "p1", "p2", "truce"]
    assert [each["slug"] for each in office.ada.get("/projects").json["items"]] == ["truce"]
    assert office.sam.get("/projects").json == {"items": [], "next": None}
    first = office.mia.get("/projects?limit=3").json
    assert [each["slug"] for each in office.mia.get(f"/projects?cursor={first['next']}").json["items"]] == ["truce"]


def test_the_manager_changes_settings(office: Office, refused) -> None:
    changes = {"name": "Truces", "description": "Two stories.", "reviewers": 1, "blind": False, "evidence": "required"}
    changes |= {"snap_to_words": False, "suggestions": True}
    shown = office.mia.call("PATCH", "/projects/truce", changes).json
    assert {name: shown[name] for name in changes} == changes
    assert office.mia.call("PATCH", "/projects/truce", {"name": "Again"}).json["description"] == "Two stories."
    assert office.mia.call("PATCH", "/projects/truce", {}).json["name"] == "Again"
    for program in (office.ada, office.jo):
        refused(program.call("PATCH", "/projects/truce", changes), 403)
    missing = refused(office.sam.get("/projects/none"), 404)
    assert refused(office.sam.call("PATCH", "/projects/truce", changes), 404) == missing
    assert refused(office.sam.get("/projects/truce"), 404) == missing


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"slug": "Bad Slug", "name": "A"}, "slug"),
        ({"slug": "a\n", "name": "A"}, "slug"),
        ({"slug": "-a", "name": "A"}, "slug"),
        ({"slug": "a" * 65, "name": "A"}, "slug"),
        ({"slug": "a"}, "name"),
        ({"slug": "a", "name": " "}, "name"),
        ({"slug": "a", "name": "x" * 300}, "name"),
        ({"slug": "a", "name": "A", "reviewers": 0}, "reviewers"),
        ({"slug": "a", "name": "A", "reviewers": 21}, "reviewers"),
        ({"slug": "a", "name": "A", "reviewers": 10**30}, "reviewers"),
        ({"slug": "a", "name": "A", "blind": 1}, "blind"),
        ({"slug": "a", "name": "A", "evidence": "maybe"}, "evidence"),
        ({"slug": "a", "name": "A", "owner": "me"}, "owner"),
    ],
)
def test_a_bad_field_is_named(office: Office, refused, body: dict, field: str) -> None:
    refused(office.sam.post("/projects", body), 422, field)
    if field != "slug" and "slug" in body and "name" in body:
        changes = {name: value for name, value in body.items() if name != "slug"}
        refused(office.mia.call("PATCH", "/projects/truce", changes), 422, field)


def test_a_slug_is_taken_once(office: Office, refused) -> None:
    refused(office.sam.post("/projects", {"slug": "truce", "name": "Another"}), 409)


def test_other_methods_are_refused(office: Office, refused) -> None:
    refused(office.mia.delete("/projects"), 405)
    refused(office.mia.delete("/projects/truce"), 405)
    refused(office.mia.post("/me", {}), 405)
    refused(office.mia.get("/nowhere"), 404)
    refused(office.nobody.get("/nowhere"), 404)

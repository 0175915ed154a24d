"""What a token is good for: every operation of the API needs one scope, and a token without it is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from annotator.api.routes import OPERATIONS
from annotator.db import db, now, transaction
from annotator.domain.scopes import SCOPES, Scope
from annotator.models import ApiToken, User
from annotator.permissions import SCOPE_OF
from annotator.services import people
from tests.support.program import Office, Program

PROBES = {
    Scope.READ: ("GET", "/projects/truce", None),
    Scope.EXPORT: ("GET", "/projects/truce/export?layer=articles&format=csv", None),
    Scope.WRITE: ("POST", "/projects/truce/articles", {"text": "A story."}),
    Scope.MANAGE: ("PATCH", "/projects/truce", {"name": "Truce"}),
}


def test_the_tables_speak_of_what_there_is() -> None:
    assert set(SCOPES) == set(Scope) == set(PROBES)
    names = {operation.endpoint.rpartition(".")[2] for operation in OPERATIONS}
    assert set(SCOPE_OF) <= names
    for operation in OPERATIONS:
        assert (operation.scope in {Scope.READ, Scope.EXPORT}) is (operation.method == "GET"), operation


@pytest.mark.parametrize("held", Scope)
def test_a_token_is_good_for_its_scopes_alone(office: Office, refused: Callable[..., dict], held: Scope) -> None:
    program = Program(office.app, office.desk.ids["mia"], scope=held)
    for needed, (method, path, body) in PROBES.items():
        answer = program.call(method, path, body)
        if needed is held:
            assert answer.status_code < 300, answer.text
            continue
        problem = refused(answer, 403)
        assert problem["type"] == "/api/problems/scope-missing"
        assert f'scope="{needed}"' in answer.headers["WWW-Authenticate"]


def test_every_operation_refuses_a_token_without_its_scope(office: Office, refused: Callable[..., dict]) -> None:
    article = office.article()
    known = {"article_id": article, "slug": "truce", "annotation_id": str(uuid4()), "question": str(uuid4())}
    for lacking in Scope:
        held = " ".join(scope for scope in Scope if scope is not lacking)
        program = Program(office.app, office.desk.ids["mia"], scope=held)
        for operation in OPERATIONS:
            path = operation.rule.removeprefix("/api/v1")
            for part in [part for part in path.split("/") if part.startswith("<")]:
                name = part.strip("<>").rpartition(":")[2]
                path = path.replace(part, known.get(name, "1.0.0" if name == "version" else "a" * 16))
            answer = program.call(operation.method, path, {} if operation.takes.bodies else None)
            missing = answer.is_json and answer.json and answer.json.get("type") == "/api/problems/scope-missing"
            assert bool(missing) is (operation.scope is lacking), (operation.endpoint, answer.text)


def test_no_scope_allows_what_its_person_may_not_do(office: Office, refused: Callable[..., dict]) -> None:
    everything = Program(office.app, office.desk.ids["ada"])
    refused(everything.call("PATCH", "/projects/truce", {"name": "Mine"}), 403)
    refused(everything.get("/projects/truce/export?layer=gold&format=csv"), 403)


def test_a_token_expires(office: Office, refused: Callable[..., dict]) -> None:
    assert office.ada.get("/me").status_code == 200
    with office.app.app_context(), transaction():
        for token in db.session.scalars(db.select(ApiToken)):
            token.expires_at = now() - timedelta(seconds=1)
    refused(office.ada.get("/me"), 401)


def test_disabling_its_person_ends_a_token_for_good(office: Office, refused: Callable[..., dict]) -> None:
    for change in (people.disable, people.enable):
        with office.app.app_context(), transaction():
            change(db.session.get_one(User, office.desk.ids["ada"]))
        refused(office.ada.get("/me"), 401)
    assert office.ben.get("/me").status_code == 200


def test_me_tells_the_scopes(office: Office) -> None:
    program = Program(office.app, office.desk.ids["ada"], scope="read export")
    assert program.get("/me").json["token"] == {
        "name": "a program",
        "scope": "read export",
        "expires_at": None,
        "project": None,
    }

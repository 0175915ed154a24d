"""Tokens of one project: nothing of any other is found with them, whatever is asked."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest

from annotator.api.routes import OPERATIONS
from annotator.db import transaction
from annotator.domain.scopes import Scope
from annotator.errors import Invalid
from annotator.models import Role
from annotator.services import projects, token_limits, tokens
from tests.support.program import Office, Program


@pytest.fixture
def limited(office: Office) -> Program:
    """Mia's program for a project 'other', of which she is manager too; `truce` is the project of the office."""

    def add() -> str:
        mia = office.desk.user("mia")
        other = projects.create("other", "Other", user=mia)
        projects.add_member(other, mia, Role.ADJUDICATOR)
        return tokens.add(mia, "a limited program", project="other")

    program = Program(office.app)
    program.headers["Authorization"] = f"Bearer {office.desk.write(add)}"
    return program


def test_every_operation_is_about_a_project_or_is_in_the_table() -> None:
    for operation in OPERATIONS:
        parts = [part.strip("<>").rpartition(":")[2] for part in operation.rule.split("/") if part.startswith("<")]
        if parts:
            assert parts[0] in token_limits.PROJECT_OF, operation
    without = {operation.endpoint.rpartition(".")[2] for operation in OPERATIONS if "<" not in operation.rule}
    assert without - token_limits.OPEN == {"create_project"}


def test_no_operation_finds_anything_of_another_project(
    office: Office, limited: Program, refused: Callable[..., dict], monkeypatch: pytest.MonkeyPatch
) -> None:
    article = office.article()
    claim = office.ada.mark(article, "complete ceasefire")
    office.submit(article)
    body = {"question": str(claim), "outcome": "accept", "annotation": str(claim), "justification": "So."}
    decision = office.jo.post(f"/articles/{article}/decisions", body).json["id"]
    known = {"article_id": article, "slug": "truce", "annotation_id": str(claim), "decision_id": decision}
    for operation in OPERATIONS:
        path = operation.rule.removeprefix("/api/v1")
        for part in [part for part in path.split("/") if part.startswith("<")]:
            name = part.strip("<>").rpartition(":")[2]
            spare = str(uuid4()) if name == "question" else "1.0.0" if name == "version" else "a" * 16
            path = path.replace(part, known.get(name, spare))
        answer = limited.call(operation.method, path, {} if operation.takes.bodies else None)
        if "<" in operation.rule:
            refused(answer, 404)
    # The planted fault: without the limit the very same is found.
    monkeypatch.setattr(token_limits, "require_inside", lambda *_: None)
    assert limited.get(f"/articles/{article}").status_code == 200


def test_it_does_all_of_its_person_in_its_own_project(
    office: Office, limited: Program, refused: Callable[..., dict]
) -> None:
    assert limited.get("/me").json["token"]["project"] == "other"
    assert [each["slug"] for each in limited.get("/projects").json["items"]] == ["other"]
    assert [each["slug"] for each in office.mia.get("/projects").json["items"]] == ["other", "truce"]
    assert limited.get("/rounds").json["items"] == []
    made = limited.post("/projects/other/articles", {"text": "A story."})
    assert made.status_code == 201
    assert limited.get(f"/articles/{made.json['id']}").status_code == 200
    refused(limited.post("/projects", {"slug": "third", "name": "Third"}), 403)


def test_only_a_project_of_its_person_can_be_chosen(office: Office) -> None:
    for slug in ("truce", "missing"):
        with office.app.app_context(), pytest.raises(Invalid) as refusal, transaction():
            tokens.add(office.desk.user("sam"), "x", project=slug, scopes=tuple(Scope))
        assert refusal.value.problems[0].field == "project"

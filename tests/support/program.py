"""A program that calls the API with the token of one of the people."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from werkzeug.test import TestResponse

from annotator.db import db, transaction
from annotator.domain.scopes import Scope
from annotator.models import User
from annotator.services import tokens
from tests.support.desk import Desk


class Program:
    """Speaks to /api/v1 as one person; without a name it shows no token."""

    def __init__(self, app: Flask, user_id: str = "", *, scope: str = "") -> None:
        self.client = app.test_client()
        self.headers: dict[str, str] = {}
        if user_id:
            with app.app_context(), transaction():
                token = tokens.add(db.session.get_one(User, user_id), "a program", scopes=scope.split() or tuple(Scope))
            self.headers["Authorization"] = f"Bearer {token}"

    def call(self, method: str, path: str, body: Any = None, *, version: int | str | None = None) -> TestResponse:
        """Send `body` as JSON (bytes as they are), with If-Match if there is a version."""
        headers = dict(self.headers)
        if version is not None:
            headers["If-Match"] = f'"{version}"' if isinstance(version, int) else version
        content = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        kind = "application/json" if content is not None else None
        return self.client.open(f"/api/v1{path}", method=method, data=content, content_type=kind, headers=headers)

    def get(self, path: str) -> TestResponse:
        return self.call("GET", path)

    def post(self, path: str, body: Any = None) -> TestResponse:
        return self.call("POST", path, body)

    def put(self, path: str, body: Any, *, version: int | str | None = None) -> TestResponse:
        return self.call("PUT", path, body, version=version)

    def delete(self, path: str, *, version: int | str | None = None) -> TestResponse:
        return self.call("DELETE", path, version=version)

    def mark(self, article_id: str, exact: str, label: str = "sourced", **fields: Any) -> UUID:
        """Save a claim over the first occurrence of `exact`; its UUID."""
        annotation_id = uuid4()
        answer = self.put(path_of(article_id, annotation_id), self.claim(article_id, exact, label, **fields))
        assert answer.status_code == 201, answer.text
        return annotation_id

    def claim(self, article_id: str, exact: str, label: str = "sourced", **fields: Any) -> dict[str, Any]:
        """What a PUT takes for the first occurrence of `exact`."""
        start = self.get(f"/articles/{article_id}").json["text"].index(exact)
        return {"start": start, "end": start + len(exact), "exact": exact, "label": label, **fields}


def path_of(article_id: str, annotation_id: UUID) -> str:
    """Where a claim is saved."""
    return f"/articles/{article_id}/annotations/{annotation_id}"


class Office:
    """A desk whose people have programs: office.ada, office.ben, office.jo, office.mia, office.sam."""

    def __init__(self, app: Flask, **settings: Any) -> None:
        self.app = app
        self.desk = Desk(app, **settings)
        self.ada, self.ben, self.jo, self.mia, self.sam = (
            Program(app, self.desk.ids[name]) for name in ("ada", "ben", "jo", "mia", "sam")
        )
        self.nobody = Program(app)

    def article(self, **facts: Any) -> str:
        """A new article that Ada and Ben review; its id."""
        return self.desk.article(**facts)

    def submit(self, article_id: str) -> None:
        """Both reviewers submit."""
        for program in (self.ada, self.ben):
            assert program.post(f"/articles/{article_id}/submit", {"confirm": True}).status_code == 200

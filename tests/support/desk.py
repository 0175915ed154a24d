"""A desk for tests of the services: one project, its people and its articles, each call in a transaction of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import event

from annotator.db import db, transaction
from annotator.domain.claims import Claim
from annotator.domain.text import plain_blocks
from annotator.formats.records import ArticleRecord
from annotator.models import Annotation, Project, Role, User
from annotator.services import annotations as claims_service
from annotator.services import articles, dealing, projects, submission

Result = TypeVar("Result")

STORY = (
    "Both governments announced a complete ceasefire on Sunday.\n\n"
    'The ministry said it was calm "except for one or two separate incidents."\n\n'
    "Residents reported shelling in three towns, and nobody could say who had fired."
)


class Desk:
    """Ada and Ben review, Jo adjudicates, Mia manages, Sam is a stranger."""

    def __init__(self, app: Flask, **settings: Any) -> None:
        self.app = app
        self.slug = "truce"
        self.ids: dict[str, str] = {}
        with app.app_context(), transaction():
            project = projects.create(self.slug, "Truce", **settings)
            for name, role in (
                ("ada", Role.REVIEWER),
                ("ben", Role.REVIEWER),
                ("jo", Role.ADJUDICATOR),
                ("mia", Role.MANAGER),
                ("sam", None),
            ):
                user = User(email=f"{name}@example.org", name=name.title())
                db.session.add(user)
                db.session.flush()
                self.ids[name] = user.id
                if role is not None:
                    projects.add_member(project, user, role)

    def user(self, name: str) -> User:
        """The person, in the current application context."""
        return db.session.get_one(User, self.ids[name])

    def project(self) -> Project:
        """The project, in the current application context."""
        return projects.by_slug(self.slug)

    def write(self, work: Callable[[], Result]) -> Result:
        """Run `work` in an application context and a transaction of its own."""
        with self.app.app_context(), transaction():
            return work()

    def article(self, text: str = STORY, *, assign: bool = True, **facts: Any) -> str:
        """A new article, assigned to Ada and Ben; its id."""
        source_hash = hashlib.sha256(f"{text}{facts}".encode()).hexdigest()
        record = ArticleRecord(**{"text": text, "blocks": plain_blocks(text), "source_hash": source_hash, **facts})

        def add() -> str:
            added = articles.add(self.project(), [record])
            if assign:
                dealing.assign(self.project())
            return added[0].article_id

        return self.write(add)

    def mark(self, name: str, article_id: str, exact: str, label: str = "sourced", **fields: Any) -> UUID:
        """A claim by a person over the first occurrence of `exact`; its UUID."""
        claim = self.claim(article_id, exact, label, **fields)
        annotation_id = uuid4()
        self.write(lambda: claims_service.put(self.user(name), article_id, annotation_id, claim, if_version=None))
        return annotation_id

    def claim(self, article_id: str, exact: str, label: str = "sourced", **fields: Any) -> Claim:
        """A claim over the first occurrence of `exact`."""
        with self.app.app_context():
            text = articles.get_for(self.user("mia"), article_id).version.text
        start = text.index(exact)
        return Claim(start, start + len(exact), exact, label, **fields)

    def submit(self, name: str, article_id: str) -> None:
        """The person submits the article, in spite of warnings."""
        self.write(lambda: submission.submit(self.user(name), article_id, confirm=True))

    def stored(self, annotation_id: UUID) -> Annotation:
        """The annotation as the database holds it, in a context of its own."""
        with self.app.app_context():
            return db.session.get_one(Annotation, annotation_id)


@contextmanager
def counted_statements(app: Flask) -> Iterator[list[str]]:
    """The SQL statements that run inside, less BEGIN, COMMIT and the like."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.split(None, 1)[0].upper() in {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"}:
            statements.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)

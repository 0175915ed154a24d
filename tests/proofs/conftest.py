"""What the proofs under load share: a desk on this test's database, and an installation that serves the same one."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from annotator.db import db, transaction
from annotator.models import User
from annotator.services import tokens
from tests.support.desk import STORY, Desk
from tests.support.installation import Installation
from tests.support.servers import installation_on
from tests.support.writers import Writer

MakeWriters = Callable[..., list[Writer]]


@pytest.fixture
def desk(app: Flask) -> Desk:
    """Ada and Ben review, Jo adjudicates, Mia manages."""
    return Desk(app)


@pytest.fixture
def installation(database_url: str, tmp_path: Path) -> Installation:
    """The program as people run it, on this test's database."""
    return installation_on(database_url, tmp_path / "served", Path(sys.executable).with_name("annotator"))


@pytest.fixture
def token_of(app: Flask, desk: Desk) -> Callable[[str], str]:
    """A new API token of a person: token_of("ada")."""

    def add(name: str) -> str:
        with app.app_context(), transaction():
            return tokens.add(db.session.get_one(User, desk.ids[name]), "proof")

    return add


@pytest.fixture
def make_writers(token_of: Callable[[str], str]) -> MakeWriters:
    """Writers on one article, in turn Ada and Ben, each with a token of their own."""
    exact = "complete ceasefire"

    def make(article_id: str, count: int) -> list[Writer]:
        names = ["ada" if number % 2 else "ben" for number in range(count)]
        return [
            Writer(f"{name}-{number}", token_of(name), article_id, exact, STORY.index(exact))
            for number, name in enumerate(names)
        ]

    return make

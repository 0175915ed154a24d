"""Every planted damage is found, and an undamaged database has no findings."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import closing
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import text

from annotator.db import db, transaction
from annotator.domain.claims import Evidence, Stance
from annotator.services import annotations as claims_service
from annotator.services import checks
from tests.support.desk import Desk


@pytest.fixture
def desk(app: Flask) -> Desk:
    """Two articles; Ada's claim was changed once, Ben's was deleted."""
    desk = Desk(app)
    article = desk.article()
    desk.article("Another article.")
    claim = desk.mark("ada", article, "complete ceasefire")
    radio = (Evidence(Stance.SUPPORTS, source="Radio"),)
    changed = desk.claim(article, "complete ceasefire", "disputed", confidence=1, note="é", evidence=radio)
    desk.write(lambda: claims_service.put(desk.user("ada"), article, claim, changed, if_version=1))
    gone = desk.mark("ben", article, "three towns")
    desk.write(lambda: claims_service.delete(desk.user("ben"), gone, if_version=1))
    return desk


def found(desk: Desk) -> list[str]:
    with desk.app.app_context():
        return [str(finding) for finding in checks.findings()]


def damage(desk: Desk, *statements: str) -> None:
    """Change the database as somebody who owns it can: without triggers, and not enforcing foreign keys."""
    with desk.app.app_context(), closing(db.engine.raw_connection()) as connection:
        sqlite = db.engine.dialect.name == "sqlite"
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys = OFF" if sqlite else "SET session_replication_role = replica")
        if sqlite:
            for (name,) in cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            assert cursor.execute(statement).rowcount > 0
        cursor.execute("PRAGMA foreign_keys = ON" if sqlite else "SET session_replication_role = DEFAULT")
        connection.commit()


def test_an_undamaged_database_has_no_findings(desk: Desk) -> None:
    assert found(desk) == []


def test_checking_writes_nothing(desk: Desk) -> None:
    with desk.app.app_context():
        before = db.session.scalar(text("SELECT count(*) FROM event"))
        list(checks.findings())
        assert not db.session.dirty
        assert not db.session.new
        assert db.session.scalar(text("SELECT count(*) FROM event")) == before


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("UPDATE article_version SET text = text || '.'", "does not match its SHA-256"),
        ("UPDATE article_version SET text = 'x' || substr(text, 2)", "does not match its SHA-256"),
        ("UPDATE article_version SET length = length + 1", "characters, not"),
        ("UPDATE article_block SET \"end\" = \"end\" + 1000", "does not follow"),
        ("UPDATE annotation SET start = start + 1", "the quote is not what the text says"),
        ("UPDATE annotation SET exact = 'Complete ceasefire'", "the quote is not what the text says"),
        ("UPDATE annotation SET note = 'e'", "not what was saved last"),
        ("UPDATE annotation SET confidence = 0.5", "not what was saved last"),
        ("UPDATE annotation SET version = version + 1", "was saved last"),
        ("UPDATE annotation SET deleted_at = NULL", "it was deleted, and is there"),
        ("UPDATE annotation SET deleted_at = updated_at", "it was not deleted, and is marked so"),
        ("UPDATE evidence SET source = 'Television'", "not what was saved last"),
        ("DELETE FROM annotation", "is not there any more"),
        ("DELETE FROM event WHERE action = 'annotation.create'", "is missing"),
        ("UPDATE event SET payload = '{}' WHERE action = 'annotation.create'", "does not match its hash"),
        ("UPDATE event SET payload = 'no JSON' WHERE action = 'annotation.change'", "does not match its hash"),
    ],
)  # fmt: skip
def test_damage_is_found(desk: Desk, statement: str, sentence: str) -> None:
    damage(desk, statement)
    assert any(sentence in finding for finding in found(desk)), found(desk)


def test_a_label_that_was_changed_behind_the_tool_is_found(desk: Desk) -> None:
    damage(desk, "UPDATE annotation SET label_id = (SELECT id FROM label WHERE key = 'unverified')")
    assert len(found(desk)) == 2


def test_a_text_that_was_exchanged_with_its_hash_is_found(desk: Desk) -> None:
    sha = "9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab"
    damage(desk, f"UPDATE article_version SET text = 'y', length = 1, sha256 = '{sha}'")
    assert any("recorded at import" in finding for finding in found(desk))


def test_random_changes_of_claims_are_all_found(desk: Desk, rounds: Callable[[int, int], int]) -> None:
    """Each is undone before the next, so that one cannot hide behind another."""
    generator = random.Random(3)
    columns = ("note", "claim_text", "speaker", "reason", "exact")
    for n in range(rounds(20, 1_000)):
        column = generator.choice(columns)
        with desk.app.app_context():
            claim, before = db.session.execute(text(f"SELECT id, {column} FROM annotation")).first()  # type: ignore[misc]
        change(desk, column, claim, f"{before}{n}")
        assert found(desk), column
        change(desk, column, claim, before)
    assert found(desk) == []


def change(desk: Desk, column: str, claim: UUID | str, value: str) -> None:
    with desk.app.app_context(), transaction():
        db.session.execute(
            text(f"UPDATE annotation SET {column} = :value WHERE id = :id"), {"value": value, "id": claim}
        )

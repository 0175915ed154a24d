"""Search: who finds what, whatever they ask for; and an index that says when it is not what the texts are."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text

from annotator.db import db
from annotator.domain.search_words import LONGEST
from annotator.services import checks, projects, search
from annotator.services.search import Found
from tests.support.desk import Desk, counted_statements

CAFE = "A truce began in Idlib.\n\nThe café’s “calm” held, U.S. troops said."
CHINESE = "停火协议在周日生效。\n\n東京は静かだった。"


@pytest.fixture
def desk(app: Flask) -> Desk:
    """Two articles that are assigned to Ada and Ben, and one that is assigned to nobody."""
    desk = Desk(app)
    desk.article(CAFE, title="Calm")
    desk.article(CHINESE, title="Elsewhere")
    desk.article("A truce that nobody reads.", assign=False, title="Unassigned")
    return desk


def found(desk: Desk, query: str, name: str = "mia") -> list[Found]:
    with desk.app.app_context():
        user = desk.user(name)
        return search.blocks(user, projects.access_to(user, desk.project().id), query)


def places(desk: Desk, query: str, name: str = "mia") -> list[tuple[str, int]]:
    return sorted((block.heading, block.position) for block in found(desk, query, name))


ANSWERS = {
    "truce": [("Calm", 1), ("Unassigned", 1)],
    "IDLIB truce": [("Calm", 1)],
    "cafe": [("Calm", 2)],
    '"calm held"': [("Calm", 2)],
    '"held calm"': [],
    "held calm": [("Calm", 2)],
    "“calm” u.s.": [("Calm", 2)],
    "停火": [("Elsewhere", 1)],
    "火停": [],
    "静か": [("Elsewhere", 2)],
    "truce calm": [],
}


def test_all_that_is_asked_for_stands_in_a_block_that_is_found(desk: Desk) -> None:
    assert {query: places(desk, query) for query in ANSWERS} == ANSWERS


def test_what_is_found_says_where_it_stands(desk: Desk) -> None:
    (block,) = found(desk, "cafe")
    assert CAFE[block.start : block.end] == block.text


def test_a_reviewer_finds_only_in_the_articles_that_are_assigned_to_them(desk: Desk) -> None:
    assert places(desk, "truce", "ada") == [("Calm", 1)]


def test_nothing_of_another_project_is_found(desk: Desk) -> None:
    desk.write(lambda: projects.create("other", "Other"))
    with desk.app.app_context():
        mia = desk.user("mia")
        other = projects.by_slug("other")
        access = projects.access_to(mia, desk.project().id)
        assert search.blocks(mia, type(access)(other, access.roles), "truce") == []


HOSTILE = (
    "", '"', '"" ""', "*", "truce*", "-truce", "NEAR(a b)", "words:truce", "a AND", "('", "' OR 1=1 --", '"truce', "%",
    "\x00", "\ud800", "\u0301", "!!", "truce | calm & !x", "x" * 100_000, "a " * 5_000, '"' * 999, "\\", ":*",
)  # fmt: skip


def test_no_query_is_an_error(desk: Desk) -> None:
    for query in HOSTILE:
        assert {block.heading for block in found(desk, query)} <= {"Calm", "Unassigned"}


def test_a_search_is_one_statement_whatever_is_found(desk: Desk) -> None:
    with desk.app.app_context():
        mia = desk.user("mia")
        access = projects.access_to(mia, desk.project().id)
    with counted_statements(desk.app) as statements, desk.app.app_context():
        search.blocks(mia, access, "truce OR calm")
    assert len(statements) == 1


def test_a_paragraph_of_any_length_can_be_stored_and_is_found_by_its_beginning(desk: Desk) -> None:
    desk.article(" ".join(f"word{number}" for number in range(LONGEST // 4)), title="Long")
    assert places(desk, "word7") == [("Long", 1)]


SQLITE = {
    "words too many": "INSERT INTO search_block (rowid, words) VALUES (16777300, 'planted')",
    "a block is not there": (
        "INSERT INTO search_block (search_block, rowid, words) VALUES ('delete', 16777217, 'A truce began in Idlib.')"
    ),
}
POSTGRESQL = {
    "words too many": "INSERT INTO search_block (place, words) VALUES (1, to_tsvector('simple', 'planted'))",
    "a block is not there": "DELETE FROM search_block WHERE place & 16777215 = 2",
    "other words": "UPDATE search_block SET words = to_tsvector('simple', 'planted')",
}


def test_an_index_that_is_what_the_texts_are_has_no_findings(desk: Desk) -> None:
    with desk.app.app_context():
        assert list(checks.findings()) == []


def test_every_damage_of_the_index_is_found(desk: Desk, database_engine: str) -> None:
    damages = {"an entry is gone": "DELETE FROM search_entry WHERE number = 1"}
    damages |= SQLITE if database_engine == "sqlite" else POSTGRESQL
    for name, statement in damages.items():
        with desk.app.app_context():
            db.session.execute(text(statement))
            problems = [str(finding) for finding in checks.findings()]
            db.session.rollback()
        assert any(problem.startswith("Search index: ") for problem in problems), name

"""P8: upgrades keep the work. A database with work of every kind goes down, down again and up, and loses nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Engine, create_engine, select, text, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from annotator import migrations
from annotator.db import new_id
from annotator.engines import prepare_engine
from annotator.models import (
    Annotation,
    Article,
    ArticleVersion,
    Assignment,
    AssignmentKind,
    CopyMember,
    CopyState,
    Decision,
    FirstVote,
    ImportedSuggestion,
    Post,
    PostKind,
    SecondRound,
)
from annotator.services import checks, datasets, projects
from tests.support.schemas import differing, rows_of, schema_of, shared, triggers_of
from tests.support.stocked import stock

WRITTEN_AT_0002 = Path(__file__).parent / "data" / "schema-0002.sql"


@pytest.fixture
def engine_at() -> Iterator[Callable[[str], Engine]]:
    """An engine on a database by its address, with the program's own hooks."""
    opened: list[Engine] = []

    def connect(url: str) -> Engine:
        engine = create_engine(url)
        prepare_engine(engine, busy_seconds=30)
        opened.append(engine)
        return engine

    yield connect
    for engine in opened:
        engine.dispose()


@pytest.fixture
def stocked(app: Flask, database_url: str, engine_at: Callable[[str], Engine]) -> Engine:
    """The database of `app`, with work of every kind."""
    stock(app)
    return engine_at(database_url)


@pytest.fixture
def written_at_0002(empty_database_url: str, engine_at: Callable[[str], Engine]) -> Engine:
    engine = engine_at(empty_database_url)
    migrations.upgrade(engine, "0002")
    with engine.execution_options(writes=True).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL TIME ZONE 'UTC'")
        for statement in WRITTEN_AT_0002.read_text(encoding="utf-8").split(";\n"):
            _run(connection, statement)
    return engine


def _run(connection: Connection, statement: str) -> None:
    if statement.strip():
        connection.exec_driver_sql(statement)


def move(engine: Engine, revision: str) -> None:
    step = migrations.downgrade if revision < str(migrations.current(engine)) else migrations.upgrade
    step(engine, revision)
    assert migrations.current(engine) == revision


def orphans(engine: Engine) -> list[object]:
    """Rows without their parent; PostgreSQL would not let them stand for a moment."""
    if engine.dialect.name != "sqlite":
        return []
    with engine.connect() as connection:
        return list(connection.execute(text("PRAGMA foreign_key_check")))


def damages(engine: Engine) -> list[str]:
    """What of a database is not as it was after going down to the first schema and up again."""
    newest = str(migrations.newest())
    schema, before, found = schema_of(engine), rows_of(engine), []
    for revision in ("0002", "0001", newest):
        move(engine, revision)
        now = rows_of(engine)
        # A column that an older schema lacks comes back with its default.
        before = shared(before, now)
        found += [f"{revision}: {name}, {rows}" for name, rows in differing(before, now).items()]
        found += [f"{revision}: {orphan}" for orphan in orphans(engine)]
        triggers = set(triggers_of(engine))
        found += [f"{revision}: {name} is gone" for name in EVER if name not in triggers]
    after = schema_of(engine)
    return found + [f"{newest}: the schema of {name}" for name in schema if schema[name] != after.get(name)]


def test_work_of_an_old_schema_comes_to_the_newest_one_revision_at_a_time(written_at_0002: Engine) -> None:
    """As an installation does that is brought up to date with each version of the program."""
    script = ScriptDirectory(str(migrations.HERE))
    before = rows_of(written_at_0002)
    for revision in [step.revision for step in reversed(list(script.walk_revisions("0002", "head")))][1:]:
        move(written_at_0002, revision)
    after = rows_of(written_at_0002)
    assert migrations.current(written_at_0002) == migrations.newest()
    assert {name: len(rows) for name, rows in before.items()} == {name: len(after[name]) for name in before}
    assert orphans(written_at_0002) == []


EVER = ("article_version_text", "event_delete", "event_update")
"""The triggers of the first schema."""


def test_work_of_every_kind_stands_in_the_database_that_is_migrated(stocked: Engine) -> None:
    """So nothing is compared that is empty."""
    move(stocked, "0002")
    assert [name for name, rows in rows_of(stocked).items() if not rows] == []


def test_down_and_up_again_with_data_keeps_every_row(stocked: Engine, app: Flask) -> None:
    exported = _exports(app)
    assert damages(stocked) == []
    with app.app_context():
        assert list(checks.findings()) == []
    assert _exports(app) == exported
    with stocked.begin() as connection, pytest.raises(DatabaseError, match="never changes"):
        connection.execute(text("UPDATE article_version SET text = 'Changed.'"))


def _exports(app: Flask) -> list[list[object]]:
    """Every layer of both projects, as it would be downloaded."""
    found = []
    with app.app_context():
        for slug in ("demo", "truce"):
            for layer in datasets.LAYERS:
                with datasets.open_table(projects.by_slug(slug), layer) as table:
                    found.append([tuple(row) for row in table.rows])
    return found


# Faults in a migration that the proof has to notice, as words put into a copy of the last one.
FAULTS = {
    "a row is lost": 'op.execute("DELETE FROM sign_in_attempt")',
    "a value is changed": "op.execute(\"UPDATE annotation SET note = '' WHERE note <> ''\")",
    "a row is lost and another one made": (
        'op.execute("DELETE FROM sign_in_attempt")\n'
        "    op.execute(\"INSERT INTO sign_in_attempt (key, failures, last_at) VALUES ('x', 1, '2026-01-01 00:00:00')\")"
    ),
    "a CHECK is dropped": (
        'with op.batch_alter_table("membership") as table:\n'
        '        table.drop_constraint(op.f("ck_membership_capacity"), type_="check")'
    ),
    "a trigger is dropped": (
        'op.execute("DROP TRIGGER event_delete" + (" ON event" if op.get_bind().dialect.name == "postgresql" else ""))'
    ),
    "a child loses its parent": 'op.execute("DELETE FROM decision WHERE replaces_id IS NULL")',
}


def test_decisions_on_links_keep_the_schema_from_going_below_theirs(
    app: Flask, database_url: str, engine_at: Callable[[str], Engine]
) -> None:
    stock(app, link_decisions=True)
    engine = engine_at(database_url)
    newest, before = str(migrations.newest()), rows_of(engine)
    assert len(before["link_decision"]) == 2
    move(engine, "0015")
    with pytest.raises(RuntimeError, match="decisions on links"):
        migrations.downgrade(engine, "0014")
    move(engine, newest)
    assert differing(before, rows_of(engine)) == {}


@pytest.mark.once
@pytest.mark.parametrize("fault", FAULTS)
def test_a_migration_that_damages_is_noticed(
    stocked: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    folder = tmp_path / "migrations"
    shutil.copytree(migrations.HERE, folder)
    [faulty] = (folder / "versions").glob("0003*.py")
    words, end = faulty.read_text(encoding="utf-8"), "    _stored_figures()\n"
    assert words.count(end) == 1
    faulty.write_text(words.replace(end, f"{end}    {FAULTS[fault]}\n"), encoding="utf-8")
    monkeypatch.setattr(migrations, "HERE", folder)
    try:
        found = damages(stocked)
    except (RuntimeError, DatabaseError) as refused:
        found = [str(refused)]
        assert migrations.current(stocked) == "0001"
    assert found, fault


@pytest.mark.once
def test_a_migration_that_would_lose_rows_is_refused(
    stocked: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not only by this proof: on the database of a newsroom too."""
    move(stocked, "0002")
    schema, before = schema_of(stocked), rows_of(stocked)
    folder = tmp_path / "migrations"
    shutil.copytree(migrations.HERE, folder)
    [faulty] = (folder / "versions").glob("0003*.py")
    words = faulty.read_text(encoding="utf-8")
    faulty.write_text(
        words.replace("    _discussion()\n", f"    _discussion()\n    {FAULTS['a row is lost']}\n"), encoding="utf-8"
    )
    monkeypatch.setattr(migrations, "HERE", folder)
    with pytest.raises(RuntimeError, match="sign_in_attempt would have 0 rows instead of 1"):
        migrations.upgrade(stocked)
    assert (migrations.current(stocked), schema_of(stocked)) == ("0002", schema)
    assert differing(before, rows_of(stocked)) == {}


# What the older schema cannot hold


def _of_kind(kind: AssignmentKind) -> Callable[[Session], None]:
    def plant(session: Session) -> None:
        session.execute(update(Assignment).where(Assignment.id == _any(session, Assignment)).values(kind=kind))

    return plant


def _any(session: Session, model: type) -> str:
    return str(session.scalars(select(model.id).limit(1)).one())  # type: ignore[attr-defined]


def _vote(session: Session) -> None:
    claim = session.scalars(select(Annotation).limit(1)).one()
    session.add(FirstVote(annotation_id=claim.id, version=1, start=0, end=1, label_id=claim.label_id))


def _sent_back(session: Session) -> None:
    decision = session.scalars(select(Decision).limit(1)).one()
    session.add(SecondRound(decision_id=decision.id, article_id=_any(session, Article), start=0, end=1))


def _post(session: Session) -> None:
    writer = session.scalars(select(Assignment.user_id).limit(1)).one()
    article = _any(session, Article)
    session.add(
        Post(id=new_id(), article_id=article, question=uuid4(), user_id=writer, kind=PostKind.COMMENT, text="Why?")
    )


def _every(model: type, **values: object) -> Callable[[Session], None]:
    def plant(session: Session) -> None:
        session.execute(update(model).values(**values))

    return plant


ONLY_AT_0003: dict[str, Callable[[Session], None]] = {
    "in training": _of_kind(AssignmentKind.TRAINING),
    "repeated": _of_kind(AssignmentKind.SECOND_LOOK),
    "returned": _of_kind(AssignmentKind.RETURNED),
    "articles for training": _every(Article, training=True),
    "revealed": _every(Article, revealed_at=datetime(2026, 1, 1, tzinfo=UTC)),
    "blind round": _vote,
    "later round": _every(Annotation, round=2),
    "sent back": _sent_back,
    "posts": _post,
    "reasons": _every(Decision, reasons=["more precise"]),
    "by rule": _every(Decision, rule="unanimous"),
}


@pytest.mark.once
@pytest.mark.parametrize("words", ONLY_AT_0003)
def test_going_back_is_refused_where_work_would_be_lost(written_at_0002: Engine, words: str) -> None:
    engine = written_at_0002
    move(engine, "0003")
    with Session(engine.execution_options(writes=True)) as session:
        ONLY_AT_0003[words](session)
        session.commit()
    schema, before = schema_of(engine), rows_of(engine)
    with pytest.raises(RuntimeError, match=words):
        migrations.downgrade(engine, "0002")
    assert (migrations.current(engine), schema_of(engine)) == ("0003", schema)
    assert differing(before, rows_of(engine)) == {}


# A database that was never anything but an older one


def test_a_database_of_the_older_program_is_brought_up(
    written_at_0002: Engine, databases, make_app, empty_database_url: str
) -> None:
    before = rows_of(written_at_0002)
    assert sum(map(len, before.values())) > 90
    migrations.upgrade(written_at_0002)
    after = rows_of(written_at_0002)
    assert differing(shared(before, after), after) == {}
    assert before.keys() <= after.keys()
    assert {row["round"] for row in after["annotation"]} == {1}
    assert {(row["rule"], row["reasons"]) for row in after["decision"]} == {("", None)}
    assert {row["merge_strategy"] for row in after["project"]} == {"none"}
    app = make_app(database_url=empty_database_url)
    with app.app_context():
        assert list(checks.findings()) == []
        with datasets.open_table(projects.by_slug("truce"), "gold") as table:
            assert len(list(table.rows)) == 2


def test_going_back_is_refused_while_there_are_imported_suggestions(stocked: Engine) -> None:
    with Session(stocked.execution_options(writes=True)) as session:
        version_id = _any(session, ArticleVersion)
        session.add(ImportedSuggestion(version_id=version_id, start=0, end=4, source="old.jsonl"))
        session.commit()
    with pytest.raises(RuntimeError, match="imported suggestions"):
        migrations.downgrade(stocked, "0004")


def test_going_back_is_refused_while_people_have_decided_about_copies(stocked: Engine) -> None:
    with Session(stocked.execution_options(writes=True)) as session:
        article_id = _any(session, Article)
        project_id = session.get_one(Article, article_id).project_id
        member = CopyMember(group_id="c" * 16, article_id=article_id, project_id=project_id, state=CopyState.REJECTED)
        session.add(member)
        session.commit()
    with pytest.raises(RuntimeError, match="decided about copies"):
        migrations.downgrade(stocked, "0012")

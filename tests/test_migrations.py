"""The schema's history: up, down and up again; the models are what it leads to; the triggers keep their promises."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    CheckConstraint,
    Column,
    Engine,
    Index,
    MetaData,
    String,
    create_engine,
    func,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.exc import DatabaseError
from sqlalchemy.schema import CreateIndex

from annotator import migrations
from annotator.db import Base, db, transaction
from annotator.domain.text import plain_blocks
from annotator.engines import prepare_engine
from annotator.formats.records import ArticleRecord
from annotator.models import ArticleVersion, Event, Project
from annotator.services import articles, projects
from tests.support.databases import Databases
from tests.support.desk import Desk
from tests.support.schemas import schema_of, triggers_of

TEXT = "It was calm."


@pytest.fixture
def engine(empty_database_url: str) -> Iterator[Engine]:
    made = create_engine(empty_database_url)
    prepare_engine(made, busy_seconds=30)
    yield made
    made.dispose()


def differences(engine: Engine, metadata: MetaData = Base.metadata) -> list[object]:
    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True, "include_name": _has_a_model}
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, metadata))


def _has_a_model(name: str | None, kind: str, _parents: object) -> bool:
    """The full-text index is made of what each database has for it, on SQLite of several tables."""
    return not (kind == "table" and name is not None and name.startswith("search_block"))


def test_the_newest_revision_is_the_head_that_alembic_finds():
    assert migrations.newest() == ScriptDirectory(str(migrations.HERE)).get_current_head()


def test_up_down_and_up_again_gives_the_same_schema(engine):
    migrations.upgrade(engine)
    first = schema_of(engine)
    assert migrations.current(engine) == migrations.newest()
    migrations.downgrade(engine, "base")
    assert migrations.current(engine) is None
    assert set(schema_of(engine)) == {"triggers"}
    assert triggers_of(engine) == []
    migrations.upgrade(engine)
    assert schema_of(engine) == first


def test_to_repeat_an_upgrade_does_nothing(engine):
    migrations.upgrade(engine)
    before = schema_of(engine)
    migrations.upgrade(engine)
    assert schema_of(engine) == before


def test_the_models_are_what_the_migrations_lead_to(engine):
    migrations.upgrade(engine)
    assert differences(engine) == []
    tables = {name for name in schema_of(engine) if _has_a_model(name, "table", {})}
    assert set(Base.metadata.tables) == tables - {"triggers"}


@pytest.mark.parametrize(
    "plant",
    [
        lambda tables: tables["label"].append_column(Column("colour", String(7))),
        lambda tables: Index("ix_planted", tables["user"].c.name),
        lambda tables: tables.pop("link"),
        lambda tables: setattr(tables["user"].c.name, "nullable", True),
        lambda tables: setattr(tables["user"].c.email, "type", String(99)),
    ],
    ids=["column", "index", "table", "nullable", "length"],
)
def test_a_planted_difference_is_caught(engine, plant):
    migrations.upgrade(engine)
    copy = MetaData(naming_convention=Base.metadata.naming_convention)
    for table in Base.metadata.sorted_tables:
        table.to_metadata(copy)
    assert differences(engine, copy) == []
    removed = plant(dict(copy.tables))
    if removed is not None and removed.name == "link":
        copy.remove(copy.tables["link"])
    assert differences(engine, copy) != []


def test_checks_of_the_models_are_in_the_database(engine):
    """Alembic compares no CHECK constraints, so their names are compared here."""
    migrations.upgrade(engine)
    inspector = inspect(engine)
    for table in Base.metadata.sorted_tables:
        wanted = {str(check.name) for check in table.constraints if isinstance(check, CheckConstraint)}
        found = {str(check["name"]) for check in inspector.get_check_constraints(table.name)}
        assert {name.removeprefix(f"ck_{table.name}_") for name in wanted} == {
            name.removeprefix(f"ck_{table.name}_") for name in found
        }


def test_partial_indexes_of_the_models_are_those_of_the_database(engine):
    migrations.upgrade(engine)
    made = {
        index["name"]: index
        for table in inspect(engine).get_table_names()
        for index in inspect(engine).get_indexes(table)
    }
    models = [index for table in Base.metadata.tables.values() for index in table.indexes]
    partial = {index.name for index in models if " WHERE " in str(CreateIndex(index).compile(engine))}
    where = f"{engine.dialect.name}_where"
    assert partial == {name for name in made if where in made[name].get("dialect_options", {})} & {
        i.name for i in models
    }
    assert "uq_decision_standing" in partial


def test_a_failed_migration_leaves_the_schema_as_it_was(engine):
    migrations.upgrade(engine)
    before = schema_of(engine)
    with pytest.raises(Exception, match="nowhere"):
        migrations.downgrade(engine, "nowhere")
    assert schema_of(engine) == before
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1


# What the database itself refuses


@pytest.fixture
def version_id(app) -> str:
    with app.app_context(), transaction():
        project = projects.create("idlib", "Idlib")
        (added,) = articles.add(project, [ArticleRecord(TEXT, plain_blocks(TEXT), "0" * 64, title="Calm")])
        return added.version.id


@pytest.mark.parametrize(
    "values",
    [{"text": "It was not calm."}, {"sha256": "0" * 64}, {"length": 3}, {"number": 2}],
    ids=lambda values: next(iter(values)),
)
def test_the_text_of_an_article_never_changes(app, version_id, values):
    """P4; events are proved in services/test_events.py."""
    with app.app_context():
        with pytest.raises(DatabaseError, match="never changes"), transaction():
            db.session.execute(update(ArticleVersion).where(ArticleVersion.id == version_id).values(**values))
        assert db.session.scalars(select(ArticleVersion.text)).one() == TEXT


def test_what_is_known_about_an_article_may_be_mended(app, version_id):
    with app.app_context():
        with transaction():
            db.session.execute(
                update(ArticleVersion).where(ArticleVersion.id == version_id).values(title="Calm in Idlib")
            )
        assert db.session.scalars(select(ArticleVersion.title)).one() == "Calm in Idlib"


def test_without_the_trigger_the_change_would_pass(app, version_id, database_engine):
    """The positive control of the two above."""
    on = " ON article_version" if database_engine == "postgresql" else ""
    with app.app_context():
        with transaction():
            db.session.execute(text(f"DROP TRIGGER article_version_text{on}"))
            db.session.execute(update(ArticleVersion).where(ArticleVersion.id == version_id).values(text="Changed."))
        assert db.session.scalars(select(ArticleVersion.text)).one() == "Changed."


def test_the_tests_copy_a_database_at_the_newest_schema(databases: Databases, database_url: str):
    engine = create_engine(database_url)
    assert migrations.current(engine) == migrations.newest()
    engine.dispose()


ENDS_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@pytest.mark.engine("postgresql")  # One of SQLite is copied for each test.
@pytest.mark.parametrize(
    ("done", "again"),
    [
        ("SELECT 1", True),
        ("CREATE INDEX own ON project (name)", False),
        ("ALTER TABLE project ALTER name DROP NOT NULL", False),
        ("UPDATE alembic_version SET version_num = 'another'", False),
        (ENDS_OTHERS, False),
    ],
    ids=["rows", "an index", "a column", "the version", "no connection"],
)
def test_a_database_is_given_again_if_all_of_it_could_be_emptied(
    make_app, databases: Databases, tmp_path, monkeypatch: pytest.MonkeyPatch, done: str, again: bool
):
    monkeypatch.setattr("tests.support.databases.OFTEN", 10**9)
    given = url = databases.create(tmp_path)
    for what in ("SELECT 1", done):
        app = make_app(database_url=url)
        Desk(app).article()
        with app.app_context():
            db.session.execute(text(what))
            db.session.commit()
        databases.drop(url)
        given, url = url, databases.create(tmp_path)
        app = make_app(database_url=url)
        with app.app_context():
            assert [db.session.scalar(select(func.count()).select_from(each)) for each in (Project, Event)] == [0, 0]
            assert migrations.current(db.engine) == migrations.newest()
    databases.drop(url)
    assert (given == url) is again

"""The files of a release are the same bytes whichever database holds the project: SQLite, or the one under test."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import collate, create_engine

from annotator.db import db, transaction
from annotator.engines import prepare_engine
from annotator.formats import catalogue, writing
from annotator.formats.records import Losses
from annotator.formats.whole_project import read_project, write_project
from annotator.migrations import upgrade
from annotator.models import Article, ArticleVersion
from annotator.services import datasets, freezing, projects, releases
from annotator.services.datasets.articles import articles_layer
from annotator.services.whole_project.exporting import project_lines
from annotator.services.whole_project.importing import import_project
from tests.services.test_releases import finished
from tests.support.databases import SqliteDatabases
from tests.support.desk import Desk

MOMENT = datetime(2026, 11, 29, 12, tzinfo=UTC)
BASE_URL = "https://annotator.example.org"
Files = dict[str, bytes]


@pytest.fixture
def on_sqlite(make_app: Callable[..., Flask], tmp_path: Path) -> Flask:
    """An installation beside the one under test."""

    def migrate(url: str) -> None:
        engine = create_engine(url)
        prepare_engine(engine, busy_seconds=30)
        upgrade(engine)
        engine.dispose()

    folder = tmp_path / "beside"
    folder.mkdir()
    return make_app(database_url=SqliteDatabases(folder, migrate).create(folder))


@pytest.fixture
def in_both(app: Flask, on_sqlite: Flask) -> tuple[Flask, Flask]:
    """The same project, with the same ids and times, in both."""
    desk = Desk(app)
    finished(desk)
    for number, title in enumerate(("b", "Ä", "C", "")):
        finished(desk, f"Story {number} of a complete ceasefire — «שלום» 👩‍👧 — again.\r\n\r\nSo it was.", "disputed")
        desk.write(lambda title=title: _call_the_last(title))  # type: ignore[misc]
    with app.app_context():
        content = b"".join(write_project(project_lines(desk.project())))
    with on_sqlite.app_context():
        with transaction():
            projects.create(desk.slug, "To be filled")
        report = import_project(desk.project(), partial(read_project, io.BytesIO(content)), "whole.jsonl")
        assert report.errors == []
    for each in (app, on_sqlite):
        with each.app_context(), transaction():
            # When an article came in is no part of what is carried over.
            db.session.execute(db.update(Article).values(listed_at=MOMENT))
    return app, on_sqlite


def _call_the_last(title: str) -> None:
    version = db.session.scalars(db.select(ArticleVersion).order_by(ArticleVersion.created_at.desc())).first()
    assert version is not None
    version.title = title


def files(app: Flask, layers: Iterable[str] = datasets.LAYERS) -> Files:
    """Every file of a release of the project, in every format that depends on no clock of its library."""

    def written() -> Iterator[tuple[str, bytes]]:
        release = releases.find(project, "1.0.0")
        for layer in layers:
            for name in catalogue.formats_of(layer):
                found = releases.export(release, project, layer, base_url=BASE_URL)
                yield f"{layer} {name}", b"".join(writing.write_export(found, name, Losses()))

    with app.app_context():
        project = projects.by_slug("truce")
        with freezing.gathered(project, "1.0.0", files=catalogue.hashed_formats()) as gathered, transaction():
            freezing.store(projects.by_slug("truce"), gathered)
        project = projects.by_slug("truce")
        return dict(written())


def differing(one: Files, other: Files) -> set[str]:
    return {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}


def test_both_databases_give_the_same_bytes(in_both: tuple[Flask, Flask]) -> None:
    one, other = map(files, in_both)
    assert len(one) > 30
    assert differing(one, other) == set()


def test_rows_in_an_order_that_each_database_has_for_itself_are_found(
    in_both: tuple[Flask, Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: titles sorted by the collation of the database."""
    found = []
    for app, collation in zip(in_both, (None, "NOCASE"), strict=True):
        title = collate(ArticleVersion.title, collation) if collation else _exactly(app)
        own = replace(articles_layer, key=(title, *articles_layer.key))
        monkeypatch.setitem(datasets.LAYERS, "articles", own)
        monkeypatch.setitem(datasets.RELEASED, "articles", own)
        found.append(files(app, ["articles"]))
    assert "articles csv" in differing(*found)


def _exactly(app: Flask) -> object:
    with app.app_context():
        return collate(ArticleVersion.title, "C" if db.engine.dialect.name == "postgresql" else "BINARY")

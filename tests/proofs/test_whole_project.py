"""import(export(x)) == x: a project that was exported whole and imported again says the same, field by field.

A generated file is imported: its export must be the file, byte for byte. That is imported a second time into the same
installation, where every id is taken; its export must be the same file with other ids: each id is the one that `Ids` gives for
the old one, and what has no order but that of its ids may stand in another order.
"""

from __future__ import annotations

import io
import itertools
import json
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings

from annotator.db import transaction
from annotator.formats.project_records import Line
from annotator.formats.whole_project import read_project, write_project
from annotator.services import checks, projects
from annotator.services.imports import FileReport
from annotator.services.whole_project import imported_articles
from annotator.services.whole_project.exporting import project_lines
from annotator.services.whole_project.importing import import_project
from annotator.services.whole_project.names_here import Ids
from tests.support.databases import Databases
from tests.support.projects import whole_projects
from tests.support.stocked import stock

UNORDERED = frozenset(
    {"people", "assignments", "annotations", "decisions", "sources", "answers", "mentions", "posts", "copies"}
)
NUMBERS = itertools.count()


def new_project(app: Flask) -> str:
    slug = f"project-{next(NUMBERS)}"
    with app.app_context(), transaction():
        projects.create(slug, "To be filled")
    return slug


def export(app: Flask, slug: str) -> bytes:
    with app.app_context():
        return b"".join(write_project(project_lines(projects.by_slug(slug))))


def import_(app: Flask, slug: str, content: bytes, **options: Any) -> FileReport:
    with app.app_context():
        read = partial(read_project, io.BytesIO(content))
        return import_project(projects.by_slug(slug), read, "whole.jsonl", **options)


def again(app: Flask, content: bytes) -> tuple[str, bytes]:
    """Import the file into a new project: its slug, and what it exports."""
    slug = new_project(app)
    report = import_(app, slug, content)
    assert report.errors == []
    return slug, export(app, slug)


def called_here(app: Flask, slug: str) -> Callable[[str], str]:
    """What an id of a file is called after an import in which the ids were taken."""
    with app.app_context():
        ids = Ids(projects.by_slug(slug).id, keep=False)

    def called(old: str) -> str:
        return str(ids.uuid(UUID(old))) if len(old) == 36 else ids.of(old)

    return called


def normalised(content: bytes, called: Callable[[str], str] | None = None) -> list[Any]:
    """The lines with their ids renamed, and with an order in what is ordered by ids alone."""
    lines = [json.loads(line) for line in content.splitlines()]
    known = {value for line in lines for value in _ids(line)} if called else set()

    def renamed(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            fields = {name: renamed(part, name) for name, part in value.items()}
            if fields.get("type") == "link_decision":
                fields["question_a"], fields["question_b"] = sorted((fields["question_a"], fields["question_b"]))
            return fields
        if isinstance(value, list):
            parts = [renamed(part) for part in value]
            return sorted(parts, key=json.dumps) if key in UNORDERED else parts
        return called(value) if called and isinstance(value, str) and value in known else value

    return [renamed(line) for line in lines]


def _ids(value: Any) -> Iterable[str]:
    if isinstance(value, dict):
        for name, part in value.items():
            if name in {"id", "question", "copy_group"}:
                yield part
            else:
                yield from _ids(part)
    elif isinstance(value, list):
        for part in value:
            yield from _ids(part)


def findings(app: Flask) -> list[str]:
    with app.app_context():
        return [str(finding) for finding in checks.findings()]


def check_round_trip(app: Flask, lines: Sequence[Line]) -> None:
    content = b"".join(write_project(lines))
    _, first = again(app, content)
    assert first == content
    slug, second = again(app, first)
    assert normalised(second) == normalised(first, called_here(app, slug))


def generated(examples: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A test over so many generated projects. Nothing is shrunk: each example writes to the database."""
    chosen = settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    return lambda test: chosen(given(whole_projects())(test))


def test_a_generated_project_comes_back_as_it_went(app: Flask, rounds: Callable[[int, int], int]) -> None:
    @generated(rounds(12, 1_000))
    def comes_back(lines: list[Line]) -> None:
        check_round_trip(app, lines)

    comes_back()
    assert findings(app) == []


def test_a_project_in_which_everything_was_done_comes_back_as_it_went(
    app: Flask, databases: Databases, tmp_path: Path, make_app: Callable[..., Flask]
) -> None:
    stock(app, link_decisions=True)
    elsewhere = databases.create(tmp_path)
    other = make_app(database_url=elsewhere)
    for slug in ("truce", "demo"):
        content = export(app, slug)
        _, whole = again(other, content)
        assert whole == content
        assert findings(other) == []
        slug_here, here = again(app, content)
        assert normalised(here) == normalised(content, called_here(app, slug_here))
    assert findings(app) == []
    databases.drop(elsewhere)


@pytest.mark.once
@pytest.mark.parametrize("field", ["note", "speaker_chain", "deleted_at", "first_vote", "to_place", "event_end"])
def test_a_field_that_the_import_drops_is_found(app: Flask, monkeypatch: pytest.MonkeyPatch, field: str) -> None:
    """The planted fault."""
    add = imported_articles._ArticleRows._add_claim
    empty = {"note": "", "speaker_chain": []}.get(field)

    def forgetful(self: Any, claim: Any, *where: Any) -> None:
        add(self, claim.model_copy(update={field: empty}), *where)

    monkeypatch.setattr(imported_articles._ArticleRows, "_add_claim", forgetful)

    @generated(25)
    def comes_back(lines: list[Line]) -> None:
        check_round_trip(app, lines)

    with pytest.raises(AssertionError):
        comes_back()

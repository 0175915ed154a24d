"""Who may import whom: every import statement under annotator/ against one table."""

from __future__ import annotations

import re
from pathlib import Path

import annotator
from tests.support.imports import ROOT, Rules, parts, violations

PACKAGE = Path(annotator.__file__).parent

# Arrows only point down. What a service returns (models, enumerations and plain values of the domain) is read above it.
RETURNED = frozenset({"models", "domain"})
FACE = frozenset(
    {"forms", "services", "formats", "permissions", "security", "templating", "errors", "db", "agreement", "downloads"}
)
MIDDLE = frozenset({"models", "domain", "errors", "config", "db"})

RULES = Rules(
    may_import={
        "views": FACE | RETURNED,
        "api": FACE | RETURNED,
        # The commands also set up an installation and start its server.
        "cli": FACE | RETURNED | {"config", "migrations", "paths", ROOT},
        "security": MIDDLE | {"spoken"},
        "downloads": frozenset({"formats"}),
        # A template asks what the person may do.
        "templating": MIDDLE | {"permissions"},
        "forms": MIDDLE,
        "permissions": MIDDLE,
        "migrations": frozenset(),
        "services": frozenset(
            {"models", "domain", "agreement", "matching", "formats", "permissions", "errors", "db", "spoken"}
        ),
        "models": frozenset({"db", "domain"}),
        "formats": frozenset({"domain"}),
        "agreement": frozenset({"domain"}),
        "matching": frozenset({"domain"}),
        "domain": frozenset(),
        # Whoever may not write now is told so in the words of the domain.
        "db": frozenset({"engines", "errors", "writers"}),
        "engines": frozenset(),
        "spoken": frozenset(),
        "writers": frozenset({"errors"}),
        "config": frozenset({"errors"}),
        "paths": frozenset(),
        "routing": frozenset(),
        "collector": frozenset(),
        "errors": frozenset(),
    },
    framework=frozenset({"flask", "flask_sqlalchemy", "flask_wtf", "werkzeug"}),
    framework_parts=frozenset(
        {ROOT, "views", "api", "cli", "security", "templating", "forms", "db", "downloads", "routing"}
    ),
)


def test_every_import_points_down() -> None:
    assert violations(PACKAGE, RULES) == []


def test_services_know_no_format_but_its_records() -> None:
    wrong = [
        f"{path.name}: {line.strip()}"
        for path in (PACKAGE / "services").rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip().startswith(
            ("from annotator.formats", "import annotator.formats", "from annotator import formats")
        )
        and not re.match(r"from annotator\.formats\.(\w+_)?records import ", line.strip())
    ]
    assert wrong == []


def test_every_part_has_a_row_in_the_table() -> None:
    assert parts(PACKAGE) - set(RULES.may_import) == set()


def _package(folder: Path, **sources: str) -> Path:
    """A package named annotator in `folder`; `domain___text="…"` is annotator/domain/text.py."""
    package = folder / "annotator"
    for name, source in {"__init__": "", **sources}.items():
        path = package.joinpath(*name.split("___")).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    return package


def test_an_arrow_that_points_up_is_reported(tmp_path: Path) -> None:
    package = _package(tmp_path, services___people="", domain___text="from annotator.services import people\n")
    assert violations(package, RULES) == ["annotator/domain/text.py:1: domain may not import services"]


def test_an_import_inside_a_function_is_reported(tmp_path: Path) -> None:
    source = "def late():\n    import annotator.views.pages\n"
    package = _package(tmp_path, services___people=source, views___pages="")
    assert violations(package, RULES) == ["annotator/services/people.py:2: services may not import views"]


def test_a_relative_import_and_one_by_the_package_are_reported(tmp_path: Path) -> None:
    package = _package(
        tmp_path, models___person="from ..services import people", domain___spans="from annotator import db"
    )
    package.joinpath("db.py").touch()
    assert violations(package, RULES) == [
        "annotator/domain/spans.py:1: domain may not import db",
        "annotator/models/person.py:1: models may not import services",
    ]


def test_the_framework_below_the_views_is_reported(tmp_path: Path) -> None:
    package = _package(tmp_path, services___people="from flask import request", views___pages="import flask")
    assert violations(package, RULES) == ["annotator/services/people.py:1: services may not import flask"]

"""The documentation says what there is: every setting, every command, every layer, and no dead link."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from annotator.cli import COMMANDS
from annotator.config import Config
from annotator.formats import catalogue, project_records, work_records
from annotator.formats.part_records import Part
from annotator.services.datasets import LAYERS

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_every_setting_is_documented_with_its_default() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    rows = {name: cell.strip() for name, cell in re.findall(r"^\| `(\w+)` \|([^|]*)\|", page, re.MULTILINE)}
    assert set(rows) == {setting.name for setting in dataclasses.fields(Config)}
    for setting in dataclasses.fields(Config):
        if setting.type == "int":
            assert rows[setting.name] == str(setting.default), setting.name


@pytest.mark.parametrize("document", PAGES, ids=lambda document: document.name)
def test_links_between_pages_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (document.parent / target).exists(), f"{document.name} links to {target}"


def test_the_commands_of_the_documentation_exist() -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    named = set(re.findall(r"(?:^|`)annotator ([a-z]+)", text, re.MULTILINE))
    assert named
    assert named <= set(COMMANDS)


def test_every_layer_is_documented() -> None:
    page = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^## .*`(\w+)`", page, re.MULTILINE)) >= set(LAYERS)


def test_every_format_has_its_page_and_a_row_in_the_table() -> None:
    table = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| \[`([\w-]+)`\]\(([\w/.-]+)\) \|", table, re.MULTILINE))
    assert set(rows) == set(catalogue.ALL_FORMATS)
    for name, page in rows.items():
        described = (ROOT / "docs" / page).read_text(encoding="utf-8")
        assert f"`{name}`" in described.splitlines()[0], page
        assert "cannot carry" in described, page


def test_every_field_of_a_whole_project_is_documented() -> None:
    page = (ROOT / "docs" / "formats" / "project.md").read_text(encoding="utf-8")
    named = (vars(project_records) | vars(work_records)).values()
    parts = [part for part in named if isinstance(part, type) and issubclass(part, Part)]
    assert len(parts) > 20
    for part in parts:
        assert [name for name in part.model_fields if f"`{name}`" not in page] == [], part.__name__

"""The demo project: `annotator demo`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from annotator import paths
from annotator.cli.base import command, sign_in_address
from annotator.db import transaction
from annotator.errors import Invalid
from annotator.formats.reading import read_articles
from annotator.formats.records import ArticleRecord, RecordError
from annotator.services import copy_finding, projects, sign_in
from annotator.services import demo as demos
from annotator.services.demo import Plan


@command("demo")
def demo() -> None:
    """Load the demo project and print sign-in links for its people. If it is there already, only the links are new."""
    plan = read_plan(paths.seeds_folder())
    with transaction():
        new = not demos.is_loaded(plan)
        if new:
            demos.load(plan)
    if new:
        copy_finding.find_after_import(projects.by_slug(plan.facts["project"]["slug"]))
    name = plan.facts["project"]["name"]
    click.echo(
        f"Loaded the demo project “{name}”." if new else f"The demo project “{name}” is there already.", err=True
    )
    with transaction():
        links = [(cast.role.value, cast.user.name, sign_in.make_link(cast.user)) for cast in demos.cast_of(plan)]
    address = sign_in_address()
    for role, person, token in links:
        click.echo(f"{role:<12} {person:<16} {address}{token}")


def read_plan(folder: Path) -> Plan:
    """The demo as the files in `folder` describe it."""
    facts = json.loads((folder / "demo.json").read_text(encoding="utf-8"))
    records = {each["key"]: _record(folder, each["file"], each["facts"]) for each in facts["articles"]}
    return Plan(facts, records, (folder / facts["guideline"]).read_text(encoding="utf-8"))


def _record(folder: Path, filename: str, facts: Mapping[str, Any]) -> ArticleRecord:
    """The article of one file, with what demo.json says about it in the place of what was found in it."""
    with (folder / filename).open("rb") as stream:
        [record] = read_articles(stream, filename)
    if isinstance(record, RecordError):
        raise Invalid(f"{filename}: {record}")
    return replace(record, **facts, warnings=())

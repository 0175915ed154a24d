"""The part of `annotator import` that takes whole projects."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import click

from annotator.cli.importing_annotations import Source
from annotator.formats.whole_project import BEGINNING, is_whole_project, read_project
from annotator.models import Project
from annotator.services.imports import FileReport
from annotator.services.whole_project.importing import import_project


def import_whole(project: Project, source: Source, people: Mapping[str, str], *, dry_run: bool) -> FileReport | None:
    """What became of the file of a whole project; None for any other file, which is left alone. Raises OSError."""
    # A pipe can be read once only: what comes through one is articles.
    if not source.path.is_file():
        return None
    with source.path.open("rb") as stream:
        if not is_whole_project(stream.readline(len(BEGINNING))):
            return None
        read = partial(read_project, stream)
        return import_project(project, read, source.name, people=people, dry_run=dry_run)


def accounts_in(path: Path) -> dict[str, str]:
    """The e-mail address of an account for each person, from a CSV file with the columns person and email."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        if not {"person", "email"} <= set(reader.fieldnames or ()):
            raise click.UsageError(f"{path.name} needs the columns person and email in its first line.")
        return {row["person"]: row["email"] for row in reader}

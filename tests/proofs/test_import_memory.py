"""A large import takes no more memory than a small one."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.desk import Desk
from tests.support.installation import Installation
from tests.support.large_files import IN_ONE_TRANSACTION, write_articles
from tests.support.watched import watched

pytestmark = pytest.mark.soak

# As an import of more articles than are compared on the way: what is stored, without the look for copies.
WITHOUT_LOOK = """
from annotator.services import copy_finding

copy_finding.AFTER_IMPORT = 0
from annotator.cli import main

main()
"""


def test_memory_does_not_grow_with_the_file(
    desk: Desk, installation: Installation, rounds: Callable[[int, int], int], tmp_path: Path
) -> None:
    few, many = rounds(200, 20_000), rounds(2_500, 200_000)
    bound = 30
    grown = {}
    peaks = [
        peak(
            installation,
            "import",
            "truce",
            str(write_articles(tmp_path / f"{count}.jsonl", count)),
            program=WITHOUT_LOOK,
        )
        for count in (few, many)
    ]
    grown["import"] = peaks[1] - peaks[0]
    assert grown["import"] < bound, peaks
    whole = ("export", "truce", "--layer", "articles", "--format", "jsonl", "-o", os.devnull)
    assert peak(installation, *whole) - peak(installation, "project", "list") < 2 * bound


def test_an_import_that_holds_all_of_a_file_is_caught(desk: Desk, installation: Installation, tmp_path: Path) -> None:
    """The planted fault."""
    few, many = (str(write_articles(tmp_path / f"{count}.jsonl", count)) for count in (200, 2_500))
    peaks = [peak(installation, "import", "truce", path, program=IN_ONE_TRANSACTION) for path in (few, many)]
    assert peaks[1] - peaks[0] > 30, peaks


def peak(installation: Installation, *arguments: str, program: str = "") -> float:
    """The most megabytes that the command has held in memory."""
    begins = [sys.executable, "-c", program] if program else [installation.command]
    return watched([*begins, *arguments], installation.environment).megabytes

"""`annotator project …`: the settings of a new project, and what the list says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskCliRunner


def listed(runner: FlaskCliRunner) -> dict[str, Any]:
    (project,) = json.loads(runner.invoke(args=["project", "list", "--json"]).stdout)
    return project


@pytest.mark.parametrize(
    ("options", "snaps", "suggests"),
    [
        ([], True, False),
        (["--no-snap"], False, False),
        (["--suggestions"], True, True),
        (["--no-suggestions"], True, False),
    ],
)
def test_a_project_says_how_claims_are_marked_in_it(
    runner: FlaskCliRunner, options: list[str], snaps: bool, suggests: bool
) -> None:
    assert runner.invoke(args=["project", "add", "truce", "--name", "Truce", *options]).exit_code == 0
    project = listed(runner)
    assert (project["snap_to_words"], project["suggestions"]) == (snaps, suggests)
    assert (project["reviewers"], project["blind"], project["evidence"]) == (2, True, "warn")

"""Runs commands and reads what they say."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result
from flask.testing import FlaskCliRunner

Run = Callable[..., Result]


@pytest.fixture
def run(runner: FlaskCliRunner) -> Run:
    """run("user", "list") expects success; status=1 expects one line on standard error, status=2 wrong usage."""

    def invoke(*arguments: object, status: int = 0, **options: Any) -> Result:
        result = runner.invoke(args=[str(argument) for argument in arguments], **options)
        assert result.exit_code == status, (result.output, result.exception)
        if status == 1:
            assert result.stderr.startswith("Error: ")
            assert result.stderr.count("\n") == 1
            assert "Traceback" not in result.output
        return result

    return invoke


@pytest.fixture
def listed(run: Run) -> Callable[..., list[dict[str, Any]]]:
    """The bare array that a list prints with --json."""
    return lambda *arguments: json.loads(run(*arguments, "--json").stdout)

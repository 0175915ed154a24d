"""Runs commands and reads what they say."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskCliRunner

from annotator.domain.claims import Claim, Evidence, Stance
from annotator.services import annotations as claims_service
from tests.support.datasets import HOSTILE, hostile
from tests.support.desk import Desk

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


@pytest.fixture(params=["demo", "hostile"])
def slug(request: pytest.FixtureRequest, app: Flask, run: Any) -> str:
    """The demo, or a project whose only article has every character that ever broke a format."""
    if request.param == "demo":
        run("demo")
        return "demo"
    desk = Desk(app)
    article = desk.article(HOSTILE, title="=1", language="ar")
    # A claim on nothing but white space is no claim; formats meet it only in their own tests.
    for record in (record for record in hostile().claims if record.claim.exact.strip()):
        label = "disputed" if record.claim.label == "own-label" else record.claim.label
        evidence = (Evidence(Stance.SUPPORTS, quote='"لا"\r\n=1\t🙅', url="https://x.example/a.pdf"),)
        claim = replace(record.claim, label=label, claim_text="", note="=1,\r\n", evidence=evidence)
        desk.write(partial(_put, desk, article, claim))
    return desk.slug


def _put(desk: Desk, article: str, claim: Claim) -> None:
    claims_service.put(desk.user("ada"), article, uuid4(), claim, if_version=None)

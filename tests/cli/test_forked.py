"""What the proofs start instead of the program, a copy that has its modules already, does what the program does."""

from __future__ import annotations

import signal
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from annotator.services import people
from tests.support.forked import Running
from tests.support.installation import Installation
from tests.support.people import SERVED_HASHER
from tests.support.servers import Server


@pytest.fixture
def installation(database_url: str, tmp_path: Path) -> Installation:
    command = Path(sys.executable).with_name("annotator")
    return Installation(command, tmp_path / "instance", database_url=database_url, secret_key="k" * 40)


@pytest.mark.parametrize("anew", [False, True])
def test_it_prints_and_ends_as_the_program_does(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, anew: bool
) -> None:
    monkeypatch.setattr(Running, "anew", anew)
    refused = installation.start("user", "list", "--no-such-flag")
    assert refused.process.wait() == 2
    assert refused.printed() == ""
    assert "--no-such-flag" in refused.complained()


def test_it_has_the_arguments_and_settings_that_it_was_given(installation: Installation) -> None:
    assert installation.start("--version").output() == f"annotator {version('annotator')}\n"
    assert installation.start("user", "list", "--json").output() == "[]\n"
    refused = installation.start("user", "list", ANNOTATOR_SECRET_KEY="short")
    assert refused.process.wait() == 1
    assert "key" in refused.complained()


def test_it_is_ended_and_killed(installation: Installation) -> None:
    Server(installation).end()
    server = Server(installation)
    server.kill()
    assert server.running.process.poll() == -signal.SIGKILL


def test_nothing_that_tests_have_changed_is_in_it(installation: Installation) -> None:
    # This process was changed so; a copy of it would tell that.
    assert people._hasher.memory_cost != SERVED_HASHER.memory_cost
    told = installation.start(program="from annotator.services import people; print(people._hasher.memory_cost)")
    assert told.output() == f"{SERVED_HASHER.memory_cost}\n"

"""`annotator release`: makes and lists releases, and exports them."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.services.test_releases import finished
from tests.support.desk import Desk


@pytest.fixture
def desk(app: Flask) -> Desk:
    desk = Desk(app)
    finished(desk)
    return desk


def test_a_release_is_made_listed_and_exported(run, listed, desk: Desk) -> None:
    made = run("release", desk.slug, "1.0.0", "--note", "The first").stdout
    assert "1 gold claim" in made
    [row] = listed("release", "list", desk.slug)
    assert (row["version"], row["gold"], row["note"]) == ("1.0.0", 1, "The first")
    assert row["sha256"] in made
    first = run("export", desk.slug, "--layer", "gold", "--release", "1.0.0").stdout_bytes
    assert b"truce,1.0.0," in first
    assert run("export", desk.slug, "--layer", "gold", "--release", "1.0.0").stdout_bytes == first


def test_what_is_refused(run, desk: Desk) -> None:
    assert "not a version" in run("release", desk.slug, "one", status=1).stderr
    assert "no project" in run("release", "nowhere", "1.0.0", status=1).stderr
    run("release", desk.slug, status=2)
    run("release", status=2)
    assert "no release" in run("export", desk.slug, "--layer", "gold", "--release", "9.0.0", status=1).stderr

"""The demo gives every role something to see, is loaded once, and holds what its files say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from annotator import paths
from annotator.cli.demo import read_plan
from annotator.db import transaction
from annotator.domain.questions import Kind
from annotator.models import AssignmentKind, AssignmentState
from annotator.services import assignment_lists, checks, datasets, overview, people, projects, sign_in
from annotator.services.questions import questions

SEEDS = paths.seeds_folder()
LINK = re.compile(r"http://127\.0\.0\.1:5000/sign-in/(\S+)$", re.MULTILINE)


@pytest.fixture
def printed(runner, app: Flask) -> str:
    result = runner.invoke(args=["demo"])
    assert result.exit_code == 0, result.output
    return result.stdout


def rows(layer: str) -> list[dict]:
    with datasets.open_table(projects.by_slug("demo"), layer) as table:
        return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def test_four_links_are_printed_and_sign_their_people_in(app: Flask, printed: str) -> None:
    assert [line.split()[0] for line in printed.splitlines()] == ["manager", "adjudicator", "reviewer", "reviewer"]
    with app.app_context(), transaction():
        names = [sign_in.use_link(token).name for token in LINK.findall(printed)]
    assert len(set(names)) == 4


def test_a_second_time_keeps_the_work_and_makes_new_links(app: Flask, runner, printed: str) -> None:
    with app.app_context():
        before = [rows(layer) for layer in datasets.LAYERS]
    again = runner.invoke(args=["demo"])
    assert again.exit_code == 0
    assert set(LINK.findall(again.stdout)).isdisjoint(LINK.findall(printed))
    with app.app_context():
        assert [rows(layer) for layer in datasets.LAYERS] == before


def test_everybody_has_something_to_do(app: Flask, printed: str) -> None:
    with app.app_context():
        work = {cast.email: overview.of(cast)[0] for cast in people.everybody()}
        assert work["jonas@example.org"].to_adjudicate
        assert work["tomas@example.org"].in_progress == 1
        assert (work["rana@example.org"].done, work["rana@example.org"].to_review) == (2, 0)


def test_the_reviewers_agree_differ_and_miss_each_other(app: Flask, printed: str) -> None:
    with app.app_context():
        project = projects.by_slug("demo")
        [june, *_] = [each.article for each in assignment_lists.of_project(project)]
        views = questions(people.by_email("jonas@example.org"), june.id)
        assert {view.kind for view in views} == {Kind.AGREED, Kind.BOUNDARY, Kind.LABEL, Kind.SOME}
        assert "complete ceasefire" in {each.exact for view in views for each in view.versions}
        states = [each.state for each in assignment_lists.of_project(project) if each.kind is AssignmentKind.REVIEW]
        assert states.count(AssignmentState.SUBMITTED) == 3


def test_the_later_words_qualify_the_earlier(app: Flask, printed: str) -> None:
    with app.app_context():
        [link] = rows("links")
        quotes = {row["claim_id"]: row["exact"] for row in rows("annotations")}
        assert (quotes[link["a_claim_id"]], link["relation"], quotes[link["b_claim_id"]]) == (
            'calm "except for one or two separate incidents."', "qualifies", "complete ceasefire",
        )  # fmt: skip


def test_all_that_was_loaded_is_sound_and_complete(app: Flask, printed: str) -> None:
    with app.app_context():
        assert list(checks.findings()) == []
        assert {row["article_group"] for row in rows("articles")} == {"idlib-truces"}
        assert all(row["reason"] and row["speaker"] for row in rows("annotations"))


def test_another_project_of_that_name_is_not_touched(app: Flask, runner) -> None:
    with app.app_context(), transaction():
        projects.create("demo", "Ours")
    refused = runner.invoke(args=["demo"])
    assert refused.exit_code == 1
    assert "not the demo" in refused.stderr
    with app.app_context():
        assert rows("articles") == []


def test_the_stories_name_and_link_their_source_outside_the_story() -> None:
    for record in read_plan(SEEDS).records.values():
        furniture = "\n".join(record.text[block.start : block.end] for block in record.blocks if block.furniture)
        assert "Reuters" in furniture
        assert "https://" in furniture
        assert 200 <= len(record.text.split()) <= 400


def test_the_guideline_fits_a_page_and_speaks_of_every_label() -> None:
    guideline = Path(SEEDS / "guideline.md").read_text(encoding="utf-8")
    assert len(guideline.split()) < 700
    assert all(word in guideline for word in ("Sourced", "Disputed", "Unverified", "Attribution"))

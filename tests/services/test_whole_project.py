"""The file of a whole project: what is in it for whom, and an import that leaves nothing when it fails."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any, get_args

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from annotator.db import Base, db, now, transaction
from annotator.errors import Conflict, Invalid
from annotator.formats import part_records, work_records
from annotator.formats import project_records as records
from annotator.formats.whole_project import read_project, write_project
from annotator.models import Assignment, AssignmentKind, AssignmentState, Import, Membership, User
from annotator.services import adjudication_phase, imports, projects, unlisted_imports
from annotator.services.whole_project import imported_frame
from annotator.services.whole_project.exporting import project_lines
from annotator.services.whole_project.importing import import_project
from annotator.services.whole_project.names_here import NamesHere
from tests.services.test_releases import finished
from tests.support.desk import STORY, Desk, counted_statements

NOT_IN_THE_FILE = {
    # An id is that of its line, and what a line stands in is told by where it stands.
    "project": {"id", "slug", "created_at", "pseudonym_key"},
    "label": {"id", "project_id", "position", "created_at"},
    "guideline": {"id", "project_id"},
    "guideline_reading": {"project_id", "user_id"},
    "membership": {"project_id", "user_id", "created_at"},
    "article": {"project_id", "import_id", "position", "listed_at"},
    "article_version": {"id", "article_id", "length"},
    "article_block": {"version_id", "position"},
    "article_original": {"version_id"},
    "imported_suggestion": {"version_id"},
    "assignment": {"article_id"},
    "dismissed_suggestion": {"assignment_id"},
    "annotation": {"assignment_id"},
    "first_vote": {"annotation_id"},
    "claim_to_place": {"annotation_id"},
    "evidence": {"annotation_id", "n"},
    "link": {"project_id"},
    "link_decision": set(),
    "decision": set(),
    "gold_source": {"decision_id"},
    "second_round": {"decision_id", "article_id"},
    "second_round_answer": {"decision_id"},
    "post": {"article_id"},
    "mention": {"post_id"},
    "copy_member": {"article_id", "project_id"},
}
CALLED = {
    "user_id": "person", "version_id": "article_version", "label_id": "label", "linked_annotation_id": "annotation",
    "linked_article_id": "article", "gold_id": "gold", "replaces_id": "replaces", "annotation_id": "annotation",
    "assignment_id": "assignment", "a_id": "a", "b_id": "b", "link_id": "link", "taken_id": "taken", "group_id": "copy_group",
}  # fmt: skip
PARTS: dict[str, type[part_records.Part]] = {
    "project": records.ProjectPart, "label": records.LabelPart, "guideline": records.GuidelinePart,
    "guideline_reading": records.GuidelineReadPart, "membership": records.RolePart, "article": records.ArticleLine,
    "article_version": records.VersionPart, "article_block": records.BlockPart, "article_original": records.OriginalPart,
    "imported_suggestion": records.SuggestionPart,
    "assignment": work_records.AssignmentPart, "dismissed_suggestion": work_records.DismissedPart,
    "annotation": work_records.AnnotationPart, "first_vote": work_records.FirstVotePart,
    "claim_to_place": work_records.ToPlacePart, "evidence": work_records.EvidencePart,
    "link": records.LinkLine, "link_decision": records.LinkDecisionLine, "decision": work_records.DecisionPart, "gold_source": work_records.SourcePart,
    "second_round": work_records.SecondRoundPart, "second_round_answer": work_records.AnswerPart, "post": work_records.PostPart,
    "mention": work_records.MentionPart, "copy_member": work_records.CopyPart,
}  # fmt: skip
NOT_OF_A_PROJECT = {
    "user", "session", "sign_in_link", "sign_in_attempt", "api_token", "event", "import", "release", "release_part",
    "agreement_sums", "search_entry", "agreement_report", "errand", "copy_sketch", "shared_passage", "webhook", "webhook_origin", "webhook_delivery",
}  # fmt: skip


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def exported(desk: Desk, *, viewer: str = "") -> list[dict[str, Any]]:
    with desk.app.app_context():
        lines = project_lines(desk.project(), viewer=desk.user(viewer) if viewer else None)
        return [json.loads(line) for line in b"".join(write_project(lines)).splitlines()]


def as_file(lines: list[dict[str, Any]]) -> Callable[[], Any]:
    content = b"".join(json.dumps(line, separators=(",", ":")).encode() + b"\n" for line in lines)
    return partial(read_project, io.BytesIO(content))


def into(desk: Desk, slug: str, lines: list[dict[str, Any]], **options: Any) -> imports.FileReport:
    with desk.app.app_context():
        return import_project(projects.by_slug(slug), as_file(lines), "whole.jsonl", **options)


@pytest.fixture
def empty(desk: Desk) -> str:
    desk.write(lambda: projects.create("empty", "Empty"))
    return "empty"


def test_every_column_is_in_the_file_or_named_as_one_that_is_not() -> None:
    tables = {table.name: {column.name for column in table.columns} for table in Base.metadata.sorted_tables}
    assert set(tables) - NOT_OF_A_PROJECT == set(PARTS)
    for name, part in PARTS.items():
        carried = {CALLED.get(column, column) for column in tables[name] - NOT_IN_THE_FILE[name]}
        assert carried == set(part.model_fields) & (carried | tables[name]), name


def test_the_words_of_the_file_are_those_of_the_database() -> None:
    assert set(get_args(part_records.AssignmentKind)) == {kind.value for kind in AssignmentKind}
    assert set(get_args(part_records.AssignmentState)) == {state.value for state in AssignmentState}


def test_a_viewer_gets_no_work_that_has_not_opened_and_the_file_says_so(desk: Desk) -> None:
    done = finished(desk)
    blind = desk.article("They spoke of a partial ceasefire.")
    desk.mark("ada", blind, "partial ceasefire")
    whole, seen = exported(desk), exported(desk, viewer="mia")
    assert (whole[0]["complete"], whole[0]["left_out"]) == (True, [])
    assert seen[0]["complete"] is False
    assert "have not opened" in seen[0]["left_out"][0]
    assert {line["id"]: len(line["assignments"]) for line in whole[1:3]} == {done: 3, blind: 2}
    assert {line["id"]: len(line["assignments"]) for line in seen[1:3]} == {done: 3, blind: 0}
    assert "partial" not in json.dumps(seen[2]["assignments"])


def test_nothing_of_an_article_that_is_being_adjudicated_is_in_a_viewers_file(desk: Desk) -> None:
    article = finished(desk)
    desk.write(lambda: adjudication_phase.reopen(desk.user("jo"), article))
    assert exported(desk, viewer="mia")[1]["assignments"] == []
    assert len(exported(desk)[1]["assignments"]) == 3


def test_no_address_is_in_the_file(desk: Desk) -> None:
    finished(desk)
    assert "@example.org" not in json.dumps(exported(desk))


def test_the_statements_do_not_grow_with_the_work(desk: Desk) -> None:
    def statements() -> int:
        with counted_statements(desk.app) as seen:
            exported(desk)
        return len(seen)

    finished(desk)
    before = statements()
    for n in range(5):
        finished(desk, f"{STORY} {n}")
    assert statements() == before


def test_people_without_an_account_stay_known_and_cannot_sign_in(desk: Desk, empty: str) -> None:
    finished(desk)
    report = into(desk, empty, exported(desk), people={"Ada": "ada@example.org"})
    assert any("without an account" in warning for warning in report.warnings)
    with desk.app.app_context():
        rows = db.session.execute(
            select(User.name, User.email, User.disabled_at)
            .join(Membership, Membership.user_id == User.id)
            .where(Membership.project_id == projects.by_slug(empty).id)
        ).all()
    there = {row.name: row for row in rows}
    assert set(there) == {"Ada", "Ben", "Jo", "Mia"}
    assert (there["Ada"].email, there["Ada"].disabled_at) == ("ada@example.org", None)
    assert all(
        row.disabled_at and row.email.endswith("@imported.invalid") for name, row in there.items() if name != "Ada"
    )


@pytest.mark.parametrize(
    ("people", "problem"),
    [
        ({"Nobody": "ada@example.org"}, "Nobody in the file"),
        ({"Ada": "none@example.org"}, "There is no account"),
        ({"Ada": "ada@example.org", "Ben": "ada@example.org"}, "named twice"),
    ],
)
def test_a_mapping_that_fits_nobody_is_refused(desk: Desk, empty: str, people: dict[str, str], problem: str) -> None:
    finished(desk)
    before = counts(desk)
    with pytest.raises(Invalid, match=problem):
        into(desk, empty, exported(desk), people=people)
    assert counts(desk) == before


def test_it_comes_into_an_empty_project_only(desk: Desk, empty: str) -> None:
    finished(desk)
    lines = exported(desk)
    with pytest.raises(Conflict, match="empty one only"):
        into(desk, desk.slug, lines)
    assert into(desk, empty, lines).added == 1
    with pytest.raises(Conflict, match="empty one only"):
        into(desk, empty, lines)


def test_a_dry_run_stores_nothing(desk: Desk, empty: str) -> None:
    finished(desk)
    before = counts(desk)
    assert into(desk, empty, exported(desk), dry_run=True).added == 1
    assert counts(desk) == before


def counts(desk: Desk) -> dict[str, int]:
    """How many rows each table has, but for the record of what happened."""
    with desk.app.app_context():
        return {
            table.name: db.session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
            if table.name not in {"event", "import"}
        }


def test_what_does_not_fit_together_leaves_nothing(desk: Desk, empty: str) -> None:
    finished(desk)
    lines = exported(desk)
    lines[1]["assignments"][1]["annotations"][0]["evidence"] = [
        {
            "stance": "supports", "kind": None, "source": "", "quote": "", "url": "", "archived_url": "",
            "published": None, "annotation": "00000000-0000-4000-8000-000000000000", "article": None, "start": None,
            "end": None,
        }
    ]  # fmt: skip
    before = counts(desk)
    with pytest.raises(Conflict, match="does not fit together"):
        into(desk, empty, lines)
    assert counts(desk) == before
    lines[1]["assignments"][1]["annotations"][0]["evidence"] = []
    assert into(desk, empty, lines).added == 1


def test_what_an_interrupted_import_leaves_is_swept(desk: Desk, empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    finished(desk)
    lines, before = exported(desk), counts(desk)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    # As after kill -9: nobody is there any more to clear up.
    with monkeypatch.context() as dying:
        dying.setattr(imported_frame, "finish", die)
        dying.setattr(unlisted_imports, "discard", lambda _: None)
        with pytest.raises(KeyboardInterrupt):
            into(desk, empty, lines)
    assert counts(desk) != before
    with pytest.raises(Conflict):
        into(desk, empty, lines)
    with desk.app.app_context(), transaction():
        db.session.execute(update(Import).values(touched_at=now() - timedelta(hours=1)))
    with desk.app.app_context():
        assert unlisted_imports.sweep_stale() == 1
    assert counts(desk) == before
    assert into(desk, empty, lines).added == 1


def test_nobody_sees_anything_of_it_before_all_of_it_is_there(
    desk: Desk, empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished(desk)
    lines = exported(desk)
    seen: list[int] = []
    finish = imported_frame.finish

    def look(names: NamesHere, header: records.Header) -> None:
        member = select(func.count()).select_from(Membership).where(Membership.project_id == names.project_id)
        seen.append(db.session.scalar(member) or 0)
        seen.append(db.session.scalar(select(func.count(Assignment.id))) or 0)
        finish(names, header)

    monkeypatch.setattr(imported_frame, "finish", look)
    into(desk, empty, lines)
    assert seen == [0, 6]


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda lines: lines.pop(), "cut off"),
        (lambda lines: lines.pop(1), "should have 1"),
        (lambda lines: lines.append(lines[-1]), "something after the end"),
        (lambda lines: lines.insert(1, {"type": "person"}), "Here stands no"),
        (lambda lines: lines[0].update(format_version=2), "Line 1, field 'format_version'"),
        (lambda lines: lines[0]["project"].update(reviewers="many"), "field 'project.reviewers'"),
        (lambda lines: lines[1].update(colour="red"), "field 'colour'"),
        (lambda lines: lines[1]["versions"][0].update(text="Another text."), "does not match its SHA-256"),
        (lambda lines: lines[1]["assignments"][0].update(person="2" * 16), "none of the people"),
        (lambda lines: _claim(lines).update(exact="no quote"), "not what the text says"),
        (lambda lines: _claim(lines).update(label="no-label"), "no such label"),
        (lambda lines: _claim(lines).update(note="\0"), "note"),
        (lambda lines: lines[1]["assignments"][0].update(article_version=7), "no such version"),
    ],
)
def test_what_is_wrong_is_said_by_line_and_field(desk: Desk, empty: str, spoil: Any, problem: str) -> None:
    finished(desk)
    lines, before = exported(desk), counts(desk)
    spoil(lines)
    report = into(desk, empty, lines)
    assert any(problem in str(error) for error in report.errors), [str(error) for error in report.errors]
    assert counts(desk) == before


def _claim(lines: list[dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in lines[1]["assignments"] if each["annotations"])["annotations"][0]
    return found

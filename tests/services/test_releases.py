"""A release never changes: what it holds, what it leaves out, and what has changed since."""

from __future__ import annotations

import hashlib
from contextlib import closing

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DatabaseError

from annotator.db import db, transaction
from annotator.domain.release_changes import Change, Difference
from annotator.errors import Conflict, Invalid, NotFound
from annotator.formats import catalogue, writing
from annotator.models import Outcome, Release, ReleasePart
from annotator.services import adjudication, adjudication_phase, article_details, checks, datasets, freezing, releases
from annotator.services.adjudication import Answer
from annotator.services.questions import questions
from tests.support.desk import STORY, Desk

FILES = catalogue.hashed_formats()


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def finished(desk: Desk, story: str = STORY, label: str = "sourced") -> str:
    """An article whose one claim is settled."""
    article = desk.article(story)
    for name in ("ada", "ben"):
        desk.mark(name, article, "complete ceasefire", label, note="a\nb\u2028c")
        desk.submit(name, article)
    desk.write(lambda: settle(desk, article))
    return article


def settle(desk: Desk, article: str) -> None:
    jo = desk.user("jo")
    for view in questions(jo, article):
        adjudication.decide(jo, article, view.id, Answer(Outcome.ACCEPT, annotation=view.versions[0].id))
    adjudication_phase.finish(jo, article)


def release(desk: Desk, version: str, note: str = "") -> str:
    """Freeze one; its manifest's hash."""
    with desk.app.app_context(), freezing.gathered(desk.project(), version, note=note, files=FILES) as found:
        with transaction():
            made = freezing.store(desk.project(), found, by=desk.user("mia"))
        return made.sha256


def content(desk: Desk, version: str, layer: str = "gold", form: str = "csv") -> bytes:
    with desk.app.app_context(), releases.open_table(releases.find(desk.project(), version), layer) as table:
        return b"".join(writing.write(table.columns, table.rows, form))


def present(desk: Desk, layer: str = "gold", form: str = "csv") -> bytes:
    with desk.app.app_context(), datasets.open_table(desk.project(), layer) as table:
        return b"".join(writing.write(table.columns, table.rows, form))


def test_a_release_is_what_was_settled_and_says_its_version(desk: Desk) -> None:
    finished(desk)
    expected = present(desk)
    release(desk, "1.0.0")
    assert content(desk, "1.0.0") == expected.replace(b"truce,,", b"truce,1.0.0,")
    assert content(desk, "1.0.0").count(b"1.0.0") == 1


def test_every_layer_of_a_release_hashes_to_what_its_manifest_says(desk: Desk) -> None:
    finished(desk)
    release(desk, "1.0.0", note="The first")
    with desk.app.app_context():
        found = releases.find(desk.project(), "1.0.0")
        manifest = releases.manifest_of(found)
        assert hashlib.sha256(found.manifest.encode()).hexdigest() == found.sha256
    assert set(manifest["layers"]) == set(datasets.RELEASED)
    for layer, described in manifest["layers"].items():
        for form, expected in described["files"].items():
            assert hashlib.sha256(content(desk, "1.0.0", layer, form)).hexdigest() == expected, (layer, form)
    assert (manifest["version"], manifest["previous"], manifest["note"]) == ("1.0.0", None, "The first")
    assert manifest["finished_articles"] == 1
    assert manifest["agreement"]["articles"] == 1
    assert [label["key"] for label in manifest["labels"]] == ["sourced", "disputed", "unverified"]


def test_work_that_follows_changes_nothing_in_it(desk: Desk) -> None:
    article = finished(desk)
    release(desk, "1.0.0")
    before = {layer: content(desk, "1.0.0", layer) for layer in datasets.LAYERS}
    desk.write(lambda: adjudication_phase.reopen(desk.user("jo"), article))
    desk.write(lambda: undo_all(desk, article))
    finished(desk, "Later they spoke of a complete ceasefire again.", "disputed")
    assert {layer: content(desk, "1.0.0", layer) for layer in datasets.LAYERS} == before


def undo_all(desk: Desk, article: str) -> None:
    for view in questions(desk.user("jo"), article):
        if view.decision:
            adjudication.undo(desk.user("jo"), view.decision.id)


def test_reviewers_work_of_unfinished_articles_is_not_in_it(desk: Desk) -> None:
    finished(desk)
    other = desk.article("They spoke of a partial ceasefire.")
    desk.mark("ada", other, "partial ceasefire")
    release(desk, "1.0.0")
    assert b"partial" not in content(desk, "1.0.0", "annotations")
    assert b"partial" in present(desk, "annotations")
    assert content(desk, "1.0.0", "annotations").count(b"complete ceasefire") == 2


def test_two_releases_of_one_state_differ_in_their_version_only(desk: Desk) -> None:
    finished(desk)
    release(desk, "1.0.0")
    release(desk, "1.0.1")
    for layer in datasets.LAYERS:
        assert content(desk, "1.0.1", layer).replace(b"1.0.1", b"1.0.0") == content(desk, "1.0.0", layer)


@pytest.mark.parametrize(("version", "error"), [("1.0.0", Conflict), ("0.9.0", Conflict), ("one", Invalid)])
def test_versions_rise(desk: Desk, version: str, error: type[Exception]) -> None:
    finished(desk)
    release(desk, "1.0.0")
    with pytest.raises(error):
        release(desk, version)
    with desk.app.app_context():
        assert [each.version for each in releases.of_project(desk.project())] == ["1.0.0"]


def test_nothing_finished_is_nothing_to_release(desk: Desk) -> None:
    desk.article()
    with pytest.raises(Conflict, match="No article is finished"):
        release(desk, "1.0.0")


def test_of_two_at_once_the_second_is_told(desk: Desk) -> None:
    finished(desk)
    with desk.app.app_context(), freezing.gathered(desk.project(), "1.0.0", files=FILES) as found:
        release(desk, "1.1.0")
        with pytest.raises(Conflict), transaction():
            freezing.store(desk.project(), found)
    with desk.app.app_context():
        assert [each.version for each in releases.of_project(desk.project())] == ["1.1.0"]


def test_people_go_on_saving_while_a_release_is_gathered(desk: Desk) -> None:
    finished(desk)
    other = desk.article("They spoke of a partial ceasefire.")
    with desk.app.app_context(), freezing.gathered(desk.project(), "1.0.0", files=FILES) as found:
        desk.mark("ada", other, "partial ceasefire")
        with transaction():
            freezing.store(desk.project(), found)
    # A header and the one article that is finished.
    assert content(desk, "1.0.0", "articles").count(b"\n") == 2


def test_rows_of_many_parts_come_back_in_order(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(5):
        finished(desk, f"Number {n} spoke of a complete ceasefire.")
    release(desk, "1.0.0")
    monkeypatch.setattr(freezing, "PART", 250)
    release(desk, "1.0.1")
    with desk.app.app_context():
        parts = db.session.scalars(select(ReleasePart.n).where(ReleasePart.layer == "gold").order_by(ReleasePart.n))
        assert len(list(parts)) > 4
    assert content(desk, "1.0.1").replace(b"1.0.1", b"1.0.0") == content(desk, "1.0.0")


@pytest.mark.parametrize(
    "change", [update(Release).values(note="other"), delete(ReleasePart)], ids=["update", "delete"]
)
def test_the_database_refuses_to_change_it(desk: Desk, change: object) -> None:
    finished(desk)
    release(desk, "1.0.0")
    with desk.app.app_context(), pytest.raises(DatabaseError, match="never changed"), transaction():
        db.session.execute(change)  # type: ignore[call-overload]


def test_a_check_finds_what_was_changed_all_the_same(desk: Desk, database_engine: str) -> None:
    finished(desk)
    release(desk, "1.0.0")
    with desk.app.app_context():
        assert list(checks.findings()) == []
        on = " ON release_part" if database_engine == "postgresql" else ""
        with transaction():
            db.session.execute(text(f"DROP TRIGGER release_part_delete{on}"))
            db.session.execute(delete(ReleasePart).where(ReleasePart.layer == "gold"))
        assert ["Release 1.0.0 of truce" in str(each) for each in checks.findings()] == [True]


def differences(desk: Desk, since: str, until: str | None = None) -> dict[str, list[Difference]]:
    with desk.app.app_context(), releases.changes(desk.project(), since, until) as found:
        return {"claims": list(found.claims), "links": list(found.links), "articles": list(found.articles)}


def test_what_changed_since(desk: Desk) -> None:
    article = finished(desk)
    desk.article("They spoke of a partial ceasefire.")
    release(desk, "1.0.0")
    assert differences(desk, "1.0.0") == {"claims": [], "links": [], "articles": []}
    desk.write(lambda: adjudication_phase.reopen(desk.user("jo"), article))
    desk.write(lambda: undo_all(desk, article))
    other = finished(desk, "Later they spoke of a complete ceasefire again.", "disputed")
    found = differences(desk, "1.0.0")
    assert [(each.change, each.row["article_id"]) for each in found["claims"]] == [
        (Change.DROPPED, article),
        (Change.ADDED, other),
    ]
    # An article whose adjudication was reopened is not settled.
    assert [(each.change, each.row["article_id"]) for each in found["articles"]] == [
        (Change.DROPPED, article),
        (Change.ADDED, other),
    ]
    release(desk, "1.1.0")
    assert [each.change for each in differences(desk, "1.0.0", "1.1.0")["claims"]] == [Change.DROPPED, Change.ADDED]


def test_corrected_details_change_no_release_and_are_told_of_the_article_alone(desk: Desk) -> None:
    article = finished(desk)
    release(desk, "1.0.0")
    with desk.app.app_context():
        before = [
            list(releases.table(releases.find(desk.project(), "1.0.0"), layer).rows) for layer in ("gold", "articles")
        ]
    changes = {"publisher": "The Sea"}
    desk.write(lambda: article_details.change(desk.user("mia"), article, changes, as_of=1))
    found = differences(desk, "1.0.0")
    assert (found["claims"], [each.change for each in found["articles"]]) == ([], [Change.DETAILS])
    with desk.app.app_context():
        frozen = releases.find(desk.project(), "1.0.0")
        assert [list(releases.table(frozen, layer).rows) for layer in ("gold", "articles")] == before


def test_unknown_releases_and_layers(desk: Desk) -> None:
    finished(desk)
    release(desk, "1.0.0")
    with desk.app.app_context():
        with pytest.raises(NotFound):
            releases.find(desk.project(), "2.0.0")
        with pytest.raises(Invalid):
            releases.table(releases.find(desk.project(), "1.0.0"), "everything")
        with closing(releases.table(releases.find(desk.project(), "1.0.0"), "gold").rows) as rows:  # type: ignore[type-var]
            assert len(list(rows)) == 1

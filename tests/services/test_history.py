"""The history of a claim: every step told, by whom and under which guideline; seen exactly by who may see the claim."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from annotator.db import db
from annotator.domain.claims import Evidence, Speaker, Stance
from annotator.errors import NotFound
from annotator.models import Membership
from annotator.services import annotations as claims
from annotator.services import claim_places, history, projects
from annotator.services.claims import claim_of
from tests.support.desk import Desk, counted_statements


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def change(desk: Desk, article: str, claim_id: UUID, **fields: Any) -> None:
    def put() -> None:
        ada = desk.user("ada")
        present = claims.get_for(ada, claim_id)
        claims.put(ada, article, claim_id, replace(claim_of(present), **fields), if_version=present.version)

    desk.write(put)


def delete(desk: Desk, claim_id: UUID, version: int) -> None:
    desk.write(lambda: claims.delete(desk.user("ada"), claim_id, if_version=version))


def write_guideline(desk: Desk, text: str) -> None:
    desk.write(lambda: projects.write_guideline(desk.project(), text))


def steps(desk: Desk, name: str, claim_id: UUID) -> list[history.Step]:
    with desk.app.app_context():
        return history.of(desk.user(name), claim_id).steps


def test_every_change_is_a_step_with_old_and_new_value(desk: Desk) -> None:
    article = desk.article()
    claim_id = desk.mark("ada", article, "complete ceasefire", speaker=Speaker("Ministry"))
    change(desk, article, claim_id, label="disputed", reason="contradicted")
    change(desk, article, claim_id, evidence=(Evidence(Stance.REFUTES, source="Residents"),))
    told = steps(desk, "ada", claim_id)
    assert [step.version for step in told] == [1, 2, 3]
    assert [[(each.field, each.before, each.after) for each in step.changes] for step in told] == [
        [],
        [("label", "sourced", "disputed"), ("reason", None, "contradicted")],
        [("evidence", None, {"stance": "refutes", "source": "Residents"})],
    ]
    assert {step.by.name for step in told if step.by} == {"Ada"}


def test_a_deletion_and_the_way_back_are_steps(desk: Desk) -> None:
    article = desk.article()
    claim_id = desk.mark("ada", article, "three towns", "unverified")
    delete(desk, claim_id, 1)
    assert [step.deleted for step in steps(desk, "ada", claim_id)] == [False, True]
    claim = desk.claim(article, "three towns", "unverified")
    desk.write(lambda: claims.put(desk.user("ada"), article, claim_id, claim, if_version=2))
    told = steps(desk, "ada", claim_id)
    assert [(step.deleted, step.brought_back) for step in told] == [(False, False), (True, False), (False, True)]
    assert told[-1].changes == []


def test_a_step_back_names_the_version_that_it_goes_back_to(desk: Desk) -> None:
    article = desk.article()
    claim_id = desk.mark("ada", article, "three towns", "unverified")
    change(desk, article, claim_id, note="x")
    change(desk, article, claim_id, note="")
    assert [step.again for step in steps(desk, "ada", claim_id)] == [None, None, 1]


def test_each_step_carries_the_guideline_that_was_in_force(desk: Desk) -> None:
    article = desk.article()
    claim_id = desk.mark("ada", article, "three towns", "unverified")
    for text in ("one", "two"):
        write_guideline(desk, text)
        change(desk, article, claim_id, note=text)
    assert [step.guideline for step in steps(desk, "ada", claim_id)] == [None, 1, 2]
    with desk.app.app_context():
        assert history.of(desk.user("ada"), claim_id).guideline == 2


def test_others_see_it_exactly_when_they_may_see_the_claim(desk: Desk) -> None:
    article = desk.article()
    claim_id = desk.mark("ada", article, "three towns", "unverified")
    readers = ("ben", "jo", "mia", "sam")
    for name in readers:
        with pytest.raises(NotFound):
            steps(desk, name, claim_id)
    desk.submit("ada", article)
    desk.submit("ben", article)
    for name in ("ben", "sam"):
        with pytest.raises(NotFound):
            steps(desk, name, claim_id)
    for name in ("jo", "mia"):
        assert len(steps(desk, name, claim_id)) == 1


def test_a_deleted_claim_has_a_history_for_its_owner_only(desk: Desk) -> None:
    article = desk.article()
    claim_id = desk.mark("ada", article, "three towns", "unverified")
    delete(desk, claim_id, 1)
    desk.submit("ada", article)
    desk.submit("ben", article)
    assert len(steps(desk, "ada", claim_id)) == 2
    with pytest.raises(NotFound):
        steps(desk, "jo", claim_id)


def test_who_left_the_project_no_longer_reads_what_they_marked(desk: Desk) -> None:
    article = desk.article()
    claim_id = desk.mark("ada", article, "three towns", "unverified")
    desk.write(lambda: db.session.query(Membership).filter_by(user_id=desk.ids["ada"]).delete())
    with pytest.raises(NotFound):
        steps(desk, "ada", claim_id)


def test_a_claim_that_does_not_exist_has_none(desk: Desk) -> None:
    for look in (history.of, claim_places.of):
        with desk.app.app_context(), pytest.raises(NotFound):
            look(desk.user("ada"), uuid4())


def test_a_long_history_costs_no_more_statements_than_a_short_one(desk: Desk, app: Flask) -> None:
    article = desk.article()
    claim_id = desk.mark("ada", article, "three towns", "unverified")
    counts = []
    for note in range(12):
        with app.app_context(), counted_statements(app) as statements:
            history.of(desk.user("ada"), claim_id)
        counts.append(len(statements))
        change(desk, article, claim_id, note=str(note))
    assert len(set(counts)) == 1


def place(desk: Desk, name: str, claim_id: UUID) -> claim_places.Place:
    with desk.app.app_context():
        return claim_places.of(desk.user(name), claim_id)


def test_everybody_is_led_to_where_they_read_the_claim(desk: Desk) -> None:
    article = desk.article()
    claim_id = desk.mark("ada", article, "three towns", "unverified")
    assert place(desk, "ada", claim_id) == claim_places.Place(article)
    for name in ("ben", "jo", "mia"):
        with pytest.raises(NotFound):
            place(desk, name, claim_id)
    desk.submit("ada", article)
    desk.submit("ben", article)
    jo = place(desk, "jo", claim_id)
    assert (jo.article_id, jo.adjudicated, jo.question is not None) == (article, True, True)
    assert place(desk, "mia", claim_id) == claim_places.Place(article)
    with pytest.raises(NotFound):
        place(desk, "ben", claim_id)


def test_a_deleted_claim_is_read_in_its_history(desk: Desk) -> None:
    article = desk.article()
    claim_id = desk.mark("ada", article, "three towns", "unverified")
    delete(desk, claim_id, 1)
    assert place(desk, "ada", claim_id) == claim_places.Place(article, history=True)

"""The pages of copies: who sees them, what they offer, and that each act does what it says."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from annotator.db import db
from annotator.models import CopyMember, CopyState
from tests.matching.test_copies import Newsroom
from tests.support.desk import counted_statements
from tests.support.people import open_browser
from tests.support.program import Office

PAGE = "/projects/truce/copies"


@pytest.fixture
def office(app: Flask) -> Office:
    return Office(app)


def add(office: Office, *texts: str) -> list[str]:
    """Store articles by program, which finds copies at once in so small a project."""
    articles = [{"text": text, "title": f"Story {n}", "publisher": f"Paper {n}"} for n, text in enumerate(texts)]
    return [each["id"] for each in office.mia.post("/projects/truce/articles", {"articles": articles}).json["items"]]


def states(office: Office) -> list[CopyState]:
    with office.app.app_context():
        return list(db.session.scalars(select(CopyMember.state)))


def test_a_manager_confirms_rejects_and_takes_back(office: Office) -> None:
    room = Newsroom(4)
    wire = room.story(["Idlib"])
    first, *_ = add(office, wire, room.edited(wire), room.edited(wire), room.story(["Idlib"]))
    mia = open_browser(office.app, "Mia")
    page = mia.get(PAGE).text
    assert "All (1)" in page
    assert [f"Paper {n}" in page for n in range(4)] == [True, True, True, False]
    [group] = office.mia.get("/projects/truce/copies").json["items"]
    assert next(each["article"] for each in group["articles"]) == first
    there = f"{PAGE}/{group['id']}"
    assert mia.post(f"{there}/confirm", {"page": "group"}).location == there
    assert states(office) == [CopyState.CONFIRMED] * 3
    mia.post(f"{there}/reject", {"article": first})
    assert sorted(states(office)) == ["confirmed", "confirmed", "rejected"]
    mia.post(f"{there}/reject")
    assert states(office) == [CopyState.REJECTED] * 3
    refused = mia.post(f"{there}/confirm", {"article": first}, follow_redirects=True)
    assert "This group was rejected" in refused.text
    assert "No group is in this state" in mia.get(f"{PAGE}?state=confirmed").text
    mia.post(f"{there}/undo")
    assert states(office) == [CopyState.SUGGESTED] * 3
    assert mia.post(f"{there}/burn").status_code == 404
    assert office.mia.get("/projects/truce/copies?state=confirmed").json == {"items": [], "next": None}


def test_two_articles_stand_side_by_side_with_what_differs(office: Office) -> None:
    room = Newsroom(4)
    wire = room.story(["Idlib"])
    first, second, third = add(office, wire, wire.replace("Idlib", "Aleppo"), wire)
    [group] = office.mia.get("/projects/truce/copies").json["items"]
    page = open_browser(office.app, "Jo").get(f"{PAGE}/{group['id']}?left={first}&right={second}").text
    assert "<mark>Idlib</mark>" in page
    assert "<mark>Aleppo</mark>" in page
    same = open_browser(office.app, "Jo").get(f"{PAGE}/{group['id']}?left={first}&right={third}").text
    assert "<mark>" not in same


def test_what_waits_is_looked_for_on_demand(office: Office) -> None:
    room = Newsroom(4)
    wire = room.story(["Idlib"])
    office.article(text=wire)
    office.article(text=room.edited(wire))
    mia = open_browser(office.app, "Mia")
    assert "Not compared yet: 2 articles." in mia.get(PAGE).text
    assert "have copies now: 2" in mia.post(f"{PAGE}/look", follow_redirects=True).text
    assert "Every article was compared already" in mia.post(f"{PAGE}/look", follow_redirects=True).text


def test_the_statements_are_the_same_for_many_groups(office: Office) -> None:
    room = Newsroom(4)
    counts: list[int] = []
    mia = open_browser(office.app, "Mia")
    for _ in range(2):
        for _ in range(1 + 3 * len(counts)):
            wire = room.story(["Idlib"])
            add(office, wire, room.edited(wire))
        with counted_statements(office.app) as statements:
            mia.get(PAGE)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 12

"""Contradictions that the dates speak against: their authors are told of them, and whoever makes a release is warned."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import partial
from html import unescape
from itertools import combinations
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select, update

from annotator.db import db
from annotator.domain.claims import Relation
from annotator.domain.date_guard import Window, overlap, window_of
from annotator.formats import catalogue
from annotator.formats.release import documents
from annotator.models import Annotation, Assignment, AssignmentState, Link, LinkLayer, Membership, Outcome
from annotator.services import (
    adjudication,
    adjudication_phase,
    dated_links,
    freezing,
    links,
)
from annotator.services.adjudication import Answer
from annotator.services.links import Proposal
from annotator.services.questions import questions
from tests.services.test_article_details import FACTS, JANUARY, contradiction, put
from tests.support.desk import STORY, Desk
from tests.support.people import OpenBrowser

TIMES: Sequence[tuple[date | None, date | None]] = (
    (None, None),
    (date(2019, 6, 1), None),
    (date(2019, 6, 1), date(2019, 6, 12)),
    (date(2019, 6, 12), None),
    (date(2019, 6, 13), date(2020, 1, 12)),
    (date(2020, 1, 12), None),
)


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def told(desk: Desk, name: str = "ada") -> list[str]:
    with desk.app.app_context():
        return [each.why for each in dated_links.own(desk.user(name))]


def link(desk: Desk, name: str, a: UUID, b: UUID, relation: Relation = Relation.CONTRADICTS) -> str:
    return desk.write(lambda: links.create(desk.user(name), "truce", Proposal(a, b, relation)).link.id)


def test_only_its_author_is_told_until_the_dates_or_the_link_are_others(desk: Desk) -> None:
    one, _, _ = contradiction(desk)
    assert told(desk) == []
    put(desk, one, published=JANUARY)
    [why] = told(desk)
    assert "Claims about different times can both be true" in why
    assert [told(desk, name) for name in ("ben", "jo", "mia")] == [[], [], []]
    put(desk, one, published=FACTS["published"])
    assert told(desk) == []
    put(desk, one, published=JANUARY)
    with desk.app.app_context():
        [link_id] = db.session.scalars(select(Link.id))
    desk.write(lambda: links.change(desk.user("ada"), link_id, {"relation": Relation.QUALIFIES}))
    assert told(desk) == []


def test_the_start_page_leads_its_author_to_the_link_and_says_nothing_to_others(
    desk: Desk, open_browser: OpenBrowser
) -> None:
    one, _, _ = contradiction(desk)
    browsers = {name: open_browser(name) for name in ("Ada", "Ben", "Jo", "Mia")}

    def pages() -> dict[str, str]:
        return {
            name: re.sub(r'name="csrf_token" value="[^"]*"', "", browser.get("/").text)
            for name, browser in browsers.items()
        }

    before = pages()
    put(desk, one, published=JANUARY)
    after = pages()
    assert [name for name in browsers if before[name] != after[name]] == ["Ada"]
    assert "Contradictions of yours that the dates speak against" in after["Ada"]
    [address] = re.findall(r'href="(/projects/truce/compare\?link=[^"]+)"', after["Ada"])
    answer = browsers["Ada"].get(unescape(address), follow_redirects=True)
    assert "link-doubt" in answer.text
    assert browsers["Ben"].get(unescape(address)).status_code == 404


def test_who_can_change_it_no_more_is_told_no_more(desk: Desk) -> None:
    one, other, _ = contradiction(desk)
    put(desk, one, published=JANUARY)
    for article in (one, other):
        desk.submit("ada", article)
    # They may reopen what they submitted.
    assert len(told(desk)) == 1

    def lock(article: str) -> None:
        state = {Assignment.state: AssignmentState.LOCKED}
        db.session.execute(update(Assignment).where(Assignment.article_id == article).values(state))

    desk.write(lambda: lock(one))
    assert len(told(desk)) == 1
    desk.write(lambda: lock(other))
    assert told(desk) == []


def test_who_left_the_project_or_gave_the_article_back_is_not_told(desk: Desk) -> None:
    one, _, _ = contradiction(desk)
    put(desk, one, published=JANUARY)

    def member(there: bool) -> None:
        ada = desk.user("ada").id
        if there:
            db.session.add(Membership(project_id=desk.project().id, user_id=ada, role="reviewer"))
        else:
            db.session.query(Membership).filter_by(user_id=ada).delete()

    desk.write(lambda: member(False))
    assert told(desk) == []
    desk.write(lambda: member(True))
    assert len(told(desk)) == 1
    desk.write(lambda: db.session.execute(update(Assignment).values(kind="returned")))
    assert told(desk) == []


def test_the_database_says_what_the_date_guard_says(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each pair of times, on texts of one day, of another and of none that is known."""
    monkeypatch.setattr(dated_links, "MOST", 1_000)
    windows: dict[UUID, Window | None] = {}
    for day in (None, date(2019, 6, 12), JANUARY):
        article = desk.article(f"{STORY} {day}", published=day)
        for start, end in TIMES:
            claim = desk.mark("ada", article, "three towns", event_start=start, event_end=end)
            windows[claim] = window_of(start, end, day)
    pairs = {uuid4().hex[:16]: ends for ends in combinations(windows, 2)}

    def store() -> None:
        # As an import does: nothing is refused.
        known = {"project_id": desk.project().id, "user_id": desk.user("ada").id, "layer": LinkLayer.ANNOTATIONS}
        for key, (a, b) in pairs.items():
            db.session.add(Link(id=key, a_id=a, b_id=b, relation=Relation.CONTRADICTS, note="", **known))

    desk.write(store)
    with desk.app.app_context():
        found = dated_links.own(desk.user("ada"))
    assert {each.id for each in found} == {key for key, (a, b) in pairs.items() if not overlap(windows[a], windows[b])}
    assert all(each.why for each in found)


def settled_contradiction(desk: Desk) -> tuple[str, str]:
    """A finished article that Jo contradicts in gold by another one: its id, and the link's."""
    articles = [desk.article(f"{STORY} {word}.", **FACTS) for word in ("Then", "Later")]
    for article, name in ((article, name) for article in articles for name in ("ada", "ben")):
        desk.mark(name, article, "three towns")
        desk.submit(name, article)

    def settle(article: str) -> UUID:
        jo = desk.user("jo")
        [view] = questions(jo, article)
        adjudication.decide(jo, article, view.id, Answer(Outcome.ACCEPT, annotation=view.versions[0].id))
        gold = (
            select(Annotation.id)
            .join(Assignment)
            .where(Assignment.article_id == article, Assignment.kind == "adjudication")
        )
        return db.session.scalars(gold).one()

    def finish(article: str) -> None:
        adjudication_phase.finish(desk.user("jo"), article)

    a, b = (desk.write(partial(settle, article)) for article in articles)
    made = link(desk, "jo", a, b)
    for article in articles:
        desk.write(partial(finish, article))
    return articles[0], made


def gathered(desk: Desk) -> tuple[list[str], dict[str, Any], str]:
    """The warnings of a release made now, its manifest and its card."""
    with (
        desk.app.app_context(),
        freezing.gathered(desk.project(), "1.0.0", files=catalogue.hashed_formats(), about=documents) as found,
    ):
        card = "".join(content.decode() for name, content in documents(found.manifest).items() if name == "README.md")
        return found.warnings, found.manifest, card


def test_a_release_counts_gold_contradictions_in_doubt_and_leaves_them_in(desk: Desk) -> None:
    article, made = settled_contradiction(desk)
    warnings, manifest, card = gathered(desk)
    assert (warnings, manifest["contradictions_against_dates"]) == ([], [])
    assert "contradictions_against_dates" not in card
    put(desk, article, published=JANUARY)
    warnings, manifest, card = gathered(desk)
    assert manifest["contradictions_against_dates"] == [made]
    assert manifest["layers"]["links"]["rows"] == 1
    [warning] = warnings
    assert warning.startswith("A gold contradiction joins claims that are about different times")
    assert made in warning
    assert "1 gold link of the relation `contradicts` joins" in card


def test_reviewers_contradictions_in_doubt_are_no_part_of_that(desk: Desk) -> None:
    article, _ = settled_contradiction(desk)
    put(desk, article, published=JANUARY)
    desk.write(lambda: db.session.execute(update(Link).values(layer=LinkLayer.ANNOTATIONS)))
    assert gathered(desk)[1]["contradictions_against_dates"] == []


def test_the_page_and_the_command_warn_before_anything_is_frozen(desk: Desk, open_browser: OpenBrowser) -> None:
    article, made = settled_contradiction(desk)
    put(desk, article, published=JANUARY)
    page = open_browser("Mia").get("/projects/truce/releases/confirm?version=1.0.0&text=context&people=names").text
    assert f"dates as they are now: {made}" in page
    answer = desk.app.test_cli_runner().invoke(args=["release", "truce", "1.0.0"])
    assert answer.exit_code == 0
    assert "Warning: A gold contradiction joins claims" in answer.stderr

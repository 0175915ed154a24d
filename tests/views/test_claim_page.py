"""The page of one claim: what it shows to whom."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from annotator.domain.claims import Aspect, Evidence, Relation, Speaker, Stance
from annotator.models import Outcome
from annotator.services import adjudication, adjudication_phase, links, openness, questions
from annotator.services.adjudication import Answer
from annotator.services.links import Proposal
from tests.support.desk import Desk
from tests.support.people import Browser, open_browser

JUNE = "The army said on Wednesday that a complete ceasefire held in Idlib.\n\nResidents reported shelling."
JANUARY = "The province was calm except for one or two separate incidents, the ministry said."
SPEAKER = Speaker("Russian military", chain=("Russian military", "Russian news agencies", "Reuters"))


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


@pytest.fixture
def ada(app: Flask, desk: Desk) -> Browser:
    return browser(app, "Ada")


def browser(app: Flask, name: str) -> Browser:
    found = open_browser(app, name)
    found.get("/")
    return found


@pytest.fixture
def articles(desk: Desk) -> tuple[str, str]:
    june = desk.article(JUNE, title="June truce", publisher="Demo Desk", agency="Reuters", published=date(2019, 6, 12))
    return june, desk.article(JANUARY, title="January calm", published=date(2020, 1, 12))


def linked(desk: Desk, name: str, articles: tuple[str, str]) -> tuple[UUID, UUID]:
    """A claim in each article, and a link of the person between them."""
    evidence = (Evidence(Stance.QUALIFIES, source="The ministry", quote="calm", url="https://example.org/a"),)
    mine: dict[str, Any] = {
        "speaker": SPEAKER,
        "event_start": date(2019, 6, 10),
        "evidence": evidence,
        "note": f"By {name}.",
    }
    one = desk.mark(name, articles[0], "complete ceasefire", **mine)
    other = desk.mark(name, articles[1], "one or two separate incidents", "unverified")
    proposal = Proposal(one, other, Relation.SUPERSEDES, Aspect.SCOPE, "Two truces.")
    desk.write(lambda: links.create(desk.user(name), desk.slug, proposal))
    return one, other


def words(page: str) -> str:
    main = page.partition("<main")[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def test_a_reviewer_reads_all_of_their_own_claim(desk: Desk, ada: Browser, articles: tuple[str, str]) -> None:
    one, other = linked(desk, "ada", articles)
    page = ada.get(f"/claims/{one}").text
    assert '<mark class="claim-mark">complete ceasefire</mark>' in page
    assert "<title>“complete ceasefire” – June truce" in page
    assert f'href="/claims/{other}"' in page
    shown = words(page)
    for told in (
        "The army said on Wednesday that a complete ceasefire held in Idlib.",
        "agency Reuters",
        "published 12 June 2019",
        "Russian military → Russian news agencies → Reuters",
        "It happened 10 June 2019",
        "Qualifies it : The ministry",
        "Supersedes scope",
        "Two truces.",
        "published 12 January 2020 · linked by you",
        "Marked by you",
        "All changes in words",
    ):
        assert told in shown
    assert "Residents reported" not in shown
    assert "Superseded by" in words(ada.get(f"/claims/{other}").text)


def test_a_long_paragraph_is_cut_around_the_claim(desk: Desk, ada: Browser) -> None:
    article = desk.article("before " * 300 + "the very claim" + " after" * 300)
    page = ada.get(f"/claims/{desk.mark('ada', article, 'the very claim')}").text
    quote = page.partition("<blockquote")[2].partition("</blockquote>")[0]
    assert "… " in quote
    assert quote.count("before") == 100


def test_nothing_of_others_is_on_it_before_they_may_be_seen(
    desk: Desk, app: Flask, ada: Browser, articles: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = linked(desk, "ada", articles)
    alone = words(ada.get(f"/claims/{one}").text)
    theirs, _ = linked(desk, "ben", articles)
    for name in ("ben", "ada"):
        desk.submit(name, articles[0])
    assert words(ada.get(f"/claims/{one}").text) == alone
    assert ada.get(f"/claims/{theirs}").status_code == 404
    # The planted fault: a service that takes every article for open shows it.
    monkeypatch.setattr(openness, "sees_others", lambda _found: True)
    assert words(ada.get(f"/claims/{one}").text) != alone


def test_who_adjudicates_and_who_manages_read_the_other_answers(
    desk: Desk, app: Flask, articles: tuple[str, str]
) -> None:
    one, _ = linked(desk, "ada", articles)
    linked(desk, "ben", articles)
    jo, mia = browser(app, "Jo"), browser(app, "Mia")
    assert jo.get(f"/claims/{one}").status_code == 404
    for name in ("ada", "ben"):
        desk.submit(name, articles[0])
    shown = words(jo.get(f"/claims/{one}").text)
    assert "What the other reviewers marked" in shown
    assert "Reviewer" in shown
    assert "Ben" not in shown.replace("By ben.", "")
    # The article at the other end is not open yet, so the link is not told.
    assert "None that you may see." in shown
    for name in ("ada", "ben"):
        desk.submit(name, articles[1])
    assert "Two truces." in words(jo.get(f"/claims/{one}").text)
    assert "linked by Ada" in words(mia.get(f"/claims/{one}").text)


def test_a_gold_claim_shows_where_it_comes_from(desk: Desk, app: Flask, articles: tuple[str, str]) -> None:
    one, _ = linked(desk, "ada", articles)
    for name in ("ada", "ben"):
        desk.submit(name, articles[0])

    def settle() -> str:
        jo = desk.user("jo")
        (view,) = questions.questions(jo, articles[0])
        made = adjudication.decide(jo, articles[0], view.id, Answer(Outcome.ACCEPT, annotation=one))
        adjudication_phase.finish(jo, articles[0])
        return str(made.gold_id)

    gold = desk.write(settle)
    shown = words(browser(app, "Mia").get(f"/claims/{gold}").text)
    assert "Gold claim" in shown
    assert "Where it comes from" in shown
    assert "Decided by Jo" in shown
    assert f'href="/claims/{gold}"' in browser(app, "Jo").get(f"/claims/{one}").text
    for name in ("Ada", "Sam"):
        assert browser(app, name).get(f"/claims/{gold}").status_code == 404


def settled(desk: Desk, article: str) -> str:
    """Ada's version is taken; the id of the gold claim."""

    def settle() -> str:
        jo = desk.user("jo")
        (view,) = questions.questions(jo, article)
        ada = next(each.id for each in view.versions if each.user_id == desk.ids["ada"])
        return str(adjudication.decide(jo, article, view.id, Answer(Outcome.ACCEPT, annotation=ada)).gold_id)

    return desk.write(settle)


def test_what_the_reviewers_linked_is_shown_when_both_claims_are_gold_and_leads_to_where_it_is_decided(
    desk: Desk, app: Flask, articles: tuple[str, str]
) -> None:
    linked(desk, "ada", articles)
    theirs = [desk.mark("ben", articles[0], "complete ceasefire"), desk.mark("ben", articles[1], "separate incidents")]
    proposal = Proposal(theirs[1], theirs[0], Relation.QUALIFIES)
    desk.write(lambda: links.create(desk.user("ben"), desk.slug, proposal))
    for article in articles:
        for name in ("ada", "ben"):
            desk.submit(name, article)
    jo = browser(app, "Jo")
    june = settled(desk, articles[0])
    # The question at the other end is open yet.
    assert "What the reviewers linked" not in jo.get(f"/claims/{june}").text
    january = settled(desk, articles[1])
    page = jo.get(f"/claims/{june}").text
    assert "relations differ · open" in words(page)
    assert "Supersedes (scope) by Reviewer" in words(page)
    assert "Qualifies by Reviewer" in words(page)
    there = f"/articles/{articles[0]}/adjudicate?kind=links"
    assert there in page
    assert there not in browser(app, "Mia").get(f"/claims/{june}").text
    told = words(jo.get(there).text)
    assert "Linked differently" in told
    assert "0 of" not in told
    # Without script: each answer is a button of the form.
    form = {"question": re.findall(r'name="question" value="([^"]+)"', jo.get(there).text)[0], "replaces": ""}
    chosen = next(each for each in re.findall(r'value="(accept [^"]+)"', jo.get(there).text))
    decide = f"/articles/{articles[0]}/adjudicate/links"
    assert jo.post(decide, {**form, "choice": "edit nonsense"}).status_code == 422
    assert (
        jo.post(decide, {**form, "choice": chosen, "justification": "Newer.", "reasons": ["judgement"]}).status_code
        == 303
    )
    # Once more makes no second one.
    assert jo.post(decide, {**form, "choice": chosen}).status_code == 303
    assert "Linked" in words(jo.get(f"/articles/{articles[1]}/adjudicate?kind=links").text)
    with app.app_context():
        gold = [row.link for row in links.list_for(desk.user("jo"), desk.slug) if row.link.layer == "gold"]
    assert {str(end) for each in gold for end in (each.a_id, each.b_id)} == {june, january}
    assert len(gold) == 1
    undo = re.findall(r'action="([^"]+/links/undo/[^"?]+)', jo.get(there).text)[0]
    assert jo.post(undo).status_code == 303
    with app.app_context():
        assert [row for row in links.list_for(desk.user("jo"), desk.slug) if row.link.layer == "gold"] == []

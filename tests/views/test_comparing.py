"""The compare page without script: two articles, linking by a form, and what each person sees."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

import pytest
from flask import Flask

from annotator.db import db
from annotator.domain.claims import Relation, Speaker
from annotator.models import Link, Outcome
from annotator.services import annotations as claims
from annotator.services import links
from annotator.services.adjudication import Answer, decide
from tests.support.desk import Desk
from tests.support.people import Browser

OTHER = "Calm “except for one or two separate incidents”, the ministry said. Nobody was hurt."
PATH = "/projects/truce/compare"


class Table:
    """Ada and Ben review two stories, and their browsers."""

    def __init__(self, app: Flask) -> None:
        self.desk = Desk(app)
        self.june = self.desk.article(title="The truce", agency="Reuters", published=date(2019, 6, 12))
        self.january = self.desk.article(
            OTHER, title="A new truce", publisher="Example Post", agency="reuters", published=date(2020, 1, 12)
        )
        self.complete = self.desk.mark(
            "ada", self.june, "complete ceasefire", speaker=Speaker("The military", chain=("Agencies",))
        )
        self.calm = self.desk.mark("ada", self.january, "one or two separate incidents", speaker=Speaker("agencies"))
        self.address = f"{PATH}?left={self.june}&right={self.january}"

    def browser(self, name: str) -> Browser:
        app = self.desk.app
        return Browser(app, app.test_client()).sign_in(f"{name}@example.org")

    def link(self, browser: Browser, relation: str, **more: str):
        ends = {"left_claim": str(self.complete), "right_claim": str(self.calm)}
        return browser.post(self.address, ends | {"relation": relation, "aspect": "", "note": ""} | more)

    def stored(self) -> list[tuple[UUID, str, UUID]]:
        with self.desk.app.app_context():
            rows = db.session.query(Link).filter(Link.deleted_at.is_(None)).order_by(Link.created_at)
            return [(row.a_id, row.relation.value, row.b_id) for row in rows]


@pytest.fixture
def table(app: Flask) -> Table:
    return Table(app)


def test_both_articles_stand_side_by_side_with_ones_own_marks(table: Table) -> None:
    table.desk.mark("ben", table.june, "three towns")
    page = table.browser("ada").get(f"{table.address}&claim={table.calm}&with={table.complete}").text
    assert page.count('class="article-text"') == 2
    assert set(re.findall(r'data-annotation="([^"]+)"', page)) == {str(table.complete), str(table.calm)}
    for words in ("12 June 2019", "12 January 2020", "Example Post", "Reuters"):
        assert words in page
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    # Picked, whichever is named first, with the reason why they cannot contradict each other and what they share.
    assert page.count('class="pick-quote"') == 2
    assert "Both articles are copy of Reuters. Both claims go back to Agencies." in page
    assert "is about 12 June 2019 (when its article was published" in page


def test_a_link_goes_from_the_later_claim_and_is_numbered_at_both(table: Table) -> None:
    ada = table.browser("ada")
    assert table.link(ada, "qualifies", aspect="scope", note="Two truces.").status_code == 303
    assert table.stored() == [(table.calm, "qualifies", table.complete)]
    page = ada.get(table.address).text
    assert page.count('data-letter="1"') == 2
    assert "Two truces." in page
    assert "Scope" in page
    link = re.search(r'id="link-(\w{16})"', page)
    assert link is not None
    path = f"{PATH}/links/{link[1]}?left={table.june}&right={table.january}"
    assert ada.post(path, {"act": "turn", "relation": "supersedes", "aspect": "", "note": ""}).status_code == 303
    assert table.stored() == [(table.complete, "supersedes", table.calm)]
    assert "goes" not in ada.post(path, {"act": "delete", "relation": "supersedes", "aspect": ""}).text
    assert table.stored() == []


def test_a_contradiction_between_two_times_is_refused_with_the_way_out(table: Table) -> None:
    ada = table.browser("ada")
    answer = table.link(ada, "contradicts")
    assert answer.status_code == 422
    assert "Use “supersedes” if the later one" in answer.text
    for sent in ({"relation": "likes"}, {"relation": ""}, {"relation": "qualifies", "aspect": "colour"}):
        assert table.link(ada, **sent).status_code == 422
    assert ada.post(table.address, {"relation": "qualifies", "left_claim": "x", "right_claim": ""}).status_code == 422
    assert table.stored() == []


def test_a_pick_asks_for_no_links(table: Table) -> None:
    ada = table.browser("ada")
    table.link(ada, "qualifies")
    panel = table.address.replace("compare?", "compare/panel?") + f"&claim={table.complete}&with={table.calm}"
    picked, linked = ada.get(panel).text, ada.get(f"{panel}&list=yes").text
    for page in (picked, linked):
        assert re.findall(r'data-claim="([^"]+)"', page) == [str(table.complete), str(table.calm)]
    assert ("link-line" in picked, "link-line" in linked) == (False, True)


def test_an_article_is_compared_with_itself(table: Table) -> None:
    other = table.desk.mark("ada", table.june, "three towns")
    address = f"{PATH}?left={table.june}&right={table.june}"
    ada = table.browser("ada")
    ends = {"left_claim": str(table.complete), "right_claim": str(other)}
    assert ada.post(address, ends | {"relation": "contradicts", "aspect": ""}).status_code == 303
    assert table.stored() == [(table.complete, "contradicts", other)]
    ids = re.findall(r'\sid="([^"]+)"', ada.get(address).text)
    assert len(ids) == len(set(ids))


def test_a_claim_or_a_link_is_enough_of_an_address(table: Table) -> None:
    ada = table.browser("ada")
    assert ada.get(f"{PATH}?claim={table.calm}").location.endswith(f"left={table.january}&claim={table.calm}")
    page = ada.get(f"{PATH}?left={table.january}&claim={table.calm}&q=truce").text
    assert f"right={table.june}" in page
    assert "No article of yours fits" in ada.get(f"{PATH}?left={table.january}&q=zebra").text
    table.link(ada, "supersedes")
    with table.desk.app.app_context():
        link = db.session.query(Link).one().id
    there = ada.get(f"{PATH}?link={link}").location
    assert f"left={table.january}&right={table.june}&claim={table.calm}&with={table.complete}" in there


def test_a_reviewer_sees_only_links_of_their_own(table: Table) -> None:
    table.link(table.browser("ada"), "qualifies")
    ben = table.browser("ben")
    before = ben.get(table.address)
    assert before.status_code == 200
    for words in ("link-line", "data-annotation", "No contradiction", 'class="pick-quote"'):
        assert words not in ben.get(f"{table.address}&claim={table.calm}&with={table.complete}").text
    with table.desk.app.app_context():
        link = db.session.query(Link).one().id
    assert ben.get(f"{PATH}?link={link}").status_code == 404
    assert ben.get(f"{PATH}?claim={table.calm}").status_code == 404
    assert ben.post(f"{PATH}/links/{link}", {"act": "delete", "relation": "qualifies", "aspect": ""}).status_code == 404
    for article in (table.june, table.january):
        for name in ("ada", "ben"):
            table.desk.submit(name, article)
    # Blind to the end: what the others linked is told to those who adjudicate.
    assert "link-line" not in ben.get(table.address).text
    assert "link-line" in table.browser("jo").get(table.address).text


def test_strangers_and_articles_of_others_are_not_found(table: Table) -> None:
    unassigned = table.desk.article("Nobody reads it.", assign=False)
    assert table.browser("sam").get(table.address).status_code == 404
    ada = table.browser("ada")
    assert ada.get(f"{PATH}?left={table.june}&right={unassigned}").status_code == 404
    assert ada.get(f"{PATH}/panel?left={table.june}").status_code == 404
    assert unassigned not in ada.get(PATH).text
    assert unassigned in table.browser("mia").get(PATH).text
    for strange in ("left=%00", f"left={table.june}&right=%F0%9F%9A%91", f"left={table.june}&claim=x&with=%00"):
        assert ada.get(f"{PATH}?{strange}").status_code in {200, 400, 404}


def test_an_adjudicator_links_the_gold_claims_when_both_are_in_adjudication(table: Table) -> None:
    desk, jo = table.desk, table.browser("jo")
    table.link(table.browser("ada"), "qualifies")
    gold = {}
    for claim, article in ((table.complete, table.june), (table.calm, table.january)):
        for name in ("ada", "ben"):
            desk.submit(name, article)

        def accept(claim: UUID = claim, article: str = article) -> UUID | None:
            return decide(desk.user("jo"), article, claim, Answer(Outcome.ACCEPT, claim)).gold_id

        gold[claim] = desk.write(accept)
    page = jo.get(table.address).text
    assert set(re.findall(r'data-annotation="([^"]+)"', page)) == {str(each) for each in gold.values()}
    # What the reviewer linked is listed, with the letter of a person who is hidden.
    assert "link-line" in page
    assert ">Ada<" not in page
    ends = {"left_claim": str(gold[table.complete]), "right_claim": str(gold[table.calm])}
    assert jo.post(table.address, ends | {"relation": "qualifies", "aspect": ""}).status_code == 303
    assert table.stored()[1:] == [(gold[table.calm], "qualifies", gold[table.complete])]


def test_who_only_reads_is_told_so(table: Table) -> None:
    page = table.browser("mia").get(table.address).text
    assert "You read at least one of these articles only" in page
    assert 'id="linking"' not in page


def test_what_a_changed_date_makes_of_a_contradiction_is_told(table: Table) -> None:
    first = table.desk.mark("ada", table.june, "three towns", event_start=date(2020, 1, 12))

    def make() -> None:
        links.create(table.desk.user("ada"), "truce", links.Proposal(first, table.calm, Relation.CONTRADICTS))

    table.desk.write(make)
    ada = table.browser("ada")
    assert "link-doubt" not in ada.get(table.address).text
    with table.desk.app.app_context():
        stored = db.session.query(Link).one()
    assert stored.relation is Relation.CONTRADICTS
    claim = table.desk.claim(table.june, "three towns", event_start=date(2019, 6, 12))
    table.desk.write(lambda: claims.put(table.desk.user("ada"), table.june, first, claim, if_version=1))
    assert "link-doubt" in ada.get(table.address).text

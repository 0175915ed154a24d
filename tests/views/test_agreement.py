"""The agreement page: three answers, who agrees with whom, and what is said when there is nothing to compare."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from sqlalchemy import select

from annotator.db import db
from annotator.domain.claims import Relation
from annotator.models import Article, Outcome
from annotator.services import adjudication, adjudication_phase, agreement_reading, links, questions
from annotator.services.adjudication import Answer
from annotator.services.links import Proposal
from tests.support.desk import STORY, Desk, counted_statements
from tests.support.people import open_browser

PAGE = "/projects/truce/agreement"


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def review(desk: Desk, text: str = STORY) -> None:
    """Ada and Ben agree on one claim, differ on the label of another, and Ben marks a third."""
    article = desk.article(text)
    for name, label in (("ada", "sourced"), ("ben", "disputed")):
        desk.mark(name, article, "complete ceasefire", label)
        desk.mark(name, article, "three towns", "unverified")
    desk.mark("ben", article, "shelling")
    for name in ("ada", "ben"):
        desk.submit(name, article)


def page(desk: Desk, name: str = "Mia") -> str:
    answer = open_browser(desk.app, name).get(PAGE)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def test_one_of_a_thing_is_not_called_many(desk: Desk) -> None:
    review(desk)
    assert "n = 1 article." in page(desk)


def test_without_a_finished_article_it_says_what_is_needed(desk: Desk) -> None:
    assert "Nothing to compare yet" in page(desk)


def test_the_three_questions_have_an_answer_each(desk: Desk) -> None:
    review(desk)
    said = page(desk, "Jo")
    assert "Of 100 claims one reviewer marks, another marks about 80" in said
    assert "Of 100 claims in common 100 have exactly the same boundaries" in said
    assert "Of 100 claims in common 50 have the same label" in said
    assert "n = 5 claims. An interval needs 10 articles or more." in said


def test_what_cannot_be_computed_says_why_and_is_no_number(desk: Desk) -> None:
    article = desk.article()
    for name in ("ada", "ben"):
        desk.mark(name, article, "three towns")
        desk.submit(name, article)
    said = page(desk)
    assert "Cannot be computed. Only one label was used" in said
    assert "nan" not in said.lower()


def test_the_statements_are_the_same_for_many_articles(desk: Desk) -> None:
    review(desk)
    browser = open_browser(desk.app, "Mia")
    browser.get(PAGE)
    with counted_statements(desk.app) as few:
        browser.get(PAGE)
    for number in range(3):
        review(desk, f"{STORY} {number}")
    # What was worked out is stored at the first look.
    browser.get(PAGE)
    with counted_statements(desk.app) as many:
        browser.get(PAGE)
    assert len(many) == len(few) <= 10


def listed(desk: Desk, query: str, name: str = "Mia") -> str:
    answer = open_browser(desk.app, name).get(f"{PAGE}/claims?{query}")
    assert answer.status_code == 200, answer.text
    main = answer.text.partition("<main")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


@pytest.mark.parametrize(
    ("query", "places", "words"),
    [
        ("kind=same", 2, "three towns"),
        ("kind=differing", 1, "complete ceasefire"),
        ("kind=agreed", 1, "three towns"),
        ("kind=unanimous", 1, "three towns"),
        ("kind=conflicting", 1, "complete ceasefire"),
        ("kind=alone", 1, "shelling"),
        ("kind=missed", 1, "shelling"),
        ("kind=same&labels=sourced,disputed", 1, "complete ceasefire"),
        ("kind=same&labels=unverified,unverified", 1, "three towns"),
        ("kind=conflicting&labels=disputed", 1, "complete ceasefire"),
        ("kind=exact&page=99", 2, "complete ceasefire"),
    ],
)
def test_a_number_leads_to_the_very_claims(desk: Desk, query: str, places: int, words: str) -> None:
    review(desk)
    said = listed(desk, query)
    assert f"{places} place{'s' if places > 1 else ''} in 1 article" in said
    assert words in said


def test_a_pair_of_reviewers_leads_to_their_claims(desk: Desk) -> None:
    review(desk)
    both = f"reviewers={desk.ids['ada']},{desk.ids['ben']}"
    assert "2 places" in listed(desk, f"kind=same&{both}")
    assert "0 places" in listed(desk, f"kind=alone&reviewers={desk.ids['ada']}")
    assert "1 place " in listed(desk, f"kind=alone&reviewers={desk.ids['ben']}")


def test_every_link_of_the_page_leads_to_as_many_claims_as_it_counts(desk: Desk) -> None:
    review(desk)
    browser = open_browser(desk.app, "Mia")
    links = set(re.findall(r'href="(/projects/truce/agreement/claims[^"]*)"', browser.get(PAGE).text))
    assert len(links) > 10
    for link in links:
        answer = browser.get(link.replace("&amp;", "&"))
        assert answer.status_code == 200
        assert "There is nothing of this kind" not in answer.text, link


def linked(desk: Desk) -> None:
    """Of three pairs Ada and Ben link one alike, one by different relations, from other ends, and Ada one alone."""
    june, january = desk.article(STORY), desk.article("It was calm except for incidents. The market was open again.")
    marked = {
        name: [
            *(desk.mark(name, june, exact) for exact in ("complete ceasefire", "three towns")),
            *(desk.mark(name, january, exact) for exact in ("calm except for incidents", "The market was open again")),
        ]
        for name in ("ada", "ben")
    }
    for name, one, other, relation in (
        ("ada", 0, 2, Relation.QUALIFIES),
        ("ben", 2, 0, Relation.QUALIFIES),
        ("ada", 1, 3, Relation.SUPERSEDES),
        ("ben", 3, 1, Relation.SUPERSEDES),
        ("ada", 0, 3, Relation.CORROBORATES),
    ):
        proposal = Proposal(marked[name][one], marked[name][other], relation)
        desk.write(lambda name=name, proposal=proposal: links.create(desk.user(name), desk.slug, proposal))  # type: ignore[misc]
    for article in (june, january):
        for name in ("ada", "ben"):
            assert "(0)" in open_browser(desk.app, "Mia").get(f"{PAGE}/links").text
            desk.submit(name, article)


def test_figures_of_links_lead_to_the_very_pairs(desk: Desk) -> None:
    linked(desk)
    mia = open_browser(desk.app, "Mia")
    both = f"reviewers={desk.ids['ada']},{desk.ids['ben']}"
    leading = set(re.findall(r'href="(/projects/truce/agreement/links[^"]*)"', mia.get(PAGE).text))
    assert {f"{PAGE}/links?kind={kind}" for kind in ("same", "other", "alone")} < leading
    said = {}
    for kind in ("same", "other", "alone"):
        text = mia.get(f"{PAGE}/links?kind={kind}&{both}").text
        rows = text.split('<li class="agreed-claim">')[1:]
        assert len(rows) == 1
        said[kind] = re.findall(r'<li>(\w+): <span class="\w+">([\w ]+)</span></li>', rows[0])
        compare = html.unescape(re.findall(r'href="(/projects/truce/compare[^"]*)"', rows[0])[0])
        assert mia.get(compare).status_code == 200
    assert said == {
        "same": [("Ada", "Qualifies"), ("Ben", "Qualifies")],
        "other": [("Ada", "Supersedes"), ("Ben", "Superseded by")],
        "alone": [("Ada", "Corroborates"), ("Ben", "no link")],
    }
    assert mia.get(f"{PAGE}/links?kind=any").status_code == 422
    assert mia.get(f"{PAGE}/links?reviewers=nobody").status_code == 422


def test_pairs_of_links_tell_an_adjudicator_no_names_and_a_reviewer_nothing(desk: Desk) -> None:
    linked(desk)
    jo = open_browser(desk.app, "Jo")
    text = jo.get(f"{PAGE}/links?kind=other").text
    assert len(re.findall(r"Reviewer [AB]: ", text)) == 2
    assert not re.search(r"\b(Ada|Ben)\b", text)
    assert jo.get(f"{PAGE}/links?reviewers={desk.ids['ada']}").status_code == 403
    assert [open_browser(desk.app, name).get(f"{PAGE}/links").status_code for name in ("Ada", "Sam")] == [403, 404]


@pytest.mark.parametrize("query", ["kind=all", "labels=none", "reviewers=nobody", "article=none", "labels=a,b,c"])
def test_what_cannot_be_listed_is_refused_in_words(desk: Desk, query: str) -> None:
    review(desk)
    answer = open_browser(desk.app, "Mia").get(f"{PAGE}/claims?{query}")
    assert answer.status_code == 422


def test_an_adjudicator_of_a_blind_project_reads_letters(desk: Desk) -> None:
    review(desk)
    browser = open_browser(desk.app, "Jo")
    for path in ("", "/claims?kind=same", "/claims?kind=alone", "/articles"):
        page = browser.get(PAGE + path).text
        assert not re.search(r"\bAda\b|\bBen\b", page), path
        assert desk.ids["ada"] not in page
    assert "Reviewer A" in listed(desk, "kind=same", "Jo")
    assert browser.get(f"{PAGE}/claims?reviewers={desk.ids['ada']}").status_code == 403
    assert "Ada" in listed(desk, "kind=same", "Mia")


def test_the_lists_need_the_same_statements_for_many_articles(desk: Desk) -> None:
    review(desk)
    browser = open_browser(desk.app, "Mia")
    paths = ["/claims?kind=missed", "/articles", "/reviewers"]

    def counts() -> list[int]:
        found = []
        for path in paths:
            browser.get(PAGE + path)
            with counted_statements(desk.app) as statements:
                browser.get(PAGE + path)
            found.append(len(statements))
        return found

    few = counts()
    for number in range(3):
        review(desk, f"{STORY} {number}")
    assert counts() == few
    assert max(few) <= 14


def test_pictures_have_words_and_the_same_numbers_as_a_table(desk: Desk) -> None:
    for number in range(10):
        review(desk, f"{STORY} {number}")
    html = open_browser(desk.app, "Mia").get(PAGE).text
    pictures = re.findall(r"<svg.*?</svg>", html, re.DOTALL)
    charts = [each for each in pictures if 'class="chart"' in each]
    assert len(charts) == 3
    for chart in charts:
        assert "<title" in chart
        assert "<desc" in chart
        assert "style=" not in chart
    for number in re.findall(r"chart-number[^>]*>(\d+)<", "".join(charts)):
        assert re.search(rf">{number}<", re.sub(r"<svg.*?</svg>", "", html, flags=re.DOTALL))


def finish_adjudication(desk: Desk, article: str) -> None:
    def work() -> None:
        jo = desk.user("jo")
        for view in questions.questions(jo, article):
            answer = Answer(Outcome.ACCEPT, annotation=view.versions[0].id)
            adjudication.decide(jo, article, view.id, answer)
        adjudication_phase.finish(jo, article)

    desk.write(work)


def own(desk: Desk, name: str) -> str:
    html = open_browser(desk.app, name).get(f"{PAGE}/own").text.partition("<main")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def only_article(desk: Desk) -> str:
    with desk.app.app_context():
        return db.session.scalars(select(Article.id)).one()


def test_a_reviewer_sees_their_own_figures_once_the_adjudication_is_finished(desk: Desk) -> None:
    review(desk)
    assert "Nothing to show yet" in own(desk, "Ada")
    finish_adjudication(desk, only_article(desk))
    said = own(desk, "Ada")
    assert "50 of 100" in said
    assert "1 article so far" in said
    assert "Ben" not in said


def test_before_it_is_finished_the_page_is_the_same_whatever_others_do(desk: Desk) -> None:
    article = desk.article()
    desk.mark("ada", article, "three towns")
    desk.submit("ada", article)
    before = own(desk, "Ada")
    desk.mark("ben", article, "three towns", "disputed")
    assert own(desk, "Ada") == before
    desk.submit("ben", article)
    assert own(desk, "Ada") == before


def test_counting_unfinished_articles_would_be_noticed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    # Positive control: every adjudication counts, finished or not, and every article has one.
    review(desk)
    before = own(desk, "Ada")
    counted = agreement_reading.counted
    monkeypatch.setattr(
        agreement_reading,
        "counted",
        lambda connection, project, _viewer, **_: counted(connection, project, None),
    )
    assert own(desk, "Ada") != before


def test_the_managers_page_has_everybody_beside_the_others_and_the_gold_set(desk: Desk) -> None:
    review(desk)
    finish_adjudication(desk, only_article(desk))
    html = open_browser(desk.app, "Mia").get(f"{PAGE}/reviewers").text
    said = " ".join(re.sub(r"<[^>]+>", " ", html).split())
    assert "Ada 1 2 50" in said
    assert "inflated where" in said
    assert "From 20 claims on; there are 2." in said
    assert open_browser(desk.app, "Jo").get(f"{PAGE}/reviewers").status_code == 403
    assert open_browser(desk.app, "Sam").get(f"{PAGE}/reviewers").status_code == 404

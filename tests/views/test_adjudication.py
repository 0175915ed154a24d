"""/articles/{id}/adjudicate: who sees which question, and every step of an adjudication without script."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from annotator.db import db
from annotator.domain.claims import Evidence, Stance
from annotator.models import Annotation, Assignment, AssignmentKind, MergeStrategy, Outcome, Role
from annotator.services import adjudication, naming, projects, questions
from annotator.services.adjudication import Answer
from tests.support.desk import Desk, counted_statements
from tests.support.people import Browser, OpenBrowser

MISSING = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


@pytest.fixture
def article(desk: Desk) -> str:
    return disputed_article(desk)


@pytest.fixture
def jo(desk: Desk, open_browser: OpenBrowser) -> Browser:
    return open_browser("Jo")


def disputed_article(desk: Desk) -> str:
    """Both agree on "three towns"; boundary and label of the ceasefire differ; Ben alone marks the incidents."""
    article = desk.article()
    desk.mark("ada", article, "three towns", "unverified", reason="no-source")
    desk.mark("ben", article, "three towns", "unverified", reason="no-source")
    desk.mark("ada", article, "complete ceasefire", "sourced", note="Both said so.")
    desk.mark("ben", article, "a complete ceasefire", "disputed")
    desk.mark("ben", article, "separate incidents", "unverified")
    desk.submit("ada", article)
    desk.submit("ben", article)
    return article


def views(desk: Desk, article: str) -> dict[str, questions.QuestionView]:
    with desk.app.app_context():
        return {view.versions[0].exact: view for view in questions.questions(desk.user("jo"), article) if view.versions}


def page(browser: Browser, article: str, question: UUID | None = None, status: int = 200) -> str:
    answer = browser.get(f"/articles/{article}/adjudicate" + (f"?question={question}" if question else ""))
    assert answer.status_code == status, answer.text
    return answer.text


def decide(browser: Browser, article: str, view: questions.QuestionView, choice: str, **more: str) -> TestResponse:
    form = {"question": str(view.id), "choice": choice, **more}
    return browser.post(f"/articles/{article}/adjudicate/decide", form)


def gold(desk: Desk) -> list[tuple[str, str]]:
    with desk.app.app_context():
        rows = db.session.scalars(
            select(Annotation)
            .join(Assignment, Assignment.id == Annotation.assignment_id)
            .where(Assignment.kind == AssignmentKind.ADJUDICATION, Annotation.deleted_at.is_(None))
            .order_by(Annotation.start)
        )
        return [(row.exact, row.note) for row in rows]


def shown_question(html: str) -> str:
    found = re.search(r'<div data-question="([^"]+)"', html)
    assert found is not None
    return found[1]


def test_the_page_lists_the_questions_and_shows_the_first(desk: Desk, jo: Browser, article: str) -> None:
    html = page(jo, article)
    assert re.findall(r'class="question-kind">([^<]+)<', html) == ["Label differs", "Only some marked it", "Agreed"]
    assert "0 of 3 decided" in html
    assert "Also: boundary differs." in html
    assert shown_question(html) == str(views(desk, article)["a complete ceasefire"].id)
    assert '<span class="differs">a </span>complete ceasefire' in html
    assert html.count('class="version"') == 2


def test_every_mark_carries_its_reviewers_letter(desk: Desk, jo: Browser, article: str) -> None:
    html = page(jo, article)
    with desk.app.app_context():
        letters = naming.letters(article, [desk.ids["ada"], desk.ids["ben"]])
    for view in views(desk, article).values():
        for version in view.versions:
            letter = letters[version.user_id]
            assert re.search(rf'data-annotation="{version.id}" data-letter="{letter}"', html)


def test_a_blind_project_names_no_reviewer(jo: Browser, article: str) -> None:
    html = page(jo, article)
    assert "Reviewer A" in html
    assert "Reviewer B" in html
    assert not re.search(r"\bAda\b|\bBen\b|ada@|ben@", html)


def test_an_open_project_names_them(app: Flask, open_browser: OpenBrowser) -> None:
    desk = Desk(app, blind=False)
    html = page(open_browser("Jo"), disputed_article(desk))
    assert re.search(r">A</span>Ada</span>", html)
    assert re.search(r">B</span>Ben</span>", html)


def test_take_makes_gold_and_goes_to_the_next_question(desk: Desk, jo: Browser, article: str) -> None:
    first, second = (views(desk, article)[exact] for exact in ("a complete ceasefire", "separate incidents"))
    chosen = next(each for each in first.versions if each.exact == "complete ceasefire")
    answer = decide(jo, article, first, f"accept {chosen.id}", justification="As worded.", as_of="2020-01-12")
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"?question={second.id}")
    assert gold(desk) == [("complete ceasefire", "Both said so.")]
    html = page(jo, article, first.id)
    assert "As worded." in html
    assert "as of 12 January 2020" in html
    assert "1 of 3 decided" in html
    assert 'class="version is-chosen"' in html


def test_the_gold_row_is_shown_as_it_will_be_exported(desk: Desk, jo: Browser, article: str) -> None:
    first = views(desk, article)["a complete ceasefire"]
    chosen = next(each for each in first.versions if each.exact == "complete ceasefire")
    decide(jo, article, first, f"accept {chosen.id}", justification="As worded.")
    standing = page(jo, article, first.id).split('id="standing"')[1].split("</table>")[0]
    row = dict(re.findall(r'data-column="([^"]+)" dir="auto">([^<]*)<', standing))
    expected = {
        "exact": "complete ceasefire",
        "label": "sourced",
        "note": "Both said so.",
        "n_reviewers": "2",
        "votes_sourced": "1",
        "votes_disputed": "1",
        "votes_unverified": "0",
        "votes_none": "0",
        "adjudicator": "jo@example.org",
        "outcome": "accept",
        "justification": "As worded.",
    }
    assert {column: row[column] for column in expected} == expected
    only_ben = views(desk, article)["separate incidents"]
    html = page(jo, article, only_ben.id)
    assert 'data-column="votes_none" dir="auto">1<' in html


def test_nothing_here_and_undo(desk: Desk, jo: Browser, article: str) -> None:
    view = views(desk, article)["separate incidents"]
    assert decide(jo, article, view, "nothing_here").status_code == 303
    decision = views(desk, article)["separate incidents"].decision
    assert decision is not None
    assert decision.outcome is Outcome.NOTHING_HERE
    assert gold(desk) == []
    assert "Nothing here" in page(jo, article, view.id)
    undone = jo.post(f"/articles/{article}/adjudicate/undo/{decision.id}")
    assert undone.headers["Location"].endswith(f"?question={view.id}")
    assert views(desk, article)["separate incidents"].decision is None


def test_a_decision_is_undone_only_below_its_own_article(desk: Desk, jo: Browser, article: str) -> None:
    other = desk.article(title="Another story")
    view = views(desk, article)["separate incidents"]
    decide(jo, article, view, "nothing_here")
    decision = views(desk, article)["separate incidents"].decision
    assert decision is not None
    assert jo.post(f"/articles/{other}/adjudicate/undo/{decision.id}").status_code == 404
    assert views(desk, article)["separate incidents"].decision is not None


def test_to_send_back_needs_a_question(desk: Desk, jo: Browser, article: str) -> None:
    view = views(desk, article)["separate incidents"]
    refused = decide(jo, article, view, "send_back")
    assert refused.status_code == 422
    assert "Say what the reviewers are asked." in refused.text
    assert shown_question(refused.text) == str(view.id)
    assert decide(jo, article, view, "send_back", justification="Which incidents?").status_code == 303
    assert "Sent back" in page(jo, article, view.id)
    assert "0 of 3 decided" in page(jo, article, view.id)


def test_a_standing_decision_is_replaced_only_knowingly(desk: Desk, jo: Browser, article: str) -> None:
    view = views(desk, article)["a complete ceasefire"]
    one, other = view.versions
    decide(jo, article, view, f"accept {one.id}")
    decide(jo, article, view, f"accept {other.id}")
    assert "decided already" in page(jo, article, view.id)
    assert [exact for exact, _ in gold(desk)] == [one.exact]
    standing = views(desk, article)["a complete ceasefire"].decision
    assert standing is not None
    decide(jo, article, view, f"accept {other.id}", replaces=standing.id)
    assert [exact for exact, _ in gold(desk)] == [other.exact]


@pytest.mark.parametrize(
    ("choice", "question"),
    [("", None), ("perhaps", None), ("accept not-a-uuid", None), ("accept", None), ("nothing_here", "none")],
)
def test_a_damaged_form_changes_nothing(
    desk: Desk, jo: Browser, article: str, choice: str, question: str | None
) -> None:
    view = views(desk, article)["a complete ceasefire"]
    form = {"question": question or str(view.id), "choice": choice}
    assert jo.post(f"/articles/{article}/adjudicate/decide", form).status_code == 422
    with desk.app.app_context():
        assert questions.adjudicator_of(article) is None


def test_the_agreed_are_accepted_after_a_look(desk: Desk, jo: Browser, article: str) -> None:
    view = views(desk, article)["three towns"]
    listed = jo.get(f"/articles/{article}/adjudicate/agreed")
    assert "three towns" in listed.text
    assert "separate incidents" not in listed.text
    assert gold(desk) == []
    assert jo.post(f"/articles/{article}/adjudicate/agreed", {}).status_code == 422
    accepted = jo.post(f"/articles/{article}/adjudicate/agreed", {"questions": str(view.id)})
    assert accepted.status_code == 303
    assert [exact for exact, _ in gold(desk)] == ["three towns"]
    again = jo.post(f"/articles/{article}/adjudicate/agreed", {"questions": str(view.id)})
    assert again.status_code == 303
    assert [exact for exact, _ in gold(desk)] == ["three towns"]


def test_equal_claims_with_other_evidence_are_versions_of_their_own(desk: Desk, jo: Browser) -> None:
    article = desk.article()
    for name, source in (("ada", "Joint statement"), ("ben", "Press office")):
        evidence = (Evidence(Stance.SUPPORTS, source=source),)
        desk.mark(name, article, "complete ceasefire", "sourced", evidence=evidence)
        desk.mark(name, article, "three towns", "unverified")
        desk.submit(name, article)
    html = page(jo, article)
    assert html.count('class="version"') == 2
    assert "Joint statement" in html
    assert "Press office" in html
    listed = jo.get(f"/articles/{article}/adjudicate/agreed").text
    assert listed.count("Their evidence, note or wording differs") == 1
    assert page(jo, article, views(desk, article)["three towns"].id).count('class="version"') == 1


def test_evidence_younger_than_the_article_is_pointed_out(desk: Desk, jo: Browser) -> None:
    article = desk.article(published=date(2020, 1, 12))
    for name, day in (("ada", date(2020, 1, 13)), ("ben", date(2020, 1, 12))):
        evidence = (Evidence(Stance.SUPPORTS, source="Statement", published=day),)
        desk.mark(name, article, "complete ceasefire", "sourced", evidence=evidence)
        desk.submit(name, article)
    assert page(jo, article).split('id="looking"')[1].split('id="decide"')[0].count("Published after the article") == 1


def test_what_was_not_ticked_is_not_accepted(desk: Desk, jo: Browser, article: str) -> None:
    other = views(desk, article)["separate incidents"]
    assert jo.post(f"/articles/{article}/adjudicate/agreed", {"questions": str(other.id)}).status_code == 303
    assert gold(desk) == []


def test_finish_waits_for_every_question_and_can_be_reopened(desk: Desk, jo: Browser, article: str) -> None:
    jo.post(f"/articles/{article}/adjudicate/finish")
    assert "3 questions are still open" in page(jo, article)
    for view in views(desk, article).values():
        decide(jo, article, view, "nothing_here")
    jo.post(f"/articles/{article}/adjudicate/finish")
    html = page(jo, article)
    assert "The adjudication is finished" in html
    assert 'name="choice"' not in html
    refused = decide(jo, article, view, "nothing_here")
    assert refused.status_code == 303
    assert "Reopen it to change a decision" in page(jo, article)
    jo.post(f"/articles/{article}/adjudicate/reopen")
    assert 'name="choice"' in page(jo, article)


def test_an_article_without_claims_can_be_finished(desk: Desk, jo: Browser) -> None:
    article = desk.article()
    desk.submit("ada", article)
    desk.submit("ben", article)
    assert "Nothing to decide" in page(jo, article)
    assert jo.post(f"/articles/{article}/adjudicate/finish").status_code == 303
    assert "The adjudication is finished" in page(jo, article)


def test_the_fragment_goes_to_the_next_open_question(desk: Desk, jo: Browser, article: str) -> None:
    first, second, third = views(desk, article).values()
    decide(jo, article, second, "nothing_here")
    html = jo.get(f"/articles/{article}/adjudicate/fragment?after={first.id}").text
    assert shown_question(html) == str(third.id)
    assert 'id="text"' not in html


def test_a_question_that_is_no_id_shows_the_first_open_one(jo: Browser, article: str) -> None:
    assert jo.get(f"/articles/{article}/adjudicate?question=none").status_code == 200


def test_before_all_have_submitted_the_page_says_so(desk: Desk, jo: Browser) -> None:
    article = desk.article()
    desk.mark("ada", article, "three towns", "unverified")
    desk.submit("ada", article)
    html = page(jo, article, status=409)
    assert "not open yet" in html
    assert 'class="question"' not in html


def test_a_reviewer_of_the_article_is_told_why_not(desk: Desk, open_browser: OpenBrowser, article: str) -> None:
    desk.write(lambda: projects.add_member(desk.project(), desk.user("ada"), Role.ADJUDICATOR))
    assert "You reviewed this article" in page(open_browser("Ada"), article, status=409)


def test_a_second_adjudicator_is_told_who_has_it(desk: Desk, open_browser: OpenBrowser, article: str) -> None:
    desk.write(lambda: projects.add_member(desk.project(), desk.user("mia"), Role.ADJUDICATOR))
    view = views(desk, article)["three towns"]
    desk.write(lambda: adjudication.decide(desk.user("jo"), article, view.id, Answer(Outcome.NOTHING_HERE)))
    mia = open_browser("Mia")
    assert "Jo adjudicates this article" in page(mia, article, status=409)
    assert decide(mia, article, view, "nothing_here").status_code == 303
    assert "Jo adjudicates this article" in page(mia, article, status=409)
    assert mia.get(f"/articles/{article}/adjudicate/fragment").status_code == 409


@pytest.mark.parametrize(("name", "status"), [("Ada", 403), ("Mia", 403), ("Sam", 404)])
def test_others_cannot_adjudicate(desk: Desk, open_browser: OpenBrowser, article: str, name: str, status: int) -> None:
    browser = open_browser(name)
    view = views(desk, article)["three towns"]
    there = f"/articles/{article}/adjudicate"
    assert browser.get(there).status_code == status
    assert browser.get(f"{there}/fragment").status_code == status
    assert browser.get(f"{there}/agreed").status_code == status
    assert browser.post(f"{there}/agreed", {"questions": str(view.id)}).status_code == status
    assert decide(browser, article, view, "nothing_here").status_code == status
    assert browser.post(f"{there}/finish").status_code == status
    assert browser.post(f"{there}/reopen").status_code == status
    decide(open_browser("Jo"), article, view, "nothing_here")
    decision = views(desk, article)["three towns"].decision
    assert decision is not None
    assert browser.post(f"{there}/undo/{decision.id}").status_code == status
    assert views(desk, article)["three towns"].decision is not None


def test_reading_writes_nothing(desk: Desk, jo: Browser, article: str) -> None:
    with counted_statements(desk.app) as statements:
        page(jo, article)
        jo.get(f"/articles/{article}/adjudicate/fragment")
        jo.get(f"/articles/{article}/adjudicate/agreed")
    # The model of the labels may be kept at the first look: a copy that can be dropped at any time.
    written = [each for each in statements if not each.lstrip().startswith("SELECT")]
    assert [each for each in written if "agreement_" not in each] == []


def test_the_statements_do_not_grow_with_the_claims(desk: Desk, jo: Browser, article: str) -> None:
    # At the first look the model of the labels is fitted and kept.
    page(jo, article)
    with counted_statements(desk.app) as few:
        page(jo, article)
    busy = desk.article(title="A busy story")
    for word in ("Both", "governments", "announced", "complete", "ceasefire", "Sunday", "ministry", "calm", "towns"):
        desk.mark("ada", busy, word, "sourced")
        desk.mark("ben", busy, word, "disputed")
    desk.submit("ada", busy)
    desk.submit("ben", busy)
    page(jo, busy)
    with counted_statements(desk.app) as many:
        page(jo, busy)
    assert len(many) == len(few)
    assert len(few) <= 23


def test_hostile_words_stay_words(desk: Desk, jo: Browser) -> None:
    article = desk.article()
    hostile = "<img src=x onerror=alert(1)>"
    desk.mark("ada", article, "three towns", "unverified", note=hostile, claim_text=hostile)
    desk.submit("ada", article)
    desk.submit("ben", article)
    html = page(jo, article)
    assert "<img" not in html
    assert html.count("&lt;img src=x onerror=alert(1)&gt;") >= 2


def test_reasons_are_kept_and_shown(desk: Desk, jo: Browser, article: str) -> None:
    view = views(desk, article)["separate incidents"]
    form = {"question": str(view.id), "choice": "nothing_here", "reasons": ["not-a-claim", "guideline"]}
    assert (
        jo.post(f"/articles/{article}/adjudicate/decide", form | {"justification": "A quotation."}).status_code == 303
    )
    decision = views(desk, article)["separate incidents"].decision
    assert decision is not None
    assert decision.reasons == ["not-a-claim", "guideline"]
    standing = page(jo, article, view.id).split('id="standing"')[1]
    assert re.findall(r'class="tag"[^>]*>([^<]+)<', standing)[:2] == ["Guideline", "Not a claim"]
    damaged = jo.post(f"/articles/{article}/adjudicate/decide", form | {"reasons": ["whim"]})
    assert damaged.status_code == 422


def test_the_boundary_of_one_with_the_label_of_another_needs_no_script(desk: Desk, jo: Browser, article: str) -> None:
    view = views(desk, article)["a complete ceasefire"]
    ada, ben = (next(v for v in view.versions if v.label.key == key) for key in ("sourced", "disputed"))
    combined = {"boundary_of": str(ada.id), "label_of": str(ben.id)}
    assert decide(jo, article, view, "combine", **combined).status_code == 303
    decision = views(desk, article)["a complete ceasefire"].decision
    assert decision is not None
    assert decision.gold is not None
    assert (decision.outcome, decision.gold.exact, decision.gold.label.key) == (Outcome.EDIT, ada.exact, "disputed")
    assert {source.annotation_id for source in decision.sources if source.chosen} == {ben.id}


@pytest.mark.parametrize(
    "damage", [{}, {"boundary_of": "x", "label_of": "y"}, {"boundary_of": MISSING, "label_of": MISSING}]
)
def test_a_damaged_combination_changes_nothing(desk: Desk, jo: Browser, article: str, damage: dict[str, str]) -> None:
    view = views(desk, article)["a complete ceasefire"]
    assert decide(jo, article, view, "combine", **damage).status_code == 422
    assert gold(desk) == []


def test_the_list_shows_one_kind_and_goes_on_within_it(desk: Desk, jo: Browser, article: str) -> None:
    html = jo.get(f"/articles/{article}/adjudicate?kind=some&order=doubt").text
    assert re.findall(r'class="question-kind">([^<]+)<', html) == ["Only some marked it"]
    view = views(desk, article)["separate incidents"]
    form = {"question": str(view.id), "choice": "nothing_here"}
    answer = jo.post(f"/articles/{article}/adjudicate/decide?kind=some&order=doubt", form)
    assert answer.headers["Location"].endswith(f"question={view.id}&order=doubt&kind=some")
    assert jo.get(f"/articles/{article}/adjudicate?kind=whim&order=whim").status_code == 200


def test_the_first_pass_is_looked_at_and_then_started(app: Flask, open_browser: OpenBrowser) -> None:
    desk = Desk(app, merge_strategy=MergeStrategy.UNANIMOUS)
    article, jo = disputed_article(desk), open_browser("Jo")
    assert "First pass: 1 of 3" in page(jo, article)
    address = f"/articles/{article}/adjudicate/first-pass"
    shown = jo.get(address).text
    assert "all reviewers agree" in shown
    (ticked,) = re.findall(r'name="questions" value="([^"]+)"', shown)
    assert jo.post(address, {}).status_code == 422
    assert jo.post(address, {"questions": "damaged"}).status_code == 303
    assert gold(desk) == []
    assert jo.post(address, {"questions": ticked}).status_code == 303
    assert [exact for exact, _ in gold(desk)] == ["three towns"]
    assert "Taken, by rule" in page(jo, article)


def test_without_a_rule_the_first_pass_says_so(jo: Browser, article: str) -> None:
    answer = jo.get(f"/articles/{article}/adjudicate/first-pass")
    assert answer.status_code == 303
    assert "settles no question by rule" in page(jo, article)


def test_the_suggestion_is_closed_until_it_is_opened(jo: Browser, article: str) -> None:
    html = page(jo, article)
    assert re.search(r'<details class="more suggestion" id="suggestion">', html)
    # While labels differ no button is put before the others.
    assert 'class="button button-primary button-small"' not in html.split('id="looking"')[1].split('id="decide"')[0]

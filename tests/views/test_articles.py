"""The annotate page as the server sends it: who may open it, what stands in it, and what it costs."""

from __future__ import annotations

import json
import re
from html import unescape
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.pool import QueuePool
from werkzeug.test import TestResponse

from annotator.db import db
from annotator.domain.claims import Evidence, Stance
from annotator.models import Annotation, Assignment, AssignmentState, EvidenceItem, EvidenceRule, Label
from annotator.services import labels, projects
from annotator.services.claims import columns_of, evidence_columns
from annotator.views import layouts
from annotator.views.claim_list import FIRST
from tests.support.desk import Desk, counted_statements
from tests.support.people import Browser, open_browser


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


@pytest.fixture
def ada(app: Flask, desk: Desk) -> Browser:
    return signed_in(app, "Ada")


def signed_in(app: Flask, name: str) -> Browser:
    """A browser with `name` in it that has read the greeting, so that pages can be compared."""
    browser = open_browser(app, name)
    browser.get("/")
    return browser


def mark_many(desk: Desk, article_id: str, count: int) -> None:
    """`count` claims of Ada with evidence, as a large review leaves them."""

    def store() -> None:
        assignment = db.session.query(Assignment).filter_by(article_id=article_id, user_id=desk.ids["ada"]).one()
        label = db.session.query(Label).filter_by(project_id=desk.project().id, key="sourced").one()
        claim = desk.claim(article_id, "Both", evidence=(Evidence(Stance.SUPPORTS, source="A"),))
        for _ in range(count):
            columns = columns_of(claim, label.id)
            evidence = [EvidenceItem(**each) for each in evidence_columns(claim)]
            db.session.add(Annotation(id=uuid4(), assignment_id=assignment.id, evidence=evidence, **columns))
        db.session.flush()

    desk.write(store)


def cards(answer: TestResponse) -> list[str]:
    return re.findall(r'<li class="claim[^"]*" id="claim-([^"]+)"', answer.text)


def told(answer: TestResponse) -> list[dict[str, Any]]:
    """The fields of all claims, as the page's script reads them."""
    block = re.search(r'<script type="application/json" id="claims-told">(.*?)</script>', answer.text, re.DOTALL)
    assert block is not None
    return list(json.loads(block[1]))


def test_the_page_shows_the_text_the_marks_and_the_claims(desk: Desk, ada: Browser) -> None:
    article_id = desk.article()
    annotation_id = desk.mark("ada", article_id, "complete ceasefire", note='a "quoted" <note>')
    answer = ada.get(f"/articles/{article_id}")
    assert answer.status_code == 200
    assert f'data-annotation="{annotation_id}" data-letter="S">complete ceasefire</mark>' in answer.text
    assert cards(answer) == [str(annotation_id)]
    (state,) = told(answer)
    assert (state["id"], state["version"], state["note"]) == (str(annotation_id), 1, 'a "quoted" <note>')
    assert "<note>" not in answer.text


def test_strangers_and_other_reviewers_get_the_same_answer_as_for_no_article(app: Flask, desk: Desk) -> None:
    article_id = desk.article(assign=False)
    for name in ("Sam", "Ada"):
        browser = signed_in(app, name)
        for path in ("", "/blocks", "/review"):
            missing = browser.get(f"/articles/aaaaaaaaaaaaaaaa{path}")
            found = browser.get(f"/articles/{article_id}{path}")
            assert (found.status_code, missing.status_code) == (404, 404)
            assert mask(found.text) == mask(missing.text)


def test_without_a_sign_in_the_page_leads_to_it(app: Flask, desk: Desk) -> None:
    answer = app.test_client().get(f"/articles/{desk.article()}")
    assert answer.status_code == 302
    assert "/sign-in" in answer.headers["Location"]


def test_a_reviewer_sees_nothing_of_the_other(app: Flask, desk: Desk, ada: Browser) -> None:
    article_id = desk.article()
    without = mask(ada.get(f"/articles/{article_id}").text)
    secret = desk.mark("ben", article_id, "three towns", note="Ben was here")
    desk.submit("ben", article_id)
    answer = ada.get(f"/articles/{article_id}")
    assert mask(answer.text) == without
    assert str(secret) not in ada.get(f"/articles/{article_id}/blocks?start=0&end=200&claim={secret}").text


def mask(html: str) -> str:
    """The page without the tokens that are new in each answer."""
    html = re.sub(r'(name="csrf_token" value|data-token)="[^"]+"', r'\1=""', html)
    return re.sub(r'(name="annotation"[^>]* value)="[^"]+"', r'\1=""', html)


def test_who_only_reads_sees_no_claim_before_all_have_submitted(app: Flask, desk: Desk) -> None:
    article_id = desk.article()
    mine = desk.mark("ada", article_id, "complete ceasefire")
    desk.submit("ada", article_id)
    for name in ("Jo", "Mia"):
        answer = open_browser(app, name).get(f"/articles/{article_id}")
        assert "you can read it, not mark it" in answer.text
        assert cards(answer) == []
        assert str(mine) not in answer.text
        assert 'id="labelbar"' not in answer.text
    desk.submit("ben", article_id)
    answer = open_browser(app, "Jo").get(f"/articles/{article_id}")
    assert cards(answer) == [str(mine)]
    assert "Ada" not in answer.text
    assert "Ada" in open_browser(app, "Mia").get(f"/articles/{article_id}").text


def test_the_fragment_holds_the_touched_blocks_and_the_card(desk: Desk, ada: Browser) -> None:
    article_id = desk.article()
    annotation_id = desk.mark("ada", article_id, "complete ceasefire")
    desk.mark("ada", article_id, "three towns")
    answer = ada.get(f"/articles/{article_id}/blocks?start=27&end=45&claim={annotation_id}")
    assert re.findall(r'id="(b\d+)"', answer.text) == ["b1"]
    assert cards(answer) == [str(annotation_id)]
    whole = ada.get(f"/articles/{article_id}").text
    block = re.search(r'<p class="block" id="b1".*?</p>', whole)
    assert block is not None
    assert block[0] in answer.text


@pytest.mark.parametrize("query", ["start=a&end=2", "start=1", "start=-1&end=4", f"start=1&end={'9' * 5000}"])
def test_a_fragment_of_nonsense_is_refused(desk: Desk, ada: Browser, query: str) -> None:
    assert ada.get(f"/articles/{desk.article()}/blocks?{query}").status_code in {414, 422}


def test_a_fragment_without_a_claim_or_beyond_the_text_is_empty(desk: Desk, ada: Browser) -> None:
    article_id = desk.article()
    for query in ("", "claim=nonsense", f"claim={uuid4()}", "start=99999&end=999999", "start=9&end=2"):
        answer = ada.get(f"/articles/{article_id}/blocks?{query}")
        assert answer.status_code == 200, query
        assert cards(answer) == []
        assert "data-token" in answer.text


@pytest.mark.parametrize(("path", "most"), [("", 10), ("/blocks?start=0&end=20", 10), ("/review", 12)])
def test_the_number_of_statements_does_not_grow_with_the_claims(
    app: Flask, desk: Desk, ada: Browser, path: str, most: int
) -> None:
    article_id = desk.article()
    assert ada.get(f"/articles/{article_id}").status_code == 200  # From now on its layout is kept.
    counts = []
    for more in (1, 999):
        mark_many(desk, article_id, more)
        with counted_statements(app) as statements:
            assert ada.get(f"/articles/{article_id}{path}").status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1]
    assert counts[0] <= most


def test_a_quote_is_marked_without_script(desk: Desk, ada: Browser) -> None:
    article_id = desk.article()
    form = {"quote": " complete ceasefire\r\n", "label": "disputed", "note": "by hand", "annotation": str(uuid4())}
    answer = ada.post(f"/articles/{article_id}/claims", form)
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"#claim-{form['annotation']}")
    assert ada.post(f"/articles/{article_id}/claims", form).status_code == 303
    page = ada.get(f"/articles/{article_id}")
    assert cards(page) == [form["annotation"]]
    assert "by hand" in page.text


def test_a_quote_across_paragraphs_is_found_with_the_line_ends_of_a_browser(desk: Desk, ada: Browser) -> None:
    article_id = desk.article()
    form = {"quote": "on Sunday.\r\n\r\nThe ministry", "label": "sourced"}
    assert ada.post(f"/articles/{article_id}/claims", form).status_code == 303


def test_a_form_that_was_sent_already_marks_other_words_as_a_claim_of_their_own(desk: Desk, ada: Browser) -> None:
    article_id = desk.article()
    form = {"quote": "complete ceasefire", "label": "disputed", "annotation": str(uuid4())}
    assert ada.post(f"/articles/{article_id}/claims", form).status_code == 303
    # Back to the page as the browser kept it, and other words into the same form.
    again = ada.post(f"/articles/{article_id}/claims", {**form, "quote": "three towns"})
    assert again.status_code == 422
    assert "Send it again to mark these words too." in again.text
    fresh = re.search(r'name="annotation"[^>]* value="([^"]+)"', again.text)
    assert fresh is not None
    sent = ada.post(f"/articles/{article_id}/claims", {**form, "quote": "three towns", "annotation": fresh[1]})
    assert sent.status_code == 303
    assert sorted(cards(ada.get(f"/articles/{article_id}"))) == sorted([form["annotation"], fresh[1]])


def test_a_quote_that_stands_twice_asks_which_one(desk: Desk, ada: Browser) -> None:
    article_id = desk.article("A truce was signed. The truce holds.")
    form = {"quote": "truce", "label": "sourced", "annotation": str(uuid4())}
    answer = ada.post(f"/articles/{article_id}/claims", form)
    assert answer.status_code == 422
    assert "It stands 2 times" in answer.text
    assert re.findall(r'name="place" id="place-(\d+)"', answer.text) == ["2", "24"]
    assert ada.post(f"/articles/{article_id}/claims", {**form, "place": "24"}).status_code == 303
    assert 'data-start="24" data-end="29"' in ada.get(f"/articles/{article_id}").text


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"quote": "not in it", "label": "sourced"}, "The article does not say this."),
        ({"quote": "", "label": "sourced"}, "Paste the words of the claim."),
        ({"quote": "ceasefire", "label": "none of ours"}, "This cannot be chosen here."),
        ({"quote": "ceasefire", "label": "sourced", "annotation": "x"}, "This form is damaged."),
        ({"quote": "   ", "label": "sourced"}, "The article does not say this."),
    ],
)
def test_a_quote_that_cannot_be_marked_says_why(desk: Desk, ada: Browser, form: dict[str, str], words: str) -> None:
    article_id = desk.article()
    answer = ada.post(f"/articles/{article_id}/claims", form)
    assert answer.status_code == 422
    assert words in answer.text
    assert cards(ada.get(f"/articles/{article_id}")) == []


def test_submitting_and_reopening_by_form(desk: Desk, ada: Browser) -> None:
    article_id = desk.article()
    desk.mark("ada", article_id, "complete ceasefire")
    review = ada.get(f"/articles/{article_id}/review")
    assert "a speaker, evidence that supports it" in review.text
    assert "2 sentences without a claim" in review.text
    assert ada.post(f"/articles/{article_id}/read").status_code == 303
    assert "You have not noted" not in ada.get(f"/articles/{article_id}/review").text
    refused = ada.post(f"/articles/{article_id}/submit")
    assert refused.headers["Location"].endswith("/review")
    assert ada.post(f"/articles/{article_id}/submit", {"confirm": "yes"}).status_code == 303
    page = ada.get(f"/articles/{article_id}").text
    assert "You submitted this article" in page
    assert 'data-mode="submitted"' in page
    assert ada.post(f"/articles/{article_id}/claims", {"quote": "calm", "label": "sourced"}).status_code == 409
    assert ada.post(f"/articles/{article_id}/reopen").status_code == 303
    assert 'data-mode="open"' in ada.get(f"/articles/{article_id}").text


def test_what_the_project_requires_cannot_be_submitted_without(app: Flask) -> None:
    desk = Desk(app, evidence=EvidenceRule.REQUIRED)
    article_id = desk.article()
    desk.mark("ada", article_id, "complete ceasefire")
    ada = open_browser(app, "Ada")
    review = ada.get(f"/articles/{article_id}/review").text
    assert "this project requires it" in review
    assert "Submit all the same" not in review
    ada.post(f"/articles/{article_id}/submit", {"confirm": "yes"})
    assert 'data-mode="open"' in ada.get(f"/articles/{article_id}").text


def test_once_an_adjudicator_has_decided_the_page_says_why_it_is_closed(desk: Desk, ada: Browser) -> None:
    article_id = desk.article()
    desk.mark("ada", article_id, "complete ceasefire")
    desk.submit("ada", article_id)
    desk.submit("ben", article_id)

    def lock() -> None:
        assignment = db.session.query(Assignment).filter_by(article_id=article_id, user_id=desk.ids["ada"]).one()
        assignment.state = AssignmentState.LOCKED
        db.session.flush()

    desk.write(lock)
    page = ada.get(f"/articles/{article_id}").text
    assert "An adjudicator has begun to decide" in page
    assert "Reopen" not in page
    assert ada.post(f"/articles/{article_id}/reopen").status_code == 409


def test_the_guideline_is_shown_as_safe_html(desk: Desk, ada: Browser) -> None:
    article_id = desk.article()
    desk.write(lambda: projects.write_guideline(desk.project(), "# Rules\n\n<script>alert(1)</script> *smallest*"))
    page = ada.get(f"/articles/{article_id}").text
    assert "<em>smallest</em>" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize("path", ["claims", "submit", "reopen", "read"])
def test_nothing_changes_by_looking_or_without_a_token(desk: Desk, ada: Browser, path: str) -> None:
    article_id = desk.article()
    assert ada.get(f"/articles/{article_id}/{path}").status_code == 405
    assert ada.client.post(f"/articles/{article_id}/{path}").status_code == 400


def test_hostile_text_is_text_everywhere_on_the_page(desk: Desk, ada: Browser) -> None:
    hostile = "<img src=x onerror=alert(1)> said \"no\" & 'yes' to it."
    article_id = desk.article(hostile, title="<b>T</b>", url="javascript:alert(1)", byline="<i>B</i>")
    desk.mark("ada", article_id, hostile[:40], note="</script><script>alert(2)</script>")
    page = ada.get(f"/articles/{article_id}").text
    for tag in ("<img src=x", "<b>T", "<i>B", "<script>alert", "javascript:"):
        assert tag not in page
    assert " style=" not in page


def test_of_a_long_list_the_first_cards_are_sent_and_without_script_a_link_to_all(desk: Desk, ada: Browser) -> None:
    article_id = desk.article()
    mark_many(desk, article_id, FIRST + 2)
    answer = ada.get(f"/articles/{article_id}")
    ids = [claim["id"] for claim in told(answer)]
    assert len(set(ids)) == FIRST + 2
    assert cards(answer) == ids[:FIRST]
    assert answer.text.index('id="text"') < answer.text.index('id="claims"')
    (link,) = re.findall(r'<noscript>.*<a href="([^"]+)">All 62 claims</a>.*</noscript>', answer.text)
    whole = ada.get(unescape(link))
    assert cards(whole) == ids
    assert "All 62 claims" not in whole.text


def test_the_text_is_sent_before_the_list_and_refusals_before_the_first_byte(
    app: Flask, desk: Desk, ada: Browser
) -> None:
    article_id = desk.article()
    mark_many(desk, article_id, FIRST + 2)
    answer = ada.get(f"/articles/{article_id}", buffered=False)
    pieces = [bytes(piece) for piece in answer.iter_encoded()]
    assert len(pieces) > 4
    assert b'id="text"' in pieces[0]
    assert b'class="block' not in pieces[0]
    assert b'class="block' in pieces[1]
    assert b'class="claim ' not in pieces[0] + pieces[1]
    assert signed_in(app, "Sam").get(f"/articles/{article_id}", buffered=False).status_code == 404


def test_nobody_keeps_a_moment_of_the_database_while_a_page_is_sent(app: Flask, desk: Desk, ada: Browser) -> None:
    article_id = desk.article()
    mark_many(desk, article_id, FIRST + 2)
    answer = ada.get(f"/articles/{article_id}", buffered=False)
    with app.app_context():
        pool = db.engine.pool
    assert isinstance(pool, QueuePool)
    with counted_statements(app) as statements:
        for _piece in answer.response:
            assert pool.checkedout() == 0
    assert statements == []


def test_a_label_that_is_added_while_a_page_is_read_breaks_nothing(app: Flask, desk: Desk, ada: Browser) -> None:
    """The claims and the labels are read one after the other, and on PostgreSQL each at a moment of its own."""
    article_id = desk.article()
    desk.mark("ada", article_id, "complete ceasefire")
    made: list[UUID] = []

    def add() -> None:
        facts = labels.LabelFacts("New", "What is new.", 4, False, False, (), ())
        desk.write(lambda: labels.add(desk.project(), "new", facts, by=desk.user("mia")))
        made.append(desk.mark("ada", article_id, "three towns", "new"))

    def meanwhile(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not made and re.search(r"FROM (label|annotation)\b", statement):
            made.append(uuid4())
            other = Thread(target=add)
            other.start()
            other.join()

    with app.app_context():
        engine = db.engine
    event.listen(engine, "after_cursor_execute", meanwhile)
    try:
        answer = ada.get(f"/articles/{article_id}")
    finally:
        event.remove(engine, "after_cursor_execute", meanwhile)
    assert len(made) == 2
    assert answer.status_code == 200
    assert len(cards(answer)) == len(told(answer)) == 1
    assert cards(ada.get(f"/articles/{article_id}"))[1:] == [str(made[1])]


def test_no_field_of_a_claim_ends_the_block_of_json(desk: Desk, ada: Browser) -> None:
    article_id = desk.article()
    note = "</script><!--<script>\r\n\u2028\"'&amp;"
    desk.mark("ada", article_id, "complete ceasefire", note=note)
    (claim,) = told(ada.get(f"/articles/{article_id}"))
    assert claim["note"] == note


def test_the_answer_to_a_save_stays_small_in_a_long_paragraph_with_many_claims(desk: Desk, ada: Browser) -> None:
    words = " ".join(f"word{number}" for number in range(9_000)) + "."
    article_id = desk.article(words)
    marked = [desk.mark("ada", article_id, f"word{number} word{number + 1}") for number in range(4_000, 4_060)]
    start = words.index("word4059")
    answer = ada.get(f"/articles/{article_id}/blocks?start={start}&end={start + 17}&claim={marked[-1]}")
    assert str(marked[-1]) in answer.text
    assert len(answer.data) < 30_000


def test_layouts_of_the_articles_read_last_are_kept_and_no_more(desk: Desk, ada: Browser) -> None:
    first = desk.article()
    ada.get(f"/articles/{first}")
    for number in range(layouts.MOST):
        ada.get(f"/articles/{desk.article(f'Story {number}.')}")
    with counted_statements(desk.app) as again:
        ada.get(f"/articles/{first}")
    with counted_statements(desk.app) as kept:
        ada.get(f"/articles/{first}")
    assert len(again) == len(kept) + 1

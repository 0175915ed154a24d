"""Revealing an article, what its reviewers then see beside their own claims, and talking about a question; no script."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from flask import Flask

from annotator.services import reveals
from annotator.services.naming import letters
from annotator.services.questions import questions
from tests.support.desk import Desk, counted_statements
from tests.support.people import Browser, open_browser


class Case:
    """Ada and Ben have submitted an article of a blind project that reveals."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.desk = Desk(app, discussion=True)
        self.article = self.desk.article()
        self.desk.mark("ada", self.article, "complete ceasefire", "sourced")
        self.desk.mark("ben", self.article, "a complete ceasefire", "disputed", note="<b>Which?</b>")
        self.desk.mark("ben", self.article, "three towns", "unverified")
        for name in ("ada", "ben"):
            self.desk.submit(name, self.article)
        with app.app_context():
            self.question = questions(self.desk.user("jo"), self.article)[0].id

    def browser(self, name: str) -> Browser:
        return open_browser(self.app, name)

    def letter(self, name: str) -> str:
        return letters(self.article, [self.desk.ids["ada"], self.desk.ids["ben"]])[self.desk.ids[name]]

    def reveal(self) -> None:
        self.desk.write(lambda: reveals.reveal(self.desk.user("jo"), self.article))

    @property
    def page(self) -> str:
        return f"/articles/{self.article}"

    def posts(self, question: UUID | None = None) -> str:
        return f"{self.page}/questions/{question or self.question}/posts"


@pytest.fixture
def case(app: Flask) -> Case:
    return Case(app)


def test_a_manager_is_asked_before_the_reveal_and_it_is_told_afterwards(case: Case) -> None:
    mia = case.browser("Mia")
    assert f"{case.page}/reveal" in mia.get(case.page).text
    asked = mia.get(f"{case.page}/reveal").text
    assert "cannot be taken back" in asked
    told = mia.post(f"{case.page}/reveal", follow_redirects=True).text
    assert "Revealed to its reviewers by Mia on" in told
    assert f"{case.page}/reveal" not in told


def test_a_reveal_that_comes_too_late_says_so(case: Case) -> None:
    jo, mia = case.browser("Jo"), case.browser("Mia")
    answer = jo.post(f"{case.page}/adjudicate/decide", {"question": str(case.question), "choice": "nothing_here"})
    assert answer.status_code == 303
    assert "adjudication of this article has begun" in mia.post(f"{case.page}/reveal", follow_redirects=True).text
    assert mia.get(f"{case.page}/reveal").status_code == 409


def test_before_the_reveal_the_page_says_nothing_of_others(case: Case) -> None:
    page = case.browser("Ada").get(case.page).text
    assert "others-pane" not in page
    assert "a complete ceasefire" not in re.sub(r'<div class="article-text".*?</article>', "", page, flags=re.DOTALL)


def test_after_it_reviewers_see_the_others_by_letter_and_may_change_their_own(case: Case) -> None:
    case.reveal()
    page = case.browser("Ada").get(case.page).text
    assert 'data-mode="again"' in page
    assert "Revealed by Jo on" in page
    assert f"Reviewer {case.letter('ben')}" in page
    assert "&lt;b&gt;Which?&lt;/b&gt;" in page
    assert "Ben" not in page
    assert "Not marked by you." in page


def test_a_post_stands_on_the_page_and_reaches_who_is_named(case: Case) -> None:
    case.reveal()
    ada, ben = case.browser("Ada"), case.browser("Ben")
    words = f"@{case.letter('ben')} why <i>disputed</i>?\r\nReally?"
    answer = ada.post(case.posts(), {"text": words, "kind": "comment", "back": "annotate"})
    assert answer.headers["Location"].endswith(f"#thread-{case.question}")
    home = ben.get("/").text
    assert "You are named in" in home
    assert f"Reviewer {case.letter('ada')}" in home
    found = re.search(r'action="(/mentions/[^"]+/seen)"', home)
    assert found is not None
    page = ben.post(found[1], follow_redirects=True).text
    assert "why &lt;i&gt;disputed&lt;/i&gt;?\nReally?" in page
    assert "You are named in" not in ben.get("/").text


def test_looking_at_a_thread_changes_nothing(case: Case) -> None:
    case.browser("Jo").post(case.posts(), {"text": "@Mia?", "kind": "comment"})
    mia = case.browser("Mia")
    for _ in range(2):
        assert "@Mia?" in mia.get(f"{case.page}/questions/{case.question}").text
        assert "You are named in" in mia.get("/").text


def test_a_thread_is_resolved_and_opened_again(case: Case) -> None:
    jo = case.browser("Jo")
    jo.post(case.posts(), {"text": "Clear.", "kind": "comment"})
    assert "resolved it," in jo.post(case.posts(), {"kind": "resolve"}, follow_redirects=True).text
    assert "opened it again," in jo.post(case.posts(), {"kind": "reopen"}, follow_redirects=True).text


@pytest.mark.parametrize("form", [{"text": ""}, {"text": "x" * 2_001}, {"text": "a", "kind": "shout"}])
def test_nonsense_is_refused_in_words(case: Case, form: dict[str, str]) -> None:
    answer = case.browser("Jo").post(case.posts(), form)
    assert answer.status_code == 422
    assert "field-error" in answer.text


def test_reviewers_read_no_thread_before(case: Case) -> None:
    for name in ("Ada", "Ben", "Sam"):
        browser = case.browser(name)
        assert browser.get(f"{case.page}/questions/{case.question}").status_code == 404
        assert browser.post(case.posts(), {"text": "Hello?"}).status_code == 404
    assert case.browser("Jo").get(f"{case.page}/questions/{UUID(int=1)}").status_code == 404


def test_the_project_is_set_to_reveal_by_its_manager(app: Flask) -> None:
    desk = Desk(app)
    mia = open_browser(app, "Mia")
    form = {"name": "Truce", "reviewers": "2", "blind": "blind", "evidence": "warn", "merge_strategy": "none"}
    form |= {"merge_threshold": "0.75", "discussion": "y"}
    answer = mia.post("/projects/truce/settings", form)
    assert answer.status_code == 303, re.findall(r"field-error[^<]*<[^<]*<[^<]*", answer.text)
    with app.app_context():
        assert desk.project().discussion


def test_what_others_marked_needs_as_many_statements_for_much_as_for_little(case: Case) -> None:
    ada = case.browser("Ada")

    def count(article: str) -> int:
        case.desk.write(lambda: reveals.reveal(case.desk.user("jo"), article))
        ada.get("/account")
        with counted_statements(case.app) as statements:
            assert "others-pane" in ada.get(f"/articles/{article}").text
        return len(statements)

    few = count(case.article)
    busy = case.desk.article(title="A busy story")
    for word in ("Both", "governments", "announced", "complete", "ceasefire", "Sunday", "ministry", "calm", "towns"):
        case.desk.mark("ada", busy, word, "sourced")
        case.desk.mark("ben", busy, word, "disputed")
    for name in ("ada", "ben"):
        case.desk.submit(name, busy)
    assert count(busy) == few

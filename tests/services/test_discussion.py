"""Threads: who reads and writes them, whom they name, and how they are settled."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask

from annotator.db import db
from annotator.errors import Invalid, NotFound
from annotator.models import Event, Outcome, PostKind
from annotator.services import adjudication, discussion, mentions, reveals
from annotator.services.adjudication import Answer
from annotator.services.naming import letters
from annotator.services.questions import questions
from tests.support.desk import Desk, counted_statements


class Case:
    """An article with two questions that all have submitted; nothing is revealed or sent back."""

    def __init__(self, app: Flask, **settings: bool) -> None:
        self.desk = Desk(app, discussion=True, **settings)
        self.article = self.desk.article()
        self.desk.mark("ada", self.article, "complete ceasefire", "sourced")
        self.desk.mark("ben", self.article, "a complete ceasefire", "disputed")
        self.desk.mark("ben", self.article, "three towns", "unverified")
        for name in ("ada", "ben"):
            self.desk.submit(name, self.article)
        with app.app_context():
            self.first, self.second = (view.id for view in questions(self.desk.user("jo"), self.article))

    def letter(self, name: str) -> str:
        return letters(self.article, [self.desk.ids["ada"], self.desk.ids["ben"]])[self.desk.ids[name]]

    def reveal(self) -> None:
        self.desk.write(lambda: reveals.reveal(self.desk.user("jo"), self.article))

    def send_back(self) -> None:
        answer = Answer(Outcome.SEND_BACK, justification="Why?")
        self.desk.write(lambda: adjudication.decide(self.desk.user("jo"), self.article, self.first, answer))

    def say(self, name: str, text: str, *, question: UUID | None = None, kind: PostKind = PostKind.COMMENT):
        asked = question or self.first
        return self.desk.write(lambda: discussion.add(self.desk.user(name), self.article, asked, text, kind=kind))

    def read(self, name: str, question: UUID | None = None) -> list[tuple[str, str]]:
        with self.desk.app.app_context():
            found = discussion.thread(self.desk.user(name), self.article, question or self.first)
            return [(post.by, post.text) for post in found.posts]

    def calls(self, name: str) -> list[str]:
        with self.desk.app.app_context():
            return [call.text for call in mentions.calls(self.desk.user(name))]


@pytest.fixture
def case(app: Flask) -> Case:
    return Case(app)


def test_adjudicator_and_manager_talk_before_reviewers_read_anything(case: Case) -> None:
    case.say("jo", "Which province?")
    case.say("mia", "Ask the desk.")
    assert case.read("jo") == [("Jo", "Which province?"), ("Mia", "Ask the desk.")]
    for name in ("ada", "ben", "sam"):
        with pytest.raises(NotFound):
            case.read(name)
        with pytest.raises(NotFound):
            case.say(name, "Hello?")


def test_after_a_reveal_reviewers_read_every_thread_by_letter(case: Case) -> None:
    case.say("jo", "Which province?")
    case.reveal()
    case.say("ben", "The north.")
    assert case.read("ada") == [("Jo", "Which province?"), (f"Reviewer {case.letter('ben')}", "The north.")]
    assert case.read("ben")[1] == ("Ben", "The north.")
    assert case.read("mia")[1] == ("Ben", "The north.")
    assert case.read("ada", case.second) == []


def test_a_question_that_came_back_shows_its_reviewers_that_thread_alone(case: Case) -> None:
    case.say("jo", "On the other.", question=case.second)
    case.send_back()
    case.say("ada", "What do you mean?")
    assert len(case.read("ben")) == 1
    with pytest.raises(NotFound):
        case.read("ada", case.second)
    with case.desk.app.app_context():
        assert set(discussion.threads(case.desk.user("ada"), case.article)) == {case.first}


def test_no_thread_hangs_on_what_is_no_question(case: Case) -> None:
    with pytest.raises(NotFound):
        case.say("jo", "Hello?", question=UUID(int=5))


@pytest.mark.parametrize("text", ["", "  \n", "x" * 2_001, "a\x00b", "\ud800"])
def test_what_cannot_be_stored_is_refused(case: Case, text: str) -> None:
    with pytest.raises(Invalid):
        case.say("jo", text)


def test_a_thread_is_resolved_and_opened_again_once_each(case: Case) -> None:
    assert case.say("jo", "", kind=PostKind.REOPEN) is None
    assert case.say("jo", "Clear now.", kind=PostKind.RESOLVE) is not None
    assert case.say("mia", "", kind=PostKind.RESOLVE) is None
    with case.desk.app.app_context():
        assert discussion.thread(case.desk.user("jo"), case.article, case.first).resolved
    case.say("mia", "", kind=PostKind.REOPEN)
    with case.desk.app.app_context():
        assert not discussion.thread(case.desk.user("jo"), case.article, case.first).resolved
        actions = list(db.session.scalars(db.select(Event.action).where(Event.action.startswith("discussion."))))
        assert actions == ["discussion.resolve", "discussion.reopen"]


def test_names_reach_those_who_may_read_until_they_have_seen_it(case: Case) -> None:
    case.say("jo", "@Mia, whom shall we ask? @Jo asks.")
    assert case.calls("mia") == ["@Mia, whom shall we ask? @Jo asks."]
    assert case.calls("jo") == []
    with case.desk.app.app_context():
        (call,) = mentions.calls(case.desk.user("mia"))
    case.desk.write(lambda: mentions.see(case.desk.user("mia"), call.post_id))
    assert case.calls("mia") == []
    with pytest.raises(NotFound):
        case.desk.write(lambda: mentions.see(case.desk.user("jo"), call.post_id))


def test_where_names_are_hidden_people_are_called_by_letter_only(case: Case) -> None:
    case.reveal()
    case.say("ada", f"@{case.letter('ben')}: and @ben?")
    assert len(case.calls("ben")) == 1
    case.say("ben", "@Ada is not to be known here.")
    assert case.calls("ada") == []


def test_who_is_named_in_a_thread_that_they_may_not_read_is_told_nothing(case: Case) -> None:
    case.say("mia", "@Ada marked too much.")
    assert case.calls("ada") == []
    case.reveal()
    assert case.calls("ada") == ["@Ada marked too much."]


def test_to_write_in_a_thread_is_to_have_seen_it(case: Case) -> None:
    case.say("jo", "@Mia?")
    case.say("mia", "Here.")
    assert case.calls("mia") == []


def test_many_articles_ask_the_database_as_often_as_one(case: Case) -> None:
    def count() -> int:
        with case.desk.app.app_context():
            ada = case.desk.user("ada")
            with counted_statements(case.desk.app) as statements:
                mentions.calls(ada)
        return len(statements)

    case.reveal()
    case.say("ben", f"@{case.letter('ada')} here.")
    one = count()
    for number in range(3):
        other = Case.__new__(Case)
        other.desk, other.article = case.desk, case.desk.article(title=f"Story {number}")
        for name in ("ada", "ben"):
            case.desk.mark(name, other.article, "complete ceasefire")
            case.desk.submit(name, other.article)
        with case.desk.app.app_context():
            other.first = questions(case.desk.user("jo"), other.article)[0].id
        other.reveal()
        other.say("ben", f"@{other.letter('ada')} there.")
    assert len(case.calls("ada")) == 4
    assert count() == one <= 2


def test_what_is_called_is_what_may_be_read(case: Case) -> None:
    """Both ways to say who reads a thread agree, whatever happens to the article."""

    def agree() -> None:
        with case.desk.app.app_context():
            for name in ("ada", "mia", "jo"):
                user = case.desk.user(name)
                reads = set(discussion.threads(user, case.article))
                assert {call.question for call in mentions.calls(user)} <= reads, name

    case.say("mia", "@Ada @Ben @Jo?")
    agree()
    assert case.calls("ada") == []
    case.send_back()
    assert case.calls("ada") == ["@Ada @Ben @Jo?"]
    agree()
    decision = case.desk.write(
        lambda: (
            adjudication.decide(
                case.desk.user("jo"), case.article, case.first, Answer(Outcome.NOTHING_HERE, replaces=standing(case))
            ).id
        )
    )
    assert decision
    assert case.calls("ada") == []
    agree()


def standing(case: Case) -> str:
    """The decision that stands on the first question."""
    with case.desk.app.app_context():
        return questions(case.desk.user("jo"), case.article)[0].decision.id

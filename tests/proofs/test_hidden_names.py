"""Names are hidden from the adjudicator of a blind project until the adjudication of the article is finished.

Jo's whole day is recorded once as it is and once with others, of which the first is now the last in the alphabet; at full
count also with the reviewers' names and addresses exchanged: not a byte of it may differ. Ids and the clock are the same
in all worlds, so nothing has to be masked but the signed tokens.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import update

from annotator.db import db
from annotator.domain.claims import Relation
from annotator.models import MergeStrategy, Role, User
from annotator.services import annotations as claims
from annotator.services import links, projects
from annotator.services import rounds as second_rounds
from tests.support.desk import STORY, Desk
from tests.support.nonces import masked
from tests.support.people import Browser
from tests.support.walk import Answer, attempts, looks, recorded, steps, take

MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
AS_THEY_ARE = {"ada": ("ada@example.org", "Ada"), "ben": ("ben@example.org", "Ben")}
EXCHANGED = {"ada": ("ben@example.org", "Ben"), "ben": ("ada@example.org", "Ada")}
OTHERS = {"ada": ("zoe@long.example.com", "Zoë Quist-Featherstonehaugh"), "ben": ("al@a.example", "Al")}

TEXTS = (
    STORY,
    "Calm but for one or two separate incidents, very calm.",
    "The ceasefire held on Monday. Nobody was hurt.",
    "The market was open again on Tuesday, traders said.",
)
MARKS = (
    ("ada", 0, "complete ceasefire", "sourced"),
    ("ben", 0, "complete ceasefire on Sunday", "disputed"),
    ("ada", 0, "shelling in three towns", "unverified"),
    ("ben", 0, "Residents reported", "unverified"),
    ("ada", 0, "nobody could say", "unverified"),
    ("ben", 0, "nobody could say", "unverified"),
    ("ben", 1, "very calm", "sourced"),
    ("ada", 2, "Nobody was hurt", "unverified"),
    ("ben", 3, "The market was open", "sourced"),
    ("ada", 3, "The market was open again", "disputed"),
)
IDS = [UUID(int=number + 1) for number in range(len(MARKS))]
Day = list[Answer]


class Chance:
    """The module `secrets` with a seed: ids are the same in every world."""

    def __init__(self) -> None:
        self.random = Random(7)

    def randbits(self, count: int) -> int:
        return self.random.getrandbits(count)


class World:
    """Two reviewers of these names, who have submitted three of four articles; Jo adjudicates."""

    def __init__(self, desk: Desk, names: dict[str, tuple[str, str]]) -> None:
        self.desk = desk
        for key, (_, name) in names.items():
            # Two people cannot have one address, not even for a moment.
            self.rename(key, f"{key}@moving.example", name)
        for key, (email, name) in names.items():
            self.rename(key, email, name)
        self.articles = [desk.article(text) for text in TEXTS]
        for annotation, (who, number, exact, label) in zip(IDS, MARKS, strict=True):
            claim = desk.claim(self.articles[number], exact, label, note=f"About {exact}.")
            desk.write(partial(self.put, who, self.articles[number], annotation, claim))
        link = links.Proposal(IDS[0], IDS[2], Relation.QUALIFIES)
        desk.write(lambda: links.create(desk.user("ada"), desk.slug, link))
        for number in (0, 1, 3):
            for who in ("ben", "ada"):
                desk.submit(who, self.articles[number])
        self.browser = Browser(desk.app, desk.app.test_client()).sign_in("jo@example.org")
        self.sent: Day = []

    def rename(self, key: str, email: str, name: str) -> None:
        wanted = update(User).where(User.id == self.desk.ids[key]).values(email=email, name=name)
        self.desk.write(lambda: db.session.execute(wanted))

    def put(self, who: str, article: str, annotation: UUID, claim: Any) -> None:
        claims.put(self.desk.user(who), article, annotation, claim, if_version=None)

    def api(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.browser.request(method, f"/api/v1{path}", json=body)
        told = answer.json
        self.sent.append(recorded(answer))
        return told

    def day(self, *, full: bool) -> Day:
        """What an adjudicator does: looks, decides, sends back, takes back, tries what there is, looks at everything.

        While a question is sent back she looks at the project and at the story it is about. What is undecided, answered
        and decided is there at the end. At full count she looks at everything, before, between and after.
        """
        story, on_the_way = self.articles[0], self.worlds if full else self.worlds[:1]
        if full:
            self.look(on_the_way)
        asked = self.api("GET", f"/articles/{story}/questions")["items"]
        assert len(asked) == 4
        taken = self.decide(asked[0], outcome="accept", annotation=asked[0]["versions"][0]["id"])
        assert taken["gold"]["label"] in {"sourced", "disputed"}
        self.decide(asked[0], outcome="edit", claim=self.drawn("complete ceasefire"), replaces=taken["id"])
        back = self.decide(asked[1], outcome="send back", justification="Which towns?")
        self.look(on_the_way)
        self.answer_it(story, back["id"])
        if full:
            self.look(on_the_way)
        gone = self.decide(asked[2], outcome="nothing here", replaces=None)
        self.api("DELETE", f"/decisions/{gone['id']}")
        market = self.articles[3]
        for question in self.api("GET", f"/articles/{market}/questions")["items"]:
            self.decide(question, article=market, outcome="nothing here")
        self.walk()
        return self.sent

    def answer_it(self, story: str, decision: str) -> None:
        """Ben answers what was sent back, and changes what he had marked; Ada does not."""
        desk = self.desk
        changed = desk.claim(story, "Residents reported", "sourced")
        ben = IDS[3]
        desk.write(lambda: claims.put(desk.user("ben"), story, ben, changed, if_version=1))
        desk.write(lambda: second_rounds.answer(desk.user("ben"), story, decision, "Those of the valley."))

    def decide(self, question: Any, *, article: str = "", **decision: Any) -> Any:
        path = f"/articles/{article or self.articles[0]}/decisions"
        answer = self.api("POST", path, {"question": question["id"], "justification": "So it is."} | decision)
        assert "id" in answer, answer
        return answer

    def drawn(self, exact: str) -> dict[str, Any]:
        start = STORY.index(exact)
        return {"start": start, "end": start + len(exact), "exact": exact, "label": "disputed"}

    @property
    def worlds(self) -> list[dict[str, str]]:
        marked = dict(zip((self.articles[number] for _, number, _, _ in MARKS), IDS, strict=True))
        return [
            {
                "slug": "truce",
                "article": article,
                "annotation": str(marked[article]),
                "other": str(IDS[2]),
                "user": self.desk.ids["ben"],
                "label": "sourced",
            }
            for article in self.articles
        ]

    def look(self, worlds: list[dict[str, str]]) -> None:
        """At every page of these."""
        kinds = KINDS if len(worlds) > 1 else KINDS[:1]
        more = [f"/projects/truce/export/download?layer={layer}&format={kind}" for layer in LAYERS for kind in kinds]
        if len(worlds) > 1:
            more += [f"/api/v1/projects/truce/export?layer={layer}&format=jsonl" for layer in LAYERS]
        more += [f"/claims/{claim}/history" for claim in IDS]
        for path in more:
            self.sent.append(recorded(self.browser.get(path)))
        for step in looks(steps(self.desk.app, worlds)):
            self.sent.append(recorded(take(self.browser, step)))

    def walk(self) -> None:
        for step in attempts(steps(self.desk.app, self.worlds)):
            # This one ends what is being proved.
            if step.endpoint not in FINISHING:
                self.sent.append(recorded(take(self.browser, step)))
        self.look(self.worlds)

    def finish(self) -> Day:
        """After the end of the market's adjudication its names are there."""
        self.sent.clear()
        market = self.articles[3]
        self.api("POST", f"/articles/{market}/finish")
        self.sent.append(recorded(self.browser.get(f"/articles/{market}/adjudicate")))
        return self.sent


LAYERS = ("annotations", "gold", "decisions", "dissent", "links", "articles", "agreement")
KINDS = ("csv", "jsonl")
FINISHING = frozenset({"adjudication.finish", "api.finish_adjudication"})


@pytest.fixture
def world(make_app, databases, tmp_path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., World]:
    """A world with these names: world(EXCHANGED). Its clock stands still."""

    def make(names: dict[str, tuple[str, str]], *, manages: bool = False, **settings: Any) -> World:
        monkeypatch.setattr("annotator.db.secrets", Chance())
        settings = {"merge_strategy": MergeStrategy.MAJORITY, "discussion": True} | settings
        desk = Desk(make_app(database_url=databases.create(tmp_path)), **settings)
        if manages:
            desk.write(lambda: projects.add_member(desk.project(), desk.user("jo"), Role.MANAGER))
        return World(desk, names)

    return make


@pytest.fixture(autouse=True)
def _clock() -> Any:
    with time_machine.travel(MORNING, tick=False):
        yield


def test_not_a_byte_that_the_adjudicator_is_sent_depends_on_a_name(
    world: Callable[..., World], rounds: Callable[[int, int], int]
) -> None:
    worlds = rounds(1, 2)
    plain = world(AS_THEY_ARE).day(full=worlds > 1)
    known = masked(plain)
    for names in (OTHERS, EXCHANGED)[:worlds]:
        for position, (one, other) in enumerate(zip(known, masked(world(names).day(full=worlds > 1)), strict=True)):
            assert one == other, f"answer {position}"
    assert len(plain) > 400
    assert not [status for status, _, _ in plain if status >= 500]
    words = "".join(text for _, _, text in plain)
    assert "Reviewer A" in words
    assert "Those of the valley." in words


def test_when_the_adjudication_is_finished_the_names_are_there(world: Callable[..., World]) -> None:
    """The positive control: the same comparison after the end."""
    days = []
    for names in (AS_THEY_ARE, EXCHANGED):
        here = world(names)
        market = here.articles[3]
        for question in here.api("GET", f"/articles/{market}/questions")["items"]:
            here.decide(question, article=market, outcome="nothing here")
        days.append(masked(here.finish()))
    assert days[0] != days[1]


@pytest.mark.parametrize("how", [{"manages": True}, {"blind": False}], ids=["a manager", "an open project"])
def test_whoever_may_see_names_is_shown_them(world: Callable[..., World], how: dict[str, Any]) -> None:
    """The positive control: an open project, and a manager who adjudicates."""
    days = []
    for names in (AS_THEY_ARE, EXCHANGED):
        here = world(names, **how)
        here.api("GET", f"/articles/{here.articles[0]}/questions")
        days.append(masked(here.sent))
    assert days[0] != days[1]

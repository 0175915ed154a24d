"""P3, for the pages: what Ada's browser is sent does not depend on what Ben does, byte for byte, headers included."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from annotator.db import db
from annotator.domain.claims import Claim, Relation
from annotator.models import Annotation, Label, Project, Role
from annotator.services import annotations as claims
from annotator.services import links, projects
from tests.support.desk import STORY, Desk
from tests.support.nonces import masked
from tests.support.people import Browser
from tests.support.walk import Answer, Step, attempts, looks, recorded, steps, take

BEGINNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
BEN_WORKS = BEGINNING + timedelta(hours=1, minutes=17)
ADA_WORKS = BEGINNING + timedelta(hours=5)

MINE = [UUID(int=number) for number in range(1, 6)]
BENS = [UUID(int=number) for number in range(101, 105)]

OF_THE_PROJECT = (
    "",
    "/articles",
    "/articles?q=calm",
    "/articles?state=new",
    "/articles?state=in_progress",
    "/articles?state=submitted",
    "/articles?state=locked",
    *(
        f"/search?q={word}&kind={kind}"
        for word in ("calm", "a")
        for kind in ("articles", "claims", "speakers", "evidence")
    ),
    "/timeline",
    "/timeline?layer=reviewers&words=calm&relation=contradicts",
    "/timeline?layer=gold",
    "/timeline.svg",
    "/timeline.csv",
    "/labels",
    "/labels/sourced",
    "/guideline",
    "/people",
    "/settings",
    "/import",
    "/agreement",
    "/export",
    "/copies",
    "/copies?state=suggested",
    "/copies/paragraphs",
    "/copies/2222222222222222",
    "/export/check?layer=annotations&format=web-annotation",
    "/export/download?layer=annotations&format=csv",
)
OF_AN_ARTICLE = (
    "",
    "/review",
    "/cues",
    "/adjudicate",
    "/adjudicate/fragment",
    "/adjudicate/agreed",
    "/blocks?start=0&end=200",
    *(f"/blocks?start=20&end=60&claim={claim}" for claim in (MINE[0], BENS[0])),
)
TEXTS = (
    STORY,
    "Calm but for one or two separate incidents, very calm.",
    "The ceasefire held on Monday. Nobody was hurt.",
)
BY_SCRIPT = ("/annotations", "/questions", "/link-questions")

Play = Callable[..., list[Answer]]


class Session:
    """Ada's browser, and everything that it was sent."""

    def __init__(self, desk: Desk, articles: list[str]) -> None:
        self.articles = articles
        self.desk = desk
        self.browser = Browser(desk.app, desk.app.test_client()).sign_in("ada@example.org")
        self.sent: list[Answer] = []

    def note(self, answer: TestResponse) -> None:
        self.sent.append(recorded(answer))

    def look_at_everything(self) -> None:
        for path in self.everything():
            self.note(self.browser.get(path))

    def walk(self) -> None:
        """Every route there is: tried, and looked at."""
        worlds = [
            {
                "slug": "truce",
                "article": article,
                "annotation": str(claim),
                "other": str(MINE[0]),
                "user": self.desk.ids["ben"],
                "label": "sourced",
            }
            for article, claim in zip(self.articles, (MINE[1], BENS[0], BENS[2]), strict=True)
        ]
        walked = steps(self.desk.app, worlds)
        for step in (*attempts(walked), *looks(walked)):
            if not _names_a_claim_of_bens(step):
                self.note(take(self.browser, step))

    def everything(self) -> Iterator[str]:
        """Whatever a reviewer's browser can ask for, and what it is refused."""
        yield from ("/", "/projects", "/projects/new", "/account", "/sign-in", "/no/such/page")
        yield from (
            "/account/keys",
            "/account/reading",
            "/claims",
            "/claims?order=article&lacking=yes",
            "/claims?q=Sunday",
        )
        yield from (f"/projects/truce{end}" for end in OF_THE_PROJECT)
        left, right, _ = self.articles
        for part in ("", "/panel"):
            yield f"/projects/truce/compare{part}?left={left}&right={right}&claim={MINE[0]}&with={BENS[2]}&list=yes"
            yield f"/projects/truce/compare{part}?claim={BENS[0]}"
        for article in self.articles:
            yield from (f"/articles/{article}{end}" for end in OF_AN_ARTICLE)
            yield from (f"/api/v1/articles/{article}{end}" for end in BY_SCRIPT)
            yield f"/claims/speakers/{article}"
        for claim in (MINE[0], BENS[0]):
            yield from (
                f"/api/v1/annotations/{claim}",
                f"/claims/{claim}",
                f"/claims/{claim}/place",
                f"/claims/{claim}/history",
            )
        yield "/api/v1/projects/truce/agreement"

    def post(self, path: str, **form: str) -> None:
        self.note(self.browser.post(path, form))

    def put(self, article: str, claim: UUID, exact: str, *, version: int | None = None, **fields: Any) -> None:
        """What the editor's script sends when a selection is tagged."""
        found = self.desk.claim(article, exact)
        body = {"start": found.start, "end": found.end, "exact": exact, "label": "sourced", **fields}
        headers = {} if version is None else {"If-Match": f'"{version}"'}
        path = f"/api/v1/articles/{article}/annotations/{claim}"
        self.note(self.browser.request("PUT", path, json=body, headers=headers))

    def run(self, *, full: bool) -> list[Answer]:
        """A day of a reviewer: looks, marks, errs, submits, reopens, and at last tries everything there is.

        She looks with claims of hers in work, and with two articles submitted; the walk at the end sees one reopened. At
        full count she looks after every step.
        """
        first, second, _ = self.articles
        if full:
            self.look_at_everything()
        self.post("/projects/truce/next")
        self.put(first, MINE[0], "complete ceasefire")
        self.post(f"/articles/{first}/suggestions/on")
        self.post(f"/articles/{first}/reading", until="40", seconds="20")
        self.put(
            first,
            MINE[1],
            "shelling",
            speaker={"name": "A resident"},
            evidence=[{"stance": "supports", "source": "A resident"}],
        )
        self.put(first, MINE[1], "shelling", version=7, note="stale")
        self.put(first, MINE[1], "shelling", version=1, label="no-such-label")
        self.note(self.browser.request("DELETE", f"/api/v1/annotations/{BENS[1]}", headers={"If-Match": '"1"'}))
        self.post(f"/articles/{first}/claims", quote="three towns", label="sourced", annotation=str(MINE[2]))
        self.post(f"/articles/{first}/claims", quote="what nobody said", label="sourced", annotation=str(MINE[3]))
        self.post(f"/articles/{first}/read")
        self.look_at_everything()
        self.post(f"/articles/{first}/submit")
        self.post(f"/articles/{first}/submit", confirm="yes")
        self.put(first, MINE[4], "Sunday")
        self.post("/projects/truce/next")
        if full:
            self.look_at_everything()
        self.post(f"/articles/{second}/submit", confirm="yes")
        self.post("/projects/truce/next")
        self.look_at_everything()
        self.post(f"/articles/{first}/reopen")
        if full:
            self.look_at_everything()
        self.walk()
        return self.sent

    def run_briefly(self) -> list[Answer]:
        """Marks, submits and looks: enough for a leak to show."""
        self.put(self.articles[0], MINE[0], "complete ceasefire")
        for article in self.articles:
            self.post(f"/articles/{article}/submit", confirm="yes")
        self.look_at_everything()
        return self.sent


def _names_a_claim_of_bens(step: Step) -> bool:
    """A PUT under a UUID that is taken is refused by the contract; nobody guesses 122 bits."""
    return step.method == "PUT" and any(str(claim) in step.path for claim in BENS)


def ben_works(desk: Desk, articles: list[str], *, submits: bool) -> None:
    """Ben marks and links in all articles, and submits them."""
    first, second, third = articles
    places = ((first, "Sunday"), (first, "shelling"), (second, "very calm"), (third, "Nobody was hurt"))
    for claim, (article, exact) in zip(BENS, places, strict=True):
        marked = desk.claim(article, exact)
        desk.write(partial(_put, desk, article, claim, marked))
    link = links.Proposal(BENS[0], BENS[2], Relation.CONTRADICTS)
    desk.write(lambda: links.create(desk.user("ben"), desk.slug, link))
    for article in articles if submits else []:
        desk.submit("ben", article)


def _put(desk: Desk, article: str, claim: UUID, marked: Claim) -> None:
    claims.put(desk.user("ben"), article, claim, marked, if_version=None)


def pages(answers: list[Answer]) -> list[Answer]:
    """Those that are HTML."""
    return [each for each in answers if ("Content-Type", "text/html; charset=utf-8") in each[1]]


@pytest.fixture
def play(make_app, databases, tmp_path) -> Play:
    """Ada's day in an installation of its own, in which Ben is idle, works, or has finished before she begins."""

    def run(
        *, ben: str, whole: bool = False, full: bool = False, ada_manages: bool = False, **settings: Any
    ) -> list[Answer]:
        with time_machine.travel(BEGINNING, tick=False) as clock:
            desk = Desk(make_app(database_url=databases.create(tmp_path)), **settings)
            articles = [desk.article(text) for text in TEXTS]
            if ada_manages:
                desk.write(lambda: projects.add_member(desk.project(), desk.user("ada"), Role.MANAGER))
            clock.move_to(BEN_WORKS)
            if ben != "idle":
                ben_works(desk, articles, submits=ben == "finished")
            clock.move_to(ADA_WORKS)
            session = Session(desk, articles)
            return session.run(full=full) if whole else session.run_briefly()

    return run


def test_not_a_byte_that_ada_is_sent_tells_of_ben(play: Play, rounds: Callable[[int, int], int]) -> None:
    day = partial(play, whole=True, full=rounds(0, 1) > 0)
    answers = day(ben="idle")
    idle = masked(answers)
    for ben in ("works", "finished"):
        for position, (one, other) in enumerate(zip(idle, masked(day(ben=ben)), strict=True)):
            assert one == other, f"{ben}: answer {position}"
    # Every kind of answer is among those compared: pages, redirects, refusals, saves.
    assert {200, 201, 303, 403, 404, 409, 412, 422} <= {status for status, _, _ in answers}
    assert len(answers) > 400
    assert len(pages(answers)) > 150
    assert not [status for status, _, _ in answers if status >= 500]


def test_the_proof_notices_what_an_open_project_shows(play: Play) -> None:
    """The positive control: without blindness a submit opens what others did."""
    assert masked(play(ben="idle", blind=False)) != masked(play(ben="finished", blind=False))


def test_the_proof_notices_what_a_manager_is_shown(play: Play) -> None:
    """The positive control for pages: the overview tells managers who has submitted."""
    idle, finished = (masked(pages(play(ben=ben, ada_manages=True))) for ben in ("idle", "finished"))
    assert idle != finished


def test_the_proof_notices_one_count(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted leak: how many claims there are in all, in the words of one link of one page."""
    before = projects.labels_of

    def leaking(project: Project, **how: Any) -> Sequence[Label]:
        found = before(project, **how)
        count = db.session.scalar(select(func.count(Annotation.id)))
        db.session.expunge(found[0])
        found[0].definition += f" ({count})"
        return found

    monkeypatch.setattr(projects, "labels_of", leaking)
    assert masked(play(ben="idle")) != masked(play(ben="finished"))

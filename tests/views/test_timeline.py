"""The timeline of a project: who sees what of it, filters, order, files."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from html import unescape
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

import pytest
from flask import Flask
from sqlalchemy import true

from annotator.domain.claims import Relation, Speaker
from annotator.services import links, openness, timeline
from annotator.services.links import Proposal
from tests.support.desk import Desk
from tests.support.people import Browser, open_browser

JUNE = "A complete ceasefire began in Idlib. Air raids on Monday killed 25 people. Nobody was hurt in Maarat."
JANUARY = "Idlib was calm but for separate incidents. Rebels spoke of shelling."
PAGE = "/projects/truce/timeline"


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
def work(desk: Desk) -> dict[str, str]:
    """Ada's claims in two articles, a contradiction among them; Ben has one of his own."""
    june = desk.article(JUNE, title="June truce", published=date(2019, 6, 12))
    january = desk.article(JANUARY, title="January calm", published=date(2020, 1, 12))
    army, people = Speaker("Russian military"), Speaker("Residents")
    dated: dict[str, Any] = {"event_start": date(2019, 6, 10), "event_end": date(2019, 6, 12)}
    marks: dict[str, UUID] = {
        "raids": desk.mark("ada", june, "Air raids on Monday killed 25 people", speaker=people, **dated),
        "truce": desk.mark("ada", june, "complete ceasefire", "disputed", speaker=army, **dated),
        "hurt": desk.mark("ada", june, "Nobody was hurt in Maarat", "unverified"),
        "calm": desk.mark("ada", january, "separate incidents", "unverified", speaker=Speaker("Ministry")),
        "ben": desk.mark("ben", june, "began in Idlib", speaker=Speaker("Ben's source")),
    }
    for one, other, relation in (("raids", "truce", "contradicts"), ("truce", "calm", "qualifies")):
        proposal = Proposal(marks[one], marks[other], Relation(relation))
        desk.write(lambda proposal=proposal: links.create(desk.user("ada"), desk.slug, proposal))  # type: ignore[misc]
    return {name: str(claim) for name, claim in marks.items()} | {"june": june, "january": january}


def rows(page: str) -> list[str]:
    """The rows of the table in words."""
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in body.split("</tr>")[:-1]]


def shown(page: str, work: dict[str, str]) -> list[str]:
    """Which claims stand in the table, in its order."""
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    found = re.findall(r'class="time-quote"><a class="serif" href="/claims/([0-9a-f-]+)/place"', body)
    names = {claim: name for name, claim in work.items()}
    return [names[claim] for claim in found]


def test_claims_stand_by_the_day_that_they_are_about(ada: Browser, work: dict[str, str]) -> None:
    page = ada.get(PAGE).text
    assert shown(page, work) == ["truce", "raids", "hurt", "calm"]
    first, second, third, last = rows(page)
    assert first.startswith("10 June 2019 to 12 June 2019 12 June 2019 complete ceasefire D Disputed")
    assert "Contradicts Air raids on Monday" in first
    assert "Contradicts complete ceasefire" in second
    assert third.startswith("12 June 2019 day of publication; no event date is given")
    assert "Qualifies complete ceasefire" in last
    assert page.count('class="is-contradicted"') == 2
    assert page.count('class="time-link is-contradiction"') == 1
    assert page.count('class="time-link"') == 1
    assert page.count("time-mark is-hollow") == 2
    assert 'aria-sort="ascending">When' in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("words=IDLIB", []),
        ("words=maarat+hurt", ["hurt"]),
        ("speaker=military", ["truce"]),
        ("label=unverified", ["hurt", "calm"]),
        ("relation=contradicts", ["truce", "raids"]),
        ("relation=supersedes", []),
        ("since=2019-06-12", ["truce", "raids", "hurt", "calm"]),
        ("since=2019-06-13", ["calm"]),
        ("until=2019-06-10", ["truce", "raids"]),
        ("since=2019-06-11&until=2019-06-11", ["truce", "raids"]),
        ("article={january}", ["calm"]),
        ("order=published", ["truce", "raids", "hurt", "calm"]),
        ("order=speaker", ["calm", "raids", "truce", "hurt"]),
        ("layer=gold", ["truce", "raids", "hurt", "calm"]),
    ],
)
def test_the_address_says_what_is_shown(ada: Browser, work: dict[str, str], query: str, expected: list[str]) -> None:
    answer = ada.get(f"{PAGE}?{query.format(**work)}")
    assert answer.status_code == 200
    assert shown(answer.text, work) == expected


@pytest.mark.parametrize(
    "query",
    ["since=x", "until=2019-02-30", "since=2020-01-01&until=2019-01-01", "label=no", "relation=x", "order=random"],
)
def test_nonsense_is_answered_with_what_is_wrong(ada: Browser, work: dict[str, str], query: str) -> None:
    answer = ada.get(f"{PAGE}?{query}")
    assert answer.status_code == 422
    for name in ("timeline.svg", "timeline.csv"):
        assert ada.get(f"/projects/truce/{name}?{query}").status_code == 200


def test_a_reviewer_sees_their_own_until_more_is_open(
    desk: Desk, app: Flask, ada: Browser, work: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    mia = browser(app, "Mia")
    assert "There is no claim to show yet" in mia.get(PAGE).text

    def mine() -> list[str]:
        pages = [ada.get(f"{PAGE}{query}").text for query in ("", "?layer=reviewers", "?layer=own", "?layer=gold")]
        return [page.partition("<main")[2] for page in pages]

    before = mine()
    for name in ("ben", "ada"):
        desk.submit(name, work["june"])
    assert mine() == before
    assert shown(mia.get(PAGE).text, work) == ["truce", "raids", "ben", "hurt"]
    # The other end of this link is in an article that has not opened.
    assert "Qualifies" not in "".join(rows(mia.get(PAGE).text))
    assert browser(app, "Sam").get(PAGE).status_code == 404
    # The planted fault: every article counts as open to everybody.
    monkeypatch.setattr(openness, "seen_by", lambda *_: true())
    assert "ben" in shown(ada.get(f"{PAGE}?layer=reviewers").text, work)


def test_in_an_open_project_a_submit_shows_the_others(app: Flask) -> None:
    desk = Desk(app, blind=False)
    article = desk.article(JUNE)
    theirs = desk.mark("ben", article, "complete ceasefire")
    ada = browser(app, "Ada")
    assert str(theirs) not in ada.get(PAGE).text
    desk.submit("ada", article)
    assert str(theirs) in ada.get(PAGE).text


def test_many_claims_come_in_pages(ada: Browser, work: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeline, "PAGE", 3)
    one, two = ada.get(PAGE).text, ada.get(f"{PAGE}?page=2").text
    assert "4 claims; 1 to 3 are shown here" in one
    assert shown(two, work) == ["calm"]
    assert shown(ada.get(f"{PAGE}?page=99999").text, work) == ["calm"]


def test_the_files_hold_the_same(ada: Browser, work: dict[str, str]) -> None:
    answer = ada.get("/projects/truce/timeline.svg")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="truce-timeline.svg"'
    drawn = ElementTree.fromstring(answer.data)
    assert drawn.tag == "{http://www.w3.org/2000/svg}svg"
    assert "complete ceasefire" in "".join(drawn.itertext())
    table = list(csv.DictReader(io.StringIO(ada.get("/projects/truce/timeline.csv?label=disputed").text)))
    assert [(row["claim_id"], row["dated_by"], row["contradicts"]) for row in table] == [
        (work["truce"], "event", work["raids"])
    ]


def test_hostile_words_stay_words(desk: Desk, ada: Browser) -> None:
    words = '"><script>alert(1)</script> {{ 7*7 }} ]]> \u202eabc'
    desk.mark("ada", desk.article(f"Said {words} he.", published=date(2019, 6, 12)), words, speaker=Speaker(words))
    for path in (PAGE, f"{PAGE}?group=article", "/projects/truce/timeline.svg"):
        assert "<script>alert" not in ada.get(path).text
    ElementTree.fromstring(ada.get("/projects/truce/timeline.svg").data)

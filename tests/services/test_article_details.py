"""Details of an article that are corrected in place: what they reach, who is told, and that nothing turns them back."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from annotator.db import db
from annotator.domain.claims import Relation
from annotator.domain.text import plain_blocks
from annotator.errors import Forbidden, Invalid, NotFound, Stale
from annotator.formats.records import ArticleDetails, ArticleRecord
from annotator.models import Article, ArticleVersion, Event, Link
from annotator.services import arrivals, article_details, articles, checks, comparing, datasets, links, versions
from annotator.services.arrivals import ArrivalOutcome
from tests.services.test_versions import MENDED, correct
from tests.support.desk import STORY, Desk

FACTS: dict[str, Any] = {
    "title": "Truce",
    "publisher": "The Bay",
    "agency": "AP",
    "byline": "A. Roe",
    "published": date(2019, 6, 12),
    "language": "en",
    "url": "https://example.org/truce",
    "group": "truce",
}
JANUARY = date(2020, 1, 12)


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


@pytest.fixture
def article(desk: Desk) -> str:
    return desk.article(**FACTS)


def details(desk: Desk, article: str, number: int | None = None) -> article_details.Detailed:
    with desk.app.app_context():
        return article_details.shown(desk.user("mia"), article, number)


def put(desk: Desk, article: str, *, by: str = "mia", as_of: int = 0, number: int | None = None, **fields: Any) -> int:
    """Correct these fields of what stands; the edition afterwards."""
    as_of = as_of or details(desk, article, number).edition
    return desk.write(
        lambda: article_details.change(desk.user(by), article, fields, as_of=as_of, number=number).edition
    )


def of_versions(desk: Desk, article: str, name: str) -> list[Any]:
    with desk.app.app_context():
        column = getattr(ArticleVersion, name)
        query = select(column).where(ArticleVersion.article_id == article).order_by(ArticleVersion.number)
        return list(db.session.scalars(query))


def recorded(desk: Desk, article: str) -> list[dict[str, Any]]:
    with desk.app.app_context():
        query = select(Event.payload).where(Event.chain == article, Event.action == "article.details")
        return [json.loads(payload) for payload in db.session.scalars(query.order_by(Event.seq))]


def findings(desk: Desk) -> list[str]:
    with desk.app.app_context():
        return [str(each) for each in checks.findings()]


def test_every_detail_can_be_corrected_and_taken_away_and_the_text_stays(desk: Desk, article: str) -> None:
    before = of_versions(desk, article, "sha256")
    other = ArticleDetails("Calm", "The Sea", "Reuters", "B. Roe", JANUARY, "pt-BR", "https://example.org/calm", "calm")
    for wanted in (other, ArticleDetails()):
        put(desk, article, **asdict(wanted))
        assert details(desk, article).details == wanted
        assert recorded(desk, article)[-1]["after"].keys() == FACTS.keys()
    assert of_versions(desk, article, "sha256") == before
    assert findings(desk) == []


def test_one_event_tells_what_was_and_what_is_and_the_history_says_who(desk: Desk, article: str) -> None:
    assert put(desk, article, publisher="The Sea", published=JANUARY, group="calm") == 2
    assert recorded(desk, article) == [
        {
            "version": 1,
            "versions": {"publisher": [1], "published": [1]},
            "before": {"publisher": "The Bay", "published": "2019-06-12", "group": "truce"},
            "after": {"publisher": "The Sea", "published": "2020-01-12", "group": "calm"},
        }
    ]
    assert put(desk, article, publisher="The Bay") == 3
    with desk.app.app_context():
        last, first = article_details.history(article)
    assert (last.by, last.number, last.fields) == ("Mia", 1, [("publisher", "The Sea", "The Bay")])
    assert [name for name, _, _ in first.fields] == ["publisher", "published", "group"]
    assert first.at < last.at


def test_the_same_details_change_nothing(desk: Desk, article: str) -> None:
    assert put(desk, article) == 1
    # Also when they are sent again to an edition that has passed.
    put(desk, article, publisher="The Sea")
    assert put(desk, article, as_of=1, publisher="The Sea") == 2
    assert len(recorded(desk, article)) == 1


def test_what_somebody_else_corrected_is_never_overwritten(desk: Desk, article: str) -> None:
    put(desk, article, agency="Reuters")
    with pytest.raises(Stale) as caught:
        put(desk, article, as_of=1, publisher="The Sea")
    current = caught.value.details["current"]
    assert (current.details.agency, current.details.publisher, current.edition) == ("Reuters", "The Bay", 2)
    # A corrected text may have brought other details with it.
    correct(desk, article)
    with pytest.raises(Stale):
        put(desk, article, as_of=2, publisher="The Sea")
    assert set(of_versions(desk, article, "publisher")) == {"The Bay"}


def test_only_managers_correct(desk: Desk, article: str) -> None:
    for name in ("ada", "jo"):
        with pytest.raises(Forbidden):
            put(desk, article, by=name, publisher="The Sea")
    with pytest.raises(NotFound):
        put(desk, article, by="sam", publisher="The Sea")
    with pytest.raises(NotFound, match="no version 7"):
        put(desk, article, number=7)


def test_a_correction_reaches_the_earlier_versions_that_say_the_same(desk: Desk, article: str) -> None:
    correct(desk, article)
    put(desk, article, title="Truce announced")
    assert of_versions(desk, article, "title") == ["Truce announced"] * 2
    # The headline of the first text was another one after all.
    put(desk, article, number=1, title="Truce")
    assert of_versions(desk, article, "title") == ["Truce", "Truce announced"]
    put(desk, article, title="Truce at last", agency="Reuters")
    assert of_versions(desk, article, "title") == ["Truce", "Truce at last"]
    assert of_versions(desk, article, "agency") == ["Reuters", "Reuters"]
    assert recorded(desk, article)[-1]["versions"] == {"title": [2], "agency": [1, 2]}
    assert findings(desk) == []


def test_the_same_file_adds_nothing_and_turns_nothing_back(desk: Desk) -> None:
    def record(words: str = STORY, **more: Any) -> ArticleRecord:
        digest = hashlib.sha256(f"{words}{more}".encode()).hexdigest()
        return ArticleRecord(words, plain_blocks(words), digest, **{**FACTS, **more})

    def take(*records: ArticleRecord) -> list[ArrivalOutcome]:
        def work() -> list[ArrivalOutcome]:
            taken = arrivals.take(desk.project(), records, by=desk.user("mia"), update=True)
            return [each.outcome for each in taken]

        return desk.write(work)

    both = record(), record("Another story.", external_id="a-1", url="https://example.org/other")
    assert take(*both) == [ArrivalOutcome.ADDED] * 2
    with desk.app.app_context():
        ids = list(db.session.scalars(select(Article.id).order_by(Article.position)))
    for each, url in zip(ids, ("https://example.org/mended", "https://example.org/mended-too"), strict=True):
        put(desk, each, publisher="The Sea", published=JANUARY, url=url)
    assert take(*both) == [ArrivalOutcome.KNOWN] * 2
    with desk.app.app_context():
        assert db.session.query(ArticleVersion).count() == 2
    assert {details(desk, each).details.publisher for each in ids} == {"The Sea"}
    # A newer text of the file still says what was wrong, and one thing that is new.
    newer = record("Another story, longer.", external_id="a-1", byline="C. Roe")
    assert take(newer) == [ArrivalOutcome.CORRECTED]
    stands = details(desk, ids[1]).details
    assert (stands.publisher, stands.published, stands.byline) == ("The Sea", JANUARY, "C. Roe")
    assert findings(desk) == []


def test_exports_say_what_was_corrected_also_of_an_earlier_version(desk: Desk, article: str) -> None:
    desk.mark("ada", article, "a complete ceasefire")
    desk.submit("ada", article)
    correct(desk, article)
    put(desk, article, agency="Reuters", published=JANUARY, language="pt-BR", group="calm")
    with desk.app.app_context():
        for layer in ("annotations", "articles"):
            table = datasets.table(desk.project(), layer)
            (row,) = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
            assert (row["agency"], row["published"], row["article_group"]) == ("Reuters", "2020-01-12", "calm")


def contradiction(desk: Desk) -> tuple[str, str, UUID]:
    """Two articles of one day with a contradiction of Ada's between them, and its claim in the second one."""
    one = desk.article(f"{STORY} Then.", **FACTS)
    other = desk.article(f"{STORY} Later.", **FACTS)
    first, second = desk.mark("ada", one, "three towns"), desk.mark("ada", other, "it was calm")
    desk.write(lambda: links.create(desk.user("ada"), "truce", links.Proposal(first, second, Relation.CONTRADICTS)))
    return one, other, second


def doubtful(desk: Desk, name: str, article: str) -> int:
    with desk.app.app_context():
        found = articles.get_for(desk.user(name), article)
        return len(comparing.doubtful(desk.user(name), found.access, article))


def test_a_contradiction_that_the_new_day_speaks_against_stays_and_is_pointed_out(desk: Desk) -> None:
    one, other, second = contradiction(desk)
    assert doubtful(desk, "ada", one) == 0
    put(desk, one, published=JANUARY)
    # Its author sees it at both articles; whoever manages learns of no link that is not open to them.
    assert [doubtful(desk, "ada", article) for article in (one, other)] == [1, 1]
    assert [doubtful(desk, name, one) for name in ("mia", "jo", "ben")] == [0, 0, 0]
    with desk.app.app_context():
        assert db.session.query(Link).one().relation is Relation.CONTRADICTS
    third = desk.mark("ada", one, "Both governments")
    with pytest.raises(Invalid, match="different times"):
        desk.write(lambda: links.create(desk.user("ada"), "truce", links.Proposal(third, second, Relation.CONTRADICTS)))
    for article in (one, other):
        for name in ("ada", "ben"):
            desk.submit(name, article)
    assert [doubtful(desk, name, one) for name in ("mia", "jo")] == [1, 1]
    put(desk, one, published=FACTS["published"])
    assert doubtful(desk, "ada", one) == 0


def test_the_right_day_allows_the_contradiction_that_a_wrong_one_refused(desk: Desk) -> None:
    one, other = (
        desk.article(f"{STORY} Then.", **FACTS),
        desk.article(f"{STORY} Later.", **FACTS | {"published": JANUARY}),
    )
    first, second = desk.mark("ada", one, "three towns"), desk.mark("ada", other, "it was calm")

    def link() -> None:
        links.create(desk.user("ada"), "truce", links.Proposal(first, second, Relation.CONTRADICTS))

    with pytest.raises(Invalid, match="different times"):
        desk.write(link)
    put(desk, other, published=FACTS["published"])
    desk.write(link)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE article_version SET publisher = 'X' WHERE number = 1", "UPDATE article SET \"group\" = 'x'"],
)
def test_a_detail_that_is_not_what_was_recorded_is_found(desk: Desk, article: str, statement: str) -> None:
    correct(desk, article)
    put(desk, article, publisher="The Sea", group="calm")
    assert findings(desk) == []
    desk.write(lambda: db.session.execute(text(statement)))
    assert [each for each in findings(desk) if "was recorded" in each]


def test_the_database_lets_details_be_corrected_and_no_text(desk: Desk, article: str) -> None:
    put(desk, article, publisher="The Sea")
    for column in ("text", "sha256", "length", "number"):
        statement = text(f"UPDATE article_version SET {column} = {column}")
        with pytest.raises(DatabaseError):
            desk.write(partial(db.session.execute, statement))


def test_a_newer_text_without_a_correction_brings_its_own_details(desk: Desk, article: str) -> None:
    newer = ArticleRecord(MENDED, plain_blocks(MENDED), "1" * 64, publisher="The Sea")
    desk.write(lambda: versions.store(desk.project(), article, newer, by=desk.user("mia")))
    assert of_versions(desk, article, "publisher") == ["The Bay", "The Sea"]

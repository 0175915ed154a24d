"""A page asks the database as often for a thousand claims as for one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select

from annotator.db import db
from annotator.domain.claims import Evidence, Stance
from annotator.models import Annotation, EvidenceItem
from annotator.services import assignments
from tests.support.desk import Desk, counted_statements
from tests.support.people import Browser

MANY = 1_000
# What architecture.md allows the annotate page.
MOST_OF_THE_ANNOTATE_PAGE = 10

# A statement is told from others by its beginning.
LEGIBLE = 60

TEXT = "\n\n".join(
    " ".join(f"word{paragraph}x{number}" for number in range(50)) + "." for paragraph in range(MANY // 50 + 1)
)

# Who looks, and at what; {article} stands for the article's id, {claim} for the first of the reader's claims.
PAGES = {
    "annotate page": ("ada", "/articles/{article}"),
    "blocks fragment": ("ada", "/articles/{article}/blocks?start=0&end={length}&claim={claim}"),
    "cues and suggestions": ("ada", "/articles/{article}/cues"),
    "review page": ("ada", "/articles/{article}/review"),
    "own claims by API": ("ada", "/api/v1/articles/{article}/annotations?limit=1000"),
    "own claims": ("ada", "/claims?lacking=yes&order=article"),
    "history of a claim": ("ada", "/claims/{claim}/history"),
    "search of passages": ("ada", "/projects/truce/search?q=word1x1"),
    "search of claims": ("ada", "/projects/truce/search?q=word&kind=claims"),
    "timeline of a reviewer": ("ada", "/projects/truce/timeline"),
    "timeline of a manager": ("mia", "/projects/truce/timeline?layer=reviewers&words=word&relation="),
    "counterparts of a claim": ("ada", "/claims/{claim}/counterparts"),
    "a claim of one's own": ("ada", "/claims/{claim}"),
    "a claim as its adjudicator reads it": ("jo", "/claims/{claim}"),
    "remembered speakers": ("ada", "/claims/speakers/{article}"),
    "article as its manager reads it": ("mia", "/articles/{article}"),
    "project overview of a reviewer": ("ada", "/projects/truce"),
    "project overview of a manager": ("mia", "/projects/truce"),
    "project overview of an adjudicator": ("jo", "/projects/truce"),
    "articles": ("mia", "/projects/truce/articles"),
    "adjudicate page": ("jo", "/articles/{article}/adjudicate"),
    "adjudicate fragment": ("jo", "/articles/{article}/adjudicate/fragment"),
    "agreed questions": ("jo", "/articles/{article}/adjudicate/agreed"),
    "questions by doubt": ("jo", "/articles/{article}/adjudicate?order=doubt&kind=some"),
    "questions by API": ("jo", "/api/v1/articles/{article}/questions?limit=1000"),
    "compare page": ("ada", "/projects/truce/compare?left={article}&right={article}&claim={claim}"),
    "picks": ("ada", "/projects/truce/compare/panel?left={article}&right={article}&claim={claim}"),
    "picks and links": ("ada", "/projects/truce/compare/panel?left={article}&right={article}&claim={claim}&list=yes"),
    "export page": ("mia", "/projects/truce/export"),
}
OPEN_TO_THE_REVIEWER = {
    "annotate page",
    "blocks fragment",
    "review page",
    "own claims by API",
    "compare page",
    "picks",
    "picks and links",
}

Count = Callable[[str, int], list[str]]


def fill(desk: Desk, article: str, count: int) -> str:
    """`count` claims of Ada's, and one of Ben's over every other of them, all with evidence; the UUID of Ada's first."""
    evidence = (Evidence(Stance.SUPPORTS, source="The ministry"),)
    words = list(_words())
    first = desk.mark("ada", article, TEXT[slice(*words[0])], evidence=evidence)
    desk.write(lambda: _copy(first, desk, article, words[1:count]))
    return str(first)


def _copy(first: UUID, desk: Desk, article: str, words: list[tuple[int, int]]) -> None:
    """Claims like the first over each of `words`, stored at once: saving them one by one would take minutes."""
    columns = Annotation.__table__.columns
    model = dict(db.session.execute(select(*columns).where(columns["id"] == first)).one()._mapping)
    mine = [{"start": start, "end": end, "exact": TEXT[start:end]} for start, end in words]
    ben = assignments.find_work(desk.user("ben"), article).assignment.id
    rows = [model | span | {"id": uuid4()} for span in mine]
    rows += [model | span | {"id": uuid4(), "assignment_id": ben} for span in mine[::2]]
    if not rows:
        return
    db.session.execute(insert(Annotation), rows)
    evidence = [{"annotation_id": row["id"], "n": 1, "stance": Stance.SUPPORTS, "source": "Ada"} for row in rows]
    db.session.execute(insert(EvidenceItem), evidence)


def _words() -> Iterator[tuple[int, int]]:
    """Where the words of the text stand."""
    for found in re.finditer(r"\w+", TEXT):
        yield found.span()


@pytest.fixture
def count(make_app, databases, tmp_path) -> Count:
    """The statements of one page in an installation of its own with so many claims."""

    def run(view: str, claims: int) -> list[str]:
        app = make_app(database_url=databases.create(tmp_path))
        desk = Desk(app)
        article = desk.article(TEXT)
        first = fill(desk, article, claims)
        name, path = PAGES[view]
        if view not in OPEN_TO_THE_REVIEWER:
            desk.submit("ada", article)
            desk.submit("ben", article)
        browser = Browser(app, app.test_client()).sign_in(f"{name}@example.org")
        address = path.format(article=article, claim=first, length=len(TEXT))
        with counted_statements(app) as statements:
            answer = browser.get(address)
        assert answer.status_code == 200, answer.text
        return list(statements)

    return run


@pytest.mark.parametrize("view", PAGES)
def test_a_page_asks_as_often_for_a_thousand_claims_as_for_one(count: Count, view: str) -> None:
    one, many = count(view, 1), count(view, MANY)
    assert one
    assert [each[:LEGIBLE] for each in many] == [each[:LEGIBLE] for each in one]


def test_the_annotate_page_keeps_within_its_bound(count: Count) -> None:
    statements = count("annotate page", MANY)
    assert len(statements) <= MOST_OF_THE_ANNOTATE_PAGE, [each[:LEGIBLE] for each in statements]


def test_a_statement_for_each_claim_would_be_counted(app) -> None:
    """The positive control: what the counter sees when a page looks up one row after another."""
    desk = Desk(app)
    article = desk.article()
    ids = [desk.mark("ada", article, exact) for exact in ("complete ceasefire", "shelling")]
    with counted_statements(app) as statements:
        for annotation in ids:
            desk.stored(annotation)
    assert len(statements) == 2

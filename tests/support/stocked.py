"""A database with a row of work in every table: the demo project, and a desk whose people have done everything once."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Flask

from annotator.cli.demo import read_plan
from annotator.db import transaction
from annotator.domain.spans import Span
from annotator.domain.text import plain_blocks
from annotator.formats.records import ArticleRecord, ArticleSource
from annotator.paths import seeds_folder
from annotator.services import demo, guidelines, imports, projects, reading, suggestions
from tests.support.people import Browser
from tests.support.program import Office, Program, path_of


def stock(app: Flask, *, link_decisions: bool = False) -> Office:
    """Fill the database of `app`; afterwards one article is adjudicated, another one is under way.

    Decisions on links, which only newer schemas hold, are made when they are asked for.
    """
    with app.app_context(), transaction():
        demo.load(read_plan(seeds_folder()))
    office = Office(app, suggestions=True)
    adjudicated = office.article()
    under_way = office.article(
        text="The ministry said on Sunday that 12 people were killed.\n\nShelling hit three towns, residents said."
    )
    _review(office, adjudicated)
    _adjudicate(office.jo, adjudicated)
    if link_decisions:
        _decide_on_links(office)
    office.ada.mark(under_way, "12 people", "unverified", reason="hedged")
    _work_beside(office, under_way)
    return office


def _review(office: Office, article: str) -> None:
    """Claims with all that they can have, changed, deleted and linked; both reviewers submit."""
    both = office.ada.mark(
        article,
        "complete ceasefire",
        reason="document",
        speaker={"name": "The ministry", "kind": "named_institution", "mode": "paraphrased", "chain": ["A wire"]},
        evidence=[{"stance": "supports", "kind": "document", "source": "A treaty", "url": "https://example.org/a"}],
        event_start="2019-06-12",
        event_end="2019-06-13",
    )
    office.ben.mark(article, "complete ceasefire on Sunday", "disputed", note="Only in the south — “mostly”.")
    only = office.ada.mark(article, "shelling in three towns", "unverified")
    gone = office.ada.mark(article, "nobody could say", "unverified")
    _done(office.ada.delete(f"/annotations/{gone}", version=1))
    changed = office.ada.claim(article, "shelling in three towns", "unverified", note="Which towns?")
    _done(office.ada.put(path_of(article, only), changed, version=1))
    link = {"a": str(both), "b": str(only), "relation": "qualifies", "aspect": "place", "note": "The same day."}
    _done(office.ada.post("/projects/truce/links", link))
    office.submit(article)


def _adjudicate(jo: Program, article: str) -> None:
    """One accepted and then replaced, one rejected, one of her own; finished."""
    first, second = jo.get(f"/articles/{article}/questions").json["items"]

    def decide(**decision: Any) -> str:
        answer = jo.post(f"/articles/{article}/decisions", {"question": None, "justification": "So it is."} | decision)
        return str(_done(answer).json["id"])

    taken, other = (each["id"] for each in first["versions"])
    replaced = decide(question=first["id"], outcome="accept", annotation=taken, as_of="2020-01-12")
    decide(question=first["id"], outcome="accept", annotation=other, replaces=replaced)
    decide(question=second["id"], outcome="nothing here")
    decide(outcome="edit", claim=jo.claim(article, "calm"))
    _done(jo.post(f"/articles/{article}/finish"))


def _decide_on_links(office: Office) -> None:
    """Two claims of one article, linked by both reviewers: decided, undone, and decided again with a gold link."""
    article = office.article(text="A truce began on Monday. On Tuesday the market was open.", title="The market")
    for program, relation in ((office.ada, "corroborates"), (office.ben, "qualifies")):
        a, b = (program.mark(article, exact) for exact in ("A truce began on Monday", "the market was open"))
        _done(program.post("/projects/truce/links", {"a": str(a), "b": str(b), "relation": relation}))
    office.submit(article)
    jo = office.jo
    for question in jo.get(f"/articles/{article}/questions").json["items"]:
        taken = {"question": question["id"], "outcome": "accept", "annotation": question["versions"][0]["id"]}
        _done(jo.post(f"/articles/{article}/decisions", taken | {"justification": "So it is."}))
    (asked,) = jo.get(f"/articles/{article}/link-questions").json["items"]
    answer = {"question": asked["id"], "outcome": "no link", "justification": "Two days.", "reasons": ["judgement"]}
    made = _done(jo.post(f"/articles/{article}/link-decisions", answer)).json["id"]
    _done(jo.delete(f"/link-decisions/{made}"))
    answer |= {"outcome": "accept", "link": asked["votes"][0]["link"]}
    _done(jo.post(f"/articles/{article}/link-decisions", answer))


def _work_beside(office: Office, article: str) -> None:
    """What is kept beside the claims: reading, suggestions put aside, guidelines read, sign-ins, an import."""
    desk = office.desk

    def read() -> None:
        ada, project = desk.user("ada"), desk.project()
        reading.report(ada, article, until=4, seconds=7)
        suggestions.switch(ada, article, on=True)
        first = suggestions.look(ada, article).suggestions[0]
        suggestions.dismiss(ada, article, Span(first.start, first.end))
        projects.write_guideline(project, "# Mark *claims*", by=desk.user("mia"))
        guidelines.note_reading(ada, project, 1)

    desk.write(read)
    browser = Browser(office.app, office.app.test_client())
    browser.post("/sign-in", {"email": "ada@example.org", "password": "not the one"})
    browser.use_link("ada@example.org")
    browser.post("/account/theme", {"theme": "dark"})
    Browser(office.app, office.app.test_client()).sign_in("mia@example.org")
    content = b"It was calm."
    source = ArticleSource(content, "calm.txt", newlines="none")
    record = ArticleRecord(
        text="It was calm.",
        blocks=plain_blocks("It was calm."),
        source_hash=hashlib.sha256(content).hexdigest(),
        source=source,
    )
    with office.app.app_context():
        imports.import_file(desk.project(), lambda: [record], "calm.txt", user=desk.user("mia"))


def _done(answer: Any) -> Any:
    assert answer.status_code in {200, 201, 204}, answer.text
    return answer

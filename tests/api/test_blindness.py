"""Blind means blind: what the API sends Ada does not depend on what Ben does (P3)."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from werkzeug.test import TestResponse

from annotator.services import openness
from tests.support.nonces import masked
from tests.support.program import Office, path_of


class Session:
    """Ada's requests, and everything that she was sent."""

    def __init__(self, office: Office) -> None:
        self.office = office
        # The id of a claim of Ben's, if he makes one; Ada asks for it all the same.
        self.bens = uuid4()
        self.sent: list[tuple[int, list[tuple[str, str]], str]] = []

    def note(self, answer: TestResponse) -> TestResponse:
        self.sent.append((answer.status_code, sorted(answer.headers.items()), answer.text))
        return answer

    def run(self, articles: list[str]) -> list[str]:
        """Everything that a reviewer can ask for; with the nonces masked."""
        ada, first, second = self.office.ada, *articles
        ids = [UUID(int=n) for n in (1, 2, 3)]
        for ask in range(2):
            for path in (
                "/me",
                "/projects",
                "/projects/truce",
                "/projects/truce/articles",
                "/projects/truce/articles?limit=1",
                "/projects/truce/links",
                "/projects/truce/export?layer=gold&format=csv",
                *(f"/articles/{article}{end}" for article in articles for end in ("", "/annotations", "/questions")),
                *(f"/annotations/{annotation}" for annotation in ids),
                f"/annotations/{self.bens}",
            ):
                self.note(ada.get(path))
            if ask:
                break
            for annotation, article, exact in zip(
                ids, (first, first, second), ("complete ceasefire", "shelling", "calm"), strict=True
            ):
                self.note(ada.put(path_of(article, annotation), ada.claim(article, exact)))
            self.note(ada.put(path_of(first, ids[1]), ada.claim(first, "shelling", note="x"), version=7))
            self.note(ada.delete(f"/annotations/{self.bens}", version=1))
            self.note(ada.delete(f"/annotations/{ids[1]}", version=1))
            link = {"a": str(ids[0]), "b": str(ids[2]), "relation": "qualifies"}
            self.note(ada.post("/projects/truce/links", link))
            self.note(ada.post("/projects/truce/links", link | {"b": str(self.bens)}))
            self.note(ada.post(f"/articles/{first}/submit"))
            self.note(ada.post(f"/articles/{first}/submit", {"confirm": True}))
            self.note(ada.post(f"/articles/{second}/submit", {"confirm": True}))
            self.note(ada.post(f"/articles/{second}/reopen"))
        return masked(self.sent)


def ben_works(office: Office, articles: list[str], bens: UUID) -> None:
    """Ben marks, links and submits everything."""
    first, second = articles
    assert office.ben.put(path_of(first, bens), office.ben.claim(first, "complete ceasefire")).status_code == 201
    other = office.ben.mark(second, "one or two separate incidents")
    link = {"a": str(bens), "b": str(other), "relation": "contradicts"}
    assert office.ben.post("/projects/truce/links", link).status_code == 201
    for article in articles:
        assert office.ben.post(f"/articles/{article}/submit", {"confirm": True}).status_code == 200


@pytest.fixture
def sessions(make_app, databases, tmp_path):
    """Two installations alike; in the second Ben has finished before Ada begins."""

    def play(*, finished: bool) -> list[str]:
        url = databases.create(tmp_path)
        office = Office(make_app(database_url=url))
        articles = [office.article(), office.article(text="Calm but for one or two separate incidents, very calm.")]
        session = Session(office)
        if finished:
            ben_works(office, articles, session.bens)
        return session.run(articles)

    return play


def test_not_a_byte_differs_whether_ben_is_idle_or_finished(sessions) -> None:
    idle, finished = sessions(finished=False), sessions(finished=True)
    assert len(idle) > 40
    for position, (one, other) in enumerate(zip(idle, finished, strict=True)):
        assert one == other, f"answer {position}"


def test_the_proof_notices_a_leak(sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openness, "sees_others", lambda *_: True)
    assert sessions(finished=False) != sessions(finished=True)

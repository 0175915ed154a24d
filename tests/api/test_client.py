"""docs/client/annotator_client.py against the real server."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterator
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import URLError

import pytest
from flask import Flask

from docs.client import annotator_client
from docs.client.annotator_client import Client, Refused
from tests.support.live_server import serving
from tests.support.program import Office, Program

Answer = Callable[[str, list[tuple[str, str]]], Any]


@pytest.fixture
def address(office: Office) -> Iterator[str]:
    with serving(office.app) as address:
        yield address


@pytest.fixture
def client_of(address: str) -> Callable[[Program], Client]:
    """A client with the token of a program."""
    return lambda program: Client(address, program.headers["Authorization"].partition(" ")[2])


def claim(client: Client, article: str, exact: str, **fields: Any) -> dict[str, Any]:
    start = client.article(article)["text"].index(exact)
    return {"start": start, "end": start + len(exact), "exact": exact, "label": "sourced", **fields}


def test_the_whole_road_from_import_to_gold(office: Office, client_of, tmp_path: Path) -> None:
    ada, ben, jo, mia = (client_of(program) for program in (office.ada, office.ben, office.jo, office.mia))
    assert (ada.me()["name"], [each["slug"] for each in ada.projects()]) == ("Ada", ["truce"])
    article = office.article()
    saved = ada.save(article, claim(ada, article, "complete ceasefire"))
    (several,) = ben.save_all(article, [claim(ben, article, "complete ceasefire", note="So?")])
    assert [each["id"] for each in ada.annotations(article)] == [saved["id"]]
    for client in (ada, ben):
        client.submit(article, confirm=True)
    (question,) = jo.questions(article)
    jo.decide(
        article,
        {"question": question["id"], "outcome": "accept", "annotation": several["id"], "justification": "Both say so."},
    )
    jo.finish(article)
    mia.release("truce", "1.0.0", note="The first.")
    file = mia.export("truce", tmp_path / "gold.csv", layer="gold", format="csv", release="1.0.0")
    with file.open(encoding="utf-8", newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert (row["exact"], row["release"], row["note"]) == ("complete ceasefire", "1.0.0", "So?")
    assert not list(tmp_path.glob("*.part"))


def test_many_come_and_go_in_parts(office: Office, client_of, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annotator_client, "MOST_AT_ONCE", 2)
    mia = client_of(office.mia)
    articles = [{"text": f"Story {n}.", "external_id": f"x{n}"} for n in range(5)]
    added = list(mia.add_articles("truce", iter(articles)))
    assert [(each["external_id"], each["new"]) for each in added] == [(f"x{n}", True) for n in range(5)]
    assert not any(each["new"] for each in mia.add_articles("truce", articles))
    (mended,) = mia.add_articles("truce", [articles[0] | {"text": "Mended."}], update=True)
    assert (mended["outcome"], mended["version"]) == ("corrected", 2)
    assert [each["id"] for each in mia.articles("truce")] == [each["id"] for each in added]
    article = office.article()
    ada = client_of(office.ada)
    one = claim(ada, article, "complete ceasefire")
    assert len(list(ada.save_all(article, [one] * 5))) == 5
    assert len({each["id"] for each in ada.annotations(article)}) == 5


def test_large_batches_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annotator_client, "LARGEST_BODY", 50)
    parts = list(annotator_client._batches({"text": "é" * 10} for _ in range(4)))
    assert [len(part) for part in parts] == [1, 1, 1, 1]


def test_a_claim_that_others_change_is_read_again(office: Office, client_of) -> None:
    ada, article = client_of(office.ada), office.article()
    evidence = [{"stance": "supports", "source": "The ministry"}]
    saved = ada.save(article, claim(ada, article, "complete ceasefire", evidence=evidence, speaker={"name": "Ada"}))
    met: list[dict[str, Any]] = []

    def with_a_note(stored: dict[str, Any]) -> dict[str, Any]:
        if not met:
            met.append(ada.change(saved["id"], reason="", confidence=0.5))
        return {**stored, "note": "Mine."}

    revised = ada.revise(saved["id"], with_a_note)
    assert (revised["version"], revised["note"], revised["confidence"]) == (3, "Mine.", 0.5)
    assert revised["evidence"] == saved["evidence"]
    with pytest.raises(Refused) as refused:
        ada.delete(saved["id"], version=1)
    assert (refused.value.status, refused.value.document["current"]["version"]) == (412, 3)
    assert ada.delete(saved["id"], version=3)["deleted"]


def test_what_is_wrong_is_told(office: Office, client_of) -> None:
    with pytest.raises(Refused, match="Invalid content") as refused:
        list(client_of(office.mia).add_articles("truce", [{"text": ""}]))
    assert [each["field"] for each in refused.value.errors] == ["articles.0.text"]
    with pytest.raises(Refused, match="404"):
        client_of(office.ada).article("a" * 16)


class Faulty:
    """The app behind something that answers the first requests itself."""

    def __init__(self, app: Flask, *faults: Callable[[Answer], Any]) -> None:
        self.faults, self.asked = list(faults), 0
        real = app.wsgi_app

        def answer(environ: dict[str, Any], start: Any) -> Any:
            self.asked += 1
            return self.faults.pop(0)(start) if self.faults else real(environ, start)

        app.wsgi_app = answer  # type: ignore[method-assign, assignment]


def busy(start: Answer) -> Any:
    start("503 Service Unavailable", [("Retry-After", "0"), ("Content-Length", "0")])
    return [b""]


def elsewhere(start: Answer) -> Any:
    start("307 Temporary Redirect", [("Location", "http://127.0.0.1:9/"), ("Content-Length", "0")])
    return [b""]


def cut_off(start: Answer) -> Any:
    start("200 OK", [("Content-Type", "text/csv"), ("Content-Length", "1000")])
    return [b"a,b\n"]


def test_a_busy_server_is_asked_again(office: Office, client_of) -> None:
    faulty = Faulty(office.app, busy, busy)
    assert client_of(office.ada).me()["name"] == "Ada"
    assert faulty.asked == 3


def test_it_gives_up_in_the_end(office: Office, client_of) -> None:
    faulty = Faulty(office.app, *[busy] * 20)
    with pytest.raises(Refused, match="503"):
        client_of(office.ada).finish("a" * 16)
    assert faulty.asked == 6


def test_the_token_follows_nowhere_else(office: Office, client_of) -> None:
    Faulty(office.app, elsewhere)
    with pytest.raises(Refused, match="307"):
        client_of(office.ada).me()


def test_an_answer_that_is_cut_off_leaves_no_file(office: Office, client_of, tmp_path: Path) -> None:
    Faulty(office.app, cut_off)
    with pytest.raises(HTTPException):
        client_of(office.mia).export("truce", tmp_path / "gold.csv", layer="gold", format="csv")
    assert not list(tmp_path.glob("gold*"))


def test_only_what_may_be_repeated_is_repeated_without_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)
    nobody = Client("http://127.0.0.1:9", "token", tries=3)
    with pytest.raises(URLError):
        nobody.decide("a" * 16, {})
    assert waits == []
    with pytest.raises(URLError):
        nobody.me()
    assert len(waits) == 2

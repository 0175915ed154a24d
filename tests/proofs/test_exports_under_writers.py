"""An export while sixteen people write is one moment: what the history says after some event, and nothing of what came later."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterator
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from annotator.db import db, one_moment
from annotator.models import Event
from annotator.services import annotations as claims_service
from annotator.services import datasets
from tests.support.desk import Desk
from tests.support.installation import Installation
from tests.support.servers import Server
from tests.support.writers import at_once, wait_for_saves

pytestmark = pytest.mark.soak

WRITERS = 16
SAVED = ("start", "end", "exact", "label", "note")
Claims = dict[str, tuple[Any, ...]]


def exported(content: str) -> Claims:
    """What the file says of each claim."""
    rows = [json.loads(line) for line in content.splitlines()]
    claims = {row["claim_id"]: (row["version"], *(row[name] for name in SAVED)) for row in rows}
    assert len(claims) == len(rows), "a claim stands in the file twice"
    return claims


def states(app: Flask, article: str) -> Iterator[Claims]:
    """What there was to export after each event of the article's history, from before the first; one and the same dictionary."""
    with app.app_context():
        query = select(Event.subject, Event.payload).where(
            Event.chain == article, Event.action.startswith("annotation.")
        )
        found = db.session.execute(query.order_by(Event.seq)).all()
    now: Claims = {}
    yield now
    for subject, payload in found:
        told = json.loads(payload)
        now[subject] = (told["version"], *(told["claim"].get(name) for name in SAVED))
        yield now


def moment_of(app: Flask, article: str, claims: Claims) -> int | None:
    """After how many events of the history there was exactly this to export."""
    return next((number for number, state in enumerate(states(app, article)) if state == claims), None)


def export(installation: Installation) -> str:
    return installation.start("export", "truce", "--layer", "annotations", "--format", "jsonl", "-o", "-").output()


def test_an_export_under_sixteen_writers_is_a_prefix_of_the_history(
    app: Flask,
    desk: Desk,
    installation: Installation,
    make_writers: Callable[..., Any],
    rounds: Callable[[int, int], int],
) -> None:
    article = desk.article()
    writers = make_writers(article, WRITERS)
    server = Server(installation)
    files: list[str] = []

    def export_meanwhile() -> None:
        try:
            wait_for_saves(writers, WRITERS)
            files.extend(export(installation) for _ in range(rounds(1, 40)))
            # What each of them was told of the first of these may be older than the file, of the second it is not.
            wait_for_saves(writers, 2 * WRITERS)
        finally:
            server.kill()

    at_once([partial(writer.save_until_it_goes_away, server.address) for writer in writers], meanwhile=export_meanwhile)
    moments = [moment_of(app, article, exported(content)) for content in files]
    assert None not in moments
    assert moments == sorted(moments)  # type: ignore[type-var]
    last = sum(1 for _ in states(app, article)) - 1
    assert 0 < (moments[0] or 0) < last, "nobody wrote meanwhile"


def test_an_export_that_reads_its_pages_in_several_transactions_is_caught(
    app: Flask, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: between two pages somebody changes a claim of the first and then adds one behind."""
    article = desk.article()
    first = desk.mark("ada", article, "complete ceasefire", note="one")
    desk.mark("ada", article, "shelling", note="two")

    def write_between() -> None:
        changed = desk.claim(article, "complete ceasefire", note="changed")
        desk.write(lambda: claims_service.put(desk.user("ada"), article, first, changed, if_version=1))
        desk.mark("ada", article, "nobody could say", note="three")

    def in_pieces(engine: Any, layer: Any, scope: Any, _page: int) -> Generator[Any]:
        with one_moment(engine) as connection:
            (head, *_rest) = datasets._rows(connection, layer, scope, 1_000)
        yield head
        write_between()
        with one_moment(engine) as connection:
            (_head, *rest) = datasets._rows(connection, layer, scope, 1_000)
        yield from rest

    def claims() -> Claims:
        with app.app_context(), datasets.open_table(desk.project(), "annotations") as table:
            lines = [json.dumps(dict(zip(table.columns, row, strict=True)), default=str) for row in table.rows]
        return exported("\n".join(lines))

    assert moment_of(app, article, claims()) == 2
    monkeypatch.setattr(datasets, "_rows_of_one_moment", in_pieces)
    assert moment_of(app, article, claims()) is None

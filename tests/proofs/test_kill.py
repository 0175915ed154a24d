"""P1: "Saved" means on disk. The server is killed in the middle of its work, and nothing acknowledged is lost or half."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import delete

from annotator.db import db
from annotator.domain.claims import Evidence, Stance
from annotator.models import EvidenceItem
from annotator.services import annotations as claims
from tests.support.saves import problems_with
from tests.support.servers import Server
from tests.support.writers import Acknowledged, Writer, all_acknowledged, at_once, wait_for_saves

pytestmark = pytest.mark.soak

WRITERS = 16


def kill_when_busy(server: Server, writers: Sequence[Writer], more: int) -> None:
    """SIGKILL when `more` saves were acknowledged: at a moment that no writer chose."""
    wait_for_saves(writers, more)
    server.kill()


def test_a_server_killed_under_sixteen_writers_loses_nothing_that_it_acknowledged(
    app, desk, installation, make_writers, rounds
) -> None:
    chance = random.Random(20_190_612)
    article = desk.article()
    writers = make_writers(article, WRITERS)
    killed = rounds(2, 60)
    for _ in range(killed):
        server = Server(installation)
        at_once(
            [partial(writer.save_until_it_goes_away, server.address) for writer in writers],
            meanwhile=partial(kill_when_busy, server, writers, chance.randint(20, 120)),
        )
        assert [reply.text for writer in writers for reply in writer.refused] == []
        assert problems_with(app, all_acknowledged(writers)) == []
    assert len(all_acknowledged(writers)) >= 20 * killed
    # Somebody was always in the middle of a save, and repeating it was accepted by the next server.
    assert any(writer.interrupted for writer in writers)


def test_the_check_misses_what_was_acknowledged_before_the_commit(app, desk) -> None:
    """The planted fault: a server that answers first and commits afterwards, killed in between."""
    article = desk.article()
    kept = desk.mark("ada", article, "complete ceasefire", note="kept")
    early, claim = uuid4(), desk.claim(article, "shelling", note="early")

    def answer_early() -> None:
        claims.put(desk.user("ada"), article, early, claim, if_version=None)
        acknowledged.append(Acknowledged(early, 1, {"note": "early", "evidence": []}))
        raise Killed

    acknowledged = [Acknowledged(kept, 1, {"note": "kept", "evidence": []})]
    with pytest.raises(Killed):
        desk.write(answer_early)
    assert problems_with(app, acknowledged) == [f"claim {early}, version 1 was acknowledged and is not stored"]


def test_the_check_finds_a_claim_whose_evidence_was_lost(app, desk) -> None:
    """The planted fault: claim and event in one transaction, the evidence in another that never ended."""
    evidence = (Evidence(Stance.SUPPORTS, source="The ministry"),)
    annotation = desk.mark("ada", desk.article(), "complete ceasefire", evidence=evidence)
    assert problems_with(app, []) == []
    desk.write(lambda: db.session.execute(delete(EvidenceItem)))
    assert problems_with(app, []) == [f"claim {annotation} is not what its last event tells"]


class Killed(Exception):
    """The end of a process, for a transaction that it was in the middle of."""

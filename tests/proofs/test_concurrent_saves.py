"""Two reviewers save at the same moment from 16 threads, through one server process and through four: all is saved."""

from __future__ import annotations

from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import update

from annotator.db import db, transaction
from annotator.models import Annotation
from tests.support.saves import problems_with
from tests.support.servers import serving
from tests.support.writers import Acknowledged, all_acknowledged, at_once

pytestmark = pytest.mark.soak

THREADS = 16


@pytest.mark.parametrize("processes", [1, 4])
def test_everybody_who_saves_at_once_is_saved(app, desk, installation, make_writers, rounds, processes) -> None:
    each = rounds(6, 200)
    # Half of them share one article, whose events form one chain; the others have one of their own.
    shared = desk.article()
    own = desk.article(external_id="another")
    writers = make_writers(shared, THREADS // 2) + make_writers(own, THREADS // 2)
    with serving(installation, processes) as addresses:
        at_once([partial(writer.save, addresses[n % processes], each) for n, writer in enumerate(writers)])
    assert [reply.text for writer in writers for reply in writer.refused] == []
    acknowledged = all_acknowledged(writers)
    assert len(acknowledged) == THREADS * each
    assert problems_with(app, acknowledged) == []


class TestTheCheckItself:
    """Faults planted in the database, each of which the check must find."""

    @pytest.fixture
    def saved(self, app, desk) -> Acknowledged:
        evidence: list = []
        annotation = desk.mark("ada", desk.article(), "complete ceasefire", note="first")
        save = Acknowledged(annotation, 1, {"note": "first", "evidence": evidence})
        assert problems_with(app, [save]) == []
        return save

    def test_finds_a_save_that_was_acknowledged_before_it_was_stored(self, app, saved) -> None:
        never = Acknowledged(uuid4(), 1, saved.body)
        assert problems_with(app, [saved, never]) == [
            f"claim {never.annotation}, version 1 was acknowledged and is not stored"
        ]

    def test_finds_a_change_that_was_overwritten(self, app, saved) -> None:
        other = Acknowledged(saved.annotation, 1, {**saved.body, "note": "what another sent"})
        assert "another is recorded" in problems_with(app, [other])[0]

    def test_finds_a_row_without_its_event(self, app, saved) -> None:
        with app.app_context(), transaction():
            db.session.execute(update(Annotation).values(version=2))
        assert "is at version 2, its events tell of [1]" in problems_with(app, [saved])[0]

    def test_finds_a_row_unlike_its_event(self, app, saved) -> None:
        with app.app_context(), transaction():
            db.session.execute(update(Annotation).values(note="changed behind the record"))
        assert "is not what its last event tells" in problems_with(app, [saved])[0]

"""Agreement on links out of the database: links of claims of one's own are compared by what the claims mean."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask

from annotator.domain.claims import Relation
from annotator.services import agreement, links
from annotator.services.links import Proposal
from tests.support.desk import Desk

JUNE = "A complete ceasefire began on Sunday. Residents reported shelling in three towns."
JANUARY = "It was calm except for separate incidents. The market was open again."


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def link(desk: Desk, name: str, a: UUID, b: UUID, relation: Relation) -> None:
    desk.write(lambda: links.create(desk.user(name), desk.slug, Proposal(a, b, relation)))


def test_links_of_different_claims_are_the_same_where_the_claims_mean_the_same(desk: Desk) -> None:
    june, january = desk.article(JUNE), desk.article(JANUARY)
    ada = [desk.mark("ada", june, "complete ceasefire"), desk.mark("ada", january, "separate incidents")]
    ben = [desk.mark("ben", june, "A complete ceasefire"), desk.mark("ben", january, "except for separate incidents")]
    extra = desk.mark("ada", june, "three towns")
    shared = [desk.mark(name, january, "The market was open again") for name in ("ada", "ben")]
    link(desk, "ada", ada[0], ada[1], Relation.QUALIFIES)
    # The same from the other end.
    link(desk, "ben", ben[1], ben[0], Relation.CONTRADICTS)
    link(desk, "ada", extra, ada[1], Relation.QUALIFIES)
    link(desk, "ben", ben[0], shared[1], Relation.QUALIFIES)

    def found() -> tuple[object, ...]:
        with desk.app.app_context():
            figures = agreement.of_project(desk.project()).report.links
        return (figures.pairs.value, figures.pairs.n, figures.percent.value, figures.percent.n, figures.left_out)

    assert found() == (None, 0, None, 0, 0)
    for name in ("ada", "ben"):
        desk.submit(name, june)
    # The other article has not opened.
    assert found() == (None, 0, None, 0, 0)
    for name in ("ada", "ben"):
        desk.submit(name, january)
    expected = (pytest.approx(2 / 3), 3, 0.0, 1, 1)
    assert found() == expected
    # As it was kept.
    assert found() == expected

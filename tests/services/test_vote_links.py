"""Links as part of a question: when two reviewers mean the same link, and when their links differ."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask

from annotator.domain.claims import Relation
from annotator.domain.questions import Kind
from annotator.services import links
from annotator.services.questions import Asking, asking
from tests.support.desk import Desk

OTHER = "A week later both governments said that the truce still held. The capital was calm."


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


@pytest.fixture
def articles(desk: Desk) -> tuple[str, str]:
    """The article with the questions, and another one that Ada and Ben review too."""
    return desk.article(title="The truce"), desk.article(OTHER, title="A week later")


def both(desk: Desk, article: str, words: str, others: str | None = None) -> tuple[UUID, UUID]:
    """Ada's and Ben's claim, Ben's over other words if given."""
    return desk.mark("ada", article, words), desk.mark("ben", article, others or words)


def link(desk: Desk, name: str, a: UUID, b: UUID, relation: Relation = Relation.CONTRADICTS) -> None:
    desk.write(lambda: links.create(desk.user(name), desk.slug, links.Proposal(a, b, relation, None, "")))


def submit(desk: Desk, *articles: str) -> None:
    for article in articles:
        desk.submit("ada", article)
        desk.submit("ben", article)


def asked(desk: Desk, article: str) -> Asking:
    with desk.app.app_context():
        return asking(article)


def test_a_link_that_only_one_has_is_a_difference(desk: Desk, articles: tuple[str, str]) -> None:
    here, there = articles
    ada, _ = both(desk, here, "three towns")
    far, _ = both(desk, there, "the truce still held")
    link(desk, "ada", ada, far)
    submit(desk, *articles)
    found = asked(desk, here)
    (view,) = found.views
    assert (view.kind, view.differs) == (Kind.LINK, (Kind.LINK,))
    assert list(found.links) == [ada]
    (shown,) = found.links[ada]
    assert (shown.relation, shown.exact, shown.heading) == (
        Relation.CONTRADICTS,
        "the truce still held",
        "A week later",
    )


def test_links_to_claims_that_mean_the_same_are_the_same_link(desk: Desk, articles: tuple[str, str]) -> None:
    here, there = articles
    near = both(desk, here, "three towns")
    far = both(desk, there, "the truce still held", "that the truce still held")
    link(desk, "ada", near[0], far[0])
    # A symmetric relation is the same from either end.
    link(desk, "ben", far[1], near[1])
    submit(desk, *articles)
    assert [view.kind for view in asked(desk, here).views] == [Kind.AGREED]


@pytest.mark.parametrize("difference", ["relation", "other claim", "direction"])
def test_what_makes_two_links_differ(desk: Desk, articles: tuple[str, str], difference: str) -> None:
    here, there = articles
    near, far = both(desk, here, "three towns"), both(desk, there, "the truce still held")
    calm = both(desk, there, "capital was calm")
    link(desk, "ada", near[0], far[0], Relation.SUPERSEDES)
    if difference == "relation":
        link(desk, "ben", near[1], far[1], Relation.QUALIFIES)
    elif difference == "other claim":
        link(desk, "ben", near[1], calm[1], Relation.SUPERSEDES)
    else:
        link(desk, "ben", far[1], near[1], Relation.SUPERSEDES)
    submit(desk, *articles)
    assert [view.kind for view in asked(desk, here).views] == [Kind.LINK]


def test_an_end_in_an_article_that_is_not_open_is_not_told(desk: Desk, articles: tuple[str, str]) -> None:
    here, there = articles
    ada, _ = both(desk, here, "three towns")
    far, _ = both(desk, there, "the truce still held")
    link(desk, "ada", ada, far)
    submit(desk, here)
    found = asked(desk, here)
    assert (found.links, [view.kind for view in found.views]) == ({}, [Kind.AGREED])
    submit(desk, there)
    assert [view.kind for view in asked(desk, here).views] == [Kind.LINK]


def test_a_deleted_link_is_no_link(desk: Desk, articles: tuple[str, str]) -> None:
    here, there = articles
    ada, _ = both(desk, here, "three towns")
    far, _ = both(desk, there, "the truce still held")
    link(desk, "ada", ada, far)
    with desk.app.app_context():
        (row,) = links.list_for(desk.user("ada"), desk.slug)
    desk.write(lambda: links.delete(desk.user("ada"), row.link.id))
    submit(desk, *articles)
    assert asked(desk, here).links == {}

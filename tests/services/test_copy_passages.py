"""Paragraphs that stand in several stories: found as articles come in, shown to who may read both, marks offered in them."""

from __future__ import annotations

import pytest
from flask import Flask

from annotator.domain.text import plain_blocks
from annotator.formats.records import ArticleRecord
from annotator.services import articles, copied_claims, copy_finding, passages_elsewhere, versions
from annotator.services.assignments import find_work
from annotator.services.passages_elsewhere import Elsewhere
from tests.matching.test_copies import Newsroom
from tests.support.desk import Desk, counted_statements
from tests.support.people import Browser

TAKEN = (
    "The ministry said on Sunday that the ceasefire in the province was holding in all of the towns, and that both sides "
    "had sent letters to the envoy about the road to the border."
)
EDITED = TAKEN.replace("on Sunday ", "").replace("letters", "notes")


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def story(seed: int, *paragraphs: str) -> str:
    return Newsroom(seed).story(["Idlib"], *paragraphs)


def look(desk: Desk) -> None:
    with desk.app.app_context():
        copy_finding.find(desk.project())


def elsewhere(desk: Desk, name: str, article_id: str) -> list[Elsewhere]:
    with desk.app.app_context():
        found = articles.get_for(desk.user(name), article_id)
        return passages_elsewhere.beside(desk.user(name), found.access, article_id, found.version.id).paragraphs


def others(desk: Desk, name: str, article_id: str) -> list[list[str]]:
    return [[place.article_id for place in each.places] for each in elsewhere(desk, name, article_id)]


def groups(desk: Desk) -> list[list[str]]:
    with desk.app.app_context():
        found = passages_elsewhere.groups_in(desk.project().id)
        return [[place.article_id for place in each.places] for each in found]


def test_a_paragraph_is_found_in_other_stories_as_they_come_in(desk: Desk) -> None:
    first = desk.article(story(1, TAKEN))
    copy = desk.article(story(1, TAKEN).replace("Idlib", "the north"))
    look(desk)
    assert groups(desk) == []
    third = desk.article(story(2, EDITED))
    look(desk)
    assert groups(desk) == [[first, copy, third]]
    assert others(desk, "mia", third) == [[first, copy]]
    assert others(desk, "mia", first) == [[third]]
    fourth = desk.article(story(3, TAKEN), assign=False)
    look(desk)
    look(desk)
    assert groups(desk) == [[first, copy, third, fourth]]
    assert others(desk, "mia", third) == [[first, copy, fourth]]
    # Who does not read an article does not learn of it.
    assert others(desk, "ada", third) == [[first, copy]]
    with desk.app.app_context():
        (only,) = passages_elsewhere.groups_in(desk.project().id)
    assert only.text == TAKEN


def correct(desk: Desk, article_id: str, text: str) -> None:
    record = ArticleRecord(text, plain_blocks(text), "")
    desk.write(lambda: versions.add(desk.user("mia"), article_id, record))
    look(desk)


def test_the_paragraphs_of_a_corrected_text_are_judged_anew(desk: Desk) -> None:
    first, second, third = desk.article(story(1, TAKEN)), desk.article(story(2, TAKEN)), desk.article(story(1, EDITED))
    look(desk)
    assert groups(desk) == [[first, second, third]]

    correct(desk, second, story(2))
    assert groups(desk) == []
    # It was a copy of the first, which shares nothing with others by itself.
    correct(desk, third, story(3, EDITED))
    assert groups(desk) == [[first, third]]
    assert others(desk, "mia", first) == [[third]]


def test_paragraphs_alike_only_by_way_of_a_text_that_was_corrected_part(desk: Desk) -> None:
    other_beginning = TAKEN.replace("The ministry said on Sunday that the", "Asked by reporters on Monday whether a")
    other_end = TAKEN.replace("to the envoy about the road to the border", "home from camps along their coast instead")
    first, middle, third = (desk.article(story(n, each)) for n, each in enumerate((other_beginning, TAKEN, other_end)))
    fourth = desk.article(story(4, other_beginning))
    look(desk)
    assert groups(desk) == [[first, middle, third, fourth]]
    correct(desk, middle, story(1))
    assert groups(desk) == [[first, fourth]]
    assert others(desk, "mia", third) == []
    correct(desk, middle, story(1, TAKEN))
    assert groups(desk) == [[first, middle, third, fourth]]
    # Those who are alike without it stay together.
    correct(desk, third, story(2))
    assert groups(desk) == [[first, middle, fourth]]


def test_what_stands_in_many_stories_is_boilerplate(desk: Desk) -> None:
    ids = [desk.article(story(seed, TAKEN), assign=False) for seed in range(10)]
    look(desk)
    assert groups(desk) == [ids]
    desk.article(story(20, TAKEN), assign=False)
    look(desk)
    assert groups(desk) == []


def test_a_mark_in_such_a_paragraph_is_offered_to_its_reviewer_alone(desk: Desk) -> None:
    first, second = desk.article(story(1, TAKEN), publisher="Coast Daily"), desk.article(story(2, EDITED))
    look(desk)
    desk.mark("ada", first, "the ceasefire in the province was holding")
    desk.mark("ada", first, "on Sunday")

    def offers(name: str) -> list[tuple[str, str]]:
        with desk.app.app_context():
            work = find_work(desk.user(name), second, lock=False)
            return [(work.version.text[each.start : each.end], each.why[0]) for each in copied_claims.offered(work)]

    words = "you marked this in the same paragraph by Coast Daily"
    assert offers("ada") == [("the ceasefire in the province was holding", words)]
    assert offers("ben") == []


def test_the_article_and_the_page_of_copies_show_it_with_as_many_statements_as_ever(desk: Desk) -> None:
    first, second = desk.article(story(1, TAKEN), title="One"), desk.article(story(2, EDITED), title="Two")
    mia = Browser(desk.app, desk.app.test_client()).sign_in("mia@example.org")
    assert "No shared paragraphs" in mia.get("/projects/truce/copies/paragraphs").text
    look(desk)
    page = mia.get(f"/articles/{second}").text
    assert "1 paragraph also stands in other articles" in page
    assert f"/articles/{first}?at=1:" in page
    with counted_statements(desk.app) as few:
        listed = mia.get("/projects/truce/copies/paragraphs").text
    assert f"/articles/{first}?at=1:" in listed
    assert f"/articles/{second}?at=1:" in listed
    other = story(7).split("\n\n")[3]
    for seed in range(30, 36):
        desk.article(story(seed, TAKEN, other), assign=False)
    look(desk)
    with counted_statements(desk.app) as more:
        mia.get("/projects/truce/copies/paragraphs")
    assert len(more) == len(few)

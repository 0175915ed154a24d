"""GET /api/v1/articles/{id}/annotations"""

from __future__ import annotations

import pytest
from flask import Flask

from tests.support.program import Office


def shown_to(program, article: str) -> list[str]:
    return [each["reviewer"].lower() for each in program.get(f"/articles/{article}/annotations").json["items"]]


@pytest.fixture
def marked(office: Office) -> str:
    """An article in which Ada and Ben have marked one claim each."""
    article = office.article()
    office.ada.mark(article, "complete ceasefire")
    office.ben.mark(article, "shelling in three towns", "unverified")
    return article


def test_a_reviewer_sees_their_own_only_even_at_the_end(office: Office, marked: str) -> None:
    assert shown_to(office.ada, marked) == ["ada"]
    office.submit(marked)
    assert shown_to(office.ada, marked) == ["ada"]
    assert shown_to(office.ben, marked) == ["ben"]


def test_adjudicator_and_manager_see_everything_once_all_have_submitted(office: Office, marked: str) -> None:
    office.ada.post(f"/articles/{marked}/submit", {"confirm": True})
    assert shown_to(office.jo, marked) == shown_to(office.mia, marked) == []
    office.ben.post(f"/articles/{marked}/submit", {"confirm": True})
    assert shown_to(office.mia, marked) == ["ada", "ben"]
    # The project is blind, so its adjudicator sees letters until the article is finished.
    assert sorted(shown_to(office.jo, marked)) == ["reviewer a", "reviewer b"]


def test_in_an_open_project_ones_own_submit_opens_the_article(app: Flask) -> None:
    office = Office(app, blind=False)
    article = office.article()
    office.ada.mark(article, "complete ceasefire")
    bens = office.ben.mark(article, "shelling in three towns")
    assert shown_to(office.ada, article) == ["ada"]
    assert office.ada.get(f"/annotations/{bens}").status_code == 404
    office.ada.post(f"/articles/{article}/submit", {"confirm": True})
    assert shown_to(office.ada, article) == ["ada", "ben"]
    assert office.ada.get(f"/annotations/{bens}").status_code == 200
    assert shown_to(office.ben, article) == ["ben"]


def test_the_list_comes_in_parts_that_others_changes_do_not_move(office: Office) -> None:
    article = office.article(text="one two three four five six")
    words = ["one", "two", "three", "four", "five", "six"]
    ids = {word: office.ada.mark(article, word) for word in words}
    path = f"/articles/{article}/annotations"
    first = office.ada.get(f"{path}?limit=2").json
    assert [each["exact"] for each in first["items"]] == ["one", "two"]
    office.ada.delete(f"/annotations/{ids['two']}", version=1)
    second = office.ada.get(f"{path}?limit=3&cursor={first['next']}").json
    assert [each["exact"] for each in second["items"]] == ["three", "four", "five"]
    third = office.ada.get(f"{path}?limit=3&cursor={second['next']}").json
    assert ([each["exact"] for each in third["items"]], third["next"]) == (["six"], None)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=-5", "limit"),
        ("limit=ten", "limit"),
        (f"limit={'9' * 5_000}", "limit"),
        ("limit=1&limit=2", "limit"),
        ("cursor=nonsense", "cursor"),
        ("cursor=WzFd", "cursor"),
        ("cursor=WyJhIiwiYiIsImMiXQ", "cursor"),
        ("cursor=%E2%82%AC", "cursor"),
        ("page=2", "page"),
    ],
)
def test_a_bad_query_is_refused(office: Office, refused, marked: str, query: str, field: str) -> None:
    refused(office.ada.get(f"/articles/{marked}/annotations?{query}"), 422, field)


def test_strangers_learn_nothing(office: Office, refused, marked: str) -> None:
    missing = refused(office.sam.get(f"/articles/{'a' * 16}/annotations"), 404)
    assert refused(office.sam.get(f"/articles/{marked}/annotations"), 404) == missing
    answer = office.nobody.get(f"/articles/{marked}/annotations")
    refused(answer, 401)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_other_methods_are_refused(office: Office, refused, marked: str) -> None:
    refused(office.ada.delete(f"/articles/{marked}/annotations"), 405)

"""The start page: what is next for each person."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from annotator.db import db, transaction
from annotator.domain.text import plain_blocks
from annotator.formats.records import ArticleRecord
from annotator.models import ArticleVersion, Assignment, AssignmentKind, AssignmentState, Project, Release, Role
from annotator.services import articles, assignment_lists, dealing, members, overview, projects, submission
from tests.support.people import OpenBrowser, add_person, person


def add_articles(app: Flask, slug: str, count: int) -> list[str]:
    """Add articles, each given to Ada and Ben; their ids in order."""
    texts = [f"Story {number} of {slug}. It was calm." for number in range(count)]
    records = [ArticleRecord(text, plain_blocks(text), f"{number:064d}") for number, text in enumerate(texts)]
    with app.app_context(), transaction():
        project = projects.by_slug(slug)
        ids = [added.article.id for added in articles.add(project, records)]
        dealing.assign(project)
    return ids


def submit(app: Flask, name: str, article: str) -> None:
    with app.app_context(), transaction():
        submission.submit(person(name), article, confirm=True)


def overview_of(app: Flask, name: str) -> overview.Overview:
    with app.app_context():
        (found,) = overview.of(person(name))
        return found


def without_tokens(page: str) -> str:
    return re.sub(r'name="csrf_token" value="[^"]*"', "", page)


def test_who_is_in_no_project_is_told_whom_to_ask(idlib, open_browser: OpenBrowser):
    page = open_browser("Sam").get("/").text
    assert "You are in no project yet" in page
    assert "sam@example.org" in page
    assert "Idlib" not in page


def test_an_administrator_of_an_empty_installation_is_led_to_the_first_project(app, open_browser: OpenBrowser):
    add_person(app, "Kim", admin=True)
    assert "There is no project yet" in open_browser("Kim").get("/").text


def test_a_reviewer_is_given_the_first_article_and_then_the_next(app, idlib, open_browser: OpenBrowser):
    first, second = add_articles(app, idlib, 2)
    ada = open_browser("Ada")
    page = ada.get("/").text
    assert f'href="/articles/{first}"' in page
    assert "Next article" in page
    assert "0 of 2 articles submitted" in page
    submit(app, "Ada", first)
    page = ada.get("/").text
    assert f'href="/articles/{second}"' in page
    assert "1 of 2 articles submitted" in page
    submit(app, "Ada", second)
    assert "You have submitted every article" in ada.get("/").text


def test_what_was_begun_comes_before_what_is_new(app, idlib):
    _first, second = add_articles(app, idlib, 2)
    with app.app_context(), transaction():
        submission.mark_read(person("Ada"), second)
    found = overview_of(app, "Ada")
    assert found.next_review == second
    assert (found.in_progress, found.new, found.done) == (1, 1, 0)


def test_a_reviewers_page_tells_nothing_about_the_others(app, idlib, open_browser: OpenBrowser):
    """P3: the same bytes whether Ben is idle or has finished."""
    ids = add_articles(app, idlib, 3)
    ada = open_browser("Ada")
    ada.get("/")
    idle = without_tokens(ada.get("/").text)
    for article in ids:
        submit(app, "Ben", article)
    assert without_tokens(ada.get("/").text) == idle


def test_the_adjudicator_gets_articles_that_all_have_submitted(app, idlib, open_browser: OpenBrowser):
    first, second = add_articles(app, idlib, 2)
    assert "No article waits for adjudication" in open_browser("Jo").get("/").text
    for name, article in (("Ada", first), ("Ada", second), ("Ben", second)):
        submit(app, name, article)
    assert overview_of(app, "Jo").to_adjudicate == [second]
    page = open_browser("Jo").get("/").text
    assert f'href="/articles/{second}/adjudicate"' in page
    assert "1 article to adjudicate" in page
    submit(app, "Ben", first)
    assert overview_of(app, "Jo").to_adjudicate == [first, second]


def test_nobody_is_offered_to_adjudicate_what_they_reviewed(app, idlib):
    (article,) = add_articles(app, idlib, 1)
    with app.app_context(), transaction():
        projects.add_member(projects.by_slug(idlib), person("Ada"), Role.ADJUDICATOR)
    for name in ("Ada", "Ben"):
        submit(app, name, article)
    assert overview_of(app, "Ada").to_adjudicate == []
    assert overview_of(app, "Jo").to_adjudicate == [article]


def test_a_manager_is_led_to_what_comes_next(app: Flask, idlib: str, open_browser: OpenBrowser) -> None:
    """From the first import to the release; nobody else is led there."""
    path, reviewers = f"/projects/{idlib}", ("Ada", "Ben")

    def led_to() -> str:
        page = open_browser("Mia").get("/").text
        assert "Give out" not in open_browser("Ada").get("/").text
        (found,) = re.findall(r'<a class="button[^"]*" href="(/projects/[^"]+)"', page)
        return found.removeprefix(path)

    def with_project(work: Callable[[Project], object]) -> None:
        with app.app_context(), transaction():
            work(projects.by_slug(idlib))

    def finish(_project: Project) -> None:
        version = db.session.scalars(select(ArticleVersion)).one()
        whose = {"article_id": version.article_id, "version_id": version.id, "user_id": person("Jo").id}
        db.session.add(Assignment(kind=AssignmentKind.ADJUDICATION, state=AssignmentState.SUBMITTED, **whose))

    def release(project: Project) -> None:
        db.session.add(Release(project_id=project.id, version="1.0.0", manifest="{}", sha256="0" * 64))

    assert led_to() == "/import"
    record = ArticleRecord("It was calm.", plain_blocks("It was calm."), "0" * 64)
    with_project(lambda project: articles.add(project, [record]))
    assert led_to() == ""
    with_project(lambda project: [members.remove(project, person(name).id, Role.REVIEWER) for name in reviewers])
    assert led_to() == "/people"
    with_project(lambda project: [projects.add_member(project, person(name), Role.REVIEWER) for name in reviewers])
    with_project(dealing.assign)
    assert led_to() == "/progress"
    with_project(finish)
    assert led_to() == "/releases/new"
    with_project(release)
    assert led_to() == "/progress"


@contextmanager
def counted(app: Flask):
    statements: list[Any] = []

    def note(_connection, _cursor, statement, *_more):
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK")):
            statements.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("name", ["Ada", "Jo", "Mia"])
def test_the_number_of_statements_does_not_grow(app, idlib, open_browser: OpenBrowser, name):
    browser = open_browser(name)
    add_articles(app, idlib, 1)
    with counted(app) as few:
        browser.get("/")
    for number in range(4):
        slug = f"project-{number}"
        with app.app_context(), transaction():
            project = projects.create(slug, slug)
            for member, role in (
                ("Ada", Role.REVIEWER),
                ("Ben", Role.REVIEWER),
                ("Jo", Role.ADJUDICATOR),
                ("Mia", Role.MANAGER),
            ):
                projects.add_member(project, person(member), role)
        for article in add_articles(app, slug, 3):
            submit(app, "Ada", article)
            submit(app, "Ben", article)
    with counted(app) as many:
        assert "project-3" in browser.get("/").text
    assert len(many) == len(few) <= 8


def test_states_of_the_page_are_those_of_the_model(app, idlib):
    """Locked reviews count as done: the adjudicator has begun with them."""
    (article,) = add_articles(app, idlib, 1)
    submit(app, "Ada", article)
    with app.app_context(), transaction():
        for each in assignment_lists.of_project(projects.by_slug(idlib)):
            each.state = AssignmentState.LOCKED
    assert overview_of(app, "Ada").done == 1

"""Who may do what: every route of the app is called as everybody, and the table itself is read as a whole.

A new route without a row in tests/support/routes.py fails here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask, url_for
from werkzeug.routing import Rule

from annotator import create_app, permissions
from annotator.db import db, transaction
from annotator.domain.claims import Claim
from annotator.domain.text import plain_blocks
from annotator.errors import Conflict, Forbidden, NotFound
from annotator.formats.records import ArticleRecord
from annotator.models import AssignmentState, Role, User
from annotator.permissions import Action, effective_roles, may, require, require_open
from annotator.services import annotations as claims
from annotator.services import articles, dealing, projects, submission
from tests.support import people
from tests.support.routes import ANYBODY, NOBODY, ROUTES, Row
from tests.support.schemas import differing, rows_of

TEXT = "The ceasefire held on Sunday. Nobody was hurt."
REFUSED = {401, 403, 404}


def rules_of(app: Flask) -> list[Rule]:
    return list(app.url_map.iter_rules())


def every_route() -> Iterator[tuple[str, str]]:
    """Endpoint and method of every route, read from an app without a database."""
    app = create_app({"instance": Path("/nonexistent"), "secret_key": "k" * 40})
    for rule in rules_of(app):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule.endpoint, method


EVERY_ROUTE = sorted(set(every_route()))


def test_every_route_has_a_row_and_every_row_a_route(app):
    endpoints = {rule.endpoint for rule in rules_of(app)}
    assert endpoints - set(ROUTES) == set(), "Add a row to tests/support/routes.py"
    assert set(ROUTES) - endpoints == set()


def test_a_new_route_without_a_row_is_caught(app):
    """The positive control."""
    app.add_url_rule("/planted", "planted", lambda: "open to everybody")
    with pytest.raises(AssertionError, match="planted"):
        test_every_route_has_a_row_and_every_row_a_route(app)


@pytest.fixture
def world(app: Flask) -> dict[str, str]:
    """A project with one article that Ada and Ben have submitted; what stands for the names in the rows."""
    slug = people.add_everybody(app)
    annotation, other = uuid4(), uuid4()
    with app.app_context():
        with transaction():
            project = projects.by_slug(slug)
            (added,) = articles.add(project, [ArticleRecord(TEXT, plain_blocks(TEXT), "0" * 64)])
            dealing.assign(project)
            projects.write_guideline(project, "Mark claims.")
            article = added.article.id
        claim = Claim(start=4, end=13, exact="ceasefire", label="unverified")
        other_claim = Claim(start=30, end=45, exact="Nobody was hurt", label="unverified")
        for name in ("Ada", "Ben"):
            if name == "Ada":
                with transaction():
                    claims.put(people.person(name), article, annotation, claim, if_version=None)
                with transaction():
                    claims.put(people.person(name), article, other, other_claim, if_version=None)
            with transaction():
                submission.submit(people.person(name), article, confirm=True)
        user_id = people.person("Ben").id
    return {
        "slug": slug,
        "article": article,
        "annotation": str(annotation),
        "other": str(other),
        "user": user_id,
        "label": "sourced",
    }


@pytest.fixture
def browsers(app: Flask, world: dict[str, str]) -> dict[str, people.Browser]:
    """One for each of the people, and one for nobody ("")."""
    return {name: people.open_browser(app, name) for name in sorted(ANYBODY)}


def call(browser: people.Browser, method: str, path: str, sends: dict[str, Any] | None = None) -> int:
    """The status for whoever sends `sends` as a form, or as JSON to the API."""
    if method == "GET":
        answer = browser.get(path)
    elif path.startswith("/api/"):
        answer = browser.request(method, path, json=sends or {}, headers={"If-Match": '"1"'})
    else:
        answer = browser.request(method, path, data=sends)
    led_to_sign_in = answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in")
    answer.close()
    return 401 if led_to_sign_in else answer.status_code


class Route:
    """An endpoint with what its row says of it, in a world; everybody has a browser."""

    def __init__(self, app: Flask, world: dict[str, str], browsers: dict[str, people.Browser], endpoint: str) -> None:
        self.row = ROUTES[endpoint]
        self.browsers = browsers
        with app.test_request_context():
            self.path = url_for(endpoint, **filled(self.row.values, world))
        self.sends = filled(self.row.sends, world)

    def wrong_answers(self, method: str, names: Iterable[str], row: Row | None = None) -> dict[str, int]:
        """Which of `names` were let in although they may not, or refused although they may, with the status."""
        wrong = {}
        for name in names:
            status = call(self.browsers[name], method, self.path, self.sends)
            if status >= 500 or (status in REFUSED) is (name in (row or self.row).may):
                wrong[name or "nobody"] = status
        return wrong


def filled(value: Any, world: dict[str, str]) -> Any:
    """What a row says, with the names of the world in it."""
    if isinstance(value, dict):
        return {name: filled(inner, world) for name, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, world) for inner in value]
    return value.format(**world) if isinstance(value, str) else value


@pytest.fixture
def route(app: Flask, world: dict[str, str], browsers: dict[str, people.Browser]) -> Callable[[str], Route]:
    """A route by its endpoint."""
    return partial(Route, app, world, browsers)


def test_only_who_may_look_can(route):
    looked = [endpoint for endpoint, method in EVERY_ROUTE if method == "GET"]
    wrong = {endpoint: route(endpoint).wrong_answers("GET", sorted(ANYBODY)) for endpoint in looked}
    assert len(looked) > 50
    assert {endpoint: found for endpoint, found in wrong.items() if found} == {}


CHANGING = [(endpoint, method) for endpoint, method in EVERY_ROUTE if method != "GET"]


def refusals(app: Flask, route: Callable[[str], Route], tried: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Whoever may not call these tries it: what was answered wrongly, and the tables that are not as they were."""
    with app.app_context():
        engine = db.engine
    before = rows_of(engine)
    wrong: dict[str, Any] = {}
    for endpoint, method in tried:
        found = route(endpoint).wrong_answers(method, sorted(ANYBODY - ROUTES[endpoint].may))
        wrong |= {f"{method} {endpoint}": found} if found else {}
    changed = differing(before, rows_of(engine))
    # That somebody tried to sign in is counted, whoever it was.
    changed.pop("sign_in_attempt", None)
    return wrong | changed


def test_who_may_not_is_refused_and_changes_nothing(app, route):
    assert len(CHANGING) > 80
    assert refusals(app, route, CHANGING) == {}


def test_a_refusal_that_has_changed_something_is_caught(app, world, route):
    """The positive control."""

    def leave_a_trace(slug: str) -> None:
        with transaction():
            projects.by_slug(slug).name = "Changed"
        raise Forbidden("Refused, but too late.")

    app.view_functions["projects.assign"] = leave_a_trace
    assert set(refusals(app, route, [("projects.assign", "POST")])) == {"project"}


@pytest.mark.parametrize(("endpoint", "method"), [row for row in CHANGING if ROUTES[row[0]].may], ids=lambda part: part)
def test_who_may_is_let_in(browsers, route, endpoint, method):
    if endpoint == "account.sign_out":
        assert call(browsers["Ada"], method, "/account/sign-out") == 303
        return
    allowed = sorted(ROUTES[endpoint].may)
    assert route(endpoint).wrong_answers(method, allowed[:1] if ROUTES[endpoint].once else allowed) == {}


@pytest.mark.parametrize(
    "row",
    [Row(ANYBODY), Row(NOBODY), Row(frozenset({"Sam", "Mia", "Kim"})), Row(frozenset({"Mia"}))],
    ids=["anybody", "nobody", "a stranger too", "without the administrator"],
)
def test_a_wrong_row_is_caught(route, row):
    """The positive control: settings are for Mia and Kim."""
    assert route("projects.settings").wrong_answers("GET", sorted(ANYBODY), row) != {}


def test_strangers_cannot_tell_a_foreign_project_from_a_missing_one(app, world):
    """Same status, and the same page but for the CSRF token in it."""
    sam = people.open_browser(app, "Sam")
    for foreign, missing in [
        (f"/projects/{world['slug']}", "/projects/missing"),
        (f"/articles/{world['article']}", "/articles/2222222222222222"),
        (f"/api/v1/projects/{world['slug']}", "/api/v1/projects/missing"),
        (f"/api/v1/articles/{world['article']}", "/api/v1/articles/2222222222222222"),
        (f"/api/v1/annotations/{world['annotation']}", f"/api/v1/annotations/{uuid4()}"),
    ]:
        first, second = sam.get(foreign), sam.get(missing)
        assert first.status_code == second.status_code == 404
        assert without_tokens(first.text) == without_tokens(second.text)


def without_tokens(page: str) -> str:
    return people.CSRF_FIELD.sub("", page)


# The table itself


def test_every_action_has_a_rule():
    assert set(permissions.RULES) == set(Action)


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (Role.REVIEWER, {Action.SEE, Action.REVIEW}),
        (Role.ADJUDICATOR, {Action.SEE, Action.ADJUDICATE, Action.REVEAL, Action.READ_ALL, Action.SEE_RESULTS}),
        (
            Role.MANAGER,
            {Action.SEE, Action.REVEAL, Action.READ_ALL, Action.SEE_RESULTS, Action.IMPORT, Action.MANAGE},
        ),
    ],
)
def test_the_rules_in_full(role, allowed):
    assert {action for action in Action if may([role], action)} == allowed


def test_roles_add_up_and_administrators_manage_everything():
    both = [Role.REVIEWER, Role.ADJUDICATOR]
    assert may(both, Action.REVIEW)
    assert may(both, Action.ADJUDICATE)
    assert effective_roles(User(is_admin=True), []) == {Role.MANAGER}
    assert effective_roles(User(is_admin=False), []) == frozenset()


def test_strangers_find_nothing_and_members_are_told_which_role_they_lack():
    for action in Action:
        with pytest.raises(NotFound):
            require([], action)
    with pytest.raises(Forbidden, match="the role manager"):
        require([Role.REVIEWER], Action.MANAGE)
    require([Role.MANAGER], Action.MANAGE)


@pytest.mark.parametrize("action", [Action.REVIEW, Action.ADJUDICATE])
def test_closed_work_is_refused(action):
    for state in (AssignmentState.NEW, AssignmentState.IN_PROGRESS):
        require_open(action, state)
    for state in (AssignmentState.SUBMITTED, AssignmentState.LOCKED):
        with pytest.raises(Conflict):
            require_open(action, state)


def test_the_world_is_as_the_rows_suppose(app, world):
    with app.app_context():
        assert {member.name for member in projects.members_with(projects.by_slug(world["slug"]), Role.REVIEWER)} == {
            "Ada",
            "Ben",
        }
        assert db.session.scalar(db.select(db.func.count()).select_from(User)) == 6

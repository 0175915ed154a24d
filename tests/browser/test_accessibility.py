"""No serious violation of the WCAG rules that a program can check, on any page, in light and in dark."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import BrowserContext, Page

from annotator.models import Outcome
from annotator.services import adjudication, projects, questions
from annotator.services.adjudication import Answer
from tests.support.complaints import Complaints
from tests.support.desk import Desk
from tests.support.reader import Reader

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WEIGHTY = {"serious", "critical"}

PAGES = {
    "": ["/sign-in", "/sign-in/unknown", "/no-such-page", "/api/docs", "/api/problems/not-found"],
    "ada": ["/", "/account", "/projects", "/projects/truce", "/projects/truce/articles", "/projects/truce/labels",
            "/projects/truce/guideline", "/articles/{open}", "/articles/{open}/review", "/projects/truce/settings"],
    "jo": ["/projects/truce", "/articles/{settled}/adjudicate", "/articles/{settled}/adjudicate/agreed",
           "/articles/{open}/adjudicate", "/projects/truce/export"],
    "mia": ["/projects/new", "/projects/truce", "/projects/truce/articles", "/projects/truce/people",
            "/projects/truce/labels", "/projects/truce/labels/new", "/projects/truce/labels/sourced",
            "/projects/truce/guideline/edit", "/projects/truce/settings", "/projects/truce/import",
            "/projects/truce/export"],
}  # fmt: skip
# The pages of what is refused are pages too.
REFUSALS = {"/no-such-page": 404, "/projects/truce/settings": 403, "/articles/{open}/adjudicate": 409}


@pytest.fixture
def articles(app: Flask) -> dict[str, str]:
    """One article in review, one in adjudication with questions of several kinds, in a project with a guideline."""
    desk = Desk(app)
    text = "# Claims\n\n- A [link](https://example.org) and `code`.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    desk.write(lambda: projects.write_guideline(desk.project(), text))
    opened = desk.article(title="In review")
    desk.mark("ada", opened, "complete ceasefire", note="Why?")
    desk.mark("ada", opened, "a complete ceasefire on Sunday", "disputed")
    desk.mark("ada", opened, "three towns", "unverified")
    settled = desk.article("Both sides held the ceasefire. Two towns were shelled. It was calm.", title="Settled")
    for name, boundary in (("ada", "the ceasefire"), ("ben", "ceasefire")):
        desk.mark(name, settled, boundary)
        desk.mark(name, settled, "calm", "unverified")
    desk.mark("ben", settled, "Two towns", "disputed")
    for name in ("ada", "ben"):
        desk.submit(name, settled)

    def decide() -> None:
        view = questions.questions(desk.user("jo"), settled)[0]
        taken = Answer(Outcome.ACCEPT, annotation=view.versions[0].id, justification="The shorter one.")
        adjudication.decide(desk.user("jo"), settled, view.id, taken)

    desk.write(decide)
    return {"open": opened, "settled": settled}


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> Iterator[str]:
    return request.param


def violations(page: Page) -> list[str]:
    """The rules that are broken, with where and why."""
    found = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]})
    return [
        f"{each['id']} ({each['impact']}): {node['target']} {node['failureSummary']}"
        for each in found.response["violations"]
        if each["impact"] in WEIGHTY
        for node in each["nodes"]
    ]


@pytest.mark.parametrize("name", list(PAGES))
def test_no_page_shuts_anybody_out(
    app: Flask,
    articles: dict[str, str],
    new_context: Callable[..., BrowserContext],
    complaints: Complaints,
    name: str,
    scheme: str,
) -> None:
    complaints.expect("status of (403|404|409)")
    page = new_context(color_scheme=scheme, viewport={"width": 1280, "height": 900}).new_page()
    if name:
        Reader(app, page, f"{name}@example.org")
    broken = {}
    for path in PAGES[name]:
        answer = page.goto(path.format(**articles))
        assert answer is not None
        assert answer.status == (200 if name == "mia" else REFUSALS.get(path, 200)), path
        page.wait_for_load_state("networkidle")
        found = violations(page)
        if found:
            broken[path] = found
    assert broken == {}


def test_a_page_with_a_fault_is_caught(page: Page) -> None:
    """The positive control: a field without a label, and words that can hardly be read."""
    page.goto("/sign-in")
    assert violations(page) == []
    page.evaluate("document.querySelector('label').remove()")
    assert any(found.startswith("label") for found in violations(page))
    page.goto("/sign-in")
    page.evaluate("document.querySelector('h1').style.color = 'rgb(230, 230, 230)'")
    assert any(found.startswith("color-contrast") for found in violations(page))

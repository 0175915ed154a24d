"""No violation of WCAG 2.2 A and AA that a program can find, on any page, in its states, in light and dark, wide and narrow.

`make test` looks at every page in light on 1280 pixels and in dark on 320, `make soak` in all four.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Error, Page, expect

from annotator import create_app
from tests.support.accessibility import Findings, findings, tree, violations
from tests.support.complaints import Complaints
from tests.support.desk import Desk
from tests.support.reader import Reader
from tests.support.screens import NOT_PAGES, PAGES, Screen, Stage

WIDTHS = {1280: 900, 320: 640}
ALWAYS = {("light", 1280), ("dark", 320)}
CONTROLS = {
    "button", "checkbox", "combobox", "disclosuretriangle", "DisclosureTriangle", "link", "listbox", "menuitem",
    "option", "progressbar", "radio", "searchbox", "slider", "spinbutton", "switch", "tab", "textbox",
}  # fmt: skip


def endpoints(app: Flask) -> set[str]:
    """Everything that can be looked at with GET, but the JSON of the API."""
    rules = app.url_map.iter_rules()
    return {rule.endpoint for rule in rules if "GET" in (rule.methods or ()) and not rule.rule.startswith("/api/v1")}


def without_a_case(app: Flask) -> set[str]:
    return endpoints(app) - set(PAGES) - set(NOT_PAGES)


def bare_app() -> Flask:
    return create_app({"instance": Path("/nonexistent"), "secret_key": "k" * 40})


def test_every_page_has_a_case_and_three_states() -> None:
    assert without_a_case(bare_app()) == set()
    assert [name for name, screens in PAGES.items() if len(screens) < 3] == []


def test_a_new_page_without_a_case_is_caught() -> None:
    """The positive control."""
    app = bare_app()
    app.add_url_rule("/news", "news.show", lambda: "news")
    assert without_a_case(app) == {"news.show"}


@pytest.fixture
def stage(app: Flask) -> Stage:
    return Stage(app)


@pytest.fixture
def open_as(stage: Stage, server: str, new_context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """A page of somebody, in a scheme and width."""

    def make(who: str, scheme: str = "light", width: int = 1280) -> Page:
        context = new_context(
            color_scheme=scheme, viewport={"width": width, "height": WIDTHS[width]}, reduced_motion="reduce"
        )
        if who:
            context.add_cookies([{"name": "annotator_session", "value": stage.cookies[who], "url": server}])
        return context.new_page()

    return make


def look(page: Page, screen: Screen, stage: Stage) -> Findings:
    """What is wrong with a screen; that it cannot be reached is told with the others."""
    page.goto("about:blank")
    try:
        answer = page.goto(screen.path.format(link=stage.link(), **stage.names))
        assert answer is not None
        assert answer.status < 500
        if screen.do is not None:
            screen.do(page)
        page.wait_for_load_state()
        return findings(page)
    except (AssertionError, Error) as problem:
        return Findings([f"This screen could not be reached: {problem}"])


@pytest.mark.soak
@pytest.mark.parametrize("width", list(WIDTHS))
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_shuts_anybody_out(
    stage: Stage,
    open_as: Callable[..., Page],
    complaints: Complaints,
    request: pytest.FixtureRequest,
    scheme: str,
    width: int,
) -> None:
    looks = (scheme, width) in ALWAYS or request.config.getoption("--full")
    complaints.expect("status of 4[0-9][0-9]")
    pages: dict[str, Page] = {}
    broken: list[str] = []
    advice: list[str] = []
    for name, screens in PAGES.items():
        for state, screen in screens.items() if looks else list(screens.items())[:1]:
            if screen.who not in pages:
                pages[screen.who] = open_as(screen.who, scheme, width)
            page = pages[screen.who]
            found = look(page, screen, stage)
            broken += [f"{name}, {state}: {each}" for each in found.broken]
            advice += [f"{name}, {state}: {each}" for each in found.advice]
    print("Best practice that is not followed:", *advice, sep="\n")
    assert not broken, "\n".join(broken)


SMALL_TARGETS = """
    for (const word of ["a", "b"]) {
        const one = document.createElement("button");
        one.textContent = word;
        Object.assign(one.style, { width: "12px", height: "12px", padding: "0", "min-block-size": "0" });
        document.querySelector("main").append(one);
    }
"""
FAULTS = {
    "a field without a label": ("document.querySelector('label').remove()", "label"),
    "words that can hardly be read": (
        "document.querySelector('h1').style.color = 'rgb(200, 200, 200)'",
        "color-contrast",
    ),
    "a button without a name": (
        "{ const lone = document.createElement('button'); document.querySelector('main').append(lone); }",
        "button-name",
    ),
    "a target that is too small": (
        SMALL_TARGETS,
        "target-size",
    ),
    "a heading that leaves a level out": (
        "{ const late = document.createElement('h4'); late.textContent = 'Late'; document.querySelector('main').append(late); }",
        "a heading of level 4",
    ),
    "a page that scrolls sideways": ("document.querySelector('h1').style.width = '3000px'", "scrolls sideways"),
    "a focus that cannot be seen": (
        "for (const each of document.querySelectorAll('button')) each.style.setProperty('outline', 'none', 'important')",
        "no focus to be seen",
    ),
    "two main parts": ("document.body.append(document.createElement('main'))", "2 of main"),
}


@pytest.mark.parametrize("fault", list(FAULTS))
def test_a_page_with_a_fault_is_caught(page: Page, fault: str) -> None:
    """The positive control."""
    script, expected = FAULTS[fault]
    page.goto("/sign-in")
    assert violations(page) == []
    page.evaluate(script)
    assert any(found.startswith(expected) for found in violations(page)), violations(page)


# What a screen reader is told of the annotate page


@pytest.fixture
def annotate(app: Flask, page: Page) -> Reader:
    desk = Desk(app)
    article_id = desk.article(title="A truce")
    desk.mark("ada", article_id, "complete ceasefire")
    return Reader(app, page, "ada@example.org").open(article_id)


def nameless(page: Page) -> list[str]:
    return [node.role for node in tree(page) if node.role in CONTROLS and not node.name.strip()]


def test_every_control_of_the_annotate_page_has_a_name(annotate: Reader) -> None:
    assert nameless(annotate.page) == []
    annotate.click_on("complete ceasefire")
    expect(annotate.selected.locator(".claim-form")).to_be_visible()
    annotate.page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    assert nameless(annotate.page) == []
    annotate.press("Escape").press("Escape").press("?")
    expect(annotate.page.locator("#keys")).to_be_visible()
    assert nameless(annotate.page) == []


def test_a_control_without_a_name_is_caught(annotate: Reader) -> None:
    """The positive control."""
    annotate.page.evaluate("document.getElementById('undo').removeAttribute('aria-label')")
    annotate.page.evaluate("document.getElementById('undo').removeAttribute('title')")
    assert nameless(annotate.page) == ["button"]


def test_the_annotate_page_is_heard_in_a_sensible_order(annotate: Reader) -> None:
    nodes = tree(annotate.page)
    landmarks = [
        (node.role, node.name) for node in nodes if node.role in {"banner", "main", "complementary", "article"}
    ]
    assert landmarks == [
        ("banner", ""),
        ("main", ""),
        ("article", "Article"),
        ("complementary", "Claims and guideline"),
    ]
    headings = [(node.properties["level"], node.name) for node in nodes if node.role == "heading"]
    assert headings[:2] == [(1, "A truce"), (2, "A truce")]
    toolbar = [node.name for node in nodes if node.role == "toolbar"]
    assert "Labels" in toolbar
    labels = [node.name for node in nodes if node.role == "button" and node.properties.get("pressed") is not None]
    assert [name.split()[0] for name in labels[:3]] == ["Sourced", "Disputed", "Unverified"]
    tabs = {node.name.split()[0]: node.properties.get("selected") for node in nodes if node.role == "tab"}
    assert tabs == {"Claims": True, "Guideline": False}


def test_what_is_saved_is_said_in_a_live_region(annotate: Reader) -> None:
    annotate.drag("three towns").press("3").saved()
    expect(annotate.page.get_by_role("status").filter(has_text="Saved")).to_be_visible()
    (said,) = [node for node in tree(annotate.page) if node.role == "status" and node.properties.get("live")][:1]
    assert said.properties["live"] == "polite"
    assert said.properties["atomic"] is True


def test_how_far_one_has_read_is_a_named_progress_bar_and_no_announcement(annotate: Reader) -> None:
    (bar,) = [node for node in tree(annotate.page) if node.role == "progressbar"]
    assert bar.name == "Part of the article that you have read"
    assert bar.properties.get("live") in {None, "off"}

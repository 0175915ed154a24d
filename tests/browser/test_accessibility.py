"""No violation of WCAG 2.2 A and AA that a program can find, on any page, in its states, in light and dark, wide and narrow.

`make soak` opens every state of every page in both schemes and both widths. `make test` opens one state of each page
in one look, another state and look from page to page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Literal, NamedTuple

import pytest
from flask import Flask
from playwright.sync_api import Error, Page, expect

from annotator import create_app
from tests.support.accessibility import Findings, findings, tree, violations
from tests.support.complaints import Complaints
from tests.support.desk import Desk
from tests.support.eventually import eventually
from tests.support.reader import Reader
from tests.support.screens import NOT_PAGES, PAGES, Screen, Stage


class Look(NamedTuple):
    """A scheme of colours and a width of the window."""

    scheme: Literal["light", "dark"]
    width: int


HEIGHTS = {1280: 900, 320: 640}
LOOKS = (Look("light", 1280), Look("light", 320), Look("dark", 1280), Look("dark", 320))
PARTS = 4
"""The walk is several tests, which the workers of a run share out."""

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
def be(stage: Stage, server: str, page: Page) -> Callable[[str], Page]:
    """The one page of the walk, as somebody: what they fetched, the next one has."""
    page.emulate_media(reduced_motion="reduce")

    def change(who: str) -> Page:
        # Whoever was here leaves first: what a page sends when it is left is sent in their name.
        page.goto("about:blank")
        page.context.clear_cookies()
        if who:
            page.context.add_cookies([{"name": "annotator_session", "value": stage.cookies[who], "url": server}])
        return page

    return change


def turn(page: Page, look: Look) -> None:
    page.emulate_media(color_scheme=look.scheme)
    page.set_viewport_size({"width": look.width, "height": HEIGHTS[look.width]})


def looked_at(
    be: Callable[[str], Page], screen: Screen, stage: Stage, looks: Iterable[Look]
) -> Iterator[tuple[Look, Findings]]:
    """What is wrong with a screen, opened in the first look and turned to the others; that it cannot be reached, too."""
    first, *others = looks
    page = be(screen.who)
    turn(page, first)
    try:
        answer = page.goto(screen.path.format(link=stage.link(), **stage.names))
        assert answer is not None
        assert answer.status < 500
        if screen.do is not None:
            screen.do(page)
        page.wait_for_load_state()
        if screen.who:
            assert not page.url.endswith("/sign-in"), "Whoever should see it was signed out."
        yield first, findings(page)
        for look in others:
            turn(page, look)
            yield look, findings(page)
    except (AssertionError, Error) as problem:
        yield first, Findings([f"This screen could not be reached: {problem}"])


def openings(number: int, states: int, *, full: bool) -> Iterator[tuple[int, tuple[Look, ...]]]:
    """What the walk opens of the nth page: the index of the state, and the looks that it has while it is open."""
    if full:
        yield from ((state, (look,)) for state in range(states) for look in LOOKS)
    else:
        yield number % states, (LOOKS[number // states % len(LOOKS)],)


def test_the_short_walk_sees_every_page_once_in_all_looks_by_turns_and_the_long_one_everything() -> None:
    every = {(state, look) for state in range(3) for look in LOOKS}
    for number in range(12):
        ((_, looks),) = openings(number, 3, full=False)
        assert len(looks) == 1
        assert {(state, look) for state, looks in openings(number, 3, full=True) for look in looks} == every
    short = {
        (state, look) for number in range(12) for state, looks in openings(number, 3, full=False) for look in looks
    }
    assert short == every


@pytest.mark.soak
@pytest.mark.parametrize("part", range(PARTS))
def test_no_page_shuts_anybody_out(
    stage: Stage,
    be: Callable[[str], Page],
    complaints: Complaints,
    request: pytest.FixtureRequest,
    part: int,
) -> None:
    full = request.config.getoption("--full")
    complaints.expect("status of 4[0-9][0-9]")
    broken: list[str] = []
    advice: list[str] = []
    for number, (name, screens) in enumerate(PAGES.items()):
        if number % PARTS != part:
            continue
        states = list(screens.items())
        for index, looks in openings(number, len(states), full=full):
            state, screen = states[index]
            for look, found in looked_at(be, screen, stage, looks):
                where = f"{name}, {state}, {look.scheme}, {look.width} pixels"
                broken += [f"{where}: {each}" for each in found.broken]
                advice += [f"{where}: {each}" for each in found.advice]
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
    eventually(annotate.page, lambda: nameless(annotate.page), ["button"])


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

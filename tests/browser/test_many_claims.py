"""What one key costs the browser in an article with many claims: no more than in one with few, by count and not by time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from playwright.sync_api import Page, expect

from annotator.domain.claims import Claim
from annotator.services import annotations as claims_service
from tests.support.desk import Desk
from tests.support.eventually import eventually
from tests.support.reader import Reader

PARAGRAPHS, CLAIMS = 60, 300
SENTENCE = "The ministry counted seven trucks at the border. "
WORDS = "seven trucks"
MOST = CLAIMS // 2
"""Of elements looked at anew, or of things gone through, for one key; less than half of the claims for certain."""

# Notes, from a key until the frame that follows it, which searches went through the whole page, and which maps and sets
# as large as the list of claims were walked through.
RECORD = """([most]) => {
    const heard = { on: false, searches: [], walks: 0 };
    window.heard = heard;
    for (const name of ["querySelector", "querySelectorAll"]) {
        const search = Document.prototype[name];
        Document.prototype[name] = function (selector) {
            if (heard.on) heard.searches.push(selector);
            return search.call(this, selector);
        };
    }
    for (const kind of [Map, Set]) {
        for (const name of ["entries", "keys", "values", "forEach", Symbol.iterator]) {
            const walk = kind.prototype[name];
            kind.prototype[name] = function (...given) {
                if (heard.on && this.size > most) heard.walks += 1;
                return walk.apply(this, given);
            };
        }
    }
    addEventListener("keydown", () => {
        Object.assign(heard, { on: true, ended: false, searches: [], walks: 0 });
        requestAnimationFrame(() => setTimeout(() => Object.assign(heard, { on: false, ended: true })));
    }, { capture: true });
}"""

# As a rule of a style sheet and a line of a script that nobody would notice in a short article.
FAULTS = {
    "a rule about all marks": """() => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(".workbench:has(.claims > .is-selected) :is(.mark, .claim) { outline-color: red; }");
        document.adoptedStyleSheets = [sheet];
    }""",
    "a search": """() => addEventListener("keydown", () => document.querySelector("dialog[open]"))""",
    "a walk": """() => {
        const ids = new Map([...document.querySelectorAll(".claim")].map(({ id }) => [id, 0]));
        addEventListener("keydown", () => [...ids]);
    }""",
}


def marked(desk: Desk) -> str:
    """An article with many claims of Ada's; its id."""
    text = "\n\n".join(f"Day {number}. {SENTENCE * 5}".strip() for number in range(PARAGRAPHS))
    article_id = desk.article(text)
    starts = [at for at in range(len(text)) if text.startswith(WORDS, at)]

    def save_all() -> None:
        ada = desk.user("ada")
        for start in starts:
            claim = Claim(start, start + len(WORDS), WORDS, "sourced")
            claims_service.put(ada, article_id, uuid4(), claim, if_version=None)

    assert len(starts) == CLAIMS
    desk.write(save_all)
    return article_id


def traced(page: Page, act: Callable[[], None]) -> list[dict[str, Any]]:
    """What the browser tells of its own work while `act` runs."""
    told: list[dict[str, Any]] = []
    ended: list[object] = []

    def end(how: object) -> None:
        ended.append(how)

    browser = page.context.new_cdp_session(page)
    browser.on("Tracing.dataCollected", lambda part: told.extend(part["value"]))
    browser.on("Tracing.tracingComplete", end)
    browser.send("Tracing.start", {"traceConfig": {"includedCategories": ["devtools.timeline"]}})
    act()
    browser.send("Tracing.end")
    eventually(page, lambda: len(ended), 1)
    browser.detach()
    return told


def cost(page: Page, key: str) -> tuple[int, list[str], int]:
    """Of one key: the elements whose style was looked at anew until it showed, the searches of the page, the walks."""

    def press() -> None:
        page.keyboard.press(key)
        eventually(page, lambda: page.evaluate("window.heard.ended"), True)

    told = traced(page, press)
    pressed = next(e for e in told if e["name"] == "EventDispatch" and e["args"]["data"]["type"] == "keydown")
    of_page = sorted(
        (e for e in told if (e["pid"], e["tid"]) == (pressed["pid"], pressed["tid"]) and e["ts"] >= pressed["ts"]),
        key=lambda e: e["ts"],
    )
    painted = next(e["ts"] for e in of_page if e["name"] == "PrePaint")
    styled = [e["args"]["elementCount"] for e in of_page if e["name"] == "UpdateLayoutTree" and e["ts"] < painted]
    heard = page.evaluate("window.heard")
    return sum(styled), heard["searches"], heard["walks"]


def test_a_key_costs_the_same_however_many_claims_there_are(desk: Desk, ada: Reader) -> None:
    ada.open(marked(desk))
    page = ada.page
    expect(page.locator(".claims > .claim")).to_have_count(CLAIMS)
    page.evaluate(RECORD, [MOST])
    for number, keys in ((20, ("1",)), (40, ("Escape", "n", "p", "ArrowRight", "Shift+ArrowRight"))):
        ada.select(f"Day {number}")
        for key in keys:
            styled, searches, walks = cost(page, key)
            assert (styled < MOST, searches, walks) == (True, [], 0), f"{key}, {styled} elements"
        ada.saved()
    for number, (fault, plant) in enumerate(FAULTS.items()):
        ada.press("Escape").press("Escape")
        page.evaluate(plant)
        styled, searches, walks = cost(page, "n")
        assert (styled >= MOST, len(searches) > 0, walks > 0)[number], f"{fault} is not noticed"

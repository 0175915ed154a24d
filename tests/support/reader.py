"""A person in front of the annotate page: is signed in, selects words as a reader would, and reads what it says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from playwright.sync_api import Locator, Page, Route, expect

from annotator.db import transaction
from annotator.services import people, sign_in
from tests.support.eventually import eventually
from tests.support.people import session_of

# The range of the nth occurrence of words; text nodes are joined, so marks inside do not matter.
FIND = """(words, nth) => {
    const walker = document.createTreeWalker(document.getElementById("text"), NodeFilter.SHOW_TEXT);
    const nodes = [];
    let all = "";
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        nodes.push([node, all.length]);
        all += node.nodeValue;
    }
    let at = -1;
    for (let count = 0; count < nth; count += 1) at = all.indexOf(words, at + 1);
    if (at < 0) throw new Error(`the page does not say ${words}`);
    const place = (offset, closing) => {
        const found = nodes.findLast(([, from]) => (closing ? from < offset : from <= offset));
        return [found[0], offset - found[1]];
    };
    const range = document.createRange();
    range.setStart(...place(at, false));
    range.setEnd(...place(at + words.length, true));
    range.startContainer.parentElement.scrollIntoView({ block: "center" });
    return range;
}"""

# Where the words begin and end on the screen, as soon as they stay there from one frame to the next.
PLACES = f"""async ([words, nth]) => {{
    const measure = () => {{
        const boxes = [...({FIND})(words, nth).getClientRects()].filter((box) => box.width > 0);
        const [first, last] = [boxes[0], boxes.at(-1)];
        return {{
            from: [first.left + 1, first.top + first.height / 2],
            to: [last.right - 0.5, last.top + last.height / 2],
        }};
    }};
    for (let places = measure(), before = ""; ; places = measure()) {{
        if (before === JSON.stringify(places)) return places;
        before = JSON.stringify(places);
        await new Promise((next) => requestAnimationFrame(next));
    }}
}}"""

# The selection that a keyboard, a touch or another writing direction would make.
SELECT = f"""([words, nth]) => {{
    const range = ({FIND})(words, nth);
    document.getSelection().setBaseAndExtent(
        range.startContainer, range.startOffset, range.endContainer, range.endOffset,
    );
}}"""

HIGHLIGHTED = """(name) => [...(CSS.highlights.get(name) ?? [])].map((range) => {
    const live = document.createRange();
    live.setStart(range.startContainer, range.startOffset);
    live.setEnd(range.endContainer, range.endOffset);
    return live.toString();
})"""


def places_of(page: Page, words: str, *, nth: int = 1) -> dict[str, list[float]]:
    """Where words begin and end on the screen."""
    found: dict[str, list[float]] = page.evaluate(PLACES, [words, nth])
    return found


def expect_highlighted(page: Page, name: str, words: list[str]) -> None:
    """What the page draws with a highlight of its own; it is drawn a frame after the browser told of the reason."""
    eventually(page, lambda: page.evaluate(HIGHLIGHTED, name), words)


def at_work(page: Page) -> None:
    """Wait until the script of an annotate page hears every key and has back what waited before the page was loaded."""
    page.wait_for_load_state()
    expect(page.locator("#labelbar")).to_be_visible()
    expect(page.locator("#saved[aria-busy]")).to_have_count(0)


def let_in(page: Page, app: Flask, email: str) -> None:
    """Sign somebody in at the window of a browser, without the pages of signing in, which have tests of their own."""
    name, secret = session_of(app, email)
    page.context.add_cookies([{"name": name, "value": secret, "domain": "127.0.0.1", "path": "/", "httpOnly": True}])


def use_link(page: Page, app: Flask, email: str) -> None:
    """Sign in by a one-time link, as a person does."""
    with app.app_context(), transaction():
        token = sign_in.make_link(people.by_email(email))
    page.goto(f"/sign-in/{token}")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")


PROBE = "/sign-in?probe"


def intercept(page: Page, addresses: str, answer: Callable[[Route], object], **settings: Any) -> None:
    """Answer the requests of a page that is open; the browser tells the page's process of it in its own time."""
    page.route(addresses, answer, **settings)
    page.route(f"**{PROBE}", lambda route: route.fulfill(status=204))
    eventually(page, lambda: page.evaluate("(probe) => fetch(probe).then(({ status }) => status)", PROBE), 204)
    page.unroute(f"**{PROBE}")


def go_offline(page: Page) -> None:
    """Take the connection away; the browser's part that has it is told in its own time, too."""
    page.context.set_offline(True)
    eventually(page, lambda: page.evaluate("(probe) => fetch(probe).then(() => true, () => false)", PROBE), False)


def go_online(page: Page) -> None:
    """Give the connection back; whoever tries once only must not try before the browser has it."""
    page.context.set_offline(False)
    eventually(page, lambda: page.evaluate("(probe) => fetch(probe).then(() => true, () => false)", PROBE), True)


class Reader:
    """One page with one person."""

    def __init__(self, app: Flask, page: Page, email: str, *, by_link: bool = False) -> None:
        self.page = page
        if by_link:
            use_link(page, app, email)
        else:
            let_in(page, app, email)

    def open(self, article_id: str) -> Reader:
        """The annotate page, with its script at work."""
        self.page.goto(f"/articles/{article_id}")
        at_work(self.page)
        return self

    def reload(self) -> Reader:
        """Load the page again; what waited is back."""
        self.page.reload()
        at_work(self.page)
        return self

    def drag(self, words: str, *, nth: int = 1) -> Reader:
        """Select with the mouse, from the first letter to the last."""
        places = places_of(self.page, words, nth=nth)
        mouse = self.page.mouse
        mouse.move(*places["from"])
        mouse.down()
        mouse.move(*places["to"], steps=6)
        mouse.up()
        return self

    def select(self, words: str, *, nth: int = 1) -> Reader:
        """Select without the mouse."""
        self.page.evaluate(SELECT, [words, nth])
        return self

    def select_points(self, start: int, end: int) -> Reader:
        """Select code points of a text that is one block without marks, cut however it comes."""
        self.page.evaluate(
            """([start, end]) => {
                const node = document.querySelector("#text [data-start]").firstChild;
                const units = (points) => [...node.nodeValue].slice(0, points).join("").length;
                document.getSelection().setBaseAndExtent(node, units(start), node, units(end));
            }""",
            [start, end],
        )
        return self

    def press(self, key: str) -> Reader:
        self.page.keyboard.press(key)
        return self

    def click_on(self, words: str, *, nth: int = 1) -> Reader:
        """Click into the middle of words."""
        places = places_of(self.page, words, nth=nth)
        x = (places["from"][0] + places["to"][0]) / 2
        self.page.mouse.click(x, places["from"][1])
        return self

    def saved(self) -> Reader:
        """Wait until the bar says that everything is on disk, and the page shows it."""
        expect(self.page.locator("#saved[aria-busy]")).to_have_count(0)
        expect(self.page.locator("#saved")).to_have_attribute("data-state", "saved")
        expect(self.page.locator("#text[aria-busy]")).to_have_count(0)
        expect(self.page.locator(".claim[data-version='0']")).to_have_count(0)
        return self

    @property
    def words_of_state(self) -> Locator:
        return self.page.locator("#saved-words")

    @property
    def cards(self) -> Locator:
        return self.page.locator("#claims > .claim")

    @property
    def selected(self) -> Locator:
        return self.page.locator("#claims > .claim.is-selected")

    def field(self, label: str) -> Locator:
        """A field of the selected claim's form."""
        return self.selected.get_by_label(label, exact=True)

    def marks(self) -> list[str]:
        """The words of each mark as the page draws them, pieces of one claim joined."""
        found: Any = self.page.evaluate(
            """() => {
                const texts = new Map();
                for (const mark of document.querySelectorAll("#text .mark")) {
                    const id = mark.dataset.annotation;
                    texts.set(id, (texts.get(id) ?? "") + mark.textContent);
                }
                return [...texts.values()];
            }"""
        )
        return list(found)

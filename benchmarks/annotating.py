"""The annotate page in a real Chromium: how soon an article can be read and marked, and what a save costs.

Every figure is a median. Browser times begin at the navigation (or at the key event) and end when a later frame shows
that the one in question was painted. Articles are opened one after the other in one tab, as a reviewer goes from one
to the next; static files are in the browser's cache, as they are from the second article on.

Before each of them the same words are opened in bare paragraphs, without a style sheet or script. What that takes is
the floor: it tells how fast the machine is at this hour, and so makes runs of different machines comparable. It is
opened twice, since the first time pays for taking down the article before it.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from html import escape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from threading import Thread

from playwright.sync_api import Page, sync_playwright

from benchmarks.long_articles import CLAIMS, ROUNDS, WORDS, Case, Client, prepare
from benchmarks.measuring import markdown
from tests.support import chromium
from tests.support.installation import Installation
from tests.support.servers import serving

PATIENCE = 60
BROWSER = ("readable", "complete", "listed", "seen", "drawn")
FLOOR = ("readable", "complete")
REACH = (("readable", "readable", 500), ("complete", "complete", 1_000), ("key to wash", "seen", 100))
"""Milliseconds to reach with the most words and claims, on the machine that docs/development.md gives figures of."""

# Runs before the page's own scripts. A frame is on the screen when the callback of the next one begins.
WATCH = """
window.bench = { readable: null, complete: null, listed: null };
let read = false;
const painted = (name) => requestAnimationFrame(() => { window.bench[name] = performance.now(); });
const watch = () => {
    const block = document.getElementById("text")?.children[9];
    if (!read && block?.getClientRects().length > 0) {
        read = true;
        painted("readable");
    }
    const bar = document.getElementById("labelbar");
    if (bar && !bar.hidden && document.readyState !== "loading") {
        painted("complete");
        list();
    } else {
        requestAnimationFrame(watch);
    }
};
const list = () => {
    if (document.querySelectorAll(".claims > .claim").length >= Number(document.getElementById("count").textContent)) {
        painted("listed");
    } else {
        setTimeout(list, 20);
    }
};
requestAnimationFrame(watch);
"""

# How many claims the text shows: those with a mark, and those in a block where some share the line of the deeper ones.
MARKED = """() => {
    const claims = JSON.parse(document.getElementById("claims-told").text);
    const marked = new Set([...document.querySelectorAll("#text .mark")].map((mark) => mark.dataset.annotation));
    const crowded = [...document.querySelectorAll("#text > .block:has(.more)")].map(({ dataset }) => dataset);
    const shared = ({ start, end }) => crowded.some((block) => start < block.end && block.start < end);
    return claims.filter((claim) => marked.has(claim.id) || shared(claim)).length;
}"""

# Selects words of the nth block and notes when the next key press shows on the screen: first as the wash that the
# page draws itself (`seen`), then as the mark that the server drew (`drawn`). The first is the browser's own figure
# (Event Timing: from the key until the next frame is presented, in steps of 8 ms); that frame has to show the claim.
PREPARE = """(nth) => {
    const blocks = document.querySelectorAll("#text > .block");
    const block = blocks[Math.floor(blocks.length * nth)];
    block.scrollIntoView({ block: "center" });
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    const nodes = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) nodes.push(node);
    const last = nodes[Math.min(nodes.length - 1, 3)];
    document.getSelection().setBaseAndExtent(nodes[0], 0, last, Math.min(last.nodeValue.length, 30));
    const bench = Object.assign(window.bench, { seen: null, drawn: null, washed: false });
    addEventListener("keydown", ({ timeStamp }) => {
        new PerformanceObserver((list, observer) => {
            for (const entry of list.getEntriesByName("keydown")) {
                bench.seen = entry.duration;
                observer.disconnect();
            }
        }).observe({ type: "event", durationThreshold: 16 });
        // A task that follows the first frame sees what it showed.
        requestAnimationFrame(() => setTimeout(() => {
            const names = [...CSS.highlights.keys()].filter((name) => name.startsWith("fresh-tone-"));
            bench.washed = names.some((name) => CSS.highlights.get(name).size > 0);
        }));
        const watch = () => {
            const card = document.querySelector(".claims > .claim.is-selected");
            if (card && document.querySelector(`#text [data-annotation="${card.dataset.id}"]`)) {
                requestAnimationFrame(() => { bench.drawn = performance.now() - timeStamp; });
            } else {
                requestAnimationFrame(watch);
            }
        };
        requestAnimationFrame(watch);
    }, { once: true, capture: true });
}"""


def run() -> str:
    """The table: 5,000 and 50,000 words by 0, 100, 1,000 and 5,000 claims."""
    with tempfile.TemporaryDirectory() as folder:
        installation = Installation(Path(sys.executable).with_name("annotator"), Path(folder) / "instance")
        installation.run("init")
        cases, session = prepare(installation.instance)
        with serving(installation, 1) as (address,), _bare(cases, Path(folder) / "bare") as bare:
            client = Client(address, session)
            with _browser(address, session) as page:
                # Each round meets all cases, so that a noisy minute spoils one round and not one case.
                for number in range(ROUNDS + 1):
                    for case in cases:
                        floor = _floor(page, bare[case.article])
                        measured = _opened(page, case, number)
                        served = client.measured(case)
                        if number:
                            case.note({**floor, **measured, **served})
    return _table(cases)


@contextmanager
def _browser(address: str, session: str) -> Iterator[Page]:
    executable = chromium.executable()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            args=list(chromium.ARGUMENTS), executable_path=str(executable) if executable else None
        )
        context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 800})
        context.add_cookies([{"name": "annotator_session", "value": session, "url": address}])
        context.add_init_script(WATCH)
        yield context.new_page()
        browser.close()


@contextmanager
def _bare(cases: list[Case], folder: Path) -> Iterator[dict[str, str]]:
    """The addresses of pages with nothing but the words of each case, and with what WATCH looks for, by the article.

    They are of the same host, for which Chromium keeps its process.
    """
    folder.mkdir()
    for case in cases:
        words = "\n".join(f"<p>{escape(each)}</p>" for each in case.text.split("\n\n"))
        page = f'<div id="text">{words}</div><output id="count">0</output><div id="labelbar"></div>'
        head = (
            '<!doctype html><html lang="en"><meta charset="utf-8"><title>Words</title><link rel="icon" href="data:,">'
        )
        (folder / f"{case.article}.html").write_text(head + page, encoding="utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield {case.article: f"http://127.0.0.1:{server.server_port}/{case.article}.html" for case in cases}
        server.shutdown()


class _Quiet(SimpleHTTPRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing of what was answered."""


def _floor(page: Page, address: str) -> dict[str, list[float]]:
    for _ in range(2):
        page.goto(address, wait_until="commit")
        until(page, "window.bench?.complete != null")
    times = page.evaluate("window.bench")
    return {f"bare_{name}": [times[name]] for name in FLOOR}


def _opened(page: Page, case: Case, number: int) -> dict[str, list[float]]:
    """Open the article, check that everything is there, and mark one claim with a key."""
    page.goto(f"/articles/{case.article}", wait_until="commit")
    until(page, "window.bench?.complete != null")
    shown = page.evaluate(MARKED)
    until(page, "window.bench.listed != null")
    cards = page.locator(".claims > .claim").count()
    if not shown == cards == case.claims:
        raise RuntimeError(f"{shown} marks and {cards} cards of {case.claims} claims")
    times = page.evaluate("window.bench")
    page.wait_for_timeout(300)
    page.evaluate(PREPARE, (number + 0.5) / (ROUNDS + 2))
    page.wait_for_timeout(300)
    page.keyboard.press("1")
    until(page, "window.bench.seen != null && window.bench.drawn != null")
    times |= page.evaluate("window.bench")
    if not times["washed"]:
        raise RuntimeError("The first frame after the key does not show the claim")
    page.keyboard.press("Delete")
    until(page, "document.getElementById('saved').dataset.state === 'saved'")
    return {name: [times[name]] for name in BROWSER}


def until(page: Page, condition: str) -> None:
    """Ask now and then; Playwright's own way asks in every frame and by eval(), which the page's policy forbids."""
    deadline = time.monotonic() + PATIENCE
    while not page.evaluate(condition):
        if time.monotonic() > deadline:
            raise RuntimeError(f"After {PATIENCE} seconds this was not so: {condition}")
        time.sleep(0.05)


def _table(cases: list[Case]) -> str:
    rows = [[f"{case.words:,}", f"{case.claims:,}", *(cell(case) for _, cell in COLUMNS)] for case in cases]
    lines = [markdown(["words", "claims", *(name for name, _ in COLUMNS)], rows, words=0), ""]
    for words in WORDS:
        least, most = (
            next(_save(case) for case in cases if (case.words, case.claims) == (words, claims))
            for claims in (CLAIMS[0], CLAIMS[-1])
        )
        lines.append(f"A save in {words:,} words: {most / least:.2f} times the server time with {CLAIMS[-1]:,} claims.")
    largest = cases[-1].noted
    reached = ", ".join(
        f"{words} in {median(largest[name]):,.0f} ms ({'within' if median(largest[name]) <= most else 'over'} {most:,})"
        for words, name, most in REACH
    )
    floors = ", ".join(f"{name} {median(largest[name]) / median(largest[f'bare_{name}']):.2f}" for name in FLOOR)
    lines.append(f"The largest: {reached}. Times the floor: {floors}.")
    return "\n".join(lines)


def _save(case: Case) -> float:
    """The server time of a save: the PUT and the fragment that draws it."""
    return median(case.noted["put"]) + median(case.noted["fragment"])


def _milliseconds(name: str, digits: int = 0) -> Callable[[Case], str]:
    return lambda case: f"{median(case.noted[name]):.{digits}f}"


def _kilobytes(name: str) -> Callable[[Case], str]:
    return lambda case: f"{median(case.noted[name]) / 1000:,.1f}"


COLUMNS = (
    ("bare ms", _milliseconds("bare_complete")),
    ("readable ms", _milliseconds("readable")),
    ("complete ms", _milliseconds("complete")),
    ("all cards ms", _milliseconds("listed")),
    ("key to wash ms", _milliseconds("seen")),
    ("key to mark ms", _milliseconds("drawn")),
    ("page ms", _milliseconds("page")),
    ("page kB", _kilobytes("page_bytes")),
    ("zipped kB", _kilobytes("page_packed")),
    ("PUT ms", _milliseconds("put", 1)),
    ("fragment ms", _milliseconds("fragment", 1)),
    ("save kB", _kilobytes("save_bytes")),
)

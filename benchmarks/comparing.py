"""The compare page in a real Chromium: two articles of 5,000 words with 500 claims each, and 100 links between them.

Times begin at the navigation, or at the key event, and end when a later frame shows that the one in question was
painted. The pair is opened from another page of the same tab, and static files are in the browser's cache, as they
are from the second pair on. Every figure is a median.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from uuid import UUID

from playwright.sync_api import Page, sync_playwright
from sqlalchemy import select

from annotator import create_app
from annotator.db import db
from annotator.domain.claims import Relation
from annotator.models import Annotation, Assignment
from annotator.services import links, sign_in
from benchmarks.annotating import until
from benchmarks.long_articles import Case, store
from benchmarks.measuring import markdown
from benchmarks.workload import article
from tests.support import chromium
from tests.support.desk import Desk
from tests.support.installation import Installation
from tests.support.servers import serving

WORDS, CLAIMS, LINKS = 5_000, 500, 100
ROUNDS = 9
BOUND = 500

# A frame is on the screen when the callback of the next one begins.
WATCH = """
window.bench = { readable: null, ready: null };
const painted = (name) => requestAnimationFrame(() => { window.bench[name] = performance.now(); });
let read = false;
const watch = () => {
    const block = document.getElementById("right-text")?.children[9];
    if (!read && block?.getClientRects().length > 0) {
        read = true;
        painted("readable");
    }
    if (document.getElementById("show-keys")?.hidden === false) {
        painted("ready");
    } else {
        requestAnimationFrame(watch);
    }
};
requestAnimationFrame(watch);
"""

# From the key that picks a claim until it is beside the text, and until what the server knows of the pair is there.
PICKED = """() => {
    Object.assign(window.bench, { picked: null, known: null });
    addEventListener("keydown", ({ timeStamp }) => {
        const painted = (name) => requestAnimationFrame(() => { window.bench[name] = performance.now() - timeStamp; });
        const shows = (selector) => document.querySelector(`#picks [data-side=left]${selector} .pick-quote`);
        let shown = false;
        const watch = () => {
            if (!shown && shows("")) {
                shown = true;
                painted("picked");
            }
            if (shows("[data-claim]")) {
                painted("known");
            } else {
                requestAnimationFrame(watch);
            }
        };
        requestAnimationFrame(watch);
    }, { once: true, capture: true });
}"""


def run() -> str:
    """The table; it says whether the page is ready within half a second."""
    with tempfile.TemporaryDirectory() as folder:
        installation = Installation(Path(sys.executable).with_name("annotator"), Path(folder) / "instance")
        installation.run("init")
        path, session = _prepare(installation.instance)
        noted: dict[str, list[float]] = {}
        with serving(installation, 1) as (address,), sync_playwright() as playwright:
            executable = chromium.executable()
            browser = playwright.chromium.launch(
                args=list(chromium.ARGUMENTS), executable_path=str(executable) if executable else None
            )
            context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 800})
            context.add_cookies([{"name": "annotator_session", "value": session, "url": address}])
            context.add_init_script(WATCH)
            page = context.new_page()
            for number in range(ROUNDS + 1):
                measured = _opened(page, path)
                if number:
                    for name, value in measured.items():
                        noted.setdefault(name, []).append(value)
            browser.close()
    ready = median(noted["ready"])
    head = ["words", "claims", "links", "page ms", "readable ms", "ready ms", "pick ms", "known ms", "page kB"]
    row = [f"2 × {WORDS:,}", f"2 × {CLAIMS}", f"{LINKS}"]
    row += [f"{median(noted[name]):,.0f}" for name in ("page", "readable", "ready", "picked", "known", "size")]
    within = "within" if ready <= BOUND else "NOT within"
    return f"{markdown(head, [row], words=0)}\n\nReady in {ready:.0f} ms: {within} the bound of {BOUND} ms."


def _prepare(instance: Path) -> tuple[str, str]:
    """Two articles with their claims and links in a new installation; the address and a session of their reviewer."""
    app = create_app({"instance": instance})
    desk = Desk(app)
    texts = [article(WORDS, seed=seed) for seed in (1, 2)]
    cases = [Case(WORDS, CLAIMS, desk.article(text), text) for text in texts]
    for case in cases:
        store(desk, case)
    with app.app_context():
        left, right = (_claims(case.article) for case in cases)

    def link_all() -> None:
        for a, b in zip(left[::5], right[::5], strict=True):
            links.create(desk.user("ada"), desk.slug, links.Proposal(a, b, Relation.QUALIFIES))

    desk.write(link_all)
    session = desk.write(lambda: sign_in.begin(desk.user("ada"), how="link", hours=24))
    with app.app_context():
        db.engine.dispose()
    return f"/projects/{desk.slug}/compare?left={cases[0].article}&right={cases[1].article}", session


def _claims(article_id: str) -> list[UUID]:
    query = select(Annotation.id).join(Assignment, Assignment.id == Annotation.assignment_id)
    return list(db.session.scalars(query.where(Assignment.article_id == article_id).order_by(Annotation.start)))


def _opened(page: Page, path: str) -> dict[str, float]:
    """Open the pair, check that everything is there, and pick a claim with the keyboard."""
    page.goto("/projects")
    began = time.perf_counter()
    answer = page.context.request.get(path)
    served = (time.perf_counter() - began) * 1000
    page.goto(path, wait_until="commit")
    until(page, "window.bench?.ready != null")
    counted = page.evaluate(
        """() => [
            new Set([...document.querySelectorAll(".mark[data-annotation]")].map((mark) => mark.dataset.annotation)).size,
            document.querySelectorAll(".link-line").length,
        ]"""
    )
    if counted[0] < CLAIMS or counted[1] != LINKS:
        raise RuntimeError(f"{counted[0]} claims with a mark and {counted[1]} links of {LINKS}")
    page.keyboard.press("n")
    page.evaluate(PICKED)
    page.keyboard.press("Enter")
    until(page, "window.bench.known != null")
    times: dict[str, float] = page.evaluate("window.bench")
    return {"page": served, "size": len(answer.body()) / 1000, **times}

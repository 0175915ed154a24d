"""Whatever the page shows as saved is stored, whatever the network does; the rest is shown as waiting, and arrives.

A real `annotator serve` that can be killed, a road with faults before it, a real browser, and scripts out of seeds.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Dialog, Page, Route, expect
from playwright.sync_api import Error as BrowserError
from sqlalchemy import select

from annotator.db import db
from annotator.models import Annotation, Assignment, Label
from annotator.services import annotations as claims
from tests.support.complaints import Complaints
from tests.support.desk import Desk
from tests.support.eventually import eventually
from tests.support.faults import Fault, Road
from tests.support.reader import Reader, at_work
from tests.support.saves import problems_with
from tests.support.scripts import LABELS, TEXT, Act, Model, Stored, Wish, follow, script
from tests.support.servers import Server, installation_on

Seeds = Callable[[int, int], Iterable[int]]
MakeContext = Callable[..., BrowserContext]


# To a claim by its address, also where that is the address already; the page has followed it when this is done.
GO_TO = """async (address) => {
    for (const next of ["", address]) {
        if (location.hash !== next && location.hash !== `#${next}`) {
            const told = new Promise((resolve) => addEventListener("hashchange", resolve, { once: true }));
            location.hash = next;
            await told;
        }
    }
}"""


class Town:
    """The server, the road to it, and what is stored behind them."""

    def __init__(self, app: Flask, desk: Desk, installation: Any) -> None:
        self.app = app
        self.desk = desk
        self.installation = installation
        self.road = Road()
        self.server: Server | None = None
        self.start()

    def start(self) -> None:
        if self.server is None:
            self.server = Server(self.installation)
            self.road.server = self.server.address

    def kill(self) -> None:
        if self.server is not None:
            self.road.server = None
            self.server.kill()
            self.server = None

    def close(self) -> None:
        self.kill()
        self.road.close()

    def stored(self, article_id: str) -> list[Stored]:
        with self.app.app_context():
            rows = db.session.execute(
                select(Annotation.exact, Label.key, Annotation.note)
                .join(Annotation.label)
                .join(Annotation.assignment)
                .where(Assignment.article_id == article_id, Annotation.deleted_at.is_(None))
            )
            return sorted((exact, label, note) for exact, label, note in rows)


class Player:
    """Plays a script at the page and compares, after every act, what the page says with what is stored."""

    def __init__(self, town: Town, reader: Reader, article_id: str) -> None:
        self.town = town
        self.reader = reader
        self.page = reader.page
        self.article_id = article_id
        self.model = Model()
        self.ids: dict[int, str] = {}
        self.problems: list[str] = []

    def play(self, acts: list[Act]) -> list[str]:
        """Every way in which the promise was broken; an empty list is the proof."""
        self.reader.open(self.article_id)
        for number, act in enumerate(acts):
            getattr(self, act.what.replace(" ", "_"))(act)
            follow(self.model, act)
            self.check(f"act {number}, {act.what}")
            if self.problems:
                return self.problems
        self.settle()
        self.check("the end")
        self.compare_page()
        return self.problems + problems_with(self.town.app, self.town.road.acknowledged)

    def check(self, when: str) -> None:
        shown = self.page.locator("#saved").get_attribute("data-state")
        stored = self.town.stored(self.article_id)
        if shown == "saved" and stored != self.model.stored:
            self.problems.append(f"{when}: shown as saved {self.model.stored}, stored {stored}")

    def compare_page(self) -> None:
        """What the list shows at the end, and that no more is kept in the browser."""
        shown = sorted(self.page.locator("#claims > .claim .claim-exact").all_text_contents())
        wanted = sorted(exact for exact, _, _ in self.model.stored)
        if shown != wanted:
            self.problems.append(f"the list shows {shown}, wanted {wanted}")
        waiting = self.page.evaluate("Object.keys(localStorage).filter((key) => key.includes('waiting'))")
        if waiting:
            self.problems.append(f"kept in the browser after everything is saved: {waiting}")

    def settle(self) -> None:
        """The network heals, and everything that waited is sent."""
        self.town.start()
        self.town.road.heal()
        self.page.evaluate("dispatchEvent(new Event('online'))")
        # A request that is still on its way may first run out of patience, and then the outbox waits a while.
        expect(self.page.locator("#saved")).to_have_attribute("data-state", "saved", timeout=60_000)
        expect(self.page.locator("#text[aria-busy]")).to_have_count(0, timeout=60_000)
        self.reader.saved()
        self.town.road.quiet()

    # What the person does

    def mark(self, act: Act) -> None:
        assert act.wish is not None
        self.reader.select(act.wish.exact.replace("\n\n", "")).press(_key(act.wish))
        self.ids[act.key] = str(self.reader.selected.get_attribute("data-id"))

    def label(self, act: Act) -> None:
        assert act.wish is not None
        self.choose(act.key).press(_key(act.wish))

    def grow(self, act: Act) -> None:
        self.choose(act.key).press("Alt+ArrowRight")

    def note(self, act: Act) -> None:
        assert act.wish is not None
        place = self.choose(act.key).page
        # The form follows the claim by a frame; nobody writes in it before.
        place.locator("claim-form [name='note']").wait_for(state="attached")
        place.evaluate(
            """(words) => {
                const field = document.querySelector("claim-form [name='note']");
                field.value = words;
                field.dispatchEvent(new Event("input", { bubbles: true }));
                field.dispatchEvent(new Event("change", { bubbles: true }));
            }""",
            act.wish.note,
        )

    def delete(self, act: Act) -> None:
        self.choose(act.key).press("Delete")

    def undo(self, _act: Act) -> None:
        self.reader.press("Control+z")

    def redo(self, _act: Act) -> None:
        self.reader.press("Control+Shift+z")

    def choose(self, key: int, page: Page | None = None) -> Reader:
        """Select the claim by its address."""
        place = page or self.page
        address = f"claim-{self.ids[key]}"
        place.evaluate(GO_TO, address)
        expect(place.locator(f"#{address}.is-selected")).to_have_count(1)
        return self.reader

    # What happens to them

    def fault(self, act: Act) -> None:
        assert act.fault is not None
        self.town.road.faults.append(act.fault)

    def offline(self, _act: Act) -> None:
        self.town.road.closed = True

    def online(self, _act: Act) -> None:
        self.town.start()
        self.town.road.closed = False
        self.page.evaluate("dispatchEvent(new Event('online'))")

    def kill(self, _act: Act) -> None:
        self.town.kill()

    def reload(self, _act: Act) -> None:
        """Without a connection the browser shows an error first; the person tries again when it is back."""
        try:
            self.page.reload()
        except BrowserError:
            self.town.start()
            self.come_back()
        at_work(self.page)
        expect(self.page.locator("#claims > .claim")).to_have_count(len(self.model.live))

    def come_back(self) -> None:
        """The browser may still be busy with its page of errors, and what it sends from there may meet a fault."""
        for _ in range(20):
            self.town.road.closed = False
            with suppress(BrowserError):
                self.page.goto(f"{self.town.road.address}/articles/{self.article_id}")
                return
            self.page.wait_for_timeout(100)

    def second_window(self, act: Act) -> None:
        assert act.wish is not None
        self.settle()
        other = self.page.context.new_page()
        other.goto(f"{self.town.road.address}/articles/{self.article_id}")
        at_work(other)
        self.choose(act.key, other)
        other.keyboard.press(_key(act.wish))
        expect(other.locator("#saved")).to_have_attribute("data-state", "saved")
        name = act.wish.label.capitalize()
        expect(self.page.locator(f"#claim-{self.ids[act.key]} .badge-word")).to_have_text(name)
        other.close()

    def other_device(self, act: Act) -> None:
        """It changes the label; here a note is written, which meets it."""
        assert act.wish is not None
        self.settle()
        self.by_other_device(UUID(self.ids[act.key]), act.wish)
        self.note(Act("note", act.key, Wish(0, 0, "", "mine")))
        notice = self.page.locator(f"#claim-{self.ids[act.key]} .stale")
        expect(notice).to_contain_text("Label: there")
        assert act.wish.label in [label for _, label, _ in self.town.stored(self.article_id)]
        notice.get_by_role("button", name="Apply mine" if act.mine else "Keep theirs").click()
        self.settle()

    def by_other_device(self, annotation: UUID, wish: Wish) -> None:
        desk = self.town.desk
        claim = desk.claim(self.article_id, wish.exact, wish.label, note=wish.note)
        version = desk.stored(annotation).version
        desk.write(lambda: claims.put(desk.user("ada"), self.article_id, annotation, claim, if_version=version))


def _leave(dialog: Dialog) -> None:
    """Leave in spite of the warning; the page may be gone before the answer reaches it."""
    with suppress(BrowserError):
        dialog.accept()


def _key(wish: Wish) -> str:
    return str(LABELS.index(wish.label) + 1)


@pytest.fixture
def town(app: Flask, database_url: str, tmp_path: Path) -> Iterator[Town]:
    installation = installation_on(database_url, tmp_path / "served", Path(sys.executable).with_name("annotator"))
    built = Town(app, Desk(app), installation)
    yield built
    built.close()


@pytest.fixture
def player_of(town: Town, new_context: MakeContext, complaints: Complaints) -> Callable[..., Player]:
    """A player at a page of its own, on an article of its own: player_of(seed)."""
    # A page that is loaded again and then left without a touch may not ask; Chromium says so.
    complaints.expect("Failed to load resource|ERR_|Blocked attempt to show a 'beforeunload'")
    opened: list[BrowserContext] = []

    def make(seed: int, *, plant: Callable[[Page], None] | None = None) -> Player:
        for context in opened:
            context.close()
        opened.clear()
        town.start()
        town.road.heal()
        context = new_context(base_url=town.road.address)
        opened.append(context)
        page = context.new_page()
        page.on("dialog", _leave)
        reader = Reader(town.app, page, "ada@example.org")
        if plant is not None:
            plant(page)
        return Player(town, reader, town.desk.article(TEXT, external_id=f"script {seed}, {uuid4()}"))

    return make


@pytest.mark.soak
def test_what_is_shown_as_saved_is_stored_whatever_the_network_does(
    player_of: Callable[..., Player], seeds: Seeds
) -> None:
    broken = []
    for seed in seeds(2, 200):
        player = player_of(seed)
        try:
            problems = player.play(script(seed))
        except (AssertionError, BrowserError) as failure:
            problems = [str(failure)]
        if problems:
            acts = "\n".join(f"  {number}: {act}" for number, act in enumerate(script(seed)))
            broken.append(f"--seed {seed}\n{acts}\nroad: {player.town.road}\n" + "\n".join(problems))
    assert not broken, "\n\n".join(broken)


def test_each_fault_alone_is_met_and_mended(town: Town, player_of: Callable[..., Player]) -> None:
    player = player_of(1)
    player.play([])
    for number, fault in enumerate(Fault):
        player.fault(Act("fault", fault=fault))
        mark = Act("mark", number, Wish(6 * number, 6 * number + 1, "sourced"))
        player.mark(mark)
        follow(player.model, mark)
        player.check(f"while {fault}")
        while town.road.met[-1:] != [fault]:
            player.page.wait_for_timeout(20)
        player.check(f"after {fault}")
        player.settle()
        player.check(f"when {fault} is over")
    assert player.problems + problems_with(town.app, town.road.acknowledged) == []
    assert town.road.met == list(Fault)


def planted(module: str, words: str, other: str) -> Callable[[Page], None]:
    """A module of the page with a fault in it."""

    def plant(page: Page) -> None:
        def serve(route: Route) -> None:
            answer = route.fetch()
            text = answer.text()
            assert text.count(words) == 1, f"{module} does not say {words} once"
            route.fulfill(response=answer, body=text.replace(words, other))

        page.route(f"**/js/lib/{module}", serve)

    return plant


PLANTS = {
    "saved is shown on the click": planted(
        "saving.js", 'this.bar.dataset["state"] = SHADES[state];', 'this.bar.dataset["state"] = "saved";'
    ),
    "saved before the answer": planted(
        "outbox.js", "    entry.sent = request;\n", "    entry.open = false;\n    this.unsent.delete(id);\n"
    ),
    "nothing is kept over a reload": planted("kept.js", "storage.setItem(key, JSON.stringify(value));", ""),
}


@pytest.mark.parametrize("fault", PLANTS)
def test_a_planted_fault_is_caught_by_the_same_check(player_of: Callable[..., Player], fault: str) -> None:
    mark = Act("mark", 0, Wish(0, 1, "sourced"))
    acts = [Act("offline"), mark, Act("mark", 1, Wish(6, 7, "disputed")), Act("online")]
    if "reload" in fault:
        acts.insert(3, Act("reload"))
    assert player_of(1).play(acts) == []
    try:
        problems = player_of(2, plant=PLANTS[fault]).play(acts)
    except AssertionError as missing:
        problems = [str(missing)]
    assert problems, fault


def test_a_lost_window_is_taken_over_by_the_next_one(town: Town, player_of: Callable[..., Player]) -> None:
    player = player_of(1)
    player.play([Act("mark", 0, Wish(0, 1, "sourced"))])
    town.road.closed = True
    player.label(Act("label", 0, Wish(0, 1, "disputed")))
    player.mark(Act("mark", 1, Wish(6, 7, "disputed")))
    player.note(Act("note", 1, Wish(6, 7, "disputed", "SECRET")))
    player.mark(Act("mark", 2, Wish(12, 13, "sourced")))
    expect(player.reader.words_of_state).to_have_text("3 changes waiting: no connection")
    beyond = player.page.evaluate("JSON.stringify(localStorage)")
    assert "SECRET" not in beyond
    assert not re.search("bar|ban", beyond)
    context = player.page.context
    player.page.close(run_before_unload=False)
    town.road.closed = False
    town.road.server = None
    town.start()
    assert town.server is not None
    town.road.server = town.server.address
    page = context.new_page()
    page.goto(f"{town.road.address}/articles/{player.article_id}")
    expect(page.locator("#saving-notices")).to_contain_text("3 changes from an earlier window are saved.")
    expect(page.locator("#saving-notices")).to_contain_text(
        "What was typed there into the form of 1 claim was not kept"
    )
    expect(page.locator("#saved")).to_have_attribute("data-state", "saved")
    wanted = [Wish(0, 1, "disputed"), Wish(6, 7, "disputed"), Wish(12, 13, "sourced")]
    assert town.stored(player.article_id) == sorted((wish.exact, wish.label, "") for wish in wanted)
    eventually(page, lambda: page.evaluate("localStorage.length"), 0)

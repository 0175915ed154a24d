"""Two stories set against each other in a real browser, up to the file of links."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from uuid import UUID, uuid4

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, Route, expect
from sqlalchemy import select

from annotator import paths
from annotator.cli.demo import read_plan
from annotator.db import db, transaction
from annotator.domain.claims import Claim
from annotator.models import Article, ArticleVersion, Outcome
from annotator.services import adjudication, demo, people, submission
from annotator.services import annotations as claims
from annotator.services.adjudication import Answer
from annotator.services.questions import questions
from tests.support.complaints import Complaints
from tests.support.eventually import eventually
from tests.support.reader import go_offline, go_online, intercept, let_in

Contexts = Callable[..., BrowserContext]
COMPLETE, CALM = "complete ceasefire", "except for one or two separate incidents"
SHELLED = "at least a dozen towns under artillery fire from army positions"

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)

DRAWN = """() => {
    window.drawn = [];
    const left = () => document.querySelector("#picks [data-side=left]").dataset.claim ?? "";
    new MutationObserver(() => window.drawn.push(left())).observe(document.getElementById("panel"), { childList: true });
}"""
"""Notes which claim was picked on the left whenever the server's parts are drawn."""


class Demo:
    """The demo project: Rana has linked the two stories, Tomas is at the second one."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        plan = read_plan(paths.seeds_folder())
        with app.app_context(), transaction():
            demo.load(plan)
        with app.app_context():
            rows = db.session.execute(
                select(ArticleVersion.published, Article.id, ArticleVersion.text)
                .join(Article, Article.id == ArticleVersion.article_id)
                .order_by(ArticleVersion.published)
            ).all()
        (_, self.june, _), (_, self.january, self.text) = rows

    def open(self, new_context: Contexts, name: str, **settings: object) -> Page:
        """The compare page of both stories, for one of the demo's people."""
        page = new_context(**settings).new_page()
        let_in(page, self.app, f"{name}@example.org")
        page.goto(self.address(self.june, self.january))
        return page

    def address(self, left: str, right: str) -> str:
        return f"/projects/demo/compare?left={left}&right={right}"

    def write(self, work: Callable[[], object]) -> None:
        with self.app.app_context(), transaction():
            work()

    def shelled(self) -> None:
        """Tomas marks what Rana has marked too, about the same day."""
        start = self.text.index(SHELLED)
        claim = Claim(start, start + len(SHELLED), SHELLED, "unverified", event_start=date(2020, 1, 12))
        tomas = "tomas@example.org"
        self.write(lambda: claims.put(people.by_email(tomas), self.january, uuid4(), claim, if_version=None))

    def adjudicated(self) -> None:
        """Jonas accepts the first version of every question of both stories."""

        def settle() -> None:
            jonas = people.by_email("jonas@example.org")
            for article in (self.june, self.january):
                for view in questions(jonas, article):
                    chosen = next((vote for vote in view.versions if CALM in vote.exact), view.versions[0])
                    adjudication.decide(jonas, article, view.id, Answer(Outcome.ACCEPT, chosen.id, justification="So."))

        self.write(settle)


@pytest.fixture
def stories(app: Flask) -> Demo:
    return Demo(app)


def here(page: Page, words: str) -> None:
    """Step with the keyboard until it is at the claim with these words."""
    for _ in range(12):
        page.keyboard.press("n")
        if words in page.locator("#said-words").inner_text():
            return
    raise AssertionError(f"no claim with “{words}”")


def pick(page: Page, left: str, right: str) -> None:
    """Pick a claim on each side, with keys alone."""
    page.keyboard.press("[")
    here(page, left)
    page.keyboard.press("Enter")
    expect(page.locator("#picks [data-side=left] .pick-quote")).to_contain_text(left)
    page.keyboard.press("]")
    here(page, right)
    page.keyboard.press("Enter")
    expect(page.locator("#picks [data-side=right] .pick-quote")).to_contain_text(right)


def held(page: Page, addresses: str) -> list[Route]:
    """The next request for these addresses, when it comes; it waits until it is let go."""
    asked: list[Route] = []

    def hold(route: Route) -> None:
        asked.append(route)

    intercept(page, addresses, hold, times=1)
    return asked


def test_from_two_stories_to_the_file_of_links(
    app: Flask, stories: Demo, new_context: Contexts, complaints: Complaints
) -> None:
    stories.shelled()
    page = stories.open(new_context, "tomas")
    expect(page.locator(".compare-head time")).to_have_text(["12 June 2019", "12 January 2020"])
    expect(page.locator(".link-line")).to_have_count(0)

    # With the keyboard alone: a contradiction is refused with the reason, a qualification is drawn and listed.
    pick(page, COMPLETE, CALM)
    complaints.expect("status of 422")
    page.keyboard.press("c")
    expect(page.locator("#link-problem")).to_contain_text("about 12 June 2019")
    expect(page.locator("#link-problem")).to_contain_text("“qualifies” if one limits the other")
    page.keyboard.press("q")
    expect(page.locator(".link-line")).to_have_count(1)
    expect(page.locator("#link-problem")).to_be_hidden()
    expect(page.locator(".mark.ends[data-letter='1']")).to_have_count(2)
    page.keyboard.press("f")
    expect(page.locator("#candidates #counterparts")).to_be_visible()
    # It goes from the later story; it can be undone, and made again.
    expect(page.locator(".link-line q").first).to_contain_text(CALM)
    page.keyboard.press("Control+z")
    expect(page.locator(".link-line")).to_have_count(0)
    expect(page.locator(".mark.ends[data-letter]")).to_have_count(0)
    undone_before_it_is_answered(page)
    page.keyboard.press("q")
    expect(page.locator(".link-line")).to_have_count(1)

    # Inside the second story, about one day.
    page.goto(stories.address(stories.january, stories.january))
    pick(page, CALM, SHELLED)
    page.keyboard.press("c")
    expect(page.locator(".link-line")).to_contain_text("contradicts")

    # Rana links the same in her own way, with the mouse.
    rana_links(stories, new_context)
    for name in ("rana", "tomas"):
        person = f"{name}@example.org"
        stories.write(lambda person=person: submission.submit(people.by_email(person), stories.january, confirm=True))  # type: ignore[misc]
    stories.adjudicated()

    # Jonas decides on the links of both with the keyboard, beside the claims.
    jonas = adjudicated_by_jonas(stories, new_context, complaints)
    for article in (stories.june, stories.january):
        jonas.goto(f"/articles/{article}/adjudicate")
        jonas.keyboard.press("f")
        jonas.keyboard.press("Enter")
        expect(jonas.locator(".flashes")).to_contain_text("The adjudication is finished")
    exported(app)


def undone_before_it_is_answered(page: Page) -> None:
    """What is pressed while a link is being saved waits for that, and is done then."""
    asked = held(page, "**/api/v1/projects/demo/links")
    page.keyboard.press("q")
    eventually(page, lambda: len(asked), 1)
    page.keyboard.press("Control+z")
    with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        asked[0].continue_()
    expect(page.locator("#said-words")).to_have_text("Undone")
    expect(page.locator(".link-line")).to_have_count(0)


def adjudicated_by_jonas(stories: Demo, new_context: Contexts, complaints: Complaints) -> Page:
    """Both link questions of the second story; the first story shows the one that it shares as decided."""
    page = stories.open(new_context, "jonas")
    page.goto(f"/articles/{stories.january}/adjudicate?kind=links")
    expect(page.locator("#show-keys")).to_be_visible()
    expect(page.locator(".question[data-state=open]")).to_have_count(2)
    looking = page.locator("#looking .decision-title")
    for decided in (1, 2):
        expect(looking).to_have_text("Linked differently")
        if COMPLETE in page.locator("#looking .pair").inner_text():
            complaints.expect("status of 422")
            page.keyboard.press("c")
            expect(page.locator("#said")).to_contain_text("about 12 June 2019")
            page.keyboard.press("1")
        else:
            page.keyboard.press("c")
        expect(page.locator("#said")).to_contain_text("Linked. Saved")
        expect(page.locator(".question[data-state=decided]")).to_have_count(decided)
    # Taken back, and decided otherwise and again.
    for key, words, decided in (
        ("u", "Undone.", 1),
        ("x", "No link: noted.", 2),
        ("u", "Undone.", 1),
        ("1", "Linked.", 2),
    ):
        page.keyboard.press(key)
        expect(page.locator("#said")).to_contain_text(words)
        expect(page.locator(".question[data-state=decided]")).to_have_count(decided)
    with page.expect_popup() as opened:
        page.keyboard.press("b")
    expect(opened.value.locator(".link-line", has_text="gold")).not_to_have_count(0)
    opened.value.close()
    page.goto(f"/articles/{stories.june}/adjudicate?kind=links")
    expect(page.locator(".question[data-state=decided]")).to_have_count(1)
    expect(page.locator("#standing")).to_contain_text("Linked")
    return page


def rana_links(stories: Demo, new_context: Contexts) -> None:
    stories.write(lambda: submission.reopen(people.by_email("rana@example.org"), stories.january))
    page = stories.open(new_context, "rana")
    expect(page.locator(".link-line")).to_have_count(1)
    page.goto(stories.address(stories.january, stories.january))
    page.locator("#left .mark", has_text=CALM).click()
    page.locator("#right .mark", has_text=SHELLED).click()
    expect(page.locator(".pick-quote")).to_have_count(2)
    page.get_by_text("Aspect and note").click()
    page.get_by_label("Aspect").first.select_option("fact")
    page.get_by_label("Note").first.fill("Calm, and under fire.")
    page.get_by_role("button", name="Contradicts").click()
    expect(page.locator(".link-line")).to_contain_text("Calm, and under fire.")
    # Deleted and brought back.
    page.get_by_role("link", name="Change link 1").click()
    page.get_by_role("button", name="Delete link 1").click()
    expect(page.locator(".link-line")).to_have_count(0)
    page.locator("#toast-undo").click()
    expect(page.locator(".link-line")).to_contain_text("Calm, and under fire.")


def exported(app: Flask) -> None:
    """What the command writes is read by the csv module: two gold links, and the reviewers' under them."""
    result = app.test_cli_runner().invoke(args=["export", "demo", "--layer", "links", "--format", "csv", "-o", "-"])
    assert result.exit_code == 0, result.output
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    told = sorted((row["layer"], row["relation"]) for row in rows)
    assert told == [
        ("annotations", "contradicts"),
        ("annotations", "contradicts"),
        ("annotations", "qualifies"),
        ("annotations", "qualifies"),
        ("gold", "contradicts"),
        ("gold", "qualifies"),
    ]
    assert {row["status"] for row in rows} == {"confirmed"}
    assert len({UUID(row[end]) for row in rows for end in ("a_claim_id", "b_claim_id")}) == 9


def test_a_pick_is_shown_before_the_server_has_said_what_it_knows(stories: Demo, new_context: Contexts) -> None:
    page = stories.open(new_context, "tomas")
    left = page.locator("#picks [data-side=left]")
    asked = held(page, "**/compare/panel?*")
    page.locator("#left .mark", has_text=COMPLETE).click()
    expect(left.locator(".pick-quote")).to_contain_text(COMPLETE)
    told = left.locator(".badge").text_content()
    assert told
    expect(left.get_by_role("link")).to_have_count(0)
    eventually(page, lambda: len(asked), 1)
    with page.expect_response("**/compare/panel?*"):
        page.locator("#left .mark", has_text=COMPLETE).click()
    expect(left).to_have_text(re.compile("No claim picked"))
    # The answer to the pick that was let go comes last, and is not drawn: what is picked now is drawn after it.
    page.evaluate(DRAWN)
    with page.expect_request_finished():
        asked[0].continue_()
    page.locator("#right .mark", has_text=CALM).click()
    expect(page.locator("#picks [data-side=right]").get_by_role("link")).to_have_count(1)
    assert set(page.evaluate("window.drawn")) == {""}
    page.locator("#left .mark", has_text=COMPLETE).click()
    expect(left.get_by_role("link")).to_have_count(1)
    expect(left.locator(".badge")).to_have_text(told)


def test_a_link_is_listed_though_another_claim_was_picked_meanwhile(stories: Demo, new_context: Contexts) -> None:
    page = stories.open(new_context, "tomas")
    pick(page, COMPLETE, CALM)
    asked = held(page, "**/compare/panel?*list=yes*")
    page.keyboard.press("q")
    eventually(page, lambda: len(asked), 1)
    page.locator("#right .mark", has_text=CALM).click()
    expect(page.locator("#picks [data-side=right] .pick-quote")).to_have_count(0)
    asked[0].continue_()
    expect(page.locator(".link-line")).to_have_count(1)
    expect(page.locator(".mark.ends[data-letter='1']")).to_have_count(2)
    expect(page.locator("#picks [data-side=right] .pick-quote")).to_have_count(0)


def test_change_in_a_new_tab_shows_the_link_and_links_of_one_tab_are_seen_in_another(
    stories: Demo, new_context: Contexts
) -> None:
    page = stories.open(new_context, "tomas")
    other = page.context.new_page()
    other.goto(page.url)
    pick(page, COMPLETE, CALM)
    page.keyboard.press("q")
    expect(page.locator(".link-line")).to_have_count(1)
    expect(other.locator(".link-line")).to_have_count(0)
    # What a browser tells of the window to which somebody comes back.
    other.evaluate("dispatchEvent(new Event('focus'))")
    expect(other.locator(".link-line")).to_have_count(1)
    expect(other.locator(".mark.ends[data-letter='1']")).to_have_count(2)
    expect(other.locator("#links-count")).to_have_text("1")
    # Nothing is picked any more here: the address leads to the claims of the link all the same.
    for words in (COMPLETE, CALM):
        page.locator("main .mark", has_text=words).first.click()
    expect(page.locator("#picks .pick-quote")).to_have_count(0)
    address = page.locator("[data-change]").get_attribute("href")
    assert address
    other.goto(address)
    expect(other.locator("#changing")).to_be_visible()
    expect(other.locator("#picks [data-side=left] .pick-quote")).to_contain_text(COMPLETE)
    expect(other.locator("#picks [data-side=right] .pick-quote")).to_contain_text(CALM)
    # What is being written there stays, though a link was deleted meanwhile.
    other.locator("#changing textarea").fill("Half a note")
    page.locator("[data-change]").click()
    page.locator("#changing button", has_text="Delete").click()
    expect(page.locator(".link-line")).to_have_count(0)
    with other.expect_response("**/compare/panel?*") as answer:
        other.evaluate("dispatchEvent(new Event('focus'))")
    assert "list=" not in answer.value.url
    expect(other.locator("#changing textarea")).to_have_value("Half a note")


def noted(page: Page, event: Literal["request", "requestfinished"]) -> list[str]:
    """The addresses of what the page asks for the panel, as the event tells of them."""
    found: list[str] = []
    page.on(event, lambda each: found.append(each.url) if "/compare/panel" in each.url else None)
    return found


def test_who_goes_to_and_fro_has_the_links_asked_for_now_and_then(stories: Demo, new_context: Contexts) -> None:
    page = stories.open(new_context, "tomas")
    asked, answered = noted(page, "request"), noted(page, "requestfinished")
    page.clock.install(time=NOON - timedelta(hours=1))
    page.reload()
    page.clock.pause_at(NOON)
    for _ in range(3):
        page.evaluate("dispatchEvent(new Event('focus'))")
        page.clock.run_for(1_000)
    eventually(page, lambda: len(answered), 1)
    assert len(asked) == 1
    # The second and third time are not forgotten, but one look is enough for both.
    page.clock.run_for(8_000)
    eventually(page, lambda: len(answered), 2)
    page.clock.run_for(30_000)
    page.evaluate("dispatchEvent(new Event('online'))")
    eventually(page, lambda: len(answered), 3)
    assert len(asked) == 3


def test_that_a_pair_could_not_be_asked_is_said_and_asked_again_with_the_connection(
    stories: Demo, new_context: Contexts, complaints: Complaints
) -> None:
    complaints.expect("ERR_INTERNET_DISCONNECTED")
    page = stories.open(new_context, "tomas")
    pick(page, COMPLETE, CALM)
    pair = page.locator("#pair")
    expect(pair).to_contain_text("No contradiction")
    go_offline(page)
    page.locator("#right .mark", has_text=CALM).click()
    expect(pair).to_be_visible()
    expect(pair).to_contain_text("There is no connection")
    page.locator("#right .mark", has_text=CALM).click()
    expect(pair).not_to_have_attribute("aria-busy", "true")
    expect(pair).not_to_contain_text("No contradiction")
    go_online(page)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(pair).to_contain_text("No contradiction")


def test_the_list_of_claims_is_built_when_it_is_opened(stories: Demo, new_context: Contexts) -> None:
    page = stories.open(new_context, "tomas")
    page.locator("#left .mark", has_text=COMPLETE).click()
    assert page.locator("#claim-choice select").count() == 0
    page.get_by_text("Choose the claims from a list").click()
    left, right = page.get_by_label("Claim on the left"), page.get_by_label("Claim on the right")
    expect(left.locator("option:checked")).to_contain_text(COMPLETE)
    words = right.locator("option", has_text=CALM).first.inner_text()
    right.select_option(label=words)
    expect(page.locator("#picks [data-side=right] .pick-quote")).to_contain_text(CALM)
    expect(page.locator("#right .mark.is-picked").first).to_be_in_viewport()
    page.get_by_role("button", name="Qualifies").click()
    expect(page.locator(".link-line")).to_have_count(1)


def test_on_a_phone_one_article_at_a_time_with_the_pick_over_it(stories: Demo, new_context: Contexts) -> None:
    page = stories.open(new_context, "tomas", viewport={"width": 390, "height": 844}, has_touch=True)
    expect(page.locator("#right")).to_be_hidden()
    page.locator("#left .mark", has_text=COMPLETE).first.tap()
    page.get_by_role("button", name="Right", exact=True).tap()
    expect(page.locator("#left")).to_be_hidden()
    expect(page.locator("#pinned")).to_contain_text(COMPLETE)
    page.locator("#right .mark", has_text=CALM).first.tap()
    page.get_by_role("button", name="Link them").tap()
    page.get_by_role("button", name="Qualifies").tap()
    expect(page.locator(".link-line")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    # The address of its form shows the form, not the left article.
    address = page.locator("[data-change]").get_attribute("href")
    assert address
    page.goto("/")
    page.goto(address)
    expect(page.locator("#changing")).to_be_visible()
    expect(page.locator("#left")).to_be_hidden()

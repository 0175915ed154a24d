"""How far and how long somebody reads, in a real browser with a clock of its own; and submitting from the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from weakref import WeakKeyDictionary

import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect

from annotator.models import Assignment, AssignmentState, EvidenceRule
from annotator.services import articles, projects
from tests.support.complaints import Complaints
from tests.support.desk import STORY, Desk
from tests.support.reader import Reader, go_offline, go_online

LONG = "\n\n".join(f"Paragraph {number} says that the ceasefire held in town {number}. " * 4 for number in range(60))
HIDE = """(state) => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
    Object.defineProperty(document, "hidden", { configurable: true, get: () => state === "hidden" });
    document.dispatchEvent(new Event("visibilitychange"));
}"""


MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

STRIDE = 5
"""So many seconds pass at once: far fewer than a report waits for its answer."""

ON_THEIR_WAY: WeakKeyDictionary[Page, set[Request]] = WeakKeyDictionary()
"""The reports that a page has sent and that are not answered yet."""


def stored(desk: Desk, article_id: str) -> Assignment:
    with desk.app.app_context():
        found = articles.get_for(desk.user("ada"), article_id).assignment
        assert found is not None
        return found


def given_long_ago(desk: Desk, article_id: str) -> None:
    """So that the bound of the server is not what is measured."""

    def backdate() -> None:
        found = articles.get_for(desk.user("ada"), article_id).assignment
        assert found is not None
        found.created_at = datetime.now(UTC) - timedelta(days=1)

    desk.write(backdate)


def is_report(request: Request) -> bool:
    return request.url.endswith("/reading")


def heard(page: Page) -> list[int]:
    """The seconds of each report from now on. The clock of the server does not run with that of the page."""
    seconds: list[int] = []

    def note(request: Request) -> None:
        found = re.search(r"seconds=([0-9]+)", request.post_data or "") if is_report(request) else None
        if found:
            seconds.append(int(found[1]))

    page.on("request", note)
    return seconds


def pass_time(page: Page, seconds: int) -> None:
    """The clock of the page runs on, every timer rings; a report on its way is answered before much more time passes."""
    for start in range(0, seconds, STRIDE):
        page.clock.run_for(1_000 * min(STRIDE, seconds - start))
        while ON_THEIR_WAY[page]:
            page.wait_for_timeout(5)


def report(page: Page) -> None:
    """The page reports as it does when it is left, and the server answers."""
    with page.expect_response(lambda response: is_report(response.request)):
        page.evaluate(HIDE, "hidden")
    page.evaluate(HIDE, "visible")


@pytest.fixture
def context(new_context: Callable[..., BrowserContext]) -> BrowserContext:
    """One of each test's own: a clock is set for all that the context will ever open."""
    return new_context()


@pytest.fixture
def clock(page: Page) -> Page:
    # Minutes pass here while the server needs milliseconds, and the patience of a request is measured by this clock.
    on_their_way: set[Request] = set()
    ON_THEIR_WAY[page] = on_their_way

    def sent(request: Request) -> None:
        if is_report(request):
            on_their_way.add(request)

    def answered(request: Request) -> None:
        on_their_way.discard(request)

    page.on("request", sent)
    page.on("requestfinished", answered)
    page.on("requestfailed", answered)
    page.clock.install(time=MORNING - timedelta(hours=1))
    # Without this the seconds that the machine takes would pass as well; until here some have, and no clock goes back.
    page.clock.pause_at(MORNING)
    return page


def test_what_was_on_the_screen_is_read_and_is_known_after_a_reload(desk: Desk, ada: Reader, clock: Page) -> None:
    article_id = desk.article(LONG)
    given_long_ago(desk, article_id)
    ada.open(article_id)
    pass_time(clock, 3)
    percent = clock.locator("#reading-percent")
    first = int(re.sub(r"\D", "", percent.inner_text()))
    assert 0 < first < 30
    clock.locator("#b20").scroll_into_view_if_needed()
    pass_time(clock, 3)
    expect(percent).not_to_have_text(f"{first}\u00a0% read")
    words = percent.inner_text()
    assert 30 <= int(re.sub(r"\D", "", words)) < 60
    report(clock)
    ada.open(article_id)
    expect(percent).to_have_text(words)
    expect(clock.get_by_role("progressbar", name="Part of the article that you have read")).to_have_attribute(
        "value", re.sub(r"\D", "", words)
    )
    onward = clock.get_by_role("link", name="Go on where you stopped")
    place = onward.get_attribute("href") or ""
    assert 20 <= int(place.removeprefix("#b")) < 30
    expect(clock.locator(place)).not_to_be_in_viewport()
    onward.click()
    expect(clock.locator(place)).to_be_in_viewport()
    assert stored(desk, article_id).read_to_end_at is None


def test_a_scrollbar_pulled_to_the_end_and_back_reads_nothing(desk: Desk, ada: Reader, clock: Page) -> None:
    article_id = desk.article(LONG)
    ada.open(article_id)
    pass_time(clock, 3)
    before = clock.locator("#reading-percent").inner_text()
    clock.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    clock.evaluate("scrollTo(0, 0)")
    pass_time(clock, 5)
    expect(clock.locator("#reading-percent")).to_have_text(before)


def test_to_stay_at_the_end_is_all_of_the_text_and_no_statement_that_it_was_read(
    desk: Desk, ada: Reader, clock: Page
) -> None:
    article_id = desk.article(LONG)
    given_long_ago(desk, article_id)
    ada.open(article_id)
    clock.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    pass_time(clock, 3)
    expect(clock.locator("#reading-percent")).to_have_text("100\u00a0% read")
    report(clock)
    assert stored(desk, article_id).read_until == len(LONG)
    assert stored(desk, article_id).read_to_end_at is None
    clock.get_by_role("button", name="Read to the end, no claim here").click()
    expect(clock.get_by_text("Read to the end", exact=True)).to_be_visible()
    assert stored(desk, article_id).read_to_end_at is not None


def test_idle_time_is_not_counted(desk: Desk, ada: Reader, clock: Page) -> None:
    """Two minutes at work, twenty away from the machine with the page open, one minute at work."""
    article_id = desk.article()
    ada.open(article_id)
    reports = heard(clock)
    for minutes, busy in ((2, True), (20, False), (1, True)):
        for _ in range(minutes * 3):
            pass_time(clock, 20)
            if busy:
                clock.keyboard.press("Shift")
    pass_time(clock, 2)
    report(clock)
    # The minute after the last sign counts, since one reads without touching anything.
    assert 180 + 40 <= sum(reports) <= 180 + 70


def test_a_hidden_page_counts_nothing_however_busy_the_machine_is(desk: Desk, ada: Reader, clock: Page) -> None:
    article_id = desk.article()
    ada.open(article_id)
    reports = heard(clock)
    pass_time(clock, 10)
    with clock.expect_response(lambda response: is_report(response.request)):
        clock.evaluate(HIDE, "hidden")
    for _ in range(10):
        pass_time(clock, 30)
        clock.keyboard.press("Shift")
    clock.evaluate(HIDE, "visible")
    pass_time(clock, 2)
    report(clock)
    assert 10 <= sum(reports) <= 14


def test_reports_come_every_half_minute_and_two_tabs_do_not_count_twice(desk: Desk, ada: Reader, clock: Page) -> None:
    """The page's clock runs fast here and the server's does not: a client cannot claim more than has passed."""
    article_id = desk.article()
    ada.open(article_id)
    reports = heard(clock)
    for _ in range(9):
        pass_time(clock, 10)
        clock.keyboard.press("Shift")
    assert reports == [30, 30, 30]
    assert stored(desk, article_id).active_seconds < 60


def test_what_could_not_be_reported_is_reported_later(
    desk: Desk, ada: Reader, clock: Page, complaints: Complaints
) -> None:
    complaints.expect("ERR_INTERNET_DISCONNECTED")
    article_id = desk.article()
    given_long_ago(desk, article_id)
    ada.open(article_id)
    go_offline(clock)
    for _ in range(4):
        pass_time(clock, 10)
        clock.keyboard.press("Shift")
    go_online(clock)
    report(clock)
    assert 40 <= stored(desk, article_id).active_seconds <= 43
    expect(clock.locator("#reading-time")).to_have_text("less than 1 min")


def test_the_button_at_the_end_follows_the_claims(desk: Desk, ada: Reader) -> None:
    article_id = desk.article()
    ada.open(article_id)
    button = ada.page.locator("#read button")
    expect(button).to_have_text("Read to the end, no claim here")
    ada.drag("complete ceasefire").press("1").saved()
    expect(button).to_have_text("I have read to the end")
    ada.press("Delete").saved()
    expect(button).to_have_text("Read to the end, no claim here")


def review(ada: Reader) -> Page:
    ada.page.get_by_role("link", name="Submit").click()
    expect(ada.page.locator("#review")).to_be_visible()
    return ada.page


def test_the_review_leads_to_claims_and_sentences_behind_it(desk: Desk, ada: Reader) -> None:
    article_id = desk.article()
    desk.mark("ada", article_id, "complete ceasefire")
    page = review(ada.open(article_id))
    page.locator("#review").get_by_role("link", name="complete ceasefire").click()
    expect(ada.selected.locator(".claim-exact")).to_have_text("complete ceasefire")
    ada.press("Escape")
    page = review(ada)
    page.get_by_text("2 sentences without a claim").click()
    page.get_by_role("link", name="Residents reported").click()
    expect(page.locator("#review-dialog")).to_be_hidden()
    ada.press("3").saved()
    assert ada.marks()[-1] == STORY[STORY.index("Residents") :]


def test_from_the_submit_one_goes_on_to_the_next_article(desk: Desk, ada: Reader) -> None:
    first, second = desk.article(), desk.article("It was calm.")
    page = review(ada.open(first))
    expect(page.get_by_text("“No claim here” is an answer")).to_be_visible()
    page.get_by_label("I have read to the end, and there is no claim here").check()
    page.locator("#review").get_by_role("button", name="Submit").click()
    page.get_by_role("button", name="Next article").click()
    page.wait_for_url(f"**/articles/{second}")
    assert stored(desk, first).state is AssignmentState.SUBMITTED
    assert stored(desk, first).read_to_end_at is not None


def test_unsaved_changes_come_before_the_submit(desk: Desk, ada: Reader, complaints: Complaints) -> None:
    complaints.expect("ERR_INTERNET_DISCONNECTED")
    article_id = desk.article()
    ada.open(article_id)
    go_offline(ada.page)
    ada.drag("complete ceasefire").press("1")
    ada.page.get_by_role("link", name="Submit").click()
    expect(ada.page.get_by_text("1 change is not saved yet.")).to_be_visible()
    expect(ada.page.locator("#review-dialog").get_by_role("button", name="Try again")).to_be_visible()
    go_online(ada.page)
    expect(ada.page.locator("#review")).to_contain_text("1 claim marked")


def test_what_the_project_requires_keeps_the_button_away(desk: Desk, ada: Reader) -> None:
    desk.write(lambda: projects.change(desk.project(), {"evidence": EvidenceRule.REQUIRED}))
    article_id = desk.article()
    desk.mark("ada", article_id, "complete ceasefire")
    page = review(ada.open(article_id))
    expect(page.get_by_text("this project requires it")).to_be_visible()
    expect(page.locator("#review").get_by_role("button")).to_have_count(0)

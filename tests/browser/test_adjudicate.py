"""The adjudicate page in a real browser: the whole way from the first question to the finished gold set."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect
from sqlalchemy import select

from annotator.db import db
from annotator.models import Annotation, Assignment, AssignmentKind, AssignmentState
from tests.support.complaints import Complaints
from tests.support.desk import Desk
from tests.support.eventually import eventually
from tests.support.reader import expect_highlighted, go_offline, go_online, intercept, let_in, places_of, use_link


@pytest.fixture
def article(desk: Desk) -> str:
    """Both agree on "three towns"; boundary and label of the ceasefire differ; Ben alone marks the incidents."""
    article = desk.article(title="The truce")
    desk.mark("ada", article, "three towns", "unverified", reason="no-source")
    desk.mark("ben", article, "three towns", "unverified", reason="no-source")
    desk.mark("ada", article, "complete ceasefire", "sourced", note="Both said so.")
    desk.mark("ben", article, "a complete ceasefire", "disputed")
    desk.mark("ben", article, "separate incidents", "unverified")
    desk.submit("ada", article)
    desk.submit("ben", article)
    return article


@pytest.fixture
def jo(page: Page, desk: Desk, article: str) -> Page:
    """Jo's window with the article open."""
    return open_as_jo(page, desk, article)


def open_as_jo(page: Page, desk: Desk, article: str) -> Page:
    let_in(page, desk.app, "jo@example.org")
    page.goto(f"/articles/{article}/adjudicate")
    hears_keys(page)
    return page


def hears_keys(page: Page) -> None:
    """Wait until the script is at work: it shows this button."""
    expect(page.locator("#show-keys")).to_be_visible()


def gold(desk: Desk) -> list[tuple[str, str, str]]:
    with desk.app.app_context():
        rows = db.session.scalars(
            select(Annotation)
            .join(Assignment, Assignment.id == Annotation.assignment_id)
            .join(Annotation.label)
            .options(db.contains_eager(Annotation.label))
            .where(Assignment.kind == AssignmentKind.ADJUDICATION, Annotation.deleted_at.is_(None))
            .order_by(Annotation.start)
        )
        return [(row.exact, row.label.key, row.reason) for row in rows]


def current(page: Page) -> str:
    return page.locator(".question[aria-current=true] .question-quote").inner_text()


def hold_the_first(page: Page, addresses: str) -> list[Route]:
    """Let the first of these requests wait until it is continued; what is listed are all that came."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        if held:
            route.continue_()
        held.append(route)

    intercept(page, addresses, hold)
    return held


def version(page: Page, label: str) -> Locator:
    """The version with this label."""
    return page.locator(".version").filter(has=page.locator(".badge", has_text=label))


def expect_current(page: Page, quote: str) -> None:
    expect(page.locator(".question[aria-current=true] .question-quote")).to_have_text(quote)
    expect(page.locator("#looking .version-quote", has_text=quote).first).to_be_visible()


def expect_said(page: Page, words: str) -> None:
    expect(page.locator("#said")).to_contain_text(words)
    expect(page.locator("#said")).to_have_attribute("data-state", "saved")


def select_words(page: Page, block: int, start: int, end: int) -> None:
    """Select by DOM range in a block whose text is one text node there."""
    page.evaluate(
        """([block, start, end]) => {
            const element = document.querySelector(`#b${block}`);
            const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
            const place = (wanted) => {
                walker.currentNode = element;
                let left = wanted;
                for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                    if (left <= node.length) { return [node, left]; }
                    left -= node.length;
                }
                throw new Error("beyond the block");
            };
            const [from, fromAt] = place(start);
            const [to, toAt] = place(end);
            getSelection().setBaseAndExtent(from, fromAt, to, toAt);
        }""",
        [block, start, end],
    )


def select_text(page: Page, words: str) -> None:
    found = page.locator("#text .block", has_text=words).first
    block = int(found.get_attribute("data-block") or "0")
    start = (found.text_content() or "").index(words)
    select_words(page, block, start, start + len(words))


def test_from_the_first_question_to_the_finished_gold_set(jo: Page, desk: Desk, article: str) -> None:
    expect_current(jo, "a complete ceasefire")
    expect(jo.locator(".mark.is-current")).to_have_count(2)

    # Take the boundary of one with the label of the other.
    version(jo, "Disputed").get_by_role("button", name="Take and edit").click()
    expect(jo.locator("#editor-quote")).to_have_text("a complete ceasefire")
    jo.locator("#boundaries button").filter(has_not_text="Boundary").nth(1).click()
    expect(jo.locator("#editor-quote")).to_have_text("complete ceasefire")
    jo.get_by_label("Reason").select_option("scope-overstated")
    jo.locator("#editor-justification").fill("Four provinces only.")
    jo.get_by_role("button", name="Save as gold").click()
    expect_said(jo, "Saved as gold.")
    expect_current(jo, "separate incidents")

    # Nobody should have marked this.
    jo.keyboard.press("x")
    expect_said(jo, "Nothing here")
    expect_current(jo, "three towns")

    # The rest agrees.
    jo.get_by_role("link", name="Accept the agreed").click()
    expect(jo.get_by_role("checkbox")).to_have_count(1)
    jo.get_by_role("button", name="Accept the ticked claims").click()
    expect(jo.locator(".flashes")).to_contain_text("1 agreed claim is gold now.")

    # And one that everybody overlooked.
    hears_keys(jo)
    select_text(jo, "nobody could say who had fired")
    jo.keyboard.press("n")
    expect(jo.locator("#editor-quote")).to_have_text("nobody could say who had fired")
    jo.get_by_role("button", name="Save as gold").click()
    expect(jo.locator("#editor-problem")).to_have_text("Choose a label.")
    jo.locator("#editor-form").get_by_role("radio", name="Unverified").check()
    jo.get_by_role("button", name="Save as gold").click()
    expect_said(jo, "Added as gold.")
    expect(jo.locator(".question")).to_have_count(4)

    jo.get_by_role("button", name="Finish").click()
    expect(jo.locator(".flashes")).to_contain_text("The adjudication is finished")
    expect(jo.get_by_role("button", name="Take this")).to_have_count(0)
    assert gold(desk) == [
        ("complete ceasefire", "disputed", "scope-overstated"),
        ("three towns", "unverified", "no-source"),
        ("nobody could say who had fired", "unverified", ""),
    ]
    with desk.app.app_context():
        closed = db.session.scalar(select(Assignment).where(Assignment.kind == AssignmentKind.ADJUDICATION))
        assert closed is not None
        assert closed.state is AssignmentState.SUBMITTED


def test_keys_go_through_the_questions_without_deciding(jo: Page, desk: Desk) -> None:
    expect_current(jo, "a complete ceasefire")
    jo.keyboard.press("j")
    expect_current(jo, "separate incidents")
    jo.keyboard.press("j")
    expect_current(jo, "three towns")
    jo.keyboard.press("j")
    expect_current(jo, "three towns")
    jo.keyboard.press("k")
    expect_current(jo, "separate incidents")
    expect(jo).to_have_url(re.compile(r"\?question="))
    jo.reload()
    hears_keys(jo)
    expect_current(jo, "separate incidents")
    jo.keyboard.press("?")
    expect(jo.locator("#keys")).to_be_visible()
    jo.keyboard.press("1")
    jo.keyboard.press("Escape")
    expect(jo.locator("#keys")).to_be_hidden()
    assert gold(desk) == []


def test_a_digit_takes_that_version_and_undo_takes_it_back(jo: Page, desk: Desk) -> None:
    second = jo.locator(".version").nth(1).locator(".version-quote").inner_text()
    jo.locator("#justification").fill("As worded. 1")
    jo.locator("#justification").press("Escape")
    jo.keyboard.press("2")
    expect_said(jo, "Taken.")
    expect_current(jo, "separate incidents")
    assert [exact for exact, _, _ in gold(desk)] == [second]
    jo.keyboard.press("k")
    expect(jo.locator("#standing")).to_contain_text("As worded. 1")
    expect(jo.locator("#standing [data-column=exact]")).to_have_text(second)
    jo.keyboard.press("1")
    expect(jo.locator("#said")).to_contain_text("Press U to undo that first")
    assert [exact for exact, _, _ in gold(desk)] == [second]
    jo.keyboard.press("u")
    expect_said(jo, "Undone.")
    expect(jo.locator("#standing")).to_have_count(0)
    assert gold(desk) == []


def test_a_press_while_the_question_is_fetched_is_not_lost(jo: Page, desk: Desk) -> None:
    held = hold_the_first(jo, "**/adjudicate/fragment**")
    jo.locator(".question").first.click()
    jo.keyboard.press("1")
    expect(jo.locator(".question-outcome")).to_have_count(0)
    eventually(jo, lambda: len(held), 1)
    held[0].continue_()
    expect(jo.locator(".question-outcome")).to_have_count(1)
    assert len(gold(desk)) == 1


EARLY = "What was pressed before the next question came did nothing."


@pytest.mark.parametrize("held_back", ["**/api/v1/articles/*/decisions", "**/adjudicate/fragment**"])
def test_a_press_before_the_next_question_has_come_decides_nothing_and_is_told(
    jo: Page, desk: Desk, held_back: str
) -> None:
    held = hold_the_first(jo, held_back)
    jo.keyboard.press("1")
    eventually(jo, lambda: len(held), 1)
    jo.keyboard.press("1")
    held[0].continue_()
    expect_said(jo, EARLY)
    expect(jo.locator("#said")).to_contain_text("Taken.")
    expect(jo.locator(".question-outcome")).to_have_count(1)
    assert len(gold(desk)) == 1
    jo.keyboard.press("1")
    expect(jo.locator(".question-outcome")).to_have_count(2)
    expect(jo.locator("#said")).not_to_contain_text(EARLY)


def test_the_focus_stays_with_the_closing_button_when_the_parts_come_anew(
    jo: Page, desk: Desk, complaints: Complaints
) -> None:
    for taken in range(jo.locator(".question").count()):
        jo.keyboard.press("1")
        expect(jo.locator(".question-outcome")).to_have_count(taken + 1)
    button = jo.locator("#closing button")
    jo.keyboard.press("f")
    expect(button).to_be_focused()
    held = hold_the_first(jo, "**/adjudicate/fragment**")
    jo.locator(".question").first.click()
    eventually(jo, lambda: len(held), 1)
    jo.keyboard.press("f")
    with jo.expect_event("console", lambda said: said.text == "shown"):
        jo.evaluate("new MutationObserver(() => console.log('shown')).observe(answer, {childList: true})")
        held[0].continue_()
    expect(button).to_be_focused()


def test_undo_elsewhere_takes_the_last_decision_back(jo: Page, desk: Desk) -> None:
    first = current(jo)
    jo.keyboard.press("1")
    expect_current(jo, "separate incidents")
    jo.get_by_role("button", name="Undo the last decision").click()
    expect_said(jo, "Undone.")
    expect_current(jo, first)
    assert gold(desk) == []


def test_looking_at_a_mark_only_shows_its_question(jo: Page, desk: Desk) -> None:
    jo.locator(".mark", has_text="three towns").first.click()
    expect_current(jo, "three towns")
    expect(jo.locator(".mark.is-current")).to_have_count(2)
    assert gold(desk) == []


def test_a_question_whose_mark_has_no_line_of_its_own_is_reached_and_shown(page: Page, desk: Desk) -> None:
    article = desk.article()
    crowd = ["Both", "governments", "announced", "a", "complete", "ceasefire", "on", "Sunday"]
    for count in range(1, len(crowd) + 1):
        desk.mark("ada", article, " ".join(crowd[:count]))
    desk.mark("ben", article, "three towns")
    for name in ("ada", "ben"):
        desk.submit(name, article)
    jo = open_as_jo(page, desk, article)
    jo.locator("#text .mark", has_text="three towns").click()
    expect_current(jo, "three towns")
    expect_highlighted(jo, "pending", [])
    # The last words of the sentence lie in the longest claim alone, which has no line but the shared one.
    places = places_of(jo, "Sunday")
    jo.mouse.click(places["to"][0] - 4, places["to"][1])
    expect_current(jo, " ".join(crowd))
    expect_highlighted(jo, "pending", [" ".join(crowd)])


def test_letters_mean_nothing_while_a_claim_is_written(jo: Page, desk: Desk) -> None:
    jo.keyboard.press("e")
    expect(jo.locator("#editor")).to_be_visible()
    expect(jo.locator("#answer")).to_be_hidden()
    jo.keyboard.press("x")
    jo.keyboard.press("1")
    jo.keyboard.press("j")
    jo.keyboard.press("Escape")
    expect(jo.locator("#answer")).to_be_visible()
    assert gold(desk) == []
    with desk.app.app_context():
        assert db.session.scalar(select(Assignment).where(Assignment.kind == AssignmentKind.ADJUDICATION)) is None


def test_what_is_being_written_is_not_lost_by_going_elsewhere(jo: Page, desk: Desk) -> None:
    jo.locator("#justification").fill("Four provinces only.")
    jo.locator("#justification").press("Escape")
    jo.keyboard.press("j")
    expect_current(jo, "separate incidents")
    expect(jo.locator("#justification")).to_have_value("")
    jo.keyboard.press("k")
    expect_current(jo, "a complete ceasefire")
    expect(jo.locator("#justification")).to_have_value("Four provinces only.")
    jo.keyboard.press("e")
    expect(jo.locator("#editor-justification")).to_have_value("Four provinces only.")
    jo.locator(".question").nth(2).click()
    expect(jo.locator("#said")).to_contain_text("Save or cancel the claim that you are writing first.")
    expect(jo.locator("#editor")).to_be_visible()
    jo.get_by_role("button", name="Cancel").click()
    jo.keyboard.press("1")
    expect_said(jo, "Taken.")
    jo.keyboard.press("u")
    expect_said(jo, "Undone.")
    expect(jo.locator("#justification")).to_have_value("")
    assert gold(desk) == []


def test_the_boundary_is_drawn_by_selecting(jo: Page, desk: Desk) -> None:
    jo.keyboard.press("e")
    select_text(jo, "announced a complete ceasefire on Sunday")
    jo.get_by_role("button", name="Use selection").click()
    expect(jo.locator("#editor-quote")).to_have_text("announced a complete ceasefire on Sunday")
    jo.get_by_role("button", name="End one word earlier").click()
    expect(jo.locator("#editor-quote")).to_have_text("announced a complete ceasefire on")
    jo.keyboard.press("Control+Enter")
    expect_said(jo, "Saved as gold.")
    assert [exact for exact, _, _ in gold(desk)] == ["announced a complete ceasefire on"]


def test_sending_back_needs_a_question_to_the_reviewers(jo: Page, complaints: Complaints) -> None:
    complaints.expect("status of 422")
    jo.get_by_role("button", name="Send back").click()
    expect(jo.locator("#said")).to_contain_text("Say what the reviewers are asked.")
    expect(jo.locator("#justification")).to_be_focused()
    jo.locator("#justification").fill("Which capital?")
    jo.get_by_role("button", name="Send back").click()
    expect_said(jo, "Sent back.")
    expect(jo.locator(".question").first).to_contain_text("Sent back")
    expect(jo.locator(".question").first).to_have_attribute("data-state", "open")


def test_a_question_is_sent_back_by_the_keyboard_alone(jo: Page) -> None:
    jo.keyboard.press("s")
    expect(jo.locator("#said")).to_have_attribute("data-state", "refused")
    expect(jo.locator("#said use")).to_have_attribute("href", re.compile("#triangle-alert$"))
    expect(jo.locator("#justification")).to_be_focused()
    jo.keyboard.type("Whose words are these?")
    jo.keyboard.press("Control+Enter")
    expect(jo.locator("#said-words")).to_contain_text("Sent back. Saved")
    expect(jo.locator("#said use")).to_have_attribute("href", re.compile("#check$"))
    # The same keys on the next question, about which nothing was asked, do nothing.
    jo.keyboard.press("Control+Enter")
    jo.keyboard.press("j")
    expect(jo.locator(".question", has_text="Sent back")).to_have_count(1)


def test_what_another_window_decided_is_shown_not_overwritten(
    jo: Page, desk: Desk, article: str, complaints: Complaints
) -> None:
    complaints.expect("status of 409")
    other = jo.context.new_page()
    other.goto(f"/articles/{article}/adjudicate")
    hears_keys(other)
    other.keyboard.press("1")
    expect(other.locator("#said")).to_contain_text("Taken.")
    before = gold(desk)
    jo.keyboard.press("2")
    expect(jo.locator("#said")).to_contain_text("decided already")
    expect(jo.locator("#standing")).to_be_visible()
    assert gold(desk) == before


def test_without_connection_nothing_counts_as_decided(jo: Page, desk: Desk, complaints: Complaints) -> None:
    complaints.expect("ERR_INTERNET_DISCONNECTED")
    first = current(jo)
    go_offline(jo)
    jo.keyboard.press("1")
    expect(jo.locator("#said")).to_contain_text("Not saved: no connection.")
    expect(jo.locator("#said")).to_have_attribute("data-state", "refused")
    assert current(jo) == first
    assert gold(desk) == []
    go_online(jo)
    jo.keyboard.press("1")
    expect_said(jo, "Taken.")
    assert len(gold(desk)) == 1


def test_a_narrow_screen_shows_one_pane_at_a_time(jo: Page) -> None:
    jo.set_viewport_size({"width": 390, "height": 844})
    expect(jo.locator("#questions")).to_be_visible()
    expect(jo.locator("#reading")).to_be_hidden()
    jo.locator(".question").nth(2).click()
    expect(jo.locator("#decision")).to_be_visible()
    expect(jo.locator("#questions")).to_be_hidden()
    jo.get_by_role("button", name="Text", exact=True).click()
    expect(jo.locator(".mark.is-current").first).to_be_in_viewport()
    jo.keyboard.press("v")
    expect(jo.locator("#suggestion p").first).to_be_visible()
    assert jo.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_script_the_buttons_work(new_context, desk: Desk, article: str) -> None:
    page = new_context(java_script_enabled=False).new_page()
    use_link(page, desk.app, "jo@example.org")
    page.goto(f"/articles/{article}/adjudicate")
    page.locator("#justification").fill("As worded.")
    version(page, "Sourced").get_by_role("button", name="Take this").click()
    expect(page.locator("#looking .version-quote")).to_have_text("separate incidents")
    page.get_by_role("button", name="Nothing here").click()
    expect(page.locator(".question-outcome")).to_have_count(2)
    page.locator(".question").first.click()
    expect(page.locator("#standing")).to_contain_text("As worded.")
    page.get_by_role("button", name="Undo this decision").click()
    expect(page.locator("#standing")).to_have_count(0)
    assert gold(desk) == []

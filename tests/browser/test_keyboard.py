"""The annotate page by keyboard alone: the cursor in the text, marking, finding claims, and keys of one's own."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from annotator.db import transaction
from annotator.domain.text import grapheme_boundaries
from annotator.models import AssignmentState
from annotator.services import annotations as claims
from annotator.services import articles, people
from annotator.services.claims import claim_of
from tests.support.desk import STORY, Desk
from tests.support.eventually import eventually
from tests.support.reader import intercept
from tests.support.typist import Typist

OFFSETS = json.loads((Path(__file__).parents[1] / "data" / "offsets.json").read_text())
LEFTWARDS = {"after a vowel mark"}
ARABIC = "أعلنت الحكومتان وقف إطلاق النار يوم الأحد."
HEBREW = "שתי הממשלות הכריזו על הפסקת אש."
CHINESE = "双方政府宣布星期日全面停火，该部表示局势平静，只有一两起个别事件。" * 6


@pytest.fixture
def ada(app: Flask, desk: Desk, page: Page) -> Typist:
    return Typist(app, page, "ada@example.org")


def stored(desk: Desk, article_id: str) -> list[Any]:
    """Ada's live claims, by position."""
    with desk.app.app_context():
        found = articles.get_for(desk.user("ada"), article_id)
        assert found.assignment is not None
        return [claim_of(annotation) for annotation in claims.own(found.assignment.id)]


def quotes(desk: Desk, article_id: str) -> list[tuple[str, str]]:
    return [(claim.exact, claim.label) for claim in stored(desk, article_id)]


def prefer(desk: Desk, **choices: Any) -> None:
    """Give Ada keys of her own."""
    with desk.app.app_context(), transaction():
        user = desk.user("ada")
        people.set_preferences(user, replace(people.preferences_of(user), **choices))


def test_a_whole_review_needs_no_pointer(app: Flask, desk: Desk, page: Page) -> None:
    article_id = desk.article()
    ada = Typist(app, page, "ada@example.org", by_link=True)
    ada.open(article_id)
    ada.to_text()
    ada.select_words("announced a complete ceasefire on Sunday").press("Enter")
    expect(ada.menu).to_be_visible()
    ada.press("1").saved()
    ada.select_words("complete ceasefire").press("2").saved()
    ada.select_words("Both governments announced a complete").keys("Enter", "ArrowDown", "ArrowDown", "Enter").saved()
    assert quotes(desk, article_id) == [
        ("Both governments announced a complete", "unverified"),
        ("announced a complete ceasefire on Sunday", "sourced"),
        ("complete ceasefire", "disputed"),
    ]
    # Boundaries of the claim that crosses, by word and by character.
    ada.keys("Alt+ArrowRight", "Alt+Shift+ArrowRight", "Control+Alt+Shift+ArrowLeft").saved()
    assert quotes(desk, article_id)[0] == (" governments announced a complete ceasefire", "unverified")
    ada.keys("Control+Alt+Shift+ArrowRight", "Control+Alt+ArrowLeft").saved()
    assert quotes(desk, article_id)[0] == ("governments announced a complete ceasefir", "unverified")
    ada.keys("Control+Alt+ArrowRight").saved()
    # Evidence for the nested one, which is chosen from a list; Esc leads back to its end.
    ada.select_words("complete").keys("ArrowLeft", "Space")
    expect(ada.menu.get_by_role("menuitem").first).to_contain_text("complete ceasefire")
    ada.press("1")
    expect(ada.selected.locator(".claim-exact")).to_have_text("complete ceasefire")
    ada.press("e")
    ada.page.keyboard.type("Ministry of Defence")
    ada.press("Escape").saved()
    expect(ada.text).to_be_focused()
    assert ada.place == STORY.index("complete ceasefire") + len("complete ceasefire")
    assert [item.source for item in stored(desk, article_id)[2].evidence] == ["Ministry of Defence"]
    # Undo and redo, delete and undo.
    ada.press("Control+z").saved()
    assert stored(desk, article_id)[2].evidence == ()
    ada.press("Control+Shift+z").saved()
    assert [item.source for item in stored(desk, article_id)[2].evidence] == ["Ministry of Defence"]
    ada.press("Delete").saved()
    assert len(stored(desk, article_id)) == 2
    ada.press("Control+z").saved()
    ada.tab_to(ada.page.get_by_role("link", name="Submit"), back=True).press("Enter")
    ada.tab_to(ada.page.get_by_role("button", name="Submit all the same")).press("Enter")
    expect(ada.page.get_by_text("You submitted this article")).to_be_visible()
    assert quotes(desk, article_id) == [
        ("governments announced a complete ceasefire", "unverified"),
        ("announced a complete ceasefire on Sunday", "sourced"),
        ("complete ceasefire", "disputed"),
    ]
    (evidence,) = stored(desk, article_id)[2].evidence
    assert (evidence.source, evidence.stance) == ("Ministry of Defence", "refutes")
    with desk.app.app_context():
        assignment = articles.get_for(desk.user("ada"), article_id).assignment
        assert assignment is not None
        assert assignment.state is AssignmentState.SUBMITTED
    assert ada.pointed == []


def test_a_pointer_would_have_been_noticed(desk: Desk, ada: Typist) -> None:
    """The positive control of the test above."""
    ada.open(desk.article())
    assert ada.pointed == []
    ada.click_on("ceasefire")
    assert {"pointerdown", "mousedown", "click"} <= set(ada.pointed)


@pytest.mark.parametrize("case", OFFSETS["graphemes"], ids=[case["name"] for case in OFFSETS["graphemes"]])
def test_the_cursor_stops_between_characters_and_never_inside_one(
    desk: Desk, ada: Typist, case: dict[str, Any]
) -> None:
    text = case["text"]
    ada.open(desk.article(text + "\n\nThe end."))
    ada.to_text()
    with desk.app.app_context():
        wanted = grapheme_boundaries(text, 0, len(text))
    on, back = ("ArrowLeft", "ArrowRight") if case["name"] in LEFTWARDS else ("ArrowRight", "ArrowLeft")
    assert walked(ada, on, len(wanted)) == wanted
    assert walked(ada, back, len(wanted)) == wanted[::-1]


def walked(ada: Typist, key: str, count: int) -> list[int]:
    """So many places, with a press of the key between each two."""
    places = [ada.place]
    for _ in range(count - 1):
        ada.press(key)
        places.append(ada.place)
    return places


def test_words_lines_and_ends_are_walked_across_paragraphs_and_marks(desk: Desk, ada: Typist) -> None:
    article_id = desk.article()
    desk.mark("ada", article_id, "announced a complete ceasefire on Sunday")
    desk.mark("ada", article_id, "complete ceasefire", "disputed")
    desk.mark("ada", article_id, "Both governments announced a complete", "unverified")
    ada.open(article_id)
    ada.to_text()
    places = walked(ada, "Control+ArrowRight", 11)[1:]
    words = [STORY[:place].rsplit(None, 1)[-1] for place in places]
    assert words == ["Both", "governments", "announced", "a", "complete", "ceasefire", "on", "Sunday", "Sunday.", "The"]
    second = STORY.index("The ministry")
    ada.press("Control+ArrowLeft")
    assert ada.place == second
    ada.press("Home").press("ArrowLeft")
    assert ada.place == STORY.index("\n\n")
    ada.press("ArrowRight").press("End")
    assert ada.place == STORY.index("\n\nResidents")
    ada.press("Control+End")
    assert ada.place == len(STORY)
    ada.press("ArrowRight")
    assert ada.place == len(STORY)
    ada.press("Control+Home")
    assert ada.place == 0
    ada.keys("Shift+ArrowDown", "Shift+End")
    assert ada.places() == (0, STORY.index("\n\nResidents"))
    ada.press("ArrowLeft")
    assert ada.place == 0


def test_up_and_down_keep_to_their_column_over_a_short_line(desk: Desk, ada: Typist) -> None:
    ada.open(
        desk.article("A long line of words to begin with here.\n\nShort.\n\nAnother long line of words to end with.")
    )
    ada.to_text().press("End")
    column = ada.caret()["left"]
    ada.press("ArrowDown")
    short = ada.caret()["left"]
    assert short < column - 50
    ada.press("ArrowDown")
    assert ada.caret()["left"] == pytest.approx(column, abs=8)
    ada.press("ArrowUp")
    assert ada.caret()["left"] == short
    ada.press("ArrowUp")
    assert ada.caret()["left"] == column


@pytest.mark.parametrize("text", [ARABIC, HEBREW], ids=["Arabic", "Hebrew"])
def test_in_a_paragraph_from_right_to_left_the_left_key_leads_onwards(desk: Desk, ada: Typist, text: str) -> None:
    article_id = desk.article(text)
    ada.open(article_id)
    ada.to_text()
    start = ada.caret()["left"]
    ada.keys("ArrowLeft", "ArrowLeft", "ArrowLeft")
    assert ada.place == 3
    assert ada.caret()["left"] < start
    ada.press("ArrowRight")
    assert ada.place == 2
    ada.press("End")
    assert ada.place == len(text)
    assert ada.caret()["left"] < start - 100
    ada.press("Home").press("Control+Shift+ArrowLeft")
    assert ada.places() == (0, len(text.split(maxsplit=1)[0]))
    ada.press("1").saved()
    assert quotes(desk, article_id) == [(text.split(maxsplit=1)[0], "sourced")]


def test_lines_that_break_without_a_blank_end_behind_their_last_character(desk: Desk, ada: Typist) -> None:
    article_id = desk.article(CHINESE)
    ada.open(article_id)
    ada.to_text()
    first = ada.caret()
    ada.press("End")
    end, length = ada.caret(), ada.place
    assert end["top"] == first["top"]
    assert end["left"] > first["left"] + 200
    ada.press("ArrowRight")
    assert ada.place == length + 1
    assert ada.caret()["top"] > first["top"]
    ada.press("Home").press("Shift+End")
    assert ada.places()[0] == length
    ada.keys("Control+Home", "Shift+End", "1").saved()
    assert quotes(desk, article_id) == [(CHINESE[:length], "sourced")]
    ada.keys("Control+Home", "ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp")
    assert ada.place == 0


def test_the_cursor_stays_in_sight_on_every_way_through_a_long_article(desk: Desk, ada: Typist) -> None:
    text = "\n\n".join(f"Paragraph {number} says something of some length about the truce." for number in range(120))
    ada.open(desk.article(text))
    ada.to_text()
    bar = ada.page.locator("#labelbar").bounding_box()
    assert bar is not None
    height = ada.page.viewport_size["height"] if ada.page.viewport_size else 0
    seen = set()
    for keys in (["ArrowDown"] * 40, ["PageDown"] * 3, ["Control+End"], ["PageUp"] * 4, ["ArrowUp"] * 30):
        before = ada.place
        ada.keys(*keys)
        # What came into view is laid out in the next frame, and then the cursor is brought into sight once more.
        eventually(
            ada.page, lambda: bar["y"] + bar["height"] <= ada.caret()["top"] and ada.caret()["bottom"] <= height, True
        )
        assert ada.place != before
        seen.add(ada.place)
    assert len(seen) == 5
    ada.press("PageDown").press("PageUp")
    ada.press("Control+Home")
    assert ada.place == 0
    for _ in range(40):
        ada.press("PageDown")
    assert ada.place == len(text)


def test_the_cursor_outlives_the_drawing_of_its_paragraph(desk: Desk, ada: Typist) -> None:
    article_id = desk.article()
    ada.open(article_id)
    ada.to_text()
    ada.select_words("complete ceasefire").press("1").saved()
    end = STORY.index("complete ceasefire") + len("complete ceasefire")
    expect(ada.text).to_be_focused()
    assert ada.place == end
    assert ada.caret()["height"] > 0
    ada.keys("ArrowRight", "ArrowRight")
    assert ada.place == end + 2
    # A selection that was made before the drawing came is still there after it.
    held: list[Any] = []

    def hold(route: Any) -> None:
        held.append(route)

    intercept(ada.page, "**/blocks?*", hold)
    ada.select_words("governments")
    with ada.page.expect_request("**/blocks?*"):
        ada.press("2")
    ada.keys("ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight")
    before = ada.places()
    eventually(ada.page, lambda: len(held), 1)
    for route in held:
        route.continue_()
    ada.page.unroute("**/blocks?*")
    ada.saved()
    assert ada.places() == before
    ada.press("Shift+ArrowRight")
    assert ada.places() == (before[0], before[1] + 1)


def test_an_armed_label_waits_for_enter_while_the_keyboard_selects(desk: Desk, ada: Typist) -> None:
    article_id = desk.article()
    ada.open(article_id)
    ada.to_text().press("2")
    expect(ada.page.locator("#hint")).to_contain_text("Armed: Disputed.")
    ada.select_words("Both governments")
    ada.page.wait_for_timeout(900)
    expect(ada.cards).to_have_count(0)
    ada.press("Enter").saved()
    assert quotes(desk, article_id) == [("Both governments", "disputed")]
    ada.press("Escape")
    expect(ada.page.locator("#hint")).not_to_contain_text("Armed")


def test_esc_leaves_from_the_inside_out_and_the_cursor_stays_at_the_words(desk: Desk, ada: Typist) -> None:
    article_id = desk.article()
    desk.mark("ada", article_id, "complete ceasefire")
    start, end = STORY.index("complete"), STORY.index(" on Sunday")
    ada.open(article_id)
    ada.to_text()
    ada.select_words("Both").press("Enter").press("Escape")
    expect(ada.menu).to_have_count(0)
    expect(ada.text).to_be_focused()
    assert ada.places() == (0, 4)
    ada.press("Escape")
    assert ada.place == 4
    # Enter on a mark leads into its form, to what its label still needs.
    ada.keys("ArrowRight", times=start + 3 - 4).press("Enter")
    expect(ada.field("Speaker")).to_be_focused()
    ada.press("Escape")
    expect(ada.text).to_be_focused()
    assert ada.place == end
    expect(ada.selected).to_have_count(1)
    ada.press("Escape")
    expect(ada.selected).to_have_count(0)
    assert ada.place == end


def test_the_claim_keys_go_on_from_the_cursor_and_take_it_along(desk: Desk, ada: Typist) -> None:
    article_id = desk.article()
    desk.mark("ada", article_id, "complete ceasefire")
    desk.mark("ada", article_id, "three towns", "unverified")
    ada.open(article_id)
    ada.to_text().keys("ArrowDown").press("n")
    expect(ada.selected.locator(".claim-exact")).to_have_text("three towns")
    assert ada.place == STORY.index("three towns")
    expect(ada.text).to_be_focused()
    ada.press("p")
    assert ada.place == STORY.index("complete ceasefire")
    ada.press("a")
    expect(ada.field("Speaker")).to_be_focused()
    # Letters are text in a field.
    ada.page.keyboard.type("nap")
    expect(ada.field("Speaker")).to_have_value("nap")


def test_overlapping_claims_are_chosen_from_a_list_the_innermost_first(desk: Desk, ada: Typist) -> None:
    article_id = desk.article()
    desk.mark("ada", article_id, "announced a complete ceasefire on Sunday")
    desk.mark("ada", article_id, "complete ceasefire", "disputed")
    ada.open(article_id)
    ada.to_text().keys("ArrowRight", times=STORY.index("complete") + 2).press("Space")
    entries = ada.menu.get_by_role("menuitem")
    expect(entries).to_have_count(2)
    expect(entries.first).to_contain_text("Disputed")
    expect(entries.first).to_be_focused()
    ada.press("ArrowDown")
    expect(entries.nth(1)).to_be_focused()
    ada.press("ArrowDown")
    expect(entries.first).to_be_focused()
    ada.keys("End", "Enter")
    expect(ada.selected.locator(".claim-exact")).to_have_text("announced a complete ceasefire on Sunday")
    expect(ada.text).to_be_focused()
    ada.press("Space").press("Escape")
    expect(ada.menu).to_have_count(0)
    expect(ada.selected.locator(".claim-exact")).to_have_text("announced a complete ceasefire on Sunday")
    # Where there is one claim there is nothing to ask.
    ada.keys("Control+Home").keys("ArrowRight", times=STORY.index("announced") + 1).press("Space")
    expect(ada.menu).to_have_count(0)


def test_keys_of_ones_own_act_and_the_usual_ones_do_not(desk: Desk, ada: Typist) -> None:
    article_id = desk.article()
    prefer(desk, keys={"label-1": ["F2"], "next-claim": ["J"], "cursor-right": ["Alt+L"], "undo": []})
    ada.open(article_id)
    ada.to_text().press("ArrowRight")
    assert ada.place == 0
    ada.keys("Alt+Shift+L", "Alt+Shift+L", "Alt+Shift+L", "Alt+Shift+L").press("1")
    expect(ada.cards).to_have_count(0)
    ada.press("F2").saved()
    assert quotes(desk, article_id) == [("Both", "sourced")]
    ada.press("Control+z").press("Escape").press("n")
    expect(ada.cards).to_have_count(1)
    expect(ada.selected).to_have_count(0)
    ada.press("j")
    expect(ada.selected).to_have_count(1)
    ada.press("?")
    dialog = ada.page.get_by_role("dialog", name="Keys")
    expect(dialog.get_by_role("row", name="Next claim J")).to_be_visible()
    expect(dialog.get_by_role("row", name="Undo no key")).to_be_visible()


def test_with_single_keys_switched_off_only_those_act_that_type_nothing(desk: Desk, ada: Typist) -> None:
    article_id = desk.article()
    desk.mark("ada", article_id, "three towns")
    prefer(desk, single_keys=False)
    ada.open(article_id)
    ada.to_text()
    ada.select_words("Both").keys("1", "n", "?", "Space")
    expect(ada.cards).to_have_count(1)
    expect(ada.selected).to_have_count(0)
    expect(ada.page.locator("#keys")).to_be_hidden()
    ada.keys("Enter", "1").saved()
    assert quotes(desk, article_id) == [("Both", "sourced"), ("three towns", "sourced")]
    ada.press("Control+z").saved()
    assert quotes(desk, article_id) == [("three towns", "sourced")]


def test_letters_act_on_a_keyboard_of_another_script(desk: Desk, ada: Typist) -> None:
    article_id = desk.article()
    desk.mark("ada", article_id, "three towns")
    ada.open(article_id)
    ada.to_text()
    # What a Russian keyboard sends for the key on which N stands.
    ada.page.evaluate("document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: 'т', code: 'KeyN', bubbles: true, cancelable: true}))")  # fmt: skip
    expect(ada.selected.locator(".claim-exact")).to_have_text("three towns")


def test_a_key_is_changed_by_pressing_it(desk: Desk, ada: Typist) -> None:
    ada.page.goto("/account/keys")
    ada.tab_to(ada.page.get_by_role("button", name="Press a key for: Next claim")).press("Enter")
    expect(ada.page.get_by_role("status").filter(has_text="Press the key")).to_be_visible()
    ada.press("Alt+j")
    field = ada.page.get_by_role("textbox", name="Next claim")
    expect(field).to_have_value("Alt+J")
    ada.tab_to(field, back=True).press("Enter")
    expect(ada.page.get_by_text("Your keys are changed.")).to_be_visible()
    with desk.app.app_context():
        assert people.preferences_of(desk.user("ada")).keys == {"next-claim": ["Alt+J"]}
    ada.tab_to(ada.page.get_by_role("button", name="Reset: Next claim")).press("Enter")
    expect(field).to_have_value("N")
    assert ada.pointed == []


def test_text_lists_and_what_the_cursor_meets_can_be_heard(desk: Desk, ada: Typist) -> None:
    article_id = desk.article()
    desk.mark("ada", article_id, "complete ceasefire", "disputed")
    ada.open(article_id)
    ada.to_text()
    expect(ada.text).to_have_accessible_description(
        "The arrow keys move a cursor in the text; with Shift they select. Enter labels what is selected. "
        "The list of keys is in the bar at the top."
    )
    expect(ada.spoken).to_have_attribute("aria-live", "assertive")
    for heard in ("o", "t", "h", "space"):
        ada.press("ArrowRight")
        expect(ada.spoken).to_have_text(heard)
    ada.press("Control+ArrowRight")
    expect(ada.spoken).to_have_text("governments")
    ada.press("ArrowDown")
    expect(ada.spoken).to_contain_text("The ministry said it was calm")
    ada.press("Control+Home")
    expect(ada.spoken).to_contain_text("Both governments announced")
    # Each is heard before the next: quick steps are read as one, and how quick they are is the machine's affair.
    for heard in ("Both", "governments", "announced", "a"):
        ada.press("Control+ArrowRight")
        expect(ada.spoken).to_have_text(heard)
    ada.press("ArrowRight")
    expect(ada.spoken).to_have_text("Disputed claim: complete ceasefire, c")
    ada.press("Shift+Control+ArrowRight")
    expect(ada.spoken).to_have_text("complete selected")
    ada.press("Enter")
    expect(ada.menu).to_have_accessible_name("Label the selected text")
    expect(ada.menu.get_by_role("menuitem").first).to_have_accessible_name("Sourced")
    ada.press("1").saved()
    expect(ada.page.locator("#saved")).to_have_role("status")
    ada.keys("ArrowLeft", "Space")
    expect(ada.menu).to_have_accessible_name("Claims here, the innermost first")
    expect(ada.menu.get_by_role("menuitem").nth(1)).to_have_accessible_name("Disputed complete ceasefire")
    ada.press("2")
    expect(ada.spoken).to_have_text("Disputed claim: complete ceasefire selected")


def test_whoever_only_reads_walks_and_finds_claims_but_marks_nothing(desk: Desk, ada: Typist) -> None:
    article_id = desk.article()
    desk.mark("ada", article_id, "complete ceasefire")
    desk.submit("ada", article_id)
    ada.page.goto(f"/articles/{article_id}")
    ada.to_text().keys("ArrowRight", times=STORY.index("complete") + 1).press("Space")
    expect(ada.selected.locator(".claim-exact")).to_have_text("complete ceasefire")
    ada.keys("Escape", "Control+Shift+ArrowRight", "1", "Enter", "Delete", "e")
    expect(ada.menu).to_have_count(0)
    assert quotes(desk, article_id) == [("complete ceasefire", "sourced")]

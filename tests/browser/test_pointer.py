"""Marking with the mouse and with a finger: whole words, handles, taps, and clicks where marks overlap."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from annotator.db import db
from annotator.models import Annotation, Assignment, Label
from annotator.services import projects
from tests.support.desk import STORY, Desk
from tests.support.eventually import eventually
from tests.support.reader import HIGHLIGHTED, Reader, expect_highlighted, places_of


@pytest.fixture
def thumb(app: Flask, desk: Desk, new_context: Callable[..., Any]) -> Reader:
    """Ada with a phone."""
    context = new_context(viewport={"width": 390, "height": 780}, has_touch=True, is_mobile=True)
    return Reader(app, context.new_page(), "ada@example.org")


def quotes(desk: Desk, article_id: str) -> list[tuple[str, str]]:
    with desk.app.app_context():
        query = select(Annotation.exact, Label.key).join(Assignment).join(Label, Label.id == Annotation.label_id)
        query = query.where(Assignment.article_id == article_id, Annotation.deleted_at.is_(None))
        return [(exact, key) for exact, key in db.session.execute(query.order_by(Annotation.start, Annotation.end))]


def places(reader: Reader, words: str) -> dict[str, list[float]]:
    return places_of(reader.page, words)


def drag_between(reader: Reader, first: str, last: str, *, alt: bool = False) -> Reader:
    """Press in the middle of `first`, let go in the middle of `last`."""
    mouse, keyboard = reader.page.mouse, reader.page.keyboard
    ends = [middle(places(reader, words)) for words in (first, last)]
    if alt:
        keyboard.down("Alt")
    mouse.move(*ends[0])
    mouse.down()
    mouse.move(*ends[1], steps=8)
    mouse.up()
    if alt:
        keyboard.up("Alt")
    return reader


def middle(place: dict[str, list[float]]) -> tuple[float, float]:
    return (place["from"][0] + place["to"][0]) / 2, place["from"][1]


def tap(reader: Reader, words: str) -> Reader:
    reader.page.touchscreen.tap(*middle(places(reader, words)))
    return reader


def expect_washed(reader: Reader, *words: str) -> None:
    """The words under the wash that shows what would be marked."""
    expect_highlighted(reader.page, "pending", list(words))


def handle(reader: Reader, edge: str) -> dict[str, float]:
    """Where the handle stands; it goes along with words that move a frame after them."""
    place = reader.page.locator(f".handle-{edge}")
    expect(place).to_have_js_property("hidden", False)
    stands = place.element_handle()
    assert stands is not None
    stands.wait_for_element_state("stable")
    box = place.bounding_box()
    assert box is not None
    return {**box}


def take_handle(reader: Reader, edge: str) -> None:
    """Press on what is drawn of the handle: its round end, above the first word or below the last."""
    box = handle(reader, edge)
    reader.page.mouse.move(box["x"], box["y"] - 2 if edge == "start" else box["y"] + box["height"] + 2)
    reader.page.mouse.down()


def test_what_the_mouse_selects_grows_to_whole_words_and_shows_it(desk: Desk, ada: Reader) -> None:
    article_id = desk.article()
    drag_between(ada.open(article_id), "complete", "ceasefire")
    expect_washed(ada, "complete ceasefire")
    ada.press("1").saved()
    assert quotes(desk, article_id) == [("complete ceasefire", "sourced")]


def test_a_word_does_not_swallow_the_stop_or_the_quotation_mark(desk: Desk, ada: Reader) -> None:
    article_id = desk.article()
    drag_between(ada.open(article_id), "separate", "incidents").press("1").saved()
    drag_between(ada, "Sunday", "day").press("2").saved()
    assert [exact for exact, _ in quotes(desk, article_id)] == ["Sunday", "separate incidents"]


def test_with_alt_held_the_selection_is_exact(desk: Desk, ada: Reader) -> None:
    article_id = desk.article("A ceasefire-monitoring team came.")
    drag_between(ada.open(article_id), "fire", "monitor", alt=True)
    ada.press("1").saved()
    [(exact, _)] = quotes(desk, article_id)
    assert exact in {"re-moni", "ire-moni", "re-mon", "ire-mon"}


def test_a_project_can_take_every_selection_as_it_is(desk: Desk, ada: Reader) -> None:
    def exactly() -> None:
        projects.by_slug(desk.slug).snap_to_words = False

    desk.write(exactly)
    article_id = desk.article()
    drag_between(ada.open(article_id), "complete", "ceasefire").press("1").saved()
    [(exact, _)] = quotes(desk, article_id)
    assert exact != "complete ceasefire"
    assert exact in "complete ceasefire"


def test_a_selection_of_the_keyboard_is_exact(desk: Desk, ada: Reader) -> None:
    article_id = desk.article()
    ada.open(article_id).select("plete cease").press("1").saved()
    assert quotes(desk, article_id) == [("plete cease", "sourced")]


def test_a_double_click_takes_the_word_and_a_triple_click_the_paragraph(desk: Desk, ada: Reader) -> None:
    article_id = desk.article("Fighters re-opened the road.\n\nNobody came.")
    ada.open(article_id).page.mouse.dblclick(*middle(places(ada, "opened")))
    expect_washed(ada, "re-opened")
    ada.press("1").saved()
    ada.page.mouse.click(*middle(places(ada, "Nobody")), click_count=3)
    ada.press("2").saved()
    assert quotes(desk, article_id) == [("re-opened", "sourced"), ("Nobody came.", "disputed")]


def test_dragging_a_handle_moves_the_boundary_and_keeps_the_rest(desk: Desk, ada: Reader) -> None:
    article_id = desk.article()
    marked = desk.mark("ada", article_id, "complete ceasefire", note="Seen twice.")
    ada.open(article_id).click_on("complete ceasefire")
    take_handle(ada, "end")
    ada.page.mouse.move(*middle(places(ada, "Sunday")), steps=8)
    expect_washed(ada, "complete ceasefire on Sunday")
    assert quotes(desk, article_id) == [("complete ceasefire", "sourced")]
    ada.page.mouse.up()
    ada.saved()
    stored = desk.stored(marked)
    assert (stored.exact, stored.version, stored.note) == ("complete ceasefire on Sunday", 2, "Seen twice.")
    take_handle(ada, "start")
    ada.page.mouse.move(*middle(places(ada, "announced")), steps=8)
    ada.page.mouse.up()
    ada.saved()
    assert desk.stored(marked).exact == "announced a complete ceasefire on Sunday"
    expect(ada.cards).to_have_count(1)


def test_escape_leaves_a_dragged_claim_as_it_was(desk: Desk, ada: Reader) -> None:
    article_id = desk.article()
    marked = desk.mark("ada", article_id, "complete ceasefire")
    ada.open(article_id).click_on("complete ceasefire")
    take_handle(ada, "start")
    ada.page.mouse.move(*middle(places(ada, "governments")), steps=8)
    expect_washed(ada, "governments announced a complete ceasefire")
    ada.press("Escape")
    expect_washed(ada)
    ada.page.mouse.up()
    ada.saved()
    assert (desk.stored(marked).exact, desk.stored(marked).version) == ("complete ceasefire", 1)
    expect(ada.selected.locator(".claim-exact")).to_have_text("complete ceasefire")


def test_a_handle_never_crosses_the_other_one_and_is_exact_with_alt(desk: Desk, ada: Reader) -> None:
    article_id = desk.article()
    marked = desk.mark("ada", article_id, "complete ceasefire")
    ada.open(article_id).click_on("complete ceasefire")
    take_handle(ada, "end")
    ada.page.mouse.move(*middle(places(ada, "governments")), steps=8)
    ada.page.mouse.up()
    ada.saved()
    assert desk.stored(marked).exact.startswith("complete")
    take_handle(ada, "end")
    ada.page.keyboard.down("Alt")
    ada.page.mouse.move(*middle(places(ada, "ceasefire")), steps=8)
    ada.page.mouse.up()
    ada.page.keyboard.up("Alt")
    ada.saved()
    exact = desk.stored(marked).exact
    assert exact.startswith("complete ceas")
    assert exact != "complete ceasefire"


def handles_off(reader: Reader, words: str) -> str:
    """The handles that do not stand at the ends of these words."""
    ends = places(reader, words)
    off = []
    for edge, (x, y) in (("start", ends["from"]), ("end", ends["to"])):
        box = handle(reader, edge)
        if abs(box["x"] - x) >= 3 or not box["y"] <= y <= box["y"] + box["height"]:
            off.append(edge)
    return ", ".join(off)


def test_handles_are_large_enough_stay_at_the_words_and_are_unknown_to_readers_of_the_screen(
    desk: Desk, ada: Reader
) -> None:
    article_id = desk.article(STORY + "\n\n" + "Nothing more was said about it. " * 80)
    desk.mark("ada", article_id, "three towns")
    ada.open(article_id).click_on("three towns")
    for width in (1280, 700, 1600):
        ada.page.set_viewport_size({"width": width, "height": 700})
        # The observer of sizes is told after the next frame.
        eventually(ada.page, lambda: handles_off(ada, "three towns"), "")
    reach = "(edge) => parseFloat(getComputedStyle(document.querySelector(`.handle-${edge}`), '::after').inlineSize)"
    assert [ada.page.evaluate(reach, edge) >= 24 for edge in ("start", "end")] == [True, True]
    assert ada.page.locator(".handle:not([aria-hidden='true'])").count() == 0


def test_in_a_text_from_right_to_left_the_handles_are_mirrored(desk: Desk, ada: Reader) -> None:
    article_id = desk.article("قالت مصادر محلية إن إطلاق النار بدأ يوم الأحد", language="ar")
    marked = desk.mark("ada", article_id, "إطلاق النار")
    ada.open(article_id).page.locator(".mark").first.click()
    assert handle(ada, "start")["x"] > handle(ada, "end")["x"]
    take_handle(ada, "end")
    ada.page.mouse.move(*middle(places(ada, "بدأ")), steps=8)
    ada.page.mouse.up()
    ada.saved()
    assert desk.stored(marked).exact == "إطلاق النار بدأ"


def test_a_click_goes_round_crossing_and_nested_marks(desk: Desk, ada: Reader) -> None:
    article_id = desk.article()
    for exact in ("governments announced a complete", "complete ceasefire on Sunday", "a complete ceasefire"):
        desk.mark("ada", article_id, exact)
    ada.open(article_id)
    seen = []
    for number in range(4):
        # Not twice on one place in a row: that would be a double click, which selects the word.
        ada.click_on(("com", "plete")[number % 2])
        seen.append(ada.selected.locator(".claim-exact").inner_text())
    assert len(set(seen[:3])) == 3
    assert seen[3] == seen[0]


CROWD = (
    "ceasefire on",
    "complete ceasefire on",
    "complete ceasefire on Sunday",
    "a complete ceasefire on Sunday",
    "announced a complete ceasefire on Sunday",
    "governments announced a complete ceasefire on Sunday",
    "governments announced a complete ceasefire on Sunday.",
    "Both governments announced a complete ceasefire on Sunday.",
)
"""Eight claims over one word, from the inside out: two more than have a line of their own."""


def test_where_more_claims_lie_than_lines_are_drawn_a_click_still_reaches_each(desk: Desk, ada: Reader) -> None:
    article_id = desk.article()
    ids = [str(desk.mark("ada", article_id, exact)) for exact in CROWD]
    ada.open(article_id)
    expect(ada.page.locator("#text .mark.more")).to_have_count(1)
    expect(ada.page.locator(f'#text [data-annotation="{ids[5]}"]')).not_to_have_count(0)
    expect(ada.page.locator(f'#text [data-annotation="{ids[6]}"]')).to_have_count(0)
    reached, washed_over = [], []
    for number in range(len(CROWD) + 1):
        # Not twice on one word in a row: that would be a double click, which selects it.
        ada.click_on(("ceasefire", "ceasefire on")[number % 2])
        reached.append(ada.selected.locator(".claim-exact").inner_text())
        washed_over.append(ada.page.evaluate(HIGHLIGHTED, "selected"))
    assert reached == [*CROWD, CROWD[0]]
    # What has a line of its own is washed by it; the others by a highlight over their words.
    assert washed_over == [[]] * 6 + [[CROWD[6]], [CROWD[7]], []]


def test_a_claim_without_a_line_of_its_own_is_found_from_the_list(desk: Desk, ada: Reader) -> None:
    article_id = desk.article("It was calm.\n\n" * 60 + STORY)
    for exact in CROWD:
        desk.mark("ada", article_id, exact)
    ada.open(article_id)
    ada.cards.filter(has_text="Both governments announced").first.locator(".claim-head").click()
    expect(ada.page.locator("#text .mark.more")).to_be_in_viewport()


def test_two_taps_and_a_label_mark_a_passage(desk: Desk, thumb: Reader) -> None:
    article_id = desk.article()
    tap(thumb.open(article_id), "shelling")
    expect_washed(thumb, "shelling")
    expect(thumb.page.locator("#hint")).to_have_text("Tap the last word, or press a label.")
    tap(thumb, "towns")
    expect_washed(thumb, "shelling in three towns")
    thumb.page.get_by_role("toolbar").get_by_role("button", name="Disputed").tap()
    expect(thumb.cards).to_have_count(1)
    thumb.saved()
    assert quotes(desk, article_id) == [("shelling in three towns", "disputed")]
    expect_washed(thumb)


def test_one_tap_is_a_word_and_the_last_word_may_come_before_the_first(desk: Desk, thumb: Reader) -> None:
    article_id = desk.article()
    tap(thumb.open(article_id), "towns")
    expect_washed(thumb, "towns")
    tap(thumb, "shelling")
    expect_washed(thumb, "shelling in three towns")
    tap(thumb, "Residents")
    expect_washed(thumb, "Residents")
    thumb.page.get_by_role("toolbar").get_by_role("button", name="Sourced").tap()
    expect(thumb.cards).to_have_count(1)
    thumb.saved()
    assert quotes(desk, article_id) == [("Residents", "sourced")]


def test_an_armed_label_marks_with_the_second_tap_also_inside_a_mark(desk: Desk, thumb: Reader) -> None:
    article_id = desk.article()
    desk.mark("ada", article_id, "a complete ceasefire on Sunday")
    thumb.open(article_id).page.get_by_role("toolbar").get_by_role("button", name="Disputed").tap()
    expect(thumb.page.locator("#hint")).to_contain_text("Armed: Disputed.")
    tap(thumb, "complete")
    expect(thumb.page.locator("#hint")).to_have_text("Tap the last word.")
    assert len(quotes(desk, article_id)) == 1
    tap(thumb, "ceasefire")
    expect(thumb.cards).to_have_count(2)
    thumb.saved()
    assert ("complete ceasefire", "disputed") in quotes(desk, article_id)


def test_a_tap_on_a_mark_selects_it_and_what_was_chosen_can_be_cancelled(desk: Desk, thumb: Reader) -> None:
    article_id = desk.article()
    desk.mark("ada", article_id, "complete ceasefire")
    cancel = thumb.page.locator("#cancel-selection")
    tap(thumb.open(article_id), "Residents")
    expect(cancel).to_be_visible()
    cancel.tap()
    expect(cancel).to_be_hidden()
    expect_washed(thumb)
    tap(thumb, "complete ceasefire")
    expect(thumb.selected.locator(".claim-exact")).to_have_text("complete ceasefire")
    assert len(quotes(desk, article_id)) == 1


def test_the_labels_stand_at_the_thumb(desk: Desk, thumb: Reader) -> None:
    thumb.open(desk.article())
    for button in thumb.page.locator(".label-button").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        assert box["y"] > 680
    assert thumb.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_handle_can_be_dragged_with_a_finger(desk: Desk, thumb: Reader) -> None:
    article_id = desk.article()
    marked = desk.mark("ada", article_id, "shelling")
    tap(thumb.open(article_id), "shelling")
    thumb.page.locator("#panel-close").tap()
    expect(thumb.page.locator("#panel-close")).to_be_hidden()
    to_x, to_y = middle(places(thumb, "towns"))
    finger = thumb.page.context.new_cdp_session(thumb.page)
    box = handle(thumb, "end")
    below = box["height"] / 2 + 4
    x, y = box["x"], box["y"] + box["height"] / 2 + below
    # The finger stays below the line that it means, or it would cover the words.
    to_y += below

    def touch(kind: str, *points: tuple[float, float]) -> None:
        finger.send(
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": px, "y": py} for px, py in points]}
        )

    touch("touchStart", (x, y))
    for step in range(1, 9):
        touch("touchMove", (x + (to_x - x) * step / 8, y + (to_y - y) * step / 8))
    expect_washed(thumb, "shelling in three towns")
    touch("touchEnd")
    expect(thumb.selected.locator(".claim-exact")).to_have_text("shelling in three towns")
    thumb.saved()
    assert desk.stored(marked).exact == "shelling in three towns"


def test_the_help_about_labels_lies_over_none_of_them(desk: Desk, thumb: Reader) -> None:
    article = desk.article(STORY)
    desk.mark("ada", article, "complete ceasefire", "sourced")
    tap(thumb.open(article), "complete ceasefire")
    sign = thumb.page.locator(".label-help .icon")
    expect(sign).to_be_visible()
    below, above = sign.evaluate(
        "sign => [sign.getBoundingClientRect().bottom, "
        "sign.closest('.label-choice').querySelector('.segmented').getBoundingClientRect().top]"
    )
    assert below <= above

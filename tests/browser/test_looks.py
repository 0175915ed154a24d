"""How the annotate page looks to different people: their preferences, their script, their printer, their colours."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from annotator.domain.preferences import LineHeight, Preferences, TextSize, TextWidth, Typeface
from annotator.services import people
from tests.support.desk import STORY, Desk
from tests.support.eventually import eventually
from tests.support.reader import Reader, go_offline

STYLE = """([selector, ...names]) => {
    const style = getComputedStyle(document.querySelector(selector));
    return names.map((name) => style.getPropertyValue(name));
}"""

SPOKEN = {
    "ar": ("قالت مصادر محلية إن إطلاق النار توقف", "Noto Naskh Arabic"),
    "he": ("הצבא הודיע כי הפסקת האש החלה", "Noto Serif Hebrew"),
    "zh": ("两国政府宣布全面停火。", "Songti SC"),
    "zh-Hant": ("兩國政府宣布全面停火。", "Songti TC"),
    "ja": ("両政府は停戦を発表した。", "Hiragino Mincho ProN"),
    "hi": ("सरकार ने पूर्ण युद्धविराम घोषित किया।", "Noto Serif Devanagari"),
    "ur": ("حکومت نے جنگ بندی کا اعلان کیا", "Noto Nastaliq Urdu"),
}


def style(page: Page, selector: str, *names: str) -> list[str]:
    found: list[str] = page.evaluate(STYLE, [selector, *names])
    return found


def open_menu(reader: Reader) -> None:
    reader.page.locator("#preferences-menu > summary").click()


def choose(reader: Reader, group: str, words: str) -> None:
    reader.page.get_by_role("group", name=group).locator("label", has_text=words).click()


def keep(reader: Reader, group: str, words: str) -> None:
    """Choose in the menu, and wait until the choice is kept."""
    with reader.page.expect_response(lambda answer: answer.request.method == "POST"):
        choose(reader, group, words)


def test_a_choice_in_the_menu_shows_at_once_and_is_kept(desk: Desk, ada: Reader) -> None:
    ada.open(desk.article())
    before = float(style(ada.page, "#b1", "font-size")[0].removesuffix("px"))
    open_menu(ada)
    keep(ada, "Size", "Huge")
    keep(ada, "Typeface", "Sans serif")
    assert float(style(ada.page, "#b1", "font-size")[0].removesuffix("px")) > 1.2 * before
    expect(ada.page.locator("#preferences-state")).to_have_text("Kept for all articles.")
    ada.page.keyboard.press("Escape")
    expect(ada.page.locator("#preferences")).to_be_hidden()
    expect(ada.page.locator("#preferences-menu > summary")).to_be_focused()
    ada.open(desk.article(STORY + " "))
    assert float(style(ada.page, "#b1", "font-size")[0].removesuffix("px")) > 1.2 * before
    with desk.app.app_context():
        assert people.preferences_of(desk.user("ada")).typeface is Typeface.SANS


def test_a_choice_leaves_the_reader_at_the_same_words(desk: Desk, ada: Reader) -> None:
    ada.open(desk.article("\n\n".join(f"Paragraph {number}. {STORY[:50]}" for number in range(1, 120))))
    ada.page.locator("#b60").evaluate("(block) => block.scrollIntoView({ block: 'start' })")
    # What comes into sight is laid out with the next frames.
    ada.page.locator("#b60").element_handle().wait_for_element_state("stable")
    top = "(block) => Math.round(block.getBoundingClientRect().top)"
    read = ada.page.evaluate("""() => [...document.querySelectorAll(".block")].find(
        (block) => block.getBoundingClientRect().bottom > 120).id""")
    before = ada.page.locator(f"#{read}").evaluate(top)
    open_menu(ada)
    choose(ada, "Lines", "Loose")
    eventually(ada.page, lambda: abs(ada.page.locator(f"#{read}").evaluate(top) - before) <= 2, True)


def test_without_a_connection_the_choice_holds_and_the_menu_says_that_it_is_not_kept(
    desk: Desk, ada: Reader, complaints: Any
) -> None:
    ada.open(desk.article())
    complaints.expect("ERR_INTERNET_DISCONNECTED")
    go_offline(ada.page)
    open_menu(ada)
    choose(ada, "Width", "Narrow")
    expect(ada.page.locator("#preferences-state")).to_contain_text("Not kept")
    expect(ada.page.locator("html[data-text-width='narrow']")).to_have_count(1)
    ada.page.context.set_offline(False)


@pytest.mark.parametrize("size", TextSize)
def test_no_choice_makes_a_small_screen_scroll_sideways(desk: Desk, ada: Reader, size: TextSize) -> None:
    chosen = Preferences(size, LineHeight.LOOSE, TextWidth.WIDE, Typeface.SANS)
    desk.write(lambda: people.set_preferences(desk.user("ada"), chosen))
    article_id = desk.article()
    desk.mark("ada", article_id, "complete ceasefire")
    for width in (320, 390, 1280, 2560):
        ada.page.set_viewport_size({"width": width, "height": 800})
        ada.open(article_id)
        assert ada.page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_page_of_the_account_shows_each_choice_before_it_is_kept(desk: Desk, ada: Reader) -> None:
    ada.page.goto("/account/reading")
    choose(ada, "Lines", "Loose")
    expect(ada.page.locator("html[data-line-height='loose']")).to_have_count(1)
    with desk.app.app_context():
        assert people.preferences_of(desk.user("ada")).line_height is LineHeight.NORMAL
    ada.page.get_by_role("button", name="Save").click()
    expect(ada.page.get_by_text("Texts are set as you chose.")).to_be_visible()
    with desk.app.app_context():
        assert people.preferences_of(desk.user("ada")).line_height is LineHeight.LOOSE


@pytest.mark.parametrize("language", SPOKEN)
def test_each_script_has_its_faces_and_its_side(desk: Desk, ada: Reader, language: str) -> None:
    text, face = SPOKEN[language]
    article_id = desk.article(text, language=language)
    desk.mark("ada", article_id, text[:6].strip())
    ada.open(article_id)
    family, direction = style(ada.page, "#b1", "font-family", "direction")
    assert family.split(",")[0].strip('"') == face
    rightwards = language not in {"ar", "he", "ur"}
    assert direction == ("ltr" if rightwards else "rtl")
    number, letter = (
        ada.page.evaluate("(part) => parseFloat(getComputedStyle(document.getElementById('b1'), part).left)", part)
        for part in ("::before", "::after")
    )
    assert (number < letter) is rightwards


def test_underlines_stay_below_the_letters_and_apart_from_each_other(desk: Desk, ada: Reader) -> None:
    article_id = desk.article()
    desk.mark("ada", article_id, "announced a complete ceasefire on Sunday")
    desk.mark("ada", article_id, "complete ceasefire", "disputed")
    desk.mark("ada", article_id, "Both governments announced a complete", "unverified")
    ada.open(article_id)
    offsets = {
        level: float(style(ada.page, f".level-{level}", "text-underline-offset")[0].removesuffix("px"))
        for level in (1, 2, 3)
    }
    assert offsets[1] > 3
    assert offsets[2] - offsets[1] > 4
    assert offsets[3] - offsets[2] > 4
    size, line = (float(value.removesuffix("px")) for value in style(ada.page, "#b1", "font-size", "line-height"))
    assert offsets[3] + 3 < line - size * 0.75, "the third line would touch the next line's letters"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_forced_colours_lines_differ_by_their_style(desk: Desk, ada: Reader, scheme: Any) -> None:
    article_id = desk.article()
    for exact, label in (("complete", "sourced"), ("ceasefire", "disputed"), ("Sunday", "unverified")):
        desk.mark("ada", article_id, exact, label)
    ada.page.emulate_media(forced_colors="active", color_scheme=scheme)
    ada.open(article_id)
    drawn = [
        style(ada.page, f".tone-{tone}.mark", "text-decoration-style", "text-decoration-color") for tone in (1, 2, 3)
    ]
    assert len({line for line, _ in drawn}) == 3
    ink = style(ada.page, "#b1", "color")[0]
    assert {colour for _, colour in drawn} == {ink}
    letters = ada.page.locator("#b1").get_attribute("data-letters")
    assert letters == "S D U"


def test_on_paper_the_claims_follow_the_article_with_all_that_was_said(desk: Desk, ada: Reader) -> None:
    article_id = desk.article(title="A ceasefire")
    desk.mark("ada", article_id, "complete ceasefire", "disputed", note="Seen twice.", reason="contradicted")
    ada.open(article_id)
    ada.page.emulate_media(media="print")
    ada.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    printed = ada.page.locator(".print-claim")
    expect(printed).to_have_count(1)
    expect(printed).to_contain_text("“complete ceasefire”")
    expect(printed).to_contain_text("Disputed · Contradicted · paragraph 1")
    expect(printed).to_contain_text("Note: Seen twice.")
    for hidden in (".workbar", ".labelbar", ".panel", ".article-end", "#preferences-menu"):
        expect(ada.page.locator(hidden)).to_be_hidden()
    ada.page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(printed).to_have_count(0)


def test_nothing_moves_for_who_wants_no_motion(desk: Desk, ada: Reader) -> None:
    ada.page.emulate_media(reduced_motion="reduce")
    ada.open(desk.article())
    moving = ada.page.evaluate("""() => [...document.querySelectorAll("*")].filter((element) => {
        const style = getComputedStyle(element);
        return style.animationName !== "none" || style.transitionDuration.split(",").some((time) => parseFloat(time) > 0);
    }).map((element) => element.className)""")
    assert moving == []

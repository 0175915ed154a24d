"""The form of a claim in a real browser: what it lacks, speakers, days, evidence, sureness, history and address."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Locator, expect

from annotator.domain.claims import Claim, Evidence, SourceKind, Speaker, SpeakerMode, Stance
from annotator.services import annotations as claims
from annotator.services import guidelines, projects
from annotator.services.claims import claim_of
from tests.support.complaints import Complaints
from tests.support.desk import STORY, Desk
from tests.support.eventually import eventually
from tests.support.reader import Reader, intercept

WHEN = "Three towns were shelled on Wednesday, officials said. Last week it had been calm.\n\n" + STORY
MINISTRY = Speaker("Ministry", SourceKind.NAMED_INSTITUTION, SpeakerMode.PARAPHRASED, ("Ministry", "Reuters"))


def stored(desk: Desk, claim_id: UUID) -> Claim:
    with desk.app.app_context():
        return claim_of(claims.get_for(desk.user("ada"), claim_id))


def opened(desk: Desk, ada: Reader, words: str = "complete ceasefire", label: str = "sourced", **fields: Any) -> UUID:
    """A new article with one claim of Ada's, selected on its page; the claim."""
    article = desk.article(WHEN, published=date(2019, 6, 14))
    claim = desk.mark("ada", article, words, label, **fields)
    ada.open(article).click_on(words)
    expect(ada.selected).to_have_count(1)
    return claim


def lacks(ada: Reader, part: str) -> Locator:
    return ada.selected.locator(f"#claim-lacks-{part}")


def test_what_the_label_needs_is_said_at_once_beside_its_field(desk: Desk, ada: Reader) -> None:
    opened(desk, ada)
    expect(lacks(ada, "speaker")).to_have_text("Sourced needs a speaker.")
    expect(lacks(ada, "evidence")).to_have_text("Sourced needs evidence that supports it.")
    expect(lacks(ada, "reason")).to_be_hidden()
    intercept(ada.page, "**/api/**", lambda _route: None)
    ada.field("Speaker").fill("M")
    expect(lacks(ada, "speaker")).to_be_hidden()
    expect(ada.field("Speaker")).not_to_have_attribute("aria-describedby", re.compile("lacks"))
    ada.press("Escape").press("2")
    expect(lacks(ada, "reason")).to_have_text("Disputed needs a reason.")
    expect(lacks(ada, "evidence")).to_have_text("Disputed needs evidence that refutes or qualifies it.")
    expect(ada.field("Reason")).to_have_attribute("aria-describedby", re.compile("claim-lacks-reason"))
    ada.field("Reason").select_option("contradicted")
    expect(lacks(ada, "reason")).to_be_hidden()
    ada.page.unroute("**/api/**")


def test_a_named_speaker_brings_what_the_person_wrote_before(desk: Desk, ada: Reader) -> None:
    earlier = desk.article("An earlier story.")
    desk.mark("ada", earlier, "earlier", speaker=MINISTRY)
    desk.mark("ben", earlier, "story", speaker=Speaker("Only Ben knows"))
    claim = opened(desk, ada)
    ada.field("Speaker").focus()
    expect(ada.page.locator("#claim-speakers option")).to_have_count(1)
    ada.page.keyboard.type("Ministry")
    ada.press("Tab").saved()
    assert stored(desk, claim).speaker == MINISTRY


def test_a_remembered_speaker_never_overwrites_what_was_written(desk: Desk, ada: Reader) -> None:
    desk.mark("ada", desk.article("An earlier story."), "earlier", speaker=MINISTRY)
    claim = opened(desk, ada, speaker=Speaker("Someone", chain=("Tass",)))
    ada.field("Speaker").focus()
    expect(ada.page.locator("#claim-speakers option")).to_have_count(2)
    ada.field("Speaker").fill("Ministry")
    ada.press("Tab").saved()
    assert stored(desk, claim).speaker == Speaker("Ministry", chain=("Tass",))


def test_the_relay_is_written_with_an_arrow_that_every_keyboard_has(desk: Desk, ada: Reader) -> None:
    claim = opened(desk, ada, speaker=Speaker("Military"))
    ada.field("Relayed by").focus()
    ada.page.keyboard.type("Military>agencies -> Reuters")
    expect(ada.field("Relayed by")).to_have_value("Military → agencies → Reuters")
    ada.press("Tab").saved()
    assert stored(desk, claim).speaker == Speaker("Military", chain=("Military", "agencies", "Reuters"))


def test_a_weekday_of_the_sentence_is_one_click_away(desk: Desk, ada: Reader) -> None:
    claim = opened(desk, ada, "towns were shelled")
    offers = ada.selected.get_by_role("group", name="Days that the text speaks of")
    expect(offers.get_by_role("button")).to_have_text(
        [re.compile("^Wednesday 12 June 2019"), re.compile("^3 to 9 June 2019")]
    )
    offers.get_by_role("button").first.click()
    ada.saved()
    assert (stored(desk, claim).event_start, stored(desk, claim).event_end) == (date(2019, 6, 12), None)
    expect(offers.get_by_role("button").first).to_have_attribute("aria-pressed", "true")
    offers.get_by_role("button").last.press("Enter")
    ada.saved()
    assert (stored(desk, claim).event_start, stored(desk, claim).event_end) == (date(2019, 6, 3), date(2019, 6, 9))
    offers.get_by_role("button").last.press("Enter")
    ada.saved()
    assert stored(desk, claim).event_start is None


def test_a_last_day_before_the_first_is_said_and_not_kept(desk: Desk, ada: Reader) -> None:
    claim = opened(desk, ada)
    ada.field("It happened on").fill("2019-06-12")
    ada.field("Until").fill("2019-06-10")
    ada.press("Tab")
    expect(ada.selected.locator(".field-error")).to_have_text("This is before the first day, so it is not kept.")
    ada.saved()
    assert (stored(desk, claim).event_start, stored(desk, claim).event_end) == (date(2019, 6, 12), None)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "example.org/page"])
def test_what_is_no_web_address_is_refused_in_words_and_the_rest_is_saved(
    desk: Desk, ada: Reader, address: str
) -> None:
    claim = opened(desk, ada)
    ada.page.get_by_role("button", name="Add evidence").click()
    ada.field("Source").fill("Ministry")
    ada.field("Address").fill(address)
    ada.press("Tab")
    expect(ada.selected.locator(".field-error")).to_contain_text("not kept")
    expect(ada.field("Address")).to_have_attribute("aria-invalid", "true")
    ada.saved()
    assert stored(desk, claim).evidence == (Evidence(Stance.SUPPORTS, source="Ministry"),)
    expect(ada.field("Address")).to_have_value(address)
    ada.field("Address").fill("https://example.org/page")
    ada.press("Tab").saved()
    assert stored(desk, claim).evidence[0].url == "https://example.org/page"
    expect(ada.selected.locator(".field-error")).to_have_count(0)


def test_selected_words_become_evidence_with_one_key(desk: Desk, ada: Reader) -> None:
    claim = opened(desk, ada)
    ada.drag("shelling in three towns").press("e").saved()
    (item,) = stored(desk, claim).evidence
    assert (WHEN[item.start : item.end], item.quote) == ("shelling in three towns", "shelling in three towns")
    assert item.stance is Stance.SUPPORTS
    ada.selected.get_by_role("link", name="Its place in this article").click()
    eventually(ada.page, lambda: ada.page.evaluate("getSelection().toString()"), "shelling in three towns")


def test_evidence_is_picked_with_the_button_and_the_mouse(desk: Desk, ada: Reader) -> None:
    claim = opened(desk, ada, label="disputed")
    ada.page.get_by_role("button", name="From the text").click()
    expect(ada.page.locator("#picking")).to_be_visible()
    ada.drag("shelling in three towns")
    expect(ada.page.locator("#picking")).to_be_hidden()
    ada.saved()
    (item,) = stored(desk, claim).evidence
    assert (item.stance, item.quote) == (Stance.REFUTES, "shelling in three towns")
    expect(ada.cards).to_have_count(1)


def test_evidence_is_picked_without_a_mouse_and_the_wait_can_be_left(desk: Desk, ada: Reader) -> None:
    claim = opened(desk, ada)
    pick = ada.page.get_by_role("button", name="From the text")
    pick.press("Enter")
    expect(ada.page.locator("#picking")).to_be_visible()
    ada.press("Escape")
    expect(ada.page.locator("#picking")).to_be_hidden()
    expect(ada.selected).to_have_count(1)
    pick.press("Enter")
    expect(ada.page.get_by_role("button", name="Use these words")).to_be_disabled()
    ada.press("Control+Home").press("Control+Shift+ArrowRight").press("Control+Shift+ArrowRight")
    expect(ada.page.get_by_role("button", name="Use these words")).to_be_enabled()
    ada.press("Enter").saved()
    (item,) = stored(desk, claim).evidence
    assert item.quote == "Three towns"
    expect(ada.cards).to_have_count(1)


def test_evidence_changes_places_by_keyboard_and_comes_back_after_a_removal(desk: Desk, ada: Reader) -> None:
    pieces = tuple(Evidence(Stance.SUPPORTS, source=name) for name in "ABC")
    claim = opened(desk, ada, evidence=pieces)
    down = ada.selected.get_by_role("button", name="Move this evidence down")
    down.first.press("Enter")
    ada.saved()
    assert [item.source for item in stored(desk, claim).evidence] == ["B", "A", "C"]
    ada.press("Enter").saved()
    assert [item.source for item in stored(desk, claim).evidence] == ["B", "C", "A"]
    expect(ada.selected.locator(".evidence").last.get_by_role("button", name="Move this evidence up")).to_be_focused()
    ada.selected.get_by_role("button", name="Remove this evidence").nth(1).click()
    ada.saved()
    assert [item.source for item in stored(desk, claim).evidence] == ["B", "A"]
    ada.page.locator("#toast-undo").click()
    ada.saved()
    assert [item.source for item in stored(desk, claim).evidence] == ["B", "C", "A"]


def test_unsure_is_a_confidence_of_a_half_or_less(desk: Desk, ada: Reader) -> None:
    claim = opened(desk, ada)
    unsure = ada.selected.get_by_role("button", name="Unsure")
    ada.press("u").saved()
    assert stored(desk, claim).confidence == 0.5
    expect(unsure).to_have_attribute("aria-pressed", "true")
    expect(ada.selected.locator(".claim-head")).to_contain_text("unsure")
    ada.field("How sure are you, in %").fill("51")
    expect(unsure).to_have_attribute("aria-pressed", "false")
    ada.press("Tab").saved()
    unsure.click()
    ada.saved()
    assert stored(desk, claim).confidence == 0.5
    unsure.click()
    ada.saved()
    assert stored(desk, claim).confidence is None
    expect(ada.selected.locator(".claim-head")).not_to_contain_text("unsure")


def test_what_the_labels_mean_opens_and_closes_by_keyboard(desk: Desk, ada: Reader) -> None:
    opened(desk, ada)
    meanings = ada.page.get_by_role("dialog", name="What the labels mean")
    button = ada.selected.get_by_role("button", name="What the labels mean")
    button.press("Enter")
    expect(meanings).to_be_visible()
    expect(meanings).to_be_focused()
    expect(meanings).to_contain_text("The reporter saw it, or holds the document.")
    ada.press("Escape")
    expect(meanings).to_be_hidden()
    expect(button).to_be_focused()
    expect(ada.selected).to_have_count(1)
    ada.page.locator("#labelbar").get_by_role("button", name="What the labels mean").click()
    expect(meanings).to_be_visible()


def test_the_history_leads_back_to_an_earlier_state(desk: Desk, ada: Reader) -> None:
    claim = opened(desk, ada, note="first")
    ada.press("3").saved()
    ada.drag("a complete ceasefire on Sunday")
    ada.page.get_by_role("button", name="Use selection").click()
    ada.saved()
    ada.page.get_by_role("button", name="History").click()
    dialog = ada.page.get_by_role("dialog", name="History of this claim")
    expect(dialog.locator(".history-step")).to_have_count(3)
    expect(dialog).to_contain_text("“complete ceasefire”")
    expect(dialog).to_contain_text("“a complete ceasefire on Sunday”")
    dialog.get_by_role("button", name="Take this state again").first.click()
    expect(dialog).to_be_hidden()
    ada.saved()
    assert (stored(desk, claim).exact, stored(desk, claim).label) == ("complete ceasefire", "sourced")
    assert ada.marks() == ["complete ceasefire"]
    ada.page.get_by_role("button", name="History").click()
    expect(dialog.locator(".history-what").last).to_have_text("Back to version 1")


def test_the_address_of_a_claim_is_copied_and_leads_to_it(desk: Desk, ada: Reader) -> None:
    claim = opened(desk, ada)
    ada.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    # What is said for a moment stays, however late somebody looks.
    ada.page.evaluate("globalThis.setTimeout = () => 0")
    ada.page.get_by_role("button", name="Copy link").click()
    expect(ada.page.get_by_role("button", name="Copied")).to_be_visible()
    address = ada.page.evaluate("navigator.clipboard.readText()")
    assert address.endswith(f"/claims/{claim}")
    ada.page.goto("/")
    ada.page.goto(address)
    expect(ada.page.locator(".claim-mark")).to_have_text("complete ceasefire")
    ada.page.get_by_role("button", name="Copy link").click()
    expect(ada.page.get_by_role("button", name="Copied")).to_be_visible()
    assert ada.page.evaluate("navigator.clipboard.readText()") == address
    ada.page.get_by_role("link", name="Show in the article").click()
    expect(ada.selected.locator(".claim-exact")).to_have_text("complete ceasefire")
    ada.page.goto("/claims")
    ada.page.get_by_role("link", name="complete ceasefire", exact=True).click()
    expect(ada.selected.locator(".claim-exact")).to_have_text("complete ceasefire")


def test_an_address_that_cannot_be_copied_is_shown(desk: Desk, ada: Reader) -> None:
    claim = opened(desk, ada)
    ada.page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    ada.page.get_by_role("button", name="Copy link").click()
    expect(ada.page.get_by_label("Address of this claim")).to_have_value(re.compile(f"/claims/{claim}$"))
    expect(ada.page.get_by_label("Address of this claim")).to_be_focused()


def test_a_changed_guideline_is_marked_until_it_was_opened(desk: Desk, ada: Reader, complaints: Complaints) -> None:
    desk.write(lambda: projects.write_guideline(desk.project(), "Mark claims."))
    desk.write(lambda: guidelines.note_reading(desk.user("ada"), desk.project(), 1))
    article = desk.article()
    tab = ada.open(article).page.get_by_role("tab", name="Guideline")
    expect(tab).to_have_text("Guideline")
    desk.write(lambda: projects.write_guideline(desk.project(), "Mark all claims."))
    ada.open(article)
    expect(tab).to_have_text(re.compile(r"Guideline\s+changed"))
    with ada.page.expect_response("**/read"):
        tab.click()
    expect(ada.page.locator("#guideline-pane ins")).to_have_text("all")
    expect(tab).to_have_text(re.compile(r"^Guideline\s*$"), use_inner_text=True)
    ada.open(article)
    expect(ada.page.locator("#guideline-news")).to_have_count(0)
    expect(ada.page.locator("#guideline-pane ins")).to_have_count(0)

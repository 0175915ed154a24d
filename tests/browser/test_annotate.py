"""Marking claims in a real browser: what the reviewer does with mouse and keys, and what is stored."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, expect
from sqlalchemy import select

from annotator.db import db
from annotator.domain.claims import Claim, Evidence, SourceKind, Speaker, SpeakerMode, Stance
from annotator.models import Annotation, AssignmentState
from annotator.services import annotations as claims
from annotator.services import articles
from annotator.services.claims import claim_of
from annotator.views.claim_list import FIRST
from tests.support.complaints import Complaints
from tests.support.desk import Desk
from tests.support.eventually import eventually
from tests.support.reader import Reader, go_offline, intercept

OFFSETS = json.loads((Path(__file__).parents[1] / "data" / "offsets.json").read_text())
# The page leaves out white space at the ends of a selection, so no claim of it begins or ends at a line end.
CUT = [case for case in OFFSETS["graphemes"] if "\r" not in case["text"]]
# A mouse selects from left to right here; the other writing directions are selected without one.
DRAGGED = ("plain letters", "emoji", "combining accents", "astral letters", "curly and straight quotes")


def stored(desk: Desk, article_id: str, name: str = "ada") -> list[Any]:
    """The person's live claims, in the domain's words, by position."""
    with desk.app.app_context():
        found = articles.get_for(desk.user(name), article_id)
        assert found.assignment is not None
        return [claim_of(annotation) for annotation in claims.own(found.assignment.id)]


def quotes(desk: Desk, article_id: str) -> list[tuple[str, str]]:
    return [(claim.exact, claim.label) for claim in stored(desk, article_id)]


CARDS = """async () => {
    const answer = await fetch(`${location.pathname}?list=whole`);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const drawn = [...page.querySelectorAll("#claims > .claim")];
    const made = [...document.querySelectorAll(".claims > .claim")];
    const other = drawn.filter((card, number) => !card.isEqualNode(made[number])).map((card) => {
        return [card.outerHTML, made[drawn.indexOf(card)]?.outerHTML];
    });
    return { drawn: drawn.length, made: document.querySelectorAll(".claims-part > .claim").length, other };
}"""
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
STRANGE = (
    FAMILY * 20,
    "一二三四五六七八九十" * 6,
    "السلطات قالت إن وقف إطلاق النار بدأ يوم الأحد في كل البلاد",
    "e\u0301" * 40,
    "<b>bold</b> & \"quoted\" 'so' said nobody at all on that Sunday",
    "\U0001f1f8\U0001f1fe " * 20,
    "one\u00a0two three\nfour five",
)


def test_the_cards_that_script_makes_are_those_that_the_server_draws(desk: Desk, ada: Reader) -> None:
    article_id = desk.article("It was calm. " * 10 + "\n\n" + "\n\n".join(STRANGE))
    with desk.app.app_context():
        text = articles.get_for(desk.user("mia"), article_id).version.text
    known: list[dict[str, Any]] = [
        {"speaker": Speaker(" ")},
        {"speaker": Speaker("The ministry"), "evidence": (Evidence(Stance.SUPPORTS, source="A paper"),)},
        {"confidence": 0.5},
        {"confidence": 0.51, "evidence": (Evidence(Stance.MENTIONS, source="A paper"),)},
    ]

    def mark_all() -> None:
        reviewer = desk.user("ada")
        places = [(number, number + 2 + number % 3) for number in range(FIRST)]
        places += [(start, start + 2 + start % 5) for start in range(130, len(text) - 6, 3)]
        for number, (start, end) in enumerate(places):
            if not text[start:end].strip():
                continue
            claim = Claim(start, end, text[start:end], ("sourced", "disputed", "unverified")[number % 3])
            claims.put(reviewer, article_id, uuid4(), replace(claim, **known[number % 4]), if_version=None)

    desk.write(mark_all)
    ada.open(article_id)
    expect(ada.page.locator(".claims > .claim")).to_have_count(int(ada.page.locator("#count").inner_text()))
    compared = ada.page.evaluate(CARDS)
    assert not compared["other"], json.dumps(compared["other"], ensure_ascii=False, indent=1)
    assert compared["drawn"] == compared["made"] + FIRST
    assert compared["made"] > 100
    for name in ("ada", "ben"):
        desk.submit(name, article_id)
    ada.page.context.clear_cookies()
    mia = Reader(desk.app, ada.page, "mia@example.org")
    mia.page.goto(f"/articles/{article_id}")
    expect(mia.page.locator(".claims > .claim")).to_have_count(compared["drawn"])
    again = mia.page.evaluate(CARDS)
    assert (again["other"], again["made"]) == ([], compared["made"])
    expect(mia.page.locator(".claims-part .claim-state").first).to_have_attribute("data-state", "by")


def test_words_marked_with_the_mouse_and_a_key_are_stored(desk: Desk, ada: Reader) -> None:
    article_id = desk.article()
    ada.open(article_id).drag("complete ceasefire")
    expect(ada.page.locator("#hint")).to_have_text("Press a label to mark the selected text.")
    assert quotes(desk, article_id) == []
    ada.press("1").saved()
    expect(ada.words_of_state).to_have_text(re.compile(r"^Saved \d\d:\d\d:\d\d$"))
    assert ada.marks() == ["complete ceasefire"]
    assert quotes(desk, article_id) == [("complete ceasefire", "sourced")]
    expect(ada.selected.locator(".claim-exact")).to_have_text("complete ceasefire")


def test_selecting_or_clicking_creates_nothing(desk: Desk, ada: Reader) -> None:
    article_id = desk.article()
    ada.open(article_id).drag("complete ceasefire").click_on("Residents").drag("three towns")
    ada.press("n").press("Escape").saved()
    expect(ada.cards).to_have_count(0)
    assert quotes(desk, article_id) == []


def test_an_armed_label_marks_what_is_selected_until_it_is_put_down(desk: Desk, ada: Reader) -> None:
    article_id = desk.article()
    ada.open(article_id).page.get_by_role("button", name="Disputed").click()
    expect(ada.page.locator("#hint")).to_contain_text("Armed: Disputed.")
    ada.drag("complete ceasefire").saved()
    expect(ada.cards).to_have_count(1)
    ada.press("Escape").drag("three towns")
    expect(ada.page.locator("#hint")).to_have_text("Press a label to mark the selected text.")
    ada.saved()
    expect(ada.cards).to_have_count(1)
    assert quotes(desk, article_id) == [("complete ceasefire", "disputed")]


def test_nested_and_crossing_claims_are_drawn_and_selected_from_the_inside_out(desk: Desk, ada: Reader) -> None:
    article_id = desk.article()
    ada.open(article_id)
    ada.drag("announced a complete ceasefire on Sunday").press("1").saved()
    ada.drag("complete ceasefire").press("2").saved()
    ada.drag("Both governments announced a complete").press("3").saved()
    expect(ada.cards).to_have_count(3)
    assert sorted(ada.marks()) == [
        "Both governments announced a complete",
        "announced a complete ceasefire on Sunday",
        "complete ceasefire",
    ]
    ada.press("Escape")
    ada.click_on("ceasefire")
    expect(ada.selected.locator(".claim-exact")).to_have_text("complete ceasefire")
    ada.click_on("ceasefire")
    expect(ada.selected.locator(".claim-exact")).to_have_text("announced a complete ceasefire on Sunday")
    assert [exact for exact, _ in quotes(desk, article_id)] == [
        "Both governments announced a complete",
        "announced a complete ceasefire on Sunday",
        "complete ceasefire",
    ]


def test_a_claim_across_paragraphs_quotes_what_stands_between_them(desk: Desk, ada: Reader) -> None:
    article_id = desk.article()
    ada.open(article_id).select("on Sunday.The ministry said").press("1").saved()
    assert quotes(desk, article_id) == [("on Sunday.\n\nThe ministry said", "sourced")]


def test_the_label_changes_by_key_and_in_the_form_and_keeps_the_claim(desk: Desk, ada: Reader) -> None:
    article_id = desk.article()
    annotation_id = desk.mark("ada", article_id, "complete ceasefire", "sourced", reason="document", note="seen")
    ada.open(article_id).click_on("complete ceasefire").press("2").saved()
    assert quotes(desk, article_id) == [("complete ceasefire", "disputed")]
    ada.field("Unverified").check()
    ada.saved()
    (claim,) = stored(desk, article_id)
    assert (claim.label, claim.reason, claim.note) == ("unverified", "", "seen")
    assert desk.stored(annotation_id).version == 3


def test_boundaries_move_by_word_and_to_a_selection_and_the_claim_stays_itself(desk: Desk, ada: Reader) -> None:
    article_id = desk.article()
    annotation_id = desk.mark("ada", article_id, "complete ceasefire", note="mine")
    ada.open(article_id).click_on("complete ceasefire")
    ada.press("Alt+ArrowRight").press("Alt+ArrowRight").press("Alt+Shift+ArrowLeft").saved()
    assert quotes(desk, article_id) == [("a complete ceasefire on Sunday", "sourced")]
    ada.press("Alt+ArrowLeft").press("Alt+Shift+ArrowRight").saved()
    assert quotes(desk, article_id) == [("complete ceasefire on", "sourced")]
    ada.page.get_by_role("button", name="End one word earlier").click()
    ada.saved()
    assert quotes(desk, article_id) == [("complete ceasefire", "sourced")]
    ada.drag("announced a complete ceasefire")
    ada.page.get_by_role("button", name="Use selection").click()
    ada.saved()
    (claim,) = stored(desk, article_id)
    assert (claim.exact, claim.note) == ("announced a complete ceasefire", "mine")
    assert ada.marks() == ["announced a complete ceasefire"]
    assert desk.stored(annotation_id).deleted_at is None


def test_every_field_of_the_form_is_stored_by_itself(desk: Desk, ada: Reader) -> None:
    article_id = desk.article()
    desk.mark("ada", article_id, "complete ceasefire")
    ada.open(article_id).click_on("complete ceasefire")
    ada.field("Did they say it?").check()
    ada.field("Reason").select_option("document")
    ada.field("Speaker").fill("Russian military")
    ada.selected.locator("[name='speaker.kind']").select_option("named_institution")
    ada.field("Given as").select_option("paraphrased")
    ada.field("Relayed by").fill("Russian military → Russian news agencies -> Reuters")
    ada.field("It happened on").fill("2019-06-12")
    ada.field("Until").fill("2019-06-13")
    ada.selected.locator("summary").filter(has_text="In other words").click()
    ada.field("The claim in your words").fill("A ceasefire holds in all of Idlib.")
    ada.field("Note").fill("Check the hour.\nAnd the place.")
    ada.field("How sure are you, in %").fill("75")
    ada.page.get_by_role("button", name="Add evidence").click()
    evidence = ada.selected.locator(".evidence")
    evidence.get_by_label("Source").fill("Ministry of Defence")
    evidence.get_by_label("Quote").fill("calm")
    evidence.get_by_label("Address", exact=True).fill("https://example.org/a")
    evidence.get_by_label("Archived copy").fill("https://archive.example.org/a")
    evidence.get_by_label("Published").fill("2019-06-14")
    ada.press("Escape").saved()
    (claim,) = stored(desk, article_id)
    chain = ("Russian military", "Russian news agencies", "Reuters")
    assert (claim.target, claim.reason, claim.confidence) == ("attribution", "document", 0.75)
    assert claim.speaker == Speaker("Russian military", SourceKind.NAMED_INSTITUTION, SpeakerMode.PARAPHRASED, chain)
    assert (str(claim.event_start), str(claim.event_end)) == ("2019-06-12", "2019-06-13")
    assert claim.claim_text == "A ceasefire holds in all of Idlib."
    assert claim.note == "Check the hour.\nAnd the place."
    (item,) = claim.evidence
    assert (item.stance, item.source, item.quote) == ("supports", "Ministry of Defence", "calm")
    assert (item.url, item.archived_url) == ("https://example.org/a", "https://archive.example.org/a")
    expect(ada.selected.locator(".claim-state")).to_contain_text("complete")
    ada.page.reload()
    expect(ada.selected.locator(".claim-exact")).to_have_text("complete ceasefire")
    expect(ada.field("Relayed by")).to_have_value("Russian military → Russian news agencies → Reuters")
    expect(ada.field("How sure are you, in %")).to_have_value("75")


def test_evidence_is_removed_and_what_has_no_field_is_kept(desk: Desk, ada: Reader) -> None:
    article_id = desk.article()
    other = desk.article("Another story about the same truce, told elsewhere.")
    linked = Evidence(Stance.REFUTES, article=other, start=0, end=13)
    desk.mark("ada", article_id, "complete ceasefire", evidence=(Evidence(Stance.SUPPORTS, source="A"), linked))
    ada.open(article_id).click_on("complete ceasefire")
    ada.field("Speaker").fill("The ministry")
    ada.press("Escape").saved()
    assert stored(desk, article_id)[0].evidence[1] == linked
    ada.page.get_by_role("button", name="Remove this evidence").first.click()
    ada.saved()
    assert stored(desk, article_id)[0].evidence == (linked,)


def test_a_deleted_claim_comes_back_with_all_its_fields(desk: Desk, ada: Reader) -> None:
    article_id = desk.article()
    annotation_id = desk.mark("ada", article_id, "complete ceasefire", note="mine")
    ada.open(article_id).click_on("complete ceasefire").press("Delete").saved()
    expect(ada.cards).to_have_count(0)
    expect(ada.page.locator("#text .mark")).to_have_count(0)
    assert quotes(desk, article_id) == []
    ada.page.locator("#toast-undo").click()
    ada.saved()
    (claim,) = stored(desk, article_id)
    assert (claim.exact, claim.note) == ("complete ceasefire", "mine")
    assert desk.stored(annotation_id).version == 3


def test_undo_and_redo_go_back_and_forth(desk: Desk, ada: Reader) -> None:
    article_id = desk.article()
    ada.open(article_id).drag("complete ceasefire").press("1").saved()
    ada.press("2").saved()
    ada.press("Control+z").saved()
    assert quotes(desk, article_id) == [("complete ceasefire", "sourced")]
    ada.press("Control+z").saved()
    expect(ada.page.locator("#text .mark")).to_have_count(0)
    assert quotes(desk, article_id) == []
    ada.press("Control+Shift+z").press("Control+Shift+z").saved()
    expect(ada.page.locator("#text .mark")).to_have_count(1)
    assert quotes(desk, article_id) == [("complete ceasefire", "disputed")]


def test_without_a_connection_changes_wait_in_order_and_are_saved_later(
    desk: Desk, ada: Reader, complaints: Complaints
) -> None:
    complaints.expect("ERR_INTERNET_DISCONNECTED")
    article_id = desk.article()
    ada.open(article_id)
    go_offline(ada.page)
    ada.drag("complete ceasefire").press("1")
    expect(ada.words_of_state).to_have_text("1 change waiting: no connection")
    ada.drag("three towns").press("3")
    ada.selected.locator("summary").filter(has_text="In other words").click()
    ada.field("Note").fill("written in the tunnel")
    ada.press("Escape")
    expect(ada.words_of_state).to_have_text("2 changes waiting: no connection")
    assert quotes(desk, article_id) == []
    ada.page.context.set_offline(False)
    ada.saved()
    assert quotes(desk, article_id) == [("complete ceasefire", "sourced"), ("three towns", "unverified")]
    assert stored(desk, article_id)[1].note == "written in the tunnel"
    expect(ada.page.locator("#text .mark")).to_have_count(2)


def test_a_lost_answer_makes_no_second_claim_and_no_conflict(desk: Desk, ada: Reader, complaints: Complaints) -> None:
    complaints.expect("ERR_FAILED")
    complaints.expect("status of 428")
    article_id = desk.article()
    ada.open(article_id)
    lost: list[str] = []

    def lose(route: Any) -> None:
        if not lost:
            lost.append(route.fetch().text())
        route.abort()

    intercept(ada.page, "**/api/v1/**", lose)
    ada.drag("complete ceasefire").press("1")
    # No later try comes through before this was seen.
    expect(ada.words_of_state).to_contain_text("waiting")
    ada.page.unroute("**/api/v1/**")
    ada.press("2").saved()
    assert len(lost) == 1
    assert quotes(desk, article_id) == [("complete ceasefire", "disputed")]


@pytest.mark.parametrize("keep", ["theirs", "mine"])
def test_a_claim_changed_in_another_window_asks_which_one_to_keep(
    desk: Desk, ada: Reader, new_context: Callable[..., BrowserContext], complaints: Complaints, keep: str
) -> None:
    complaints.expect("status of 412")
    article_id = desk.article()
    desk.mark("ada", article_id, "complete ceasefire")
    ada.open(article_id).click_on("complete ceasefire")
    other = Reader(desk.app, new_context().new_page(), "ada@example.org").open(article_id)
    other.click_on("complete ceasefire").press("2").saved()
    ada.press("3")
    expect(ada.selected.get_by_text("This claim was changed elsewhere")).to_be_visible()
    assert quotes(desk, article_id) == [("complete ceasefire", "disputed")]
    ada.page.get_by_role("button", name=f"{'Keep theirs' if keep == 'theirs' else 'Apply mine'}").click()
    ada.saved()
    kept = "disputed" if keep == "theirs" else "unverified"
    assert quotes(desk, article_id) == [("complete ceasefire", kept)]
    expect(ada.selected.locator(f"[name=label][value={kept}]")).to_be_checked()


def test_what_the_server_refuses_is_said_at_its_field(desk: Desk, ada: Reader, complaints: Complaints) -> None:
    complaints.expect("status of 422")
    article_id = desk.article()
    desk.mark("ada", article_id, "complete ceasefire")
    ada.open(article_id).click_on("complete ceasefire")
    ada.page.get_by_role("button", name="Add evidence").click()
    # A browser completes this; the server does not guess.
    ada.field("Address").fill("https:example.org")
    ada.press("Escape")
    expect(ada.selected.locator(".field-error")).to_contain_text("This is not a web address")
    expect(ada.words_of_state).to_have_text("1 change not saved: see the claim")
    ada.field("Address").fill("https://example.org/a")
    ada.press("Escape").saved()
    assert stored(desk, article_id)[0].evidence[0].url == "https://example.org/a"


def test_signed_out_meanwhile_the_work_waits_for_the_same_person(
    desk: Desk, ada: Reader, complaints: Complaints
) -> None:
    complaints.expect("status of (401|400)")
    article_id = desk.article()
    ada.open(article_id)
    cookies: Any = ada.page.context.cookies()
    ada.page.context.clear_cookies()
    ada.drag("complete ceasefire").press("1")
    expect(ada.words_of_state).to_have_text("1 change waiting: signed out")
    expect(ada.page.locator("#sign-in-again")).to_be_visible()
    assert quotes(desk, article_id) == []
    ada.page.context.add_cookies(cookies)
    ada.saved()
    assert quotes(desk, article_id) == [("complete ceasefire", "sourced")]


def test_leaving_with_unsaved_work_asks_first(desk: Desk, ada: Reader, complaints: Complaints) -> None:
    complaints.expect("ERR_INTERNET_DISCONNECTED")
    article_id = desk.article()
    ada.open(article_id)
    go_offline(ada.page)
    ada.drag("complete ceasefire").press("1")
    expect(ada.words_of_state).to_contain_text("waiting")
    asked: list[str] = []

    def stay(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    ada.page.on("dialog", stay)
    ada.page.close(run_before_unload=True)
    eventually(ada.page, lambda: asked, ["beforeunload"])
    expect(ada.words_of_state).to_contain_text("waiting")
    ada.page.context.set_offline(False)
    ada.saved()


def test_every_claim_has_an_address_and_the_keys_go_from_one_to_the_next(desk: Desk, ada: Reader) -> None:
    article_id = desk.article()
    first = desk.mark("ada", article_id, "complete ceasefire")
    second = desk.mark("ada", article_id, "three towns")
    ada.page.goto(f"/articles/{article_id}#claim-{second}")
    expect(ada.selected).to_have_attribute("data-id", str(second))
    ada.press("n")
    expect(ada.selected).to_have_attribute("data-id", str(first))
    expect(ada.page).to_have_url(re.compile(f"#claim-{first}$"))
    ada.press("p")
    expect(ada.selected).to_have_attribute("data-id", str(second))
    expect(ada.selected.locator(".claim-head")).to_be_focused()
    ada.press("Shift+?")
    expect(ada.page.locator("#keys")).to_be_visible()


def test_submitting_shows_what_is_missing_and_closes_the_article(desk: Desk, ada: Reader) -> None:
    article_id = desk.article()
    desk.mark("ada", article_id, "complete ceasefire")
    ada.open(article_id).page.get_by_role("button", name="I have read to the end").click()
    expect(ada.page.locator("#read-done")).to_be_visible()
    ada.page.get_by_role("link", name="Submit").click()
    dialog = ada.page.locator("#review-dialog")
    expect(dialog).to_contain_text("a speaker, evidence that supports it")
    expect(dialog).to_contain_text("2 sentences without a claim")
    expect(dialog).not_to_contain_text("You have not noted")
    dialog.get_by_role("button", name="Submit all the same").click()
    expect(ada.page.get_by_text("You submitted this article")).to_be_visible()
    expect(ada.page.locator("#labelbar")).to_have_count(0)
    ada.page.wait_for_load_state()
    ada.click_on("complete ceasefire")
    expect(ada.field("Speaker")).to_be_disabled()
    ada.drag("three towns").press("1")
    assert quotes(desk, article_id) == [("complete ceasefire", "sourced")]
    ada.page.get_by_role("button", name="Reopen").click()
    expect(ada.page.locator("#labelbar")).to_be_visible()
    with desk.app.app_context():
        annotation = db.session.scalars(select(Annotation)).one()
        found = articles.get_for(desk.user("ada"), article_id).assignment
        assert found is not None
        assert found.state is AssignmentState.IN_PROGRESS
        assert found.read_to_end_at is not None
        assert annotation.deleted_at is None


@pytest.mark.parametrize("case", OFFSETS["spans"], ids=[case["name"] for case in OFFSETS["spans"]])
def test_hostile_text_is_marked_exactly(desk: Desk, ada: Reader, case: dict[str, Any]) -> None:
    article_id = desk.article(f"An astral \U0001d4aa first.\n\n{case['text']}\n\nThe last paragraph.")
    ada.open(article_id).select(case["exact"]).press("1").saved()
    (claim,) = stored(desk, article_id)
    with desk.app.app_context():
        text = articles.get_for(desk.user("ada"), article_id).version.text
    assert claim.exact == case["exact"] == text[claim.start : claim.end]
    assert ada.marks() == [case["exact"]]


@pytest.mark.parametrize("case", CUT, ids=[case["name"] for case in CUT])
def test_a_selection_inside_a_character_takes_the_whole_character(
    desk: Desk, ada: Reader, case: dict[str, Any]
) -> None:
    text = case["text"] + "\n\nThe last paragraph."
    article_id = desk.article(text)
    ada.open(article_id).select_points(case["start"], case["end"]).press("1").saved()
    (claim,) = stored(desk, article_id)
    assert [claim.start, claim.end] == case["snapped"]
    assert claim.exact == text[claim.start : claim.end]


def test_marks_of_many_selections_by_mouse_are_what_was_selected(desk: Desk, ada: Reader) -> None:
    text = " ".join(case["text"].replace("\r", " ") for case in OFFSETS["spans"] if case["name"] in DRAGGED)
    article_id = desk.article(text)
    ada.open(article_id)
    wanted = [case["exact"] for case in OFFSETS["spans"] if case["name"] in DRAGGED]
    for exact in wanted:
        ada.drag(exact).press("2").saved()
    assert [claim.exact for claim in stored(desk, article_id)] == wanted

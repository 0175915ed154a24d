"""Two blind reviewers and an adjudicator who touches no pointer: six questions of all kinds, up to the exported gold set."""

from __future__ import annotations

import csv
import io
import re
from functools import partial

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from annotator.domain.claims import Relation
from annotator.domain.preferences import Preferences
from annotator.models import Link
from annotator.services import links, people
from tests.support.desk import Desk
from tests.support.typist import Typist

OTHER = "A week later both governments said that the truce still held."
ASKED = "Is this the ministry's word or the paper's?"


def _linked(desk: Desk, proposal: links.Proposal) -> Link:
    return links.create(desk.user("ada"), desk.slug, proposal)


@pytest.fixture
def article(desk: Desk) -> str:
    """Six questions, one of each kind, in this order: boundary, some, label, fields, link, agreed."""
    later, article = desk.article(OTHER, title="A week later"), desk.article(title="The truce")
    held = desk.mark("ada", later, "the truce still held")
    for name, boundary, label, calm, reason in (
        ("ada", "complete ceasefire", "sourced", "it was calm", "no-source"),
        ("ben", "a complete ceasefire", "disputed", "was calm", "hedged"),
    ):
        desk.mark(name, article, boundary, "sourced")
        desk.mark(name, article, calm, label)
        desk.mark(name, article, "shelling", "unverified", reason=reason)
        towns = desk.mark(name, article, "three towns", "unverified")
        desk.mark(name, article, "nobody could say who had fired", "unverified")
        if name == "ada":
            related = links.Proposal(towns, held, Relation.QUALIFIES, None, "")
            desk.write(partial(_linked, desk, related))
        else:
            desk.mark("ben", article, "on Sunday", "unverified")
    for each in (later, article):
        desk.submit("ada", each)
        desk.submit("ben", each)
    return article


@pytest.fixture
def jo(app: Flask, page: Page, article: str) -> Typist:
    """Jo at the first question; every use of a pointer is written down."""
    return opened(Typist(app, page, "jo@example.org"), article)


def opened(jo: Typist, article: str) -> Typist:
    """At the first question, with the script at work."""
    jo.page.goto(f"/articles/{article}/adjudicate")
    expect(jo.page.locator("#show-keys")).to_be_visible()
    return jo


def at(page: Page, quote: str, kind: str) -> None:
    """The question that is looked at; deciding may begin."""
    expect(page.locator(".question[aria-current=true] .question-quote")).to_have_text(quote)
    expect(page.locator("#looking .decision-title")).to_have_text(kind)
    expect(page.locator("#looking .version-quote", has_text=quote).first).to_be_visible()


def said(page: Page, words: str) -> None:
    expect(page.locator("#said")).to_contain_text(words)
    expect(page.locator("#said")).to_have_attribute("data-state", "saved")


def rows(page: Page, layer: str) -> list[dict[str, str]]:
    """The exported layer, as the adjudicator downloads it."""
    answer = page.request.get(f"/projects/truce/export/download?layer={layer}&format=csv")
    assert answer.ok, answer.text()
    return list(csv.DictReader(io.StringIO(answer.text())))


def decide_the_first_three(jo: Typist) -> None:
    """One taken for a reason, nothing at the next, and the third sent back with a question."""
    page = jo.page
    at(page, "a complete ceasefire", "Boundary differs")
    jo.keys("r")
    expect(page.locator("#decide-guideline")).to_be_focused()
    jo.keys("Tab", "Tab", "Space")
    expect(page.locator("#decide-boundary-convention")).to_be_checked()
    jo.keys("2")
    said(page, "Taken.")
    at(page, "on Sunday", "Only some marked it")
    jo.keys("x")
    said(page, "Nothing here: noted.")
    at(page, "it was calm", "Label differs")
    jo.keys("s")
    expect(page.locator("#justification")).to_be_focused()
    page.keyboard.type(ASKED)
    jo.keys("Escape", "s")
    said(page, "Sent back.")


def decide_the_next_three(jo: Typist) -> None:
    """One edited, one with a link taken, and what all agree on accepted in one go."""
    page = jo.page
    at(page, "shelling", "Details differ")
    expect(page.locator(".version .differs", has_text="Hedged")).to_have_count(1)
    jo.keys("e")
    jo.tab_to(page.locator("#editor-justification"))
    page.keyboard.type("Nobody is named.")
    jo.keys("Control+Enter")
    said(page, "Saved as gold.")
    at(page, "three towns", "Link differs")
    expect(page.locator(".version-links")).to_have_count(1)
    expect(page.locator(".version-links")).to_contain_text("Qualifies the truce still held in A week later")
    jo.keys("1")
    said(page, "Taken.")
    at(page, "nobody could say who had fired", "Agreed")
    jo.keys("a")
    expect(page.get_by_role("heading", name="Accept the agreed")).to_be_visible()
    jo.tab_to(page.get_by_role("button", name="Accept the ticked claims")).press("Enter")
    expect(page.locator(".flashes")).to_contain_text("1 agreed claim is gold now.")


def answer(ben: Typist, article: str) -> None:
    """Ben looks again, leaves his claim as it is, and says so."""
    ben.page.goto(f"/articles/{article}")
    ben.tab_to(ben.page.get_by_label("Note to the adjudicator"))
    ben.page.keyboard.type("The ministry's.")
    ben.tab_to(ben.page.get_by_role("button", name="Answer", exact=True)).press("Enter")
    expect(ben.page.locator(".asked-note")).to_contain_text("The ministry's.")


def combine(jo: Typist) -> None:
    """The boundary of one with the label of the other."""
    page = jo.page
    for key, row, words in (("b", "boundary_of", "it was calm"), ("l", "label_of", "Disputed")):
        jo.keys(key)
        wanted = page.locator(f"#combination [name={row}][data-words='{words}']")
        if not wanted.is_checked():
            jo.keys("ArrowRight")
        expect(wanted).to_be_checked()
        expect(wanted).to_be_focused()
    expect(page.locator("#combination-shown")).to_have_text("“it was calm” – Disputed")
    jo.keys("c")
    said(page, "Combined.")


def test_six_questions_of_all_kinds_are_decided_with_the_keyboard_alone(
    app: Flask, page: Page, new_context, article: str
) -> None:
    jo = opened(Typist(app, page, "jo@example.org", by_link=True), article)
    decide_the_first_three(jo)
    decide_the_next_three(jo)

    # The one that was sent back is what is left.
    at(page, "it was calm", "Label differs")
    expect(page.locator(".round-title")).to_have_text("0 of 2 answered")
    ben = Typist(app, new_context().new_page(), "ben@example.org", by_link=True)
    answer(ben, article)
    page.reload()
    expect(page.locator(".round-title")).to_have_text("1 of 2 answered")
    expect(page.locator(".round-answers")).to_contain_text("The ministry's.")
    combine(jo)
    expect(page.locator(".progress-line").first).to_contain_text("6 of 6 decided")
    jo.keys("f")
    expect(page.locator("#closing button")).to_be_focused()
    jo.keys("Enter")
    expect(page.locator(".flashes")).to_contain_text("The adjudication is finished")
    assert jo.pointed == ben.pointed == []

    gold = {row["exact"]: row for row in rows(page, "gold")}
    assert {(exact, row["label"], row["outcome"]) for exact, row in gold.items()} == {
        ("complete ceasefire", "sourced", "accept"),
        ("it was calm", "disputed", "edit"),
        ("shelling", "unverified", "edit"),
        ("three towns", "unverified", "accept"),
        ("nobody could say who had fired", "unverified", "accept"),
    }
    assert gold["complete ceasefire"]["justification"] == "boundary-convention"
    assert gold["shelling"]["justification"] == "Nobody is named."
    calm = gold["it was calm"]
    assert [calm[f"votes_{each}"] for each in ("sourced", "disputed", "unverified", "none")] == ["1", "1", "0", "0"]
    dissent = {(row["reviewer"], row["exact"], row["how"]) for row in rows(page, "dissent")}
    assert dissent >= {
        ("Ben", "a complete ceasefire", "boundary"),
        ("Ada", "it was calm", "label"),
        ("Ben", "was calm", "boundary"),
    }
    assert {how for _, exact, how in dissent if exact == "shelling"} == {"fields"}
    assert {row["outcome"] for row in rows(page, "decisions")} == {"accept", "edit", "nothing_here"}


def test_the_list_is_filtered_ordered_and_explained_by_keys(jo: Typist) -> None:
    page = jo.page
    page.keyboard.press("o")
    expect(page.locator(".question-order a[aria-current=true]")).to_have_text("Most doubtful first")
    expect(page.locator(".question").first).to_contain_text("it was calm")
    expect(page).to_have_url(re.compile("order=doubt"))
    page.keyboard.press("j")
    # Who is in the list when the question comes is led to it; so it has come before anybody looks for the kinds there.
    shown = page.locator(".question[aria-current=true]").get_attribute("data-question")
    expect(page).to_have_url(re.compile(f"question={shown}&order=doubt"))
    jo.tab_to(page.locator(".question-kinds a", has_text="Link differs"))
    page.keyboard.press("Enter")
    expect(page.locator(".question")).to_have_count(1)
    expect(page.locator(".question")).to_contain_text("three towns")
    page.keyboard.press("v")
    expect(page.locator("#suggestion")).to_have_attribute("open", "")
    expect(page.locator("#suggestion")).to_contain_text("All 2 who marked it say so.")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text("Take the combination")


def test_a_claim_that_nobody_marked_is_drawn_and_given_evidence_with_the_keyboard(jo: Typist) -> None:
    page = jo.page
    page.keyboard.press("t")
    page.keyboard.press("Control+End")
    page.keyboard.press("ArrowLeft")
    jo.keys("Control+Shift+ArrowLeft", times=3)
    page.keyboard.press("n")
    expect(page.locator("#editor-quote")).to_have_text("who had fired")
    jo.tab_to(page.locator("#editor-form [data-send='evidence-wanted']"))
    page.keyboard.press("Enter")
    expect(page.locator("#editor-form .evidence")).to_have_count(1)
    expect(page.locator("#editor-form .evidence [name=quote]")).to_have_value("who had fired")


def test_letters_and_digits_do_nothing_for_whoever_switched_them_off(desk: Desk, jo: Typist) -> None:
    page = jo.page
    desk.write(lambda: people.set_preferences(desk.user("jo"), Preferences(single_keys=False)))
    page.reload()
    at(page, "a complete ceasefire", "Boundary differs")
    jo.keys("x", "j", "1")
    expect(page.locator("#said")).to_contain_text("All decisions saved")
    at(page, "a complete ceasefire", "Boundary differs")

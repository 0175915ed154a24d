"""Every page of the product in three states at least, for whoever looks at all of them: one row for each endpoint.

A page without a row fails tests/browser/test_accessibility.py. A state says who looks, at which address, and what they
do there first; `{open}`, `{blank}` and so on are the articles and claims of `Stage`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from flask import Flask
from playwright.sync_api import Page, expect

from annotator.db import now, transaction
from annotator.domain.claims import Aspect, Evidence, Relation, SourceKind, Speaker, SpeakerMode, Stance
from annotator.domain.decisions import Reason
from annotator.domain.preferences import Preferences, TextSize, Typeface
from annotator.domain.text import plain_blocks
from annotator.domain.webhook_events import WebhookEvent
from annotator.formats.records import ArticleRecord
from annotator.models import ErrandKind, ErrandState, MergeStrategy, Role, WebhookState
from annotator.models import Outcome as Taken
from annotator.services import (
    adjudication,
    adjudication_phase,
    article_details,
    copies,
    copy_decisions,
    copy_finding,
    dealing,
    discussion,
    errands,
    freezing,
    labels,
    links,
    people,
    projects,
    questions,
    reveals,
    rounds,
    settings,
    sign_in,
    tokens,
    training,
    versions,
    webhook_origins,
    webhook_outbox,
    webhooks,
)
from annotator.services.adjudication import Answer
from annotator.services.copy_decisions import Act
from annotator.services.links import Proposal
from annotator.services.webhook_outbox import Outcome
from tests.support.desk import STORY, Desk

Doing = Callable[[Page], Any]


@dataclass(frozen=True)
class Screen:
    """What `who` ("" for nobody) sees at `path` after `do`."""

    who: str
    path: str
    do: Doing | None = None


# Doing


def press(*keys: str) -> Doing:
    """Press keys, one after another."""

    def do(page: Page) -> None:
        for key in keys:
            page.keyboard.press(key)

    return do


def click(selector: str) -> Doing:
    """Click the first thing that fits, however small the screen is."""
    return lambda page: page.locator(selector).first.evaluate("(found) => found.click()")


def follow(selector: str) -> Doing:
    """Follow a link to another page."""

    def do(page: Page) -> None:
        with page.expect_navigation():
            click(selector)(page)

    return do


def until(seen: str, do: Doing) -> Doing:
    """Do it and wait until this is to be seen: what the name of the state promises may come from the server."""

    def wait(page: Page) -> None:
        do(page)
        expect(page.locator(seen).first).to_be_visible()

    return wait


def once(selector: str) -> Doing:
    """Follow what leads to a state that stays, unless an earlier look did so."""
    return lambda page: follow(selector)(page) if page.locator(selector).count() else None


def refused(selector: str = "main form[method=post]") -> Doing:
    """Send the form with every text taken out of it, past the browser's own checks."""

    def do(page: Page) -> None:
        with page.expect_navigation():
            page.locator(selector).first.evaluate(
                """(form) => {
                    for (const field of form.elements) {
                        if (field.matches("input:not([type=hidden], [type=radio], [type=checkbox]), textarea")) {
                            field.value = "";
                        }
                    }
                    form.noValidate = true;
                    form.requestSubmit();
                }"""
            )

    return do


def typed(label: str, words: str, selector: str = "main form[method=post]") -> Doing:
    """Send the form with one field filled so, wherever it is folded away."""

    def do(page: Page) -> None:
        field = page.get_by_label(label, exact=True).first
        field.evaluate("(field) => field.closest('details')?.setAttribute('open', '')")
        field.fill(words)
        with page.expect_navigation():
            page.locator(selector).first.evaluate("(form) => { form.noValidate = true; form.requestSubmit(); }")

    return do


def meanwhile(page: Page) -> None:
    """Send a form of details that was opened before somebody else corrected them."""
    page.locator("[name=edition]").evaluate("(field) => { field.value = '999'; }")
    page.locator("[name=was]").evaluate("(field) => { field.value = '{}'; }")
    page.get_by_label("Publisher").fill("The Bay")
    with page.expect_navigation():
        page.locator("main form[method=post]").evaluate("(form) => form.requestSubmit()")


def claim_nowhere(page: Page) -> None:
    """Say that a claim stands where the text does not say it; the page stays and says so."""
    field = page.locator(".to-place textarea").first
    field.evaluate("(field) => field.closest('details').setAttribute('open', '')")
    field.fill("Not so.")
    field.evaluate("(field) => field.form.requestSubmit()")
    page.locator("textarea[aria-invalid]").wait_for()


def dropped(*files: tuple[str, str]) -> Doing:
    """Choose files to import and look at what they hold."""

    def do(page: Page) -> None:
        chosen: list[Any] = [{"name": name, "mimeType": "", "buffer": text.encode()} for name, text in files]
        page.locator("#files").set_input_files(chosen)
        with page.expect_navigation():
            page.get_by_role("button", name="See what they hold").click()

    return do


def annotations_given(label: str) -> Doing:
    """Choose a file of annotations for Ada, whose claim has that label, and look at what it holds."""
    row = {"article_title": "Not begun", "exact": "partial ceasefire", "label": label, "reviewer": "Pia"}

    def do(page: Page) -> None:
        chosen: list[Any] = [{"name": "old.jsonl", "mimeType": "", "buffer": json.dumps(row).encode()}]
        page.locator("#file").set_input_files(chosen)
        page.get_by_role("radio", name="The work of Ada").check()
        with page.expect_navigation():
            page.get_by_role("button", name="See what it holds").click()

    return do


def select_words(page: Page) -> None:
    """Select the last words of the article, as a touch or the keyboard would."""
    page.evaluate(
        "document.getSelection().selectAllChildren([...document.querySelectorAll('#text [data-start]')].at(-1))"
    )
    expect(page.locator("#hint")).to_contain_text("Press a label")


def change_a_link(page: Page) -> None:
    """Ask for the form of a link; on a narrow screen it comes in a pane that is not the one in front."""
    click("[data-change]")(page)
    expect(page.locator("#changing")).to_have_count(1)
    expect(page.locator("#changing")).to_be_visible(visible=page.evaluate("innerWidth > 1000"))


def open_review(page: Page) -> None:
    click("#submit")(page)
    expect(page.locator("#review")).to_be_visible()
    click("#review summary")(page)


def with_evidence(page: Page) -> None:
    """A claim's form with everything in it unfolded, in the sheet where there is one."""
    expect(page.locator(".claim.is-selected .claim-form")).to_have_count(1)
    page.evaluate("for (const each of document.querySelectorAll('#claims-pane details')) each.open = true")


def twice_the_same_key(page: Page) -> None:
    """Give two actions one key and save."""
    fields = page.locator(".keys-row input")
    for number in range(2):
        fields.nth(number).fill("x")
    with page.expect_navigation():
        page.locator(".keys-form").evaluate("(form) => form.requestSubmit()")


def new_token(page: Page) -> None:
    """Make a token, which is shown once."""
    form = page.locator("form:has([name=token-days])")
    form.locator("[name=token-name]").fill("script")
    with page.expect_navigation():
        form.evaluate("(form) => form.requestSubmit()")


def taken_project(page: Page) -> None:
    """Ask for a project of a name that there is."""
    page.locator("main form input[name=name]").fill("Truce")
    page.locator("main form input[name=slug]").fill("truce")
    with page.expect_navigation():
        page.locator("main form[method=post]").evaluate("(form) => form.requestSubmit()")


MENU = click(".site-user > summary")
KEYS = until("dialog#keys", press("?"))

COMPARED = "/projects/truce/compare?left={open}&right={open}"

NOT_PAGES = {
    "adjudication.fragment": "a part of adjudication.show",
    "articles.blocks": "a part of articles.annotate",
    "articles.cues": "JSON",
    "claims.list_counterparts": "a part of claims.counterparts",
    "claims.place": "leads to a page",
    "claims.speakers": "JSON",
    "errands.file": "a file",
    "errands.fragment": "a part of errands.show",
    "exports.download": "a file",
    "exports.whole": "a file",
    "projects.compared": "a part of projects.compare",
    "releases.download": "a file",
    "releases.manifest": "a file",
    "releases.package": "a file",
    "api_docs.document": "JSON",
    "timeline.picture": "a file",
    "timeline.table": "a file",
    "static": "files",
}

PAGES: dict[str, dict[str, Screen]] = {
    "sign_in.show": {
        "empty": Screen("", "/sign-in"),
        "filled": Screen("", "/sign-in", lambda page: page.get_by_label("Password").fill("secret words")),
        "refused": Screen("", "/sign-in", typed("E-mail address", "nobody@example.org")),
    },
    "sign_in.link": {
        "unknown": Screen("", "/sign-in/unknown"),
        "good": Screen("", "/sign-in/{link}"),
        "signed in already": Screen("ada", "/sign-in/{link}"),
    },
    "home.index": {
        "empty": Screen("sam", "/"),
        "filled": Screen("ada", "/"),
        "a contradiction in doubt": Screen("ben", "/"),
        "menu open": Screen("mia", "/", MENU),
    },
    "account.show": {
        "empty": Screen("sam", "/account"),
        "filled": Screen("ada", "/account"),
        "refused": Screen("ada", "/account", refused("form[action$='/account/password']")),
        "a new token": Screen("sam", "/account", new_token),
    },
    "account.show_keys": {
        "as they come": Screen("sam", "/account/keys"),
        "changed": Screen("ben", "/account/keys"),
        "refused": Screen("ada", "/account/keys", twice_the_same_key),
    },
    "account.show_reading": {
        "as it comes": Screen("sam", "/account/reading"),
        "changed": Screen("ben", "/account/reading"),
        "saved": Screen("sam", "/account/reading", refused()),
    },
    "projects.index": {
        "empty": Screen("sam", "/projects"),
        "filled": Screen("mia", "/projects"),
        "menu open": Screen("kim", "/projects", MENU),
    },
    "projects.new": {
        "empty": Screen("mia", "/projects/new"),
        "refused": Screen("mia", "/projects/new", refused()),
        "taken": Screen("mia", "/projects/new", taken_project),
    },
    "projects.show": {
        "empty": Screen("mia", "/projects/empty"),
        "a reviewer's": Screen("ada", "/projects/truce"),
        "an adjudicator's": Screen("jo", "/projects/truce"),
        "a manager's": Screen("mia", "/projects/truce"),
        "not for strangers": Screen("sam", "/projects/truce"),
    },
    "projects.compare": {
        "both to choose": Screen("ada", "/projects/truce/compare"),
        "one to choose": Screen("ada", "/projects/truce/compare?left={open}&q=begun"),
        "a refusal": Screen("ada", COMPARED + "&claim={claim}", until("#link-problem:not(:empty)", press("c"))),
        "both picked": Screen("ada", COMPARED + "&claim={claim}&with={changed}"),
        "candidates": Screen("ada", COMPARED + "&claim={claim}", until("#candidates #counterparts", press("f"))),
        "at a claim": Screen(
            "ada",
            COMPARED.replace("right={open}", "right={blank}") + "&claim={claim}",
            until(".mark.is-here", press("[", "n")),
        ),
        "changing a link": Screen("ada", COMPARED, change_a_link),
        "keys": Screen("ada", COMPARED, KEYS),
        "gold": Screen("jo", "/projects/truce/compare?left={finished}&right={finished}"),
        "only to read": Screen("mia", COMPARED),
    },
    "projects.articles": {
        "empty": Screen("mia", "/projects/empty/articles"),
        "filled": Screen("mia", "/projects/truce/articles"),
        "own": Screen("ada", "/projects/truce/articles"),
        "none that fits": Screen("mia", "/projects/truce/articles?q=zebra"),
    },
    "projects.guideline": {
        "empty": Screen("mia", "/projects/empty/guideline"),
        "filled": Screen("ada", "/projects/truce/guideline"),
        "changed": Screen("mia", "/projects/truce/guideline"),
    },
    "projects.edit_guideline": {
        "empty": Screen("mia", "/projects/empty/guideline/edit"),
        "filled": Screen("mia", "/projects/truce/guideline/edit"),
        "refused": Screen("mia", "/projects/truce/guideline/edit", refused()),
    },
    "projects.labels": {
        "as they come": Screen("mia", "/projects/empty/labels"),
        "a reviewer's": Screen("ada", "/projects/truce/labels"),
        "with a retired one": Screen("mia", "/projects/truce/labels"),
    },
    "projects.new_label": {
        "empty": Screen("mia", "/projects/truce/labels/new"),
        "refused": Screen("mia", "/projects/truce/labels/new", refused()),
        "not for reviewers": Screen("ada", "/projects/truce/labels/new"),
    },
    "projects.edit_label": {
        "filled": Screen("mia", "/projects/truce/labels/sourced"),
        "retired": Screen("mia", "/projects/truce/labels/opinion"),
        "refused": Screen("mia", "/projects/truce/labels/sourced", refused()),
    },
    "projects.people": {
        "one person": Screen("mia", "/projects/empty/people"),
        "filled": Screen("mia", "/projects/truce/people"),
        "refused": Screen("mia", "/projects/truce/people", refused()),
        "to confirm": Screen("mia", "/projects/truce/people", follow("a[href*='remove=']")),
    },
    "projects.assignments": {
        "empty": Screen("mia", "/projects/empty/assignments"),
        "filled": Screen("mia", "/projects/truce/assignments"),
        "none that fits": Screen("mia", "/projects/truce/assignments?q=zebra"),
        "nothing chosen": Screen("mia", "/projects/truce/assignments", follow("button[value=give]")),
    },
    "projects.work": {
        "empty": Screen("mia", "/projects/empty/progress"),
        "filled": Screen("mia", "/projects/truce/progress"),
        "one person's": Screen("mia", "/projects/truce/progress?sort=oldest", follow("a[href*='reviewer=']")),
    },
    "projects.training": {
        "empty": Screen("mia", "/projects/empty/training"),
        "not asked": Screen("mia", "/projects/truce/training"),
        "filled": Screen("mia", "/projects/taught/training"),
    },
    "articles.feedback": {
        "filled": Screen("ben", "/articles/{lesson}/feedback"),
        "not in training": Screen("ada", "/articles/{lesson}/feedback"),
        "not for strangers": Screen("sam", "/articles/{lesson}/feedback"),
    },
    "projects.settings": {
        "filled": Screen("mia", "/projects/truce/settings"),
        "refused": Screen("mia", "/projects/truce/settings", refused()),
        "not for reviewers": Screen("ada", "/projects/truce/settings"),
    },
    "imports.new": {
        "empty": Screen("mia", "/projects/empty/import"),
        "refused": Screen("mia", "/projects/empty/import", refused()),
        "filled": Screen("mia", "/projects/truce/import", lambda page: page.locator("#text").fill("A story.")),
    },
    "imports.preview": {
        "good": Screen("mia", "/projects/truce/import", dropped(("story.txt", "Calm held on Sunday, he said."))),
        "with errors": Screen(
            "mia",
            "/projects/truce/import",
            dropped(("bad.csv", "a,b\n1,2\n"), ("good.md", "# A title\n\nIt was calm.")),
        ),
        "with warnings": Screen("mia", "/projects/truce/import", dropped(("page.html", "<p>Short</p>"))),
    },
    "imports.new_annotations": {
        "without reviewers": Screen("mia", "/projects/empty/import/annotations"),
        "filled": Screen("mia", "/projects/truce/import/annotations"),
        "not for reviewers": Screen("ada", "/projects/truce/import/annotations"),
    },
    "imports.preview_annotations": {
        "good": Screen("mia", "/projects/truce/import/annotations", annotations_given("sourced")),
        "with an unknown label": Screen("mia", "/projects/truce/import/annotations", annotations_given("FALSE")),
        "nothing to read": Screen("mia", "/projects/truce/import/annotations", annotations_given("")),
    },
    "exports.show": {
        "empty": Screen("mia", "/projects/empty/export"),
        "filled": Screen("mia", "/projects/truce/export"),
        "an adjudicator's": Screen("jo", "/projects/truce/export"),
    },
    "exports.check": {
        "nothing lost": Screen("mia", "/projects/truce/export/check?layer=annotations&format=jsonl"),
        "something lost": Screen("mia", "/projects/truce/export/check?layer=annotations&format=conll"),
        "of nothing": Screen("mia", "/projects/empty/export/check?layer=gold&format=brat"),
    },
    "errands.show": {
        "under way": Screen("mia", "/projects/truce/exports/{errand_running}"),
        "ready": Screen("mia", "/projects/truce/exports/{errand_finished}"),
        "failed": Screen("mia", "/projects/truce/exports/{errand_failed}"),
        "cancelled": Screen("mia", "/projects/truce/exports/{errand_cancelled}"),
        "came in": Screen("mia", "/projects/truce/imports/{errand_import}"),
        "compared": Screen("mia", "/projects/truce/comparisons/{errand_comparison}"),
    },
    "copies.index": {
        "empty": Screen("mia", "/projects/empty/copies"),
        "filled": Screen("mia", "/projects/wired/copies"),
        "rejected": Screen("jo", "/projects/wired/copies?state=rejected"),
        "to be looked for": Screen("mia", "/projects/truce/copies"),
    },
    "copies.paragraphs": {
        "empty": Screen("mia", "/projects/empty/copies/paragraphs"),
        "filled": Screen("mia", "/projects/wired/copies/paragraphs"),
        "an adjudicator's": Screen("jo", "/projects/wired/copies/paragraphs"),
    },
    "copies.show": {
        "to decide": Screen("mia", "/projects/wired/copies/{copies}"),
        "decided": Screen("jo", "/projects/wired/copies/{copies}", once("button:has-text('Confirm')")),
        "not for reviewers": Screen("ada", "/projects/wired/copies/{copies}"),
    },
    "releases.index": {
        "empty": Screen("mia", "/projects/empty/releases"),
        "filled": Screen("mia", "/projects/truce/releases"),
        "an adjudicator's": Screen("jo", "/projects/truce/releases"),
    },
    "releases.new": {
        "empty": Screen("mia", "/projects/empty/releases/new"),
        "as before": Screen("mia", "/projects/truce/releases/new"),
        "refused": Screen("mia", "/projects/truce/releases/confirm?version=one&split=50"),
    },
    "releases.confirm": {
        "plain": Screen("mia", "/projects/truce/releases/confirm?version=2.0.0"),
        "with a split": Screen("mia", "/projects/truce/releases/confirm?version=2.0.0&text=none&split=80/10/10"),
        "with warnings": Screen("mia", "/projects/truce/releases/confirm?version=2.0.0&people=none&note=Thanks+to+Ada"),
    },
    "releases.card": {
        "empty": Screen("mia", "/projects/empty/releases/card"),
        "filled": Screen("mia", "/projects/truce/releases/card"),
        "refused": Screen("mia", "/projects/truce/releases/card", typed("Web address (optional)", "nowhere")),
    },
    "releases.show": {
        "the first": Screen("mia", "/projects/truce/releases/1.0.0"),
        "with changes": Screen("mia", "/projects/truce/releases/1.0.1"),
        "an adjudicator's": Screen("jo", "/projects/truce/releases/1.0.1"),
    },
    "webhooks.index": {
        "empty": Screen("mia", "/projects/empty/webhooks"),
        "filled": Screen("mia", "/projects/truce/webhooks"),
        "refused": Screen("mia", "/projects/truce/webhooks", refused()),
        "not allowed": Screen("mia", "/projects/truce/webhooks", typed("Address", "https://elsewhere.example.org")),
    },
    "webhooks.show": {
        "filled": Screen("mia", "/projects/truce/webhooks/{webhook}"),
        "switched off": Screen("mia", "/projects/truce/webhooks/{webhook_off}"),
        "a new one": Screen("mia", "/projects/truce/webhooks", typed("Address", "https://hooks.example.org/new")),
        "to remove": Screen("mia", "/projects/truce/webhooks/{webhook}", click("details.more > summary")),
    },
    "webhook_origins.index": {
        "filled": Screen("kim", "/webhook-addresses"),
        "refused": Screen("kim", "/webhook-addresses", typed("Address", "http://example.org", "main form.form")),
        "not for managers": Screen("mia", "/webhook-addresses"),
    },
    "agreement.show": {
        "empty": Screen("mia", "/projects/empty/agreement"),
        "filled": Screen("mia", "/projects/truce/agreement"),
        "an adjudicator's": Screen("jo", "/projects/truce/agreement"),
    },
    "agreement.claims": {
        "empty": Screen("mia", "/projects/empty/agreement/claims"),
        "in common": Screen("mia", "/projects/truce/agreement/claims"),
        "of one label": Screen("jo", "/projects/truce/agreement/claims?kind=alone&labels=disputed"),
    },
    "agreement.links": {
        "empty": Screen("mia", "/projects/empty/agreement/links"),
        "by one": Screen("mia", "/projects/truce/agreement/links?kind=alone"),
        "an adjudicator's": Screen("jo", "/projects/truce/agreement/links?kind=other"),
    },
    "agreement.articles": {
        "empty": Screen("mia", "/projects/empty/agreement/articles"),
        "filled": Screen("mia", "/projects/truce/agreement/articles"),
        "an adjudicator's, sorted": Screen("jo", "/projects/truce/agreement/articles?sort=found"),
    },
    "agreement.reviewers": {
        "empty": Screen("mia", "/projects/empty/agreement/reviewers"),
        "filled": Screen("mia", "/projects/truce/agreement/reviewers"),
        "not for adjudicators": Screen("jo", "/projects/truce/agreement/reviewers"),
    },
    "agreement.own": {
        "filled": Screen("ada", "/projects/truce/agreement/own"),
        "of a second reviewer": Screen("ben", "/projects/truce/agreement/own"),
        "not for strangers": Screen("sam", "/projects/truce/agreement/own"),
    },
    "articles.annotate": {
        "empty": Screen("ada", "/articles/{blank}"),
        "filled": Screen("ada", "/articles/{open}"),
        "a claim's form": Screen("ada", "/articles/{open}#claim-{claim}", with_evidence),
        "the guideline": Screen("ada", "/articles/{open}", click("#guideline-tab")),
        "words selected": Screen("ada", "/articles/{open}", select_words),
        "keys": Screen("ada", "/articles/{open}", KEYS),
        "review": Screen("ada", "/articles/{open}", open_review),
        "claims in the sheet": Screen("ada", "/articles/{open}", click("#show-panel")),
        "submitted": Screen("ada", "/articles/{settled}"),
        "only read": Screen("mia", "/articles/{open}"),
        "a question came back": Screen("ada", "/articles/{asked}"),
        "a claim that may change": Screen("ada", "/articles/{asked}#claim-{asked_claim}", with_evidence),
        "answered": Screen("ben", "/articles/{asked}"),
        "revealed": Screen("ada", "/articles/{revealed}"),
        "what others marked": Screen("ada", "/articles/{revealed}", click("#others-tab")),
        "to reveal": Screen("mia", "/articles/{settled}"),
    },
    "articles.versions": {
        "the first": Screen("mia", "/articles/{open}/versions"),
        "filled": Screen("mia", "/articles/{corrected}/versions"),
        "as a reviewer": Screen("ada", "/articles/{corrected}/versions"),
        "a contradiction in doubt": Screen("ben", "/articles/{corrected}/versions"),
        "refused": Screen("mia", "/articles/{corrected}/versions", refused("main form[enctype]")),
    },
    "articles.details": {
        "filled": Screen("mia", "/articles/{open}/details"),
        "of a version": Screen("mia", "/articles/{corrected}/details?version=2"),
        "refused": Screen("mia", "/articles/{open}/details", typed("Address", "nowhere")),
        "changed meanwhile": Screen("mia", "/articles/{open}/details", meanwhile),
    },
    "articles.claims_to_place": {
        "empty": Screen("ben", "/articles/{corrected}/claims-to-place"),
        "filled": Screen("ada", "/articles/{corrected}/claims-to-place"),
        "keys": Screen("ada", "/articles/{corrected}/claims-to-place", KEYS),
        "refused": Screen(
            "ada",
            "/articles/{corrected}/claims-to-place",
            claim_nowhere,
        ),
    },
    "articles.reveal": {
        "asked": Screen("mia", "/articles/{settled}/reveal"),
        "done": Screen("mia", "/articles/{revealed}/reveal"),
        "too late": Screen("mia", "/articles/{finished}/reveal"),
    },
    "articles.show_thread": {
        "empty": Screen("jo", "/articles/{settled}/questions/{settled_question}"),
        "filled": Screen("ada", "/articles/{revealed}/questions/{thread}"),
        "refused": Screen("ada", "/articles/{revealed}/questions/{thread}", refused()),
    },
    "articles.review": {
        "no claim": Screen("ada", "/articles/{blank}/review"),
        "lacking": Screen("ada", "/articles/{open}/review", click("#review summary")),
        "submitted": Screen("ada", "/articles/{settled}/review"),
    },
    "projects.search": {
        "nothing asked": Screen("ada", "/projects/truce/search"),
        "passages": Screen("ada", "/projects/truce/search?q=ceasefire"),
        "claims": Screen("mia", "/projects/truce/search?q=ceasefire&kind=claims"),
        "evidence": Screen("ada", "/projects/truce/search?q=ministry&kind=evidence&own=y"),
        "nothing found": Screen("ada", "/projects/truce/search?q=zebra&kind=speakers&source=Coast"),
        "refused": Screen("mia", "/projects/truce/search?q=truce&since=2020-13-01"),
    },
    "timeline.show": {
        "empty": Screen("mia", "/projects/empty/timeline"),
        "one's own": Screen("ada", "/projects/truce/timeline"),
        "gold": Screen("mia", "/projects/truce/timeline?group=article"),
        "of all reviewers": Screen("jo", "/projects/truce/timeline?layer=reviewers&order=speaker"),
        "refused": Screen("mia", "/projects/truce/timeline?since=2020-13-01&until=x"),
    },
    "claims.index": {
        "empty": Screen("sam", "/claims"),
        "filled": Screen("ada", "/claims"),
        "none that fits": Screen("ada", "/claims?q=zebra"),
    },
    "claims.show": {
        "one's own, linked": Screen("ada", "/claims/{claim}"),
        "with the others' answers": Screen("jo", "/claims/{settled_claim}"),
        "gold": Screen("mia", "/claims/{gold}"),
        "not for strangers": Screen("sam", "/claims/{claim}"),
    },
    "claims.counterparts": {
        "some": Screen("ada", "/claims/{claim}/counterparts"),
        "as a manager": Screen("mia", "/claims/{gold}/counterparts"),
        "not for strangers": Screen("sam", "/claims/{claim}/counterparts"),
    },
    "claims.changes": {
        "made": Screen("ada", "/claims/{claim}/history"),
        "changed": Screen("ada", "/claims/{changed}/history"),
        "where a gold claim comes from": Screen("mia", "/claims/{gold}/history"),
        "not for strangers": Screen("sam", "/claims/{claim}/history"),
    },
    "adjudication.show": {
        "questions": Screen("jo", "/articles/{settled}/adjudicate"),
        "keys": Screen("jo", "/articles/{settled}/adjudicate", KEYS),
        "the most doubtful of one kind": Screen("jo", "/articles/{settled}/adjudicate?order=doubt&kind=label"),
        "what the votes suggest": Screen(
            "jo", "/articles/{settled}/adjudicate", until("#suggestion[open] p", press("v"))
        ),
        "a claim of one's own": Screen("jo", "/articles/{settled}/adjudicate", until("#editor", press("d"))),
        "a link": Screen("jo", "/articles/{linked}/adjudicate?kind=links"),
        "closed": Screen("jo", "/articles/{open}/adjudicate"),
        "finished": Screen("jo", "/articles/{finished}/adjudicate"),
        "answered by one": Screen("jo", "/articles/{asked}/adjudicate"),
        "talked about": Screen("jo", "/articles/{revealed}/adjudicate?question={thread}"),
    },
    "adjudication.first_pass": {
        "filled": Screen("jo", "/articles/{settled}/adjudicate/first-pass"),
        "none": Screen("jo", "/articles/{finished}/adjudicate/first-pass"),
        "closed": Screen("jo", "/articles/{open}/adjudicate/first-pass"),
    },
    "adjudication.agreed": {
        "filled": Screen("jo", "/articles/{settled}/adjudicate/agreed"),
        "none": Screen("jo", "/articles/{finished}/adjudicate/agreed"),
        "closed": Screen("jo", "/articles/{open}/adjudicate/agreed"),
    },
    "api_docs.page": {
        "for nobody": Screen("", "/api/docs"),
        "signed in": Screen("ada", "/api/docs"),
        "menu open": Screen("ada", "/api/docs", MENU),
    },
    "api_docs.problem": {
        "known": Screen("", "/api/problems/not-found"),
        "another": Screen("", "/api/problems/stale"),
        "signed in": Screen("ada", "/api/problems/not-found"),
    },
    "no such page": {
        "for nobody": Screen("", "/no-such-page"),
        "signed in": Screen("ada", "/no-such-page"),
        "in an article": Screen("ada", "/articles/2222222222222222"),
    },
}


@dataclass
class Stage:
    """An installation with work in every state, and what stands for the names in the addresses."""

    app: Flask
    names: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        desk = Desk(self.app, discussion=True, merge_strategy=MergeStrategy.UNANIMOUS)
        self._people(desk)
        self._project(desk)
        self._articles(desk)
        self._later_rounds(desk)
        self._training(desk)
        self._webhooks(desk)
        self._errands(desk)
        self._copies(desk)
        self._versions(desk)
        for name in ("ada", "ben", "jo", "mia", "sam", "kim"):
            email = f"{name}@example.org"
            self.cookies[name] = desk.write(
                lambda email=email: sign_in.begin(people.by_email(email), how="link", hours=1)  # type: ignore[misc]
            )

    def link(self) -> str:
        """A sign-in link that was not used."""
        return Desk.write(self._desk, lambda: sign_in.make_link(people.by_email("ben@example.org")))

    def _people(self, desk: Desk) -> None:
        self._desk = desk
        desk.write(lambda: people.create("kim@example.org", "Kim", admin=True))
        desk.write(lambda: tokens.add(desk.user("ada"), "export script"))
        chosen = Preferences(single_keys=False, text_size=TextSize.HUGE, typeface=Typeface.SANS)
        desk.write(lambda: people.set_preferences(desk.user("ben"), chosen))

    def _project(self, desk: Desk) -> None:
        def empty() -> None:
            project = projects.create("empty", "An empty project")
            projects.add_member(project, desk.user("mia"), Role.MANAGER)

        desk.write(empty)
        for text in ("# Claims\n\nMark them.\n", GUIDELINE):
            desk.write(lambda text=text: projects.write_guideline(desk.project(), text))  # type: ignore[misc]

        def retired() -> None:
            facts = labels.LabelFacts("Opinion", "Not a claim.", 4, False, False, [], [])
            labels.retire(labels.add(desk.project(), "opinion", facts, by=desk.user("mia")), by=desk.user("mia"))

        desk.write(retired)

    def _versions(self, desk: Desk) -> None:
        """An article that was corrected while Ada had marked in it, with claims that wait for their place."""
        article = self.names["corrected"] = desk.article(f"{STORY} Once more.", title="A corrected story")
        for exact in ("shelling in three towns", "Once more."):
            desk.mark("ada", article, exact)
        text = f"Calm was reported first.\n\n{STORY.replace('three towns', 'at least four towns')}"
        record = ArticleRecord(text, plain_blocks(text), "0" * 64)
        desk.write(lambda: versions.add(desk.user("mia"), article, record))
        # Ben's contradiction, which the day of publication speaks against once it is known.
        calm = desk.mark("ben", article, "Calm was reported first.")
        later = desk.mark("ben", article, "at least four towns", "disputed", event_start=date(2020, 1, 12))
        desk.write(lambda: links.create(desk.user("ben"), desk.slug, Proposal(calm, later, Relation.CONTRADICTS)))
        details = {"publisher": "The Bay", "published": date(2019, 6, 12)}
        desk.write(lambda: article_details.change(desk.user("mia"), article, details, as_of=2))

    def _errands(self, desk: Desk) -> None:
        """Files in every state; the one under way never ends, for there is no thread that makes it."""
        wanted = {"layer": "gold", "format": "conll", "people": "names", "release": None, "unit": "articles"}
        made = {
            "name": "truce-gold.conll",
            "media_type": "text/plain",
            "size": 48_211,
            "losses": {"links were left out": 3},
        }
        outcomes: dict[ErrandState, dict[str, Any]] = {
            ErrandState.FINISHED: made,
            ErrandState.FAILED: {"problem": "Claim 7 does not quote the text."},
            ErrandState.CANCELLED: {},
        }
        for state, outcome in outcomes.items():
            self.names[f"errand_{state}"] = self._ended(desk, ErrandKind.EXPORT, state, wanted, outcome)
        files = [
            {"name": "wire.jsonl", "added": 12_000, "known": 3, "errors": [], "warnings": ["Line 7: no title."]},
            {"name": "bad.csv", "added": 0, "known": 0, "errors": ["Line 3: there is no text."], "warnings": []},
        ]
        chosen = {"names": ["wire.jsonl", "bad.csv"], "upload": "", "encodings": [], "columns": []}
        self.names["errand_import"] = self._ended(
            desk, ErrandKind.IMPORT, ErrandState.FINISHED, chosen, {"files": files}
        )
        compared = {"compared": 12_000, "grouped": 3_104, "parted": 2}
        self.names["errand_comparison"] = self._ended(desk, ErrandKind.COMPARISON, ErrandState.FINISHED, {}, compared)

        def begin() -> str:
            errand = errands.begin(desk.project(), desk.user("mia"), ErrandKind.EXPORT, wanted, total=12_000)
            errand.done, errand.touched_at = 4_210, now() + timedelta(days=1)
            return errand.id

        self.names["errand_running"] = desk.write(begin)

    @staticmethod
    def _ended(
        desk: Desk, kind: ErrandKind, state: ErrandState, wanted: dict[str, Any], outcome: dict[str, Any]
    ) -> str:
        def end() -> str:
            errand = errands.begin(desk.project(), desk.user("mia"), kind, wanted, total=2)
            errands.end(errand.id, state, outcome, done=2)
            return errand.id

        return desk.write(end)

    def _articles(self, desk: Desk) -> None:
        evidence = Evidence(Stance.QUALIFIES, source="The ministry", quote="calm", url="https://example.org/a")
        opened = desk.article(title="In review", publisher="Example Post", agency="Reuters")
        claim = desk.mark("ada", opened, "complete ceasefire", note="Why?", evidence=(evidence,))
        changed = desk.mark("ada", opened, "a complete ceasefire on Sunday", "disputed", speaker=SPEAKER)
        desk.mark("ada", opened, "three towns", "unverified")
        blank = desk.article(STORY.replace("complete", "partial"), title="Not begun")
        self.names = {"open": opened, "blank": blank, "claim": str(claim), "changed": str(changed)}
        for relation in (Relation.CONTRADICTS, Relation.QUALIFIES):
            link = Proposal(claim, changed, relation, Aspect.SCOPE, "One says less.")
            desk.write(lambda link=link: links.create(desk.user("ada"), desk.slug, link))  # type: ignore[misc]
        for name in ("settled", "finished"):
            self.names[name] = self._settled(desk, name)

        def finish() -> None:
            jo, article_id = desk.user("jo"), self.names["finished"]
            for view in questions.questions(jo, article_id):
                taken = Answer(Taken.ACCEPT, annotation=view.versions[0].id, reasons=(Reason.GUIDELINE,))
                decision = adjudication.decide(jo, article_id, view.id, taken)
                self.names["gold"] = str(decision.gold_id)
            adjudication_phase.finish(jo, article_id)

        desk.write(finish)
        for version in ("1.0.0", "1.0.1"):
            with self.app.app_context(), freezing.gathered(desk.project(), version, files={}) as found, transaction():
                freezing.store(desk.project(), found, by=desk.user("mia"))

    def _training(self, desk: Desk) -> None:
        """A project of its own with training: Ada made the known answers, Ben has done the article."""

        def begin() -> None:
            project = projects.create("taught", "A project with training", reviewers=1)
            for name, role in (("ada", Role.REVIEWER), ("jo", Role.ADJUDICATOR), ("mia", Role.MANAGER)):
                projects.add_member(project, desk.user(name), role)

        desk.write(begin)
        desk.slug = "taught"
        lesson = self.names["lesson"] = desk.article(STORY, title="With known answers")
        desk.mark("ada", lesson, "complete ceasefire")
        desk.mark("ada", lesson, "shelling in three towns", "disputed")
        desk.submit("ada", lesson)

        def teach() -> None:
            jo, ben = desk.user("jo"), desk.user("ben")
            for view in questions.questions(jo, lesson):
                answer = Answer(Taken.ACCEPT, annotation=view.versions[0].id, justification="It was announced.")
                adjudication.decide(jo, lesson, view.id, answer)
            adjudication_phase.finish(jo, lesson)
            training.mark(desk.project(), lesson, on=True)
            settings.change(desk.project(), {"pass_mark": 0.8})
            projects.add_member(desk.project(), ben, Role.REVIEWER)
            dealing.assign(desk.project())

        desk.write(teach)
        desk.mark("ben", lesson, "a complete ceasefire", "unverified")
        desk.mark("ben", lesson, "The ministry")
        desk.submit("ben", lesson)
        desk.slug = "truce"

    def _webhooks(self, desk: Desk) -> None:
        """One that is sent to, with a message in every state, and one that was switched off."""

        def add() -> None:
            webhook_origins.allow("https://hooks.example.org")
            webhook_origins.allow("http://127.0.0.1:9000", private=True)
            project, mia = desk.project(), desk.user("mia")
            url = "https://hooks.example.org/a/long/address/of/a/program/which-is-told-what-happens-in-this-project?v=1"
            used, _ = webhooks.add(project, url, tuple(WebhookEvent), by=mia)
            off, _ = webhooks.add(project, "http://127.0.0.1:9000/hook", ["release.created"], by=mia)
            self.names |= {"webhook": used.id, "webhook_off": off.id}
            for outcome in (Outcome(204), Outcome(410, "The receiver answered 410."), Outcome(500, REFUSED)):
                webhooks.ping(used)
                parcel = webhook_outbox.take()
                assert parcel is not None
                webhook_outbox.settle(parcel, outcome)
                webhooks.resume(used)
            webhooks.ping(used)
            off.state = WebhookState.DISABLED

        desk.write(add)

    def _copies(self, desk: Desk) -> None:
        """A project of its own with a text in three papers, and one that somebody said is in two."""

        def begin() -> None:
            project = projects.create("wired", "A project with copies")
            for name, role in (("ada", Role.REVIEWER), ("jo", Role.ADJUDICATOR), ("mia", Role.MANAGER)):
                projects.add_member(project, desk.user(name), role)

        desk.write(begin)
        desk.slug = "wired"
        agency: dict[str, Any] = {"agency": "Reuters", "published": date(2019, 6, 12)}
        first = desk.article(WIRE, title="Ceasefire holds in Idlib", publisher="Example Post", **agency)
        edited = WIRE.replace("on Sunday", "at the weekend").replace("three towns", "several towns")
        desk.article(edited, title="Calm in the north, say ministries", publisher="Daily Example", **agency)
        desk.article(
            f"{edited.split('Aid')[0]}More in our newsletter.", title="A truce", publisher="The Third", **agency
        )
        own = " ".join(f"The paper saw {n} things that nobody else has written of." for n in range(40, 60))
        desk.article(
            f"{own}\n\n{WIRE.split(chr(10) * 2, maxsplit=1)[0]}",
            title="What we saw ourselves",
            publisher="Inland Paper",
        )
        desk.article(WIRE[::-1], title="Backwards", publisher="Example Post", **agency)
        desk.article(f"{WIRE[::-1]} Again", title="Backwards again", publisher="Daily Example")
        with desk.app.app_context():
            copy_finding.find(desk.project())
            group, other = list(copies.every_group(desk.project().id))
            self.names["copies"] = group.id
        desk.write(lambda: copy_decisions.decide(desk.user("jo"), desk.slug, group.id, Act.CONFIRM, article_id=first))
        desk.write(lambda: copy_decisions.decide(desk.user("jo"), desk.slug, other.id, Act.REJECT))
        desk.slug = "truce"

    def _later_rounds(self, desk: Desk) -> None:
        """An article with a question that came back, and one that was revealed and is talked about."""
        asked, revealed = (self._settled(desk, title) for title in ("Asked again", "Revealed"))
        with desk.app.app_context():
            views = {each: questions.questions(desk.user("jo"), each) for each in (asked, revealed)}
            settled = questions.questions(desk.user("jo"), self.names["settled"])
        claim = next(each.id for each in views[asked][0].versions if each.user_id == desk.ids["ada"])
        back = Answer(Taken.SEND_BACK, justification="Does it hold in both towns?")
        decision = desk.write(lambda: adjudication.decide(desk.user("jo"), asked, views[asked][0].id, back).id)
        desk.write(lambda: rounds.answer(desk.user("ben"), asked, decision, "In one of them."))
        desk.write(lambda: reveals.reveal(desk.user("mia"), revealed))
        thread = views[revealed][0].id
        desk.write(lambda: discussion.add(desk.user("ben"), revealed, thread, "@A @B why the article?"))
        self.names |= {"asked": asked, "asked_claim": str(claim), "revealed": revealed, "thread": str(thread)}
        self.names["settled_question"] = str(settled[0].id)
        self.names["settled_claim"] = str(settled[0].versions[0].id)
        self.names["linked"] = self._linked(desk)

    def _linked(self, desk: Desk) -> str:
        """Two claims, both settled, between which the reviewers see other relations."""
        article_id = desk.article("Both sides held the ceasefire. Two towns were shelled.", title="Linked")
        for name, relation in (("ada", Relation.QUALIFIES), ("ben", Relation.CORROBORATES)):
            one, other = (desk.mark(name, article_id, words) for words in ("the ceasefire", "Two towns"))
            link = Proposal(one, other, relation, None, "")
            desk.write(lambda name=name, link=link: links.create(desk.user(name), desk.slug, link))  # type: ignore[misc]
        for name in ("ada", "ben"):
            desk.submit(name, article_id)
        with desk.app.app_context():
            views = questions.questions(desk.user("jo"), article_id)

        def settle() -> None:
            for view in views:
                taken = Answer(Taken.ACCEPT, annotation=view.versions[0].id, justification="So it is.")
                adjudication.decide(desk.user("jo"), article_id, view.id, taken)

        desk.write(settle)
        return article_id

    def _settled(self, desk: Desk, title: str) -> str:
        article_id = desk.article(
            f"Both sides held the ceasefire in {title}. Two towns were shelled. It was calm.", title=title
        )
        for name, boundary in (("ada", "the ceasefire"), ("ben", "ceasefire")):
            desk.mark(name, article_id, boundary)
            desk.mark(name, article_id, "calm", "unverified")
        desk.mark("ben", article_id, "Two towns", "disputed", speaker=SPEAKER)
        for name in ("ada", "ben"):
            desk.submit(name, article_id)
        return article_id


REFUSED = "The receiver answered 500."
SPEAKER = Speaker("Both governments", SourceKind.NAMED_INSTITUTION, SpeakerMode.PARAPHRASED)
WIRE = (
    "Both governments announced a complete ceasefire in the province on Sunday after two weeks of talks.\n\n"
    "Residents reported shelling in three towns, and nobody could say who had fired on the villages along the road.\n\n"
    "Aid groups asked both sides to open the crossing to lorries with food and medicine for the camps."
)
GUIDELINE = "# Claims\n\n- A [link](https://example.org) and `code`.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"

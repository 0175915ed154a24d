"""The whole road in a real browser: two stories come in, two people mark them, a third decides, the gold set goes out.

Everything is done on the pages; only the one-time links are made behind them.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from annotator.db import db
from annotator.models import Article, ArticleVersion
from tests.support.people import email_of
from tests.support.reader import Reader

AGREEMENT = """\
Russian news agencies wrote on Wednesday that Moscow and Ankara had settled on a complete ceasefire in Idlib.

People in two towns of the province told a reporter that they still heard artillery after dark.
"""
CALM = """\
Four days after the guns fell silent, a military centre called the province calm "except for one or two separate incidents."

It did not say where those were, nor who had fired.
"""
QUOTED = 'calm "except for one or two separate incidents."'
Contexts = Callable[..., BrowserContext]


@pytest.fixture
def stories(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / "2019 agreement.txt", tmp_path / "2020 calm.txt"]
    for path, story in zip(paths, (AGREEMENT, CALM), strict=True):
        path.write_text(story, encoding="utf-8")
    return paths


def test_from_two_files_to_the_gold_csv(app: Flask, idlib: str, new_context: Contexts, stories: list[Path]) -> None:
    import_and_deal(sign_in(app, new_context, "Mia").page, idlib, stories)
    agreement, calm = articles_by(app, "complete ceasefire", QUOTED)

    ada = sign_in(app, new_context, "Ada")
    ada.open(agreement).drag("complete ceasefire").press("1").saved()
    ada.drag("still heard artillery after dark").press("3").saved()
    submit(ada.page)
    ada.open(calm).drag(QUOTED).press("1").saved()
    submit(ada.page)

    ben = sign_in(app, new_context, "Ben")
    ben.open(agreement)
    expect(ben.page.locator("#text .mark")).to_have_count(0)
    ben.drag("a complete ceasefire in Idlib").press("2").saved()
    submit(ben.page)
    ben.open(calm).select(f"a military centre called the province {QUOTED}").press("2").saved()
    submit(ben.page)

    jo = sign_in(app, new_context, "Jo").page
    jo.goto(f"/projects/{idlib}")
    expect(jo.locator(f"a[href='/articles/{agreement}/adjudicate']")).to_be_visible()
    jo.goto(f"/articles/{agreement}/adjudicate")
    expect(jo.locator(".question")).to_have_count(2)
    take(jo, "a complete ceasefire in Idlib", decided=1, of=2)
    # Ada alone marked this; Jo finds that it should stand.
    take(jo, "still heard artillery after dark", decided=2, of=2)
    finish(jo)
    jo.goto(f"/articles/{calm}/adjudicate")
    expect(jo.locator(".question")).to_have_count(1)
    take(jo, QUOTED, decided=1, of=1)
    finish(jo)

    rows = download_gold(jo, idlib)
    assert [(row["exact"], row["label"], row["adjudicator"]) for row in rows] == [
        ("a complete ceasefire in Idlib", "disputed", "Jo"),
        ("still heard artillery after dark", "unverified", "Jo"),
        (QUOTED, "sourced", "Jo"),
    ]
    texts = texts_of(app)
    for row in rows:
        text = texts[row["article_id"]]
        assert row["exact"] == text[int(row["start"]) : int(row["end"])]
        assert row["article_sha256"] == hashlib.sha256(text.encode()).hexdigest()


def test_nothing_reaches_the_gold_set_that_the_adjudicator_did_not_take(
    app: Flask, idlib: str, new_context: Contexts, stories: list[Path]
) -> None:
    """A claim of one reviewer that is turned down, in an article that is then finished; the other one stays open."""
    import_and_deal(sign_in(app, new_context, "Mia").page, idlib, stories)
    agreement, _ = articles_by(app, "complete ceasefire", QUOTED)
    ada = sign_in(app, new_context, "Ada")
    ada.open(agreement).drag("complete ceasefire").press("1").saved()
    submit(ada.page)
    ben = sign_in(app, new_context, "Ben")
    ben.open(agreement).page.wait_for_load_state()
    submit(ben.page)
    jo = sign_in(app, new_context, "Jo").page
    jo.goto(f"/articles/{agreement}/adjudicate")
    jo.get_by_role("button", name="Nothing here").click()
    expect_decided(jo, 1, 1)
    finish(jo)
    assert download_gold(jo, idlib) == []


def sign_in(app: Flask, new_context: Contexts, name: str) -> Reader:
    """The person's own browser, opened by a one-time link."""
    return Reader(app, new_context(viewport={"width": 1280, "height": 900}).new_page(), email_of(name))


def import_and_deal(page: Page, slug: str, files: list[Path]) -> None:
    page.goto(f"/projects/{slug}/import")
    page.locator("#files").set_input_files(files)
    page.get_by_role("button", name="See what they hold").click()
    page.get_by_role("button", name="Import 2 articles").click()
    expect(page.get_by_text("2 articles came in.")).to_be_visible()
    page.get_by_role("button", name="Give articles to reviewers").click()
    expect(page.get_by_text("4 assignments made.")).to_be_visible()


def submit(page: Page) -> None:
    page.get_by_role("link", name="Submit").click()
    dialog = page.locator("#review-dialog")
    dialog.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("You submitted this article")).to_be_visible()


def take(page: Page, quote: str, *, decided: int, of: int) -> None:
    """Open the question that holds this version, and take the version."""
    for question in page.locator(".question").all():
        question.click()
        expect(page.locator(f"#looking[data-question='{question.get_attribute('data-question')}']")).to_be_visible()
        quotes = page.locator(".version .version-quote").all_inner_texts()
        if quote in quotes:
            version = page.locator(".version").nth(quotes.index(quote))
            version.get_by_role("button", name="Take this").click()
            expect_decided(page, decided, of)
            return
    raise AssertionError(f"No question has the version {quote!r}.")


def expect_decided(page: Page, decided: int, of: int) -> None:
    expect(page.locator(".question")).to_have_count(of)
    expect(page.locator(".question-outcome")).to_have_count(decided)


def finish(page: Page) -> None:
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_text("The adjudication is finished")).to_be_visible()


def download_gold(page: Page, slug: str) -> list[dict[str, str]]:
    page.goto(f"/projects/{slug}/export")
    with page.expect_download() as started:
        page.get_by_role("link", name="CSV of gold", exact=True).click()
    assert started.value.suggested_filename == f"{slug}-gold.csv"
    content = Path(started.value.path()).read_bytes().decode("utf-8")
    return list(csv.DictReader(io.StringIO(content, newline="")))


def texts_of(app: Flask) -> dict[str, str]:
    with app.app_context():
        query = select(Article.id, ArticleVersion.text).join(ArticleVersion, ArticleVersion.article_id == Article.id)
        return {row[0]: row[1] for row in db.session.execute(query)}


def articles_by(app: Flask, *words: str) -> list[str]:
    """The ids of the articles that hold the words."""
    texts = texts_of(app)
    return [next(article_id for article_id, text in texts.items() if each in text) for each in words]

"""The watch over the browser hears what it is there for: otherwise its silence would prove nothing."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.support.complaints import Complaints
from tests.support.eventually import eventually


def test_a_served_page_is_watched_and_silent(page: Page, complaints: Complaints) -> None:
    answer = page.goto("/sign-in")
    assert answer is not None
    assert answer.status == 200
    assert complaints.heard == []


def test_an_inline_script_is_refused_and_heard(page: Page, complaints: Complaints) -> None:
    complaints.expect("Content Security Policy")
    page.goto("/sign-in")
    page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.ran = true";
            document.body.append(script);
        }"""
    )
    assert page.evaluate("window.ran") is None
    eventually(page, lambda: any("Content Security Policy" in text for text in complaints.heard), True)
    assert complaints.unexpected() == []


def test_an_uncaught_error_is_heard(page: Page, complaints: Complaints) -> None:
    complaints.expect("lost the thread")
    page.goto("/sign-in")
    with page.context.expect_event("weberror"):
        page.evaluate("() => { setTimeout(() => { throw new Error('lost the thread') }) }")
    assert complaints.heard == ["uncaught: lost the thread"]


def test_a_request_to_a_third_party_is_heard(page: Page, complaints: Complaints) -> None:
    page.goto("/sign-in")
    complaints.expect(r"third\.example")
    page.evaluate("fetch('http://third.example/').catch(() => null)")
    told = ("request to a third party", "console error")
    eventually(page, lambda: any(text.startswith(told) for text in complaints.heard), True)


def test_what_was_not_expected_stays_a_complaint() -> None:
    complaints = Complaints()
    complaints.heard += ["console error: status of 412", "console error: status of 500"]
    complaints.expect("status of 412")
    assert complaints.unexpected() == ["console error: status of 500"]

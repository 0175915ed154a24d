"""What a browser complains about while a test drives it: each complaint that was not expected fails the test."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

HERE = "127.0.0.1"


class Complaints:
    """Errors on the console (refusals by the content security policy too), uncaught errors, requests to third parties."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self._expected: list[re.Pattern[str]] = []

    def expect(self, pattern: str) -> None:
        """A complaint that contains `pattern` (a regular expression) belongs to the test: "status of 412"."""
        self._expected.append(re.compile(pattern))

    def watch(self, context: BrowserContext) -> None:
        """Listen to all pages of `context`, those that it opens later too."""
        context.on("console", self._on_console)
        context.on("weberror", self._on_error)
        context.on("request", self._on_request)

    def leave(self, context: BrowserContext) -> None:
        """Listen to `context` no more."""
        context.remove_listener("console", self._on_console)
        context.remove_listener("weberror", self._on_error)
        context.remove_listener("request", self._on_request)

    def unexpected(self) -> list[str]:
        """What was heard and not expected."""
        return [text for text in self.heard if not any(pattern.search(text) for pattern in self._expected)]

    def _on_console(self, message: ConsoleMessage) -> None:
        # Warnings differ from one version of the browser to the next; what is refused or fails is an error in all.
        if message.type == "error":
            self.heard.append(f"console error: {message.text} ({message.location.get('url', '')})")

    def _on_error(self, error: WebError) -> None:
        self.heard.append(f"uncaught: {error.error}")

    def _on_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"blob", "about"} and address.hostname != HERE:
            self.heard.append(f"request to a third party: {request.url}")

"""What other programs can be told of, and when a message that was not taken is sent again."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum


class WebhookEvent(StrEnum):
    """One kind of thing that happens in a project. Its message carries ids and counts, never texts or claims."""

    ARTICLE_IMPORTED = "article.imported"
    ASSIGNMENT_SUBMITTED = "assignment.submitted"
    ARTICLE_ADJUDICATED = "article.adjudicated"
    RELEASE_CREATED = "release.created"


EVENTS: dict[WebhookEvent, str] = {
    WebhookEvent.ARTICLE_IMPORTED: "articles were added, once for each import",
    WebhookEvent.ASSIGNMENT_SUBMITTED: "a reviewer submitted an article",
    WebhookEvent.ARTICLE_ADJUDICATED: "the adjudication of an article was finished",
    WebhookEvent.RELEASE_CREATED: "a release was made",
}
"""What each event is, in words that go on from "tell me when"."""

PING = "webhook.ping"
"""The event of a test message, which goes to one webhook whatever it asked for."""

DELAYS = tuple(
    timedelta(seconds=seconds) for seconds in (10, 60, 5 * 60, 30 * 60, 2 * 60 * 60, 6 * 60 * 60, 15 * 60 * 60)
)
"""How long after each attempt the next one follows: eight attempts within a day."""

ATTEMPTS = len(DELAYS) + 1

JITTER = 0.2
"""By which share a delay may be longer or shorter, so that a receiver that was away is not met by all at once."""

GIVEN_UP_IN_A_ROW = 5
"""After so many messages that nobody took, a webhook is switched off."""


def delay_after(attempts: int, chance: float) -> timedelta | None:
    """How long to wait after so many attempts; None after the last. `chance` is a random number from 0 to 1."""
    if attempts >= ATTEMPTS:
        return None
    return DELAYS[attempts - 1] * (1 + JITTER * (2 * chance - 1))

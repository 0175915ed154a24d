"""What the script of the annotate page asks about the text: cues to jump to, and suggestions with what becomes of them."""

from __future__ import annotations

from itertools import chain

from flask import Response, jsonify

from annotator.db import transaction
from annotator.domain.spans import Span
from annotator.security import current_user
from annotator.services import suggestions
from annotator.views.articles import pages

FURTHEST = 1_000_000_000
"""No text is longer; a greater number is no offset and no route."""

_ONE = f"/suggestions/<int(max={FURTHEST}):start>-<int(max={FURTHEST}):end>"


@pages.get("/cues")
def cues(article_id: str) -> Response:
    """The cues by kind, each as start, end, start, end … in code points, and the suggestions with their why."""
    found = suggestions.look(current_user(), article_id)
    return jsonify(
        cues={kind: list(chain.from_iterable(spans)) for kind, spans in found.cues.items()},
        suggestions=[
            {"start": each.start, "end": each.end, "why": each.why, "own": each in found.own}
            for each in found.suggestions
        ],
    )


@pages.post("/suggestions/on", defaults={"on": True})
@pages.post("/suggestions/off", defaults={"on": False}, endpoint="switch_suggestions_off")
def switch_suggestions(article_id: str, *, on: bool) -> tuple[str, int]:
    """Switch suggestions on or off for oneself."""
    with transaction():
        suggestions.switch(current_user(), article_id, on=on)
    return "", 204


@pages.post("/offers/on", defaults={"on": True})
@pages.post("/offers/off", defaults={"on": False}, endpoint="switch_offers_off")
def switch_offers(article_id: str, *, on: bool) -> tuple[str, int]:
    """Switch the offers of one's own marks in copies on or off for oneself."""
    with transaction():
        suggestions.switch_offers(current_user(), article_id, on=on)
    return "", 204


@pages.post(f"{_ONE}/dismiss")
def dismiss_suggestion(article_id: str, start: int, end: int) -> tuple[str, int]:
    """Put a suggestion aside."""
    user = current_user()
    # The text is read here, where no lock is held; what is found in it never changes.
    suggestions.look(user, article_id)
    with transaction():
        suggestions.dismiss(user, article_id, Span(start, end))
    return "", 204


@pages.post(f"{_ONE}/restore")
def restore_suggestion(article_id: str, start: int, end: int) -> tuple[str, int]:
    """Bring a dismissed suggestion back."""
    user = current_user()
    with transaction():
        suggestions.restore(user, article_id, Span(start, end))
    return "", 204

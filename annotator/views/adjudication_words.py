"""The words and shapes of an adjudication: what kind a question is of, about a claim or a link, and how it was settled."""

from __future__ import annotations

from annotator.domain.link_questions import LinkKind
from annotator.domain.questions import Kind
from annotator.models import LinkOutcome, Outcome
from annotator.services.link_questions import LinkState

KINDS: dict[Kind, tuple[str, str]] = {
    Kind.SOME: ("Only some marked it", "circle-dashed"),
    Kind.LABEL: ("Label differs", "tag"),
    Kind.BOUNDARY: ("Boundary differs", "move-horizontal"),
    Kind.FIELDS: ("Details differ", "list"),
    Kind.LINK: ("Link differs", "link-2"),
    Kind.AGREED: ("Agreed", "circle-check"),
}
UNMARKED = ("Nobody marked it", "plus")
OUTCOMES: dict[Outcome, tuple[str, str]] = {
    Outcome.ACCEPT: ("Taken", "check"),
    Outcome.EDIT: ("Edited", "pencil"),
    Outcome.NOTHING_HERE: ("Nothing here", "ban"),
    Outcome.SEND_BACK: ("Sent back", "reply"),
}
LINK_KINDS: dict[LinkKind, tuple[str, str]] = {
    LinkKind.SOME: ("Only some linked it", "circle-dashed"),
    LinkKind.RELATION: ("Linked differently", "arrow-up-down"),
    LinkKind.AGREED: ("Linked alike", "circle-check"),
}
LINK_OUTCOMES: dict[LinkOutcome, tuple[str, str]] = {
    LinkOutcome.ACCEPT: ("Linked", "check"),
    LinkOutcome.EDIT: ("Linked otherwise", "pencil"),
    LinkOutcome.NO_LINK: ("No link", "ban"),
}
LINK_STATES: dict[LinkState, tuple[str, str]] = {
    LinkState.WAITING: ("Waits", "clock"),
    LinkState.DROPPED: ("Dropped", "ban"),
    LinkState.DECIDED: ("Linked on the compare page", "link-2"),
}

"""The words and shapes of an adjudication: what kind a question is of, and how it was settled."""

from __future__ import annotations

from annotator.domain.questions import Kind
from annotator.models import Outcome

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

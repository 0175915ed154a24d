"""Why a question was settled as it was: the tags an adjudicator gives, and the rules of a first pass, in words.

The tags are few, so that two adjudicators choose the same one: each names another cause of disagreement and so another
thing to mend (the guideline, the training, the label set). What a tag cannot say stands in the note beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why a question was settled so; the stored word."""

    GUIDELINE = "guideline"
    LABEL_RULE = "label-rule"
    BOUNDARY_CONVENTION = "boundary-convention"
    EVIDENCE_DECISIVE = "evidence-decisive"
    NOT_A_CLAIM = "not-a-claim"
    DUPLICATE = "duplicate"
    OVERSIGHT = "oversight"
    JUDGEMENT = "judgement"


@dataclass(frozen=True)
class Meaning:
    """A tag in words: what stands on its button, and when it fits."""

    words: str
    help: str


MEANINGS: dict[Reason, Meaning] = {
    Reason.GUIDELINE: Meaning("Guideline", "The guideline settles it; somebody did not follow it."),
    Reason.LABEL_RULE: Meaning("Label rule", "The definition of a label decides, such as that conflict beats support."),
    Reason.BOUNDARY_CONVENTION: Meaning("Boundary", "All mean the same claim; where it begins and ends is convention."),
    Reason.EVIDENCE_DECISIVE: Meaning("Evidence", "Evidence that not everybody had decides."),
    Reason.NOT_A_CLAIM: Meaning("Not a claim", "A question, a wish, an opinion or page furniture."),
    Reason.DUPLICATE: Meaning("Duplicate", "The same claim is gold elsewhere in this article."),
    Reason.OVERSIGHT: Meaning("Oversight", "Somebody overlooked it or slipped; nobody doubts it."),
    Reason.JUDGEMENT: Meaning(
        "Judgement", "Both readings can be defended. This one was chosen, and the note says why."
    ),
}

UNANIMOUS = "unanimous"
MAJORITY = "majority"


def majority_rule(threshold: float) -> str:
    """The name under which a majority of `threshold` is stored: "majority:0.75"."""
    return f"{MAJORITY}:{threshold:g}"


def rule_words(rule: str, given: str = "give this label") -> str:
    """A stored rule as a sentence without its full stop; empty for a decision of a person.

    `given` says what a majority did: of a link that they link the two so.
    """
    name, _, threshold = rule.partition(":")
    if not name:
        return ""
    if name == UNANIMOUS:
        return "by rule: all reviewers agree"
    return f"by rule: at least {float(threshold):.4g} of the reviewers {given}"


LINKED_SO = "link the two so"


def justification(reasons: Sequence[str], note: str, rule: str = "", given: str = "give this label") -> str:
    """What stands in one cell of a table: "guideline; oversight: The note", after the rule where one decided."""
    before = "; ".join([*filter(None, [rule_words(rule, given)]), *reasons])
    return ": ".join(filter(None, [before, note]))

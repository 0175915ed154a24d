"""What a claim's label means in the words of fact-checking datasets: the label alone never says it.

A verdict is a finding about the claim as worded, so it is given only where the label and the stances of the evidence
agree on one; docs/formats/verdicts.md has the whole table with the reasons. Whatever a project calls its own labels,
only the three of the default set have a meaning here.
"""

from __future__ import annotations

from enum import StrEnum

from annotator.domain.claims import Claim, Stance, Target


class Verdict(StrEnum):
    """The four labels of AVeriTeC, as they are spelled there (https://arxiv.org/abs/2305.13117, section 3.4)."""

    SUPPORTED = "Supported"
    REFUTED = "Refuted"
    CONFLICTING = "Conflicting Evidence/Cherrypicking"
    NOT_ENOUGH = "Not Enough Evidence"


QUOTE_VERIFICATION = "Quote Verification"
"""AVeriTeC's type of a claim that is about who said something."""


def verdict(claim: Claim) -> Verdict | None:
    """What the label and the evidence say together, or None where they give no faithful verdict.

    Of a claim whose target is the attribution it is a verdict on "did they say it", never on what was said.
    """
    stances = {item.stance for item in claim.evidence}
    supported, refuted = Stance.SUPPORTS in stances, Stance.REFUTES in stances
    match claim.label:
        case "sourced":
            return Verdict.SUPPORTED if supported and not refuted else None
        case "disputed" if refuted:
            return Verdict.CONFLICTING if supported else Verdict.REFUTED
        case "unverified":
            # The label itself says that the evidence does not suffice, whichever way it points.
            return Verdict.NOT_ENOUGH
    return None


def content_verdict(claim: Claim) -> Verdict | None:
    """The same for formats that know nothing but what was said: None for a claim about an attribution."""
    return None if is_quote_verification(claim) else verdict(claim)


def is_quote_verification(claim: Claim) -> bool:
    """Whether the claim is about who said something."""
    return claim.target is Target.ATTRIBUTION


def why_none(claim: Claim) -> str:
    """Why a claim without a verdict has none, as a phrase that many claims can share."""
    if claim.label not in {"sourced", "disputed", "unverified"}:
        return "the label is the project's own"
    stances = {item.stance for item in claim.evidence}
    if claim.label == "sourced" and Stance.SUPPORTS in stances:
        return "it is sourced, and evidence refutes it"
    lacking = "supports" if claim.label == "sourced" else "refutes"
    return f"it is {claim.label}, and no evidence {lacking} it"

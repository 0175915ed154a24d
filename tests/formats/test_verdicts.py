"""The whole table of labels, targets and stances: what each is called in fact-checking datasets, or that it is not."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

import annotator
from annotator.domain.claims import Claim, Evidence, Stance, Target
from annotator.formats.claimreview import RATINGS
from annotator.formats.fever import LABELS
from annotator.formats.verdicts import Verdict, content_verdict, is_quote_verification, verdict, why_none

S, R, Q, M = Stance.SUPPORTS, Stance.REFUTES, Stance.QUALIFIES, Stance.MENTIONS
WEIGHED = (S, R, Q)
SETS = [frozenset(chosen) for size in range(4) for chosen in combinations(WEIGHED, size)]

TABLE = {
    ("sourced", frozenset()): None,
    ("sourced", frozenset({S})): Verdict.SUPPORTED,
    ("sourced", frozenset({R})): None,
    ("sourced", frozenset({Q})): None,
    ("sourced", frozenset({S, R})): None,
    ("sourced", frozenset({S, Q})): Verdict.SUPPORTED,
    ("sourced", frozenset({R, Q})): None,
    ("sourced", frozenset({S, R, Q})): None,
    ("disputed", frozenset()): None,
    ("disputed", frozenset({S})): None,
    ("disputed", frozenset({R})): Verdict.REFUTED,
    ("disputed", frozenset({Q})): None,
    ("disputed", frozenset({S, R})): Verdict.CONFLICTING,
    ("disputed", frozenset({S, Q})): None,
    ("disputed", frozenset({R, Q})): Verdict.REFUTED,
    ("disputed", frozenset({S, R, Q})): Verdict.CONFLICTING,
    **{("unverified", stances): Verdict.NOT_ENOUGH for stances in SETS},
    **{("rumour", stances): None for stances in SETS},
}


def claim(label: str, stances: frozenset[Stance], target: Target = Target.CONTENT) -> Claim:
    return Claim(0, 1, "x", label, target, evidence=tuple(Evidence(stance) for stance in sorted(stances)))


def test_the_table_is_whole() -> None:
    assert set(TABLE) == {
        (label, chosen) for label in ("sourced", "disputed", "unverified", "rumour") for chosen in SETS
    }


@pytest.mark.parametrize(("label", "stances"), list(TABLE))
@pytest.mark.parametrize("mentioned", [False, True])
def test_label_and_stances_give_the_verdict_together(label: str, stances: frozenset[Stance], mentioned: bool) -> None:
    # Evidence that only mentions the claim weighs nothing.
    found = claim(label, stances | ({M} if mentioned else frozenset()))
    assert verdict(found) == content_verdict(found) == TABLE[label, stances]


@pytest.mark.parametrize(("label", "stances"), list(TABLE))
def test_a_verdict_on_who_said_it_is_never_one_on_what_was_said(label: str, stances: frozenset[Stance]) -> None:
    said = claim(label, stances, Target.ATTRIBUTION)
    assert is_quote_verification(said)
    assert content_verdict(said) is None
    # It is the same finding, about another question.
    assert verdict(said) == TABLE[label, stances]


def test_a_claim_without_a_verdict_says_why() -> None:
    assert {(label, why_none(claim(label, stances))) for (label, stances), found in TABLE.items() if found is None} == {
        ("sourced", "it is sourced, and no evidence supports it"),
        ("sourced", "it is sourced, and evidence refutes it"),
        ("disputed", "it is disputed, and no evidence refutes it"),
        ("rumour", "the label is the project's own"),
    }


def test_every_verdict_is_a_label_of_averitec_and_has_its_words_elsewhere() -> None:
    assert {str(each) for each in Verdict} == {
        "Supported",
        "Refuted",
        "Conflicting Evidence/Cherrypicking",
        "Not Enough Evidence",
    }
    assert set(RATINGS) == set(Verdict)
    # FEVER has no word for evidence that conflicts.
    assert set(LABELS) == set(Verdict) - {Verdict.CONFLICTING}
    assert set(LABELS.values()) == {"SUPPORTS", "REFUTES", "NOT ENOUGH INFO"}


def test_the_documentation_has_the_same_table() -> None:
    page = (Path(annotator.__file__).parents[1] / "docs" / "formats" / "verdicts.md").read_text(encoding="utf-8")
    lines = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line.startswith("| ")
    ]
    written = {(row[0], row[1]): row[2] for row in lines if len(row) == 5}
    for (label, stances), found in TABLE.items():
        if label in {"sourced", "disputed"}:
            words = ", ".join(stance for stance in WEIGHED if stance in stances) or "none of these"
            assert written[label, words] == (found or "none"), (label, words)
    assert written["unverified", "any"] == Verdict.NOT_ENOUGH
    assert written["a label of the project's own", "any"] == "none"

"""What a claim still lacks under the rules of its label."""

from __future__ import annotations

import pytest

from annotator.domain.claims import DEFAULT_LABELS, Claim, Evidence, Requirement, Speaker, Stance, missing

REQUIREMENTS = {label.key: label.requirement for label in DEFAULT_LABELS}
SPEAKER = Speaker("Russian military")


def claim(label: str, *, reason: str = "", speaker: Speaker | None = None, stances: tuple[Stance, ...] = ()) -> Claim:
    evidence = tuple(Evidence(stance, source="Reuters") for stance in stances)
    return Claim(0, 9, "ceasefire", label, reason=reason, speaker=speaker, evidence=evidence)


@pytest.mark.parametrize(
    ("marked", "lacking"),
    [
        (claim("sourced"), ["a speaker", "evidence that supports it"]),
        (claim("sourced", speaker=SPEAKER), ["evidence that supports it"]),
        (claim("sourced", speaker=SPEAKER, stances=(Stance.REFUTES,)), ["evidence that supports it"]),
        (claim("sourced", speaker=SPEAKER, stances=(Stance.MENTIONS, Stance.SUPPORTS)), []),
        (claim("sourced", stances=(Stance.SUPPORTS,)), ["a speaker"]),
        (claim("disputed"), ["evidence that refutes or qualifies it", "a reason"]),
        (claim("disputed", reason="contradicted"), ["evidence that refutes or qualifies it"]),
        (claim("disputed", reason="contradicted", stances=(Stance.QUALIFIES,)), []),
        (claim("disputed", stances=(Stance.REFUTES,)), ["a reason"]),
        (claim("unverified"), ["a reason"]),
        (claim("unverified", reason="hedged"), []),
    ],
)
def test_names_what_the_default_labels_must_carry(marked: Claim, lacking: list[str]) -> None:
    assert missing(marked, REQUIREMENTS[marked.label]) == lacking


def test_a_speaker_of_blanks_is_none() -> None:
    assert missing(claim("sourced", speaker=Speaker("  ")), Requirement(speaker=True)) == ["a speaker"]


def test_a_label_without_requirements_lacks_nothing() -> None:
    assert missing(claim("opinion"), Requirement()) == []


def test_the_reasons_of_a_label_are_words_that_a_cell_can_hold() -> None:
    keys = [reason.key for label in DEFAULT_LABELS for reason in label.reasons]
    assert len(keys) == len(set(keys))
    assert all(key == key.lower() and " " not in key and "," not in key for key in keys)


def test_whoever_must_give_a_reason_is_offered_some() -> None:
    assert all(label.reasons for label in DEFAULT_LABELS if label.requirement.reason)

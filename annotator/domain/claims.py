"""What a claim is: a span of an article with a label, who says it and on what evidence.

The same words are used in SQL, forms, JSON and CSV. The values of each enumeration are the stored ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


class Target(StrEnum):
    """What the label speaks about: is it so, or did this speaker say it."""

    CONTENT = "content"
    ATTRIBUTION = "attribution"


class Origin(StrEnum):
    """How the claim came to be marked."""

    HUMAN = "human"
    SUGGESTION_ACCEPTED = "suggestion-accepted"
    SUGGESTION_EDITED = "suggestion-edited"


class SourceKind(StrEnum):
    """Kinds of speaker and of evidence."""

    DOCUMENT = "document"
    NAMED_PERSON = "named_person"
    NAMED_INSTITUTION = "named_institution"
    NAMED_WITNESS = "named_witness"
    UNNAMED_GROUP = "unnamed_group"
    RELAYED = "relayed"
    OWN_VOICE = "own_voice"


class SpeakerMode(StrEnum):
    """How the article gives the speaker's words."""

    QUOTED = "quoted"
    PARAPHRASED = "paraphrased"
    OWN_VOICE = "own_voice"


class Stance(StrEnum):
    """What an evidence item does to the claim."""

    SUPPORTS = "supports"
    REFUTES = "refutes"
    QUALIFIES = "qualifies"
    MENTIONS = "mentions"


class Relation(StrEnum):
    """How two claims stand to each other."""

    CONTRADICTS = "contradicts"
    QUALIFIES = "qualifies"
    CORROBORATES = "corroborates"
    SUPERSEDES = "supersedes"
    SAME_WIRE_ORIGIN = "same_wire_origin"


class Doubt(StrEnum):
    """Doubt a person has to say where a claim stands."""

    SURROUNDINGS = "surroundings"
    SEVERAL = "several"
    CHANGED = "changed"


class Aspect(StrEnum):
    """What a relation is about."""

    FACT = "fact"
    NUMBER = "number"
    DATE = "date"
    PARTY = "party"
    PLACE = "place"
    SCOPE = "scope"
    FRAMING = "framing"
    BLAME = "blame"


@dataclass(frozen=True)
class Speaker:
    """Who says it; `chain` is the relay, origin first ("Russian military", "Russian news agencies", "Reuters")."""

    name: str
    kind: SourceKind | None = None
    mode: SpeakerMode | None = None
    chain: tuple[str, ...] = ()


@dataclass(frozen=True)
class Evidence:
    """One item for or against a claim: a source, or a span of an article of the project.

    `annotation` names a claim by UUID; else `article` (id) with `start` and `end`, code points, half-open.
    """

    stance: Stance
    kind: SourceKind | None = None
    source: str = ""
    quote: str = ""
    url: str = ""
    archived_url: str = ""
    published: date | None = None
    annotation: UUID | None = None
    article: str | None = None
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True)
class Claim:
    """What a reviewer says about the span [start, end) of an article's text, in code points.

    `label` is the label's key; `exact` must equal `text[start:end]`; `confidence` lies in [0, 1].
    Two claims are equal when every field is, which is what makes a repeated save harmless.
    """

    start: int
    end: int
    exact: str
    label: str
    target: Target = Target.CONTENT
    reason: str = ""
    origin: Origin = Origin.HUMAN
    speaker: Speaker | None = None
    claim_text: str = ""
    event_start: date | None = None
    event_end: date | None = None
    note: str = ""
    confidence: float | None = None
    evidence: tuple[Evidence, ...] = ()


UNSURE = 0.5
"""Unsure is no field of its own: it means a confidence of this or less. One number tells it everywhere."""


def is_unsure(confidence: float | None) -> bool:
    """Whether the person marked the claim as unsure; without a confidence they said nothing about it."""
    return confidence is not None and confidence <= UNSURE


@dataclass(frozen=True)
class Requirement:
    """What a label must carry before its article is submitted."""

    speaker: bool = False
    reason: bool = False
    stances: frozenset[Stance] = frozenset()


def missing(claim: Claim, requirement: Requirement) -> list[str]:
    """What `claim` still lacks, as short phrases ("a speaker", "a reason"); empty when it is complete."""
    lacking = []
    if requirement.speaker and (claim.speaker is None or not claim.speaker.name.strip()):
        lacking.append("a speaker")
    if requirement.stances and not any(item.stance in requirement.stances for item in claim.evidence):
        wanted = " or ".join(sorted(requirement.stances, reverse=True))
        lacking.append(f"evidence that {wanted} it")
    if requirement.reason and not claim.reason:
        lacking.append("a reason")
    return lacking


def in_few_words(lacking: Sequence[str]) -> str:
    """What `missing` found, for one line: "evidence that supports it" is "evidence" there."""
    return ", ".join(what.removeprefix("a ").partition(" that ")[0] for what in lacking)


@dataclass(frozen=True)
class ReasonDefault:
    """One reason of a label set: its stored key and the sentence that explains it."""

    key: str
    help: str


@dataclass(frozen=True)
class LabelDefault:
    """One label of the set that a new project starts with. `tone` picks colour and underline, 1 to 8."""

    key: str
    name: str
    definition: str
    tone: int
    requirement: Requirement
    reasons: Sequence[ReasonDefault]


DEFAULT_LABELS: tuple[LabelDefault, ...] = (
    LabelDefault(
        "sourced",
        "Sourced",
        "Supported, as worded, by evidence that meets the bar; nothing of like weight contradicts it.",
        1,
        Requirement(speaker=True, stances=frozenset({Stance.SUPPORTS})),
        (
            ReasonDefault("reporter-observed", "The reporter saw it, or holds the document."),
            ReasonDefault("authoritative-speaker", "A named person or institution on their own acts or words."),
            ReasonDefault("against-interest", "A party's statement against its own interest."),
            ReasonDefault("document", "A document that can be looked up says so."),
            ReasonDefault("corroborated", "Two independent sources, or one institution with a method."),
        ),
    ),
    LabelDefault(
        "disputed",
        "Disputed",
        "A party or an independent source denies or limits it, or two statements cannot both be true.",
        2,
        Requirement(reason=True, stances=frozenset({Stance.REFUTES, Stance.QUALIFIES})),
        (
            ReasonDefault("contradicted", "Another statement cannot be true together with this one."),
            ReasonDefault("denied-by-party", "A party to the matter denies it."),
            ReasonDefault("scope-overstated", "It claims more than the evidence bears."),
            ReasonDefault("number-mismatch", "The figures differ."),
            ReasonDefault("date-mismatch", "The dates differ."),
            ReasonDefault("party-mismatch", "It names another actor."),
            ReasonDefault("framing-contested", "The facts agree, the words for them do not."),
        ),
    ),
    LabelDefault(
        "unverified",
        "Unverified",
        "It is a claim, somebody looked, and neither bar is met. Not the same as false.",
        3,
        Requirement(reason=True),
        (
            ReasonDefault("no-source", "The article names nobody for it."),
            ReasonDefault("anonymous-only", "Only unnamed people say so."),
            ReasonDefault("single-party-source", "Only one party with an interest says so."),
            ReasonDefault("hedged", "The article itself is not sure."),
            ReasonDefault("not-checkable", "No evidence could settle it."),
        ),
    ),
)

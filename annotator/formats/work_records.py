"""The work on an article in a whole project's file: claims with their evidence, assignments, decisions, posts and copies."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from annotator.domain.claims import Doubt, Origin, SourceKind, SpeakerMode, Stance, Target
from annotator.formats.part_records import AssignmentKind, AssignmentState, Id, Number, Offset, Part, Text


class EvidencePart(Part):
    """An evidence item of a claim; their order is theirs."""

    stance: Stance
    kind: SourceKind | None
    source: Text
    quote: Text
    url: Text
    archived_url: Text
    published: date | None
    annotation: UUID | None
    article: Id | None
    start: Offset | None
    end: Offset | None


class FirstVotePart(Part):
    """What was marked while still blind, of a claim that was changed later."""

    version: Number
    start: Offset
    end: Number
    label: Text


class ToPlacePart(Part):
    """That a deleted claim waits for its place in a corrected text: where it might be, in the text of its assignment.

    Its own place is in the text of `article_version`, and `version` is its own while it waits.
    """

    article_version: Number
    version: Number
    start: Offset | None
    end: Number | None
    doubt: Doubt | None
    created_at: AwareDatetime


class AnnotationPart(Part):
    """A claim, or with `deleted_at` the tombstone of one."""

    id: UUID
    label: Text
    version: Number
    start: Offset
    end: Number
    exact: Text
    target: Target
    reason: Annotated[Text, Field(max_length=64)]
    origin: Origin
    speaker: Text
    speaker_kind: SourceKind | None
    speaker_mode: SpeakerMode | None
    speaker_chain: list[Text]
    claim_text: Text
    event_start: date | None
    event_end: date | None
    note: Text
    confidence: Annotated[float, Field(ge=0, le=1)] | None
    guideline_version: int | None
    round: Number
    created_at: AwareDatetime
    updated_at: AwareDatetime
    deleted_at: AwareDatetime | None
    evidence: list[EvidencePart]
    first_vote: FirstVotePart | None
    to_place: ToPlacePart | None = None


class DismissedPart(Part):
    """A suggestion that was put aside."""

    start: Offset
    end: Number
    created_at: AwareDatetime


class AssignmentPart(Part):
    """One person's work on a version of the article: a review, the adjudication, training, a second look."""

    id: Id
    person: Id
    article_version: Number
    kind: AssignmentKind
    state: AssignmentState
    round: Number
    read_to_end_at: AwareDatetime | None
    submitted_at: AwareDatetime | None
    read_until: Offset
    active_seconds: Offset
    active_at: AwareDatetime | None
    returned_at: AwareDatetime | None
    created_at: AwareDatetime
    dismissed: list[DismissedPart]
    annotations: list[AnnotationPart]


class SourcePart(Part):
    """A reviewer's claim on which a decision rests."""

    annotation: UUID
    version: Number
    chosen: bool


class AnswerPart(Part):
    """A reviewer who was asked again; `answered_at` is null until they have answered."""

    assignment: Id
    note: Text
    answered_at: AwareDatetime | None


class SecondRoundPart(Part):
    """A question that was sent back."""

    start: Offset
    end: Number
    answers: list[AnswerPart]


class DecisionPart(Part):
    """A decision of the adjudicator, undone and replaced ones too."""

    id: Id
    assignment: Id
    person: Id
    question: UUID
    kind: Annotated[Text, Field(max_length=16)]
    outcome: Literal["accept", "edit", "nothing_here", "send_back"]
    gold: UUID | None
    justification: Text
    reasons: list[Text]
    rule: Annotated[Text, Field(max_length=32)]
    as_of: date | None
    replaces: Id | None
    decided_at: AwareDatetime
    undone_at: AwareDatetime | None
    sources: list[SourcePart]
    second_round: SecondRoundPart | None


class MentionPart(Part):
    """Somebody who was named in a post."""

    person: Id
    seen_at: AwareDatetime | None


class PostPart(Part):
    """A post in the thread of a question."""

    id: Id
    question: UUID
    person: Id
    kind: Literal["comment", "resolve", "reopen"]
    text: Text
    created_at: AwareDatetime
    mentions: list[MentionPart]


class CopyPart(Part):
    """That an article is in a group of copies of one text, or was said not to be, and who decided it."""

    copy_group: Id
    state: Literal["suggested", "confirmed", "rejected"]
    person: Id | None
    decided_at: AwareDatetime | None
    created_at: AwareDatetime

"""The lines of a whole project's file: a header, an article with all work on it in each line, the links, the
decisions on links, and an end.

They are what docs/formats/project.md describes, field by field. A line refers to people by the ids of the header, to
labels by their keys, and to articles and claims by the ids in the file.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from annotator.domain.claims import Aspect, Doubt, Origin, Relation, SourceKind, SpeakerMode, Stance, Target
from annotator.domain.text import BlockKind, problem_with


def _storable(text: str) -> str:
    problem = problem_with(text)
    if problem is not None:
        raise ValueError(problem)
    return text


Text = Annotated[str, AfterValidator(_storable)]
Id = Annotated[str, Field(pattern="^[2-9a-z]{16}$")]
Offset = Annotated[int, Field(ge=0)]
Number = Annotated[int, Field(ge=1)]
AssignmentKind = Literal["review", "adjudication", "training", "second_look", "returned"]
AssignmentState = Literal["new", "in_progress", "submitted", "locked"]


class Part(BaseModel):
    """A part of a line: every field is given, and there is no other."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class ProjectPart(Part):
    """The name and the settings of the project."""

    name: Text
    description: Text
    reviewers: int
    blind: bool
    evidence: Literal["required", "warn", "off"]
    snap_to_words: bool
    suggestions: bool
    merge_strategy: Literal["none", "unanimous", "majority"]
    merge_threshold: float
    discussion: bool
    return_after_days: int | None
    pass_mark: float | None
    second_look_share: float
    second_look_after_days: int
    archived_at: AwareDatetime | None
    dataset: dict[Text, JsonValue] | None


class ReasonPart(Part):
    """One reason of a label."""

    key: Text
    help: Text


class LabelPart(Part):
    """A label; the order of the labels is theirs in the project."""

    key: Annotated[Text, Field(min_length=1, max_length=32)]
    name: Text
    definition: Text
    tone: Annotated[int, Field(ge=1, le=8)]
    needs_speaker: bool
    needs_reason: bool
    stances: list[Stance]
    reasons: list[ReasonPart]
    retired_at: AwareDatetime | None


class GuidelinePart(Part):
    """A version of the guideline."""

    version: Number
    text: Text
    person: Id | None
    created_at: AwareDatetime


class RolePart(Part):
    """A role of a person in the project."""

    role: Literal["reviewer", "adjudicator", "manager"]
    capacity: Offset | None
    qualified_at: AwareDatetime | None


class GuidelineReadPart(Part):
    """Which version of the guideline a person has opened last."""

    version: Number
    at: AwareDatetime


class PersonPart(Part):
    """Somebody who has a role or has worked in the project. No address is ever in a file."""

    id: Id
    name: Text
    roles: list[RolePart]
    guideline_read: GuidelineReadPart | None


class Header(Part):
    """The first line. `left_out` says in words what the file lacks; `complete` is whether that is nothing."""

    format: Literal["annotator-project"] = "annotator-project"
    format_version: Literal[1] = 1
    complete: bool
    left_out: list[Text]
    project: ProjectPart
    labels: list[LabelPart]
    guidelines: list[GuidelinePart]
    people: list[PersonPart]


class BlockPart(Part):
    """One block of a text."""

    kind: BlockKind
    start: Offset
    end: Number
    rejoined: list[Offset]


class OriginalPart(Part):
    """The bytes that a text was read from, in Base64."""

    content: str
    filename: Text
    media_type: Text
    encoding: Text
    newlines: Annotated[Text, Field(max_length=8)]


class SuggestionPart(Part):
    """A passage that an imported file suggests to reviewers."""

    start: Offset
    end: Number
    source: Text
    created_at: AwareDatetime


class VersionPart(Part):
    """A version of an article: its text, exactly, and what is known of it."""

    number: Number
    text: Annotated[Text, Field(min_length=1)]
    sha256: str
    words: Offset
    title: Text
    byline: Text
    agency: Text
    publisher: Text
    url: Text
    published: date | None
    language: Annotated[Text, Field(max_length=35)]
    source_file: Text
    suggested_title: Text
    warnings: list[Text]
    created_at: AwareDatetime
    blocks: list[BlockPart]
    original: OriginalPart | None
    suggestions: list[SuggestionPart]


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


class ArticleLine(Part):
    """An article with all its versions and all work on it; the order of the articles is theirs in the project."""

    type: Literal["article"] = "article"
    id: Id
    external_id: Text | None
    source_hash: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    group: Text
    version: Number
    training: bool
    revealed_at: AwareDatetime | None
    created_at: AwareDatetime
    versions: Annotated[list[VersionPart], Field(min_length=1)]
    assignments: list[AssignmentPart]
    decisions: list[DecisionPart]
    posts: list[PostPart]
    copies: list[CopyPart] = Field(default_factory=list)


class LinkLine(Part):
    """A relation between two claims, or with `deleted_at` the tombstone of one."""

    type: Literal["link"] = "link"
    id: Id
    person: Id
    layer: Literal["annotations", "gold"]
    a: UUID
    b: UUID
    relation: Relation
    aspect: Aspect | None
    status: Literal["suggested", "confirmed"]
    note: Text
    created_at: AwareDatetime
    deleted_at: AwareDatetime | None


class LinkDecisionLine(Part):
    """A decision of an adjudicator on the links between two claims, ended ones too."""

    type: Literal["link_decision"] = "link_decision"
    id: Id
    assignment: Id
    person: Id
    question_a: UUID
    question_b: UUID
    kind: Annotated[Text, Field(max_length=16)]
    outcome: Literal["accept", "edit", "no_link"]
    a: UUID
    b: UUID
    link: Id | None
    taken: Id | None
    sources: list[Id]
    justification: Text
    reasons: list[Text]
    rule: Annotated[Text, Field(max_length=32)]
    replaces: Id | None
    decided_at: AwareDatetime
    undone_at: AwareDatetime | None
    ended: Literal["undone", "replaced", "claim"] | None


class EndLine(Part):
    """The last line, by which a file that was cut off is known."""

    type: Literal["end"] = "end"
    articles: Offset
    links: Offset
    link_decisions: Offset = 0


Line = Header | ArticleLine | LinkLine | LinkDecisionLine | EndLine

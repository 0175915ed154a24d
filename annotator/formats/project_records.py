"""The lines of a whole project's file: a header, an article with all work on it in each line, the links, the
decisions on links, and an end.

They are what docs/formats/project.md describes, field by field. A line refers to people by the ids of the header, to
labels by their keys, and to articles and claims by the ids in the file.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, JsonValue

from annotator.domain.claims import Aspect, Relation, Stance
from annotator.domain.text import BlockKind
from annotator.formats.part_records import Id, Number, Offset, Part, Text
from annotator.formats.work_records import AssignmentPart, CopyPart, DecisionPart, PostPart


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

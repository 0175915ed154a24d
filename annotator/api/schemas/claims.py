"""Claims (annotations) as they come and go: what a PUT takes and what is stored."""

from __future__ import annotations

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from annotator.api.schemas.base import Day, Moment, Named, Offset, Schema, Text, WebAddress, spoken
from annotator.domain.claims import Claim, Evidence, Origin, SourceKind, Speaker, SpeakerMode, Stance, Target
from annotator.models import Annotation, EvidenceItem, User

Kind = Annotated[
    SourceKind, spoken(SourceKind, {"own": SourceKind.OWN_VOICE, "wire's_own_voice": SourceKind.OWN_VOICE})
]
Mode = Annotated[
    SpeakerMode,
    spoken(
        SpeakerMode,
        {
            "direct": SpeakerMode.QUOTED,
            "quoted_directly": SpeakerMode.QUOTED,
            "indirect": SpeakerMode.PARAPHRASED,
            "own": SpeakerMode.OWN_VOICE,
            "outlet's_own_voice": SpeakerMode.OWN_VOICE,
        },
    ),
]
Name = Annotated[Named, Field(max_length=500)]
Note = Annotated[Text, Field(max_length=20_000)]


class SpeakerIn(Schema):
    """Who says it; `chain` is the relay, origin first."""

    name: Name
    kind: Kind | None = None
    mode: Mode | None = None
    chain: Annotated[list[Name], Field(max_length=50)] | None = None


class EvidenceIn(Schema):
    """One item for or against a claim: a source, another claim, or a span of an article of the project."""

    stance: Stance
    kind: Kind | None = None
    source: Annotated[Text, Field(max_length=2_000)] | None = None
    quote: Note | None = None
    url: WebAddress | None = None
    archived_url: WebAddress | None = None
    published: Day | None = None
    annotation: UUID | None = None
    article: Annotated[Text, Field(max_length=64)] | None = None
    start: Offset | None = None
    end: Offset | None = None

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if self.annotation is not None and self.article is not None:
            raise PydanticCustomError("text", "Evidence points at a claim ('annotation') or an article, not at both.")
        return self

    def evidence(self) -> Evidence:
        """The same in the domain's words."""
        return Evidence(
            stance=self.stance,
            kind=self.kind,
            source=self.source or "",
            quote=self.quote or "",
            url=self.url or "",
            archived_url=self.archived_url or "",
            published=self.published,
            annotation=self.annotation,
            article=self.article or None,
            start=self.start,
            end=self.end,
        )


class ClaimIn(Schema):
    """A claim as a reviewer or an adjudicator sends it. [start, end) counts Unicode code points."""

    start: Offset
    end: Offset
    exact: Text
    label: Annotated[Text, Field(max_length=64)]
    target: Target | None = None
    reason: Annotated[Text, Field(max_length=64)] | None = None
    origin: Origin | None = None
    speaker: SpeakerIn | None = None
    claim_text: Note | None = None
    event_start: Day | None = None
    event_end: Day | None = None
    note: Note | None = None
    confidence: Annotated[float, Field(ge=0, le=1)] | None = None
    evidence: Annotated[list[EvidenceIn], Field(max_length=100)] | None = None

    def claim(self) -> Claim:
        """The same in the domain's words."""
        return Claim(
            start=self.start,
            end=self.end,
            exact=self.exact,
            label=self.label,
            target=self.target or Target.CONTENT,
            reason=self.reason or "",
            origin=self.origin or Origin.HUMAN,
            speaker=_speaker(self.speaker),
            claim_text=self.claim_text or "",
            event_start=self.event_start,
            event_end=self.event_end,
            note=self.note or "",
            confidence=self.confidence,
            evidence=tuple(each.evidence() for each in self.evidence or ()),
        )


class SpeakerOut(Schema):
    """Who says it."""

    name: str
    kind: SourceKind | None
    mode: SpeakerMode | None
    chain: list[str]


class EvidenceOut(Schema):
    """One item for or against a claim."""

    stance: Stance
    kind: SourceKind | None
    source: str
    quote: str
    url: str
    archived_url: str
    published: Day | None
    annotation: UUID | None
    article: str | None
    start: int | None
    end: int | None

    @classmethod
    def of(cls, row: EvidenceItem) -> Self:
        return cls(
            stance=row.stance,
            kind=row.kind,
            source=row.source,
            quote=row.quote,
            url=row.url,
            archived_url=row.archived_url,
            published=row.published,
            annotation=row.linked_annotation_id,
            article=row.linked_article_id,
            start=row.start,
            end=row.end,
        )


class AnnotationOut(Schema):
    """A stored claim. `version` counts its changes; `deleted` is true for the tombstone of a deleted one.

    `reviewer` is a name, as in exports; `reviewer_id` tells people of one name apart.
    """

    id: UUID
    article: str
    reviewer: str
    reviewer_id: str
    version: int
    start: int
    end: int
    exact: str
    label: str
    target: Target
    reason: str
    origin: Origin
    speaker: SpeakerOut | None
    claim_text: str
    event_start: Day | None
    event_end: Day | None
    note: str
    confidence: float | None
    evidence: list[EvidenceOut]
    guideline_version: int | None
    created_at: Moment
    updated_at: Moment
    deleted: bool

    @classmethod
    def of(cls, annotation: Annotation, *, article: str, reviewer: User) -> Self:
        """`annotation` with its label and evidence loaded, which `reviewer` made in `article`."""
        return cls(
            id=annotation.id,
            article=article,
            reviewer=reviewer.name,
            reviewer_id=reviewer.id,
            version=annotation.version,
            start=annotation.start,
            end=annotation.end,
            exact=annotation.exact,
            label=annotation.label.key,
            target=annotation.target,
            reason=annotation.reason,
            origin=annotation.origin,
            speaker=_speaker_of(annotation),
            claim_text=annotation.claim_text,
            event_start=annotation.event_start,
            event_end=annotation.event_end,
            note=annotation.note,
            confidence=annotation.confidence,
            evidence=[EvidenceOut.of(row) for row in annotation.evidence],
            guideline_version=annotation.guideline_version,
            created_at=annotation.created_at,
            updated_at=annotation.updated_at,
            deleted=annotation.deleted_at is not None,
        )


def _speaker(given: SpeakerIn | None) -> Speaker | None:
    if given is None:
        return None
    return Speaker(given.name, given.kind, given.mode, tuple(given.chain or ()))


def _speaker_of(annotation: Annotation) -> SpeakerOut | None:
    chain = list(annotation.speaker_chain)
    if not (annotation.speaker or annotation.speaker_kind or annotation.speaker_mode or chain):
        return None
    return SpeakerOut(name=annotation.speaker, kind=annotation.speaker_kind, mode=annotation.speaker_mode, chain=chain)

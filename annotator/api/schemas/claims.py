"""Claims (annotations) as they come and go: what a PUT takes and what is stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from annotator.api.schemas.base import LARGEST, Day, Moment, Named, Offset, Schema, Text, WebAddress, spoken
from annotator.domain.claims import Claim, Evidence, Origin, SourceKind, Speaker, SpeakerMode, Stance, Target
from annotator.models import Annotation, User
from annotator.services.claims import Stored, stored_of
from annotator.services.naming import Veil
from annotator.services.saving_many import MOST

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


class AnnotationIn(ClaimIn):
    """A claim among several. `version` is the present one of the claim that it replaces."""

    id: UUID
    version: Annotated[int, Field(ge=1, le=LARGEST)] | None = None


class AnnotationsIn(Schema):
    """Several claims of one article, all or nothing."""

    annotations: Annotated[list[AnnotationIn], Field(min_length=1, max_length=MOST)]


class SpeakerOut(Schema):
    """Who says it."""

    name: str
    kind: SourceKind | None
    mode: SpeakerMode | None
    chain: list[str]

    @classmethod
    def of(cls, speaker: Speaker) -> Self:
        return cls(name=speaker.name, kind=speaker.kind, mode=speaker.mode, chain=list(speaker.chain))


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
    def of(cls, evidence: Evidence) -> Self:
        return cls(**vars(evidence))


@dataclass(frozen=True)
class Reviewer:
    """Who made a claim, as it is shown; kept in hand over a transaction, which forgets the person.

    Without an `id` it is one whose name is hidden.
    """

    id: str | None
    name: str

    @classmethod
    def of(cls, user: User) -> Self:
        return cls(user.id, user.name)

    @classmethod
    def behind(cls, veil: Veil, article: str, user_id: str, name: str) -> Self:
        """The person as `veil` shows them."""
        hidden = veil.hides(article, user_id)
        return cls(None if hidden else user_id, veil.called(article, user_id, name))


class AnnotationOut(Schema):
    """A stored claim. `version` counts its changes; `deleted` is true for the tombstone of a deleted one.

    `reviewer` is a name, as in exports; `reviewer_id` tells people of one name apart. `after_reveal` says that this
    state was given when its reviewer was not blind any more: the question had come back, or the article was revealed.
    """

    id: UUID
    article: str
    reviewer: str
    reviewer_id: str | None
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
    after_reveal: bool
    created_at: Moment
    updated_at: Moment
    deleted: bool

    @classmethod
    def of(cls, annotation: Annotation, *, article: str, reviewer: User) -> Self:
        """`annotation` with its label and evidence loaded, which `reviewer` made in `article`."""
        return cls.of_stored(stored_of(annotation), article=article, reviewer=Reviewer.of(reviewer))

    @classmethod
    def of_stored(cls, stored: Stored, *, article: str, reviewer: Reviewer) -> Self:
        """The same of plain values."""
        claim = stored.claim
        return cls(
            id=stored.id,
            article=article,
            reviewer=reviewer.name,
            reviewer_id=reviewer.id,
            version=stored.version,
            start=claim.start,
            end=claim.end,
            exact=claim.exact,
            label=claim.label,
            target=claim.target,
            reason=claim.reason,
            origin=claim.origin,
            speaker=SpeakerOut.of(claim.speaker) if claim.speaker else None,
            claim_text=claim.claim_text,
            event_start=claim.event_start,
            event_end=claim.event_end,
            note=claim.note,
            confidence=claim.confidence,
            evidence=[EvidenceOut.of(each) for each in claim.evidence],
            guideline_version=stored.guideline_version,
            after_reveal=stored.round > 1,
            created_at=stored.created_at,
            updated_at=stored.updated_at,
            deleted=stored.deleted_at is not None,
        )


def _speaker(given: SpeakerIn | None) -> Speaker | None:
    if given is None:
        return None
    return Speaker(given.name, given.kind, given.mode, tuple(given.chain or ()))

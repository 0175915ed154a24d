"""Submitting, links, questions and decisions."""

from __future__ import annotations

from typing import Annotated, Literal, Self
from uuid import UUID

from annotator.api.schemas.articles import AssignmentOut
from annotator.api.schemas.base import Moment, Schema, spoken
from annotator.api.schemas.claims import Note
from annotator.domain.claims import Aspect, Relation
from annotator.models import Link, LinkLayer, LinkStatus
from annotator.services.links import Changes
from annotator.services.submission import Submission


class SubmitIn(Schema):
    """`confirm` submits in spite of what the project only warns about."""

    confirm: bool | None = None


class EmptyIn(Schema):
    """Nothing is needed."""


class LackingOut(Schema):
    """A claim and what it still lacks."""

    annotation: UUID
    exact: str
    missing: list[str]


class SpanOut(Schema):
    """A stretch of the text, in code points, half-open."""

    start: int
    end: int


class SubmissionOut(Schema):
    """A submitted review: what its claims lack, sentences without a claim, and whether it was read to the end."""

    assignment: AssignmentOut
    claims: int
    missing: list[LackingOut]
    sentences_without_claim: list[SpanOut]
    read_to_end: bool

    @classmethod
    def of(cls, submission: Submission) -> Self:
        return cls(
            assignment=AssignmentOut.of(submission.assignment),
            claims=submission.claims,
            missing=[
                LackingOut(annotation=each.annotation.id, exact=each.annotation.exact, missing=each.missing)
                for each in submission.lacking
            ],
            sentences_without_claim=[SpanOut(start=span.start, end=span.end) for span in submission.sentences],
            read_to_end=submission.read,
        )


class LinkIn(Schema):
    """A relation between two claims; directed ones go from `a` to `b`."""

    a: UUID
    b: UUID
    relation: Annotated[Relation, spoken(Relation)]
    aspect: Aspect | None = None
    note: Note | None = None


class LinkChanges(Schema):
    """What shall be different; what is not given stays.

    `a` is the end that the link shall go from, `null` as aspect or note takes it away, and `status` confirms a link
    that a program suggested.
    """

    a: UUID | None = None
    relation: Annotated[Relation, spoken(Relation)] | None = None
    aspect: Aspect | None = None
    note: Note | None = None
    status: Literal[LinkStatus.CONFIRMED] | None = None

    def given(self) -> Changes:
        """Only what was given."""
        given = self.model_dump(exclude_unset=True)
        changes: Changes = {}
        if given.get("a"):
            changes["a"] = given["a"]
        if given.get("relation"):
            changes["relation"] = given["relation"]
        if given.get("status"):
            changes["status"] = given["status"]
        if "aspect" in given:
            changes["aspect"] = given["aspect"]
        if "note" in given:
            changes["note"] = given["note"] or ""
        return changes


class LinkOut(Schema):
    """A stored link."""

    id: str
    layer: LinkLayer
    a: UUID
    b: UUID
    relation: Relation
    aspect: Aspect | None
    status: LinkStatus
    author: str
    note: str
    created_at: Moment

    @classmethod
    def of(cls, link: Link, *, author: str) -> Self:
        return cls(
            id=link.id,
            layer=link.layer,
            a=link.a_id,
            b=link.b_id,
            relation=link.relation,
            aspect=link.aspect,
            status=link.status,
            author=author,
            note=link.note,
            created_at=link.created_at,
        )

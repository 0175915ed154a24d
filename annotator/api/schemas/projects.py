"""Projects, and who one is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Annotated, Any, Self

from pydantic import Field

from annotator.api.schemas.base import Moment, Named, Schema, Text
from annotator.models import EvidenceRule, Label, Project, Role, User
from annotator.security import Token


class TokenOut(Schema):
    """The token that a request came with."""

    name: str
    scope: str
    expires_at: Moment | None


class MeOut(Schema):
    """Who is asking; `token` is null in a browser's session."""

    id: str
    email: str
    name: str
    is_admin: bool
    token: TokenOut | None

    @classmethod
    def of(cls, user: User, token: Token | None) -> Self:
        shown = TokenOut(name=token.name, scope=token.scope, expires_at=token.expires_at) if token else None
        return cls(id=user.id, email=user.email, name=user.name, is_admin=user.is_admin, token=shown)


Reviewers = Annotated[int, Field(ge=1, le=20)]
Title = Annotated[Named, Field(max_length=200)]
Description = Annotated[Text, Field(max_length=20_000)]


class ProjectIn(Schema):
    """A new project; whoever makes it becomes its manager."""

    slug: Annotated[str, Field(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$")]
    name: Title
    description: Description | None = None
    reviewers: Reviewers | None = None
    blind: bool | None = None
    evidence: EvidenceRule | None = None
    snap_to_words: bool | None = None
    suggestions: bool | None = None


class ProjectChanges(Schema):
    """What shall be different; a field that is not given stays as it is."""

    name: Title | None = None
    description: Description | None = None
    reviewers: Reviewers | None = None
    blind: bool | None = None
    evidence: EvidenceRule | None = None
    snap_to_words: bool | None = None
    suggestions: bool | None = None

    def given(self) -> dict[str, Any]:
        """Only what was given."""
        return self.model_dump(exclude_none=True)


class ReasonOut(Schema):
    """A reason that may be given for a label."""

    key: str
    help: str


class LabelOut(Schema):
    """A label; `key` is what a claim carries and never changes."""

    key: str
    name: str
    definition: str
    needs_speaker: bool
    needs_reason: bool
    stances: list[str]
    reasons: list[ReasonOut]
    retired: bool

    @classmethod
    def of(cls, label: Label) -> Self:
        return cls(
            key=label.key,
            name=label.name,
            definition=label.definition,
            needs_speaker=label.needs_speaker,
            needs_reason=label.needs_reason,
            stances=list(label.stances),
            reasons=[ReasonOut(key=reason["key"], help=reason.get("help", "")) for reason in label.reasons],
            retired=label.retired_at is not None,
        )


class ProjectOut(Schema):
    """A project as it stands in a list."""

    slug: str
    name: str
    description: str
    reviewers: int
    blind: bool
    evidence: EvidenceRule
    snap_to_words: bool
    suggestions: bool
    archived: bool
    created_at: Moment

    @classmethod
    def of(cls, project: Project) -> Self:
        return cls(**_fields(project))


class ProjectDetail(ProjectOut):
    """A project with one's own roles in it, its labels and the guideline in force."""

    roles: list[Role]
    labels: list[LabelOut]
    guideline_version: int | None

    @classmethod
    def with_labels(
        cls, project: Project, *, roles: Collection[Role], labels: Sequence[Label], guideline: int | None
    ) -> Self:
        return cls(
            **_fields(project),
            roles=sorted(roles),
            labels=[LabelOut.of(label) for label in labels],
            guideline_version=guideline,
        )


def _fields(project: Project) -> dict[str, Any]:
    same = (
        "slug",
        "name",
        "description",
        "reviewers",
        "blind",
        "evidence",
        "snap_to_words",
        "suggestions",
        "created_at",
    )
    return {name: getattr(project, name) for name in same} | {"archived": project.archived_at is not None}

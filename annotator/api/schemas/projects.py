"""Projects, and who one is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Annotated, Any, Self

from pydantic import Field

from annotator.api.schemas.base import Moment, Named, Schema, Text
from annotator.domain.scopes import Scope
from annotator.models import EvidenceRule, Label, MergeStrategy, Project, Role, User
from annotator.security import Token


class TokenOut(Schema):
    """The token that a request came with; `scope` holds the words of its scopes.

    `project` is the short name of the only one that it is good for, null for all of its person's.
    """

    name: str
    scope: str
    expires_at: Moment | None
    project: str | None


class MeOut(Schema):
    """Who is asking; `token` is null in a browser's session."""

    id: str
    email: str
    name: str
    is_admin: bool
    token: TokenOut | None

    @classmethod
    def of(cls, user: User, token: Token | None) -> Self:
        shown = (
            TokenOut(
                name=token.name,
                scope=" ".join(scope for scope in Scope if scope in token.scopes),
                expires_at=token.expires_at,
                project=token.project,
            )
            if token
            else None
        )
        return cls(id=user.id, email=user.email, name=user.name, is_admin=user.is_admin, token=shown)


Reviewers = Annotated[int, Field(ge=1, le=20)]
Threshold = Annotated[float, Field(ge=0.5, le=1)]
Title = Annotated[Named, Field(max_length=200)]
Description = Annotated[Text, Field(max_length=20_000)]


ReturnDays = Annotated[int, Field(ge=0, le=3650)]
PassMark = Annotated[float, Field(ge=0, le=1)]
LookShare = Annotated[float, Field(ge=0, le=0.5)]
LookDays = Annotated[int, Field(ge=1, le=3650)]


WORK = ("return_after_days", "pass_mark", "second_look_share", "second_look_after_days")


class _Settings(Schema):
    """What a project can be given when it is made, and later; what is not given is as it was."""

    description: Description | None = None
    reviewers: Reviewers | None = None
    blind: bool | None = None
    evidence: EvidenceRule | None = None
    snap_to_words: bool | None = None
    suggestions: bool | None = None
    discussion: bool | None = None
    merge_strategy: MergeStrategy | None = None
    merge_threshold: Threshold | None = None
    return_after_days: ReturnDays | None = None
    pass_mark: PassMark | None = None
    second_look_share: LookShare | None = None
    second_look_after_days: LookDays | None = None


class ProjectIn(_Settings):
    """A new project; whoever makes it becomes its manager."""

    slug: Annotated[str, Field(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$")]
    name: Title

    def work(self) -> dict[str, Any]:
        """How work is given out, as far as it was given."""
        return _without_zeros(self.model_dump(include=set(WORK), exclude_none=True))


class ProjectChanges(_Settings):
    """What shall be different; a field that is not given stays as it is.

    0 as `return_after_days` or `pass_mark` switches the pool or the training off.
    """

    name: Title | None = None

    def given(self) -> dict[str, Any]:
        """Only what was given."""
        return _without_zeros(self.model_dump(exclude_none=True))


def _without_zeros(given: dict[str, Any]) -> dict[str, Any]:
    """0 switches the pool and the training off, since a field that is null stays as it is."""
    return {
        name: None if name in {"return_after_days", "pass_mark"} and not value else value
        for name, value in given.items()
    }


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
    discussion: bool
    merge_strategy: MergeStrategy
    merge_threshold: float
    return_after_days: int | None
    pass_mark: float | None
    second_look_share: float
    second_look_after_days: int
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
        "discussion",
        "merge_strategy",
        "merge_threshold",
        "return_after_days",
        "pass_mark",
        "second_look_share",
        "second_look_after_days",
        "created_at",
    )
    return {name: getattr(project, name) for name in same} | {"archived": project.archived_at is not None}

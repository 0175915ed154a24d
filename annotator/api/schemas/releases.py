"""Releases of a project's dataset."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from annotator.api.schemas.base import Moment, Query, Schema, Text
from annotator.domain.release_changes import Difference
from annotator.models import Release
from annotator.services import releases
from annotator.services.releases import Changes

Version = Annotated[Text, Field(max_length=64)]


class ReleaseIn(Schema):
    """What is frozen under which number (semver.org)."""

    version: Version
    note: Annotated[Text, Field(max_length=2_000)] | None = None


class ReleaseOut(Schema):
    """A frozen release; `sha256` is that of its manifest, which names the hash of every file."""

    version: str
    note: str
    author: str | None
    created_at: Moment
    sha256: str

    @classmethod
    def of(cls, release: Release) -> ReleaseOut:
        """The schema of a release with its person."""
        return cls(**cls.facts(release))

    @staticmethod
    def facts(release: Release) -> dict[str, Any]:
        """The fields that a release in a list and one alone have in common."""
        return {
            "version": release.version,
            "note": release.note,
            "author": release.user.name if release.user else None,
            "created_at": release.created_at,
            "sha256": release.sha256,
        }


class ReleaseDetail(ReleaseOut):
    """A release with its manifest."""

    manifest: dict[str, Any]

    @classmethod
    def of(cls, release: Release) -> ReleaseDetail:
        """The schema of a release with its person."""
        return cls(**cls.facts(release), manifest=releases.manifest_of(release))


class ChangesQuery(Query):
    """Up to which release; up to now without one."""

    until: Version | None = None


class DifferenceOut(Schema):
    """What became of a claim, link or article; `before` and `after` are its exported rows, null where it was not there."""

    change: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None

    @classmethod
    def of(cls, difference: Difference) -> DifferenceOut:
        """The schema of one difference."""
        before, after = difference.before, difference.after
        return cls(
            change=difference.change.value,
            before=dict(before) if before is not None else None,
            after=dict(after) if after is not None else None,
        )


class ChangesOut(Schema):
    """What changed since a release, in settled claims, the links between them, and articles."""

    since: str
    until: str | None
    claims: list[DifferenceOut]
    links: list[DifferenceOut]
    articles: list[DifferenceOut]

    @classmethod
    def of(cls, changes: Changes) -> ChangesOut:
        """The schema of all differences."""
        return cls(
            since=changes.since.version,
            until=changes.until.version if changes.until else None,
            claims=[DifferenceOut.of(each) for each in changes.claims],
            links=[DifferenceOut.of(each) for each in changes.links],
            articles=[DifferenceOut.of(each) for each in changes.articles],
        )

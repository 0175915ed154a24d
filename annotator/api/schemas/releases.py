"""Releases of a project's dataset."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from annotator.api.schemas.base import Moment, Query, Schema, Text, WebAddress
from annotator.domain.publication import Options, People, Split, TextMode
from annotator.domain.release_changes import Difference
from annotator.errors import Invalid
from annotator.models import Release
from annotator.services import releases

Version = Annotated[Text, Field(max_length=64)]


class ReleaseIn(Schema):
    """What is frozen under which number (semver.org), with how much text, and what people are called in it.

    `split` gives each article to train, dev or test in these hundredths ("80/10/10"), by `seed`.
    """

    version: Version
    note: Annotated[Text, Field(max_length=2_000)] | None = None
    text: TextMode = TextMode.CONTEXT
    people: People = People.NAMES
    split: Annotated[Text, Field(max_length=20)] | None = None
    seed: Annotated[Text, Field(max_length=64)] | None = None

    def options(self, slug: str) -> Options:
        """What was chosen. Raises Invalid for shares that are none."""
        try:
            split = Split.of(self.split, self.seed or slug) if self.split else None
        except ValueError as error:
            raise Invalid.field("split", str(error)) from None
        return Options(self.text, self.people, split)


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


class ReleasePreview(Schema):
    """What a release would hold if it were made now; `warnings` say what to look at before nothing can be changed."""

    manifest: dict[str, Any]
    warnings: list[str]


Words = Annotated[Text, Field(max_length=20_000)]


class DatasetCard(Schema):
    """What the releases of a project say of themselves. `creators` and `keywords` have one on each line."""

    title: Words | None = None
    description: Words | None = None
    licence: Annotated[Text, Field(max_length=2_000)] | None = None
    creators: Words | None = None
    contact: Words | None = None
    homepage: WebAddress | None = None
    citation: Words | None = None
    keywords: Words | None = None
    selection: Words | None = None
    uses: Words | None = None
    limits: Words | None = None
    sensitive: Words | None = None
    maintenance: Words | None = None


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

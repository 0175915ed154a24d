"""Groups of copies of one wire text."""

from __future__ import annotations

from typing import Literal

from annotator.api.schemas.base import Day, PageQuery, Schema
from annotator.services.copies import Group, Member

State = Literal["suggested", "confirmed", "rejected"]


class CopiesQuery(PageQuery):
    """Which groups; without a state all that were not rejected."""

    state: State | None = None


class CopyOut(Schema):
    """An article of a group; a rejected one is no copy of the others. `decided_by` is a name.

    `outdated`: what is said of it was said of an earlier version of its text.
    """

    article: str
    external_id: str | None
    title: str
    publisher: str
    agency: str
    published: Day | None
    state: State
    decided_by: str | None
    outdated: bool

    @classmethod
    def of(cls, member: Member) -> CopyOut:
        """What is known of a member."""
        return cls(
            article=member.article.id,
            external_id=member.article.external_id,
            title=member.version.heading,
            publisher=member.version.publisher,
            agency=member.version.agency,
            published=member.version.published,
            state=member.state.value,
            decided_by=member.decided_by,
            outdated=member.outdated,
        )


class CopyGroupOut(Schema):
    """Copies of one text, in the order of the project."""

    id: str
    state: State
    articles: list[CopyOut]

    @classmethod
    def of(cls, group: Group) -> CopyGroupOut:
        """A group with its articles."""
        return cls(id=group.id, state=group.state.value, articles=[CopyOut.of(each) for each in group.members])

"""Articles as they come and go."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import Field

from annotator.api.schemas.base import Day, Moment, Schema
from annotator.domain.text import BlockKind
from annotator.models import Article, ArticleBlock, ArticleVersion, Assignment, AssignmentKind, AssignmentState
from annotator.services.arrivals import Arrival, ArrivalOutcome


class DetailsIn(Schema):
    """What is known of a text beside it. What each field may hold is checked where all formats check it."""

    title: str | None = None
    url: str | None = None
    publisher: str | None = None
    agency: str | None = None
    byline: str | None = None
    published: str | None = Field(default=None, json_schema_extra={"format": "date"})
    language: str | None = None


class ArticleIn(DetailsIn):
    """An article to store; `text` is kept exactly."""

    text: str
    group: str | None = None
    external_id: str | None = None


class OneArticleIn(ArticleIn):
    """The same by itself. With `update` a newer text of an article that is there becomes its next version."""

    update: bool | None = None


class ArticlesIn(Schema):
    """Several articles, all or nothing. With `update` newer texts of articles that are there become their next versions.

    `more` says that others of the same import follow: copies are looked for with the last of them.
    """

    articles: Annotated[list[ArticleIn], Field(min_length=1, max_length=1_000)]
    update: bool | None = None
    more: bool | None = None


class ArticleChanges(DetailsIn):
    """What shall be different of what is known of an article; what is not given stays, and null takes it away."""

    group: str | None = None


class AssignmentOut(Schema):
    """One's own work on an article."""

    kind: AssignmentKind
    state: AssignmentState
    round: int
    read_to_end: bool
    submitted_at: Moment | None

    @classmethod
    def of(cls, assignment: Assignment) -> Self:
        return cls(
            kind=assignment.kind,
            state=assignment.state,
            round=assignment.round,
            read_to_end=assignment.read_to_end_at is not None,
            submitted_at=assignment.submitted_at,
        )


class ArticleOut(Schema):
    """What is known of an article; `length` counts code points, `sha256` is of the stored text in UTF-8."""

    id: str
    version: int
    sha256: str
    length: int
    words: int
    title: str
    url: str
    publisher: str
    agency: str
    byline: str
    published: Day | None
    language: str
    group: str
    external_id: str | None
    created_at: Moment

    @classmethod
    def of(cls, article: Article, version: ArticleVersion) -> Self:
        return cls(**_fields(article, version))


class AddedOut(ArticleOut):
    """An article that was sent, in the version that stands now, and what became of it.

    `outcome`: `added`; `known`, it was there with this text; `newer`, it is there with an earlier text, and nothing
    changed; `corrected`, the text is its next version. `new` is true for `added` alone.
    """

    new: bool
    outcome: ArrivalOutcome

    @classmethod
    def of_arrival(cls, arrival: Arrival) -> Self:
        new = arrival.outcome is ArrivalOutcome.ADDED
        return cls(**_fields(arrival.article, arrival.version), new=new, outcome=arrival.outcome)


class ArticleListed(ArticleOut):
    """An article in a list, with one's own assignment."""

    assignment: AssignmentOut | None

    @classmethod
    def listed(cls, article: Article, version: ArticleVersion, assignment: Assignment | None) -> Self:
        own = AssignmentOut.of(assignment) if assignment else None
        return cls(**_fields(article, version), assignment=own)


class BlockOut(Schema):
    """The range [start, end) of the text and what it is; the blocks follow each other without overlap."""

    kind: BlockKind
    start: int
    end: int
    rejoined: list[int]

    @classmethod
    def of(cls, block: ArticleBlock) -> Self:
        return cls(kind=block.kind, start=block.start, end=block.end, rejoined=list(block.rejoined))


class ArticleDetail(ArticleListed):
    """An article with its text and blocks."""

    text: str
    blocks: list[BlockOut]

    @classmethod
    def with_text(cls, article: Article, version: ArticleVersion, assignment: Assignment | None) -> Self:
        """`version` has its text and blocks loaded."""
        return cls(
            **_fields(article, version),
            assignment=AssignmentOut.of(assignment) if assignment else None,
            text=version.text,
            blocks=[BlockOut.of(block) for block in version.blocks],
        )


def _fields(article: Article, version: ArticleVersion) -> dict[str, Any]:
    of_version = (
        "sha256", "length", "words", "title", "url", "publisher", "agency", "byline", "published", "language",
    )  # fmt: skip
    found = {name: getattr(version, name) for name in of_version}
    return found | {
        "id": article.id,
        "version": version.number,
        "group": article.group,
        "external_id": article.external_id,
        "created_at": article.created_at,
    }

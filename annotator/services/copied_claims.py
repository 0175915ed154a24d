"""What a person marked in one copy of a text, as offers for another copy that they review too.

The same goes for a paragraph that stands in two articles which are no copies of each other.

Only their own claims are read, so it tells nobody what others did; and only those of reviews, so that a second look at
an article stays what it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import aliased

from annotator.db import db
from annotator.domain import selectors
from annotator.domain.spans import Span
from annotator.matching.suggestions import Suggestion
from annotator.models import (
    Annotation,
    Article,
    ArticleVersion,
    Assignment,
    AssignmentKind,
    CopyMember,
    CopyState,
    SharedPassage,
)
from annotator.services.assignments import Work


class _Marked(NamedTuple):
    """A claim in another version; `beside` are the paragraphs that are alike, there and here, if they are known."""

    version_id: str
    where: str
    start: int
    end: int
    beside: tuple[Span, Span] | None = None


def offered(work: Work) -> list[Suggestion]:
    """The passages of the article that stand, word for word, in a paragraph of a copy where the person marked them.

    Or in the same paragraph of another story. In the order of the text; a passage of two copies is there once. Two
    statements, three if there is any.
    """
    if work.assignment.kind is not AssignmentKind.REVIEW:
        return []
    marked = [*_marked_in_copies(work), *_marked_in_paragraphs(work)]
    if not marked:
        return []
    # It is needed by nothing else that a server does when it starts.
    from annotator.matching.passages import pairs

    wanted = {each.version_id for each in marked}
    query = select(ArticleVersion.id, ArticleVersion.text).where(ArticleVersion.id.in_(wanted))
    found: dict[Span, str] = {}
    for version_id, text in db.session.execute(query).all():
        its = [each for each in marked if each.version_id == version_id]
        beside: list[tuple[Span, Span]] = []
        if any(each.beside is None for each in its):
            beside = [(pair.left, pair.right) for pair in pairs(text, work.version.text) if pair.left and pair.right]
        for each in its:
            for span in _there(each, text, work.version.text, [each.beside] if each.beside else beside):
                found.setdefault(span, each.where)
    return [Suggestion(*span, (f"you marked this in {where}",)) for span, where in sorted(found.items())]


def _marked_in_copies(work: Work) -> list[_Marked]:
    """The person's claims in the other copies that they review."""
    one, other = aliased(CopyMember), aliased(CopyMember)
    rows = db.session.execute(
        select(
            ArticleVersion.id,
            ArticleVersion.publisher,
            ArticleVersion.title,
            ArticleVersion.suggested_title,
            Annotation.start,
            Annotation.end,
        )
        .select_from(one)
        .join(other, other.group_id == one.group_id)
        .join(Article, Article.id == other.article_id)
        .join(Assignment, Assignment.article_id == other.article_id)
        .join(ArticleVersion, ArticleVersion.id == Assignment.version_id)
        .join(Annotation, Annotation.assignment_id == Assignment.id)
        .where(
            one.article_id == work.article.id,
            other.article_id != work.article.id,
            one.state != CopyState.REJECTED,
            other.state != CopyState.REJECTED,
            Assignment.user_id == work.assignment.user_id,
            Assignment.kind == AssignmentKind.REVIEW,
            Annotation.deleted_at.is_(None),
        )
        .order_by(Article.position, Annotation.start, Annotation.end)
    )
    return [
        _Marked(version_id, f"the copy {_named(publisher, title or suggested)}", start, end)
        for version_id, publisher, title, suggested, start, end in rows
    ]


def _marked_in_paragraphs(work: Work) -> list[_Marked]:
    """The person's claims in paragraphs of other stories that they review, which stand in this one too."""
    here, there = aliased(SharedPassage), aliased(SharedPassage)
    rows = db.session.execute(
        select(
            there.version_id,
            ArticleVersion.publisher,
            ArticleVersion.title,
            ArticleVersion.suggested_title,
            Annotation.start,
            Annotation.end,
            there.start,
            there.end,
            here.start,
            here.end,
        )
        .select_from(here)
        .join(there, there.group_id == here.group_id)
        .join(Assignment, Assignment.version_id == there.version_id)
        .join(ArticleVersion, ArticleVersion.id == there.version_id)
        .join(Annotation, Annotation.assignment_id == Assignment.id)
        .where(
            here.version_id == work.version.id,
            Assignment.article_id != work.article.id,
            Assignment.user_id == work.assignment.user_id,
            Assignment.kind == AssignmentKind.REVIEW,
            Annotation.deleted_at.is_(None),
            Annotation.start >= there.start,
            Annotation.end <= there.end,
        )
        .order_by(there.version_id, Annotation.start, Annotation.end)
    )
    return [
        _Marked(
            version_id,
            f"the same paragraph {_named(publisher, title or suggested)}",
            start,
            end,
            (Span(its_start, its_end), Span(our_start, our_end)),
        )
        for version_id, publisher, title, suggested, start, end, its_start, its_end, our_start, our_end in rows
    ]


def _named(publisher: str, heading: str) -> str:
    return f"by {publisher}" if publisher else f"“{heading}”"


def _there(marked: _Marked, text: str, here: str, beside: list[tuple[Span, Span]]) -> Iterator[Span]:
    """Where the words of a claim stand in the paragraph that is like its own; nowhere if they are not there once."""
    for left, right in beside:
        if left.start <= marked.start and marked.end <= left.end:
            ours = text[slice(*left)]
            quote = selectors.quote(ours, Span(marked.start - left.start, marked.end - left.start))
            place = selectors.locate(here[slice(*right)], quote)
            if place is not None:
                yield Span(right.start + place.start, right.start + place.end)

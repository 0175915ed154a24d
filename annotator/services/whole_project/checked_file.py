"""Whether a file can become a project: what its format alone does not say about a line, and across lines."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import exists, select

from annotator.db import db
from annotator.domain import text as texts
from annotator.formats.project_records import (
    ArticleLine,
    EndLine,
    Header,
    Line,
    LinkDecisionLine,
    LinkLine,
    VersionPart,
)
from annotator.formats.records import RecordError
from annotator.models import Annotation, Article, Assignment, Decision, Link, LinkDecision, Post, User

Read = Callable[[], Iterator[tuple[int, Line | RecordError]]]
"""Reads the file from its beginning; it may be called more than once."""


@dataclass
class CheckedFile:
    """What is known of a file that is being looked through."""

    header: Header | None = None
    articles: int = 0
    links: int = 0
    link_decisions: int = 0
    taken: bool = False
    """Whether any id of the file is in use in this installation."""
    people: set[str] = field(default_factory=set)
    labels: set[str] = field(default_factory=set)

    def problems(self, line: Line, number: int) -> Iterator[RecordError]:
        """What is wrong with a line that is well formed."""
        if isinstance(line, Header):
            self.header = line
            self.people = {person.id for person in line.people}
            self.labels = {label.key for label in line.labels}
            self.taken = _any_taken(User.id, self.people)
            if len(self.people) < len(line.people) or len(self.labels) < len(line.labels):
                yield RecordError("A person or a label stands there twice.", number)
        elif isinstance(line, ArticleLine):
            self.articles += 1
            yield from self._of_article(line, number)
            self.taken = self.taken or _article_taken(line)
        elif isinstance(line, LinkLine):
            self.links += 1
            yield from self._of_people([line.person], number)
            self.taken = self.taken or _any_taken(Link.id, [line.id])
        elif isinstance(line, LinkDecisionLine):
            self.link_decisions += 1
            yield from self._of_people([line.person], number)
            self.taken = self.taken or _any_taken(LinkDecision.id, [line.id])
        else:
            yield from self._of_end(line, number)

    def _of_end(self, line: EndLine, number: int) -> Iterator[RecordError]:
        there = (self.articles, self.links, self.link_decisions)
        if there != (line.articles, line.links, line.link_decisions):
            yield RecordError(
                f"The file has {self.articles:,} articles, {self.links:,} links and {self.link_decisions:,} decisions on "
                f"links, and should have {line.articles:,}, {line.links:,} and {line.link_decisions:,}. Export it again.",
                number,
            )

    def _of_people(self, people: Iterable[str], number: int) -> Iterator[RecordError]:
        for unknown in sorted(set(people) - self.people):
            yield RecordError(f"'{unknown}' is none of the people of the header.", number)

    def _of_article(self, line: ArticleLine, number: int) -> Iterator[RecordError]:
        versions = {version.number: version for version in line.versions}
        if sorted(versions) != list(range(1, len(line.versions) + 1)) or line.version not in versions:
            yield RecordError("The versions are not numbered from 1, or the present one is not there.", number)
        for version in line.versions:
            yield from _of_version(version, line.source_hash, number)
        yield from self._of_people(_people_of(line), number)
        yield from self._of_claims(line, versions, number)
        known = {assignment.id for assignment in line.assignments}
        for decision in line.decisions:
            asked = decision.second_round.answers if decision.second_round else []
            if not {decision.assignment, *(answer.assignment for answer in asked)} <= known:
                yield RecordError("It belongs to no assignment of the article.", number, f"decisions.{decision.id}")

    def _of_claims(self, line: ArticleLine, versions: Mapping[int, VersionPart], number: int) -> Iterator[RecordError]:
        for assignment in line.assignments:
            if assignment.article_version not in versions:
                yield RecordError("There is no such version.", number, f"assignments.{assignment.id}.article_version")
                continue
            for claim in assignment.annotations:
                place = f"annotations.{claim.id}"
                if claim.to_place is not None and claim.to_place.article_version not in versions:
                    yield RecordError("There is no such version.", number, f"{place}.to_place.article_version")
                # What was deleted while a text was corrected has its place in the one before.
                own = [versions[assignment.article_version]]
                stood = own if claim.deleted_at is None else versions.values()
                if claim.start >= claim.end or not any(
                    version.text[claim.start : claim.end] == claim.exact for version in stood
                ):
                    yield RecordError("The quote is not what the text says there.", number, f"{place}.exact")
                if not {claim.label, *([claim.first_vote.label] if claim.first_vote else [])} <= self.labels:
                    yield RecordError("There is no such label.", number, f"{place}.label")


def _of_version(version: VersionPart, source_hash: str, number: int) -> Iterator[RecordError]:
    place = f"versions.{version.number}"
    if texts.sha256(version.text) != version.sha256:
        yield RecordError("The text does not match its SHA-256.", number, f"{place}.text")
    reached = 0
    for block in version.blocks:
        if not reached <= block.start < block.end <= len(version.text):
            yield RecordError("A block does not follow the one before it.", number, f"{place}.blocks")
            break
        reached = block.end
    if version.number == 1 and version.original is not None:
        digest = hashlib.sha256(decoded(version.original.content)).hexdigest()
        if digest != source_hash:
            yield RecordError("The original bytes do not match their SHA-256.", number, f"{place}.original")


def _people_of(line: ArticleLine) -> Iterator[str]:
    for parts in (line.assignments, line.decisions, line.posts):
        yield from (each.person for each in parts)
    yield from (mention.person for post in line.posts for mention in post.mentions)
    yield from (copy.person for copy in line.copies if copy.person)


def _article_taken(line: ArticleLine) -> bool:
    return (
        _any_taken(Article.id, [line.id])
        or _any_taken(Assignment.id, [each.id for each in line.assignments])
        or _any_taken(Annotation.id, [claim.id for each in line.assignments for claim in each.annotations])
        or _any_taken(Decision.id, [each.id for each in line.decisions])
        or _any_taken(Post.id, [each.id for each in line.posts])
    )


def _any_taken(column: Any, ids: Iterable[object]) -> bool:
    wanted = list(ids)
    return any(
        db.session.scalar(select(exists().where(column.in_(wanted[start : start + 500]))))
        for start in range(0, len(wanted), 500)
    )


def decoded(content: str) -> bytes:
    """The bytes that stand in the file in base64; none if they do not."""
    try:
        return base64.b64decode(content, validate=True)
    except ValueError:
        return b""

"""The very pairs of claims behind the figures of agreement on links, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from annotator.db import db, one_moment
from annotator.domain.claims import Relation
from annotator.errors import Forbidden, Invalid
from annotator.models import ArticleVersion, User
from annotator.services import agreement_links, agreement_reading, naming
from annotator.services.agreement_claims import HIDDEN, LONGEST, names_of, versions_of
from annotator.services.agreement_links import RELATIONS, Read
from annotator.services.agreement_reading import Counted
from annotator.services.naming import Veil
from annotator.services.projects import Access

if TYPE_CHECKING:
    from annotator.agreement.links import Judged

PAGE = 50
MEANT = {words: relation for relation, words in RELATIONS.items()}


class Quoted(NamedTuple):
    """A claim of one of the reviewers, for all that mean the same."""

    id: UUID
    article_id: str
    title: str
    exact: str


@dataclass(frozen=True)
class Vote:
    """What a reviewer who marked both claims made of them: a relation, from the second to the first if `turned`, or none."""

    reviewer: str
    relation: Relation | None
    turned: bool


@dataclass(frozen=True)
class Row:
    """A pair of claims and what each reviewer who marked both made of it."""

    one: Quoted
    other: Quoted
    votes: list[Vote]


@dataclass(frozen=True)
class Found:
    """A page of the list: `number` of `pages`, from 1, with how many pairs there are of each kind."""

    rows: list[Row]
    counts: dict[str, int]
    total: int
    number: int
    pages: int
    reviewers: dict[str, str]

    @property
    def first(self) -> int:
        """Which of the whole list the first row of the page is, from 1."""
        return PAGE * (self.number - 1) + 1


def page(user: User, access: Access, kind: str, reviewers: Sequence[str] = (), *, number: int = 1) -> Found:
    """The pairs that two reviewers linked by the `same` relation, by an `other`, or that one of them linked `alone`.

    Raises Invalid for another kind or person, Forbidden for a reviewer whose name is hidden. Eight statements at most.
    """
    from annotator.agreement.links import Kind, judged

    if reviewers and naming.hides_names(access):
        raise Forbidden(HIDDEN)
    kinds = [each.value for each in Kind]
    if kind not in kinds:
        raise Invalid.field("kind", f"'{kind}' is not possible. Choose one of {', '.join(kinds)}.")
    with one_moment(db.engine) as connection:
        counted = agreement_reading.counted(connection, access.project, user)
        read = agreement_links.read_links(connection, access.project, counted)
    if len(reviewers) > 2 or set(reviewers) - set(counted.coders):
        raise Invalid.field("reviewers", "Name at most two reviewers, each with a finished article.")
    pairs = judged(read.links, read.questions, list(RELATIONS.values()))
    of_kind = {each.value: [pair for pair in pairs if pair.is_of(each, reviewers)] for each in Kind}
    wanted = of_kind[kind]
    pages = max(1, -(-len(wanted) // PAGE))
    number = min(max(number, 1), pages)
    names = names_of(counted.coders)
    listed = wanted[PAGE * (number - 1) : PAGE * number]
    return Found(
        _desk(access, counted, read, listed, names=names).rows(listed) if listed else [],
        {each: len(found) for each, found in of_kind.items()},
        len(wanted),
        number,
        pages,
        {} if naming.hides_names(access) else names,
    )


@dataclass(frozen=True)
class _Desk:
    """What the rows of one page are written from: `articles` are the ids of all that count, by their numbers."""

    read: Read
    articles: list[str]
    versions: dict[str, ArticleVersion]
    names: dict[str, str]
    veil: Veil

    def rows(self, listed: Sequence[Judged]) -> list[Row]:
        return [self._row(each) for each in listed]

    def _row(self, judged: Judged) -> Row:
        one, other = (self._quoted(judged, question) for question in judged.pair)
        able = [reviewer for reviewer in self.names if reviewer in judged.able]
        votes = [self._vote(judged, reviewer, one.article_id) for reviewer in able]
        return Row(one, other, sorted(votes, key=lambda vote: (vote.relation is None, vote.reviewer)))

    def _quoted(self, judged: Judged, question: str) -> Quoted:
        mark = self.read.claims[question][min(judged.votes)]
        version = self.versions[self.articles[self.read.questions[question].article]]
        exact = version.text[mark.start : mark.end]
        shown = exact if len(exact) <= LONGEST else f"{exact[:LONGEST]}…"
        return Quoted(UUID(mark.id), version.article_id, version.heading or "Untitled", shown)

    def _vote(self, judged: Judged, reviewer: str, article_id: str) -> Vote:
        said = judged.votes.get(reviewer)
        turned = said is not None and said.startswith("←")
        relation = None if said is None else MEANT[f"{said[1:]}→" if turned else said]
        return Vote(self.veil.called(article_id, reviewer, self.names[reviewer]), relation, turned)


def _desk(access: Access, counted: Counted, read: Read, listed: Sequence[Judged], *, names: dict[str, str]) -> _Desk:
    articles = list(counted.articles)
    wanted = sorted({articles[read.questions[question].article] for each in listed for question in each.pair})
    versions = {version.article_id: version for version in versions_of(counted, wanted)}
    return _Desk(read, articles, versions, names, naming.veil_over(access, wanted))

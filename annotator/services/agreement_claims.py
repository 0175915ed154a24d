"""The very claims behind a figure of agreement, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select

from annotator.db import db, one_moment
from annotator.errors import Forbidden, Invalid
from annotator.models import ArticleVersion, Label, User
from annotator.services import agreement_reading as reading
from annotator.services import agreement_store as store
from annotator.services import naming, projects
from annotator.services.agreement_reading import Counted
from annotator.services.naming import Veil
from annotator.services.projects import Access

if TYPE_CHECKING:
    from annotator.agreement.reviews import Reviews
    from annotator.agreement.selection import Selection

PAGE = 50
CONTEXT = 70
LONGEST = 400
HIDDEN = "The reviewers of a blind project have no names for its adjudicators. Its managers see who agrees with whom."


@dataclass(frozen=True)
class Asked:
    """What the list shows, in words of the address: `kind` of selection.Kind, one or two ids of reviewers, one or two
    keys of labels, and an article.
    """

    kind: str = "same"
    reviewers: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    article: str = ""


@dataclass(frozen=True)
class Version:
    """What one reviewer marked: `exact` are the words where they are not those of the whole row."""

    annotation_id: str
    reviewer: str
    label: Label
    exact: str


@dataclass(frozen=True)
class Row:
    """Claims that belong together, with the words from the first to the last of them and some around these."""

    article_id: str
    title: str
    before: str
    exact: str
    after: str
    versions: list[Version]


@dataclass(frozen=True)
class Found:
    """A page of the list: `number` of `pages`, from 1."""

    rows: list[Row]
    total: int
    articles: int
    number: int
    pages: int
    reviewers: dict[str, str]
    labels: list[Label]

    @property
    def first(self) -> int:
        """Which of the whole list the first row of the page is, from 1."""
        return PAGE * (self.number - 1) + 1


def page(user: User, access: Access, asked: Asked, number: int = 1) -> Found:
    """A page of what `asked` names, as far as `user` may see it: a handful of statements.

    Raises Invalid for a kind, person, label or article that there is not, Forbidden for a reviewer whose name is hidden.
    """
    import numpy as np

    from annotator.agreement import selection
    from annotator.agreement.sums import of_articles

    if asked.reviewers and naming.hides_names(access):
        raise Forbidden(HIDDEN)
    found, sums = store.sums(access.project, user)
    wanted = _selection(found, asked)
    counts = selection.count(sums, wanted)
    articles = list(found.articles)
    if asked.article:
        here = _place(articles, asked.article, "article")
        counts = np.where(np.arange(len(counts)) == here, counts, 0)
    total = int(counts.sum())
    pages = max(1, -(-total // PAGE))
    number = min(max(number, 1), pages)
    first = PAGE * (number - 1)
    before = np.cumsum(counts) - counts
    shown = np.flatnonzero((counts > 0) & (before < first + PAGE) & (before + counts > first))
    rows: list[Row] = []
    names = names_of(found.coders)
    labels = {label.id: label for label in projects.labels_of(access.project)}
    if len(shown):
        ids = [articles[at] for at in shown]
        with one_moment(db.engine) as connection:
            reviews = reading.reviews(connection, found, ids)
        listed = selection.claims(reviews, of_articles(reviews, len(found.labels)), wanted)
        skipped = first - int(before[shown[0]])
        by_number = [labels[label_id] for label_id, _ in found.labels]
        desk = _Desk(reviews, versions_of(found, ids), found.coders, names, by_number, naming.veil_over(access, ids))
        rows = desk.rows(listed[skipped : skipped + PAGE])
    offered = {} if naming.hides_names(access) else names
    return Found(rows, total, int((counts > 0).sum()), number, pages, offered, list(labels.values()))


def names_of(people: Sequence[str]) -> dict[str, str]:
    """Names by id, in the order of the names."""
    query = select(User.id, User.name).where(User.id.in_(people)).order_by(User.name, User.id)
    return {row.id: row.name for row in db.session.execute(query)}


@dataclass(frozen=True)
class _Desk:
    """What the rows of one page are written from: the articles of `reviews` by their number, with their texts."""

    reviews: Reviews
    versions: list[ArticleVersion]
    coders: list[str]
    names: dict[str, str]
    labels: list[Label]
    veil: Veil

    def rows(self, listed: Sequence[tuple[int, ...]]) -> list[Row]:
        return [self._row(claims) for claims in listed]

    def _row(self, claims: tuple[int, ...]) -> Row:
        reviews = self.reviews
        version = self.versions[int(reviews.articles[reviews.reviews[claims[0]]])]
        start = min(int(reviews.starts[at]) for at in claims)
        end = max(int(reviews.ends[at]) for at in claims)
        exact = version.text[start:end]
        return Row(
            version.article_id,
            version.heading or "Untitled",
            ("…" if start > CONTEXT else "") + version.text[max(0, start - CONTEXT) : start],
            exact if len(exact) <= LONGEST else f"{exact[:LONGEST]}…",
            version.text[end : end + CONTEXT] + ("…" if end + CONTEXT < version.length else ""),
            [self._version(at, version, exact) for at in claims],
        )

    def _version(self, claim: int, version: ArticleVersion, whole: str) -> Version:
        reviews = self.reviews
        user_id = self.coders[int(reviews.coders[reviews.reviews[claim]])]
        own = version.text[int(reviews.starts[claim]) : int(reviews.ends[claim])]
        return Version(
            str(UUID(reviews.ids[claim])),
            self.veil.called(version.article_id, user_id, self.names[user_id]),
            self.labels[int(reviews.labels[claim])],
            "" if own == whole else own,
        )


def versions_of(found: Counted, articles: Sequence[str]) -> list[ArticleVersion]:
    """The texts of these articles that count, in the same order."""
    wanted = [found.articles[article_id][0].version_id for article_id in articles]
    query = select(ArticleVersion).where(ArticleVersion.id.in_(wanted))
    by_article = {version.article_id: version for version in db.session.scalars(query)}
    return [by_article[article_id] for article_id in articles]


def _selection(found: Counted, asked: Asked) -> Selection:
    from annotator.agreement.selection import Kind, Selection

    kinds = [kind.value for kind in Kind]
    if asked.kind not in kinds:
        raise Invalid.field("kind", f"'{asked.kind}' is not possible. Choose one of {', '.join(kinds)}.")
    if len(asked.reviewers) > 2 or len(asked.labels) > 2:
        raise Invalid.field("labels", "Name at most two labels and two reviewers.")
    keys = [key for _, key in found.labels]
    return Selection(
        Kind(asked.kind),
        tuple(_place(found.coders, each, "reviewers") for each in asked.reviewers),
        tuple(_place(keys, each, "labels") for each in asked.labels),
    )


def _place(known: list[str], name: str, field: str) -> int:
    if name not in known:
        raise Invalid.field(field, f"'{name}' does not count here: it has no finished article, or is unknown.")
    return known.index(name)

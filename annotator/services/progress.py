"""How far a project is: for its managers by article and person, for its adjudicators as a queue.

Reviewers are never shown any of it but their own part.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import false, func, or_, select
from sqlalchemy.orm import contains_eager, defer

from annotator.db import db
from annotator.models import Article, ArticleVersion, Assignment, AssignmentKind, AssignmentState, Project, User
from annotator.services import assignments
from annotator.services.openness import DONE

PAGE = 50


@dataclass
class ArticleProgress:
    """One article with its reviews and, once begun, its adjudication."""

    article: Article
    version: ArticleVersion
    reviews: list[Assignment] = field(default_factory=list)
    adjudication: Assignment | None = None
    wanted: int = 0
    own_only: bool = False

    @property
    def submitted(self) -> int:
        """How many reviewers are done."""
        return sum(review.state in DONE for review in self.reviews)

    @property
    def open(self) -> bool:
        """Whether it can be adjudicated."""
        return self.submitted >= self.wanted and self.submitted == len(self.reviews)

    @property
    def finished(self) -> bool:
        """Whether its gold set is closed."""
        return self.adjudication is not None and self.adjudication.state is AssignmentState.SUBMITTED

    @property
    def state(self) -> str:
        """Where it stands, in one of five words."""
        if self.finished:
            return "finished"
        if self.adjudication is not None:
            return "in_adjudication"
        if self.open and self.reviews:
            return "open"
        return "in_review" if self.reviews else "unassigned"


@dataclass(frozen=True)
class ProjectProgress:
    """All articles of a project, and how many reviews of each state each person has."""

    articles: list[ArticleProgress]
    states: Counter[str]
    people: list[tuple[User, Counter[str]]]


@dataclass(frozen=True)
class Found:
    """One page of articles; `next` continues it, or is empty."""

    articles: Sequence[ArticleProgress]
    total: int
    next: str


def of(project: Project) -> ProjectProgress:
    """The progress of the project: two statements."""
    articles = _with_assignments(project, assignments.of_project(project))
    unassigned = _unassigned(project)
    people: dict[str, tuple[User, Counter[str]]] = {}
    for article in articles:
        for review in article.reviews:
            people.setdefault(review.user_id, (review.user, Counter()))[1][review.state] += 1
    states = Counter(article.state for article in articles)
    states["unassigned"] += unassigned
    return ProjectProgress(articles, states, sorted(people.values(), key=lambda each: (each[0].name, each[0].id)))


def queue(user: User, project: Project) -> list[ArticleProgress]:
    """What `user` may adjudicate here: open articles that nobody else took and that they did not review; then theirs."""
    mine = []
    for article in _with_assignments(project, assignments.of_project(project)):
        taken = article.adjudication is not None and article.adjudication.user_id != user.id
        reviewed = any(review.user_id == user.id for review in article.reviews)
        if article.open and article.reviews and not taken and not reviewed:
            mine.append(article)
    return sorted(mine, key=lambda each: each.finished)


def articles(
    user: User,
    project: Project,
    *,
    everything: bool,
    manages: bool = False,
    words: str = "",
    state: AssignmentState | None = None,
    after: str = "",
) -> Found:
    """A page of articles in the project's order, whose title or first sentence holds `words`.

    Without `everything`, those that were given to `user`; `state` is then that of their own review. Unless `user`
    manages the project, an article that they review shows them nothing but their own part.
    """
    query = (
        select(Article, ArticleVersion)
        .join(ArticleVersion, (ArticleVersion.article_id == Article.id) & (ArticleVersion.number == Article.version))
        .where(Article.project_id == project.id, Article.listed_at.is_not(None))
    )
    if not everything:
        own = (Assignment.article_id == Article.id) & (Assignment.user_id == user.id)
        query = query.join(Assignment, own)
    if state is not None:
        with_state = select(Assignment.article_id).where(
            Assignment.state == state, Assignment.kind == AssignmentKind.REVIEW
        )
        if not manages:
            mine = select(Assignment.article_id).where(Assignment.user_id == user.id)
            others = Assignment.article_id.not_in(mine) if everything else false()
            with_state = with_state.where(or_(Assignment.user_id == user.id, others))
        query = query.where(Article.id.in_(with_state))
    if words:
        pattern = f"%{words.lower().replace('%', '').replace('_', ' ')}%"
        query = query.where(
            or_(
                func.lower(ArticleVersion.title).like(pattern),
                func.lower(ArticleVersion.suggested_title).like(pattern),
                func.lower(Article.group).like(pattern),
            )
        )
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    if after:
        query = query.where(
            Article.position
            > select(Article.position).where(Article.id == after, Article.project_id == project.id).scalar_subquery()
        )
    rows = db.session.execute(
        query.options(defer(ArticleVersion.text)).order_by(Article.position).limit(PAGE + 1)
    ).all()
    shown = rows[:PAGE]
    reviews = _assignments_of([article.id for article, _ in shown], None if everything else user)
    # Who reviews an article learns nothing of the others from it, also as an adjudicator of the project's other ones.
    veiled = (
        set()
        if manages
        else {
            article_id
            for article_id, rows_of_article in reviews.items()
            if any(row.user_id == user.id and row.kind is AssignmentKind.REVIEW for row in rows_of_article)
        }
    )
    found = []
    for article, version in shown:
        entry = ArticleProgress(article, version, wanted=project.reviewers)
        rows_of_article = reviews[article.id]
        if article.id in veiled:
            entry.own_only = True
            rows_of_article = [row for row in rows_of_article if row.user_id == user.id]
        _sort_in(entry, rows_of_article)
        found.append(entry)
    return Found(found, total, shown[-1][0].id if len(rows) > PAGE else "")


def _assignments_of(article_ids: list[str], user: User | None) -> defaultdict[str, list[Assignment]]:
    query = (
        select(Assignment)
        .join(Assignment.user)
        .options(contains_eager(Assignment.user))
        .where(Assignment.article_id.in_(article_ids))
        .order_by(User.name, User.id)
    )
    if user is not None:
        query = query.where(Assignment.user_id == user.id)
    grouped: defaultdict[str, list[Assignment]] = defaultdict(list)
    for assignment in db.session.scalars(query):
        grouped[assignment.article_id].append(assignment)
    return grouped


def _with_assignments(project: Project, rows: Sequence[Assignment]) -> list[ArticleProgress]:
    articles: dict[str, ArticleProgress] = {}
    for assignment in rows:
        article = articles.setdefault(
            assignment.article_id,
            ArticleProgress(assignment.article, assignment.version, wanted=project.reviewers),
        )
        _sort_in(article, [assignment])
    return list(articles.values())


def _sort_in(article: ArticleProgress, rows: Sequence[Assignment]) -> None:
    for assignment in rows:
        if assignment.kind is AssignmentKind.ADJUDICATION:
            article.adjudication = assignment
        else:
            article.reviews.append(assignment)


def _unassigned(project: Project) -> int:
    given = select(Assignment.article_id).where(Assignment.article_id == Article.id)
    return (
        db.session.scalar(
            select(func.count(Article.id)).where(
                Article.project_id == project.id, Article.listed_at.is_not(None), ~given.exists()
            )
        )
        or 0
    )

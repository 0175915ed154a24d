"""How far a project is: for its managers by article and person, for its adjudicators as a queue.

Reviewers are never shown any of it but their own part.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Select, case, exists, false, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, defer

from annotator.db import db
from annotator.models import Article, ArticleVersion, Assignment, AssignmentKind, AssignmentState, Project, User
from annotator.services import openness, stages
from annotator.services.openness import DONE
from annotator.services.stages import Stage

PAGE = 50


@dataclass
class ArticleProgress:
    """One article with its reviews and, once begun, its adjudication.

    `own_only`: the reader works on it themselves, so they are told of nobody else. `named`: they may be told names.
    """

    article: Article
    version: ArticleVersion
    reviews: list[Assignment] = field(default_factory=list)
    adjudication: Assignment | None = None
    returned: list[Assignment] = field(default_factory=list)
    wanted: int = 0
    own_only: bool = False
    named: bool = True

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
class Filters:
    """What a list of articles is narrowed to: `words` of title, first sentence or group; the `state` of a review (of
    one's own, unless one sees everything); the `stage` of the article; for managers a `reviewer` (an id), and whether
    it lacks reviewers.
    """

    words: str = ""
    state: AssignmentState | None = None
    stage: Stage | None = None
    reviewer: str = ""
    lacking: bool = False


@dataclass(frozen=True)
class ProjectProgress:
    """How many articles of a project stand where, and how many reviews of each state each person has."""

    states: Counter[str]
    people: list[tuple[User, Counter[str]]]


@dataclass(frozen=True)
class Found:
    """One page of articles; `next` continues it, or is empty."""

    articles: Sequence[ArticleProgress]
    total: int
    next: str


def of(project: Project) -> ProjectProgress:
    """The progress of the project, counted by the database: two statements."""
    rows = db.session.execute(stages.counted(project)).all()
    states = Counter[str](dict(rows))
    people: dict[str, tuple[User, Counter[str]]] = {}
    reviews = db.session.execute(
        select(User, Assignment.state, func.count())
        .join(Assignment, Assignment.user_id == User.id)
        .join(Article, Article.id == Assignment.article_id)
        .where(stages.listed(project), Assignment.kind == AssignmentKind.REVIEW)
        .group_by(User.id, Assignment.state)
        .order_by(User.name, User.id)
    )
    for user, state, count in reviews:
        people.setdefault(user.id, (user, Counter()))[1][state] = count
    return ProjectProgress(states, list(people.values()))


def queue(user: User, project: Project) -> list[ArticleProgress]:
    """What `user` may adjudicate here: open articles that nobody else took and that they did not review; then theirs.

    At most PAGE of them, in two statements.
    """
    taken, own = aliased(Assignment), aliased(Assignment)
    rows = db.session.execute(
        _articles(project)
        .outerjoin(taken, (taken.article_id == Article.id) & (taken.kind == AssignmentKind.ADJUDICATION))
        .where(
            Article.id.in_(openness.opened(project)),
            or_(taken.id.is_(None), taken.user_id == user.id),
            ~exists().where(
                own.article_id == Article.id, own.user_id == user.id, own.kind != AssignmentKind.ADJUDICATION
            ),
        )
        .order_by(case((taken.state == AssignmentState.SUBMITTED, 1), else_=0), Article.position)
        .limit(PAGE)
    ).all()
    given = _assignments_of([article.id for article, _ in rows], None)
    mine = []
    for article, version in rows:
        entry = ArticleProgress(article, version, wanted=project.reviewers)
        _sort_in(entry, given[article.id])
        mine.append(entry)
    return mine


def articles(
    user: User,
    project: Project,
    *,
    everything: bool,
    manages: bool = False,
    filters: Filters | None = None,
    after: str = "",
) -> Found:
    """A page of articles in the project's order.

    Without `everything`, those that were given to `user`. Unless `user` manages the project, an article that they
    review shows them nothing but their own part, and is never found by its stage.
    """
    query = _filtered(user, project, filters or Filters(), everything=everything, manages=manages)
    total = db.session.scalar(query.with_only_columns(func.count(Article.id))) or 0
    if after:
        query = query.where(
            Article.position
            > select(Article.position).where(Article.id == after, Article.project_id == project.id).scalar_subquery()
        )
    rows = db.session.execute(query.order_by(Article.position).limit(PAGE + 1)).all()
    shown = rows[:PAGE]
    reviews = _assignments_of([article.id for article, _ in shown], None if everything else user)
    # Who reviews an article learns nothing of the others from it, also as an adjudicator of the project's other ones.
    veiled = (
        set()
        if manages
        else {
            article_id
            for article_id, rows_of_article in reviews.items()
            if any(row.user_id == user.id and row.kind is not AssignmentKind.ADJUDICATION for row in rows_of_article)
        }
    )
    found = []
    for article, version in shown:
        entry = ArticleProgress(article, version, wanted=project.reviewers)
        rows_of_article = reviews[article.id]
        if article.id in veiled:
            entry.own_only = True
            rows_of_article = [row for row in rows_of_article if row.user_id == user.id]
        _sort_in(entry, rows_of_article, own=entry.own_only or not everything)
        entry.named = manages or not project.blind or entry.finished or entry.own_only or not everything
        found.append(entry)
    return Found(found, total, shown[-1][0].id if len(rows) > PAGE else "")


def _filtered(
    user: User, project: Project, filters: Filters, *, everything: bool, manages: bool
) -> Select[Article, ArticleVersion]:
    query = _articles(project)
    if not everything:
        own = (Assignment.article_id == Article.id) & (Assignment.user_id == user.id)
        query = query.join(Assignment, own & (Assignment.kind != AssignmentKind.SECOND_LOOK))
    if filters.state is not None:
        query = query.where(Article.id.in_(_with_state(user, filters.state, everything=everything, manages=manages)))
    if filters.stage is not None and everything:
        query = query.where(stages.stage_of(project) == filters.stage)
        if not manages:
            query = query.where(Article.id.not_in(_worked_on(user)))
    if manages and filters.reviewer:
        reviews = select(Assignment.article_id).where(Assignment.kind == AssignmentKind.REVIEW)
        query = query.where(Article.id.in_(reviews.where(Assignment.user_id == filters.reviewer)))
    if manages and filters.lacking:
        query = query.where(stages.lacks_reviewers(project))
    if filters.words:
        pattern = f"%{filters.words.lower().replace('%', '').replace('_', ' ')}%"
        columns = (ArticleVersion.title, ArticleVersion.suggested_title, Article.group)
        query = query.where(or_(*(func.lower(column).like(pattern) for column in columns)))
    return query


def _with_state(user: User, state: AssignmentState, *, everything: bool, manages: bool) -> Select[str]:
    """The articles with a review in `state`: for who does not manage, of others only where they do not review."""
    found = select(Assignment.article_id).where(Assignment.state == state, Assignment.kind == AssignmentKind.REVIEW)
    if manages:
        return found
    mine = select(Assignment.article_id).where(Assignment.user_id == user.id)
    others = Assignment.article_id.not_in(mine) if everything else false()
    return found.where(or_(Assignment.user_id == user.id, others))


def _worked_on(user: User) -> Select[str]:
    return select(Assignment.article_id).where(
        Assignment.user_id == user.id, Assignment.kind != AssignmentKind.ADJUDICATION
    )


def _assignments_of(article_ids: list[str], user: User | None) -> defaultdict[str, list[Assignment]]:
    query = (
        select(Assignment)
        .join(Assignment.user)
        .options(contains_eager(Assignment.user))
        .where(Assignment.article_id.in_(article_ids), Assignment.kind != AssignmentKind.SECOND_LOOK)
        .order_by(User.name, User.id)
    )
    if user is not None:
        query = query.where(Assignment.user_id == user.id)
    grouped: defaultdict[str, list[Assignment]] = defaultdict(list)
    for assignment in db.session.scalars(query):
        grouped[assignment.article_id].append(assignment)
    return grouped


def _sort_in(article: ArticleProgress, rows: Sequence[Assignment], *, own: bool = False) -> None:
    """Put the reviews and the adjudication in their places; with `own`, whatever work it is of the reader's."""
    for assignment in rows:
        if assignment.kind is AssignmentKind.ADJUDICATION:
            article.adjudication = assignment
        elif own or assignment.kind is AssignmentKind.REVIEW:
            article.reviews.append(assignment)
        elif assignment.kind is AssignmentKind.RETURNED:
            article.returned.append(assignment)


def _articles(project: Project) -> Select[Article, ArticleVersion]:
    """The listed articles of the project with their present versions, without their texts."""
    return (
        select(Article, ArticleVersion)
        .join(ArticleVersion, (ArticleVersion.article_id == Article.id) & (ArticleVersion.number == Article.version))
        .where(stages.listed(project))
        .options(defer(ArticleVersion.text))
    )

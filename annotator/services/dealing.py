"""Dealing articles out: what `annotator assign` and its button do, in one transaction.

First what was abandoned goes back to the pool, then everybody gets what they lack: training, reviews, second looks.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, func, select

from annotator.db import db
from annotator.domain import dealing
from annotator.domain.dealing import Lack, Piece, Reviewer, Short
from annotator.errors import Conflict
from annotator.models import (
    Article,
    ArticleVersion,
    Assignment,
    AssignmentKind,
    Membership,
    Project,
    Role,
    User,
)
from annotator.permissions import OPEN
from annotator.services import giving, pool, second_looks, training
from annotator.services.assignments import reviewers_of
from annotator.services.giving import Gift


@dataclass(frozen=True)
class AssignReport:
    """What `assign` did: how many reviews it gave, which articles still lack reviewers, and what came before and after.

    `split` are the groups whose articles do not have the same reviewers.
    """

    assigned: int
    short: list[Short] = field(default_factory=list)
    returned: int = 0
    training: int = 0
    second_looks: int = 0
    split: list[str] = field(default_factory=list)

    def reasons(self) -> list[Lack]:
        """Why articles are short, each reason once, the commonest first."""
        return [why for why, _ in Counter(why for each in self.short for why in each.why).most_common()]


def assign(project: Project, *, by: User | None = None) -> AssignReport:
    """Give every article of `project` its number of reviewers; to repeat it adds only what is missing.

    Articles of one group go to the same reviewers, since otherwise nobody could link their claims blind. A person
    who adjudicates an article is never given it, nor one who let it lie. Load is counted in code points.
    """
    giving.lock_project(project)
    returned = pool.return_abandoned(project, by=by)
    lessons = training.hand_out(project, by=by)
    state = _State(project)
    giving.lock_articles(piece.id for piece in state.pieces() if piece.wanted)
    state = _State(project)
    dealt = dealing.deal(state.pieces(), state.reviewers())
    giving.store(project, state.gifts(dealt.given), by=by)
    looks = second_looks.draw(project, by=by)
    short = sorted(dealt.short + state.begun(), key=lambda each: state.order[each.id])
    return AssignReport(len(dealt.given), short, returned, lessons, looks, state.split(dealt.given))


def one_more(project: Project, article_id: str, *, by: User | None = None) -> User:
    """Give a hard article one more reviewer, by the same rules; who it is. Raises Conflict when there can be none."""
    giving.lock_project(project)
    giving.lock_articles([article_id])
    state = _State(project)
    if article_id not in state.order:
        raise Conflict("There is no such article in this project.")
    giving.require_untaken(article_id)
    wanted = [state.piece(each, wanted=1 if each == article_id else 0) for each in state.order]
    dealt = dealing.deal(wanted, state.reviewers())
    if not dealt.given:
        why = "; ".join(reason.value for each in dealt.short for reason in each.why)
        raise Conflict(f"Nobody can be given this article: {why}.")
    giving.store(project, state.gifts(dealt.given), by=by)
    return next(user for user in state.people if user.id == dealt.given[0][1])


def split_among(article_ids: Collection[str]) -> list[str]:
    """Of the groups of these articles, those whose articles have different reviewers: one statement."""
    named = select(Article.project_id, Article.group).where(Article.id.in_(article_ids), Article.group != "").subquery()
    rows = db.session.execute(
        select(Article.group, Article.id, Assignment.user_id)
        .join(named, (named.c.project_id == Article.project_id) & (named.c.group == Article.group))
        .join(Assignment, (Assignment.article_id == Article.id) & (Assignment.kind == AssignmentKind.REVIEW))
        .where(Article.listed_at.is_not(None))
    )
    holders: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for group, article_id, user_id in rows:
        holders[group, article_id].add(user_id)
    return dealing.split_groups((group, frozenset(people)) for (group, _), people in holders.items())


class _State:
    """What stands in a project, in four statements."""

    def __init__(self, project: Project) -> None:
        self.project = project
        rows = db.session.execute(
            select(Article.id, Article.group, Article.revealed_at, ArticleVersion.id, ArticleVersion.length)
            .join(
                ArticleVersion, (ArticleVersion.article_id == Article.id) & (ArticleVersion.number == Article.version)
            )
            .where(_listed(project))
            .order_by(Article.position)
        ).all()
        self.order = {row[0]: number for number, row in enumerate(rows)}
        self.groups = {row[0]: row[1] for row in rows}
        self.revealed = {row[0] for row in rows if row[2] is not None}
        self.versions = {row[0]: (row[3], row[4]) for row in rows}
        self.people = list(reviewers_of(project))
        self._read_memberships()
        self._read_assignments()

    def _read_memberships(self) -> None:
        rows = db.session.execute(
            select(Membership.user_id, Membership.capacity, Membership.qualified_at).where(
                Membership.project_id == self.project.id, Membership.role == Role.REVIEWER
            )
        )
        self.memberships = {user_id: (capacity, qualified) for user_id, capacity, qualified in rows}

    def _read_assignments(self) -> None:
        self.holders: defaultdict[str, set[str]] = defaultdict(set)
        self.barred: defaultdict[str, set[str]] = defaultdict(set)
        self.let_lie: defaultdict[str, set[str]] = defaultdict(set)
        self.taken: dict[str, bool] = {}
        self.load: Counter[str] = Counter()
        self.open: Counter[str] = Counter()
        rows = db.session.execute(
            select(
                Assignment.article_id,
                Assignment.user_id,
                Assignment.kind,
                Assignment.state,
                func.coalesce(ArticleVersion.length, 0),
            )
            .join(Article, Article.id == Assignment.article_id)
            .join(ArticleVersion, ArticleVersion.id == Assignment.version_id)
            .where(_listed(self.project), Assignment.kind != AssignmentKind.SECOND_LOOK)
        )
        for article_id, user_id, kind, state, length in rows:
            if kind is AssignmentKind.REVIEW:
                self.holders[article_id].add(user_id)
                self.load[user_id] += length
                self.open[user_id] += state in OPEN
                continue
            self.barred[article_id].add(user_id)
            if kind is AssignmentKind.RETURNED:
                self.let_lie[article_id].add(user_id)
            if kind is AssignmentKind.ADJUDICATION:
                self.taken[article_id] = state not in OPEN

    def reviewers(self) -> list[Reviewer]:
        """The people with their load and what they can still take."""
        asks = self.project.pass_mark is not None
        found = []
        for user in self.people:
            capacity, qualified = self.memberships[user.id]
            room = None if capacity is None else max(0, capacity - self.open[user.id])
            passed = qualified is not None or not asks
            found.append(Reviewer(user.id, user.name, self.load[user.id], room, passed))
        return found

    def pieces(self) -> list[Piece]:
        """Every article, with how many reviewers it lacks; one that nobody new may come to lacks none."""
        wanted = self.project.reviewers
        return [
            self.piece(each, wanted=0 if self._closed(each) else max(0, wanted - len(self.holders[each])))
            for each in self.order
        ]

    def piece(self, article_id: str, *, wanted: int) -> Piece:
        return Piece(
            article_id,
            self.versions[article_id][1],
            wanted,
            self.groups[article_id],
            frozenset(self.holders[article_id]),
            frozenset(self.barred[article_id]),
            frozenset(self.let_lie[article_id]),
        )

    def begun(self) -> list[Short]:
        """The articles in adjudication that have fewer reviewers than are wanted now; finished ones stay as they are."""
        lacking = {
            each: self.project.reviewers - len(self.holders[each]) for each, done in self.taken.items() if not done
        }
        return [Short(each, missing, (Lack.BEGUN,)) for each, missing in lacking.items() if missing > 0]

    def gifts(self, given: list[tuple[str, str]]) -> list[Gift]:
        return [Gift(article_id, self.versions[article_id][0], user_id) for article_id, user_id in given]

    def split(self, given: list[tuple[str, str]]) -> list[str]:
        """The groups that are split once `given` is given too."""
        holders = {each: set(self.holders[each]) for each in self.order}
        for article_id, user_id in given:
            holders[article_id].add(user_id)
        return dealing.split_groups((self.groups[each], frozenset(people)) for each, people in holders.items())

    def _closed(self, article_id: str) -> bool:
        return article_id in self.taken or article_id in self.revealed


def _listed(project: Project) -> ColumnElement[bool]:
    return (Article.project_id == project.id) & Article.listed_at.is_not(None)

"""Assignments: who works on which article, what comes next, and when a person is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, defer, selectinload, subqueryload

from annotator.db import db, now
from annotator.domain import text as texts
from annotator.domain.claims import Requirement, Stance, missing
from annotator.domain.spans import Span
from annotator.errors import Conflict, NotFound
from annotator.models import (
    Annotation,
    Article,
    ArticleVersion,
    Assignment,
    AssignmentKind,
    AssignmentState,
    EvidenceRule,
    Guideline,
    Label,
    Membership,
    Project,
    Role,
    User,
)
from annotator.permissions import Action, require, require_open
from annotator.services import articles, events, projects
from annotator.services.claims import claim_of


@dataclass(frozen=True)
class Work:
    """One person's assignment with all that a change of it needs. The version's text is not loaded."""

    project: Project
    article: Article
    version: ArticleVersion
    assignment: Assignment
    head: events.Head
    guideline_version: int | None
    roles: frozenset[Role]


@dataclass(frozen=True)
class Lacking:
    """A claim and what it still lacks ("a speaker", "a reason")."""

    annotation: Annotation
    missing: list[str]


@dataclass(frozen=True)
class Submission:
    """How complete a review is. `sentences` are those without a claim, as spans in code points."""

    assignment: Assignment
    evidence: EvidenceRule
    claims: int
    lacking: list[Lacking]
    sentences: list[Span]
    read: bool

    @property
    def refused(self) -> bool:
        """Whether the project requires what is lacking, so that it cannot be submitted."""
        return bool(self.lacking) and self.evidence is EvidenceRule.REQUIRED


def work_on(user: User, article_id: str, action: Action = Action.REVIEW, *, lock: bool = True) -> Work:
    """The assignment of `user` on the article, for a change. Three statements; `lock` holds the article's row.

    Raises NotFound if the article is not assigned to them, Forbidden without the role, Conflict when it is closed.
    """
    work = find_work(user, article_id, lock=lock)
    wanted = AssignmentKind.ADJUDICATION if action is Action.ADJUDICATE else AssignmentKind.REVIEW
    if work.assignment.kind is not wanted:
        raise NotFound
    require(work.roles, action)
    require_open(action, work.assignment.state)
    return work


def find_work(user: User, article_id: str, *, lock: bool = True) -> Work:
    """The same whatever its kind and state, for a member of the project. Raises NotFound to others."""
    roles = {
        role: select(Membership.role)
        .where(Membership.project_id == Article.project_id, Membership.user_id == user.id, Membership.role == role)
        .exists()
        for role in Role
    }
    guideline = (
        select(Guideline.version)
        .where(Guideline.project_id == Article.project_id)
        .order_by(Guideline.version.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(Assignment, Article, ArticleVersion, Project, guideline, *roles.values())
        .join(Article, Article.id == Assignment.article_id)
        .join(ArticleVersion, ArticleVersion.id == Assignment.version_id)
        .join(Project, Project.id == Article.project_id)
        .where(Article.id == article_id, Article.listed_at.is_not(None), Assignment.user_id == user.id)
        .options(defer(ArticleVersion.text))
    )
    if lock:
        # PostgreSQL: one writer for each article, since its events form one chain. The assignment is locked with it,
        # because a statement that had to wait reads anew only the rows that it locks. SQLite has one writer anyway.
        query = query.with_for_update(of=[Article, Assignment])
    row = db.session.execute(query).first()
    if row is None:
        raise NotFound
    assignment, article, version, project, guideline_version, *held = row
    given = frozenset(role for role, holds in zip(roles, held, strict=True) if holds)
    if not given:
        raise NotFound
    head = events.head_of(article.id)
    return Work(project, article, version, assignment, head, guideline_version, given)


def review_of(user: User, article_id: str) -> Submission:
    """How complete the review of `user` is; writes nothing."""
    return _submission(find_work(user, article_id, lock=False))


def submit(user: User, article_id: str, *, confirm: bool = False) -> Submission:
    """The reviewer is done. To repeat it changes nothing.

    Raises Conflict with details {"missing": [{"annotation", "exact", "missing"}]} when claims lack what the project
    requires, or what it warns about unless `confirm`.
    """
    work = find_work(user, article_id)
    if work.assignment.kind is not AssignmentKind.REVIEW:
        raise NotFound
    if work.assignment.state is AssignmentState.SUBMITTED:
        return _submission(work)
    require_open(Action.REVIEW, work.assignment.state)
    submission = _submission(work)
    if submission.lacking and work.project.evidence is not EvidenceRule.OFF and (submission.refused or not confirm):
        raise Conflict(_what_lacks(submission), {"missing": _as_details(submission.lacking)})
    work.assignment.state = AssignmentState.SUBMITTED
    work.assignment.submitted_at = now()
    _record(work, "assignment.submit", {"claims": submission.claims}, user)
    return submission


def reopen(user: User, article_id: str) -> Assignment:
    """Take a submit back; possible until the adjudicator's first decision. To repeat it changes nothing."""
    work = find_work(user, article_id)
    if work.assignment.kind is not AssignmentKind.REVIEW:
        raise NotFound
    if work.assignment.state is AssignmentState.LOCKED:
        raise Conflict("An adjudicator has begun to decide on this article, so it can no longer be reopened.")
    if work.assignment.state is AssignmentState.SUBMITTED:
        work.assignment.state = AssignmentState.IN_PROGRESS
        work.assignment.submitted_at = None
        _record(work, "assignment.reopen", {}, user)
    return work.assignment


def mark_read(user: User, article_id: str) -> Assignment:
    """Record that the reviewer has read to the end, also with no claim marked."""
    work = work_on(user, article_id)
    if work.assignment.read_to_end_at is None:
        work.assignment.read_to_end_at = now()
        begin(work)
        _record(work, "assignment.read", {}, user)
    return work.assignment


def begin(work: Work) -> None:
    """The first change turns a new assignment into one in progress."""
    if work.assignment.state is AssignmentState.NEW:
        work.assignment.state = AssignmentState.IN_PROGRESS


def next_for(user: User, project: Project) -> Assignment | None:
    """The article that `user` should do next: one in progress, else the first new one.

    It depends on nothing but their own assignments, so that nobody learns from it who has finished.
    """
    open_ones = (
        select(Assignment)
        .join(Assignment.article)
        .where(
            Article.project_id == project.id,
            Article.listed_at.is_not(None),
            Assignment.user_id == user.id,
            Assignment.kind == AssignmentKind.REVIEW,
            Assignment.state.in_([AssignmentState.IN_PROGRESS, AssignmentState.NEW]),
        )
        .order_by(Assignment.state == AssignmentState.NEW, Article.position)
        .limit(1)
    )
    return db.session.scalar(open_ones)


def own_list(user: User, project: Project) -> Sequence[Assignment]:
    """All reviews of `user` in the project, by article, with article and version (without its text)."""
    return db.session.scalars(
        select(Assignment)
        .join(Assignment.article)
        .join(Assignment.version)
        .where(
            Article.project_id == project.id,
            Article.listed_at.is_not(None),
            Assignment.user_id == user.id,
            Assignment.kind == AssignmentKind.REVIEW,
        )
        .options(contains_eager(Assignment.article), contains_eager(Assignment.version).defer(ArticleVersion.text))
        .order_by(Article.position)
    ).all()


def of_project(project: Project) -> Sequence[Assignment]:
    """All assignments of the project, by article, with article, version (without its text) and person."""
    return db.session.scalars(
        select(Assignment)
        .join(Assignment.article)
        .join(Assignment.version)
        .join(Assignment.user)
        .where(Article.project_id == project.id, Article.listed_at.is_not(None))
        .options(
            contains_eager(Assignment.article),
            contains_eager(Assignment.version).defer(ArticleVersion.text),
            contains_eager(Assignment.user),
        )
        .order_by(Article.position, Assignment.kind.desc(), User.name, User.id)
    ).all()


def requirement_of(label: Label) -> Requirement:
    """What `label` must carry, in the domain's words."""
    stances = frozenset(Stance(stance) for stance in label.stances)
    return Requirement(speaker=label.needs_speaker, reason=label.needs_reason, stances=stances)


def require_adjudicator(user: User, article_id: str) -> articles.ArticleAccess:
    """The article, if `user` adjudicates in its project and never reviewed it."""
    found = articles.get_for(user, article_id, blocks=True)
    require(found.access.roles, Action.ADJUDICATE)
    if found.assignment is not None and found.assignment.kind is AssignmentKind.REVIEW:
        raise Conflict("You reviewed this article, so somebody else must adjudicate it.")
    return found


def reviewers_of(project: Project) -> Sequence[User]:
    """The people who can be given reviews, by name; disabled people cannot."""
    role = projects.members_with(project, Role.REVIEWER)
    return [user for user in role if user.disabled_at is None]


def _submission(work: Work) -> Submission:
    claims = db.session.scalars(
        select(Annotation)
        .where(Annotation.assignment_id == work.assignment.id, Annotation.deleted_at.is_(None))
        .options(subqueryload(Annotation.evidence), selectinload(Annotation.label))
        .order_by(Annotation.start, Annotation.end, Annotation.id)
    ).all()
    lacking = []
    if work.project.evidence is not EvidenceRule.OFF:
        for annotation in claims:
            what = missing(claim_of(annotation), requirement_of(annotation.label))
            if what:
                lacking.append(Lacking(annotation, what))
    articles.load_blocks(work.version)
    text = work.version.text
    story = [block_of for block_of in articles.blocks_of(work.version) if not block_of.furniture]
    sentences = texts.sentences(text, story, language=work.version.language or "en")
    return Submission(
        work.assignment,
        work.project.evidence,
        len(claims),
        lacking,
        _without_claim(sentences, [(claim.start, claim.end) for claim in claims]),
        work.assignment.read_to_end_at is not None,
    )


def _without_claim(sentences: Sequence[Span], claims: Sequence[tuple[int, int]]) -> list[Span]:
    """The sentences that no claim touches; both lists are sorted by start."""
    free, reach, following = [], -1, 0
    for sentence in sentences:
        while following < len(claims) and claims[following][0] < sentence.end:
            reach = max(reach, claims[following][1])
            following += 1
        if reach <= sentence.start:
            free.append(sentence)
    return free


def _what_lacks(submission: Submission) -> str:
    count = len(submission.lacking)
    which = "One claim still lacks" if count == 1 else f"{count} claims still lack"
    way_out = "Add it" if submission.refused else "Add it, or submit all the same"
    return f"{which} what the label must carry. {way_out}."


def _as_details(lacking: Sequence[Lacking]) -> list[dict[str, object]]:
    return [
        {"annotation": str(each.annotation.id), "exact": each.annotation.exact, "missing": each.missing}
        for each in lacking
    ]


def _record(work: Work, action: str, payload: dict[str, object], user: User) -> None:
    events.record(
        action,
        work.assignment.id,
        payload,
        user_id=user.id,
        project_id=work.project.id,
        chain=work.article.id,
        head=work.head,
    )
    db.session.flush()

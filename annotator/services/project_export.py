"""A whole project as the lines of one file, from which `project_import` makes an equal one.

Read in one moment of time, some articles at a time; the number of statements for each part does not depend on what is
in it. To a viewer work is shown as everywhere on the web: an article that has not opened to them, or that is being
adjudicated, comes without any work, and the header says so.
"""

from __future__ import annotations

import base64
from collections import defaultdict
from collections.abc import Generator, Iterator, Sequence
from enum import Enum
from typing import Any, TypeVar

from sqlalchemy import CompoundSelect, Connection, Select, and_, func, or_, select, union
from sqlalchemy import Row as SqlRow

from annotator.db import db, one_moment
from annotator.formats.project_records import (
    AnnotationPart,
    AnswerPart,
    ArticleLine,
    AssignmentPart,
    BlockPart,
    DecisionPart,
    DismissedPart,
    EndLine,
    EvidencePart,
    FirstVotePart,
    GuidelinePart,
    GuidelineReadPart,
    Header,
    LabelPart,
    Line,
    LinkLine,
    MentionPart,
    OriginalPart,
    Part,
    PersonPart,
    PostPart,
    ProjectPart,
    RolePart,
    SecondRoundPart,
    SourcePart,
    SuggestionPart,
    VersionPart,
)
from annotator.models import (
    Annotation,
    Article,
    ArticleBlock,
    ArticleOriginal,
    ArticleVersion,
    Assignment,
    AssignmentKind,
    AssignmentState,
    Decision,
    DismissedSuggestion,
    EvidenceItem,
    FirstVote,
    GoldSource,
    Guideline,
    GuidelineReading,
    ImportedSuggestion,
    Label,
    Link,
    Membership,
    Mention,
    Post,
    Project,
    SecondRound,
    SecondRoundAnswer,
    User,
)
from annotator.services import openness

MOST_ARTICLES = 100
MOST_CHARACTERS = 4_000_000
MOST_CLAIMS = 5_000
"""How much is held at a time; a single article with more is held alone."""

UNOPENED = (
    "work on articles that have not opened to whoever made this file, or that are being adjudicated",
    "training and second looks",
)

Query = Select[*tuple[Any, ...]]
Row = SqlRow[*tuple[Any, ...]]
Made = TypeVar("Made", bound=Part)


def lines(project: Project, *, viewer: User | None = None) -> Generator[Line]:
    """The lines of the file; with a `viewer` without what they may not see. Nothing is read before the first is taken."""
    shown = openness.opened_to(viewer, project) if viewer is not None else None
    with one_moment(db.engine) as connection:
        labels = _labels(connection, project)
        yield _header(connection, project, labels, left_out=UNOPENED if viewer is not None else ())
        keys = {row.id: row.key for row in labels}
        articles = links = 0
        for batch in _batches(connection, project):
            for line in _articles(connection, batch, keys, shown):
                articles += 1
                yield line
        for link in _links(connection, project, shown):
            links += 1
            yield link
        yield EndLine(articles=articles, links=links)


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def _made(part: type[Made], row: Any, **more: Any) -> Made:
    """The part from the columns that have the names of its fields, and `more`."""
    given = {name: _plain(getattr(row, name)) for name in part.model_fields if name not in more and name != "type"}
    return part(**given, **more)


def _labels(connection: Connection, project: Project) -> Sequence[Row]:
    table = Label.__table__
    query = select(table).where(Label.project_id == project.id).order_by(Label.position, Label.key)
    return connection.execute(query).all()


def _header(connection: Connection, project: Project, labels: Sequence[Row], *, left_out: Sequence[str]) -> Header:
    settings = connection.execute(select(Project.__table__).where(Project.id == project.id)).one()
    guidelines = connection.execute(
        select(Guideline.version, Guideline.text, Guideline.user_id.label("person"), Guideline.created_at)
        .where(Guideline.project_id == project.id)
        .order_by(Guideline.version)
    )
    return Header(
        complete=not left_out,
        left_out=list(left_out),
        project=_made(ProjectPart, settings),
        labels=[_made(LabelPart, row) for row in labels],
        guidelines=[_made(GuidelinePart, row) for row in guidelines],
        people=list(_people(connection, project)),
    )


def _people(connection: Connection, project: Project) -> Iterator[PersonPart]:
    """Everybody who has a role in the project or has left anything in it."""
    articles = select(Article.id).where(Article.project_id == project.id)
    involved: CompoundSelect[str] = union(
        select(Membership.user_id).where(Membership.project_id == project.id),
        select(Guideline.user_id).where(Guideline.project_id == project.id),
        select(Link.user_id).where(Link.project_id == project.id),
        select(Assignment.user_id).where(Assignment.article_id.in_(articles)),
        select(Decision.user_id).join(Assignment).where(Assignment.article_id.in_(articles)),
        select(Post.user_id).where(Post.article_id.in_(articles)),
        select(Mention.user_id).join(Post).where(Post.article_id.in_(articles)),
    )
    roles: defaultdict[str, list[RolePart]] = defaultdict(list)
    given = select(Membership.__table__).where(Membership.project_id == project.id).order_by(Membership.role)
    for row in connection.execute(given):
        roles[row.user_id].append(_made(RolePart, row))
    readings = select(GuidelineReading.__table__).where(GuidelineReading.project_id == project.id)
    read = {row.user_id: _made(GuidelineReadPart, row) for row in connection.execute(readings)}
    people = select(User.id, User.name).where(User.id.in_(involved)).order_by(User.id)
    for row in connection.execute(people):
        yield PersonPart(id=row.id, name=row.name, roles=roles[row.id], guideline_read=read.get(row.id))


def _batches(connection: Connection, project: Project) -> Iterator[list[Row]]:
    """The articles of the project in parts that can be held at a time."""
    length = (
        select(func.coalesce(func.sum(ArticleVersion.length), 0) + func.coalesce(func.sum(_bytes()), 0))
        .outerjoin(ArticleOriginal, ArticleOriginal.version_id == ArticleVersion.id)
        .where(ArticleVersion.article_id == Article.id)
        .scalar_subquery()
    )
    claims = (
        select(func.count(Annotation.id))
        .join(Assignment, Assignment.id == Annotation.assignment_id)
        .where(Assignment.article_id == Article.id)
        .scalar_subquery()
    )
    listed = (
        select(Article.__table__, length.label("characters"), claims.label("claims"))
        .where(Article.project_id == project.id, Article.listed_at.is_not(None))
        .order_by(Article.position)
        .limit(MOST_ARTICLES)
    )
    found = connection.execute(listed).all()
    while found:
        batch: list[Row] = []
        characters = claim_count = 0
        for row in found:
            characters, claim_count = characters + row.characters, claim_count + row.claims
            if batch and (characters > MOST_CHARACTERS or claim_count > MOST_CLAIMS):
                yield batch
                batch, characters, claim_count = [], row.characters, row.claims
            batch.append(row)
        yield batch
        found = connection.execute(listed.where(Article.position > found[-1].position)).all()


def _bytes() -> Any:
    return func.length(ArticleOriginal.content)


def _articles(
    connection: Connection, batch: Sequence[Row], keys: dict[str, str], shown: Query | None
) -> Iterator[ArticleLine]:
    ids = [row.id for row in batch]
    versions, numbers = _versions(connection, ids)
    work = _Work(connection, ids, keys=keys, numbers=numbers, shown=shown)
    for row in batch:
        yield _made(
            ArticleLine,
            row,
            versions=versions[row.id],
            assignments=work.assignments[row.id],
            decisions=work.decisions[row.id],
            posts=work.posts[row.id],
        )


def _versions(connection: Connection, ids: Sequence[str]) -> tuple[defaultdict[str, list[VersionPart]], dict[str, int]]:
    """The versions of each article, and the number of each version by its id."""
    mine = select(ArticleVersion.id).where(ArticleVersion.article_id.in_(ids))
    blocks = _by(
        connection,
        select(ArticleBlock.__table__)
        .where(ArticleBlock.version_id.in_(mine))
        .order_by(ArticleBlock.version_id, ArticleBlock.position),
        "version_id",
    )
    originals = {
        row.version_id: _made(OriginalPart, row, content=base64.b64encode(row.content).decode())
        for row in connection.execute(select(ArticleOriginal.__table__).where(ArticleOriginal.version_id.in_(mine)))
    }
    suggested = _by(
        connection,
        select(ImportedSuggestion.__table__)
        .where(ImportedSuggestion.version_id.in_(mine))
        .order_by(ImportedSuggestion.start, ImportedSuggestion.end),
        "version_id",
    )
    found: defaultdict[str, list[VersionPart]] = defaultdict(list)
    numbers = {}
    query = select(ArticleVersion.__table__).where(ArticleVersion.article_id.in_(ids)).order_by(ArticleVersion.number)
    for row in connection.execute(query):
        numbers[row.id] = row.number
        part = _made(
            VersionPart,
            row,
            blocks=[_made(BlockPart, block) for block in blocks[row.id]],
            original=originals.get(row.id),
            suggestions=[_made(SuggestionPart, each) for each in suggested[row.id]],
        )
        found[row.article_id].append(part)
    return found, numbers


class _Work:
    """What people did on some articles: their assignments with claims, the decisions, the posts."""

    def __init__(
        self,
        connection: Connection,
        ids: Sequence[str],
        *,
        keys: dict[str, str],
        numbers: dict[str, int],
        shown: Query | None,
    ) -> None:
        self._connection, self._keys, self._shown = connection, keys, shown
        self.assignments: defaultdict[str, list[AssignmentPart]] = defaultdict(list)
        self.decisions: defaultdict[str, list[DecisionPart]] = defaultdict(list)
        self.posts: defaultdict[str, list[PostPart]] = defaultdict(list)
        found = _shown_assignments(connection, ids, shown)
        self._article_of = {row.id: row.article_id for row in found}
        mine = [row.id for row in found]
        annotations = self._annotations(mine)
        dismissed = _by(
            connection, _of_assignments(DismissedSuggestion, mine).order_by("start", "end"), "assignment_id"
        )
        for row in found:
            self.assignments[row.article_id].append(
                _made(
                    AssignmentPart,
                    row,
                    person=row.user_id,
                    article_version=numbers[row.version_id],
                    dismissed=[_made(DismissedPart, each) for each in dismissed[row.id]],
                    annotations=annotations[row.id],
                )
            )
        self._read_decisions(mine)
        self._read_posts(sorted({row.article_id for row in found}) if shown is not None else ids)

    def _annotations(self, assignments: Sequence[str]) -> defaultdict[str, list[AnnotationPart]]:
        mine = select(Annotation.id).where(Annotation.assignment_id.in_(assignments))
        evidence: defaultdict[Any, list[EvidencePart]] = defaultdict(list)
        items = select(EvidenceItem.__table__).where(EvidenceItem.annotation_id.in_(mine))
        rows = self._connection.execute(items.order_by(EvidenceItem.annotation_id, EvidenceItem.n)).all()
        there = self._in_file({row.linked_annotation_id for row in rows} - {None})
        for row in rows:
            linked = row.linked_annotation_id if row.linked_annotation_id in there else None
            part = _made(EvidencePart, row, annotation=linked, article=row.linked_article_id)
            evidence[row.annotation_id].append(part)
        votes = {
            row.annotation_id: _made(FirstVotePart, row, label=self._keys[row.label_id])
            for row in self._connection.execute(select(FirstVote.__table__).where(FirstVote.annotation_id.in_(mine)))
        }
        found: defaultdict[str, list[AnnotationPart]] = defaultdict(list)
        query = _of_assignments(Annotation, assignments).order_by(Annotation.start, Annotation.end, Annotation.id)
        for row in self._connection.execute(query):
            found[row.assignment_id].append(
                _made(
                    AnnotationPart,
                    row,
                    label=self._keys[row.label_id],
                    evidence=evidence[row.id],
                    first_vote=votes.get(row.id),
                )
            )
        return found

    def _in_file(self, annotations: set[Any]) -> set[Any]:
        """Those of the claims that the viewer may see; evidence does not tell of any other."""
        if self._shown is None or not annotations:
            return annotations
        query = select(Annotation.id).join(Assignment, Assignment.id == Annotation.assignment_id)
        return set(
            self._connection.scalars(query.where(Annotation.id.in_(annotations), _may_be_shown(self._shown))).all()
        )

    def _read_decisions(self, assignments: Sequence[str]) -> None:
        mine = select(Decision.id).where(Decision.assignment_id.in_(assignments))
        sources = _by(
            self._connection,
            select(GoldSource.decision_id, GoldSource.annotation_id.label("annotation"), GoldSource.version, GoldSource.chosen)
            .where(GoldSource.decision_id.in_(mine))
            .order_by(GoldSource.annotation_id),
            "decision_id",
        )  # fmt: skip
        answers = _by(
            self._connection,
            select(
                SecondRoundAnswer.decision_id,
                SecondRoundAnswer.assignment_id.label("assignment"),
                SecondRoundAnswer.note,
                SecondRoundAnswer.answered_at,
            )
            .where(SecondRoundAnswer.decision_id.in_(mine), SecondRoundAnswer.assignment_id.in_(assignments))
            .order_by(SecondRoundAnswer.assignment_id),
            "decision_id",
        )
        rounds = {
            row.decision_id: _made(
                SecondRoundPart, row, answers=[_made(AnswerPart, each) for each in answers[row.decision_id]]
            )
            for row in self._connection.execute(select(SecondRound.__table__).where(SecondRound.decision_id.in_(mine)))
        }
        for row in self._connection.execute(
            _of_assignments(Decision, assignments).order_by(Decision.decided_at, Decision.id)
        ):
            self.decisions[self._article_of[row.assignment_id]].append(
                _made(
                    DecisionPart,
                    row,
                    assignment=row.assignment_id,
                    person=row.user_id,
                    gold=row.gold_id,
                    reasons=row.reasons or [],
                    replaces=row.replaces_id,
                    sources=[_made(SourcePart, each) for each in sources[row.id]],
                    second_round=rounds.get(row.id),
                )
            )

    def _read_posts(self, articles: Sequence[str]) -> None:
        mentions = _by(
            self._connection,
            select(Mention.post_id, Mention.user_id.label("person"), Mention.seen_at)
            .join(Post, Post.id == Mention.post_id)
            .where(Post.article_id.in_(articles))
            .order_by(Mention.user_id),
            "post_id",
        )
        query = select(Post.__table__).where(Post.article_id.in_(articles)).order_by(Post.created_at, Post.id)
        for row in self._connection.execute(query):
            named = [_made(MentionPart, each) for each in mentions[row.id]]
            self.posts[row.article_id].append(_made(PostPart, row, person=row.user_id, mentions=named))


def _shown_assignments(connection: Connection, ids: Sequence[str], shown: Query | None) -> Sequence[Row]:
    """The work on these articles; of a viewer, reviews and finished adjudications of articles that have opened to them
    and are not being adjudicated.
    """
    query = select(Assignment.__table__).where(Assignment.article_id.in_(ids))
    if shown is not None:
        query = query.where(_may_be_shown(shown))
    return connection.execute(query.order_by(Assignment.created_at, Assignment.id)).all()


def _may_be_shown(shown: Query) -> Any:
    adjudicated = select(Assignment.article_id).where(
        Assignment.kind == AssignmentKind.ADJUDICATION,
        Assignment.state.not_in([AssignmentState.NEW, AssignmentState.SUBMITTED]),
    )
    # Both speak of all assignments, whatever the query around them is about.
    return and_(
        Assignment.kind.in_([AssignmentKind.REVIEW, AssignmentKind.ADJUDICATION]),
        Assignment.article_id.in_(shown.correlate(None)),
        Assignment.article_id.not_in(adjudicated.correlate(None)),
    )


def _links(connection: Connection, project: Project, shown: Query | None) -> Iterator[LinkLine]:
    """The links of which both ends are in the file."""
    query = select(Link.__table__).where(Link.project_id == project.id)
    articles = select(Article.id).where(Article.project_id == project.id, Article.listed_at.is_not(None))
    ends = (
        select(Annotation.id)
        .join(Assignment, Assignment.id == Annotation.assignment_id)
        .where(Assignment.article_id.in_(articles))
    )
    if shown is not None:
        ends = ends.where(_may_be_shown(shown))
    query = query.where(Link.a_id.in_(ends), Link.b_id.in_(ends)).order_by(Link.created_at, Link.id).limit(1_000)
    found = connection.execute(query).all()
    while found:
        for row in found:
            yield _made(LinkLine, row, person=row.user_id, a=row.a_id, b=row.b_id)
        at, last = found[-1].created_at, found[-1].id
        later = or_(Link.created_at > at, and_(Link.created_at == at, Link.id > last))
        found = connection.execute(query.where(later)).all()


def _of_assignments(model: Any, assignments: Sequence[str]) -> Query:
    return select(model.__table__).where(model.assignment_id.in_(assignments))


def _by(connection: Connection, query: Query, column: str) -> defaultdict[str, list[Row]]:
    """The rows by what stands in `column`, each in the order of the query."""
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in connection.execute(query):
        found[getattr(row, column)].append(row)
    return found

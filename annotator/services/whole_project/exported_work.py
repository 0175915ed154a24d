"""What people did on articles, as parts of the file: assignments with claims and evidence, decisions, posts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, and_, select

from annotator.formats.work_records import (
    AnnotationPart,
    AnswerPart,
    AssignmentPart,
    DecisionPart,
    DismissedPart,
    EvidencePart,
    FirstVotePart,
    MentionPart,
    PostPart,
    SecondRoundPart,
    SourcePart,
    ToPlacePart,
)
from annotator.models import (
    Annotation,
    Assignment,
    AssignmentKind,
    AssignmentState,
    ClaimToPlace,
    Decision,
    DismissedSuggestion,
    EvidenceItem,
    FirstVote,
    GoldSource,
    Mention,
    Post,
    SecondRound,
    SecondRoundAnswer,
)
from annotator.services.whole_project.parts import Query, Row, made, rows_by


class Work:
    """What people did on some articles: their assignments with claims, the decisions, the posts.

    `keys` are those of the labels, `numbers` those of the versions, by id; `shown` selects the articles that have opened to
    a viewer, and is None for whoever may see everything.
    """

    def __init__(
        self,
        connection: Connection,
        ids: Sequence[str],
        *,
        keys: dict[str, str],
        numbers: dict[str, int],
        shown: Query | None,
    ) -> None:
        self._connection, self._keys, self._numbers, self._shown = connection, keys, numbers, shown
        self.assignments: defaultdict[str, list[AssignmentPart]] = defaultdict(list)
        self.decisions: defaultdict[str, list[DecisionPart]] = defaultdict(list)
        self.posts: defaultdict[str, list[PostPart]] = defaultdict(list)
        found = _shown_assignments(connection, ids, shown)
        self._article_of = {row.id: row.article_id for row in found}
        mine = [row.id for row in found]
        annotations = self._annotations(mine)
        dismissed = rows_by(
            connection, _of_assignments(DismissedSuggestion, mine).order_by("start", "end"), "assignment_id"
        )
        for row in found:
            self.assignments[row.article_id].append(
                made(
                    AssignmentPart,
                    row,
                    person=row.user_id,
                    article_version=numbers[row.version_id],
                    dismissed=[made(DismissedPart, each) for each in dismissed[row.id]],
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
            part = made(EvidencePart, row, annotation=linked, article=row.linked_article_id)
            evidence[row.annotation_id].append(part)
        votes = {
            row.annotation_id: made(FirstVotePart, row, label=self._keys[row.label_id])
            for row in self._connection.execute(select(FirstVote.__table__).where(FirstVote.annotation_id.in_(mine)))
        }
        waiting = {
            row.annotation_id: made(ToPlacePart, row, article_version=self._numbers[row.version_id])
            for row in self._connection.execute(
                select(ClaimToPlace.__table__).where(ClaimToPlace.annotation_id.in_(mine))
            )
        }
        found: defaultdict[str, list[AnnotationPart]] = defaultdict(list)
        query = _of_assignments(Annotation, assignments).order_by(Annotation.start, Annotation.end, Annotation.id)
        for row in self._connection.execute(query):
            found[row.assignment_id].append(
                made(
                    AnnotationPart,
                    row,
                    label=self._keys[row.label_id],
                    evidence=evidence[row.id],
                    first_vote=votes.get(row.id),
                    to_place=waiting.get(row.id),
                )
            )
        return found

    def _in_file(self, annotations: set[Any]) -> set[Any]:
        """Those of the claims that the viewer may see; evidence does not tell of any other."""
        if self._shown is None or not annotations:
            return annotations
        query = select(Annotation.id).join(Assignment, Assignment.id == Annotation.assignment_id)
        return set(
            self._connection.scalars(query.where(Annotation.id.in_(annotations), may_be_shown(self._shown))).all()
        )

    def _read_decisions(self, assignments: Sequence[str]) -> None:
        mine = select(Decision.id).where(Decision.assignment_id.in_(assignments))
        sources = rows_by(
            self._connection,
            select(GoldSource.decision_id, GoldSource.annotation_id.label("annotation"), GoldSource.version, GoldSource.chosen)
            .where(GoldSource.decision_id.in_(mine))
            .order_by(GoldSource.annotation_id),
            "decision_id",
        )  # fmt: skip
        answers = rows_by(
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
            row.decision_id: made(
                SecondRoundPart, row, answers=[made(AnswerPart, each) for each in answers[row.decision_id]]
            )
            for row in self._connection.execute(select(SecondRound.__table__).where(SecondRound.decision_id.in_(mine)))
        }
        for row in self._connection.execute(
            _of_assignments(Decision, assignments).order_by(Decision.decided_at, Decision.id)
        ):
            self.decisions[self._article_of[row.assignment_id]].append(
                made(
                    DecisionPart,
                    row,
                    assignment=row.assignment_id,
                    person=row.user_id,
                    gold=row.gold_id,
                    reasons=row.reasons or [],
                    replaces=row.replaces_id,
                    sources=[made(SourcePart, each) for each in sources[row.id]],
                    second_round=rounds.get(row.id),
                )
            )

    def _read_posts(self, articles: Sequence[str]) -> None:
        mentions = rows_by(
            self._connection,
            select(Mention.post_id, Mention.user_id.label("person"), Mention.seen_at)
            .join(Post, Post.id == Mention.post_id)
            .where(Post.article_id.in_(articles))
            .order_by(Mention.user_id),
            "post_id",
        )
        query = select(Post.__table__).where(Post.article_id.in_(articles)).order_by(Post.created_at, Post.id)
        for row in self._connection.execute(query):
            named = [made(MentionPart, each) for each in mentions[row.id]]
            self.posts[row.article_id].append(made(PostPart, row, person=row.user_id, mentions=named))


def _shown_assignments(connection: Connection, ids: Sequence[str], shown: Query | None) -> Sequence[Row]:
    """The work on these articles; of a viewer, reviews and finished adjudications of articles that have opened to them
    and are not being adjudicated.
    """
    query = select(Assignment.__table__).where(Assignment.article_id.in_(ids))
    if shown is not None:
        query = query.where(may_be_shown(shown))
    return connection.execute(query.order_by(Assignment.created_at, Assignment.id)).all()


def may_be_shown(shown: Query) -> Any:
    """The condition on an assignment that a viewer to whom the articles of `shown` have opened may see it."""
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


def _of_assignments(model: Any, assignments: Sequence[str]) -> Query:
    return select(model.__table__).where(model.assignment_id.in_(assignments))

"""What the adjudicator is asked: the marks that mean the same claim, and in what their reviewers differ.

Which marks mean the same claim is the business of domain/grouping.py.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from math import fsum
from typing import TYPE_CHECKING

from annotator.domain.grouping import contains, covering_middle, group_marks
from annotator.domain.spans import iou

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence


class Kind(StrEnum):
    """In what the reviewers differ; the order is the order in which an adjudicator meets them."""

    SOME = "some"
    LABEL = "label"
    BOUNDARY = "boundary"
    FIELDS = "fields"
    LINK = "link"
    AGREED = "agreed"


@dataclass(frozen=True)
class Mark:
    """One reviewer's claim, as far as questions are concerned.

    `links` holds one comparable key for each link of the claim, such as (relation, question at the other end); equal
    keys mean the same link. `created_at` decides which mark of a question gives it its id.
    """

    id: str
    reviewer: str
    start: int
    end: int
    label: str = ""
    target: str = ""
    reason: str = ""
    speaker: str = ""
    speaker_kind: str = ""
    mode: str = ""
    chain: tuple[str, ...] = ()
    event_start: date | None = None
    event_end: date | None = None
    links: frozenset[tuple[str, ...]] = frozenset()
    created_at: datetime | None = None

    @property
    def fields(self) -> tuple[object, ...]:
        """Everything besides boundary, label and links in which two marks can differ."""
        return (
            self.target,
            self.reason,
            self.speaker,
            self.speaker_kind,
            self.mode,
            self.chain,
            self.event_start,
            self.event_end,
        )


@dataclass(frozen=True)
class Question:
    """Marks that mean the same claim. [start, end) reaches from the first of them to the last.

    `differs` lists every kind of difference, `kind` is the first of them, or agreed. `covered_by` names the questions
    in which somebody's longer mark contains this one. `arrived` holds marks that would have joined after the question
    was decided; a decided question does not change for them.
    """

    id: str
    kind: Kind
    differs: tuple[Kind, ...]
    start: int
    end: int
    marks: tuple[Mark, ...]
    covered_by: tuple[str, ...] = ()
    arrived: tuple[Mark, ...] = ()


def group(
    marks: Iterable[Mark],
    reviewers: Collection[str],
    *,
    decided: Mapping[str, Collection[str]] | None = None,
    asked: Mapping[str, Collection[str]] | None = None,
) -> list[Question]:
    """The questions of one article in order of their place; every mark stands in exactly one of them.

    `reviewers` are all who submitted the article, also those who marked nothing. `decided` gives the ids of the
    decided questions with the ids of their marks: these come back with just those marks, and what would have joined
    since is listed as `arrived`. `asked` does the same for questions that were sent back to their reviewers: they keep
    their id, whatever becomes of the mark that founded them, but take in what came since. A decided or asked question
    of which no mark is left is not returned.
    """
    asked = asked or {}
    owner = {mark: question for question, members in {**asked, **(decided or {})}.items() for mark in members}
    frozen: dict[str, list[Mark]] = defaultdict(list)
    arrived: dict[str, list[Mark]] = defaultdict(list)
    open_groups: list[list[Mark]] = []
    # Everything is grouped as if nothing were decided. So a decision by itself never moves the marks of others.
    for members in group_marks(marks):
        old = [mark for mark in members if mark.id in owner]
        new = [mark for mark in members if mark.id not in owner]
        for mark in old:
            frozen[owner[mark.id]].append(mark)
        if old:
            arrived[_most_frequent(owner[mark.id] for mark in old)] += new
        else:
            open_groups.append(new)
    found = [_question(_founder(members).id, members, reviewers) for members in open_groups]
    for question_id, members in frozen.items():
        if question_id in asked:
            found.append(_question(question_id, [*members, *arrived[question_id]], reviewers))
            continue
        question = _question(question_id, members, reviewers)
        found.append(replace(question, arrived=tuple(sorted(arrived[question_id], key=_place))))
    return _with_covering(sorted(found, key=_place))


def suggested(question: Question) -> Mark:
    """The mark that shares most with the others of its question; among equals the earlier, then the longer.

    It is always something that somebody marked, never an average.
    """
    marks = question.marks
    if len({(mark.start, mark.end) for mark in marks}) == 1:
        return min(marks, key=_place)

    def rank(mark: Mark) -> tuple[float, int, int, str]:
        shared = fsum(iou(mark, other) for other in marks if other is not mark)
        return (-shared, mark.start, -mark.end, mark.id)

    return min(marks, key=rank)


def _place(each: Mark | Question) -> tuple[int, int, str]:
    return (each.start, each.end, each.id)


def _with_covering(questions: list[Question]) -> list[Question]:
    """The same questions, each with the ids of those in which somebody's longer mark contains it."""
    marks = [mark for question in questions for mark in question.marks]
    owners = [index for index, question in enumerate(questions) for _ in question.marks]
    around = dict(covering_middle(questions, marks))
    found = []
    for index, question in enumerate(questions):
        covering = {owners[at] for at in around[index] if _covers(marks[at], question)} - {index}
        found.append(replace(question, covered_by=tuple(questions[each].id for each in sorted(covering))))
    return found


def _covers(mark: Mark, question: Question) -> bool:
    return mark.end - mark.start > question.end - question.start and contains(mark, question)


def _question(question_id: str, members: Sequence[Mark], reviewers: Collection[str]) -> Question:
    differs = _differences(members, reviewers)
    return Question(
        id=question_id,
        kind=differs[0] if differs else Kind.AGREED,
        differs=differs,
        start=min(mark.start for mark in members),
        end=max(mark.end for mark in members),
        marks=tuple(sorted(members, key=_place)),
    )


def _differences(members: Sequence[Mark], reviewers: Collection[str]) -> tuple[Kind, ...]:
    def differ(facts: Iterable[object]) -> bool:
        return len(set(facts)) > 1

    applies = {
        Kind.SOME: not {mark.reviewer for mark in members}.issuperset(reviewers),
        Kind.LABEL: differ(mark.label for mark in members),
        Kind.BOUNDARY: differ((mark.start, mark.end) for mark in members),
        Kind.FIELDS: differ(mark.fields for mark in members),
        Kind.LINK: differ(mark.links for mark in members),
    }
    return tuple(kind for kind in Kind if applies.get(kind))


def _founder(members: Iterable[Mark]) -> Mark:
    """The mark that was there first, which later arrivals do not change; without times the first by place."""

    def age(mark: Mark) -> tuple[bool, datetime, tuple[int, int, str]]:
        # Times are only ever compared with times: marks without one sort before all that have one.
        return (mark.created_at is not None, mark.created_at or datetime.min, _place(mark))  # noqa: DTZ901

    return min(members, key=age)


def _most_frequent(ids: Iterable[str]) -> str:
    """The commonest id; among equals the one that comes first."""
    counts: dict[str, int] = defaultdict(int)
    for each in ids:
        counts[each] += 1
    return max(counts, key=lambda each: counts[each])

"""After the blind round: what a reviewer may still change, and what is kept of what they had marked while blind.

Two things open a later round: a question that was sent back (services/rounds.py) opens its passage, a reveal
(services/reveals.py) the whole article. Only models are known here, so that every service on claims can ask.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Connection, Table, bindparam, insert, select

from annotator.db import current_connection
from annotator.domain.spans import Ranged, Span, overlap
from annotator.errors import Conflict
from annotator.models import (
    Article,
    AssignmentState,
    Decision,
    FirstVote,
    GoldSource,
    Outcome,
    SecondRound,
    SecondRoundAnswer,
)

ROUND = 2
"""The number of every round after the blind one: agreement only asks whether somebody was blind."""

_ASKED = (
    select(SecondRound.start, SecondRound.end)
    .join(SecondRoundAnswer, SecondRoundAnswer.decision_id == SecondRound.decision_id)
    .join(Decision, Decision.id == SecondRound.decision_id)
    .where(
        SecondRoundAnswer.assignment_id == bindparam("assignment_id"),
        SecondRoundAnswer.answered_at.is_(None),
        Decision.undone_at.is_(None),
    )
    .order_by(SecondRound.start, SecondRound.end)
)
_REVEALED = select(Article.id).where(Article.id == bindparam("article_id"), Article.revealed_at.is_not(None))
_DECIDED = (
    select(Decision.id)
    .join(GoldSource, GoldSource.decision_id == Decision.id)
    .where(
        GoldSource.annotation_id == bindparam("annotation_id"),
        Decision.undone_at.is_(None),
        Decision.outcome != Outcome.SEND_BACK,
    )
)
_KEEP = insert(cast(Table, FirstVote.__table__))


@dataclass(frozen=True)
class LaterRound:
    """A round in which the reviewer is not blind any more. `passages` is where claims may change, None: everywhere."""

    passages: tuple[Span, ...] | None = None

    def allows(self, claim: Ranged) -> bool:
        """Whether a claim of this place may be made, changed or deleted."""
        return self.passages is None or any(overlap(claim, passage) for passage in self.passages)

    def require(self, *claims: Ranged) -> None:
        """Raise Conflict unless all of them (what a change makes, and what it makes it of) may change."""
        if not all(map(self.allows, claims)):
            raise Conflict(
                "You were asked about one passage: only claims that share words with it can be changed now. "
                "The others are being adjudicated as they are."
            )


def opened(assignment_id: str, article_id: str, state: AssignmentState) -> LaterRound | None:
    """The later round in which the review of this state may be changed, if there is one: one statement.

    A locked review opens for the questions that were sent back and that its reviewer has not answered yet, a submitted
    one by a reveal. The caller holds the article's lock, so that no decision comes between the look and the change.
    """
    connection = current_connection()
    if state is AssignmentState.LOCKED:
        asked = connection.execute(_ASKED, {"assignment_id": assignment_id}).all()
        return LaterRound(tuple(Span(start, end) for start, end in asked)) if asked else None
    if state is AssignmentState.SUBMITTED and connection.execute(_REVEALED, {"article_id": article_id}).first():
        return LaterRound()
    return None


def require_undecided(annotation_id: UUID) -> None:
    """Raise Conflict if the claim belongs to a question that was decided, whatever else its reviewer was asked."""
    if current_connection().execute(_DECIDED, {"annotation_id": annotation_id}).first():
        raise Conflict("The adjudicator has decided about this claim already, so it can no longer be changed.")


def keep_first_vote(annotation: Any, connection: Connection | None = None) -> None:
    """Keep what was marked while blind, before it is changed or deleted for the first time.

    `annotation` is its object or row; without a live blind state there is nothing to keep.
    """
    if annotation.round >= ROUND or annotation.deleted_at is not None:
        return
    names = ("version", "start", "end", "label_id")
    values: dict[str, UUID | int | str] = {name: getattr(annotation, name) for name in names}
    (connection or current_connection()).execute(_KEEP, values | {"annotation_id": annotation.id})

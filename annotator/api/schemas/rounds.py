"""Questions that came back to their reviewers and the answers to them; reveals, and threads on questions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from annotator.api.schemas.base import Moment, Schema, Text, spoken
from annotator.models import PostKind
from annotator.services.discussion import LONGEST, Thread
from annotator.services.rounds import LONGEST_NOTE, Asked, RoundState, Vote


class AnswerIn(Schema):
    """You have looked again; `note` is for the adjudicator."""

    note: Annotated[Text, Field(max_length=LONGEST_NOTE)] | None = None


class AskedOut(Schema):
    """A question to you: while it is open and not answered, claims that share words with [start, end) may change.

    `decision` is the one that sent it back and names the round, `asks` are the adjudicator's words.
    """

    decision: str
    question: UUID
    project: str
    article: str
    start: int
    end: int
    exact: str
    asks: str
    asked_at: Moment
    note: str
    answered_at: Moment | None

    @classmethod
    def of(cls, asked: Asked) -> Self:
        return cls(
            decision=asked.decision_id,
            question=asked.question,
            project=asked.project,
            article=asked.article_id,
            start=asked.start,
            end=asked.end,
            exact=asked.exact,
            asks=asked.words,
            asked_at=asked.asked_at,
            note=asked.note,
            answered_at=asked.answered_at,
        )


class AnswerOut(Schema):
    """Your answer as it is stored; without `answered_at` it was taken back."""

    decision: str
    note: str
    answered_at: Moment | None


class ReviewerAnswerOut(Schema):
    """What one reviewer answered; `reviewer` is a letter where names are hidden."""

    reviewer: str
    note: str
    answered_at: Moment | None


class VoteOut(Schema):
    """What was marked at a moment: the label's name and the words."""

    label: str
    exact: str

    @classmethod
    def of(cls, vote: Vote | None) -> Self | None:
        return cls(label=vote.label, exact=vote.exact) if vote else None


class ChangedVoteOut(Schema):
    """A claim that its reviewer changed after the blind round: `first` is null for a new one, `present` for a deleted."""

    annotation: UUID
    reviewer: str
    first: VoteOut | None
    present: VoteOut | None


class RoundOut(Schema):
    """The last time that a question was sent back. It is open until the question is decided."""

    decision: str
    start: int
    end: int
    open: bool
    asked: int
    answered: int
    answers: list[ReviewerAnswerOut]
    changed: list[ChangedVoteOut]

    @classmethod
    def of(cls, state: RoundState, called: Callable[[str], str]) -> Self:
        """`called` gives the name under which the reader sees a person."""
        return cls(
            decision=state.decision_id,
            start=state.start,
            end=state.end,
            open=state.open,
            asked=len(state.answers),
            answered=state.answered,
            answers=[
                ReviewerAnswerOut(reviewer=called(each.user_id), note=each.note, answered_at=each.answered_at)
                for each in state.answers
            ],
            changed=[
                ChangedVoteOut(
                    annotation=each.annotation_id,
                    reviewer=called(each.user_id),
                    first=VoteOut.of(each.first),
                    present=VoteOut.of(each.present),
                )
                for each in state.votes
            ],
        )


class RevealOut(Schema):
    """An article whose reviewers see each other's claims."""

    article: str
    revealed_at: Moment | None


class PostIn(Schema):
    """Something to say about a question, with @name; `kind` resolve settles the thread, reopen opens it again."""

    text: Annotated[Text, Field(max_length=LONGEST)] | None = None
    kind: Annotated[PostKind, spoken(PostKind)] | None = None


class PostOut(Schema):
    """A post as you read it; `by` is a letter where names are hidden."""

    id: str
    by: str
    own: bool
    kind: PostKind
    text: str
    at: Moment


class ThreadOut(Schema):
    """The posts on a question, the oldest first."""

    question: UUID
    resolved: bool
    posts: list[PostOut]

    @classmethod
    def of(cls, thread: Thread) -> Self:
        return cls(
            question=thread.question,
            resolved=thread.resolved,
            posts=[PostOut(**vars(post)) for post in thread.posts],
        )

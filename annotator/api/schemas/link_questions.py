"""Questions to the adjudicator about links, and the decisions on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from annotator.api.schemas.base import Moment, Schema, Text, spoken
from annotator.api.schemas.claims import Note, Reviewer
from annotator.domain.claims import Aspect, Relation
from annotator.domain.decisions import Reason
from annotator.domain.link_questions import LinkKind
from annotator.models import Ended, LinkDecision, LinkOutcome
from annotator.services import link_questions
from annotator.services.link_decisions import LinkAnswer
from annotator.services.link_questions import LinkQuestion, LinkState, LinkVote
from annotator.services.naming import Veil

LinkId = Annotated[Text, Field(max_length=64)]


class LinkDecisionIn(Schema):
    """An answer to a question about a link.

    To accept names the reviewer's `link` that is taken. An edit says what holds between the two claims; `outgoing` is
    true where it goes from the claim in the article of the address, and without it the claim about the later time
    begins it. `note` and `aspect` are the gold link's, `justification` says why.
    """

    question: UUID
    outcome: Annotated[LinkOutcome, spoken(LinkOutcome)]
    link: LinkId | None = None
    relation: Annotated[Relation, spoken(Relation)] | None = None
    aspect: Aspect | None = None
    note: Note | None = None
    outgoing: bool | None = None
    reasons: Annotated[list[Annotated[Reason, spoken(Reason)]], Field(max_length=len(Reason))] | None = None
    justification: Note
    replaces: LinkId | None = None

    def answer(self) -> LinkAnswer:
        """The same in the words of the service."""
        return LinkAnswer(
            outcome=self.outcome,
            link=self.link,
            relation=self.relation,
            aspect=self.aspect,
            note=self.note or "",
            outgoing=self.outgoing,
            justification=self.justification,
            reasons=tuple(self.reasons or ()),
            replaces=self.replaces,
        )


class LinkDecisionOut(Schema):
    """How a question about a link was settled, for the gold claims `a` and `b`; `link` is the gold link, if one was made.

    `taken` is the reviewer's link that was taken, `sources` all that were looked at, `ended` says why it does not stand
    any more: undone, replaced, or one of its claims went away.
    """

    id: str
    question: UUID
    kind: LinkKind
    outcome: LinkOutcome
    a: UUID
    b: UUID
    link: str | None
    taken: str | None
    sources: list[str]
    adjudicator: str
    reasons: list[Reason]
    justification: str
    rule: str
    replaces: str | None
    decided_at: Moment
    undone_at: Moment | None
    ended: Ended | None

    @classmethod
    def of(cls, decision: LinkDecision, *, adjudicator: str) -> Self:
        """`decision` by the person of that name."""
        return cls(
            id=decision.id,
            question=link_questions.id_of((decision.question_a, decision.question_b)),
            kind=LinkKind(decision.kind),
            outcome=decision.outcome,
            a=decision.a_id,
            b=decision.b_id,
            link=decision.link_id,
            taken=decision.taken_id,
            sources=decision.sources,
            adjudicator=adjudicator,
            reasons=[Reason(each) for each in decision.reasons],
            justification=decision.justification,
            rule=decision.rule,
            replaces=decision.replaces_id,
            decided_at=decision.decided_at,
            undone_at=decision.undone_at,
            ended=decision.ended,
        )


class LinkVoteOut(Schema):
    """One reviewer's link, seen from the article that is asked about. `outgoing` is true where it begins there."""

    link: str
    reviewer: str
    reviewer_id: str | None
    relation: Relation
    aspect: Aspect | None
    note: str
    outgoing: bool
    annotation: UUID
    other: UUID

    @classmethod
    def of(cls, vote: LinkVote, *, article: str, veil: Veil) -> Self:
        reviewer = Reviewer.behind(veil, article, vote.user_id, vote.name)
        return cls(
            link=vote.id,
            reviewer=reviewer.name,
            reviewer_id=reviewer.id,
            relation=vote.relation,
            aspect=vote.aspect,
            note=vote.note,
            outgoing=vote.outgoing,
            annotation=vote.own,
            other=vote.other,
        )


class LinkQuestionOut(Schema):
    """Two claims that reviewers linked: `claim` is the question of the one here, `article` that of the other one.

    It is open, decided, waiting (until the other article has opened and both claims have become gold) or dropped (one
    of them is none); `why` says for what it waits or why it was dropped. Of an article that has not opened neither
    words nor votes are told. `link` is the gold link, `gold` and `other_gold` are the two gold claims. `refusal` says why
    they cannot contradict each other, if they cannot. `lapsed` is the last decision that ended because a claim changed.
    """

    id: UUID
    kind: LinkKind
    state: LinkState
    why: str
    claim: UUID
    article: str
    exact: str
    gold: UUID | None
    other_gold: UUID | None
    votes: list[LinkVoteOut]
    refusal: str
    link: str | None
    decision: LinkDecisionOut | None
    lapsed: LinkDecisionOut | None

    @classmethod
    def of(cls, view: LinkQuestion, *, article: str, veil: Veil, names: Mapping[str, str]) -> Self:
        """`view` of the article of that id; `names` are those of adjudicators, by id."""

        def shown(decision: LinkDecision | None) -> LinkDecisionOut | None:
            return LinkDecisionOut.of(decision, adjudicator=names[decision.user_id]) if decision else None

        return cls(
            id=view.id,
            kind=view.kind,
            state=view.state,
            why=view.why,
            claim=view.near.id,
            article=view.article_id,
            exact=view.exact,
            gold=view.ends[0].id if view.ends else None,
            other_gold=view.ends[1].id if view.ends else None,
            votes=[LinkVoteOut.of(vote, article=article, veil=veil) for vote in view.votes],
            refusal=view.refusal,
            link=view.link.id if view.link else None,
            decision=shown(view.decision),
            lapsed=shown(view.lapsed),
        )

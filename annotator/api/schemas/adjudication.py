"""Questions to the adjudicator, and the decisions on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from annotator.api.schemas.base import LARGEST, Day, Moment, Schema, Text, spoken
from annotator.api.schemas.claims import AnnotationOut, ClaimIn, Note, Reviewer
from annotator.api.schemas.rounds import RoundOut
from annotator.domain.claims import Aspect, Relation
from annotator.domain.decisions import Reason
from annotator.domain.questions import Kind
from annotator.models import Decision, Outcome, User
from annotator.services.adjudication import Answer
from annotator.services.first_pass import LEFT_WORDS, FirstPass, LinkProposal, Proposal
from annotator.services.naming import Veil
from annotator.services.questions import Asking, QuestionView
from annotator.services.vote_links import LinkShown
from annotator.services.votes import Vote


class DecisionIn(Schema):
    """An answer to a question; `question` is null for a claim that nobody marked, which is an edit.

    `version` is that of the annotation as you have read it: 409 if its reviewer has changed it since.
    """

    question: UUID | None
    outcome: Annotated[Outcome, spoken(Outcome)]
    annotation: UUID | None = None
    version: Annotated[int, Field(ge=1, le=LARGEST)] | None = None
    claim: ClaimIn | None = None
    reasons: Annotated[list[Annotated[Reason, spoken(Reason)]], Field(max_length=len(Reason))] | None = None
    justification: Note
    as_of: Day | None = None
    replaces: Annotated[Text, Field(max_length=64)] | None = None

    def answer(self) -> Answer:
        """The same in the words of the service."""
        return Answer(
            outcome=self.outcome,
            annotation=self.annotation,
            version=self.version,
            claim=self.claim.claim() if self.claim else None,
            justification=self.justification,
            as_of=self.as_of,
            replaces=self.replaces,
            reasons=tuple(self.reasons or ()),
        )


class SourceOut(Schema):
    """A claim that the decision was about; `chosen` marks the one that was taken."""

    annotation: UUID
    version: int
    chosen: bool


class DecisionOut(Schema):
    """How a question was settled; `gold` is the claim that came of it, if any.

    `reasons` are tags, `rule` names the rule of a first pass that decided, and is empty for a person's decision.
    """

    id: str
    question: UUID
    kind: str
    outcome: Outcome
    gold: AnnotationOut | None
    sources: list[SourceOut]
    adjudicator: str
    reasons: list[Reason]
    justification: str
    rule: str
    as_of: Day | None
    replaces: str | None
    decided_at: Moment
    undone_at: Moment | None

    @classmethod
    def of(cls, decision: Decision, *, article: str, adjudicator: User) -> Self:
        """`decision` with its sources and its gold claim loaded."""
        gold = decision.gold
        return cls(
            id=decision.id,
            question=decision.question,
            kind=decision.kind,
            outcome=decision.outcome,
            gold=AnnotationOut.of(gold, article=article, reviewer=adjudicator) if gold else None,
            sources=[
                SourceOut(annotation=source.annotation_id, version=source.version, chosen=source.chosen)
                for source in sorted(decision.sources, key=lambda each: each.annotation_id)
            ],
            adjudicator=adjudicator.name,
            reasons=[Reason(each) for each in decision.reasons or ()],
            justification=decision.justification,
            rule=decision.rule,
            as_of=decision.as_of,
            replaces=decision.replaces_id,
            decided_at=decision.decided_at,
            undone_at=decision.undone_at,
        )


class LinkSeenOut(Schema):
    """A link of a version, seen from it. `outgoing` is true where it begins there and the relation has a direction."""

    relation: Relation
    aspect: Aspect | None
    outgoing: bool
    annotation: UUID
    article: str
    exact: str

    @classmethod
    def of(cls, link: LinkShown) -> Self:
        return cls(
            relation=link.relation,
            aspect=link.aspect,
            outgoing=link.outgoing,
            annotation=link.other,
            article=link.article_id,
            exact=link.exact,
        )


class VersionOut(AnnotationOut):
    """A reviewer's claim that answers a question, with its links."""

    links: list[LinkSeenOut]

    @classmethod
    def of_vote(cls, vote: Vote, *, article: str, veil: Veil, links: Sequence[LinkShown]) -> Self:
        """`vote` of a reviewer in `article`."""
        reviewer = Reviewer.behind(veil, article, vote.user_id, vote.reviewer)
        shown = AnnotationOut.of_stored(vote.stored, article=article, reviewer=reviewer)
        told = {name: getattr(shown, name) for name in AnnotationOut.model_fields}
        return cls(**told, links=[LinkSeenOut.of(link) for link in links])


@dataclass(frozen=True)
class Shown:
    """What all questions of an article share: who sees them, and who decided. `adjudicator` is None before that."""

    article: str
    asking: Asking
    veil: Veil
    adjudicator: User | None

    def votes(self, votes: Sequence[Vote]) -> list[VersionOut]:
        """The reviewers' claims with their links."""
        return [
            VersionOut.of_vote(vote, article=self.article, veil=self.veil, links=self.asking.links.get(vote.id, ()))
            for vote in votes
        ]


class QuestionOut(Schema):
    """Claims that mean the same; `kind` is the first of what they differ in, `differs` is all of it.

    `arrived` are claims that came after the decision, `covered_by` the questions in whose marks this one lies, `round`
    the last time that it was sent back to its reviewers.
    """

    id: UUID
    kind: Kind
    differs: list[Kind]
    start: int
    end: int
    versions: list[VersionOut]
    suggested: UUID | None
    arrived: list[VersionOut]
    covered_by: list[UUID]
    decision: DecisionOut | None
    round: RoundOut | None

    @classmethod
    def of(cls, view: QuestionView, among: Shown, *, asked: RoundOut | None = None) -> Self:
        """A question `among` those of its article; `asked` is its round, if it was sent back."""
        decision = None
        if view.decision is not None and among.adjudicator is not None:
            decision = DecisionOut.of(view.decision, article=among.article, adjudicator=among.adjudicator)
        return cls(
            id=view.id,
            kind=view.kind,
            differs=list(view.differs),
            start=view.start,
            end=view.end,
            versions=among.votes(view.versions),
            suggested=view.suggested,
            arrived=among.votes(view.arrived),
            covered_by=list(view.covered_by),
            decision=decision,
            round=asked,
        )


class FirstPassIn(Schema):
    """What to settle: the questions that were looked at, each with the annotation that it takes; null for all.

    `links` are those about links, each with the reviewer's link that it takes.
    """

    questions: Annotated[dict[UUID, UUID], Field(max_length=10_000)] | None = None
    links: Annotated[dict[UUID, Annotated[Text, Field(max_length=64)]], Field(max_length=10_000)] | None = None


class ProposalOut(Schema):
    """What the rule makes of a question: `annotation` is what it takes, or `why` says why it takes nothing.

    `votes` of `reviewers` gave the label that is ahead; `boundary` is true where these do not all have the boundary
    that is taken.
    """

    question: UUID
    annotation: UUID | None
    exact: str
    label: str
    votes: int
    reviewers: int
    boundary: bool
    why: str

    @classmethod
    def of(cls, proposal: Proposal) -> Self:
        shown = proposal.taken or next(each for each in proposal.view.versions if each.id == proposal.view.suggested)
        return cls(
            question=proposal.view.id,
            annotation=proposal.taken.id if proposal.taken else None,
            exact=shown.exact,
            label=proposal.taken.label.key if proposal.taken else "",
            votes=proposal.merge.votes,
            reviewers=proposal.merge.reviewers,
            boundary=proposal.merge.boundary,
            why=LEFT_WORDS[proposal.merge.left] if proposal.merge.left else "",
        )


class LinkProposalOut(Schema):
    """What the rule makes of a question about a link: `link` is the reviewer's that it takes, or `why` says why none."""

    question: UUID
    link: str | None
    why: str

    @classmethod
    def of(cls, proposal: LinkProposal) -> Self:
        taken = proposal.taken
        return cls(question=proposal.view.id, link=taken.id if taken else None, why=proposal.why)


class FirstPassOut(Schema):
    """What the rule of the project would settle in an article, and what it leaves to the adjudicator."""

    rule: str
    settled: list[ProposalOut]
    left: list[ProposalOut]
    links: list[LinkProposalOut]
    links_left: list[LinkProposalOut]

    @classmethod
    def of(cls, found: FirstPass) -> Self:
        return cls(
            rule=found.rule,
            settled=[ProposalOut.of(each) for each in found.settled],
            left=[ProposalOut.of(each) for each in found.left],
            links=[LinkProposalOut.of(each) for each in found.links],
            links_left=[LinkProposalOut.of(each) for each in found.links_left],
        )

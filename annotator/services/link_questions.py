"""What the adjudicator is asked about links: pairs of claims that reviewers linked, with the decisions that stand.

A pair is one question, shown at both of its articles and decided once: as soon as both are open and both claims have
become gold. Until then it waits. Reading writes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID, uuid5

from sqlalchemy import or_, select

from annotator.db import db
from annotator.domain import date_guard
from annotator.domain.claims import Aspect, Relation
from annotator.domain.date_guard import Dated, window_of
from annotator.domain.link_questions import LinkKind, Said, kind_of
from annotator.models import Ended, Link, LinkDecision, LinkLayer, Project, User
from annotator.services import linked_claims, shown_claims
from annotator.services.linked_claims import Around, End, Standing
from annotator.services.questions import Asking, QuestionView
from annotator.services.reviewers_links import LinkRow
from annotator.services.shown_claims import ShownClaim

Pair = tuple[UUID, UUID]


class LinkState(StrEnum):
    """Where a question about a link stands."""

    OPEN = "open"
    WAITING = "waiting"
    DECIDED = "decided"
    DROPPED = "dropped"


@dataclass(frozen=True)
class LinkVote:
    """One reviewer's link, seen from the article that is asked about. `id` is the link's."""

    id: str
    user_id: str
    name: str
    relation: Relation
    aspect: Aspect | None
    note: str
    outgoing: bool
    own: UUID
    other: UUID

    @property
    def said(self) -> Said:
        """The same as it is compared."""
        return Said(self.id, self.user_id, self.relation, self.aspect, self.outgoing)


@dataclass(frozen=True)
class LinkQuestion:
    """Two claims that somebody linked, seen from `near`, the question of the claim in the article that is asked about.

    `article_id` and `heading` are those of the article at the other end, `exact` the words there. While that has not
    opened nothing else is told of it: no words, no votes. `why` says what it waits for, or why it was dropped.
    `able` are those who reviewed both articles. `decision` stands, or only `link` where the adjudicators linked the gold
    claims on the compare page. `lapsed` is the last decision that ended because a claim changed; `refusal` says why
    the two cannot contradict each other.
    """

    id: UUID
    pair: Pair
    near: QuestionView
    article_id: str
    heading: str
    exact: str
    state: LinkState
    why: str
    kind: LinkKind
    votes: list[LinkVote]
    able: Collection[str]
    ends: tuple[ShownClaim, ShownClaim] | None = None
    decision: LinkDecision | None = None
    link: Link | None = None
    lapsed: LinkDecision | None = None
    refusal: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it can be answered and is not."""
        return self.state is LinkState.OPEN

    @property
    def counts(self) -> bool:
        """Whether it is one of those that must be settled before the article is finished."""
        return self.state is not LinkState.WAITING

    def refuses(self, vote: LinkVote) -> bool:
        """Whether the vote's relation cannot join the two claims, which are about different times."""
        return bool(self.refusal) and vote.relation is Relation.CONTRADICTS

    @property
    def later_far(self) -> bool:
        """Whether the far claim is known to be about a later time."""
        if self.ends is None:
            return False
        return date_guard.is_later(*(dated(end).window for end in reversed(self.ends)))


def dated(claim: ShownClaim) -> Dated:
    """The claim as the date guard reads it."""
    return Dated(claim.exact, window_of(claim.event_start, claim.event_end, claim.published))


def pair_of(one: UUID, other: UUID) -> Pair:
    """The two questions as they are stored: the smaller id first."""
    return (one, other) if str(one) < str(other) else (other, one)


def id_of(pair: Pair) -> UUID:
    """The id of the question about the pair, always the same."""
    return uuid5(pair[0], str(pair[1]))


def of(user: User, project: Project, article_id: str, asked: Asking) -> list[LinkQuestion]:
    """The questions about links of the article in the order of its claims: seven statements at most, whatever there is.

    Who asks has been found to be its adjudicator.
    """
    rows = linked_claims.links_from(article_id, asked)
    if not rows:
        return []
    known = linked_claims.around(user, project, article_id, {row.article_id for row in rows} - {article_id})
    near = linked_claims.near_ends(asked)
    told = [row for row in rows if row.article_id in known.opened]
    far = linked_claims.far_ends([row for row in told if row.article_id != article_id], known.finished)
    far |= {row.other: near[row.other] for row in told if row.article_id == article_id and row.other in near}
    views = {view.id: view for view in asked.views}
    desk = _Desk(article_id, project.reviewers, known, near, far, *_stored(near, far, told))
    grouped: defaultdict[tuple[UUID, UUID | str], list[LinkRow]] = defaultdict(list)
    for row in rows:
        if row.other in far:
            grouped[near[row.own].question, far[row.other].question].append(row)
        elif row.article_id not in known.opened and row.article_id not in known.untold:
            grouped[near[row.own].question, row.article_id].append(row)
    found = [desk.question(views[question], members) for (question, _), members in grouped.items()]
    return sorted(found, key=lambda each: (each.near.start, each.near.end, str(each.id)))


@dataclass(frozen=True)
class _Desk:
    """What all questions of an article share."""

    article_id: str
    wanted: int
    known: Around
    near: dict[UUID, End]
    far: dict[UUID, End]
    golds: dict[UUID, ShownClaim]
    decisions: Sequence[LinkDecision]
    links: dict[frozenset[UUID], Link]

    def question(self, view: QuestionView, rows: Sequence[LinkRow]) -> LinkQuestion:
        """The question about the links of these rows, which all join the same two claims."""
        first = rows[0]
        heading = first.heading or "Untitled"
        near = min((self.near[row.own] for row in rows), key=_is_late)
        if first.article_id not in self.known.opened:
            return self._untold(view, first.article_id, heading, near)
        far = min((self.far[row.other] for row in rows), key=_is_late)
        pair = pair_of(near.question, far.question)
        votes = [_vote(row) for row in rows]
        able = set(self.known.reviewers[self.article_id]) & set(self.known.reviewers[first.article_id])
        found = [self.golds[end.gold] for end in (near, far) if end.gold in self.golds]
        ends = (found[0], found[1]) if len(found) == 2 and near.gold != far.gold else None
        dropped = _why_dropped(near, far, heading, within=first.article_id == self.article_id)
        decision = link = None
        if ends is not None:
            looked_at = {ends[0].id, ends[1].id}
            standing = (each for each in self.decisions if each.undone_at is None)
            decision = next((each for each in standing if {each.a_id, each.b_id} == looked_at), None)
            link = self.links.get(frozenset(looked_at))
        if dropped:
            state, why = LinkState.DROPPED, dropped
        elif ends is None:
            state, why = LinkState.WAITING, self._waits(near, first.article_id, heading)
        else:
            state, why = LinkState.DECIDED if decision or link else LinkState.OPEN, ""
        return LinkQuestion(
            id=id_of(pair),
            pair=pair,
            near=view,
            article_id=first.article_id,
            heading=heading,
            exact=ends[1].exact if ends else first.exact,
            state=state,
            why=why,
            kind=kind_of([vote.said for vote in votes], able, self.wanted),
            votes=votes,
            able=able,
            ends=ends,
            decision=decision,
            link=link,
            lapsed=self._lapsed(pair) if decision is None else None,
            refusal=date_guard.refusal(Relation.CONTRADICTS, *map(dated, ends)) if ends else "",
        )

    def _untold(self, view: QuestionView, article_id: str, heading: str, near: End) -> LinkQuestion:
        dropped = _why_dropped(near, End(UUID(int=0), Standing.UNDECIDED), heading, within=False)
        return LinkQuestion(
            id=uuid5(near.question, article_id),
            pair=(near.question, near.question),
            near=view,
            article_id=article_id,
            heading=heading,
            exact="",
            state=LinkState.DROPPED if dropped else LinkState.WAITING,
            why=dropped or f"Waits for “{heading}”: its reviewers have not all submitted it.",
            kind=LinkKind.SOME,
            votes=[],
            able=(),
        )

    def _waits(self, near: End, article_id: str, heading: str) -> str:
        if near.standing is Standing.UNDECIDED or article_id == self.article_id:
            return "Waits for its claims: decide them first."
        return f"Waits for “{heading}”: its claim there is not decided yet."

    def _lapsed(self, pair: Pair) -> LinkDecision | None:
        """The last decision on the pair, if it ended because a claim changed."""
        ended = [each for each in self.decisions if (each.question_a, each.question_b) == pair]
        return ended[-1] if ended and ended[-1].ended is Ended.CLAIM else None


def _stored(
    near: dict[UUID, End], far: dict[UUID, End], rows: Sequence[LinkRow]
) -> tuple[dict[UUID, ShownClaim], Sequence[LinkDecision], dict[frozenset[UUID], Link]]:
    """The gold claims at the ends of these links, all decisions on their pairs, and the gold links between them."""
    ends = [near[row.own] for row in rows] + [far[row.other] for row in rows if row.other in far]
    golds = {end.gold for end in ends if end.gold is not None}
    if not ends:
        return {}, [], {}
    questions = {end.question for end in ends}
    decisions = db.session.scalars(
        select(LinkDecision)
        .where(or_(LinkDecision.question_a.in_(questions), LinkDecision.question_b.in_(questions)))
        .order_by(LinkDecision.decided_at, LinkDecision.id)
    ).all()
    links = db.session.scalars(
        select(Link)
        .where(Link.layer == LinkLayer.GOLD, Link.deleted_at.is_(None), Link.a_id.in_(golds), Link.b_id.in_(golds))
        .order_by(Link.created_at.desc(), Link.id)
    )
    return shown_claims.by_id(golds), decisions, {frozenset((link.a_id, link.b_id)): link for link in links}


def _vote(row: LinkRow) -> LinkVote:
    return LinkVote(
        row.link_id, row.user_id, row.name, Relation(row.relation), row.aspect, row.note, bool(row.outgoing), row.own,
        row.other,
    )  # fmt: skip


def _is_late(end: End) -> bool:
    return end.standing is Standing.LATE


def _why_dropped(near: End, far: End, heading: str, *, within: bool) -> str:
    """Why the link cannot become gold whatever is decided; empty where it can."""
    for end, where in ((near, "here"), (far, "here" if within else f"in “{heading}”")):
        if end.standing is Standing.NOTHING:
            return f"Dropped: its claim {where} is not gold."
        if end.standing is Standing.LATE:
            return f"Dropped: its claim {where} was marked after the question there was decided."
    if near.question == far.question:
        return "Dropped: both of its claims are one question here."
    return ""

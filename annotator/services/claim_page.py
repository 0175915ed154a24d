"""One claim with all that its reader may know of it: its passage, what others made of it, its links and its history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, or_, select

from annotator.db import db
from annotator.domain.claims import Aspect, Claim, Relation
from annotator.errors import NotFound
from annotator.models import (
    Annotation,
    ArticleBlock,
    ArticleVersion,
    AssignmentKind,
    Decision,
    Label,
    Link,
    LinkStatus,
    User,
)
from annotator.permissions import OPEN, Action
from annotator.services import (
    articles,
    gold_history,
    gold_links,
    history,
    links,
    naming,
    openness,
    projects,
    questions,
    shown_claims,
)
from annotator.services.articles import ArticleAccess
from annotator.services.claims import claim_of
from annotator.services.gold_history import GoldHistory
from annotator.services.gold_links import LinkQuestion
from annotator.services.history import History
from annotator.services.naming import Veil
from annotator.services.projects import Access
from annotator.services.shown_claims import ShownClaim
from annotator.services.votes import LabelShown, Vote

AROUND = 700
"""So many characters of the paragraph are shown before a claim and after it."""

MOST_LINKS = 100


@dataclass(frozen=True)
class Passage:
    """The words of the claim with those of its paragraph before and after; `begins` and `ends` say that none is left out."""

    before: str
    exact: str
    after: str
    begins: bool
    ends: bool


@dataclass(frozen=True)
class Answer:
    """What another reviewer marked in the claim's place."""

    id: UUID
    called: str
    own: bool
    label: LabelShown
    exact: str
    note: str
    same: bool


@dataclass(frozen=True)
class LinkSeen:
    """A link seen from the claim. `outgoing` matters to relations with a direction only."""

    id: str
    relation: Relation
    aspect: Aspect | None
    note: str
    outgoing: bool
    suggested: bool
    author: str
    other: ShownClaim


@dataclass(frozen=True)
class ClaimPage:
    """What the page of one claim shows. `called` is who made it, `answers` what others did where the reader may see it.

    `decision` is the adjudicator's on its question, for those who may read it; `gold` where a gold claim comes from.
    `more_links` says that there are more than are shown.
    `link_questions` are what the reviewers linked with the question of a gold claim.
    """

    found: History
    access: Access
    claim: Claim
    label: Label
    passage: Passage
    called: str
    answers: list[Answer]
    silent: list[str]
    decision: Decision | None
    gold: GoldHistory | None
    links: list[LinkSeen]
    more_links: bool
    link_questions: list[LinkQuestion]

    @property
    def may_link(self) -> bool:
        """Whether the reader adjudicates its article, and has not finished it."""
        return self.is_gold and self.found.own and self.found.annotation.assignment.state in OPEN

    @property
    def is_gold(self) -> bool:
        """Whether an adjudicator made it."""
        return self.found.annotation.assignment.kind is AssignmentKind.ADJUDICATION


def of(user: User, annotation_id: UUID) -> ClaimPage | None:
    """The page of a claim that `user` may see, or None for one of their own that is deleted: its history is what is left.

    Raises NotFound for any other. The number of statements does not depend on that of claims, answers and links.
    """
    found = history.of(user, annotation_id)
    if found.annotation.deleted_at is not None:
        return None
    access = projects.access_to(user, found.project.id)
    annotation = _loaded(annotation_id)
    reading = _reading(user, found.article.id)
    veil = naming.veil_for(user, found.article.id) if reading is not None else naming.NO_VEIL
    names = _Names(user, veil)
    gold = None
    answers: list[Answer] = []
    silent: list[str] = []
    decision = None
    if annotation.assignment.kind is AssignmentKind.ADJUDICATION:
        gold = gold_history.of(annotation, found.article.id, veil)
    elif annotation.assignment.kind is AssignmentKind.REVIEW and reading is not None and openness.sees_others(reading):
        answers, silent, decision = _answers(reading, annotation, names)
    linked = _links(user, access, annotation_id)
    return ClaimPage(
        found=found,
        access=access,
        claim=claim_of(annotation),
        label=annotation.label,
        passage=_passage(found.version, annotation),
        called=names.of(found.article.id, annotation.assignment.user_id, annotation.assignment.user.name),
        answers=answers,
        silent=silent,
        decision=decision,
        gold=gold,
        links=linked[:MOST_LINKS],
        more_links=len(linked) > MOST_LINKS,
        link_questions=gold_links.questions_of(user, access, annotation_id) if gold is not None else [],
    )


def _loaded(annotation_id: UUID) -> Annotation:
    return db.session.scalars(history.with_all().where(Annotation.id == annotation_id)).one()


def _reading(user: User, article_id: str) -> ArticleAccess | None:
    """The article as `user` may read it now; one's own claim outlives the right to read on."""
    try:
        return articles.get_for(user, article_id)
    except NotFound:
        return None


def _passage(version: ArticleVersion, annotation: Annotation) -> Passage:
    """The claim in the blocks that it touches: two statements, and no more of the text than is shown."""
    start, end = annotation.start, annotation.end
    first, last = db.session.execute(
        select(
            func.coalesce(func.min(ArticleBlock.start), start), func.coalesce(func.max(ArticleBlock.end), end)
        ).where(ArticleBlock.version_id == version.id, ArticleBlock.start < end, ArticleBlock.end > start)
    ).one()
    # A claim may lie between blocks, where there is nothing but itself.
    first, last = min(first, start), max(last, end)
    from_, to = max(first, start - AROUND), min(last, end + AROUND)
    text = db.session.scalars(
        select(func.substr(ArticleVersion.text, from_ + 1, to - from_)).where(ArticleVersion.id == version.id)
    ).one()
    return Passage(
        text[: start - from_], text[start - from_ : end - from_], text[end - from_ :], from_ == first, to == last
    )


def _answers(
    reading: ArticleAccess, annotation: Annotation, names: _Names
) -> tuple[list[Answer], list[str], Decision | None]:
    """The other answers to the claim's question, who gave none, and the decision where the reader may know it."""
    asking = questions.asking(reading.article.id)
    for view in asking.views:
        votes: Sequence[Vote] = [*view.versions, *view.arrived]
        if all(vote.id != annotation.id for vote in votes):
            continue
        claim = claim_of(annotation)
        people = {each.id: each.name for each in questions.reviewers_of(reading.article.id)}
        answers = [
            Answer(
                vote.id,
                names.of(reading.article.id, vote.user_id, vote.reviewer),
                vote.user_id == names.user.id,
                vote.label,
                vote.exact,
                vote.claim.note,
                not gold_history.differences(claim, vote.claim),
            )
            for vote in votes
            if vote.id != annotation.id
        ]
        spoke = {vote.user_id for vote in votes}
        silent = sorted(
            names.of(reading.article.id, user_id, name)
            for user_id, name in people.items()
            if user_id not in spoke and user_id in asking.reviewers
        )
        decision = view.decision if reading.access.may(Action.READ_ALL) else None
        return sorted(answers, key=lambda each: (each.called, str(each.id))), silent, decision
    return [], [], None


@dataclass(frozen=True)
class _Names:
    """What to call people in the articles under a veil; the reader is "you"."""

    user: User
    veil: Veil

    def of(self, article_id: str, user_id: str, name: str) -> str:
        return "you" if user_id == self.user.id else self.veil.called(article_id, user_id, name)


def _links(user: User, access: Access, annotation_id: UUID) -> list[LinkSeen]:
    """The links of the claim, contradictions first: two statements, one more where there are any."""
    rows = db.session.execute(
        links.visible(user, access)
        .where(or_(Link.a_id == annotation_id, Link.b_id == annotation_id))
        .order_by(None)
        .order_by(Link.relation != Relation.CONTRADICTS, Link.relation, Link.created_at, Link.id)
        .limit(MOST_LINKS + 1)
    ).all()
    others = shown_claims.by_id({link.b_id if link.a_id == annotation_id else link.a_id for link, _, _ in rows})
    names = _Names(user, naming.veil_over(access, {article_id for _, _, article_id in rows}))
    seen = []
    for link, name, article_id in rows:
        outgoing = link.a_id == annotation_id
        other = others[link.b_id if outgoing else link.a_id]
        suggested = link.status is LinkStatus.SUGGESTED
        author = names.of(article_id, link.user_id, name)
        seen.append(LinkSeen(link.id, link.relation, link.aspect, link.note, outgoing, suggested, author, other))
    return seen

"""What the adjudicate page shows: the questions in the list, the one that is open, and the article with everybody's marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from markupsafe import Markup

from annotator.domain.questions import Kind
from annotator.domain.rendering import DrawnSpan
from annotator.errors import Conflict
from annotator.models import AssignmentState, User
from annotator.services import (
    discussion,
    first_pass,
    link_decisions,
    link_questions,
    marks,
    naming,
    questions,
    reveals,
    rounds,
    suggested_labels,
)
from annotator.services.articles import ArticleAccess
from annotator.services.claims import claim_of
from annotator.services.discussion import Thread
from annotator.services.first_pass import FirstPass
from annotator.services.questions import Asking
from annotator.services.rounds import Answered, RoundState
from annotator.services.suggested_labels import Doubt, Suggestion
from annotator.services.votes import Vote
from annotator.views import article_page, link_cards
from annotator.views.adjudication_cards import KindCount, Order, QuestionCard, card_of
from annotator.views.adjudication_versions import Ballot, Reviewer, Row, Version, combinable, state_of, versions_of
from annotator.views.adjudication_words import KINDS
from annotator.views.article_page import ArticlePage, Mode
from annotator.views.layouts import layout_of
from annotator.views.link_cards import LinkCard, LinkVersion

LINKS_ONLY = "links"
"""What the address says where the list shows only the questions about links."""
FORMER = Reviewer("–", "A former reviewer")


@dataclass(frozen=True)
class AdjudicationPage:
    """An article with its questions for its adjudicator; `card` is the question that is looked at.

    `cards` are those of all questions by place, `listed` those that the list shows, in its order.
    """

    page: ArticlePage
    user: User
    asking: Asking
    cards: list[QuestionCard]
    listed: list[QuestionCard]
    card: QuestionCard | None
    links: list[LinkCard]
    deciders: dict[str, str]
    reviewers: list[Reviewer]
    ballot: Ballot
    form: dict[str, Any]
    doubt: Doubt
    rounds: dict[UUID, RoundState]
    threads: dict[UUID, Thread]
    may_reveal: bool
    first_pass: FirstPass | None
    order: Order = Order.PLACE
    kind: Kind | None = None
    only_links: bool = False
    link: LinkCard | None = None

    @property
    def found(self) -> ArticleAccess:
        """The article and the reader's access to it."""
        return self.page.found

    @property
    def finished(self) -> bool:
        """Whether the adjudicator has closed the article."""
        own = self.found.assignment
        return own is not None and own.state is AssignmentState.SUBMITTED

    @property
    def decided(self) -> int:
        """How many questions are settled, those about links too."""
        return sum(not card.view.is_open for card in self.cards) + sum(
            card.view.counts and not card.view.is_open for card in self.links
        )

    @property
    def total(self) -> int:
        """How many there are to settle: a link that waits for another article is none of them yet."""
        return len(self.cards) + sum(card.view.counts for card in self.links)

    @property
    def question(self) -> UUID | None:
        """The question that is looked at."""
        if self.link is not None:
            return self.link.view.id
        return self.card.view.id if self.card is not None else None

    @property
    def open_links(self) -> int:
        """How many questions about links can be answered and are not."""
        return sum(card.view.is_open for card in self.links)

    @property
    def listed_links(self) -> list[LinkCard]:
        """Those about links that the list shows."""
        return self.links if self.kind is None else []

    @property
    def agreed_links(self) -> list[LinkCard]:
        """Those on which all who could link agree."""
        agreed = {view.id for view in link_decisions.agreed([card.view for card in self.links])}
        return [card for card in self.links if card.view.id in agreed]

    @property
    def agreed(self) -> list[QuestionCard]:
        """The open questions on which everybody agrees."""
        return [card for card in self.cards if card.view.kind is Kind.AGREED and card.view.decision is None]

    @property
    def kinds(self) -> list[KindCount]:
        """The kinds that there are, with the number of their questions."""
        counts = []
        for kind in Kind:
            of_kind = [card for card in self.cards if card.view.kind is kind]
            if of_kind:
                still_open = sum(card.view.is_open for card in of_kind)
                counts.append(KindCount(kind, *KINDS[kind], still_open, len(of_kind)))
        return counts

    @property
    def list_query(self) -> dict[str, str]:
        """What the address says of the list, less what goes without saying."""
        query = {"order": self.order.value} if self.order is not Order.PLACE else {}
        kind = LINKS_ONLY if self.only_links else self.kind.value if self.kind else ""
        return query | ({"kind": kind} if kind else {})

    def link_versions(self, card: LinkCard) -> list[LinkVersion]:
        """What the reviewers said of the two claims."""
        return link_cards.versions_of(card.view, self.called)

    def silent(self, card: LinkCard) -> list[Reviewer]:
        """Those who reviewed both articles and did not link the two."""
        linked = {vote.user_id for vote in card.view.votes}
        return sorted((self.called(each) for each in set(card.view.able) - linked), key=lambda each: each.letter)

    def suggestion(self, card: QuestionCard) -> Suggestion | None:
        """What the votes suggest."""
        return self.doubt.suggestions.get(card.view.id)

    def asked(self, card: QuestionCard) -> RoundState | None:
        """What became of the question at its reviewers, if it was sent back."""
        return self.rounds.get(card.view.id)

    def thread(self, card: QuestionCard) -> Thread:
        """What was said about the question."""
        return self.threads.get(card.view.id) or Thread(card.view.id)

    def answers(self, asked: RoundState) -> list[tuple[Reviewer, Answered]]:
        """Who was asked, with what they answered, by letter."""
        return sorted(((self.called(each.user_id), each) for each in asked.answers), key=lambda pair: pair[0].letter)

    def called(self, user_id: str) -> Reviewer:
        """A reviewer as the adjudicator may know them."""
        return self.ballot.reviewers.get(user_id) or FORMER

    def versions(self, card: QuestionCard) -> list[Version]:
        """The distinct versions of a question."""
        return versions_of(card.view, self.ballot, self.asking.links)

    def combinable(self, versions: list[Version]) -> bool:
        """Whether two of them can be combined to something else."""
        return combinable(versions)

    def gold_row(self, card: QuestionCard) -> Row:
        """The row of a decided question in the gold CSV; empty where it makes none."""
        decision = card.view.decision
        if decision is None or decision.gold is None:
            return []
        return self.ballot.row(claim_of(decision.gold), card.view if card.view.versions else None, decision)

    def gold_state(self, card: QuestionCard) -> str:
        """The gold claim of a decided question as JSON; empty where there is none."""
        decision = card.view.decision
        return state_of(claim_of(decision.gold)) if decision is not None and decision.gold is not None else ""

    def around(self, card: QuestionCard) -> list[QuestionCard]:
        """The questions in whose longer marks this one lies."""
        return [each for each in self.cards if each.view.id in card.view.covered_by]

    def later(self, day: Any) -> bool:
        """Whether evidence of this day is younger than the article, so that nobody could know it then."""
        published = self.found.version.published
        return bool(day and published and day > published)

    def letter_of(self, vote: Vote) -> str:
        """The letter of who gave it."""
        return self.called(vote.user_id).letter

    def draw(self) -> Markup:
        """The article with the marks of all reviewers, each with its reviewer's letter."""
        spans = [
            DrawnSpan(str(vote.id), vote.start, vote.end, vote.label.tone, self.letter_of(vote))
            for card in self.cards
            for vote in (*card.view.versions, *card.view.arrived)
        ]
        return self.page.draw(spans)


def open_page(
    user: User, article_id: str, *, order: Order = Order.PLACE, kind: Kind | None = None, only_links: bool = False
) -> AdjudicationPage:
    """The page of the article for its adjudicator, without an open question.

    Raises as `questions.to_adjudicate`, and Conflict when another adjudicator has taken the article.
    """
    found = questions.to_adjudicate(user, article_id)
    taken = questions.adjudicator_of(article_id)
    if taken is not None and taken.id != user.id:
        raise Conflict(f"{taken.name} adjudicates this article. One article has one adjudicator.")
    project = found.access.project
    page = ArticlePage(found, Mode.READING, layout_of(found.version))
    form = article_page.choices(page)
    reviewers = _reviewers(found)
    ballot = Ballot(found.version.text, form["labels"], reviewers, user)
    asking = questions.asking(article_id)

    def called(user_id: str) -> Reviewer:
        return reviewers.get(user_id) or FORMER

    cards = [card_of(view, ballot) for view in asking.views]
    links = link_questions.of(user, project, article_id, asking)
    doubt = suggested_labels.of_questions(user, project, asking.views)
    return AdjudicationPage(
        page=page,
        user=user,
        asking=asking,
        cards=cards,
        listed=[] if only_links else _listed(cards, doubt, order, kind),
        card=None,
        links=[link_cards.card_of(view, called) for view in links],
        deciders=link_decisions.names_of(links),
        reviewers=sorted(reviewers.values(), key=lambda reviewer: reviewer.letter),
        ballot=ballot,
        form=form,
        doubt=doubt,
        rounds=rounds.state_of(article_id),
        threads=discussion.threads_among(user, article_id),
        may_reveal=reveals.may_reveal(user, found),
        first_pass=first_pass.proposals(project, asking, links) if first_pass.rule_of(project) else None,
        order=order,
        kind=kind,
        only_links=only_links,
    )


def _listed(cards: Sequence[QuestionCard], doubt: Doubt, order: Order, kind: Kind | None) -> list[QuestionCard]:
    """The questions of the kind in the order that was asked for; in order of doubt those that are decided come last."""
    shown = [card for card in cards if kind is None or card.view.kind is kind]
    if order is Order.DOUBT:
        place = {question: at for at, question in enumerate(doubt.order)}
        shown.sort(key=lambda card: (not card.view.is_open, place[card.view.id]))
    return shown


def _reviewers(found: ArticleAccess) -> dict[str, Reviewer]:
    """By the id of the person. Blind projects show letters in a shuffled order; open ones names with their initials.

    Where the names of a blind project may be seen they stand beside the letters, which do not change.
    """
    article_id = found.article.id
    people = questions.reviewers_of(article_id)
    if found.access.project.blind:
        hidden = naming.veil_over(found.access, [article_id])
        letters = naming.letters(article_id, [person.id for person in people])
        return {
            person.id: Reviewer(letters[person.id], hidden.called(article_id, person.id, person.name))
            for person in people
        }
    initials = [marks.letter_of(person.name) for person in people]
    if len(set(initials)) < len(initials):
        initials = [chr(ord("A") + index) for index in range(len(people))]
    return {person.id: Reviewer(letter, person.name) for person, letter in zip(people, initials, strict=True)}

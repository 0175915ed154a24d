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
from annotator.models import Annotation, AssignmentState, Decision, Outcome, User
from annotator.services import articles, marks, questions
from annotator.services.articles import ArticleAccess
from annotator.services.claims import claim_of
from annotator.services.questions import QuestionView
from annotator.views import article_page
from annotator.views.adjudication_versions import Ballot, Reviewer, Row, Version, state_of, versions_of
from annotator.views.article_page import ArticlePage, Mode
from annotator.views.layouts import lay_out

KINDS: dict[Kind, tuple[str, str]] = {
    Kind.SOME: ("Only some marked it", "circle-dashed"),
    Kind.LABEL: ("Label differs", "tag"),
    Kind.BOUNDARY: ("Boundary differs", "move-horizontal"),
    Kind.FIELDS: ("Details differ", "list"),
    Kind.LINK: ("Link differs", "link-2"),
    Kind.AGREED: ("Agreed", "circle-check"),
}
UNMARKED = ("Nobody marked it", "plus")
OUTCOMES: dict[Outcome, tuple[str, str]] = {
    Outcome.ACCEPT: ("Taken", "check"),
    Outcome.EDIT: ("Edited", "pencil"),
    Outcome.NOTHING_HERE: ("Nothing here", "ban"),
    Outcome.SEND_BACK: ("Sent back", "reply"),
}


@dataclass(frozen=True)
class QuestionCard:
    """A question in the list."""

    view: QuestionView
    letters: str
    quote: str
    outcome: str
    outcome_icon: str

    @property
    def words(self) -> str:
        """Its kind in words."""
        return (KINDS[self.view.kind] if self.view.versions else UNMARKED)[0]

    @property
    def icon(self) -> str:
        """The shape of its kind."""
        return (KINDS[self.view.kind] if self.view.versions else UNMARKED)[1]

    @property
    def also(self) -> list[str]:
        """In what else its versions differ, in words."""
        return [KINDS[kind][0].lower() for kind in self.view.differs[1:]]

    @property
    def state(self) -> str:
        """Open or decided."""
        return "open" if self.view.is_open else "decided"

    @property
    def annotations(self) -> str:
        """The ids of its marks in the text."""
        return " ".join(str(each.id) for each in (*self.view.versions, *self.view.arrived))


@dataclass(frozen=True)
class AdjudicationPage:
    """An article with its questions for its adjudicator; `card` is the question that is looked at."""

    page: ArticlePage
    user: User
    cards: list[QuestionCard]
    card: QuestionCard | None
    reviewers: list[Reviewer]
    ballot: Ballot
    form: dict[str, Any]

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
        """How many questions are settled."""
        return sum(not card.view.is_open for card in self.cards)

    @property
    def agreed(self) -> list[QuestionCard]:
        """The open questions on which everybody agrees."""
        return [card for card in self.cards if card.view.kind is Kind.AGREED and card.view.decision is None]

    @property
    def kinds(self) -> list[tuple[str, str, int]]:
        """Word, shape and number of the open questions of each kind that there is."""
        counts = [
            (*KINDS[kind], sum(card.view.is_open and card.view.kind is kind for card in self.cards)) for kind in Kind
        ]
        return [each for each in counts if each[2]]

    def versions(self, card: QuestionCard) -> list[Version]:
        """The distinct versions of a question."""
        return versions_of(card.view, self.ballot)

    def gold_row(self, card: QuestionCard) -> Row:
        """The row of a decided question in the gold CSV; empty where it makes none."""
        decision = card.view.decision
        if decision is None or decision.gold is None:
            return []
        return self.ballot.row(claim_of(decision.gold), card.view if card.view.versions else None, decision)

    def gold_state(self, card: QuestionCard) -> str:
        """The gold claim of a decided question as JSON; empty where there is none."""
        decision = card.view.decision
        return state_of(decision.gold) if decision is not None and decision.gold is not None else ""

    def around(self, card: QuestionCard) -> list[QuestionCard]:
        """The questions in whose longer marks this one lies."""
        return [each for each in self.cards if each.view.id in card.view.covered_by]

    def later(self, day: Any) -> bool:
        """Whether evidence of this day is younger than the article, so that nobody could know it then."""
        published = self.found.version.published
        return bool(day and published and day > published)

    def letter_of(self, annotation: Annotation) -> str:
        """The letter of who made it."""
        return self.ballot.reviewers[annotation.assignment.user_id].letter

    def draw(self) -> Markup:
        """The article with the marks of all reviewers, each with its reviewer's letter."""
        spans = []
        for card in self.cards:
            for annotation in (*card.view.versions, *card.view.arrived):
                letter, tone = self.letter_of(annotation), annotation.label.tone
                spans.append(DrawnSpan(str(annotation.id), annotation.start, annotation.end, tone, letter))
        return self.page.draw(spans)


def open_page(user: User, article_id: str, *, text: bool = True) -> AdjudicationPage:
    """The page of the article for its adjudicator, without an open question; `text` for the drawn article too.

    Raises as `questions.to_adjudicate`, and Conflict when another adjudicator has taken the article.
    """
    found = questions.to_adjudicate(user, article_id, blocks=text)
    taken = questions.adjudicator_of(article_id)
    if taken is not None and taken.id != user.id:
        raise Conflict(f"{taken.name} adjudicates this article. One article has one adjudicator.")
    layout = lay_out(found.version, articles.blocks_of(found.version) if text else [])
    page = ArticlePage(found, Mode.READING, layout)
    form = article_page.choices(page)
    reviewers = _reviewers(article_id, blind=found.access.project.blind)
    ballot = Ballot(found.version.text, form["labels"], reviewers, user)
    cards = [_card(view, ballot) for view in questions.views_of(article_id)]
    ordered = sorted(reviewers.values(), key=lambda reviewer: reviewer.letter)
    return AdjudicationPage(page, user, cards, None, ordered, ballot, form)


def find_card(cards: Sequence[QuestionCard], question: UUID | None) -> QuestionCard | None:
    """The card of `question`; without it the first that is open, else the first of all."""
    named = next((card for card in cards if card.view.id == question), None)
    return named or next((card for card in cards if card.view.is_open), cards[0] if cards else None)


def next_card(cards: Sequence[QuestionCard], question: UUID) -> QuestionCard | None:
    """The first open question after `question`, else the first open one, else itself."""
    at = next((index for index, card in enumerate(cards) if card.view.id == question), -1)
    following = [card for card in (*cards[at + 1 :], *cards[: at + 1]) if card.view.is_open]
    return following[0] if following else find_card(cards, question)


def _reviewers(article_id: str, *, blind: bool) -> dict[str, Reviewer]:
    """By the id of the person. Blind projects show letters in a shuffled order; open ones names with their initials."""
    people = questions.reviewers_of(article_id)
    if blind:
        letters = questions.letters(article_id, [person.id for person in people])
        return {key: Reviewer(letter, f"Reviewer {letter}") for key, letter in letters.items()}
    initials = [marks.letter_of(person.name) for person in people]
    if len(set(initials)) < len(initials):
        initials = [chr(ord("A") + index) for index in range(len(people))]
    return {person.id: Reviewer(letter, person.name) for person, letter in zip(people, initials, strict=True)}


def _card(view: QuestionView, ballot: Ballot) -> QuestionCard:
    letters = sorted({ballot.reviewers[each.assignment.user_id].letter for each in view.versions})
    decision = view.decision
    outcome, icon = OUTCOMES[decision.outcome] if decision else ("", "")
    if decision is not None and not view.versions:
        outcome, icon = "Added", "plus"
    return QuestionCard(view, " ".join(letters), _quote(view, decision), outcome, icon)


def _quote(view: QuestionView, decision: Decision | None) -> str:
    if decision is not None and decision.gold is not None:
        return decision.gold.exact
    return next((each.exact for each in view.versions if each.id == view.suggested), "")

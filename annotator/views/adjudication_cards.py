"""The questions of an adjudication as they stand in its list."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from annotator.domain.questions import Kind
from annotator.services.questions import QuestionView
from annotator.views.adjudication_versions import Ballot
from annotator.views.adjudication_words import KINDS, OUTCOMES, UNMARKED


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


class Order(StrEnum):
    """In what order the questions are listed."""

    PLACE = "place"
    DOUBT = "doubt"


ORDERS: dict[Order, str] = {Order.PLACE: "By place", Order.DOUBT: "Most doubtful first"}


@dataclass(frozen=True)
class KindCount:
    """A kind that questions of the article have, in words and shape: how many are open, of how many."""

    kind: Kind
    words: str
    icon: str
    open: int
    total: int


def card_of(view: QuestionView, ballot: Ballot) -> QuestionCard:
    """The question as the list shows it."""
    letters = sorted({ballot.reviewers[each.user_id].letter for each in view.versions})
    decision = view.decision
    outcome, icon = OUTCOMES[decision.outcome] if decision else ("", "")
    if decision is not None and decision.gold is not None and not decision.sources:
        outcome, icon = "Added", "plus"
    return QuestionCard(view, " ".join(letters), _quote(view, ballot.text), outcome, icon)


def _quote(view: QuestionView, text: str) -> str:
    if view.decision is not None and view.decision.gold is not None:
        return view.decision.gold.exact
    return next((each.exact for each in view.versions if each.id == view.suggested), text[view.start : view.end])

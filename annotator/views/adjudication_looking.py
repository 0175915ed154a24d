"""At which of its questions the adjudicate page is: the one that is named, or the next that is open."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from annotator.views.adjudication_cards import QuestionCard
from annotator.views.adjudication_page import AdjudicationPage
from annotator.views.link_cards import LinkCard


def look(desk: AdjudicationPage, question: UUID | None) -> AdjudicationPage:
    """The page at `question`; without it at the first in the list that is open, else at the first of all."""
    for card in desk.cards:
        if card.view.id == question:
            return replace(desk, card=card)
    for link in desk.links:
        if link.view.id == question:
            return replace(desk, link=link)
    listed: list[QuestionCard | LinkCard] = [*desk.listed, *desk.listed_links]
    first = next((card for card in listed if card.view.is_open), listed[0] if listed else None)
    return _at(desk, first)


def look_after(desk: AdjudicationPage, question: UUID) -> AdjudicationPage:
    """The page at the first open question after `question` in the list, else the first open one, else itself."""
    cards: list[QuestionCard | LinkCard] = [*desk.listed, *desk.listed_links]
    at = next((index for index, card in enumerate(cards) if card.view.id == question), -1)
    following = [card for card in (*cards[at + 1 :], *cards[: at + 1]) if card.view.is_open]
    return _at(desk, following[0]) if following else look(desk, question)


def _at(desk: AdjudicationPage, card: QuestionCard | LinkCard | None) -> AdjudicationPage:
    return replace(desk, link=card) if isinstance(card, LinkCard) else replace(desk, card=card)

"""The HTML of the list of claims beside the text: with domain/rendering.py the hot path of the annotate page.

A macro that draws five thousand cards takes most of a second; strings that are joined take a twentieth of it. All
text goes through `escaped`. A card holds what one reads in the list and no more: the fields of all claims stand once,
in one JSON document beside the list, and the signs of their states are drawn by the style sheet. Of a long list script
makes most cards itself, the same ones (static/js/lib/claim-card.js): what is changed here has to be changed there.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from annotator.domain import selectors
from annotator.domain.html import escaped, trusted
from annotator.domain.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from markupsafe import Markup

CONTEXT = 28
AT_ONCE = 100
"""How many cards are given out together: the first are sent while the next are drawn."""


class CardLabel(NamedTuple):
    """A label as a card shows it."""

    name: str
    letter: str
    tone: int
    retired: bool


class Card(NamedTuple):
    """One claim in the list. `lacking` says in a few words what it still needs, `reviewer` whose it is if that is told."""

    id: str
    version: int
    start: int
    end: int
    label: CardLabel
    lacking: str = ""
    unsure: bool = False
    reviewer: str = ""


def render_cards(text: str, cards: Iterable[Card]) -> Iterator[Markup]:
    """The `<li>` of each card, in order, some at a time; `text` is the article's."""
    drawing = (_draw(text, card) for card in cards)
    while batch := list(islice(drawing, AT_ONCE)):
        yield trusted("\n".join(batch) + "\n")


def _draw(text: str, card: Card) -> str:
    id_, tone = escaped(card.id), card.label.tone
    return (
        f'<li class="claim tone-{tone:d}" id="claim-{id_}" data-id="{id_}" data-version="{card.version:d}"'
        f' data-start="{card.start:d}" data-end="{card.end:d}"><a class="claim-head" href="#claim-{id_}">'
        f'<span class="claim-quote">{_quote(text, card)}</span>{_badge(card.label)}{_state(card)}</a></li>'
    )


def _quote(text: str, card: Card) -> str:
    """The words of the claim with a little around them, which is cut between words where there are any."""
    _, blank, before = text[max(0, card.start - CONTEXT) : card.start].partition(" ")
    after, blank_after, _ = text[card.end : card.end + CONTEXT].rpartition(" ")
    if not (blank and blank_after):
        # Without a blank it is cut between graphemes, which takes longer to find.
        quote = selectors.quote(text, Span(card.start, card.end), context=CONTEXT)
        before, after = (before if blank else quote.prefix), (after if blank_after else quote.suffix)
    return (
        (f'<span class="claim-context">…{escaped(before)}</span>' if before else "")
        + f'<span class="claim-exact" dir="auto">{escaped(text[card.start : card.end])}</span>'
        + (f'<span class="claim-context">{escaped(after)}…</span>' if after else "")
    )


@lru_cache(maxsize=256)
def _badge(label: CardLabel) -> str:
    retired = " is-retired" if label.retired else ""
    return (
        f'<span class="badge tone-{label.tone:d}{retired}"><span class="badge-letter" aria-hidden="true">'
        f'{escaped(label.letter)}</span><span class="badge-word">{escaped(label.name)}</span></span>'
    )


def _state(card: Card) -> str:
    if card.reviewer:
        return f'<span class="claim-state" data-state="by">{escaped(card.reviewer)}</span>'
    unsure = ", unsure" if card.unsure else ""
    if card.lacking:
        return f'<span class="claim-state" data-state="lacks">lacks {escaped(card.lacking)}{unsure}</span>'
    return f'<span class="claim-state" data-state="complete">complete{unsure}</span>'

"""A question about a link as the adjudicate page shows it: in the list, and what its reviewers said side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from annotator.domain.claims import Aspect
from annotator.services.link_questions import LinkQuestion, LinkState, LinkVote
from annotator.views.adjudication_versions import RELATIONS, Reviewer
from annotator.views.adjudication_words import LINK_KINDS, LINK_OUTCOMES, LINK_STATES

Called = Callable[[str], Reviewer]


@dataclass(frozen=True)
class LinkCard:
    """A question about a link in the list. `outcome` is how it was settled, or that it cannot be yet."""

    view: LinkQuestion
    letters: str
    quote: str
    outcome: str
    outcome_icon: str

    @property
    def words(self) -> str:
        """Its kind in words; of what is not told only that it is a link."""
        return LINK_KINDS[self.view.kind][0] if self.view.votes else "A link"

    @property
    def icon(self) -> str:
        """The shape of its kind."""
        return LINK_KINDS[self.view.kind][1] if self.view.votes else "link-2"

    @property
    def state(self) -> str:
        """Open, waiting, decided or dropped."""
        return self.view.state.value

    @property
    def annotations(self) -> str:
        """The ids of its marks in the text."""
        return " ".join(str(each.id) for each in self.view.near.versions)


@dataclass(frozen=True)
class LinkVersion:
    """What some reviewers said alike of the two claims. `link` is the one that is taken; `refused` cannot be."""

    number: int
    link: LinkVote
    words: str
    aspect: Aspect | None
    notes: list[str]
    reviewers: list[Reviewer]
    chosen: bool
    refused: bool

    @property
    def letters(self) -> str:
        """Who said it: "A" or "A B"."""
        return " ".join(reviewer.letter for reviewer in self.reviewers)


def card_of(view: LinkQuestion, called: Called) -> LinkCard:
    """The question as the list shows it."""
    letters = sorted({called(vote.user_id).letter for vote in view.votes})
    outcome, icon = "", ""
    if view.decision is not None:
        outcome, icon = LINK_OUTCOMES[view.decision.outcome]
    elif view.state is not LinkState.OPEN:
        outcome, icon = LINK_STATES[view.state]
    decision = view.near.decision
    best = next((vote.exact for vote in view.near.versions if vote.id == view.near.suggested), "")
    quote = decision.gold.exact if decision is not None and decision.gold is not None else best
    return LinkCard(view, " ".join(letters), quote, outcome, icon)


def versions_of(view: LinkQuestion, called: Called) -> list[LinkVersion]:
    """The distinct versions, what most said first."""
    groups: dict[object, list[LinkVote]] = {}
    for vote in view.votes:
        groups.setdefault(vote.said.meaning, []).append(vote)
    taken = view.decision.taken_id if view.decision is not None else None
    made = []
    for number, votes in enumerate(sorted(groups.values(), key=lambda each: _order(each, called)), 1):
        chosen = next((vote for vote in votes if vote.id == taken), None)
        link = chosen or votes[0]
        made.append(
            LinkVersion(
                number=number,
                link=link,
                words=words_of(link),
                aspect=link.aspect,
                notes=list(dict.fromkeys(vote.note for vote in votes if vote.note)),
                reviewers=sorted({called(vote.user_id) for vote in votes}, key=lambda each: each.letter),
                chosen=chosen is not None,
                refused=view.refuses(link),
            )
        )
    return made


def _order(votes: list[LinkVote], called: Called) -> tuple[int, list[str]]:
    letters = sorted({called(vote.user_id).letter for vote in votes})
    return (-len(letters), letters)


def words_of(vote: LinkVote) -> str:
    """The relation in words, seen from the claim of the article: "Superseded by"."""
    begins, ends = RELATIONS[vote.relation]
    return begins if vote.outgoing else ends


def gold_words(view: LinkQuestion) -> str:
    """The gold link in words, seen from the claim of the article; empty where there is none."""
    if view.link is None or view.ends is None:
        return ""
    begins, ends = RELATIONS[view.link.relation]
    return begins if view.link.a_id == view.ends[0].id else ends

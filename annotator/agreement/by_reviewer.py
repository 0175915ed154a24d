"""Each reviewer beside the others: their labels beside those of most others, and their claims beside the gold ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from annotator.agreement.figures import Figure
from annotator.agreement.model import Model
from annotator.agreement.reviewers import NOBODY_ELSE, wilson
from annotator.agreement.tallies import votes_of

if TYPE_CHECKING:
    from annotator.agreement.reviews import Numbers
    from annotator.agreement.sums import Sums

NO_GOLD = "No article of theirs is adjudicated to the end."
NO_GOLD_CLAIM = "In these articles neither they nor the gold set have a claim."
NOTHING_IN_COMMON = "None of their claims is a gold one."


@dataclass(frozen=True)
class Beside:
    """One reviewer: how many articles and claims, and how often their label is that of most of the others."""

    reviewer: str
    articles: int
    claims: int
    with_most: Figure


@dataclass(frozen=True)
class AgainstGold:
    """One reviewer in adjudicated articles: F1 of their claims with the gold ones, and the share with its label."""

    reviewer: str
    articles: int
    found: Figure
    labels: Figure

    @classmethod
    def missing(cls, reviewer: str) -> AgainstGold:
        """Of somebody none of whose articles is adjudicated."""
        return cls(reviewer, 0, Figure.undefined(NO_GOLD), Figure.undefined(NO_GOLD))


@dataclass(frozen=True)
class ByReviewer:
    """Everybody in one, as it is kept."""

    beside: list[Beside]
    gold: list[AgainstGold]
    model: Model


def beside_others(sums: Sums, coders: Sequence[str]) -> list[Beside]:
    """Every coder by number; questions in which the others tie, or nobody else voted, are left out (leave one out)."""
    question, review, label = sums.ballots
    others = votes_of(sums)[question] if len(question) else np.zeros((0, sums.labels), dtype=np.int64)
    others[np.arange(len(question)), label] -= 1
    most = others.max(axis=1, initial=0)
    decided = (most > 0) & ((others == most[:, np.newaxis]).sum(axis=1) == 1)
    agreed = decided & (others[np.arange(len(question)), label] == most)
    coder = sums.coders[review]
    size = len(coders)
    asked, same = (np.bincount(coder[each], minlength=size).tolist() for each in (decided, agreed))
    articles = np.bincount(sums.coders, minlength=size).tolist()
    claims = np.bincount(sums.coders, weights=sums.claims, minlength=size).astype(np.int64).tolist()
    return [
        Beside(each, articles[at], claims[at], share(same[at], asked[at], NOBODY_ELSE))
        for at, each in enumerate(coders)
    ]


def against_gold(sums: Sums, coders: Sequence[str]) -> list[AgainstGold]:
    """Every coder but the last beside the last, whose claims are the gold ones."""
    gold = len(coders) - 1
    claims_of_gold = np.zeros(sums.count, dtype=np.int64)
    by_gold = sums.coders == gold
    claims_of_gold[sums.articles[by_gold]] = sums.claims[by_gold]
    both = sums.claims + claims_of_gold[sums.articles]
    articles, claims = (_added(sums.coders, each, len(coders)) for each in (np.ones_like(both), both))
    met = sums.matches
    # Gold is the last coder of its articles, so it is the other one of each match.
    with_gold = np.flatnonzero(sums.coders[met.other] == gold)
    coder = sums.coders[met.one[with_gold]]
    same_label = (met.label == met.other_label)[with_gold]
    found, same = (_added(coder, each, len(coders)) for each in (np.ones_like(coder), same_label))
    return [
        AgainstGold(
            each,
            articles[at],
            Figure(2 * found[at] / claims[at], claims[at])
            if claims[at]
            else Figure.undefined(NO_GOLD_CLAIM if articles[at] else NO_GOLD),
            share(same[at], found[at], NOTHING_IN_COMMON),
        )
        for at, each in enumerate(coders[:-1])
    ]


def share(part: int, whole: int, why: str) -> Figure:
    """A share with the interval of Wilson, or why there is none."""
    if whole == 0:
        return Figure.undefined(why)
    low, high = wilson(part, whole)
    return Figure(part / whole, whole, low=low, high=high)


def _added(coder: Numbers, values: Numbers, size: int) -> list[int]:
    return [int(each) for each in np.bincount(coder, weights=values, minlength=size)]

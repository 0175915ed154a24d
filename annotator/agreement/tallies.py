"""What the sums of articles come to, article by article: the columns that figures and their samples are added from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from annotator.agreement.reviews import Numbers
    from annotator.agreement.sums import Sums

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Tallies:
    """For each article: `detection` is [claims, found, close, exact] over all pairs of coders, `labels` the sums of α,
    `by_label` the same of each label against the rest, `pairs` how many pairs of labels these rest on; then its
    questions that all labelled the same, that some labelled differently, and that one coder alone marked. `rated`
    (questions × labels) counts the votes of all questions with two or more.
    """

    detection: Floats
    labels: Floats
    by_label: list[Floats]
    pairs: Numbers
    unanimous: Numbers
    conflicting: Numbers
    alone: Numbers
    rated: Numbers

    @classmethod
    def of(cls, sums: Sums) -> Tallies:
        """The tallies of every article of `sums`."""
        questions = sums.questions
        votes = votes_of(sums)
        voters = votes.sum(axis=1)
        shared = voters > 1
        agreed = votes.max(axis=1, initial=0) == voters
        coders = np.bincount(sums.articles, minlength=sums.count)
        rated, where = votes[shared], questions[shared]

        def counted(chosen: NDArray[np.bool_]) -> Numbers:
            return np.bincount(questions[chosen], minlength=sums.count)

        rest = rated.sum(axis=1)
        return cls(
            detection_of(sums),
            _alpha_sums(rated, where, sums.count),
            [
                _alpha_sums(np.stack([rated[:, label], rest - rated[:, label]], axis=1), where, sums.count)
                for label in range(sums.labels)
            ],
            np.bincount(where, weights=rest * (rest - 1) // 2, minlength=sums.count).astype(np.int64),
            counted(shared & agreed & (voters == coders[questions])),
            counted(shared & ~agreed),
            counted(voters == 1),
            rated,
        )


def votes_of(sums: Sums) -> Numbers:
    """How many coders gave each question each label (questions × labels)."""
    ballots = sums.ballots
    cells = np.bincount(ballots.question * sums.labels + ballots.label, minlength=len(sums.questions) * sums.labels)
    return cells.reshape(-1, sums.labels)


def detection_of(sums: Sums) -> Floats:
    """[claims, found, close, exact] of each article, summed over pairs of its coders."""
    coders = np.bincount(sums.articles, minlength=sums.count)
    claims = np.bincount(sums.articles, weights=sums.claims, minlength=sums.count)
    where = sums.articles[sums.matches.one]

    def added(weights: NDArray[np.generic] | None = None) -> Floats:
        return np.bincount(where, weights=weights, minlength=sums.count).astype(np.float64)

    parts = [claims * (coders - 1), added(), added(sums.matches.close), added(sums.matches.exact)]
    return np.stack(parts, axis=1)


def _alpha_sums(votes: Numbers, articles: Numbers, count: int) -> Floats:
    """What alpha.sums gives, for each article; every question here has two votes or more."""
    rated = votes.sum(axis=1, keepdims=True)
    disagreement = (votes * (rated - votes) / (rated - 1)).sum(axis=1)
    parts = [disagreement, *votes.T]
    return np.stack([np.bincount(articles, weights=part, minlength=count) for part in parts], axis=1)

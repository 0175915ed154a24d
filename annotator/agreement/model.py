"""What a project's labels say about its reviewers: how each confuses labels, and from it what a claim's label may be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from annotator.agreement import reviewers
from annotator.agreement.reviewers import DIAGONAL, OFF_DIAGONAL, Votes
from annotator.agreement.sums import Sums


@dataclass(frozen=True)
class Model:
    """Dawid and Skene's model with the diagonal prior, over the questions that two reviewers or more labelled.

    `confusion` has for each of `coders` a row for each true label: how probable each given label is. `votes` counts
    what each gave, `questions` on how many it all rests, `prevalence` how common each of `labels` is.
    """

    labels: list[str]
    coders: list[str]
    confusion: list[list[list[float]]]
    votes: list[int]
    prevalence: list[float]
    questions: int

    def posterior(self, votes: Mapping[str, str]) -> dict[str, float]:
        """How probable each label is, given who gave which; of an unknown reviewer only the prior is known.

        Raises ValueError for a label that the model does not know.
        """
        labels = len(self.prevalence)
        unknown = np.full((labels, labels), OFF_DIAGONAL) + np.eye(labels) * (DIAGONAL - OFF_DIAGONAL)
        known = dict(zip(self.coders, self.confusion, strict=True))
        rows = [known.get(coder, (unknown / unknown.sum(axis=1, keepdims=True)).tolist()) for coder in votes]
        given = np.array([self.labels.index(label) for label in votes.values()], dtype=np.int64)
        nobody = np.zeros(len(given), dtype=np.int64)
        one_question = Votes(nobody, np.arange(len(given)), given, np.ones(len(given)))
        confusion = np.array(rows, dtype=np.float64).reshape(-1, labels, labels)
        joint = reviewers.joint_logs(one_question, confusion, np.array(self.prevalence), 1)[0]
        likely = np.exp(joint - joint.max())
        return dict(zip(self.labels, (likely / likely.sum()).tolist(), strict=True))


def fit(sums: Sums, coders: Sequence[str], labels: Sequence[str]) -> Model:
    """The model of the questions in `sums`, with names for coders and labels; it works over distinct patterns of votes, not over questions."""
    question, review, label = sums.ballots
    voters = np.bincount(question)
    shared = np.flatnonzero(voters[question] > 1)
    if len(shared) == 0:
        return Model(list(labels), [], [], [], [1 / sums.labels] * sums.labels, 0)
    question, coder, label = question[shared], sums.coders[review[shared]], label[shared]
    chosen, weights = _patterns(question, coder * sums.labels + label)
    _, unit = np.unique(question[chosen], return_inverse=True)
    votes = Votes(unit, coder[chosen], label[chosen], np.ones(len(chosen)))
    found = reviewers.of_votes(votes, weights, (len(coders), sums.labels))
    return Model(
        list(labels),
        list(coders),
        found.confusion.tolist(),
        np.bincount(coder, minlength=len(coders)).tolist(),
        found.prevalence.tolist(),
        int(weights.sum()),
    )


def _patterns(question: np.ndarray, vote: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The votes of one question for each distinct set of votes, and how many questions have the same set."""
    order = np.lexsort((vote, question))
    begins = np.concatenate([[True], np.diff(question[order]) != 0])
    first = np.flatnonzero(begins)
    number = np.cumsum(begins) - 1
    place = np.arange(len(order)) - first[number]
    pattern = np.zeros(len(first), dtype=np.int64)
    # Vote by vote, so that two questions have the same number as long as their votes are the same.
    for at in range(int(place.max()) + 1):
        here = place == at
        next_vote = np.zeros(len(first), dtype=np.int64)
        next_vote[number[here]] = vote[order][here] + 1
        _, pattern = np.unique(pattern * (int(vote.max()) + 2) + next_vote, return_inverse=True)
    _, example, times = np.unique(pattern, return_index=True, return_counts=True)
    return np.sort(order[np.isin(number, example)]), times[np.argsort(example)].astype(np.float64)

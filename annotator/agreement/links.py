"""How far reviewers agree on links: whether they linked the same claims, and what they call the relation.

Every reviewer links claims of their own, so a link is known by the questions to which its two claims belong. Two
reviewers are compared on a pair of questions that both of them marked: where one did not mark a claim, they could not
link it, and that is the business of the figures on claims.

Found the same pairs is positive agreement, 2a / (2a + b + c) (Dice 1945; the F1 of one against the other), added over
all pairs of reviewers: pairs that nobody linked are without number and have no part in it. The relation is compared
where two reviewers linked the same pair: Krippendorff's nominal α and plain percent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from annotator.agreement import alpha, expert, intervals
from annotator.agreement.figures import Figure

if TYPE_CHECKING:
    from numpy.typing import NDArray

NO_LINK = "No reviewer linked two claims that another reviewer marked, too."
NO_PAIR = "No two claims were linked by two reviewers."
ONE_RELATION = "Only one relation was used, so nobody could have disagreed by chance."


class Question(NamedTuple):
    """Claims that mean the same: in which article (by its number), and who marked one of them."""

    article: int
    reviewers: Collection[str]


class Linked(NamedTuple):
    """One reviewer's link from a claim of question `a` to one of question `b`."""

    reviewer: str
    a: str
    b: str
    relation: str


@dataclass(frozen=True)
class LinkFigures:
    """`pairs` rests on links of two reviewers who marked both claims, `relations` and `percent` on pairs of relations.

    `left_out` links are between claims that nobody else marked, or inside one question. `several` times a reviewer
    gave one pair more than one relation; the first of the declared ones counts.
    """

    pairs: Figure
    relations: Figure
    percent: Figure
    left_out: int
    several: int


def figures(
    links: Iterable[Linked], questions: Mapping[str, Question], relations: Collection[str], *, articles: int
) -> LinkFigures:
    """The figures of links between `questions`, which lie in so many `articles`.

    `relations` are the declared ones in the order of their weight; of those that end in "→" the other direction is
    another relation. A pair counts with the first of its articles when these are drawn for the intervals.
    """
    given, left_out = _by_pair(links, questions)
    declared = _declared(relations)
    number = {relation: at for at, relation in enumerate(declared)}
    found = np.zeros((articles, 2))
    by_relation = np.zeros((articles, 1 + len(declared)))
    rated: list[NDArray[np.int64]] = []
    several = 0
    for (a, b), votes in given.items():
        able = set(questions[a].reviewers) & set(questions[b].reviewers)
        article = min(questions[a].article, questions[b].article)
        found[article] += [len(votes) * (len(able) - 1), len(votes) * (len(votes) - 1) / 2]
        several += sum(len(each) > 1 for each in votes.values())
        chosen = [min(number[each] for each in vote) for vote in votes.values()]
        counts = np.bincount(chosen, minlength=len(declared))
        if len(votes) > 1:
            rated.append(counts)
            by_relation[article] += alpha.sums(counts[np.newaxis])
    votes_of_pairs = np.array(rated, dtype=np.int64).reshape(len(rated), len(declared))
    return LinkFigures(
        _figure(found, positive_agreement, n=int(found[:, 0].sum()), why=NO_LINK),
        _figure(by_relation, alpha.of_sums, n=_pairs(votes_of_pairs), why=ONE_RELATION if rated else NO_PAIR),
        expert.percent(votes_of_pairs) if rated else Figure.undefined(NO_PAIR),
        left_out,
        several,
    )


class Kind(StrEnum):
    """What two reviewers who marked both claims may have done with a pair."""

    SAME = "same"
    OTHER = "other"
    ALONE = "alone"


class Judged(NamedTuple):
    """A pair of questions that somebody linked: by which relation who did, and who could have, having marked both."""

    pair: tuple[str, str]
    votes: Mapping[str, str]
    able: frozenset[str]

    def is_of(self, kind: Kind, reviewers: Collection[str] = ()) -> bool:
        """Whether two reviewers, the named ones among them, stand so to each other."""
        return any(
            self._kind(one, other) is kind
            for one, other in combinations(sorted(self.able), 2)
            if set(reviewers) <= {one, other}
        )

    def _kind(self, one: str, other: str) -> Kind | None:
        said = [self.votes[each] for each in (one, other) if each in self.votes]
        if len(said) < 2:
            return Kind.ALONE if said else None
        return Kind.SAME if said[0] == said[1] else Kind.OTHER


def judged(links: Iterable[Linked], questions: Mapping[str, Question], relations: Collection[str]) -> list[Judged]:
    """The pairs behind the figures, in the order of their questions; where somebody gave several, the first relation."""
    given, _ = _by_pair(links, questions)
    number = {relation: at for at, relation in enumerate(_declared(relations))}
    return [
        Judged(
            (a, b),
            {reviewer: min(vote, key=number.__getitem__) for reviewer, vote in votes.items()},
            frozenset(questions[a].reviewers) & frozenset(questions[b].reviewers),
        )
        for (a, b), votes in given.items()
    ]


def positive_agreement(added: NDArray[np.float64]) -> NDArray[np.float64]:
    """2a / (2a + b + c) of one or many [links of both reviewers, links in common]; NaN where there is none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(2 * added[..., 1] / added[..., 0])


def _by_pair(
    links: Iterable[Linked], questions: Mapping[str, Question]
) -> tuple[dict[tuple[str, str], dict[str, set[str]]], int]:
    """For each linked pair the relations that each reviewer gave, seen from its first question; and what is left out."""
    given: defaultdict[tuple[str, str], defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    left_out = 0
    for link in links:
        both = set(questions[link.a].reviewers) & set(questions[link.b].reviewers)
        if link.a == link.b or len(both) < 2:
            left_out += 1
            continue
        turned = link.b < link.a
        pair = (link.b, link.a) if turned else (link.a, link.b)
        directed = link.relation.endswith("→")
        given[pair][link.reviewer].add("←" + link.relation[:-1] if turned and directed else link.relation)
    return {pair: dict(votes) for pair, votes in sorted(given.items())}, left_out


def _declared(relations: Collection[str]) -> list[str]:
    found = []
    for relation in relations:
        found += [relation, "←" + relation[:-1]] if relation.endswith("→") else [relation]
    return found


def _pairs(rated: NDArray[np.int64]) -> int:
    voters = rated.sum(axis=1)
    return int((voters * (voters - 1)).sum()) // 2


def _figure(by_article: NDArray[np.float64], statistic: intervals.Statistic, *, n: int, why: str) -> Figure:
    value = float(statistic(by_article.sum(axis=0)))
    if np.isnan(value):
        return Figure.undefined(why, n)
    articles = len(by_article)
    samples = intervals.drawn(by_article) if articles >= intervals.FEWEST_ARTICLES else by_article
    return intervals.with_interval(Figure(value, n), statistic, samples, articles)


NO_LINKS = figures([], {}, [], articles=1)
"""Of a project in which nobody linked claims."""

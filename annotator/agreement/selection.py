"""The claims behind a figure: which matches, questions or lone claims it counts, article by article."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from annotator.agreement import ballots, matches, overlaps, tallies, unitizing
from annotator.agreement.pairs import side_by_side

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from annotator.agreement.reviews import Numbers, Reviews
    from annotator.agreement.sums import Sums

    Mask = NDArray[np.bool_]


class Kind(StrEnum):
    """What a figure counts: the same claim of two coders, a claim that another did not mark, a question of all its
    coders, or a claim that uα leaves out.
    """

    SAME = "same"
    CLOSE = "close"
    EXACT = "exact"
    SHIFTED = "shifted"
    AGREED = "agreed"
    DIFFERING = "differing"
    MISSED = "missed"
    UNANIMOUS = "unanimous"
    CONFLICTING = "conflicting"
    ALONE = "alone"
    LEFT_OUT = "left-out"


OF_PAIRS = frozenset({Kind.SAME, Kind.CLOSE, Kind.EXACT, Kind.SHIFTED, Kind.AGREED, Kind.DIFFERING})
OF_QUESTIONS = frozenset({Kind.UNANIMOUS, Kind.CONFLICTING, Kind.ALONE})


@dataclass(frozen=True)
class Selection:
    """What is asked for. `coders` are one or two numbers of coders: then only what is between them, or of the one.

    `labels` are one or two numbers of labels: of matches, that one claim has the first and the other the last; of
    questions and single claims, that somebody gave one of them.
    """

    kind: Kind
    coders: tuple[int, ...] = ()
    labels: tuple[int, ...] = ()


def count(sums: Sums, wanted: Selection) -> Numbers:
    """How many there are in each article: from its sums alone."""
    if wanted.kind in OF_PAIRS:
        where = sums.articles[sums.matches.one[_matches(sums, wanted)]]
        return np.bincount(where, minlength=sums.count)
    if wanted.kind in OF_QUESTIONS:
        return np.bincount(sums.questions[_questions(sums, wanted)], minlength=sums.count)
    if wanted.kind is Kind.LEFT_OUT:
        mine = _of_coders(sums.coders, wanted)
        return np.bincount(sums.articles[mine], weights=sums.left_out[mine], minlength=sums.count).astype(np.int64)
    one, other = side_by_side(sums)
    reviews = len(sums.articles)
    met_between, times = np.unique(sums.matches.one * reviews + sums.matches.other, return_counts=True)
    met = np.zeros(len(one), dtype=np.int64)
    if len(times):
        place = np.minimum(np.searchsorted(met_between, one * reviews + other), len(times) - 1)
        met = np.where(met_between[place] == one * reviews + other, times[place], 0)
    chosen = _between(sums.coders[one], sums.coders[other], wanted)
    missed = sums.claims[one] + sums.claims[other] - 2 * met
    where = sums.articles[one[chosen]]
    return np.bincount(where, weights=missed[chosen], minlength=sums.count).astype(np.int64)


def claims(reviews: Reviews, sums: Sums, wanted: Selection) -> list[tuple[int, ...]]:
    """The claims behind each that `count` counts, by article and place; `sums` are those of `reviews`.

    A match has two claims, a question as many as voted, what another did not mark has one.
    """
    shared = overlaps.find(reviews)
    if wanted.kind in OF_QUESTIONS:
        question, voting = ballots.voting_claims(reviews, shared)
        chosen = np.flatnonzero(_questions(sums, wanted))
        found = [tuple(voting[question == each].tolist()) for each in chosen]
    elif wanted.kind in OF_PAIRS:
        one, other = matches.paired_claims(reviews, shared)
        of_interest = _matches(sums, wanted)
        found = list(zip(one[of_interest].tolist(), other[of_interest].tolist(), strict=True))
    elif wanted.kind is Kind.LEFT_OUT:
        left_out = ~unitizing.kept_units(reviews) & _of_coders(reviews.coders, wanted)[reviews.reviews]
        found = [(each,) for each in np.flatnonzero(left_out).tolist()]
    else:
        found = _missed(reviews, sums, shared, wanted)
    article = reviews.articles[reviews.reviews]
    return sorted(found, key=lambda each: (article[each[0]], min(reviews.starts[at] for at in each), each))


def _missed(reviews: Reviews, sums: Sums, shared: overlaps.Overlaps, wanted: Selection) -> list[tuple[int, ...]]:
    mine, theirs = matches.paired_claims(reviews, shared)
    claims, other_reviews = np.concatenate([mine, theirs]), reviews.reviews[np.concatenate([theirs, mine])]
    known = set(zip(claims.tolist(), other_reviews.tolist(), strict=True))
    one, other = side_by_side(sums)
    chosen = _between(sums.coders[one], sums.coders[other], wanted)
    sides = np.concatenate([np.stack([one, other], axis=1)[chosen], np.stack([other, one], axis=1)[chosen]])
    found: list[tuple[int, ...]] = []
    for review, other_review in sides.tolist():
        own = np.flatnonzero(reviews.reviews == review).tolist()
        found += [(claim,) for claim in own if (claim, other_review) not in known]
    return found


def _matches(sums: Sums, wanted: Selection) -> Mask:
    found = sums.matches
    chosen = _between(sums.coders[found.one], sums.coders[found.other], wanted)
    if wanted.labels:
        first, last = wanted.labels[0], wanted.labels[-1]
        chosen &= ((found.label == first) & (found.other_label == last)) | (
            (found.label == last) & (found.other_label == first)
        )
    same_label = found.label == found.other_label
    kinds = {
        Kind.CLOSE: found.close == 1,
        Kind.EXACT: found.exact,
        Kind.SHIFTED: ~found.exact,
        Kind.AGREED: same_label,
        Kind.DIFFERING: ~same_label,
    }
    return np.asarray(chosen & kinds[wanted.kind]) if wanted.kind in kinds else chosen


def _questions(sums: Sums, wanted: Selection) -> Mask:
    votes = tallies.votes_of(sums)
    voters = votes.sum(axis=1)
    agreed = votes.max(axis=1, initial=0) == voters
    if wanted.kind is Kind.ALONE:
        chosen = voters == 1
    elif wanted.kind is Kind.CONFLICTING:
        chosen = (voters > 1) & ~agreed
    else:
        coders = np.bincount(sums.articles, minlength=sums.count)
        chosen = (voters > 1) & agreed & (voters == coders[sums.questions])
    if wanted.labels:
        chosen &= (votes[:, list(wanted.labels)] > 0).any(axis=1)
    if wanted.coders:
        by_them = _of_coders(sums.coders, wanted)[sums.ballots.review]
        votes_by_them = np.bincount(sums.ballots.question[by_them], minlength=len(votes))
        chosen &= votes_by_them >= (1 if wanted.kind is Kind.ALONE else len(wanted.coders))
    return np.asarray(chosen)


def _of_coders(coders: Numbers, wanted: Selection) -> Mask:
    return np.isin(coders, wanted.coders) if wanted.coders else np.ones(len(coders), dtype=bool)


def _between(one: Numbers, other: Numbers, wanted: Selection) -> Mask:
    if len(wanted.coders) == 1:
        return np.asarray((one == wanted.coders[0]) | (other == wanted.coders[0]))
    return _of_coders(one, wanted) & _of_coders(other, wanted)

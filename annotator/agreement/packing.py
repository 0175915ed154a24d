"""Sums as bytes, one string for each article, and back: so that only changed articles are worked out again.

An article is its flat sums of unitizing.py as 8-byte numbers, then as 4-byte ones: how many reviews, matches and
ballots it has; for each review its claims and those left out; for each match its two reviews, two labels, two shifts
and whether it is close; for each ballot its question, review and label. Reviews and questions count from 0 within the
article, the low byte is first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from annotator.agreement import unitizing
from annotator.agreement.ballots import Ballots
from annotator.agreement.matches import Matches
from annotator.agreement.sums import Sums

if TYPE_CHECKING:
    from annotator.agreement.reviews import Numbers

HEADER = 3
MATCH = len(Matches._fields)
BALLOT = len(Ballots._fields)


def packed(sums: Sums) -> list[bytes]:
    """Each article of `sums` as bytes."""
    bounds = np.arange(sums.count + 1)
    reviews = np.searchsorted(sums.articles, bounds)
    matches = np.searchsorted(sums.articles[sums.matches.one], bounds)
    ballots = np.searchsorted(sums.articles[sums.ballots.review], bounds)
    questions = np.searchsorted(sums.questions, bounds)
    before = reviews[sums.articles[sums.matches.one]]
    one, other, *rest = sums.matches
    match_rows = _bytes(np.stack([one - before, other - before, *rest], axis=1))
    article = sums.articles[sums.ballots.review]
    question, review, label = sums.ballots
    ballot_rows = _bytes(np.stack([question - questions[article], review - reviews[article], label], axis=1))
    claims, left_out, units = _bytes(sums.claims), _bytes(sums.left_out), sums.units.astype("<f8")
    header = np.diff(np.stack([reviews, matches, ballots]), axis=1).T
    found = []
    for at in range(sums.count):
        mine = slice(4 * reviews[at], 4 * reviews[at + 1])
        parts = (
            units[at].tobytes(),
            _bytes(header[at]),
            claims[mine],
            left_out[mine],
            match_rows[4 * MATCH * matches[at] : 4 * MATCH * matches[at + 1]],
            ballot_rows[4 * BALLOT * ballots[at] : 4 * BALLOT * ballots[at + 1]],
        )
        found.append(b"".join(parts))
    return found


def unpacked(articles: Sequence[bytes], labels: int) -> Sums:
    """The sums of articles, one after the other; all coders are numbered 0, which only the caller knows."""
    width = 8 * unitizing.width(labels)
    units = np.frombuffer(b"".join(each[:width] for each in articles), dtype="<f8").astype(np.float64)
    sizes = np.array([len(each) - width for each in articles], dtype=np.int64) // 4
    whole = np.frombuffer(b"".join(each[width:] for each in articles), dtype="<i4").astype(np.int64)
    begin = np.cumsum(sizes) - sizes
    reviews, matches, ballots = (whole[begin + at] for at in range(HEADER))
    at_claims = begin + HEADER
    at_matches = at_claims + 2 * reviews
    match_rows = whole[_ranges(at_matches, MATCH * matches)].reshape(-1, MATCH)
    ballot_rows = whole[_ranges(at_matches + MATCH * matches, BALLOT * ballots)].reshape(-1, BALLOT)
    first_review = np.cumsum(reviews) - reviews
    last_ballots = np.cumsum(ballots) - 1
    asked = np.zeros(len(articles), dtype=np.int64)
    voted = ballots > 0
    asked[voted] = ballot_rows[last_ballots[voted], 0] + 1
    first_question = np.cumsum(asked) - asked
    met, cast = np.repeat(first_review, matches), np.repeat(first_review, ballots)
    return Sums(
        labels,
        units.reshape(-1, unitizing.width(labels)),
        np.repeat(np.arange(len(articles)), reviews),
        np.zeros(int(reviews.sum()), dtype=np.int64),
        whole[_ranges(at_claims, reviews)],
        whole[_ranges(at_claims + reviews, reviews)],
        Matches(match_rows[:, 0] + met, match_rows[:, 1] + met, *match_rows[:, 2:].T),
        Ballots(ballot_rows[:, 0] + np.repeat(first_question, ballots), ballot_rows[:, 1] + cast, ballot_rows[:, 2]),
    )


def _bytes(numbers: Numbers) -> bytes:
    return numbers.astype("<i4").tobytes()


def _ranges(starts: Numbers, counts: Numbers) -> Numbers:
    """The numbers starts[i], starts[i] + 1, … of each range, one range after the other."""
    before = np.cumsum(counts) - counts
    return np.repeat(starts - before, counts) + np.arange(int(counts.sum()))

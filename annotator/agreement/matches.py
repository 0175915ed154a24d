"""The same claims of every two coders over many articles, as columns.

What is the same claim says pairing.py. Here the plain cases are settled for all articles at once: two claims that
overlap no third one, and one claim that several of the other coder's overlap. What is left, a few in a hundred, goes
through pairing.py group by group.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from annotator.agreement.pairing import CLOSE, Labelled, paired
from annotator.agreement.reviews import column

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from annotator.agreement.overlaps import Overlaps
    from annotator.agreement.reviews import Numbers, Reviews


class Matches(NamedTuple):
    """Pairs of claims that are the same claim: the two reviews (the earlier first), the two labels, by how much starts
    and ends differ, and whether the two share at least half of what either covers (1 or 0).
    """

    one: Numbers
    other: Numbers
    label: Numbers
    other_label: Numbers
    start_shift: Numbers
    end_shift: Numbers
    close: Numbers

    @property
    def exact(self) -> NDArray[np.bool_]:
        """Whether the boundaries are the same."""
        return np.asarray((self.start_shift == 0) & (self.end_shift == 0))


def find(reviews: Reviews, one: Numbers, other: Numbers) -> Matches:
    """The matches of claims that were `paired`."""
    starts, ends, labels = reviews.starts, reviews.ends, reviews.labels
    shared = np.minimum(ends[one], ends[other]) - np.maximum(starts[one], starts[other])
    covered = np.maximum(ends[one], ends[other]) - np.minimum(starts[one], starts[other])
    return Matches(
        reviews.reviews[one],
        reviews.reviews[other],
        labels[one],
        labels[other],
        np.abs(starts[one] - starts[other]),
        np.abs(ends[one] - ends[other]),
        (shared / covered >= CLOSE).astype(np.int64),
    )


def paired_claims(reviews: Reviews, overlaps: Overlaps) -> tuple[Numbers, Numbers]:
    """The same claims of every two coders of every article, those of the earlier review and those of the later, in the
    order of their reviews; `overlaps` are all overlaps of the claims.
    """
    plain, rest = _plainly_paired(reviews, overlaps)
    looked_at = column(list(_paired_in_groups(reviews, overlaps.only(rest)))).reshape(-1, 2)
    one = np.concatenate([overlaps.one[plain], looked_at[:, 0]])
    other = np.concatenate([overlaps.other[plain], looked_at[:, 1]])
    order = np.lexsort((one, reviews.reviews[other], reviews.reviews[one]))
    return one[order], other[order]


def _plainly_paired(reviews: Reviews, overlaps: Overlaps) -> tuple[Numbers, Numbers]:
    """Which overlaps are a pair for certain, and which need a look; the others are none.

    Towards one other coder a claim is alone with those that it overlaps if each of these overlaps only it: then the
    closest of them is its partner.
    """
    slots = reviews.slots
    slots_of_one, slots_of_other = (slots[reviews.reviews[each]] for each in (overlaps.one, overlaps.other))
    width = int(slots.max(initial=0)) + 1
    # A claim has a place of its own towards each other coder.
    one, other = overlaps.one * width + slots_of_other, overlaps.other * width + slots_of_one
    size = len(reviews.starts) * width
    partners = np.bincount(np.concatenate([one, other]), minlength=size)
    most = np.zeros(size, dtype=np.int64)
    np.maximum.at(most, one, partners[other])
    np.maximum.at(most, other, partners[one])
    centred = (most[one] == 1) & (partners[other] == 1)
    centred_on_other = ~centred & (most[other] == 1) & (partners[one] == 1)
    star = np.flatnonzero(centred | centred_on_other)
    centre = np.where(centred, one, other)[star]
    leaf = np.where(centred, overlaps.other, overlaps.one)[star]
    several = partners[centre] > 1
    chosen, crowd = star[~several], star[several]
    if len(crowd):
        leaf, centre = leaf[several], centre[several]
        likeness = overlaps.only(crowd).likeness
        # As pairing.py chooses: the closest, then the earliest, the shortest, the first label.
        order = np.lexsort((reviews.labels[leaf], reviews.ends[leaf], reviews.starts[leaf], -likeness, centre))
        first = np.concatenate([[True], np.diff(centre[order]) != 0])
        chosen = np.concatenate([chosen, crowd[order][first]])
    return chosen, np.flatnonzero(~(centred | centred_on_other))


def _paired_in_groups(reviews: Reviews, overlaps: Overlaps) -> Iterator[tuple[int, int]]:
    """The pairs among claims that overlap in other ways."""
    between = reviews.reviews[overlaps.one] * len(reviews.articles) + reviews.reviews[overlaps.other]
    order = np.argsort(between, kind="stable")
    one, other = overlaps.one[order].tolist(), overlaps.other[order].tolist()
    if not one:
        return
    claims = {at: _labelled(reviews, at) for at in {*one, *other}}
    # Two claims may be equal; each is an object of its own.
    number = {id(claim): at for at, claim in claims.items()}
    cuts = (np.flatnonzero(np.diff(between[order])) + 1).tolist()
    for first, last in zip([0, *cuts], [*cuts, len(order)], strict=True):
        both = [[claims[at] for at in dict.fromkeys(each[first:last])] for each in (one, other)]
        for mine, theirs in paired(*both):
            yield number[id(mine)], number[id(theirs)]


def _labelled(reviews: Reviews, claim: int) -> Labelled:
    return Labelled(int(reviews.starts[claim]), int(reviews.ends[claim]), int(reviews.labels[claim]))

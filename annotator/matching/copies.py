"""Which articles are copies of one another: the same wire text, edited, shortened or under another headline.

Words are compared, not events: two reporters' own stories on one event share few runs of words and are no copies.
Candidates are found by MinHash (sketches.py) with locality-sensitive hashing: two texts are compared when some BAND of
their ROWS smallest hashes is equal, which 99.6 % of pairs are that share four tenths of their shingles. A candidate is
a copy when the shorter text has at least SHARED of its shingles in common with the longer one, and IN_ORDER of its
words in the same order.

Nothing here is random: the same texts in the same order give the same groups in every process. A text of 500 words takes
about 5 kB of memory while it is compared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from annotator.domain import resemblance
from annotator.matching.sketches import BANDS, ROWS, Sketch, Sketching

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Key = TypeVar("Key", bound=Hashable)

SHARED = 0.4
"""The share of the shorter text's shingles that the longer one must have. Two copies with every twentieth word changed
and a paragraph dropped keep 0.5 to 0.8 (tests/matching/test_copies.py); a reporter's own story with the same quotation
and the same paragraph of background has up to 0.25."""

IN_ORDER = 0.4
"""The share of the shorter text's words that must stand in the longer one in the same order. An edited copy has 0.8 and
more, and half of that when its paragraphs were moved; chance alone gives two stories of one desk up to 0.35."""

FEW = 40
"""Up to how many new texts are held against each other one by one; for more, all are sorted."""

_LIKELY = 0.12
"""The share of all shingles of a pair, estimated by the signatures, below which nobody looks closer: most texts that meet in
a band do so by chance, and neither is read."""


def copy_groups(texts: Iterable[tuple[Key, str]]) -> dict[Key, Key]:
    """For each key the key of the first text, in the order given, of which its text is a copy; itself without one.

    To be a copy is passed on: two edited copies of one text are in one group, though they may differ more.
    """
    keys: list[Key] = []
    sketches: list[Sketch] = []
    sketching = Sketching()
    for key, text in texts:
        keys.append(key)
        sketches.append(sketching(text))
    groups = Groups(len(keys))
    join_same_words([each.digest for each in sketches], groups)
    long_enough = [n for n, each in enumerate(sketches) if each.long_enough]
    if long_enough:
        import numpy as np

        signatures = np.array([sketching.signature(sketches[n]) for n in long_enough])
        join_similar(signatures, long_enough, groups, new=range(len(keys)), sketch_of=sketches.__getitem__)
    return {key: keys[groups.first(n)] for n, key in enumerate(keys)}


def groups_of_copies(texts: Iterable[tuple[Key, str]]) -> list[list[Key]]:
    """The groups of two texts and more, each in the order given."""
    members: defaultdict[Key, list[Key]] = defaultdict(list)
    for key, first in copy_groups(texts).items():
        members[first].append(key)
    return [group for group in members.values() if len(group) > 1]


class Groups:
    """A partition of 0 … n - 1 (union-find); each group is named by its first member.

    Pairs of `apart` never come into one group, whatever else is joined. `joined` are the pairs that made one of two.
    """

    def __init__(self, n: int, apart: Iterable[tuple[int, int]] = ()) -> None:
        self.joined: list[tuple[int, int]] = []
        self._parents = list(range(n))
        self._apart: defaultdict[int, set[int]] = defaultdict(set)
        for one, other in apart:
            self._apart[one].add(other)
            self._apart[other].add(one)

    def first(self, n: int) -> int:
        """The first member of the group in which `n` is."""
        while self._parents[n] != n:
            self._parents[n] = self._parents[self._parents[n]]
            n = self._parents[n]
        return n

    def join(self, n: int, other: int) -> bool:
        """Make one group of two; whether they are one now."""
        first, second = sorted((self.first(n), self.first(other)))
        if first == second:
            return True
        if any(self.first(each) == second for each in self._apart.get(first, ())):
            return False
        self._parents[second] = first
        self.joined.append((n, other))
        if second in self._apart:
            self._apart[first] |= self._apart[second]
        return True


def join_same_words(digests: Sequence[bytes], groups: Groups) -> None:
    """Join the texts whose words are all the same, which is all that makes a short text a copy."""
    known: dict[bytes, int] = {}
    for n, digest in enumerate(digests):
        groups.join(n, known.setdefault(digest, n))


def join_similar(
    signatures: NDArray[np.uint32],
    places: Sequence[int],
    groups: Groups,
    *,
    new: Collection[int],
    sketch_of: Callable[[int], Sketch],
) -> None:
    """Join the copies among texts of which at least one of each pair is `new`; the rest was compared before.

    `signatures` are those of the texts numbered `places`, in ascending order; `sketch_of` gives a text's sketch, and is
    asked for the few that come into question.
    """
    row_of = {place: row for row, place in enumerate(places)}

    def alike(n: int, other: int) -> bool:
        likely = (signatures[row_of[n]] == signatures[row_of[other]]).mean() >= _LIKELY
        return likely and are_copies(sketch_of(n), sketch_of(other))

    rows = [row for row, place in enumerate(places) if place in new]
    if len(rows) > FEW:
        for bucket in _buckets(signatures):
            join_bucket([places[row] for row in bucket], groups, new=new, alike=alike)
        return
    for row in rows:
        for other in _likely_copies(signatures, row):
            one, two = places[row], places[other]
            if groups.first(one) != groups.first(two) and are_copies(sketch_of(one), sketch_of(two)):
                groups.join(one, two)


def are_copies(one: Sketch, two: Sketch) -> bool:
    """Whether they share enough."""
    import numpy as np

    shared = len(np.intersect1d(one.shingles, two.shingles, assume_unique=True))
    return shared >= SHARED * min(len(one.shingles), len(two.shingles)) and in_order(one, two) >= IN_ORDER


def in_order(one: Sketch, two: Sketch) -> float:
    """The share of the shorter text's words that stand in the longer one in the same order, between 0 and 1."""
    fewer = min(len(one.words), len(two.words))
    return resemblance.in_common(one.words.tolist(), two.words.tolist()) / fewer if fewer else 0.0


def _likely_copies(signatures: NDArray[np.uint32], row: int) -> list[int]:
    """The other rows that are equal to `row` in a band and by their estimated share, in their order."""
    same = signatures == signatures[row]
    in_a_band = same.reshape(len(signatures), BANDS, ROWS).all(axis=2).any(axis=1)
    likely = in_a_band & (same.mean(axis=1) >= _LIKELY)
    likely[row] = False
    found: list[int] = likely.nonzero()[0].tolist()
    return found


def _buckets(signatures: NDArray[np.uint32]) -> Iterator[list[int]]:
    """The rows that are equal in a band, two and more, in their order."""
    import numpy as np

    for band in range(BANDS):
        values = np.ascontiguousarray(signatures[:, band * ROWS : (band + 1) * ROWS])
        as_one = values.view(np.dtype((np.void, values.itemsize * ROWS))).ravel()
        _, bucket_of, sizes = np.unique(as_one, return_inverse=True, return_counts=True)
        order = np.argsort(bucket_of, kind="stable")
        ends = np.cumsum(sizes)
        for bucket in np.flatnonzero(sizes > 1):
            yield order[ends[bucket] - sizes[bucket] : ends[bucket]].tolist()


def join_bucket(
    bucket: Sequence[int], groups: Groups, *, new: Collection[int], alike: Callable[[int, int], bool]
) -> None:
    """Compare each text of the bucket with one of every group that is in it, and join those that are alike."""
    seen: dict[int, int] = {}
    for n in bucket:
        own = groups.first(n)
        if own not in seen:
            for first, other in list(seen.items()):
                compared = n in new or other in new
                if compared and alike(n, other) and groups.join(n, other):
                    del seen[first]
        seen.setdefault(groups.first(n), n)

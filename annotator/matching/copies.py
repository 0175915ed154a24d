"""Which articles are copies of one another: the same wire text, edited, shortened or under another headline.

Words are compared, not events: two reporters' own stories on one event share few runs of words and are no copies. Each
text becomes the set of its shingles, every run of SHINGLE words. Candidates are found by MinHash (A. Broder, On the
resemblance and containment of documents, 1997) with locality-sensitive hashing: two texts are compared when some BAND of
their ROWS smallest hashes is equal, which 99.6 % of pairs are that share four tenths of their shingles. A candidate is
a copy when the shorter text has at least SHARED of its shingles in common with the longer one.

Nothing here is random: the same texts in the same order give the same groups in every process. A text of 500 words takes
about 3 kB of memory.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Key = TypeVar("Key", bound=Hashable)

SHINGLE = 3
"""How many words in a row are one shingle."""

SHARED = 0.4
"""The share of the shorter text's shingles that the longer one must have. Two copies with every twentieth word changed
and a paragraph dropped keep 0.5 to 0.8 (tests/matching/test_copies.py); a reporter's own story with the same quotation
and the same paragraph of background has up to 0.25."""

BANDS, ROWS = 85, 3

FEWEST = 8
"""Shingles below which a text is too short to be told from another by parts of it: only the same words are a copy."""

_LIKELY = 0.12
"""The estimated share of all shingles of a pair below which nobody looks closer."""

_AT_ONCE = 4_096
"""How many shingles are hashed at once: a text may be a whole book."""

_SEED = 0x9E3779B97F4A7C15
# Scripts without blanks between words (Chinese, Japanese, Thai, Lao, Khmer, Burmese) are taken sign by sign.
_WORD = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\\W_]+")


def copy_groups(texts: Iterable[tuple[Key, str]]) -> dict[Key, Key]:
    """For each key the key of the first text, in the order given, of which its text is a copy; itself without one.

    To be a copy is passed on: two edited copies of one text are in one group, though they may differ more.
    """
    import numpy as np

    keys: list[Key] = []
    sketches: list[_Sketch] = []
    sketch = _Sketching()
    for key, text in texts:
        keys.append(key)
        sketches.append(sketch(text))
    groups = _Groups(len(keys))
    same_words: dict[bytes, int] = {}
    for n, found in enumerate(sketches):
        groups.join(n, same_words.setdefault(found.words, n))
    long_enough = [n for n, found in enumerate(sketches) if len(found.shingles) >= FEWEST]
    if long_enough:
        for bucket in _buckets(np.array([sketches[n].signature for n in long_enough])):
            _join_copies([long_enough[row] for row in bucket], sketches, groups)
    return {key: keys[groups.first(n)] for n, key in enumerate(keys)}


def groups_of_copies(texts: Iterable[tuple[Key, str]]) -> list[list[Key]]:
    """The groups of two texts and more, each in the order given."""
    members: defaultdict[Key, list[Key]] = defaultdict(list)
    for key, first in copy_groups(texts).items():
        members[first].append(key)
    return [group for group in members.values() if len(group) > 1]


class _Sketch(NamedTuple):
    """What is kept of a text: a hash of all its words in order, its shingles, the smallest hashes of these."""

    words: bytes
    shingles: NDArray[np.uint32]
    signature: NDArray[np.uint32]


class _Sketching:
    """Makes the sketch of a text; words that occur again are hashed once."""

    def __init__(self) -> None:
        self._hashes: dict[str, int] = {}
        self._multipliers, self._summands = _hash_functions()

    def __call__(self, text: str) -> _Sketch:
        import numpy as np

        hashes, found = self._hashes, []
        for word in _WORD.findall(text.casefold()):
            known = hashes.get(word)
            if known is None:
                known = hashes[word] = zlib.crc32(word.encode())
            found.append(known)
        words = np.array(found, dtype=np.uint32)
        shingles = _shingles_of(words)
        return _Sketch(hashlib.sha256(words.tobytes()).digest(), shingles, self._signature(shingles))

    def _signature(self, shingles: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """The smallest value of each hash function over the shingles."""
        import numpy as np

        smallest = np.full(BANDS * ROWS, 0xFFFFFFFF, dtype=np.uint32)
        for at in range(0, len(shingles), _AT_ONCE):
            hashed = shingles[at : at + _AT_ONCE, None] * self._multipliers + self._summands
            np.minimum(smallest, hashed.min(axis=0), out=smallest)
        return smallest


class _Groups:
    """A partition of 0 … n - 1 (union-find); each group is named by its first member."""

    def __init__(self, n: int) -> None:
        self._parents = list(range(n))

    def first(self, n: int) -> int:
        while self._parents[n] != n:
            self._parents[n] = self._parents[self._parents[n]]
            n = self._parents[n]
        return n

    def join(self, n: int, other: int) -> None:
        first, second = sorted((self.first(n), self.first(other)))
        self._parents[second] = first


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


def _join_copies(bucket: Sequence[int], sketches: Sequence[_Sketch], groups: _Groups) -> None:
    """Compare each text of the bucket with one of every group that is in it, and join those that are copies."""
    seen: dict[int, int] = {}
    for n in bucket:
        own = groups.first(n)
        if own not in seen:
            for first, other in list(seen.items()):
                if _are_copies(sketches[n], sketches[other]):
                    groups.join(n, other)
                    del seen[first]
        seen.setdefault(groups.first(n), n)


def _are_copies(one: _Sketch, two: _Sketch) -> bool:
    """Whether they share enough; the signatures, which estimate the share of all shingles, spare most the counting."""
    import numpy as np

    if (one.signature == two.signature).mean() < _LIKELY:
        return False
    shared = len(np.intersect1d(one.shingles, two.shingles, assume_unique=True))
    return bool(shared >= SHARED * min(len(one.shingles), len(two.shingles)))


def _shingles_of(words: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """A hash of every run of words, each once, in ascending order."""
    import numpy as np

    runs = len(words) - SHINGLE + 1
    if runs < 1:
        return np.array([], dtype=np.uint32)
    mixed = np.zeros(runs, dtype=np.uint64)
    for at in range(SHINGLE):
        mixed = (mixed ^ words[at : at + runs]) * np.uint64(_SEED)
        mixed ^= mixed >> np.uint64(29)
    ordered = np.sort((mixed >> np.uint64(32)).astype(np.uint32))
    return ordered[np.concatenate(([True], ordered[1:] != ordered[:-1]))]


def _hash_functions() -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Odd multipliers and summands: linear permutations of 32 bits, always the same (SplitMix64, G. Steele et al., 2014)."""
    import numpy as np

    state, found = 0, []
    for _ in range(2 * BANDS * ROWS):
        state = (state + _SEED) % (1 << 64)
        mixed = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) % (1 << 64)
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) % (1 << 64)
        found.append((mixed ^ (mixed >> 31)) >> 32)
    numbers = np.array(found, dtype=np.uint32)
    return numbers[: BANDS * ROWS] | np.uint32(1), numbers[BANDS * ROWS :]

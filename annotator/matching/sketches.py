"""What is kept of a text to tell whether another one is a copy of it: its words, its shingles and its MinHash signature.

Each text becomes the set of its shingles, every run of SHINGLE words. Of these, BANDS times ROWS hash functions each
keep the smallest value (A. Broder, On the resemblance and containment of documents, 1997): the share of them that are
equal estimates the share of shingles that two texts have in common. Punctuation, case and line ends do not count.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SHINGLE = 3
"""How many words in a row are one shingle."""

BANDS, ROWS = 85, 3

FEWEST = 8
"""Shingles below which a text is too short to be told from another by parts of it: only the same words are a copy."""

_AT_ONCE = 4_096
"""How many shingles are hashed at once: a text may be a whole book."""

_SEED = 0x9E3779B97F4A7C15
# Scripts without blanks between words (Chinese, Japanese, Thai, Lao, Khmer, Burmese) are taken sign by sign.
_WORD = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\\W_]+")
# What stands between words: each character of Latin-1 as it is or as a blank, and marks beyond it.
_LATIN = bytes(code if _WORD.fullmatch(chr(code)) else ord(" ") for code in range(256))
_MARKS = "‘’‚“”„–—…"


class Sketch(NamedTuple):
    """What two texts are compared by: a hash of each word in order, and the shingles."""

    words: NDArray[np.uint32]
    shingles: NDArray[np.uint32]

    @property
    def digest(self) -> bytes:
        """What stands for all its words in their order."""
        return hashlib.sha256(self.words.tobytes()).digest()

    @property
    def long_enough(self) -> bool:
        """Whether parts of it tell it from another."""
        return len(self.shingles) >= FEWEST


class Sketching:
    """Makes the sketch of a text and its signature; words that occur again are hashed once."""

    def __init__(self) -> None:
        self._hashes = _Hashes()
        self._multipliers, self._summands = hash_functions(BANDS * ROWS)

    def __call__(self, text: str) -> Sketch:
        return self.of_words(words_of(text))

    def of_words(self, its_words: Sequence[str]) -> Sketch:
        """The same for who has the words already."""
        import numpy as np

        words = np.fromiter(map(self._hashes.__getitem__, its_words), dtype=np.uint32, count=len(its_words))
        return Sketch(words, _shingles_of(words))

    def signature(self, sketch: Sketch) -> NDArray[np.uint32]:
        """The smallest value of each hash function over the shingles; it takes longer than the sketch."""
        import numpy as np

        shingles = sketch.shingles
        smallest = np.full(BANDS * ROWS, 0xFFFFFFFF, dtype=np.uint32)
        for at in range(0, len(shingles), _AT_ONCE):
            hashed = self._multipliers[:, None] * shingles[at : at + _AT_ONCE]
            # In place: half of the time went into memory for the sum.
            hashed += self._summands[:, None]
            np.minimum(smallest, hashed.min(axis=1), out=smallest)
        return smallest


class _Hashes(dict[str, int]):
    """The hash of each word, made when it is first asked for."""

    def __missing__(self, word: str) -> int:
        made = self[word] = zlib.crc32(word.encode())
        return made


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared."""
    for mark in "" if text.isascii() else _MARKS:
        text = text.replace(mark, " ")
    folded = text.casefold()
    try:
        content = folded.encode("latin-1")
    except UnicodeEncodeError:
        return _WORD.findall(folded)
    # Most articles are of such letters, and this takes a fifth of the time.
    return content.translate(_LATIN).decode("latin-1").split()


def _shingles_of(words: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """A hash of every run of words, each once, in ascending order."""
    import numpy as np

    ordered = np.sort(runs_of(words))
    return ordered[np.concatenate(([True], ordered[1:] != ordered[:-1]))] if len(ordered) else ordered


def runs_of(words: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """A hash of every run of SHINGLE words, in the order of the text."""
    import numpy as np

    runs = len(words) - SHINGLE + 1
    if runs < 1:
        return np.array([], dtype=np.uint32)
    # As wide as what they are mixed into, and in place: to widen them each time took half of it.
    wide, mixed = words.astype(np.uint64), np.zeros(runs, dtype=np.uint64)
    for at in range(SHINGLE):
        mixed ^= wide[at : at + runs]
        mixed *= np.uint64(_SEED)
        mixed ^= mixed >> np.uint64(29)
    return (mixed >> np.uint64(32)).astype(np.uint32)


@cache
def hash_functions(count: int) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Odd multipliers and summands: linear permutations of 32 bits, always the same (SplitMix64, G. Steele et al., 2014)."""
    import numpy as np

    state, found = 0, []
    for _ in range(2 * count):
        state = (state + _SEED) % (1 << 64)
        mixed = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) % (1 << 64)
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) % (1 << 64)
        found.append((mixed ^ (mixed >> 31)) >> 32)
    numbers = np.array(found, dtype=np.uint32)
    return numbers[:count] | np.uint32(1), numbers[count:]

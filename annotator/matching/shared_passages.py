"""Which paragraphs stand, the same or nearly the same, in stories that are no copies of one another.

As with whole texts (copies.py), candidates are found by MinHash over the runs of three words: two paragraphs are compared
when some BAND of their ROWS smallest hashes is equal, which nearly all pairs are that differ in every twentieth word and
99.8 % of those that differ in every tenth. They are alike when ALIKE of their words are common, in the same order.

What stands in more than MOST_STORIES stories is boilerplate: an appeal, a line on the author, background that every story
repeats. It is told by its candidates already, so that it costs no comparison. Copies of one text are one story.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from annotator.domain import resemblance
from annotator.domain.text import plain_blocks
from annotator.matching.copies import Groups, join_bucket
from annotator.matching.sketches import SHINGLE, hash_functions, runs_of, words_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BANDS, ROWS = 18, 2

FEWEST = 12
"""Words below which a paragraph does not count: short ones are the same by chance."""

ALIKE = 0.75
"""Twice the words that both have in the same order, by the words of both. Two edits of one paragraph have 0.8 and more;
two paragraphs on one event with the same quotation in them up to 0.6 (tests/matching/test_shared_passages.py)."""

MOST_STORIES = 10

_BANDS_EVERYWHERE = BANDS // 4
"""In so many bands what is boilerplate meets more stories than that."""

_LONG = 20_000
"""Runs of words from which on a text is hashed a band at a time."""


class Place(NamedTuple):
    """A paragraph that counts: [start, end) of the text, and [first, last) of its words."""

    start: int
    end: int
    first: int
    last: int


def places_and_words(text: str) -> tuple[list[Place], list[str]]:
    """The paragraphs of the text that are long enough, in order, and all words of the text: none lies in two paragraphs."""
    found: list[Place] = []
    words: list[str] = []
    for block in plain_blocks(text):
        first = len(words)
        words += words_of(text[block.start : block.end])
        if len(words) - first >= FEWEST:
            found.append(Place(block.start, block.end, first, len(words)))
    return found, words


def packed(places: Sequence[Place], words: NDArray[np.uint32]) -> bytes:
    """What is kept of the paragraphs of a text with these `words`: their places, and a key for each band."""
    import numpy as np

    if not places:
        return b""
    # What lies between the paragraphs is reduced too, and left out; the last number gives the last of them an end.
    runs = np.append(runs_of(words), np.uint32(0))
    edges = np.array([(place.first, place.last - SHINGLE + 1) for place in places]).ravel()
    multipliers, summands = hash_functions(BANDS * ROWS)
    rows = np.empty((len(places), 2 + BANDS), dtype="<u8")
    rows[:, :2] = [(place.start, place.end) for place in places]
    for first in range(0, BANDS * ROWS, _functions_at_once(len(runs))):
        some = slice(first, first + _functions_at_once(len(runs)))
        hashed = multipliers[some, None] * runs
        hashed += summands[some, None]
        smallest = np.minimum.reduceat(hashed, edges, axis=1)[:, ::2].astype(np.uint64)
        rows[:, 2 + first // ROWS : 2 + some.stop // ROWS] = ((smallest[::2] << np.uint64(32)) | smallest[1::2]).T
    return rows.tobytes()


def _functions_at_once(runs: int) -> int:
    """All hash functions for a story, a band at a time for a whole book: they take memory for each run of words."""
    return BANDS * ROWS if runs <= _LONG else ROWS


def unpacked(kept: bytes) -> NDArray[np.uint64]:
    """A row for each paragraph: its start, its end and its keys."""
    import numpy as np

    return np.frombuffer(kept, dtype="<u8").reshape(-1, 2 + BANDS)


class Shared(NamedTuple):
    """Rows that are alike across stories, in order, each set by its first row; and the rows that are boilerplate."""

    together: dict[int, list[int]]
    boilerplate: set[int]


def shared(
    keys: NDArray[np.uint64],
    story_of: Sequence[int],
    known: Groups,
    *,
    new: Collection[int],
    words_at: Callable[[int], Sequence[int]],
) -> Shared:
    """The paragraphs that are alike in stories that are not the same, of which at least one in each pair is `new`.

    `keys` has a row for each paragraph, `story_of` says of which story it is; `known` are those that came together
    before, and are given with the rest. `words_at` gives the words of a row, and is asked for the few that come into question.
    """

    def alike(one: int, two: int) -> bool:
        return resemblance.share(words_at(one), words_at(two), least=ALIKE) >= ALIKE

    buckets: list[list[int]] = []
    everywhere: Counter[int] = Counter()
    for bucket in _buckets(keys, new):
        stories = {story_of[row] for row in bucket}
        if len(stories) > MOST_STORIES:
            everywhere.update(bucket)
        elif len(stories) > 1:
            buckets.append(bucket)
    # Common words alone may make a key or two that many paragraphs have.
    boilerplate = {row for row, count in everywhere.items() if count >= _BANDS_EVERYWHERE}
    for bucket in buckets:
        join_bucket([row for row in bucket if row not in boilerplate], known, new=new, alike=alike)
    together: defaultdict[int, list[int]] = defaultdict(list)
    for row in sorted({row for bucket in buckets for row in bucket} | {row for pair in known.joined for row in pair}):
        together[known.first(row)].append(row)
    found = {first: rows for first, rows in together.items() if len({story_of[row] for row in rows}) > 1}
    for first in [first for first, rows in found.items() if len({story_of[row] for row in rows}) > MOST_STORIES]:
        boilerplate.update(found.pop(first))
    return Shared({first: rows for first, rows in found.items() if boilerplate.isdisjoint(rows)}, boilerplate)


def _buckets(keys: NDArray[np.uint64], new: Collection[int]) -> Iterator[list[int]]:
    """The rows that are equal in a band, two and more of which one is new, in their order."""
    import numpy as np

    news = np.fromiter(new, dtype=np.int64, count=len(new))
    for band in range(BANDS):
        rows = np.flatnonzero(np.isin(keys[:, band], keys[news, band]))
        _, bucket_of, sizes = np.unique(keys[rows, band], return_inverse=True, return_counts=True)
        order = np.argsort(bucket_of, kind="stable")
        ends = np.cumsum(sizes)
        for bucket in np.flatnonzero(sizes > 1):
            yield rows[order[ends[bucket] - sizes[bucket] : ends[bucket]]].tolist()

"""The claims of a file between the reading that checks them and the transaction that stores them: on disk, not in memory.

They lie in a temporary file that has no name, so nothing of it stays, whatever ends the program.
"""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import NamedTuple
from uuid import UUID

from annotator.domain.claims import Claim

BATCH_CLAIMS = 1_000
"""How many claims are taken out together, about: those of one record stay together."""


@dataclass(frozen=True)
class PlannedClaim:
    """A claim in its place; for a suggestion only the place counts. `id` and `key` are those of the file."""

    claim: Claim
    author: str = ""
    id: UUID | None = None
    key: str = ""
    line: int | None = None


class ArticleKey(NamedTuple):
    """An article that is there (`key` is its id), or one that is to be stored (`key` is what it is known by in its file)."""

    key: str
    new: bool


class Planned(NamedTuple):
    """What one record of the file has of an article: its claims, and the keys of those that are left out."""

    article: ArticleKey
    claims: Sequence[PlannedClaim]
    left_out: Sequence[str]


class PlannedClaims:
    """All claims of a file, in its order. Of each only its id is held, and only if it has one."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 -- closed by __exit__
        self._end = 0
        # By id, where the record is: one number for all claims of a record.
        self._places: dict[int, int] = {}
        self._last: tuple[int, Planned] | None = None

    def __enter__(self) -> PlannedClaims:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, planned: Planned) -> None:
        """Put in what one record has."""
        self._file.seek(self._end)
        pickle.dump(tuple(planned), self._file, pickle.HIGHEST_PROTOCOL)
        place, self._end = self._end, self._file.tell()
        for each in planned.claims:
            if each.id is not None:
                self._places[each.id.int] = place

    def under(self, claim_id: UUID) -> Claim | None:
        """The claim that has this id of the file."""
        place = self._places.get(claim_id.int)
        if place is None:
            return None
        if self._last is None or self._last[0] != place:
            self._file.seek(place)
            self._last = place, self._next()
        return next(each.claim for each in self._last[1].claims if each.id == claim_id)

    def __iter__(self) -> Iterator[Planned]:
        place = 0
        while place < self._end:
            self._file.seek(place)
            planned = self._next()
            place = self._file.tell()
            yield planned

    def batches(self) -> Iterator[dict[ArticleKey, list[PlannedClaim]]]:
        """The claims of each article, so many articles together as one batch has room for."""
        batch: dict[ArticleKey, list[PlannedClaim]] = {}
        count = 0
        for planned in self:
            if not planned.claims:
                continue
            batch.setdefault(planned.article, []).extend(planned.claims)
            count += len(planned.claims)
            if count >= BATCH_CLAIMS:
                yield batch
                batch, count = {}, 0
        if batch:
            yield batch

    def _next(self) -> Planned:
        article, claims, left_out = pickle.load(self._file)  # noqa: S301 -- written by this very object
        return Planned(ArticleKey(*article), claims, left_out)

"""What whoever makes a release should look at first: names in what people wrote, text where none should be, and
contradictions that the dates speak against.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from annotator.domain.publication import Options, People, TextMode, pattern_of_names
from annotator.formats.records import Value
from annotator.models import Project
from annotator.services import datasets
from annotator.services.datasets import Table

WRITTEN = ("note", "justification", "claim_text")
"""The columns that people of the project write in their own words; they are published as they are."""

SHOWN = 20
LONG_QUOTE = 40
"""Characters from which a repeated passage is more than a name or a figure."""

_IDS = ("claim_id", "link_id", "annotation_id", "gold_claim_id", "question")


class _Places:
    """The first of many places, and how many there are."""

    def __init__(self) -> None:
        self.count = 0
        self._first: list[str] = []

    def add(self, place: str) -> None:
        self.count += 1
        if self.count <= SHOWN:
            self._first.append(place)

    def __str__(self) -> str:
        more = self.count - len(self._first)
        return ", ".join(self._first) + (f" and {more:,} more" if more else "")


class Reader:
    """Reads the rows on their way into a release and remembers what to warn of."""

    def __init__(self, project: Project, options: Options) -> None:
        people = datasets.people_of(project) if options.people is not People.NAMES else []
        self._names = pattern_of_names([words for user in people for words in (user.name, user.email)])
        self._quotes = options.text is TextMode.NONE
        self._named = _Places()
        self._repeated = _Places()

    def read(self, layer: str, table: Table) -> Table:
        """The same table; what is worth a warning is remembered while its rows are taken."""
        written = [(n, column) for n, column in enumerate(table.columns) if column in WRITTEN]
        if not written or not (self._names or self._quotes):
            return table
        return Table(table.columns, self._read(layer, table, written))

    def warnings(self, note: str, card: Mapping[str, Any], against_dates: Sequence[str]) -> list[str]:
        """Sentences, those on names first; `against_dates` are the ids of gold contradictions that cannot be one."""
        found = []
        if self._named.count:
            found.append(f"People of the project are named in what is published as it was written: {self._named}.")
        if self._names and (self._names.search(note) or any(self._names.search(str(said)) for said in card.values())):
            found.append(
                "What the release says of itself (its note, title, description, creators or contact) names people of the project."
            )
        if self._repeated.count:
            found.append(
                f"The words of the article are repeated in what is published as it was written: {self._repeated}."
            )
        if against_dates:
            found.append(_of_dates(against_dates))
        return found

    def _read(self, layer: str, table: Table, written: list[tuple[int, str]]) -> Iterator[tuple[Value, ...]]:
        columns = list(table.columns)
        exact = columns.index("exact") if "exact" in columns and self._quotes else None
        known = next(columns.index(name) for name in _IDS if name in columns)
        for row in table.rows:
            for n, column in written:
                words = row[n]
                if not isinstance(words, str) or not words:
                    continue
                place = f"{column} of {row[known]} in {layer}"
                if self._names and self._names.search(words):
                    self._named.add(place)
                if exact is not None and _repeats(words, row[exact]):
                    self._repeated.add(place)
            yield row


def _of_dates(links: Sequence[str]) -> str:
    places = _Places()
    for link in links:
        places.add(link)
    one = len(links) == 1
    return (
        f"{'A gold contradiction joins' if one else f'{len(links):,} gold contradictions join'} claims that are about "
        f"different times by the dates as they are now: {places}. The dates may be wrong, or the "
        f"{'link' if one else 'links'}; nothing is left out of the release for that."
    )


def _repeats(words: str, quote: Value) -> bool:
    return isinstance(quote, str) and len(quote) >= LONG_QUOTE and quote in words

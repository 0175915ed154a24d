"""Where a claim's counterparts may stand, by the full-text index: the articles and blocks with the most of its rarest words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, islice

from annotator.matching.signals import Claim, Rarity
from annotator.matching.words import Word, forms_of, telling
from annotator.services.search_index import POSITION_BITS
from annotator.services.search_postings import Forms, Postings, Within, look_up

OWN_WORDS, AROUND_WORDS = 14, 10
"""How many words of the claim, and of what its article is about, are looked up."""

COMMON = 500
"""A word that stands in as many blocks is common: it finds passages only together with another."""

PAIRED = 4
"""How many of the common words are looked up in pairs."""

FIGURES = 4

_CONTEXT = 0.5
_FIGURE = re.compile(r"\d[\d.,]*\d")


class Candidates:
    """What the index finds for a claim: in how many blocks each word stands, and the places of what is rare."""

    def __init__(self, claim: Claim, entries: int, within: Within | None) -> None:
        own = _distinct(telling(claim.text), OWN_WORDS)
        around = {key: written for key, written in claim.story.items() if key not in own}
        figures = list(dict.fromkeys(_FIGURE.findall(claim.text)))[:FIGURES]
        terms = {key: forms_of(word.written) for key, word in own.items()}
        terms |= {key: forms_of(written) for key, written in islice(around.items(), AROUND_WORDS)}
        terms |= {figure: (figure,) for figure in figures}
        self.within = within
        self.own = frozenset((*own, *figures))
        postings = dict(zip(terms, look_up([[forms] for forms in terms.values()], COMMON, within), strict=True))
        self.counts = {key: found.estimate(entries) for key, found in postings.items()}
        self.found: list[tuple[tuple[str, ...], Postings]]
        self.found = [((key,), found) for key, found in postings.items() if not found.more]
        self.found += self._pairs(terms, [key for key in postings if postings[key].more])
        if not any(found.places for _, found in self.found):
            self.found = [((key,), found) for key, found in postings.items()]

    def _pairs(self, terms: Mapping[str, Forms], common: Sequence[str]) -> Iterable[tuple[tuple[str, ...], Postings]]:
        rarest = sorted(common, key=lambda key: (key not in self.own, self.counts[key]))[:PAIRED]
        pairs = list(combinations(rarest, 2))
        looked_up = look_up([[terms[one], terms[other]] for one, other in pairs], COMMON, self.within)
        return zip(pairs, looked_up, strict=True)

    @property
    def places(self) -> frozenset[int]:
        """The blocks in which something of the claim itself stands."""
        return frozenset(place for keys, found in self.found if self.own.issuperset(keys) for place in found.places)

    def versions(self, rarity: Rarity) -> list[int]:
        """The numbers of the likeliest versions: with the most of what is rare, in the article or in one block of it."""
        blocks: defaultdict[int, float] = defaultdict(float)
        versions: defaultdict[int, dict[str, float]] = defaultdict(dict)
        for keys, found in self.found:
            for key in keys:
                weight = max(0.0, rarity.of(key)) * (1 if key in self.own else _CONTEXT)
                for place in found.places:
                    versions[place >> POSITION_BITS][key] = weight
                    if key in self.own:
                        blocks[place] += weight
        best: defaultdict[int, float] = defaultdict(float)
        for place, score in blocks.items():
            number = place >> POSITION_BITS
            best[number] = max(best[number], score)
        scores = {number: sum(found.values()) + best[number] for number, found in versions.items()}
        return sorted(scores, key=lambda number: (-scores[number], number))


def _distinct(words: Iterable[Word], most: int) -> dict[str, Word]:
    """The words by key, each once; of too many the names first, and then the long ones, which are rare."""
    found: dict[str, Word] = {}
    for word in words:
        found.setdefault(word.key, word)
    kept = sorted(found, key=lambda key: (not found[key].name, -len(key)))[:most]
    return {key: found[key] for key in kept}

"""Which passages of other articles may speak of the same as a claim: a score for each, and why, in words.

Pure functions of texts, dates and names: what the database finds first is ranked here again, where everything that two
passages have in common can be looked at. Nothing here tells whether two passages agree; that is for people.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import replace

from annotator.matching.likeness import Likeness, Ranked
from annotator.matching.signals import ALL, Claim, Passage, Rarity, Signal
from annotator.matching.words import may_name, names_in, told_in

AT_ONCE = 25
"""How many passages are read for all that they share with the claim before it is seen whether others can be likelier."""

_ROUNDING = 1e-9

_AGAIN = 0.85
"""What a further passage of an article that is among the found ones already counts: the other stories come first."""


def rank(
    claim: Claim, passages: Sequence[Passage], rarity: Rarity, *, signals: frozenset[Signal] = ALL, most: int = 10
) -> list[Ranked]:
    """The likeliest `most` of the passages, best first; what shares nothing with the claim is left out."""
    likeness = Likeness(claim, rarity, signals)
    likeliest = sorted(
        (likeness.glance(at, passage) for at, passage in enumerate(passages)), key=lambda seen: -seen.most
    )
    found: list[Ranked] = []
    listed: list[Ranked] = []
    for first in range(0, len(likeliest), AT_ONCE):
        # More passages of an article lower none of the scores at a place of the list, so the rest cannot come into it.
        if len(listed) == most and listed[-1].score > likeliest[first].most + _ROUNDING:
            break
        read = map(likeness.ranked, likeliest[first : first + AT_ONCE])
        found += [each for each in read if each.reasons]
        listed = _mixed(found, passages)[:most]
    return listed


def _mixed(found: Iterable[Ranked], passages: Sequence[Passage]) -> list[Ranked]:
    """Best first, where each further passage of one article counts less than the one before."""
    seen: Counter[str] = Counter()
    lowered = []
    for each in sorted(found, key=lambda each: (-each.score, each.at)):
        article = passages[each.at].article
        lowered.append(replace(each, score=each.score * _AGAIN ** seen[article]))
        seen[article] += 1
    return sorted(lowered, key=lambda each: (-each.score, each.at))


def topic(title: str, paragraphs: Iterable[str], among: Container[str] | None = None) -> dict[str, str]:
    """What an article is about, the most telling first, by key as it is written; with `among` at least those of these keys.

    The words of its title and of its first paragraph, where news says it all, and the names in the others.
    """
    found = dict(told_in(title))
    title_keys, head = frozenset(found), True
    for paragraph in paragraphs:
        if head:
            told = told_in(paragraph)
            # The title may stand above the text once more.
            head = all(key in title_keys for key, _ in told)
        elif among is None or may_name(paragraph, among):
            told = [(word.key, word.written) for word in names_in(paragraph)]
        else:
            told = []
        for key, written in told:
            found.setdefault(key, written)
    return found

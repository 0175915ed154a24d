"""In what reviewers differ who linked the same two claims, or did not; and what a rule may take of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from annotator.domain.claims import Aspect, Relation
from annotator.domain.merging import NEVER_AS_FEW_AS


class LinkKind(StrEnum):
    """What the reviewers said of two claims, in the order in which an adjudicator meets it."""

    SOME = "link_some"
    RELATION = "link_relation"
    AGREED = "link_agreed"


@dataclass(frozen=True)
class Said:
    """One reviewer's link between the two claims. `outgoing` counts for what has a direction only."""

    id: str
    reviewer: str
    relation: Relation
    aspect: Aspect | None
    outgoing: bool

    @property
    def meaning(self) -> tuple[Relation, Aspect | None, bool]:
        """Links of equal meaning are one version: the same relation, aspect and direction."""
        return (self.relation, self.aspect, self.outgoing and self.relation is Relation.SUPERSEDES)


def kind_of(said: Sequence[Said], able: Collection[str], wanted: int) -> LinkKind:
    """What the links between two claims are to each other.

    `able` are those who reviewed both articles: only they can link. Agreed needs all of them, and two at least where
    `wanted` reviewers, or more than one, were to read each article: nobody agrees with themselves.
    """
    voters = {each.reviewer for each in said}
    if len({each.meaning for each in said}) > 1:
        return LinkKind.RELATION
    if set(able) - voters or len(voters) < min(2, wanted):
        return LinkKind.SOME
    return LinkKind.AGREED


def unanimous(said: Sequence[Said], able: Collection[str], wanted: int) -> Said | None:
    """What all who could link agree on."""
    return said[0] if said and kind_of(said, able, wanted) is LinkKind.AGREED else None


def majority(said: Sequence[Said], able: Collection[str], wanted: int, threshold: float) -> Said | None:
    """The meaning that at least `threshold` of those give who could link, and never as few as two of three."""
    voters: defaultdict[object, set[str]] = defaultdict(set)
    for each in said:
        voters[each.meaning].add(each.reviewer)
    torn = {reviewer for reviewer in {each.reviewer for each in said} if _meanings(said, reviewer) > 1}
    everybody = {*able, *(each.reviewer for each in said)}
    for each in said:
        votes = len(voters[each.meaning] - torn)
        share = votes / len(everybody)
        if votes >= min(2, wanted) and share >= threshold and share > NEVER_AS_FEW_AS:
            return each
    return None


def _meanings(said: Sequence[Said], reviewer: str) -> int:
    return len({each.meaning for each in said if each.reviewer == reviewer})

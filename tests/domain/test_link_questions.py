"""In what reviewers differ who linked two claims, and what a rule takes of it."""

from __future__ import annotations

import pytest

from annotator.domain.claims import Aspect, Relation
from annotator.domain.link_questions import LinkKind, Said, kind_of, majority, unanimous

BOTH = frozenset({"ada", "ben"})


def said(
    reviewer: str, relation: Relation = Relation.QUALIFIES, aspect: Aspect | None = None, *, outgoing: bool = True
) -> Said:
    return Said(f"{reviewer}-{relation}", reviewer, relation, aspect, outgoing)


@pytest.mark.parametrize(
    ("links", "kind"),
    [
        ([said("ada")], LinkKind.SOME),
        ([said("ada"), said("ben")], LinkKind.AGREED),
        ([said("ada"), said("ben", outgoing=False)], LinkKind.AGREED),
        ([said("ada"), said("ben", Relation.CORROBORATES)], LinkKind.RELATION),
        ([said("ada"), said("ben", aspect=Aspect.PLACE)], LinkKind.RELATION),
        (
            [said("ada", Relation.SUPERSEDES), said("ben", Relation.SUPERSEDES, outgoing=False)],
            LinkKind.RELATION,
        ),
        ([said("ada"), said("ada", Relation.CONTRADICTS), said("ben")], LinkKind.RELATION),
    ],
)
def test_kinds(links: list[Said], kind: LinkKind) -> None:
    assert kind_of(links, BOTH, 2) is kind


def test_nobody_agrees_with_themselves_where_two_were_wanted() -> None:
    assert kind_of([said("ada")], {"ada"}, 2) is LinkKind.SOME
    assert kind_of([said("ada")], {"ada"}, 1) is LinkKind.AGREED


def test_what_rules_take() -> None:
    four = {"ada", "ben", "cem", "dia"}
    three_of_four = [said("ada"), said("ben"), said("cem"), said("dia", Relation.CONTRADICTS)]
    assert unanimous(three_of_four, four, 4) is None
    taken = majority(three_of_four, four, 4, 0.7)
    assert taken is not None
    assert taken.relation is Relation.QUALIFIES
    assert majority(three_of_four, four, 4, 0.8) is None
    # Two of three are never enough, and silence is a vote.
    assert majority([said("ada"), said("ben")], {"ada", "ben", "cem"}, 3, 0.5) is None

"""What is carried over into a corrected text, and what is left to a person with which proposal."""

from __future__ import annotations

import pytest

from annotator.domain.carrying import Carrying, Outcome, carry
from annotator.domain.claims import Doubt
from annotator.domain.spans import Span

OLD = (
    "The army spoke of a complete ceasefire on Wednesday evening. Residents of two villages heard shelling after midnight. "
    "Nobody was hurt.\n\n"
    "Ankara denied that its observers had agreed to anything. It expects new talks in the coming week.\n\n"
    "The observers counted three air strikes in the south. Nobody was hurt. Their report names no witnesses at all."
)


def one(new: str, quote: str, *, old: str = OLD, nth: int = 0) -> Carrying:
    at = -1
    for _ in range(nth + 1):
        at = old.index(quote, at + 1)
    return carry(old, new, [Span(at, at + len(quote))])[0]


def words(found: Carrying, new: str) -> str | None:
    place = found.place or (found.proposal.place if found.proposal else None)
    return None if place is None else new[slice(*place)]


def test_an_unchanged_text_keeps_every_claim_where_it_is() -> None:
    found = one(OLD, "Nobody was hurt.", nth=1)
    assert (found.outcome, found.place) == (Outcome.CARRIED, found.span)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Residents of two villages", "Residents of three villages"),  # The sentence behind it is another one.
        ("The army spoke", "DAMASCUS, 12 June. The army spoke"),  # Something stands before it.
        ("Nobody was hurt.\n\n", "\n\nThat could not be verified. "),
    ],
)
def test_a_claim_is_carried_past_changes_beside_it(before: str, after: str) -> None:
    new = OLD.replace(before, after, 1)
    found = one(new, "heard shelling after midnight" if "Residents" not in before else "a complete ceasefire")
    assert found.outcome is Outcome.CARRIED
    assert words(found, new) == OLD[slice(*found.span)]


def test_a_repeated_sentence_is_carried_between_unchanged_neighbours_only() -> None:
    dropped = OLD.replace(" Nobody was hurt.\n\n", "\n\n", 1)
    assert one(dropped, "Nobody was hurt.", nth=1).outcome in {Outcome.CARRIED, Outcome.MOVED}
    lost = one(dropped, "Nobody was hurt.", nth=0)
    assert lost.outcome is Outcome.ASKED
    assert lost.proposal is not None
    assert lost.proposal.doubt is Doubt.SURROUNDINGS


def test_a_moved_paragraph_takes_its_claims_along() -> None:
    first, second, third = OLD.split("\n\n")
    new = f"{third}\n\n{first}\n\n{second}"
    for nth in (0, 1):
        found = one(new, "Nobody was hurt.", nth=nth)
        assert found.certain
        assert words(found, new) == "Nobody was hurt."
    assert one(new, "Nobody was hurt.", nth=1).place == Span(54, 70)


def test_a_sentence_that_stands_elsewhere_is_a_persons_to_confirm() -> None:
    sentence = "It expects new talks in the coming week."
    new = OLD.replace(f" {sentence}", "").replace("Their report", f"{sentence} Their report")
    found = one(new, sentence)
    assert found.outcome is Outcome.ASKED
    assert found.proposal is not None
    assert (found.proposal.doubt, words(found, new)) == (Doubt.SURROUNDINGS, sentence)


def test_changed_words_are_proposed_and_missing_ones_gone() -> None:
    new = OLD.replace("three air strikes", "at least four air strikes")
    found = one(new, "counted three air strikes in the south")
    assert found.proposal is not None
    assert (found.proposal.doubt, words(found, new)) == (
        Doubt.CHANGED,
        "counted at least four air strikes in the south",
    )
    gone = one(OLD.replace("Ankara denied that its observers had agreed to anything. ", ""), "Ankara denied")
    assert (gone.outcome, gone.place, gone.proposal) == (Outcome.GONE, None, None)


def test_a_copy_beside_the_mended_sentence_is_not_taken_for_it() -> None:
    sentence = "The observers counted three air strikes in the south."
    new = OLD.replace(sentence, f"{sentence} {sentence.replace('three', 'thirty')}")
    assert one(new, sentence).outcome is Outcome.ASKED


def test_a_doubled_letter_at_its_edge_leaves_it_to_a_person() -> None:
    assert one(OLD.replace("Ankara", "AAnkara"), "Ankara denied").outcome is Outcome.ASKED


def test_offsets_count_code_points_and_hostile_texts_are_no_trouble() -> None:
    old = "🇸🇾 Calm held in the province of Idlib overnight 👨‍👩‍👧. Ankara was not asked about it at all.\r\n\r\n\u2067مرحبا\u2069 end"
    new = f"\ufeff🕊 New first line of the story, long enough.\n\n{old}"
    found = one(new, "👨‍👩‍👧", old=old)
    assert words(found, new) == "👨‍👩‍👧"
    for text in ("x", "\n\n\n", " ", old, old[::-1]):
        for each in carry(old, text, [Span(0, 1), Span(3, 9), Span(0, len(old)), Span(len(old) - 1, len(old))]):
            assert each.place is None or text[slice(*each.place)] == old[slice(*each.span)]

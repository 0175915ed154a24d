"""What of a dataset is given to others: pseudonyms, sides of a split, names in free text."""

from __future__ import annotations

from collections import Counter

import pytest

from annotator.domain.publication import SPLITS, Options, People, Split, TextMode, pattern_of_names, pseudonym, quote


def test_a_pseudonym_is_the_same_for_one_key_and_another_for_every_other() -> None:
    assert pseudonym("key", "ada") == pseudonym("key", "ada")
    assert len({pseudonym("key", "ada"), pseudonym("other", "ada"), pseudonym("key", "ben")}) == 3
    assert pseudonym("key", "ada").startswith("person-")
    assert "ada" not in pseudonym("key", "ada")


def test_ten_thousand_people_have_ten_thousand_pseudonyms() -> None:
    assert len({pseudonym("key", str(n)) for n in range(10_000)}) == 10_000


def test_sides_have_about_their_shares_and_do_not_depend_on_other_groups() -> None:
    split = Split.of("80/10/10", "truce")
    count = Counter(split.side_of(f"article{n}") for n in range(20_000))
    assert [round(count[side] / 20_000, 1) for side in SPLITS] == [0.8, 0.1, 0.1]
    assert split.side_of("article1") == Split.of("80/10/10", "truce").side_of("article1")


def test_another_seed_is_another_split() -> None:
    one, other = Split.of("50/25/25", "a"), Split.of("50/25/25", "b")
    assert any(one.side_of(str(n)) != other.side_of(str(n)) for n in range(50))


@pytest.mark.parametrize("shares", ["100/0/0", "0/100/0", "0/0/100"])
def test_a_share_of_nothing_gets_nothing(shares: str) -> None:
    sides = {Split.of(shares, "s").side_of(str(n)) for n in range(500)}
    assert sides == {SPLITS[shares.split("/").index("100")]}


@pytest.mark.parametrize("shares", ["", "80/20", "80/10/11", "a/b/c", "80/10/10/0", "-80/90/90", "1000/0/0"])
def test_what_are_no_shares_is_said(shares: str) -> None:
    with pytest.raises(ValueError, match="such as 80/10/10"):
        Split.of(shares, "s")


def test_options_from_words() -> None:
    assert Options.of(default_seed="truce") == Options(TextMode.CONTEXT, People.NAMES, None)
    chosen = Options.of(text="none", people="pseudonyms", split="80/10/10", seed=" ", default_seed="truce")
    assert chosen == Options(TextMode.NONE, People.PSEUDONYMS, Split((80, 10, 10), "truce"))


def test_context_is_cut_at_the_ends_of_the_text() -> None:
    assert quote("ab🕊cd", 2, 3) == {"exact": "🕊", "prefix": "ab", "suffix": "cd"}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Ada Lovelace said so", True),
        ("as Lovelace says", True),
        ("write to ada@example.org", True),
        ("Adam said so", False),
        ("the canada ceasefire", False),
        ("Jo", False),
        ("", False),
    ],
)
def test_names_are_found_as_whole_words(text: str, named: bool) -> None:
    pattern = pattern_of_names(["Ada Lovelace", "ada@example.org", "Jo"])
    assert pattern is not None
    assert bool(pattern.search(text)) is named


def test_nobody_has_no_pattern() -> None:
    assert pattern_of_names([]) is None

"""Where claims stand in the picture of a timeline."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations, pairwise
from random import Random

import pytest

from annotator.domain import timeline
from annotator.domain.timeline import GAP, Entry, Picture, draw, legible, width_of

JUNE = date(2019, 6, 12)


def entry(key: str, first: date, last: date | None = None, **more: object) -> Entry:
    facts = {"group": "Russian military", "words": "complete ceasefire", "published": None, **more}
    return Entry(key, str(facts["group"]), str(facts["words"]), first, last or first, facts["published"])  # type: ignore[arg-type]


def clashes(picture: Picture) -> list[tuple[str, str]]:
    """What stands on what."""
    found = []
    for row in picture.rows:
        for one, other in combinations(row.placed, 2):
            (begins, ends), (other_begins, other_ends) = one.extent, other.extent
            if one.middle == other.middle and begins < other_ends and other_begins < ends:
                found.append((one.entry.key, other.entry.key))
    return found


def random_entries(random: Random) -> list[Entry]:
    entries = []
    for number in range(random.randint(1, 60)):
        first = JUNE + timedelta(days=random.randint(-900, 900))
        last = first + timedelta(days=random.choice([0, 0, 0, 3, 40, 400]))
        published = last + timedelta(days=random.randint(0, 60)) if random.random() < 0.7 else None
        words = random.choice(["calm", "complete ceasefire", "停火协议" * 9, "x" * 80])
        group = random.choice(["", "Ministry", "Residents"])
        entries.append(Entry(str(number), group, words, first, last, published))
    return entries


@pytest.mark.parametrize("seed", range(40))
def test_nothing_stands_on_anything_else_and_everything_inside(seed: int) -> None:
    entries = random_entries(Random(seed))
    picture = draw(entries)
    assert sorted(each.entry.key for row in picture.rows for each in row.placed) == sorted(each.key for each in entries)
    assert clashes(picture) == []
    for row in picture.rows:
        for each in row.placed:
            assert 0 <= each.left < each.right <= picture.width
            assert each.extent[0] >= -1
            assert each.extent[1] <= picture.width + 1
            assert row.top < each.middle < picture.height
    for row, following in pairwise(picture.rows):
        assert max(each.middle for each in row.placed) < following.top
    assert len(picture.ticks) <= timeline.MOST_TICKS + 2
    assert draw(list(reversed(entries))) == picture


def test_the_check_sees_a_clash(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: all on one lane."""
    monkeypatch.setattr(timeline, "_lanes", lambda placed: [list(placed)])
    assert clashes(draw([entry("a", JUNE), entry("b", JUNE)])) == [("a", "b")]


def test_later_is_further_right_and_a_range_is_as_long_as_its_days() -> None:
    picture = draw([entry("a", JUNE), entry("b", JUNE + timedelta(days=10), JUNE + timedelta(days=19))])
    one, other = picture.find("a"), picture.find("b")
    assert one is not None
    assert other is not None
    assert one.is_day
    assert one.right <= other.left
    day = (picture.width - 2 * timeline.MARGIN) / 20
    assert other.right - other.left == pytest.approx(10 * day)
    assert one.centre == pytest.approx(timeline.MARGIN + day / 2)


def test_groups_stand_in_the_order_of_their_first_day_and_the_nameless_last() -> None:
    entries = [
        entry("a", JUNE, group=""),
        entry("b", date(2020, 1, 1), group="B"),
        entry("c", date(2019, 8, 1), group="C"),
    ]
    assert [row.group for row in draw(entries).rows] == ["C", "B", ""]


def test_words_without_room_on_the_right_end_with_their_mark() -> None:
    picture = draw([entry("a", JUNE), entry("b", JUNE + timedelta(days=300))])
    assert [each.ends for each in picture.rows[0].placed] == [False, True]
    assert picture.rows[0].lanes == 1


@pytest.mark.parametrize(
    ("first", "last", "ticks"),
    [
        (date(2019, 6, 12), date(2019, 6, 12), ["12 Jun 2019"]),
        (date(2019, 6, 10), date(2019, 6, 12), ["10 Jun 2019", "11 Jun 2019", "12 Jun 2019"]),
        (date(2019, 6, 12), date(2020, 1, 12), [f"{month} 2019" for month in ("Jul", "Aug", "Sep", "Oct", "Nov", "Dec")] + ["Jan 2020"]),
        (date(2011, 3, 15), date(2020, 1, 12), [str(year) for year in range(2012, 2021)]),
        (date.min, date.max, ["1000", "2000", "3000", "4000", "5000", "6000", "7000", "8000", "9000"]),
    ],
)  # fmt: skip
def test_the_axis_has_few_round_days(first: date, last: date, ticks: list[str]) -> None:
    found = [tick.words for tick in draw([entry("a", first), entry("b", last)]).ticks]
    if first == date.min:
        assert len(found) <= timeline.MOST_TICKS + 2
        assert all(words.endswith("000") for words in found)
    else:
        assert found == ticks


def test_nothing_is_an_empty_picture() -> None:
    assert draw([]).rows == []


def test_words_are_made_fit_for_a_picture() -> None:
    assert legible("a\n b\tc") == "a b c"
    assert legible("x\x00\u202ey\ud800z\ufffe") == "xyz"
    assert legible("m" * 50, 10) == "m" * 9 + "…"
    assert width_of("停") > width_of("a")
    assert GAP > 0

"""Ranking what may speak of the same: what is alike, in which words it is told, in whatever script."""

from __future__ import annotations

from datetime import date

import pytest

from annotator.matching.counterparts import rank, topic
from annotator.matching.days import days_of
from annotator.matching.reasons import in_words
from annotator.matching.signals import Claim, Passage, Rarity
from annotator.matching.words import forms_of, key_of

RARITY = Rarity(1_000)


def passage(text: str, article: str = "", published: date | None = None) -> Passage:
    return Passage(article or text, text, published, topic("", [text]))


def best(claim: Claim, *texts: str) -> str:
    found = rank(claim, [passage(text) for text in texts], RARITY)
    return texts[found[0].at] if found else ""


ALIKE = {
    "English in other forms": ("The bridge was repaired", "Repairs of bridges go on", "The weather is mild"),
    "other words for the same": ("Nine soldiers were killed", "Nine troops died there", "Nine cakes were eaten"),
    "Arabic with its article": ("بدأت الهدنة في المدينة", "وقف إطلاق النار هدنة مدينة", "الطقس جميل اليوم"),
    "Hebrew": ("הפסקת האש נמשכת", "הפסקת האש הופרה", "מזג האוויר נאה"),
    "Chinese without blanks": ("停火协议在周日生效", "双方遵守停火协议", "今天天气很好"),
    "a figure": ("It cost 310 crowns", "The bill was 310 crowns", "It cost nothing"),
}


@pytest.mark.parametrize("case", ALIKE)
def test_what_is_alike_comes_first(case: str) -> None:
    claim, alike, other = ALIKE[case]
    assert best(Claim(claim), other, alike) == alike


def test_what_has_nothing_in_common_is_not_listed() -> None:
    assert rank(Claim("The truce holds"), [passage("Cakes were eaten")], RARITY) == []


def test_every_reason_is_told_in_words() -> None:
    told = passage("In Idlib tens of thousands fled, the Ministry said on Sunday.", published=date(2020, 1, 13))
    claim = Claim(
        "300,000 have fled Idlib",
        speaker="Defence Ministry",
        days=(date(2020, 1, 12), date(2020, 1, 12)),
        story={key_of("Idlib"): "Idlib", key_of("fled"): "fled"},
    )
    (found,) = rank(claim, [told], RARITY)
    assert [in_words(reason) for reason in found.reasons] == [
        "Same word: fled",
        "Same name: Idlib",
        "Number “300,000” ↔ “tens of thousands”, which differ",
        "Same date: 12 January 2020",
        "Its article is about the same: fled, Idlib",
    ]


def test_a_speaker_is_known_by_most_of_the_name() -> None:
    claim = Claim("Nobody was hurt", speaker="Northern Defence Ministry")
    (found,) = rank(claim, [passage("The Northern ministry of defence spoke.")], RARITY)
    assert in_words(found.reasons[-1]) == "Same speaker: Northern Defence Ministry"


def test_the_same_story_makes_the_same_word_say_more() -> None:
    claim = Claim("The bridge is safe", story=topic("Oldport bridge", []))
    texts = ("Bridges are a fine thing.", "The bridge in Oldport has cracks.")
    assert best(claim, *texts) == texts[1]


def test_days_are_those_nearest_to_the_publication() -> None:
    published = date(2020, 1, 15)
    text = "on Sunday, 12 June 2019, 30 December, yesterday, 2018-02-30"
    assert days_of(text, published) == (date(2020, 1, 12), date(2019, 6, 12), date(2019, 12, 30), date(2020, 1, 14))
    assert days_of("on Sunday, 30 December", None) == ()


def test_the_forms_of_a_word_have_its_key() -> None:
    for word in ("strikes", "killed", "cities", "stopped", "evacuated", "agreed", "الهدنة"):
        assert key_of(word) in {key_of(form) for form in forms_of(word)}
        assert key_of(word) == key_of(forms_of(word)[0])
    assert key_of("station") != key_of("state")

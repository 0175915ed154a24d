"""Ranking what may speak of the same: what is alike, in which words it is told, in whatever script."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.matching.counterparts import AT_ONCE, rank, topic
from annotator.matching.days import days_of
from annotator.matching.likeness import Glance, Likeness, Ranked
from annotator.matching.reasons import in_words
from annotator.matching.signals import Claim, Passage, Rarity
from annotator.matching.words import (
    HEAD,
    forms_of,
    keeps_head,
    key_of,
    may_name,
    names_in,
    telling,
    told_in,
    words_of,
    written_in,
)
from tests.support.stories import CHOSEN_ON, HELD_OUT, events

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


def told() -> dict[str, list[str]]:
    """The paragraphs of the stories of all events."""
    stories = [story for folder in (CHOSEN_ON, HELD_OUT) for event in events(folder) for story in event.stories]
    return {f"{number}": story.text.split("\n\n") for number, story in enumerate(stories)}


def test_what_is_left_unread_would_not_have_been_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = told()
    about = {article: topic("", paragraphs) for article, paragraphs in texts.items()}
    passages = [
        Passage(article, text, date(2020, 1, 12), about[article])
        for article, paragraphs in texts.items()
        for text in paragraphs
    ]
    assert len(passages) > 5 * AT_ONCE
    read: list[int] = []
    whole = Likeness.ranked

    def noted(self: Likeness, seen: Glance) -> Ranked:
        read.append(seen.at)
        return whole(self, seen)

    monkeypatch.setattr(Likeness, "ranked", noted)
    for article, paragraphs in list(texts.items())[::5]:
        for text in paragraphs[:2]:
            claim = Claim(text, published=date(2020, 1, 13), story=about[article])
            for most in (1, 10):
                assert rank(claim, passages, RARITY, most=most) == rank(claim, passages, RARITY, most=10_000)[:most]
    assert len(set(read)) == len(passages)
    read.clear()
    rank(Claim(passages[0].text, story=passages[0].story), passages, RARITY)
    assert len(read) < len(passages) / 2


@pytest.mark.parametrize(
    ("claim", "common", "better"),
    [
        ("Workers mended bridges for 310 crowns", "Workers mended", "310 crowns"),
        ("Shelling resumed in Idlib", "Shelling resumed", "Idlib"),
    ],
    ids=["a number", "a name"],
)
def test_what_is_alike_in_more_than_words_is_read_though_others_share_more_of_those(
    claim: str, common: str, better: str
) -> None:
    texts = [*(f"{common}{'.' * number}" for number in range(2 * AT_ONCE)), better]
    assert best(Claim(claim), *texts) == better


LATIN = st.text("aZéÉßāĀªµº×÷0'’.-–“ \n€_", max_size=60) | st.text(st.characters(max_codepoint=0x24F), max_size=20)


@given(LATIN)
def test_the_quick_look_at_latin_texts_finds_the_words_that_the_full_one_finds(text: str) -> None:
    every = words_of(text)
    assert written_in(text) == [word.written for word in every]
    assert told_in(text) == [(word.key, word.written) for word in telling(text)]
    keys = {word.key for word in names_in(text)}
    assert not keys or all(may_name(text, {key}) for key in keys)


def test_signs_without_blanks_are_told_in_pairs() -> None:
    assert told_in("停火 in Sofia") == [("停火", "停火"), ("sofia", "Sofia")]


def test_a_look_at_how_words_begin_misses_none() -> None:
    paragraphs = [text for story in told().values() for text in story]
    odd = (
        "The U.S. Army's iPhones: O'Neil's x.Abc, EU’s, a naïve Émigré, ies ee issues buses, Ayeyarwaddy's " + "q" * 41
    )
    for text in (*paragraphs, odd, odd.upper(), odd.title(), "停火 in Sofia"):
        for written in filter(keeps_head, written_in(text)):
            assert key_of(written)[:HEAD] == written[:HEAD].lower()
        for word in names_in(text):
            assert may_name(text, {word.key})
    assert not may_name("The truce holds in Idlib.", {key_of("Damascus")})

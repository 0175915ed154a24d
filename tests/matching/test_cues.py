"""Cues in a text: what counts as a number, a date, a quotation, an attribution, a hedge or a superlative, and where."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.spans import Span
from annotator.domain.text import plain_blocks
from annotator.matching import cues
from annotator.matching.cues import CueKind


def found(text: str, kind: str, language: str = "en") -> list[str]:
    """The words of each cue of the kind."""
    return [text[cue.start : cue.end] for cue in cues.find(text, plain_blocks(text), language) if cue.kind == kind]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("At least 25 people died.", ["25"]),
        ("It cost 1,200 or 3.5 million.", ["1,200 or 3.5 million"]),
        ("They paid $3.5bn and €20, not £ 5.", ["$3.5bn", "€20", "5"]),
        ("About 60 percent, 12% and 7 %.", ["60 percent", "12%", "7 %"]),
        ("Tens of thousands fled; hundreds stayed.", ["Tens of thousands", "hundreds"]),
        ("Half a dozen of twenty-three towns.", ["Half a dozen of twenty-three"]),
        ("A third left, and one in five returned.", ["A third", "one in five"]),
        ("three to five, 5–6 and 7-8", ["three to five", "5–6 and 7-8"]),
        ("A single one of them, a man and a dog.", []),
        ("dozens, scores of them, two-thirds", ["dozens", "two-thirds"]),
        ("They had F-16s, a 3G phone, COVID-19 and B2.", []),
        ("It is 3km long and 40 kilometres wide.", ["3km", "40 kilometres"]),
        ("10\u202f000 people and 1\u00a0234\u00a0567 more", ["10\u202f000", "1\u00a0234\u00a0567"]),
        ("In 2011 the 2,011 left.", ["2,011"]),
        ("٢٥ people", ["٢٥"]),
        ("the 21st floor", ["21st"]),
        ("It was 25\n$5 it cost", ["25", "$5"]),
        ("Of 5 $20 notes 2€3 were left, or 2$one.", ["5", "$20", "2", "€3", "2$"]),
        ("", []),
    ],
)
def test_numbers(text: str, expected: list[str]) -> None:
    assert found(text, "number") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("On 12 June 2019 it began.", ["12 June 2019"]),
        ("On June 12 it began, on June 12, 2019, it ended.", ["June 12", "June 12, 2019"]),
        ("On Wednesday, 12 June 2019, it began.", ["Wednesday, 12 June 2019"]),
        ("the 12th of June", ["12th of June"]),
        ("June 3rd, 2019 was a day", ["June 3rd, 2019"]),
        ("2019-06-12 and 12.6.2019 and 12/06/19 at 14:05", ["2019-06-12", "12.6.2019", "12/06/19", "14:05"]),
        ("Version 1.2.3 of 2/3 and 1:2:3", []),
        ("He said yesterday that last week was bad.", ["yesterday", "last week"]),
        ("It ended two years ago, 3 days earlier.", ["two years ago, 3 days earlier"]),
        ("Three years passed.", []),
        ("In September 2018 and since the 1990s, until mid-2019.", ["September 2018", "1990s", "2019"]),
        ("It may rain. They march on. In May 2020, May 3 and in March.", ["May 2020, May 3", "March"]),
        ("It cost $2019, #2019 and 2019%.", []),
        ("the previous summer and this spring", ["the previous summer", "this spring"]),
        ("on the Monday", ["Monday"]),
    ],
)
def test_dates(text: str, expected: list[str]) -> None:
    assert found(text, "date") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('He called it "calm" again.', ['"calm"']),
        ("He called it “calm,” again.", ["“calm,”"]),
        ("„Ruhe“, sagte er, »endlich« und «doch».", ["„Ruhe“", "»endlich«", "«doch»"]),
        ("Il a dit « enfin calme ».", ["« enfin calme »"]),
        ("It's the workers' strike, don't you know.", []),
        ("'It's over,' she said. 'Don't ask.'", ["'It's over,'", "'Don't ask.'"]),
        ("‘The workers’ strike is over,’ she said.", ["‘The workers’ strike is over,’"]),
        ("the ’90s and rock ’n’ roll", []),
        ("“He said ‘calm’ to me,” she told us.", ["“He said ‘calm’ to me,”"]),
        ("“We won. They lost. It is over.” They left.", ["“We won. They lost. It is over.”"]),
        ('A board of 6" by 4" and a 5\'10" man.', []),
        ('One " alone.', []),
        ('An empty "" and ". . ." say nothing.', []),
        ("“Never closed.", []),
        ("「静かだ」と言った。", ["「静かだ」"]),
        ("”Lugnt”, sade han.", ["”Lugnt”"]),
        ('(("calm"))', ['"calm"']),
    ],
)
def test_quotations(text: str, expected: list[str]) -> None:
    assert found(text, "quotation") == expected


def test_speech_of_several_paragraphs_is_a_quotation_in_each() -> None:
    text = "“It began at night.\n\n“We ran,” she said."
    assert found(text, "quotation") == ["“It began at night.", "“We ran,”"]


def test_a_straight_mark_that_is_never_closed_does_not_turn_the_rest_inside_out() -> None:
    text = 'A stray" mark, then "one" and "two".'
    assert found(text, "quotation") == ['"one"', '"two"']


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("According to the army, it said so.", "attribution", ["According to", "said"]),
        ("Agencies cited the army as saying so.", "attribution", ["cited", "as saying"]),
        ("It added 200 jobs and added that it was glad.", "attribution", ["added that"]),
        ("The deal was reportedly off and may have failed.", "hedge", ["reportedly", "may have"]),
        ("They came in May. Have you seen it?", "hedge", []),
        ("the so-called truce, an alleged plot", "hedge", ["so-called", "alleged"]),
        ("The complete truce, the first ever.", "superlative", ["complete", "first", "ever"]),
        ("At least it was not at all bad after all.", "superlative", []),
        ("the steepest fall in the West, the rest of the forest", "superlative", ["steepest"]),
        ("They claimed it.", "attribution", ["claimed"]),
        ("They claimed it.", "hedge", ["claimed"]),
        ("A line.\n\nIt is according\nto him", "attribution", ["according\nto"]),
        ("according,  to him", "attribution", []),
        ("They say that nobody can say who has a say.", "attribution", ["say"]),
        ("SAID THE ARMY", "attribution", ["SAID"]),
        ("an unsaid thing", "attribution", []),
    ],
)
def test_wording(text: str, kind: str, expected: list[str]) -> None:
    assert found(text, kind) == expected


@pytest.mark.parametrize(
    ("language", "text", "kind", "expected"),
    [
        ("de", "Laut Polizei sagte er am 3. Mai 2020 nichts.", "date", ["3. Mai 2020"]),
        ("de-CH", "Laut Polizei starben zwei Menschen.", "attribution", ["Laut"]),
        ("de", "Zehntausende flohen, 12 Prozent kehrten zurück.", "number", ["Zehntausende", "12 Prozent"]),
        ("de", "Er war angeblich der erste.", "hedge", ["angeblich"]),
        ("ar", "وقال المتحدث إن عشرات القتلى", "attribution", ["قال", "المتحدث"]),
        ("ar", "قُتِلَ ٢٥ شخصا يوم الأربعاء", "date", ["الأربعاء"]),
        ("ar", "قالَ إن مئات الآلاف نزحوا", "number", ["مئات الآلاف"]),
        ("fr", "Il a dit « non » à 25 personnes.", "number", ["25"]),
        ("fr", "It said so, first of all.", "attribution", []),
        ("", "It said so.", "attribution", ["said"]),
        ("xx_not a tag", "said 25", "number", ["25"]),
    ],
)
def test_languages(language: str, text: str, kind: str, expected: list[str]) -> None:
    assert found(text, kind, language) == expected


def test_offsets_count_code_points_and_nothing_changes_the_text() -> None:
    text = "😀 e\u0301 said “𝒞alm” to 25 people"
    assert found(text, "attribution") + found(text, "quotation") + found(text, "number") == ["said", "“𝒞alm”", "25"]


def test_no_cue_crosses_a_paragraph() -> None:
    text = "It came according\n\nto plan, three\n\nmillion said “no\n\nyes”."
    blocks = plain_blocks(text)
    for cue in cues.find(text, blocks):
        assert any(block.start <= cue.start < cue.end <= block.end for block in blocks)


PIECES = [
    "said", "according to", " ", "  ", "\n\n", "25", "1,200", "%", "$", "June", "12", "2019", ",", ".", "-", "–", "'", "’", '"',
    "“", "”", "«", "»", "„", "‘", "tens of", "a", "one", "and", "of", "may have", "the best", "ago", "years", "e\u0301", "😀", "קול",
    "قال", "و", "\u200f", "\u00ad", "F-", "ß", "İ", "ﬁ", "\u00a0", "٢", "th", "?", "ſ",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join), st.sampled_from(["en", "de", "ar", "fr", ""]))
def test_every_cue_lies_in_one_paragraph_and_is_no_blank(text: str, language: str) -> None:
    blocks = plain_blocks(text)
    known = cues.find(text, blocks, language)
    assert known == sorted(known, key=lambda cue: (cue.start, cue.end, cue.kind))
    assert known == cues.find(text, blocks, language)
    for cue in known:
        words = text[cue.start : cue.end]
        assert words == words.strip() != ""
        assert any(block.start <= cue.start and cue.end <= block.end for block in blocks)
    for kind in CueKind:
        same = [cue for cue in known if cue.kind == kind]
        assert all(one.end <= other.start for one, other in pairwise(same))


HOSTILE: list[Callable[[int], str]] = [
    lambda size: "1,2" * size,
    lambda size: "1 " * size,
    lambda size: "1" * size,
    lambda size: "1:" * size,
    lambda size: "\u00a0111" * size,
    lambda size: "a one " * size,
    lambda size: "one of " * size,
    lambda size: "and " * size,
    lambda size: "‘x " * size,
    lambda size: "‘" * size + "x",
    lambda size: '"' * size,
    lambda size: "“x" * size + "”" * size,
    lambda size: "' " * size,
    lambda size: "s' s" * size,
    lambda size: "„x«y " * size,
    lambda size: "it’s" * size,
    lambda size: "x’" * size,
    lambda size: "according " * size,
    lambda size: "a" * size,
    lambda size: "e\u0301" * size,
    lambda size: "June 12 " * size,
    lambda size: "12/" * size,
    lambda size: "- " * size,
    lambda size: " " * size,
    lambda size: "to the last of the first " * (size // 5),
    lambda size: "“It is. " * size,
]


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_a_hostile_text_ends_and_its_cues_grow_no_faster_than_it(number: int) -> None:
    # A quadratic finder would not come back from this within the patience of any runner.
    text = HOSTILE[number](60_000)
    known = cues.find(text, [Span(0, len(text))])
    assert len(known) <= len(text)

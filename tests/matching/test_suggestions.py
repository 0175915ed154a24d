"""Passages that are worth a look: whole sentences of the story with cues in them, and never all of it."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.extract import extract_markdown
from annotator.domain.text import Block, BlockKind, plain_blocks, sentences
from annotator.matching.suggestions import story_of, suggest

SEEDS = Path(__file__).parents[2] / "seeds"
STORIES = sorted(SEEDS.glob("20*.md"))

FLOOD = (
    "The river rose to 4.2 metres on Tuesday, the highest level since 1954, the water office said. "
    "It was a grey morning. People stood on the bridge and looked. "
    "“We have never seen this. Nobody slept,” said Anna Keller, who runs a bakery. "
    "Will the dam hold for another 12 days? "
    "The mayor reportedly left the town. "
    "The dam may have been damaged, according to two engineers. "
    "She did not answer the telephone."
)
STRIKE = (
    "Drivers of the tram company walked out on Monday, and 80 percent of the trams stayed in the depots. "
    "The company called the strike 'the workers' own mistake'. "
    "Rain fell. "
    "A spokesman said that all lines would run again by Friday. "
    "The union, which has fought for a shorter week, wants more. "
    "It asks for a third more pay."
)


def suggested(text: str, language: str = "en") -> list[str]:
    return [text[found.start : found.end] for found in suggest(text, plain_blocks(text), language)]


def test_sentences_with_strong_cues_are_suggested_and_plain_ones_are_not() -> None:
    assert suggested(FLOOD) == [
        "The river rose to 4.2 metres on Tuesday, the highest level since 1954, the water office said.",
        "“We have never seen this. Nobody slept,” said Anna Keller, who runs a bakery.",
        "The dam may have been damaged, according to two engineers.",
    ]
    assert suggested(STRIKE) == [
        "Drivers of the tram company walked out on Monday, and 80 percent of the trams stayed in the depots.",
        "A spokesman said that all lines would run again by Friday.",
    ]


def test_each_says_why() -> None:
    first, *_ = suggest(FLOOD, plain_blocks(FLOOD))
    assert first.why == ("number", "date", "attribution", "superlative")


@pytest.mark.parametrize(
    ("text", "language"),
    [("Laut Polizei starben 25 Menschen.", "de"), ("وقال المتحدث إن مئات الآلاف نزحوا من المدينة.", "ar")],
)
def test_other_languages(text: str, language: str) -> None:
    assert suggested(text, language) == [text]


def test_furniture_headings_and_questions_are_left_out() -> None:
    parts = ["Army says 25 died", "By 12 people, he said", "What 25 men said", "He said 25 died."]
    text = "\n\n".join(parts)
    kinds = [BlockKind.TITLE, BlockKind.CREDIT, BlockKind.SUBHEADING, BlockKind.PARAGRAPH]
    blocks = [
        Block(kind, text.index(part), text.index(part) + len(part)) for kind, part in zip(kinds, parts, strict=True)
    ]
    found = [text[each.start : each.end] for each in suggest(text, blocks)]
    assert found == ["Army says 25 died", "He said 25 died."]


def test_a_very_long_quotation_does_not_swallow_the_sentences_in_it() -> None:
    text = "“" + "It rose by 25 metres on Sunday. " * 40 + "So it was,” he said."
    found = suggested(text)
    assert len(found) > 30
    assert max(len(each) for each in found) < 600


@pytest.mark.parametrize("story", STORIES, ids=lambda path: path.stem)
def test_of_the_demo_stories_about_half_lights_up(story: Path) -> None:
    extraction = extract_markdown(story.read_text(encoding="utf-8"))
    found = suggest(extraction.text, extraction.blocks)
    total = len(sentences(extraction.text, story_of(extraction.blocks)))
    assert 0.3 <= len(found) / total <= 0.6


def test_most_claims_of_the_demo_lie_in_suggestions() -> None:
    marked, inside = 0, 0
    demo = json.loads((SEEDS / "demo.json").read_text(encoding="utf-8"))
    for story in STORIES:
        extraction = extract_markdown(story.read_text(encoding="utf-8"))
        found = suggest(extraction.text, extraction.blocks)
        for quote in _quotes(demo):
            at = extraction.text.find(quote)
            if at >= 0:
                marked += 1
                inside += any(each.start < at + len(quote) and at < each.end for each in found)
    assert marked > 0
    assert inside / marked >= 0.7


def _quotes(told: object) -> set[str]:
    """Every "quote" in the demo's description, whatever stands around it."""
    if isinstance(told, dict):
        own = {told["quote"]} if isinstance(told.get("quote"), str) else set()
        return own.union(*(_quotes(value) for value in told.values()))
    if isinstance(told, list):
        return set().union(*(_quotes(value) for value in told))
    return set()


PIECES = ["He said ", "25 died. ", "“", "” ", ". ", "? ", "\n\n", "\n", " ", "Mr. ", "e\u0301 ", "😀", "the first ", '"', "It is so. ", "\u2003"]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_every_suggestion_lies_in_one_paragraph_without_blanks_around_it_and_they_never_overlap(text: str) -> None:
    blocks = plain_blocks(text)
    found = suggest(text, blocks)
    assert found == suggest(text, blocks)
    for each in found:
        words = text[each.start : each.end]
        assert words == words.strip() != ""
        assert each.why
        assert any(block.start <= each.start and each.end <= block.end for block in blocks)
    assert all(one.end <= other.start for one, other in pairwise(found))


def test_a_text_of_a_hundred_thousand_sentences_is_read_once() -> None:
    text = "He said that 25 died. “It is so. " * 50_000
    assert len(suggest(text, plain_blocks(text))) > 40_000

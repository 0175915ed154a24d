"""The common workload: a long article with many overlapping spans, the same on every machine."""

from __future__ import annotations

import random

from annotator.domain.rendering import DrawnSpan

WORDS = ("ceasefire", "the", "military", "said", "air", "strikes", "in", "Idlib", "observers", "calm", "except", "two")


def article(words: int, *, seed: int = 1) -> str:
    """`words` words in paragraphs of about 60, in sentences of about 15."""
    rng = random.Random(seed)
    text: list[str] = []
    for number in range(1, words + 1):
        text.append(rng.choice(WORDS))
        text.append("\n\n" if number % 60 == 0 else ". " if number % 15 == 0 else " ")
    return "".join(text).strip()


def spans(text: str, count: int, *, seed: int = 2) -> list[DrawnSpan]:
    """`count` spans of 20 to 200 characters anywhere in `text`: many overlap, nest and cross."""
    rng = random.Random(seed)
    starts = (rng.randrange(len(text) - 200) for _ in range(count))
    return [
        DrawnSpan(f"{number:08d}", start, start + rng.randint(20, 200), 1 + number % 3, "abc"[number % 3])
        for number, start in enumerate(starts)
    ]

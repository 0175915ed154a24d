"""What several documents of a release say in the same words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

LAYERS = {
    "gold": "the settled claims, a row for each",
    "annotations": "every reviewer's own claims, and what became of each",
    "evidence": "the evidence of all claims, a row for each item",
    "links": "relations between two claims",
    "articles": "the articles, without their text",
    "decisions": "how each question was settled, and why",
    "dissent": "in what each reviewer's answer differs from a settled claim",
    "texts": "the texts that the claims are about, by their hashes",
    "splits": "train, dev or test, for each article",
}

_SPDX = re.compile(r"[A-Za-z0-9.+-]+")
_ADDRESS = re.compile("https?://[^ ]+")


def lines(said: str) -> list[str]:
    """What stands on each line that is not blank."""
    return [line.strip() for line in said.splitlines() if line.strip()]


def quoted(said: str) -> str:
    """A text as YAML takes it: every JSON string is a YAML string in double quotes."""
    return json.dumps(said, ensure_ascii=False)


def spdx(licence: str) -> str:
    """The licence if it is written as an SPDX identifier, such as CC-BY-4.0, else nothing."""
    return (
        licence
        if _SPDX.fullmatch(licence) and any(character.isdigit() or character == "-" for character in licence)
        else ""
    )


def address(said: str) -> str:
    """The address if it is one and nothing else, else nothing."""
    return said if _ADDRESS.fullmatch(said) else ""


def annotation_protocol(manifest: Mapping[str, Any]) -> str:
    """How the claims came to be, as far as the rules of the project tell."""
    rules, guideline = manifest["rules"], manifest["guideline_version"]
    reviewers = rules["reviewers_for_each_article"]
    sentences = [
        (
            f"Each article was given to {counted(reviewers, 'reviewer')}, who marked passages of its text that make a claim and "
            f"gave each one of {counted(len(manifest['labels']), 'label')}"
        ),
        "Reviewers did not see each other's claims before they had submitted their own"
        if rules["blind"]
        else "Reviewers could see each other's claims",
        "An adjudicator, who did not review the article, settled every question in which they differed, and could give reasons",
        f"Version {guideline} of a written guideline was in force" if guideline else "There was no written guideline",
    ]
    if rules["merge_strategy"] != "none":
        sentences.append(
            f"Questions could be settled by rule ({rules['merge_strategy']}); the decisions say which were"
        )
    if rules["discussion"]:
        sentences.append("After the blind vote an article could be revealed to its reviewers for discussion")
    return ". ".join(sentences) + "."


def agreement(manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The figures that a reader looks for first: what they are, and the number with its interval."""
    figures = manifest["agreement"]
    chosen = [
        ("Claims of one reviewer that another one marked too (any overlap)", figures["found"]["any_overlap"]),
        ("Krippendorff's α of the labels of claims that two marked", figures["labels"]["alpha"]),
        ("Krippendorff's u-α of passages and labels together", figures["unitizing"]["u_alpha"]),
    ]
    return [(words, _figure(figure)) for words, figure in chosen]


def counted(number: int, noun: str) -> str:
    """The number with its noun: 1 label, 2 labels, 3 people."""
    several = "people" if noun == "person" else f"{noun}s"
    return f"{number:,} {noun if number == 1 else several}"


def listed(points: Iterable[str]) -> str:
    """A list in Markdown."""
    return "\n".join(f"- {point}" for point in points)


def _figure(figure: Mapping[str, Any]) -> str:
    value = figure.get("value")
    if value is None:
        return f"not known ({str(figure.get('why') or 'too little was marked').rstrip('.')})"
    low, high = figure.get("low"), figure.get("high")
    interval = f" (95 % interval {low:.2f} to {high:.2f})" if low is not None and high is not None else ""
    return f"{value:.2f}{interval}"

"""DATASHEET.md of a release: the headings and questions of T. Gebru et al., Datasheets for Datasets (2021), in short.

What the tool knows is filled in; the rest is for the people who made the dataset, and says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from annotator.formats.release.words import LAYERS, agreement, annotation_protocol, counted, lines, listed

BLANK = "*To be filled in by the creators.*"


def datasheet(manifest: Mapping[str, Any]) -> str:
    """The datasheet in Markdown."""
    card = manifest["dataset"]
    parts = [f"# Datasheet of {card['title']}, version {manifest['version']}"]
    for heading, questions in _sections(manifest):
        parts.append(f"## {heading}")
        for question, answer in questions:
            parts += [f"**{question}**", answer or BLANK]
    return "\n\n".join(parts) + "\n"


def _sections(manifest: Mapping[str, Any]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    card, articles, people = manifest["dataset"], manifest["articles"], manifest["people_counted"]
    yield (
        "Motivation",
        [
            ("For what purpose was the dataset created?", card["description"]),
            ("Who created it, and on whose behalf?", ", ".join(lines(card["creators"]))),
            ("Who funded it?", ""),
        ],
    )
    yield "Composition", [
        (
            "What do the instances represent, and how many are there?",
            (f"Claims in news articles: {counted(manifest['layers']['gold']['rows'], 'settled claim')} in "
            f"{counted(manifest['finished_articles'], 'article')} with {articles['words']:,} words."),
        ),
        ("Is it a sample of a larger set?", card["selection"]),
        (
            "What does each instance consist of?",
            listed(f"`{layer}`: {LAYERS.get(layer, layer)} ({counted(each['rows'], 'row')})" for layer, each in manifest["layers"].items()),
        ),
        ("Is there a label with each instance?", listed(_label(each) for each in manifest["labels"])),
        ("Is anything missing?", _missing(manifest)),
        ("Are there recommended splits?", _splits(manifest)),
        ("Are there errors, noise or redundancies?", card["limits"]),
        ("Does it rely on outside sources?", "Addresses of articles and of evidence may vanish or change." if manifest["text"] != "full" else "The texts are in it. Addresses of evidence may vanish or change."),
        ("Does it hold confidential, offensive or personal content?", card["sensitive"]),
    ]  # fmt: skip
    yield (
        "Collection process",
        [
            ("How were the articles chosen and acquired?", card["selection"]),
            ("Over what time?", _days(articles)),
            (
                "Who took part, and how were they paid?",
                f"{people['reviewers']} reviewed, {people['adjudicators']} adjudicated. Their payment is not known to the tool.",
            ),
            ("Was there an ethical review? Were the people concerned told?", ""),
        ],
    )
    yield (
        "Preprocessing, cleaning, labelling",
        [
            (
                "How was the text prepared?",
                "It is stored as it was imported, and never changed; every text has its SHA-256.",
            ),
            ("How was it labelled?", annotation_protocol(manifest)),
            ("How far did the reviewers agree?", listed(f"{words}: {figure}" for words, figure in agreement(manifest))),
            ("Is the software available?", manifest["software"]),
        ],
    )
    yield (
        "Uses",
        [
            ("What is it meant for?", card["uses"]),
            ("What should it not be used for?", ""),
            ("Is there anything that may affect later uses?", card["limits"]),
        ],
    )
    yield (
        "Distribution",
        [
            ("Under which licence?", card["licence"]),
            (
                "When and where?",
                ", ".join(part for part in (f"Frozen on {manifest['date']}", card["homepage"]) if part),
            ),
            (
                "Do others hold rights in it?",
                "" if manifest["text"] == "none" else "The quoted texts are those of their publishers.",
            ),
        ],
    )
    yield (
        "Maintenance",
        [
            ("Who maintains it, and how are they reached?", card["contact"]),
            ("Will it be changed?", card["maintenance"] or f"Version {manifest['version']} never changes. {BLANK}"),
        ],
    )


def _label(label: Mapping[str, Any]) -> str:
    return f"`{label['key']}` ({counted(label['gold'], 'claim')}): {' '.join(label['definition'].split()) or BLANK}"


def _missing(manifest: Mapping[str, Any]) -> str:
    found = {
        "full": "Articles whose adjudication is not finished are left out.",
        "context": "The articles' texts are left out, and articles whose adjudication is not finished.",
        "none": "All text of articles and evidence is left out, and articles whose adjudication is not finished.",
    }[str(manifest["text"])]
    return (
        found
        + {"names": "", "pseudonyms": " Names are replaced by pseudonyms.", "none": " Names are left out."}[
            str(manifest["people"])
        ]
    )


def _splits(manifest: Mapping[str, Any]) -> str:
    splits = manifest["splits"]
    if splits is None:
        return "No."
    return f"Yes, {splits['shares']} (train, dev, test), with copies of one text on one side: `data/splits.csv`."


def _days(articles: Mapping[str, Any]) -> str:
    days = list(dict.fromkeys(day for day in (articles["published_from"], articles["published_to"]) if day))
    return f"The articles were published {' to '.join(days)}." if days else ""

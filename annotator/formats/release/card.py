"""README.md of a release: a dataset card with the YAML front matter that dataset hubs read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from annotator.domain.publication import SPLITS
from annotator.formats.release.words import (
    LAYERS,
    address,
    agreement,
    annotation_protocol,
    counted,
    lines,
    listed,
    quoted,
    spdx,
)

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))

_TEXT = {
    "full": "The package carries the texts of the articles (`texts/`) and the claims' quotes with their context.",
    "context": "The claims' quotes are given with up to {context} characters before and after; the articles' texts are not.",
    "none": "No text of the articles or of evidence is given. Places and hashes are, and whoever has the articles can fill "
    "in the quotes: see below.",
}
_PEOPLE = {
    "names": "Reviewers and adjudicators are called by their names.",
    "pseudonyms": "Reviewers and adjudicators have pseudonyms, which stay the same in all releases of the project. Notes and "
    "justifications are as they were written.",
    "none": "Reviewers and adjudicators are not named. Notes and justifications are as they were written.",
}


def dataset_card(manifest: Mapping[str, Any]) -> str:
    """The card in Markdown."""
    card = manifest["dataset"]
    parts = [
        _front_matter(manifest),
        f"# {card['title']}, version {manifest['version']}",
        card["description"],
        manifest["note"],
        "## What is in it",
        _contents(manifest),
        _table(manifest),
        (
            "Offsets are half-open ranges `[start, end)` of Unicode code points of the article's text, from 0. An empty cell in "
            "CSV, or `null` in JSON lines, means: not given. `manifest.json` has the SHA-256 of every file; so has `SHA256SUMS`."
        ),
        _against_dates(manifest),
        "## Labels",
        _labels(manifest),
        "## How it was made",
        annotation_protocol(manifest),
        (
            f"{counted(manifest['people_counted']['reviewers'], 'person')} reviewed, "
            f"{counted(manifest['people_counted']['adjudicators'], 'person')} adjudicated."
        ),
        "How far the reviewers agreed before anything was settled:",
        listed(f"{words}: {figure}" for words, figure in agreement(manifest)),
        *_splits(manifest),
        *_filling(manifest),
        "## Use",
        f"Intended use: {card['uses'] or 'not said.'}",
        f"Limits: {card['limits'] or 'not said.'}",
        f"Licence: {card['licence'] or 'not said. Without one nobody else may use the dataset: ask who made it.'}",
        f"Contact: {card['contact'] or 'not said.'}",
        "`CITATION.cff` says how to cite it; `DATASHEET.md` has the questions of Datasheets for Datasets.",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _front_matter(manifest: Mapping[str, Any]) -> str:
    card, articles, layers = manifest["dataset"], manifest["articles"], manifest["layers"]
    licence = card["licence"]
    found = ["---", f"pretty_name: {quoted(card['title'])}"]
    if articles["languages"]:
        found += ["language:", *(f"- {quoted(each)}" for each in articles["languages"])]
    if spdx(licence):
        found.append(f"license: {quoted(licence.lower())}")
    elif licence:
        found += ["license: other", f"license_name: {quoted(licence)}"]
        found += [f"license_link: {quoted(licence)}"] if address(licence) else []
    found += ["task_categories:", "- token-classification", "- text-classification"]
    found += ["tags:", *(f"- {quoted(each)}" for each in ["fact-checking", *lines(card["keywords"])])]
    rows = layers["gold"]["rows"]
    found += ["size_categories:", f"- {quoted(next((name for most, name in _SIZES if rows < most), 'n>1M'))}"]
    # A hub cannot load a table without rows.
    filled = [layer for layer, described in layers.items() if described["rows"]]
    found.append("configs:")
    for layer in filled:
        found += [f"- config_name: {layer}", f"  data_files: data/{layer}.jsonl"]
        found += ["  default: true"] if layer == filled[0] else []
    return "\n".join([*found, "---"])


def _contents(manifest: Mapping[str, Any]) -> str:
    articles = manifest["articles"]
    days = " to ".join(dict.fromkeys(day for day in (articles["published_from"], articles["published_to"]) if day))
    facts = [
        f"{counted(manifest['layers']['gold']['rows'], 'settled claim')} in {counted(manifest['finished_articles'], 'article')}"
        + (f", published {days}" if days else ""),
        f"from {counted(articles['publishers'], 'publisher')}" if articles["publishers"] else "",
        f"languages: {', '.join(articles['languages'])}" if articles["languages"] else "",
    ]
    sentences = [_TEXT[manifest["text"]].format(context=manifest["context"]), _PEOPLE[manifest["people"]]]
    return "; ".join(fact for fact in facts if fact) + ". " + " ".join(sentences)


def _table(manifest: Mapping[str, Any]) -> str:
    rows = [
        f"| `data/{layer}.csv`, `data/{layer}.jsonl` | {described['rows']:,} | {LAYERS.get(layer, layer)} |"
        for layer, described in manifest["layers"].items()
    ]
    return "\n".join(["| file | rows | what it is |", "|---|---:|---|", *rows])


def _against_dates(manifest: Mapping[str, Any]) -> str:
    count = len(manifest["contradictions_against_dates"])
    if not count:
        return ""
    return (
        f"{counted(count, 'gold link')} of the relation `contradicts` {'joins' if count == 1 else 'join'} claims that are about "
        "different times by the dates given here, so both can be true. `contradictions_against_dates` in `manifest.json` has "
        f"{'its id' if count == 1 else 'their ids'}."
    )


def _labels(manifest: Mapping[str, Any]) -> str:
    return "\n".join(
        [
            "| label | settled claims | what it means |",
            "|---|---:|---|",
            *(
                f"| `{each['key']}` ({_cell(each['name'])}) | {each['gold']:,} | {_cell(each['definition'])} |"
                for each in manifest["labels"]
            ),
        ]
    )


def _splits(manifest: Mapping[str, Any]) -> list[str]:
    splits = manifest["splits"]
    if splits is None:
        return []
    sizes = ", ".join(f"{side} {splits['articles'][side]:,}" for side in SPLITS)
    return [
        "## Train, dev and test",
        (
            f"`data/splits.csv` gives each article its side ({sizes} articles; shares {splits['shares']}). All claims of an "
            "article are on its side, and so are all copies of it: articles with the same or nearly the same text, as a wire "
            f"text has in many papers ({counted(splits['copies']['groups'], 'group')} here). Independent stories on one event may "
            "be on different sides; `article_group` in `data/articles.csv` tells which belong together. The side is that of the "
            f'first eight bytes of SHA-256("{splits["seed"]}:COPY_GROUP") as a fraction, so that more articles move none.'
        ),
    ]


def _filling(manifest: Mapping[str, Any]) -> list[str]:
    if manifest["text"] != "none":
        return []
    width = manifest["context"]
    return [
        "## Filling in the text",
        (
            "The columns `exact`, `prefix` and `suffix` are empty, and so is `quote` of evidence, which comes from other "
            "places. With the program that made this dataset and a folder of the articles:"
        ),
        "```\nannotator fill THIS_FOLDER_OR_ZIP FOLDER_OF_TEXTS -o FILLED.zip\n```",
        (
            "It needs no database and runs nothing of the package. A text is known by its SHA-256 (`data/texts.csv`); the file "
            "may hold the text itself in UTF-8, or be the HTML, Markdown, CSV or JSON lines that it was imported from. What "
            "does not match is refused with a list. The files that come out hash to what `manifest.json` says under `filled`."
        ),
        (
            "Without the program: find the text whose SHA-256 is `article_sha256`. In code points, `exact` is "
            f"`text[start:end]`, `prefix` is `text[max(0, start - {width}):start]`, `suffix` is `text[end:end + {width}]`."
        ),
    ]


def _cell(said: str) -> str:
    return " ".join(said.split()).replace("|", "\\|")

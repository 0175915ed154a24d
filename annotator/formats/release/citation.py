"""CITATION.cff of a release (Citation File Format 1.2.0, https://citation-file-format.github.io)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from annotator.formats.release.words import address, lines, quoted, spdx


def citation(manifest: Mapping[str, Any]) -> str:
    """How to cite the dataset. Creators are entities by name: which part of a name is the family's is not known."""
    card = manifest["dataset"]
    licence = card["licence"]
    # The format wants at least one author; what nobody said is said to be unknown.
    creators = lines(card["creators"]) or ["The creators are not named"]
    found = [
        "cff-version: 1.2.0",
        f"message: {quoted('If you use this dataset, please cite it as below.')}",
        "type: dataset",
        f"title: {quoted(card['title'])}",
        *([f"abstract: {quoted(card['description'])}"] if card["description"] else []),
        f"version: {quoted(manifest['version'])}",
        f"date-released: {quoted(manifest['date'])}",
        "authors:",
        *(f"  - name: {quoted(creator)}" for creator in creators),
        *([f"license: {quoted(spdx(licence))}"] if spdx(licence) else []),
        *([f"license-url: {quoted(address(licence))}"] if address(licence) else []),
        *([f"url: {quoted(address(card['homepage']))}"] if address(card["homepage"]) else []),
        *(
            ["keywords:", *(f"  - {quoted(word)}" for word in lines(card["keywords"]))]
            if lines(card["keywords"])
            else []
        ),
    ]
    return "\n".join(found) + "\n"

"""What is written about a release when it is frozen: a dataset card, Croissant metadata, a datasheet, a citation.

Each module writes one of them from the manifest alone. What the manifest does not know is left blank or left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from annotator.formats.release.card import dataset_card
from annotator.formats.release.citation import citation
from annotator.formats.release.croissant import croissant
from annotator.formats.release.datasheet import datasheet


def documents(manifest: Mapping[str, Any]) -> dict[str, bytes]:
    """The documents of a release by file name. The same manifest gives the same bytes."""
    return {
        "README.md": dataset_card(manifest).encode(),
        "croissant.json": orjson.dumps(croissant(manifest), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE),
        "DATASHEET.md": datasheet(manifest).encode(),
        "CITATION.cff": citation(manifest).encode(),
    }

"""Files with a great many articles, and the program with the fault that would hold all of one."""

from __future__ import annotations

import json
import random
from pathlib import Path

# Everything in one transaction, held in memory as a whole; without the look for copies.
IN_ONE_TRANSACTION = """
from annotator.services import copy_finding, unlisted_imports

copy_finding.AFTER_IMPORT = 0
unlisted_imports.BATCH_ARTICLES, unlisted_imports.BATCH_CHARACTERS = 10**9, 10**12
from annotator.cli import main

main()
"""
WORDS = [f"word{number}" for number in range(5_000)]


def write_articles(path: Path, count: int) -> Path:
    """Articles of about 500 words, each another story, as JSON lines."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            chance = random.Random(number)
            text = "\n\n".join(" ".join(chance.choices(WORDS, k=60)) + "." for _ in range(8))
            file.write(json.dumps({"text": text, "external_id": f"{number}"}) + "\n")
    return path

"""Files with a great many articles; the program held after its first batch, and the one with the fault of holding all."""

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
# Waits after its first batch, in a file tells that it is stored, and goes on when the other file is there.
HELD = """
import os, time
from pathlib import Path

from annotator.services import unlisted_imports

folder, batches = Path(os.environ["HELD"]), unlisted_imports.batches


def held(records):
    for number, batch in enumerate(batches(records)):
        if number == 1:
            (folder / "stored").touch()
            while not (folder / "go-on").exists():
                time.sleep(0.001)
        yield batch


unlisted_imports.batches = held
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

"""What a program holds that has only started: the large libraries come with the first who asks for what they do."""

from __future__ import annotations

import subprocess
import sys

LATER = {"rapidfuzz", "bleach", "nh3", "markdown_it", "numpy", "trafilatura"}

START = """
import sys, tempfile
from pathlib import Path
from annotator import create_app
create_app({"instance": Path(tempfile.gettempdir()), "secret_key": "k" * 40, "database_url": "sqlite://"})
print(*sys.modules, sep="\\n")
"""


def loaded(program: str) -> set[str]:
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(ended.stdout.split())


def test_an_app_that_starts_loads_nothing_that_only_few_requests_need() -> None:
    modules = loaded(START)
    assert "annotator.views.articles" in modules
    assert not LATER & modules


def test_a_module_that_loads_them_for_everybody_is_caught() -> None:
    assert LATER & loaded("import annotator.domain.html_gates\n" + START) == {"bleach", "nh3", "markdown_it"}

"""What a program holds that has only started: the large libraries come with the first who asks for what they do."""

from __future__ import annotations

import subprocess
import sys

LATER = {"rapidfuzz", "bleach", "nh3", "markdown_it", "numpy", "trafilatura", "email_validator"}
OTHER_DATABASE = "sqlalchemy.dialects.postgresql"

START = """
import sys, tempfile
from pathlib import Path
from annotator import create_app
create_app({"instance": Path(tempfile.gettempdir()), "secret_key": "k" * 40, "database_url": "sqlite://"})
print(*sys.modules, sep="\\n")
"""


def printed(program: str) -> list[str]:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()


def loaded(program: str) -> set[str]:
    return set(printed(program))


def test_an_app_that_starts_loads_nothing_that_only_few_requests_need() -> None:
    modules = loaded(START)
    assert "annotator.views.articles" in modules
    assert not (LATER | {OTHER_DATABASE}) & modules


def test_a_module_that_loads_them_for_everybody_is_caught() -> None:
    assert LATER & loaded("import annotator.domain.html_gates\n" + START) == {"bleach", "nh3", "markdown_it"}
    index = "from sqlalchemy import Column, Index\nIndex('x', Column('a'), postgresql_where='')\n"
    assert OTHER_DATABASE in loaded(index + START)


COUNTED = """
import tempfile
from pathlib import Path
from flask import url_for
from werkzeug.routing import Rule
from annotator import create_app

made, make = [], Rule._compile_builder

def counting(rule, append_unknown=True):
    made.append(rule)
    return make(rule, append_unknown)

Rule._compile_builder = counting
app = create_app({"instance": Path(tempfile.gettempdir()), "secret_key": "k" * 40, "database_url": "sqlite://"})
print(len(made))
with app.test_request_context():
    for _ in range(2):
        assert url_for("articles.annotate", article_id="23456789abcdefgh") == "/articles/23456789abcdefgh"
        print(len(made))
"""
"""How many functions that build addresses an app made until it had started, and after the first and second address."""


def test_rules_make_what_builds_their_addresses_when_they_are_first_asked() -> None:
    at_start, after_one, after_two = printed(COUNTED)
    assert int(at_start) <= 2  # The rule of static files, which Flask adds by itself.
    assert int(after_one) == int(after_two) == int(at_start) + 1


def test_rules_that_make_it_at_once_are_caught() -> None:
    at_once = "from annotator.routing import LateRule\ndel LateRule._compile_builder\n"
    at_start, after_one, _ = printed(at_once + COUNTED)
    assert int(at_start) == int(after_one) > 400


LOOKED = """
import gc, sys

looks = []
gc.callbacks.append(lambda phase, info: phase == "start" and looks.append(info["generation"]))
from annotator import create_app
print(len(looks), gc.get_freeze_count() > 100_000, gc.isenabled())
"""
"""How often the collector looked for garbage while the program was loaded, whether it passes over that since, and is on."""


def test_the_collector_rests_while_the_program_is_loaded() -> None:
    looks, frozen, enabled = printed(LOOKED)
    assert int(looks) < 40  # Until the module that lets it rest is loaded itself.
    assert [frozen, enabled] == ["True", "True"]


def test_a_collector_that_does_not_rest_is_caught() -> None:
    restless = "import sys, types, contextlib\nfake = types.ModuleType('annotator.collector')\n"
    restless += "fake.resting = contextlib.nullcontext\nsys.modules['annotator.collector'] = fake\n"
    looks, frozen, _ = printed(restless + LOOKED)
    assert int(looks) > 100
    assert frozen == "False"

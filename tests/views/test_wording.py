"""What forms say in their own words: the sentences of WTForms say what is wrong, ours what to do."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import pytest
from flask import Flask

from annotator.forms.wording import WORDS
from tests.support.desk import Desk
from tests.support.people import Browser

# Those that a request can never call forth here: misuse by a program, and fields and validators that no form has.
UNHEARD = re.compile(
    r"Choices cannot be None|Invalid (field name|input|value|email|IP|Mac|URL|UUID)|This field (cannot be|is disabled)"
    r"|(datetime|time|week|decimal) value|Field must be|Date must be"
)


def sentences() -> set[str]:
    """Everything that this version of WTForms asks a translation for."""
    spec = find_spec("wtforms")
    assert spec is not None
    assert spec.origin is not None
    folder = Path(spec.origin).parent
    code = "\n".join(path.read_text("utf-8") for path in (folder / "validators.py", *folder.glob("fields/*.py")))
    calls = re.findall(r'gettext\(\s*("[^"]+"(?:,\s*"[^"]+")?)', code)
    return {sentence for call in calls for sentence in re.findall(r'"([^"]+)"', call)}


def test_whatever_a_form_may_say_is_in_our_words() -> None:
    heard = {sentence for sentence in sentences() if not UNHEARD.search(sentence)}
    assert heard == set(WORDS)


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("q=truce&since=yesterday", "Write the day like this: 2019-06-12."),
        ("q=" + "a" * 2_001, "Shorten this to 2000 characters."),
        ("q=truce&kind=none", "This cannot be chosen here."),
    ],
)
def test_a_filter_that_cannot_be_read_says_the_way_out(desk: Desk, query: str, words: str) -> None:
    desk.article()
    ada = Browser(desk.app, desk.app.test_client()).sign_in("ada@example.org")
    page = ada.get(f"/projects/truce/search?{query}").text
    assert words in page
    assert "Not a valid" not in page

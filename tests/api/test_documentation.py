"""docs/api.md: its examples work as they stand, and its tables say what there is."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from annotator.domain.scopes import SCOPES
from tests.support.program import Office, Program

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
EXAMPLES = [block for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) if block.startswith("curl")]
TEXT = "The ceasefire held. Nobody was hurt."
AS_MANAGER = ("/projects/", "-X PATCH")


def run(example: str, program: Program, article: str) -> TestResponse:
    """Send what the curl of the example would send."""
    method, headers, body, address = "", {}, None, ""
    words = iter(shlex.split(example.replace("\\\n", " "))[1:])
    for word in words:
        if word == "-X":
            method = next(words)
        elif word == "-H":
            name, _, value = next(words).partition(": ")
            headers[name] = value.replace("Bearer $TOKEN", program.headers["Authorization"])
        elif word == "-d":
            body = next(words).encode()
        elif word == "-o":
            next(words)
        else:
            address = word
    assert address.startswith("$SITE/")
    path = address.removeprefix("$SITE").replace("$ARTICLE", article)
    return program.client.open(path, method=method or ("POST" if body else "GET"), data=body, headers=headers)


def test_the_examples_work_one_after_the_other(office: Office) -> None:
    article = office.article(text=TEXT)
    assert len(EXAMPLES) >= 8
    for example in EXAMPLES:
        program = office.mia if any(part in example for part in AS_MANAGER) else office.ada
        answer = run(example, program, article)
        assert answer.status_code in {200, 201}, (example, answer.text)
    marked = office.ada.get(f"/articles/{article}/annotations").json["items"]
    assert [each["exact"] for each in marked] == ["The ceasefire held", "ceasefire held"]


@pytest.mark.parametrize(("right", "wrong"), [('"label"', '"labl"'), ('"end": 13', '"end": 999')])
def test_an_example_that_is_wrong_is_caught(office: Office, right: str, wrong: str) -> None:
    (example,) = [each for each in EXAMPLES if '"end": 13' in each]
    assert run(example.replace(right, wrong), office.ada, office.article(text=TEXT)).status_code == 422


def test_the_scopes_are_all_there_in_the_same_words() -> None:
    assert dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", PAGE, re.MULTILINE)) == {
        str(scope): words for scope, words in SCOPES.items()
    }

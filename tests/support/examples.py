"""The examples of the API's description as calls to a real project, one after another.

`python -m tests.support.examples` writes the answers of the file anew.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import create_engine

from annotator import create_app
from annotator.api import examples
from annotator.api.routes import OPERATIONS
from annotator.engines import prepare_engine
from annotator.migrations import upgrade
from annotator.services import webhook_origins
from tests.support.program import Office

PATHS = {each.endpoint.rpartition(".")[2]: (each.method, each.rule) for each in OPERATIONS}
# What is another one each time. The letter of a reviewer and the order of people depend on their ids.
CHANCE = re.compile(
    r"(?P<time>\d{4}-\d\d-\d\dT[\d:.]+Z)|(?P<hash>\b[0-9a-f]{64}\b)|(?P<secret>\bwhsec_[\w+/=-]+)"
    r"|(?P<person>\bperson-[a-z2-7]{10}\b)|(?P<letter>\bReviewer [A-Z]\b)"
    r"|(?P<uuid>\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}\b)|(?P<id>\b[2-9a-hjkmnp-z]{16}\b)"
)
KEPT = frozenset({"id", "uuid"})
NOTHING = object()
OPEN = "manifest"
"""A member that may hold anything: the examples show some of it, so that they can be read."""


class Replay:
    """Makes the calls in turn; `names` tells which id of the file is which one here."""

    def __init__(self, app: Flask) -> None:
        self.office = Office(app)
        self.names: dict[str, str] = {}

    def answers(self, steps: Iterable[dict[str, Any]]) -> Iterable[tuple[dict[str, Any], dict[str, Any]]]:
        """Each call of the file, and the same with what is really answered, in the words of the file."""
        for step in steps:
            if step.get("step") == "article":
                self.names[step["id"]] = self.office.article(text=step["text"], title=step["title"])
            elif "step" in step:
                self.office.desk.write(partial(webhook_origins.allow, step["address"]))
            else:
                yield step, self._made(step)

    def _made(self, call: dict[str, Any]) -> dict[str, Any]:
        method, rule = PATHS[call["operation"]]
        here = json.loads(self._renamed(json.dumps(call), self.names))
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda part: here["path"][part[1]], rule)
        query = f"?{urlencode(here['query'])}" if "query" in here else ""
        program = getattr(self.office, call["as"])
        path = path.removeprefix("/api/v1") + query
        answer = program.call(method, path, here.get("body"), version=here.get("if_match"))
        made = {name: value for name, value in call.items() if name not in {"status", "answer"}}
        made["status"] = answer.status_code
        if answer.is_json or answer.mimetype == "text/csv":
            real = answer.json if answer.is_json else answer.get_data(as_text=True)
            made["answer"] = self.told(call.get("answer", NOTHING), real)
        return made

    def told(self, stored: Any, real: Any) -> Any:
        """`real` in the ids and times of `stored`, as far as the two are of one shape."""
        if isinstance(real, dict):
            old = stored if isinstance(stored, dict) else {}
            told = {name: self.told(old.get(name, NOTHING), value) for name, value in real.items()}
            if isinstance(old.get(OPEN), dict):
                told[OPEN] = {name: value for name, value in told[OPEN].items() if name in old[OPEN]}
            return told
        if isinstance(real, list):
            olds = stored if isinstance(stored, list) else []
            return [self.told(olds[n] if n < len(olds) else NOTHING, value) for n, value in enumerate(real)]
        if not isinstance(real, str):
            return real
        back = {value: name for name, value in self.names.items()}
        if isinstance(stored, str) and _shape(stored) == _shape(real):
            pairs = zip(CHANCE.finditer(stored), CHANCE.finditer(real), strict=True)
            for one, other in pairs:
                if one.lastgroup in KEPT and back.setdefault(other[0], one[0]) != one[0]:
                    # It has another name by now: the file takes one thing for two.
                    return self._renamed(real, back)
                if one.lastgroup in KEPT:
                    self.names[one[0]] = other[0]
            return stored
        return self._renamed(real, back)

    def _renamed(self, text: str, names: dict[str, str]) -> str:
        return CHANCE.sub(lambda found: names.get(found[0], found[0]), text)


def _shape(text: str) -> str:
    return CHANCE.sub(lambda found: f"<{found.lastgroup}>", text)


def steps() -> list[dict[str, Any]]:
    """Everything in the file, with what has to be there before some of the calls."""
    found: list[dict[str, Any]] = json.loads(examples.FILE.read_text(encoding="utf-8"))
    return found


def _write_anew() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/examples.db"
        engine = create_engine(url)
        prepare_engine(engine, busy_seconds=30)
        upgrade(engine)
        engine.dispose()
        app = create_app(
            {
                "instance": Path(folder),
                "database_url": url,
                "secret_key": "a key of the examples, long enough to be taken",
            }
        )
        written = steps()
        made = {id(call): answered for call, answered in Replay(app).answers(written)}
    examples.FILE.write_text(_in_lines([made.get(id(step), step) for step in written]) + "\n", encoding="utf-8")


def _in_lines(value: Any, indent: str = "") -> str:
    """JSON in which a line holds whatever has room on it."""
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or len(indent) + len(flat) <= 110:
        return flat
    inner = indent + "  "
    if isinstance(value, list):
        return f"[\n{inner}" + f",\n{inner}".join(_in_lines(each, inner) for each in value) + f"\n{indent}]"
    parts = (f"{json.dumps(name)}: {_in_lines(each, inner)}" for name, each in value.items())
    return f"{{\n{inner}" + f",\n{inner}".join(parts) + f"\n{indent}}}"


if __name__ == "__main__":
    _write_anew()

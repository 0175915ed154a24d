"""Long articles with many claims, stored as reviewers would store them, and a client that times what the server does."""

from __future__ import annotations

import json
import random
import re
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

from annotator import create_app
from annotator.db import db
from annotator.domain.claims import Claim, Evidence, SourceKind, Speaker, SpeakerMode, Stance
from annotator.services import annotations as annotations_service
from annotator.services import sign_in
from benchmarks.workload import article, spans
from tests.support.desk import Desk

WORDS = (5_000, 50_000)
CLAIMS = (0, 100, 1_000, 5_000)
ROUNDS = 5
SAVES = 9
LABELS = ("sourced", "disputed", "unverified")


@dataclass
class Case:
    """One article of so many words and claims, and what was measured on it: milliseconds and bytes by name."""

    words: int
    claims: int
    article: str
    text: str
    noted: dict[str, list[float]] = field(default_factory=dict)

    def note(self, measured: Mapping[str, list[float]]) -> None:
        """Keep what one round measured."""
        for name, values in measured.items():
            self.noted.setdefault(name, []).extend(values)


def prepare(instance: Path) -> tuple[list[Case], str]:
    """The articles in a new installation, with their claims saved one by one, and a session of their reviewer."""
    app = create_app({"instance": instance})
    desk = Desk(app)
    cases = []
    for words in WORDS:
        for claims in CLAIMS:
            text = article(words, seed=words + claims)
            case = Case(words, claims, desk.article(text), text)
            store(desk, case)
            cases.append(case)
    session = desk.write(lambda: sign_in.begin(desk.user("ada"), how="link", hours=24))
    with app.app_context():
        db.engine.dispose()
    return cases, session


class Client:
    """Ada's browser without its screen: pages and saves over one kept connection, timed."""

    def __init__(self, address: str, session: str) -> None:
        self.server = HTTPConnection(urlsplit(address).netloc)
        self.cookies = {"annotator_session": session}

    def measured(self, case: Case) -> dict[str, list[float]]:
        """The page once, then saves of one new claim each: the PUT, the fragment that follows it, and their size."""
        page, page_ms = self._ask("GET", f"/articles/{case.article}")
        token = re.findall(rb'data-token="([^"]+)"', page)[0].decode()
        noted: dict[str, list[float]] = {"put": [], "fragment": [], "save_bytes": []}
        for number in range(SAVES):
            claim = str(uuid4())
            start = len(case.text) * (number + 1) // (SAVES + 2)
            body = {"start": start, "end": start + 60, "exact": case.text[start : start + 60], "label": "sourced"}
            put, put_ms = self._ask("PUT", f"/api/v1/articles/{case.article}/annotations/{claim}", token, body)
            query = f"claim={claim}&start={start}&end={start + 60}"
            fragment, fragment_ms = self._ask("GET", f"/articles/{case.article}/blocks?{query}")
            noted["put"].append(put_ms)
            noted["fragment"].append(fragment_ms)
            noted["save_bytes"].append(len(put) + len(fragment))
            self._ask("DELETE", f"/api/v1/annotations/{claim}", token, version=1)
        packed = len(zlib.compress(page, 6))
        return {"page": [page_ms], "page_bytes": [len(page)], "page_packed": [packed], **noted}

    def _ask(
        self, method: str, path: str, token: str = "", body: object = None, *, version: int | None = None
    ) -> tuple[bytes, float]:
        """The answer and the milliseconds until all of it was here. Raises RuntimeError when it is a refusal."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if token:
            headers |= {"X-CSRFToken": token, "Sec-Fetch-Site": "same-origin", "Content-Type": "application/json"}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        began = time.perf_counter()
        self.server.request(method, path, None if body is None else json.dumps(body), headers)
        answer = self.server.getresponse()
        content = answer.read()
        milliseconds = (time.perf_counter() - began) * 1000
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path} was answered {answer.status}: {content[:300]!r}")
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return content, milliseconds


def store(desk: Desk, case: Case) -> None:
    """The claims of the case, each saved by the service that reviewers' saves go through, so that history is there too."""
    rng = random.Random(case.claims)
    claims = [_claim(case.text, drawn.start, drawn.end, rng) for drawn in spans(case.text, case.claims)]

    def save_all() -> None:
        user = desk.user("ada")
        for claim in claims:
            annotations_service.put(user, case.article, uuid4(), claim, if_version=None)

    desk.write(save_all)


def _claim(text: str, start: int, end: int, rng: random.Random) -> Claim:
    """A claim as reviewers leave them: six in ten with a speaker and evidence, some with a note."""
    finished = rng.random() < 0.6
    evidence = Evidence(
        Stance.SUPPORTS,
        SourceKind.DOCUMENT,
        source="Ministry of Defence, daily bulletin",
        quote="The ceasefire has been observed except for one or two separate incidents.",
        url=f"https://example.org/bulletins/{rng.randrange(10_000)}",
    )
    return Claim(
        start,
        end,
        text[start:end],
        rng.choice(LABELS),
        speaker=Speaker("A ministry's spokesman", SourceKind.NAMED_PERSON, SpeakerMode.QUOTED) if finished else None,
        note="Compare with the second bulletin of the same day." if rng.random() < 0.3 else "",
        evidence=(evidence,) if finished else (),
    )

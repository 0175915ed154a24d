"""Datasets in and out: how many articles a second come in, how many rows a second go out, and in how much memory."""

from __future__ import annotations

import csv
import itertools
import json
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import psycopg
from flask import Flask
from sqlalchemy import insert, make_url, select

from annotator import create_app
from annotator.db import db, new_id, transaction
from annotator.domain.text import plain_blocks, sentences
from annotator.models import Annotation, Article, ArticleVersion, Assignment, AssignmentState, Label, Role, User
from annotator.services import people, projects
from benchmarks.load.stage import database_url
from benchmarks.measuring import markdown
from tests.support.installation import Installation
from tests.support.servers import Server
from tests.support.watched import Watched, watched

ARTICLES = int(os.environ.get("BENCH_ARTICLES", "10000"))
WORDS = 500
CLAIMS = 10
REVIEWERS = 2
CALL = 1_000
STARTS = 3
LARGE_MEGABYTES = int(os.environ.get("BENCH_LARGE_MEGABYTES", "0"))
"""How large a file comes in besides, to see that memory does not grow with it: 1000 for the full proof, 0 for none."""

ENGINES = os.environ.get("BENCH_DATABASES", "sqlite postgresql").split()
SLUG = "datasets"
HEADER = (
    "database", "what", "amount", "seconds", "processor s", "a second", "times the floor", "of its processor",
    "MB over idle", "to reach",
)  # fmt: skip
NOTE = (
    "{articles:,} articles of {words} words, {claims} claims on each by each of {reviewers} reviewers; vocabulary and "
    "lengths are those of news. The floor of an export is a bare SELECT of the same columns, written with "
    "csv.writer; that of an import the rows that it stored, put into another database by the driver alone. 'With sentences' adds the time in which every sentence of every article is found: sentences are not "
    "stored, for to find them takes no longer than to read them would. Each command runs in a process of its own; "
    "from its seconds, and its highest resident memory, those of the same program with nothing to do are taken away. "
    "The processor time is the program's, not that of a PostgreSQL beside it. Each call of the API but the last one says "
    "that more follow; copies are looked for among up to 5,000 new articles at the end of an import, by command or API."
)


def run() -> str:
    """Import and export on each database, beside their floors."""
    rows: list[list[str]] = []
    for engine in ENGINES:
        with tempfile.TemporaryDirectory() as folder, database_url(engine, Path(folder)) as url:
            rows += [[engine, *row] for row in _measured(url, Path(folder))]
    note = NOTE.format(articles=ARTICLES, words=WORDS, claims=CLAIMS, reviewers=REVIEWERS)
    return f"{markdown(HEADER, rows, words=2)}\n\n{note}"


def _measured(url: str, folder: Path) -> Iterator[list[str]]:
    key = "x" * 48
    installation = Installation(
        Path(sys.executable).with_name("annotator"), folder / "instance", database_url=url, secret_key=key
    )
    installation.run("init")
    installation.run("project", "add", SLUG, "--name", "Datasets")
    installation.run("project", "add", "api", "--name", "By the API")
    installation.run("project", "add", "empty", "--name", "Nothing")
    source = folder / "articles.jsonl"
    _write(source, ARTICLES)
    nothing = ("export", "empty", "--layer", "articles", "-o", os.devnull)
    idle = _idle([str(installation.command), *nothing], installation.environment)
    yield _row("nothing to do", 0, "rows", idle)
    yield from _imports(installation, url, source, idle)
    app = create_app({"instance": folder / "instance", "database_url": url, "secret_key": key})
    _review(app)
    yield from _exports(installation, url, folder, idle)
    if LARGE_MEGABYTES:
        large = folder / "large.jsonl"
        count = LARGE_MEGABYTES * 1_000_000 * ARTICLES // source.stat().st_size
        _write(large, count, seed=2)
        installation.run("project", "add", "large", "--name", "Large")
        ended = _ended(installation, "import", "large", str(large))
        yield _row(f"import of {LARGE_MEGABYTES:,} MB", count, "articles", ended, idle=idle, aim="200 MB")
        large.unlink()


def _imports(installation: Installation, url: str, source: Path, idle: Watched) -> Iterator[list[str]]:
    sqlite = url.startswith("sqlite")
    aim = "3,000/s, 150 MB" if sqlite else "800/s, 150 MB"
    ended = _ended(installation, "import", SLUG, str(source))
    floor = _bare_insert(installation, url)
    yield _row("the same rows, by the driver", ARTICLES, "articles", floor)
    yield _row("import by the CLI", ARTICLES, "articles", ended, floor=floor, idle=idle, aim=aim)
    found = _sentences(source)
    both = Watched(ended.seconds + found, ended.processor + found, 0)
    yield _row("… with sentences", ARTICLES, "articles", both, floor=floor, idle=idle, aim=aim)
    again = _ended(installation, "import", SLUG, str(source))
    yield _row("the same file again", ARTICLES, "articles", again, idle=idle)
    came = _by_api(installation, source)
    yield _row("import by the API", ARTICLES, "articles", came, aim="1,500/s" if sqlite else "")


def _exports(installation: Installation, url: str, folder: Path, idle: Watched) -> Iterator[list[str]]:
    count = ARTICLES * CLAIMS * REVIEWERS
    program = [sys.executable, "-m", "benchmarks.load.bare_select"]
    floor = _without(watched([*program, url, str(folder / "bare.csv")], os.environ), _idle(program, os.environ))
    yield _row("SELECT and csv.writer", count, "rows", floor)
    for name in ("csv", "jsonl"):
        target = folder / f"annotations.{name}"
        ended = _ended(installation, "export", SLUG, "--layer", "annotations", "--format", name, "-o", str(target))
        with target.open(encoding="utf-8", newline="") as file:
            rows = sum(1 for _ in (csv.reader(file) if name == "csv" else file)) - (name == "csv")
        if rows != count:
            raise RuntimeError(f"{rows} rows were exported instead of {count}.")
        yield _row(f"export as {name}", count, "rows", ended, floor=floor, idle=idle, aim="40,000/s, 2.5 times, 150 MB")


def _row(
    what: str,
    count: int,
    unit: str,
    ended: Watched,
    *,
    floor: Watched | None = None,
    idle: Watched | None = None,
    aim: str = "",
) -> list[str]:
    net = _without(ended, idle) if idle else ended
    return [
        what,
        f"{count:,} {unit}",
        f"{net.seconds:.2f}",
        f"{net.processor:.2f}",
        f"{count / net.seconds:,.0f}",
        f"{net.seconds / floor.seconds:.2f}" if floor else "",
        f"{net.processor / floor.processor:.2f}" if floor else "",
        f"{net.megabytes:.0f}" if idle and ended.megabytes else "",
        aim,
    ]


def _ended(installation: Installation, *arguments: str) -> Watched:
    """Run a command of the program to its end, its start included."""
    return watched([installation.command, *arguments], installation.environment)


def _idle(command: Sequence[str], environment: Mapping[str, str]) -> Watched:
    """What the program takes to do nothing: the quickest of some runs."""
    return min((watched(command, environment) for _ in range(STARTS)), key=lambda ended: ended.processor)


def _without(ended: Watched, idle: Watched) -> Watched:
    return Watched(ended.seconds - idle.seconds, ended.processor - idle.processor, ended.megabytes - idle.megabytes)


def _bare_insert(installation: Installation, url: str) -> Watched:
    """What it takes to put the rows of the import into an empty database beside it."""
    other = url.replace(".sqlite3", "-bare.sqlite3") if url.startswith("sqlite") else _another_database(url)
    folder = installation.instance.with_name("bare")
    Installation(installation.command, folder, database_url=other, secret_key="x" * 48).run("init")
    program = [sys.executable, "-m", "benchmarks.load.bare_insert", SLUG, url]
    return _without(watched([*program, other], os.environ), _idle(program, os.environ))


def _another_database(url: str) -> str:
    """An empty database on the same PostgreSQL."""
    with psycopg.connect(url.replace("postgresql+psycopg:", "postgresql:"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE bare")
    there = make_url(url).set(database="bare")
    return there.render_as_string(hide_password=False)


def _by_api(installation: Installation, source: Path) -> Watched:
    """What it takes until a program has sent all articles, a thousand a call, over one connection; the server's processor."""
    installation.run("user", "add", "program@example.org", "--name", "Program")
    installation.run("member", "add", "api", "program@example.org", "--role", "manager")
    token = installation.run("token", "add", "program@example.org", "--name", "benchmark").split()[-1]
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    seconds, processor = 0.0, [_of_children()]
    nothing: Iterable[bytes] = ()
    for bodies in (nothing, _calls(source)):
        server = Server(installation)
        with closing(HTTPConnection(urlsplit(server.address).netloc)) as connection:
            for body in bodies:
                begin = time.perf_counter()
                connection.request("POST", "/api/v1/projects/api/articles", body, headers)
                answer = connection.getresponse()
                said = answer.read()
                seconds += time.perf_counter() - begin
                if answer.status != 201:
                    raise RuntimeError(f"The articles were answered {answer.status}: {said[:300]!r}")
        server.end()
        processor.append(_of_children())
    before, started, worked = processor
    return Watched(seconds, worked - started - (started - before), 0)


def _of_children() -> float:
    """The processor seconds of the programs that were started here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _calls(source: Path) -> Iterator[bytes]:
    lines = source.read_bytes().splitlines()
    for start in range(0, len(lines), CALL):
        more = b"true" if start + CALL < len(lines) else b"false"
        yield b'{"more": ' + more + b', "articles": [' + b",".join(lines[start : start + CALL]) + b"]}"


def _sentences(source: Path) -> float:
    """The processor seconds in which all sentences of all articles are found."""
    texts = [json.loads(line)["text"] for line in source.open(encoding="utf-8")]
    found = [(text, plain_blocks(text)) for text in texts]
    begin = time.process_time()
    for text, blocks in found:
        sentences(text, blocks)
    return time.process_time() - begin


def _write(path: Path, count: int, *, seed: int = 1) -> None:
    """Articles as JSON lines, the same on every machine."""
    chance = random.Random(seed)
    words, weights = vocabulary(chance)
    summed = list(itertools.accumulate(weights))
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            fields = {
                "text": text_of(chance, chance.choices(words, cum_weights=summed, k=WORDS)),
                "title": f"Article {number}",
                "url": f"https://news.example.org/{seed}/{number}",
                "publisher": "Example News",
                "published": f"2026-{1 + number % 12:02}-{1 + number % 28:02}",
                "language": "en",
                "external_id": f"{seed}-{number}",
            }
            file.write(json.dumps(fields, ensure_ascii=False) + "\n")


def vocabulary(chance: random.Random) -> tuple[list[str], list[float]]:
    """Words, and how often each occurs."""
    words = [_word(chance) for _ in range(30_000)]
    # The n-th word of a language is about n times as rare as the first (Zipf).
    return words, [1 / (number + 3) for number in range(len(words))]


def _word(chance: random.Random) -> str:
    return "".join(chance.choices("etaoinshrdlucmfwypvbgk", k=chance.choices((2, 3, 4, 5, 6, 7, 8, 10), k=1)[0]))


def text_of(chance: random.Random, words: list[str]) -> str:
    """Sentences of about 20 words, some of them quoted, in paragraphs of about 50."""
    pieces = []
    for number, word in enumerate(words, 1):
        if number % 20 == 1:
            word = f"“{word.title()}" if chance.random() < 0.2 else word.title()  # noqa: PLW2901
        end = "\n\n" if number % 50 == 0 else " "
        pieces.append(f"{word}{'.' if number % 20 == 0 or number % 50 == 0 else ',' if number % 9 == 0 else ''}{end}")
    return "".join(pieces).strip()


def _review(app: Flask) -> None:
    """Two reviewers, who have marked ten claims on each article and submitted it."""
    with app.app_context():
        with transaction():
            project = projects.by_slug(SLUG)
            reviewers = [people.create(f"{number}@example.org", f"Reviewer {number}").id for number in range(REVIEWERS)]
            for reviewer in reviewers:
                projects.add_member(project, db.session.get_one(User, reviewer), Role.REVIEWER)
            label = db.session.scalars(select(Label.id).where(Label.project_id == project.id)).first()
        chance = random.Random(1)
        versions = db.session.execute(
            select(ArticleVersion.article_id, ArticleVersion.id)
            .join(Article, Article.id == ArticleVersion.article_id)
            .where(Article.project_id == project.id)
            .order_by(Article.position)
        ).all()
        for start in range(0, len(versions), 500):
            with transaction():
                _mark(chance, versions[start : start + 500], reviewers, str(label))
        db.engine.dispose()


def _mark(chance: random.Random, versions: object, reviewers: list[str], label: str) -> None:
    assignments, claims = [], []
    for article_id, version_id in versions:  # type: ignore[attr-defined]
        text = db.session.scalar(select(ArticleVersion.text).where(ArticleVersion.id == version_id)) or ""
        for reviewer in reviewers:
            review = {
                "id": new_id(), "article_id": article_id, "version_id": version_id, "user_id": reviewer,
                "state": AssignmentState.SUBMITTED,
            }  # fmt: skip
            assignments.append(review)
            for number in range(CLAIMS):
                first = number * (len(text) // CLAIMS) + chance.randrange(20)
                last = first + chance.randint(40, 160)
                claims.append(
                    {
                        "id": UUID(int=chance.getrandbits(128)), "assignment_id": review["id"], "label_id": label,
                        "start": first, "end": min(last, len(text)), "exact": text[first:last],
                        "note": "Somebody said so." if number % 3 == 0 else "", "speaker": "The ministry",
                    }
                )  # fmt: skip
    db.session.execute(insert(Assignment), assignments)
    db.session.execute(insert(Annotation), claims)

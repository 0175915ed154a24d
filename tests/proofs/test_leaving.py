"""Whoever leaves in the middle of a download stops the work: a real server, and a real socket that is closed midway."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import event

from annotator import downloads
from annotator.db import db
from annotator.domain.text import plain_blocks
from annotator.formats import catalogue
from annotator.formats.records import ArticleRecord
from annotator.services import imports
from tests.support.desk import Desk
from tests.support.installation import Installation
from tests.support.live_server import serving
from tests.support.paced import NAME, Paced
from tests.support.people import open_browser

ROWS = 600
LEISURELY = 0.05
"""Seconds a row takes where the server must notice: half a minute for all of them, however busy the machine is."""
API = f"/api/v1/projects/truce/export?layer=articles&format={NAME}"
PAGE = f"/projects/truce/export/download?layer=articles&format={NAME}"


@pytest.fixture
def paced(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paced:
    """A project with many articles, and the format in which they come slowly."""
    records = [ArticleRecord(f"{n}.", plain_blocks(f"{n}."), f"{n:064}") for n in range(ROWS)]
    with desk.app.app_context():
        imports.import_file(desk.project(), lambda: records, "many.jsonl")
    made = Paced(tmp_path)
    monkeypatch.setitem(catalogue.ALL_FORMATS, NAME, made.format)
    return made


@pytest.fixture
def headers(token_of: Callable[[str], str], desk: Desk) -> dict[str, str]:
    """What Mia is known by: the token of a program for the API, the session of a browser for pages."""
    cookie = open_browser(desk.app, "Mia").client.get_cookie("annotator_session")
    assert cookie is not None
    return {API: f"Authorization: Bearer {token_of('mia')}", PAGE: f"Cookie: annotator_session={cookie.value}"}


def rows_made(address: str, path: str, header: str, paced: Paced) -> int:
    """How many rows were made of a file whose client left after the first."""
    place = urlsplit(address)
    with socket.create_connection((str(place.hostname), int(place.port or 0))) as client:
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: {place.netloc}\r\n{header}\r\n\r\n".encode())
        while not paced.rows:
            assert not paced.ended
            time.sleep(0.01)
    while not paced.ended:
        time.sleep(0.01)
    return paced.rows


@pytest.mark.parametrize("path", [API, PAGE])
def test_the_work_ends_when_the_client_leaves(app: Flask, paced: Paced, headers: dict[str, str], path: str) -> None:
    with app.app_context():
        engine = db.engine
    paced.pause = LEISURELY
    ended: list[object] = []
    event.listen(engine, "rollback", ended.append)
    with serving(app) as address:
        assert 0 < rows_made(address, path, headers[path], paced) < ROWS
    assert ended, "the transaction in which it was read ended"
    assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_a_server_of_several_processes_notices_it_too(
    installation: Installation, paced: Paced, headers: dict[str, str], tmp_path: Path
) -> None:
    command = tmp_path / "annotator-paced"
    command.write_text(
        f"#!{sys.executable}\nimport sys\nfrom pathlib import Path\nsys.path.insert(0, {str(Path.cwd())!r})\n"
        "from annotator.cli import main\nfrom annotator.formats.catalogue import ALL_FORMATS\n"
        "from tests.support.paced import NAME, Paced\n"
        f"ALL_FORMATS[NAME] = Paced(Path({str(tmp_path)!r}), pause={LEISURELY}).format\nmain()\n"
    )
    command.chmod(0o700)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [command, "serve", "--port", str(port), "--workers", "2"],
        env=installation.environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    with server:
        try:
            assert server.stderr is not None
            while "Booting worker" not in server.stderr.readline():
                assert server.poll() is None
            assert 0 < rows_made(f"http://127.0.0.1:{port}", API, headers[API], paced) < ROWS
        finally:
            server.terminate()


def test_a_server_that_does_not_look_is_caught(
    app: Flask, paced: Paced, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: nobody asks whether the client has left."""
    monkeypatch.setattr(downloads, "_watch", lambda: lambda: False)
    with serving(app) as address:
        assert rows_made(address, API, headers[API], paced) == ROWS


def test_a_server_that_reads_nothing_while_it_answers_is_caught(
    app: Flask, paced: Paced, headers: dict[str, str]
) -> None:
    """The planted fault: the server listens to no connection that it is answering."""
    with serving(app, channel_request_lookahead=0) as address:
        assert rows_made(address, API, headers[API], paced) == ROWS

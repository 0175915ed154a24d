"""Setting up and serving, as programs of their own."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from urllib.request import urlopen

import pytest

from annotator.cli import served

PROGRAM = [sys.executable, "-c", "from annotator.cli import main; main()"]


@pytest.fixture
def environment(tmp_path: Path, empty_database_url: str) -> dict[str, str]:
    """That of somebody who has done nothing yet."""
    return _environment(tmp_path / "fresh", empty_database_url)


@pytest.fixture
def set_up(tmp_path: Path, database_url: str) -> dict[str, str]:
    """That of somebody who has a key and a database with the newest schema, as `annotator init` leaves them."""
    folder = tmp_path / "set_up"
    folder.mkdir()
    (folder / "secret_key").write_text("x" * 40)
    return _environment(folder, database_url)


def _environment(folder: Path, url: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ANNOTATOR_")}
    return {**kept, "ANNOTATOR_INSTANCE": str(folder), "ANNOTATOR_DATABASE_URL": url}


def call(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*PROGRAM, *arguments], env=environment, capture_output=True, text=True, check=False)


@contextmanager
def server(environment: dict[str, str], *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = subprocess.Popen(
        [*PROGRAM, "serve", "--port", "0", *arguments], env=environment, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stderr is not None
        line = process.stderr.readline()
        found = re.search(r"http://\S+", line)
        assert found, line + process.stderr.read()
        yield process, found[0]
    finally:
        process.kill()
        process.communicate()


def test_nothing_works_before_init_and_everything_says_so(environment) -> None:
    refused = call(environment, "user", "list")
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "annotator init" in refused.stderr


def test_init_makes_a_key_and_a_schema_and_can_be_repeated(environment) -> None:
    first = call(environment, "init")
    assert first.returncode == 0, first.stderr
    key = Path(environment["ANNOTATOR_INSTANCE"]) / "secret_key"
    made = key.read_text()
    assert len(made) >= 32
    assert key.stat().st_mode & 0o077 == 0
    assert call(environment, "init").stdout == first.stdout
    assert key.read_text() == made
    assert call(environment, "user", "list", "--json").stdout == "[]\n"


def test_a_password_of_the_database_is_never_printed(environment) -> None:
    environment["ANNOTATOR_DATABASE_URL"] = "postgresql+psycopg://me:hunter2@127.0.0.1:1/none"
    answer = call(environment, "init")
    assert answer.returncode == 1
    assert "hunter2" not in answer.stdout + answer.stderr
    assert answer.stderr.startswith("Error: ")


def test_serving_needs_the_newest_schema(environment) -> None:
    environment["ANNOTATOR_SECRET_KEY"] = "x" * 40
    refused = call(environment, "serve", "--port", "0")
    assert refused.returncode == 1
    assert "annotator init" in refused.stderr


def test_more_workers_without_the_extra_are_wrong_usage(set_up) -> None:
    hidden = "import importlib.util as u; found = u.find_spec; "
    hidden += "u.find_spec = lambda name, *a: None if name == 'gunicorn' else found(name, *a); "
    script = [sys.executable, "-c", hidden + "from annotator.cli import main; main()", "serve", "--workers", "2"]
    refused = subprocess.run(script, env=set_up, capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "annotator[server]" in refused.stderr


def test_the_server_answers_and_ends_on_sigterm(set_up) -> None:
    with server(set_up) as (process, address):
        with urlopen(f"{address}/sign-in") as answer:
            assert answer.status == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0


def test_links_lead_to_the_server_that_was_started_last_and_the_command_says_so(set_up) -> None:
    added = call(set_up, "user", "add", "ada@example.org", "--name", "Ada")
    assert added.stdout.startswith("http://127.0.0.1:5000/sign-in/")
    assert "The address is that of 'annotator serve' without other options." in added.stderr
    with server(set_up) as (_, address):
        linked = call(set_up, "user", "link", "ada@example.org")
    assert linked.stdout.startswith(f"{address}/sign-in/")
    assert "The address is that of the server that was started here last." in linked.stderr
    configured = {**set_up, "ANNOTATOR_BASE_URL": "https://facts.example.org/"}
    linked = call(configured, "user", "link", "ada@example.org")
    assert linked.stdout.startswith("https://facts.example.org/sign-in/")
    assert linked.stderr == ""


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://127.0.0.1:8000"),
        ("::1", "http://[::1]:8000"),
        ("facts.test", "http://facts.test:8000"),
    ],
)
def test_an_address_is_kept_as_a_browser_takes_it(tmp_path: Path, host: str, address: str) -> None:
    assert served.last(tmp_path) == ""
    served.remember(tmp_path, host, 8000)
    assert served.last(tmp_path) == address
    served.remember(tmp_path / "nowhere", host, 8000)


def test_the_server_ends_although_a_client_never_finishes_its_request(set_up) -> None:
    with server(set_up) as (process, address):
        host, port = address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as slow:
            slow.sendall(b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\nx")
            # Whoever came later was answered, so the server has read what this one sent.
            urlopen(f"{address}/sign-in").close()
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=20) == 0


def test_a_port_that_is_taken_is_one_line(set_up) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused = call(set_up, "serve", "--port", str(taken.getsockname()[1]))
    assert refused.returncode == 1
    assert "Cannot listen on 127.0.0.1" in refused.stderr


@pytest.mark.slow
def test_several_workers_serve_and_end(set_up) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [*PROGRAM, "serve", "--port", str(port), "--workers", "2"], env=set_up, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stderr is not None
        while "Booting worker" not in process.stderr.readline():
            assert process.poll() is None
        with urlopen(f"http://127.0.0.1:{port}/sign-in") as answer:
            assert answer.status == 200
        added = call(set_up, "user", "add", "ada@example.org", "--name", "Ada")
        assert added.stdout.startswith(f"http://127.0.0.1:{port}/sign-in/")
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
    finally:
        process.kill()
        process.communicate()


def test_the_version_is_told_without_an_installation(environment) -> None:
    told = call(environment, "--version")
    assert (told.returncode, told.stdout) == (0, f"annotator {version('annotator')}\n")

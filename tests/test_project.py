"""Promises of the repository itself: what its files may not name, that its locks are whole, that its commands exist."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
TARGETS = {"run", "test", "soak", "lint", "bench", "lock", "clean", "help"}

# Written in pieces, so that this file does not name what it forbids.
REGISTRY = re.compile(
    r"(?:py" + r"pi|python" + r"hosted|npm" + r"js|yarn" + r"pkg|npm" + r"mirror)\.(?:org|com|io|net)"
    r"|\bregistry\.[\w-]+\.(?:org|com|io|net)"
    r"|-(?:-extra)?-?index" + r"-url[ =]\S*:|--find" + r"-links[ =]",
    re.IGNORECASE,
)
# Marks text as HTML that need not be escaped, or makes HTML from text in the browser.
UNESCAPED = re.compile(
    r"\|\s*safe\b|\bMarkup\(|(?:inner|outer)HTML|insertAdjacentHTML|document\.write\b|\{%\s*autoescape\s+false"
)


def _files(*folders: str) -> list[Path]:
    """The files that are, or are about to be, in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *folders],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def _lines_with(pattern: re.Pattern[str], files: list[Path]) -> list[str]:
    return [
        f"{path}:{number}: {line.strip()[:120]}"
        for path in files
        for number, line in enumerate(path.read_bytes().decode("utf-8", "replace").splitlines(), start=1)
        if pattern.search(line)
    ]


def _pins(lock: str) -> dict[str, str]:
    """Name and marker → version of every package in a lock."""
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    return {name + marker: version for name, version, marker in re.findall(r"(?m)^([\w.-]+)==(\S+)( ;[^\\\n]*)?", text)}


def test_no_file_names_a_package_registry() -> None:
    assert _lines_with(REGISTRY, _files()) == []


@pytest.mark.parametrize(
    "planted",
    [
        "see https://py{}pi.org/project/flask",
        '"resolved": "https://registry.npm{}js.org/typescript/-/typescript-7.0.2.tgz"',
        "--index{}-url https://packages.example/simple",
        "--extra-index{}-url=https://packages.example/simple",
    ],
)
def test_a_registry_that_is_named_is_found(planted: str, tmp_path: Path) -> None:
    path = tmp_path / "requirements.txt"
    path.write_text(f"flask==3.1.3\n{planted.format('')}\n")
    assert [found.split(":")[1] for found in _lines_with(REGISTRY, [path])] == ["2"]


def test_text_is_marked_safe_in_one_module_only() -> None:
    files = _files("annotator", "templates", "static/js")
    html = ROOT / "annotator" / "domain" / "html.py"
    assert html in files
    assert _lines_with(UNESCAPED, [path for path in files if path != html]) == []


@pytest.mark.parametrize(
    "planted", ["{{ note | safe }}", "return Markup(note)", "node.innerHTML = note", "{{ x|safe}}"]
)
def test_text_that_is_marked_safe_is_found(planted: str, tmp_path: Path) -> None:
    path = tmp_path / "planted"
    path.write_text(planted)
    assert len(_lines_with(UNESCAPED, [path])) == 1


@pytest.mark.parametrize("lock", ["base.txt", "dev.txt"])
def test_every_locked_package_has_a_hash(lock: str) -> None:
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    without = [
        entry.split("==")[0] for entry in re.split(r"\n(?=\w)", text) if "==" in entry and "sha256:" not in entry
    ]
    assert _pins(lock)
    assert without == []


def test_the_locks_hold_what_the_project_asks_for() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    names = {re.split(r"[^\w.-]", requirement)[0].lower() for requirement in wanted}
    assert names - {name.split(" ")[0] for name in _pins("base.txt")} == set()


def test_developers_test_the_versions_that_people_run() -> None:
    base, dev = _pins("base.txt"), _pins("dev.txt")
    assert {name: version for name, version in base.items() if dev.get(name) != version} == {}


def test_vendored_files_carry_their_licence_and_checksum() -> None:
    for folder in filter(Path.is_dir, VENDOR.iterdir()):
        assert re.fullmatch(r"[\w.-]+@[\w.-]+", folder.name), f"{folder} does not say its version"
        assert list(folder.glob("LICENSE*")), f"{folder} has no licence"
        sums = {
            name: digest
            for digest, name in (line.split(maxsplit=1) for line in (folder / "SHA256SUMS").read_text().splitlines())
        }
        own = {path.name for path in folder.iterdir() if not path.name.startswith(("LICENSE", "SHA256SUMS"))}
        assert own - set(sums) == set()
        # What was made of the vendored files stands above them.
        for name, digest in sums.items():
            for path in filter(Path.is_file, (folder / name, VENDOR.parent / name)):
                assert hashlib.sha256(path.read_bytes()).hexdigest() == digest, f"{path} was changed"


def _make(*arguments: str) -> str:
    environment = {name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MAKELEVEL", "PORT"}}
    ended = subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return ended.stdout


def test_make_lists_its_commands() -> None:
    assert set(re.findall(r"(?m)^  make (\w+)", _make())) == TARGETS


@pytest.mark.parametrize("target", sorted(TARGETS))
def test_every_command_can_be_planned(target: str) -> None:
    assert _make("--dry-run", "--always-make", target)


def test_run_serves_on_the_port_that_was_asked_for() -> None:
    planned = _make("--dry-run", "run", "PORT=5099")
    assert "serve --host 127.0.0.1 --port 5099" in planned
    assert "http://127.0.0.1:5099" in planned


def test_the_tests_run_on_both_databases_and_in_the_browser() -> None:
    planned = [line for line in _make("--dry-run", "test").splitlines() if "pytest" in line]
    assert ["--database postgresql" in line for line in planned] == [False, True, False]
    assert ["not (not browser" in line for line in planned] == [False, False, True]


def test_every_change_is_linted_and_tested() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    lines = script.read_text(encoding="utf-8").splitlines()
    assert "set -euo pipefail" in lines
    assert [line for line in lines if line.startswith("make ")] == ["make lint", "make test"]

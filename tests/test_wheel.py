"""A wheel built from this tree carries all that the program needs, and runs away from the checkout."""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.support.installation import Installation

ROOT = Path(__file__).resolve().parent.parent

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built with the backend that the lock pins."""
    folder = tmp_path_factory.mktemp("wheel")
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT)
    (built,) = folder.glob("annotator-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of a fresh environment with the wheel in it; the dependencies are lent by this environment."""
    venv = tmp_path_factory.mktemp("fresh") / "venv"
    _run(sys.executable, "-m", "venv", "--without-pip", venv)
    python = venv / "bin" / "python"
    # The wheel first: once the dependencies are lent, pip would find this checkout installed and do nothing.
    _run(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", wheel)
    (site_packages,) = venv.glob("lib/python*/site-packages")
    # A folder named in a .pth file is put on the path, but its own .pth files, such as the editable checkout's, are not read.
    lent = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    site_packages.joinpath("lent.pth").write_text("\n".join(sorted(lent)) + "\n")
    return python.parent


def test_the_wheel_carries_every_template_static_file_and_seed(wheel: Path) -> None:
    tracked = _run("git", "-C", ROOT, "ls-files", "templates", "static", "seeds", "annotator").splitlines()
    expected = {name if name.startswith("annotator/") else f"annotator/{name}" for name in tracked}
    with zipfile.ZipFile(wheel) as archive:
        carried = set(archive.namelist())
    assert {"annotator/templates", "annotator/static", "annotator/seeds"} <= {
        "/".join(name.split("/")[:2]) for name in expected
    }
    assert expected - carried == set()


def test_the_wheel_carries_no_test_and_no_data_of_this_instance(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"annotator"}


def test_the_installed_wheel_sets_up_the_demo_and_answers(installed: Path, tmp_path: Path) -> None:
    told = _run(installed / "python", "-c", "import annotator; print(annotator.__file__)", cwd=tmp_path)
    assert Path(told.strip()).is_relative_to(installed.parent)

    installation = Installation(installed / "annotator", tmp_path / "instance")
    installation.run("init")
    links = re.findall(r"https?://\S+/sign-in/\S+", installation.run("demo"))
    assert len(links) == 4

    with installation.serving() as address:
        # Every part of an answer: a page of the templates, and the files that it names.
        page = _get(f"{address}/sign-in")
        files = re.findall(r'(?:href|src)="(/static/[^"#]+)', page)
        assert files
        for file in files:
            assert _get(address + file)


def test_a_second_set_up_keeps_the_data(installed: Path, tmp_path: Path) -> None:
    installation = Installation(installed / "annotator", tmp_path / "instance")
    installation.run("init")
    installation.run("demo")
    before = installation.run("project", "list", "--json")
    installation.run("init")
    installation.run("demo")
    assert installation.run("project", "list", "--json") == before


def _get(address: str) -> str:
    with urlopen(address) as answer:
        assert answer.status == 200
        return answer.read().decode()


def _run(*command: str | Path, cwd: Path = ROOT) -> str:
    ended = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, f"{command} ended with {ended.returncode}:\n{ended.stdout}\n{ended.stderr}"
    return ended.stdout

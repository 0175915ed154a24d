"""Files that somebody uploaded and has not imported yet: kept for a day under generated names, bound to a person."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from annotator.db import ID_ALPHABET, ID_LENGTH, new_id
from annotator.errors import NotFound
from annotator.models import Project, User

DAY = 24 * 3600
LONGEST_NAME = 200


@dataclass(frozen=True)
class UploadedFile:
    """One file: the name it had (for showing only), and where its bytes are."""

    name: str
    path: Path


@dataclass(frozen=True)
class Upload:
    """The files that came in together."""

    id: str
    files: list[UploadedFile]


def keep(folder: Path, project: Project, user: User, streams: Iterable[tuple[str, IO[bytes]]]) -> Upload:
    """Keep the streams, given with their names, below `folder`; what is older than a day goes."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _sweep(folder)
    upload_id = new_id()
    place = folder / upload_id
    place.mkdir(mode=0o700)
    try:
        files = _write(place, streams)
        facts = {"project": project.id, "user": user.id, "names": [each.name for each in files]}
        (place / "upload.json").write_text(json.dumps(facts), encoding="utf-8")
    except BaseException:
        # A full disk, above all: what has come so far must not stay there for a day.
        shutil.rmtree(place, ignore_errors=True)
        raise
    return Upload(upload_id, files)


def get(folder: Path, project: Project, user: User, upload_id: str) -> Upload:
    """An upload of `user` for `project`. Raises NotFound for any other, and once it is gone."""
    place = folder / upload_id
    well_formed = len(upload_id) == ID_LENGTH and set(upload_id) <= set(ID_ALPHABET)
    if not well_formed or not (place / "upload.json").exists():
        raise NotFound(
            "These files no longer wait here: they were imported or discarded, or a day has passed. "
            "See whether their articles are there; if not, upload them again."
        )
    facts = json.loads((place / "upload.json").read_text(encoding="utf-8"))
    if (facts["project"], facts["user"]) != (project.id, user.id):
        raise NotFound
    files = [UploadedFile(name, place / str(number)) for number, name in enumerate(facts["names"])]
    return Upload(upload_id, files)


def discard(folder: Path, upload: Upload) -> None:
    """Delete the files of an upload."""
    shutil.rmtree(folder / upload.id, ignore_errors=True)


def _write(place: Path, streams: Iterable[tuple[str, IO[bytes]]]) -> list[UploadedFile]:
    files = []
    for number, (name, stream) in enumerate(streams):
        path = place / str(number)
        with path.open("wb") as target:
            shutil.copyfileobj(stream, target)
        files.append(UploadedFile(_shown(name), path))
    return files


def _sweep(folder: Path) -> None:
    oldest = time.time() - DAY
    for place in folder.iterdir():
        if place.is_dir() and place.stat().st_mtime < oldest:
            shutil.rmtree(place, ignore_errors=True)


def _shown(name: str) -> str:
    """The last part of a name, without anything that could be a path."""
    return name.replace("\\", "/").rsplit("/", 1)[-1][:LONGEST_NAME] or "pasted text.txt"

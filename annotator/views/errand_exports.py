"""Making a file in a thread: what is wanted of it, where it stands, and the work."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from annotator import security
from annotator.db import db, transaction
from annotator.domain.publication import People
from annotator.errors import Invalid
from annotator.formats import catalogue, writing
from annotator.formats.records import Export, Losses
from annotator.formats.whole_project import MEDIA_TYPE, write_project
from annotator.models import ErrandKind, Project, User
from annotator.permissions import Action
from annotator.services import datasets, errands, projects, releases
from annotator.services.whole_project.exporting import project_lines
from annotator.views import errand_threads
from annotator.views.errand_threads import Tally
from annotator.views.folders import exports_folder

Wanted = Mapping[str, Any]


def wanted(form: Mapping[str, str]) -> dict[str, Any]:
    """What a form asks for. Raises Invalid."""
    layer, name = form.get("layer", "gold"), form.get("format", "csv")
    problem = catalogue.problem_with(name, layer, base_url=security.public_url())
    if problem is not None:
        raise Invalid.field("format", problem)
    try:
        people = People(form.get("people") or People.NAMES)
    except ValueError:
        raise Invalid.field("people", f"People can be called {', '.join(People)}.") from None
    if layer != catalogue.WHOLE:
        datasets.layer_called(layer)
    is_table = layer != catalogue.WHOLE and isinstance(catalogue.ALL_FORMATS[name], catalogue.TableFormat)
    return {
        "layer": layer,
        "format": name,
        "people": people,
        "release": form.get("release") or None,
        "unit": "rows" if is_table else "articles",
    }


def begin(user: User, slug: str, chosen: Wanted) -> tuple[str, str]:
    """Begin to make the file; where its errand is shown. Raises Conflict when the person has too many under way."""
    action = _needed(chosen)
    total = _total(projects.get_for(user, slug, action).project, user, chosen)
    with transaction():
        forgotten = errands.sweep()
        project = projects.get_for(user, slug, action).project
        errand_id = errands.begin(project, user, ErrandKind.EXPORT, chosen, total=total).id
        user_id = user.id
    for each in forgotten:
        place_of(each).unlink(missing_ok=True)
    errand_threads.start(errand_id, partial(_make, errand_id, user_id, slug, chosen=chosen))
    return "exports", errand_id


def called(chosen: Wanted) -> str:
    """What pages call the file."""
    if chosen["layer"] == catalogue.WHOLE:
        return "The whole project"
    of_release = f" of release {chosen['release']}" if chosen["release"] else ""
    return f"{chosen['layer'].capitalize()}{of_release} as {catalogue.ALL_FORMATS[chosen['format']].title}"


def place_of(errand_id: str) -> Path:
    """Where the file of an errand stands."""
    return exports_folder() / errand_id


def _needed(chosen: Wanted) -> Action:
    return Action.MANAGE if chosen["layer"] == catalogue.WHOLE else Action.SEE_RESULTS


def _total(project: Project, user: User, chosen: Wanted) -> int:
    """How many rows or articles there will be."""
    documents = chosen["unit"] == "articles"
    if chosen["release"]:
        manifest = releases.manifest_of(releases.find(project, chosen["release"]))
        if documents:
            return int(manifest.get("documents", {}).get("rows", 0))
        return int(manifest["layers"].get(chosen["layer"], {}).get("rows", 0))
    if chosen["layer"] == catalogue.WHOLE:
        return datasets.count(project, "articles", viewer=user)
    return datasets.count(project, chosen["layer"], viewer=user, documents=documents)


def _make(errand_id: str, user_id: str, slug: str, tally: Tally, *, chosen: Wanted) -> dict[str, Any]:
    """Write the file; what came of it. Nothing is left of one that is broken off."""
    user = db.session.get_one(User, user_id)
    project = projects.get_for(user, slug, _needed(chosen)).project
    losses = Losses()
    path = place_of(errand_id)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for chunk in _chunks(project, user, tally, chosen=chosen, losses=losses):
                tally.look()
                file.write(chunk)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    whole = chosen["layer"] == catalogue.WHOLE
    form = catalogue.ALL_FORMATS[chosen["format"]]
    version = f"{chosen['release']}-" if chosen["release"] else ""
    return {
        "name": f"{slug}-{version}{chosen['layer']}{form.suffix}",
        "media_type": MEDIA_TYPE if whole else form.media_type,
        "size": path.stat().st_size,
        "losses": dict(losses),
    }


def _chunks(project: Project, user: User, tally: Tally, *, chosen: Wanted, losses: Losses) -> Iterator[bytes]:
    layer, name = chosen["layer"], chosen["format"]
    if layer == catalogue.WHOLE:
        return write_project(tally.counted(project_lines(project, viewer=user)))
    if not chosen["release"]:
        people, base_url = People(chosen["people"]), security.public_url()
        found = datasets.export(project, layer, viewer=user, people=people, base_url=base_url)
        return writing.write_export(_counted(found, tally), name, losses)
    release = releases.find(project, chosen["release"])
    found = releases.export(release, project, layer, base_url=security.public_url())
    return releases.verified(release, layer, name, writing.write_export(_counted(found, tally), name, losses))


def _counted(found: Export, tally: Tally) -> Export:
    return replace(found, rows=lambda: tally.counted(found.rows()), documents=lambda: tally.counted(found.documents()))

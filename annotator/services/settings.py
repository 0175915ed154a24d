"""Changing the settings of a project, with what follows from them for its people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from annotator.models import Project, User
from annotator.services import projects, qualification


def change(project: Project, changes: Mapping[str, Any], *, by: User | None = None) -> bool:
    """`projects.change`; when training is asked for from now on, who has reviewed here counts as qualified."""
    asked = project.pass_mark is not None
    changed = projects.change(project, changes, by=by)
    if project.pass_mark is not None and not asked:
        qualification.qualify_present(project, by=by)
    return changed

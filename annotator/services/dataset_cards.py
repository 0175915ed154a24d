"""What the releases of a project say of themselves, in its managers' words. Nothing is made up: what nobody said is empty."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from annotator.db import db
from annotator.domain.publication import CARD_FIELDS
from annotator.errors import Invalid
from annotator.models import Project, User
from annotator.services import events

_ADDRESS = re.compile(r"https?://[^\s/]\S*")


def card_of(project: Project) -> dict[str, str]:
    """Every field of CARD_FIELDS; title and description are the project's own unless others were given."""
    said = project.dataset or {}
    card = {name: str(said.get(name, "")) for name in CARD_FIELDS}
    return {**card, "title": card["title"] or project.name, "description": card["description"] or project.description}


def change(project: Project, card: Mapping[str, Any], *, by: User | None = None) -> bool:
    """Say those of CARD_FIELDS that are given; False if all was said so already. Raises Invalid for an unknown field."""
    unknown = sorted(set(card) - set(CARD_FIELDS))
    if unknown:
        raise Invalid.field(unknown[0], f"'{unknown[0]}' is not said of a dataset. Choose of {', '.join(CARD_FIELDS)}.")
    homepage = str(card.get("homepage") or "").strip()
    if homepage and not _ADDRESS.fullmatch(homepage):
        raise Invalid.field("homepage", f"'{homepage[:60]}' is not a web address (http://… or https://…).")
    before = project.dataset or {}
    after = {**before, **{name: str(words or "").strip() for name, words in card.items()}}
    after = {name: words for name, words in after.items() if words}
    if after == before:
        return False
    project.dataset = after
    payload = {"before": before, "after": after}
    events.record("project.describe", project.id, payload, user_id=by.id if by else None, project_id=project.id)
    db.session.flush()
    return True

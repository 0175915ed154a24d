"""Passages of other articles that may speak of the same as a claim: a page of them, and the list alone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import render_template, url_for

from annotator.security import current_user
from annotator.services import counterparts as passages
from annotator.services.counterparts import Counterpart, Found
from annotator.views.claims import pages


@pages.get("/<uuid:annotation_id>/counterparts")
def counterparts(annotation_id: UUID) -> str:
    """The page."""
    return render_template("counterparts/show.html", **_shown(annotation_id))


@pages.get("/<uuid:annotation_id>/counterparts/list")
def list_counterparts(annotation_id: UUID) -> str:
    """The list, for another page to show beside its articles."""
    return render_template("counterparts/_list.html", **_shown(annotation_id))


def _shown(annotation_id: UUID) -> dict[str, Any]:
    found = passages.find(current_user(), annotation_id)
    return {
        "found": found,
        "access": found.article.access,
        "project": found.article.access.project,
        "passages": [(each, _place(each), _beside(found, each)) for each in found.passages],
    }


def _place(passage: Counterpart) -> str:
    """The passage in its article."""
    return url_for("articles.annotate", article_id=passage.article_id, _anchor=f"b{passage.position}")


def _beside(found: Found, passage: Counterpart) -> str:
    """The passage beside the claim."""
    slug, left = found.article.access.project.slug, found.article.article.id
    return url_for(
        "projects.compare",
        slug=slug,
        left=left,
        right=passage.article_id,
        claim=found.annotation.id,
        _anchor=f"right-b{passage.position}",
    )

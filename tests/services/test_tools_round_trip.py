"""A project's claims, written for another tool and read from it into another project, are the same claims."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from flask import Flask

from annotator.db import transaction
from annotator.domain.claims import Aspect, Evidence, Relation, SourceKind, Speaker, SpeakerMode, Stance, Target
from annotator.formats import writing
from annotator.formats.annotation_reading import rereadable_annotations
from annotator.formats.records import DocumentRecord, Losses
from annotator.models import Role
from annotator.services import annotation_imports, datasets, links, projects
from annotator.services.annotation_imports import AnnotationReport
from annotator.services.annotation_plan import Aim
from annotator.services.links import Proposal
from tests.support.desk import Desk
from tests.support.documents import places, said

TEXT = "Rescue 🚑 teams\r\nreached “calm” towns.\r\n\r\nNobody said=1, so هدنة held.\r\n"
TOOLS = ["label-studio", "label-studio-predictions", "doccano", "brat", "uima-xmi"]


@pytest.fixture
def desk(app: Flask) -> Desk:
    desk = Desk(app)
    story = desk.article(TEXT, title="A “title” <of> it")
    whole = desk.mark(
        "ada",
        story,
        "teams\r\nreached “calm”",
        "disputed",
        target=Target.ATTRIBUTION,
        reason="number-mismatch",
        speaker=Speaker("The ministry", SourceKind.NAMED_INSTITUTION, SpeakerMode.QUOTED, ("ministry", "agency")),
        claim_text='=1+1 "so"',
        event_start=date(2019, 6, 11),
        event_end=date(2019, 6, 12),
        note="one\ntwo 🚒",
        confidence=0.25,
        evidence=(Evidence(Stance.REFUTES, SourceKind.DOCUMENT, "A treaty", "a, b\nc", "https://example.org/?a&b"),),
    )
    inner = desk.mark("ada", story, "🚑 teams\r\nreached")
    desk.mark("ada", story, "هدنة held", "unverified")
    desk.write(
        lambda: links.create(
            desk.user("ada"), desk.slug, Proposal(a=whole, b=inner, relation=Relation.CONTRADICTS, aspect=Aspect.NUMBER)
        )
    )
    return desk


def written(desk: Desk, name: str) -> bytes:
    with desk.app.app_context():
        found = datasets.export(desk.project(), "annotations")
        return b"".join(writing.write_export(found, name, Losses()))


def brought(desk: Desk, content: bytes, slug: str, format: str = "auto") -> AnnotationReport:  # noqa: A002
    """What becomes of the file in a new project whose reviewer is Ben."""
    with desk.app.app_context():
        with transaction():
            projects.add_member(projects.create(slug, slug), desk.user("ben"), Role.REVIEWER)
        with rereadable_annotations(io.BytesIO(content), "claims", format=format) as read:
            return annotation_imports.import_annotations(
                projects.by_slug(slug), read, "claims", Aim(desk.user("ben")), by=desk.user("ben")
            )


def documents(desk: Desk, slug: str) -> Sequence[DocumentRecord]:
    with desk.app.app_context():
        return list(datasets.export(projects.by_slug(slug), "annotations").documents())


@pytest.mark.parametrize("name", TOOLS)
def test_claims_links_and_texts_come_back(desk: Desk, name: str) -> None:
    report = brought(desk, written(desk, name), "other")
    assert report.errors == []
    assert report.added == 3
    [before], [after] = documents(desk, desk.slug), documents(desk, "other")
    assert after.text == before.text
    assert places(after.claims) == places(before.claims)
    for one, other in zip(before.claims, after.claims, strict=True):
        assert said(other, evidence=name != "brat") == said(one, evidence=name != "brat")
    assert [link.relation for link in after.links] == [link.relation for link in before.links] == ["contradicts"]
    keeps_aspects = name.startswith(("label-studio", "uima"))
    assert [link.aspect for link in after.links] == ([Aspect.NUMBER] if keeps_aspects else [None])


@pytest.mark.parametrize("name", TOOLS)
def test_the_same_file_again_adds_nothing(desk: Desk, name: str) -> None:
    content = written(desk, name)
    assert brought(desk, content, "other").added == 3
    with desk.app.app_context(), rereadable_annotations(io.BytesIO(content), "claims") as read:
        again: Any = annotation_imports.import_annotations(
            projects.by_slug("other"), read, "claims", Aim(desk.user("ben")), by=desk.user("ben")
        )
    assert (again.errors, again.added, again.known) == ([], 0, 3)

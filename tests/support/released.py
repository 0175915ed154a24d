"""Finished articles with everything that people leave in them, and releases of them, for tests."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

from annotator.db import transaction
from annotator.domain.claims import Evidence, Relation, SourceKind, Speaker, Stance
from annotator.domain.publication import Options
from annotator.formats import catalogue, writing
from annotator.formats.archive import write_archive
from annotator.formats.release import documents
from annotator.models import LinkOutcome, Outcome
from annotator.services import (
    adjudication,
    adjudication_phase,
    freezing,
    link_decisions,
    links,
    release_package,
    releases,
)
from annotator.services.adjudication import Answer
from annotator.services.link_decisions import LinkAnswer
from annotator.services.links import Proposal
from annotator.services.questions import questions
from tests.support.desk import Desk

HOSTILE = (
    '=SUM(A1), he said, "quoted \U0001f54a\ufe0f", and went on\u2028to the next.\r\n\r\n'
    "\u202eقالت مصادر\u202c that a complete ceasefire, e\u0301tabli in 2019,\tholds; 🇸🇾 too.\r\n"
)
MARKED = ('quoted \U0001f54a\ufe0f", and went on\u2028to the next.\r\n\r\n\u202eقالت', "complete ceasefire", "=SUM(A1)")


def finished_article(desk: Desk, text: str = HOSTILE, *marked: str, **facts: Any) -> str:
    """An article whose reviewers differ, with evidence, links, notes and reasons; settled and finished."""
    article = desk.article(text, **facts)
    evidence = (
        Evidence(
            Stance.REFUTES, SourceKind.DOCUMENT, "A treaty", quote="There shall be peace, and so on.",
            url="https://example.org/a", published=date(2020, 1, 13),
        ),
    )  # fmt: skip
    ids = []
    for n, exact in enumerate(marked or MARKED):
        speaker = Speaker("The ministry", SourceKind.NAMED_INSTITUTION)
        ids.append(desk.mark("ada", article, exact, "disputed", note="As it says.", speaker=speaker, evidence=evidence))
        desk.mark("ben", article, exact[: len(exact) - n], "sourced", note="Ça va, =1+1\n", evidence=evidence)
    if len(ids) > 1:
        proposal = Proposal(ids[0], ids[1], Relation.QUALIFIES, None, "The same day.")
        desk.write(lambda: links.create(desk.user("ada"), desk.slug, proposal))
    for name in ("ada", "ben"):
        desk.submit(name, article)
    desk.write(lambda: settle(desk, article))
    return article


def settle(desk: Desk, article: str) -> None:
    jo = desk.user("jo")
    for view in questions(jo, article):
        answer = Answer(Outcome.ACCEPT, annotation=view.versions[0].id, justification="So it stands.")
        adjudication.decide(jo, article, view.id, answer)
    for question in link_decisions.asked_of(jo, article):
        taken = LinkAnswer(LinkOutcome.ACCEPT, link=question.votes[0].id, justification="So it stands.")
        link_decisions.decide(jo, article, question.id, taken)
    adjudication_phase.finish(jo, article)


def release(desk: Desk, version: str, options: Options = Options(), note: str = "") -> list[str]:  # noqa: B008
    """Freeze one; what it warns of."""
    with (
        desk.app.app_context(),
        freezing.gathered(
            desk.project(), version, note=note, options=options, files=catalogue.hashed_formats(), about=documents
        ) as found,
    ):
        with transaction():
            freezing.store(desk.project(), found, by=desk.user("mia"))
        return found.warnings


def package(desk: Desk, version: str) -> bytes:
    """The ZIP file of a release."""
    with desk.app.app_context():
        found = releases.find(desk.project(), version)
        return b"".join(write_archive(release_package.files(found, writing.write)))


def unpacked(content: bytes) -> dict[str, bytes]:
    """The files of a package by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def would_be(desk: Desk, version: str, options: Options) -> dict[str, bytes]:
    """The files of the layers of a release with these options, of the same state, that is not made."""
    found_files = {}
    with (
        desk.app.app_context(),
        freezing.gathered(desk.project(), version, options=options, files=catalogue.hashed_formats()) as found,
    ):
        for layer, described in found.manifest["layers"].items():
            for form in release_package.FORMATS:
                rows = found.rows(layer)
                found_files[f"data/{layer}.{form}"] = b"".join(writing.write(described["columns"], rows, form))
    return found_files

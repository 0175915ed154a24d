"""Documents: what the formats of other tools are written from says the same as the tables do."""

from __future__ import annotations

import tracemalloc
from contextlib import closing
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import update

from annotator.db import db
from annotator.domain.claims import Claim, Evidence, Relation, SourceKind, Speaker, SpeakerMode, Stance
from annotator.errors import Conflict
from annotator.formats.records import DocumentRecord
from annotator.models import Annotation
from annotator.services import adjudication_phase, datasets, links, releases
from annotator.services.links import Proposal
from tests.services.test_releases import finished, release, undo_all
from tests.support.desk import STORY, Desk, counted_statements

CALM = 'calm "except for one or two separate incidents."'
SPEAKER = Speaker("The ministry", SourceKind.NAMED_INSTITUTION, SpeakerMode.QUOTED, ("ministry", "agency"))
EVIDENCE = (
    Evidence(Stance.QUALIFIES, SourceKind.NAMED_WITNESS, "Residents", quote="shelling", published=date(2020, 1, 13)),
    Evidence(Stance.REFUTES, url="https://example.org/a"),
)


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def documents(desk: Desk, layer: str = "annotations", *, viewer: str = "", **options) -> list[DocumentRecord]:
    with desk.app.app_context():
        found = datasets.export(desk.project(), layer, viewer=desk.user(viewer) if viewer else None, **options)
        return list(found.documents())


def of_release(desk: Desk, version: str, layer: str = "gold") -> list[DocumentRecord]:
    with desk.app.app_context():
        return list(releases.export(releases.find(desk.project(), version), desk.project(), layer).documents())


def link(desk: Desk, name: str, a, b, relation: Relation) -> None:
    desk.write(lambda: links.create(desk.user(name), desk.slug, Proposal(a=a, b=b, relation=relation)))


def test_a_document_has_its_text_its_claims_their_evidence_and_links(desk: Desk) -> None:
    first = desk.article(title="Truce", publisher="The Post", external_id="p-1", published=date(2020, 1, 12))
    other = desk.article("Another ceasefire.")
    calm = desk.mark("ada", first, CALM, "disputed", speaker=SPEAKER, evidence=EVIDENCE, event_start=date(2020, 1, 12))
    whole = desk.mark("ada", first, "complete ceasefire", confidence=0.25, note='=1+1, "so"\r\n')
    there = desk.mark("ada", other, "ceasefire")
    link(desk, "ada", calm, whole, Relation.QUALIFIES)
    [document, second] = documents(desk)
    assert (document.id, document.title, document.publisher) == (first, "Truce", "The Post")
    assert (document.external_id, document.published, document.version) == ("p-1", date(2020, 1, 12), 1)
    assert document.text == STORY
    assert [STORY[block.start : block.end] for block in document.blocks] == STORY.split("\n\n")
    assert [each.id for each in document.claims] == [whole, calm]
    assert document.claims[0].claim == desk.claim(first, "complete ceasefire", confidence=0.25, note='=1+1, "so"\r\n')
    assert document.claims[1].claim == desk.claim(
        first, CALM, "disputed", speaker=SPEAKER, evidence=EVIDENCE, event_start=date(2020, 1, 12)
    )
    assert {(each.author, each.row["reviewer"]) for each in document.claims} == {("Ada", "Ada")}
    assert [each.block for each in document.claims] == [1, 2]
    assert [(each.a, each.b, each.relation) for each in document.links] == [(calm, whole, "qualifies")]
    assert [each.id for each in second.claims] == [there]


@pytest.mark.parametrize("page", [1, 2, 1_000])
def test_documents_say_what_the_tables_say_whatever_the_page(desk: Desk, page: int) -> None:
    for n in range(5):
        article = desk.article(f"{STORY} {n}")
        for name in ("ada", "ben"):
            desk.mark(name, article, "complete ceasefire", evidence=EVIDENCE)
            desk.mark(name, article, CALM, "disputed", evidence=EVIDENCE[:1])
    with desk.app.app_context(), datasets.open_table(desk.project(), "annotations") as table:
        rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    found = documents(desk, page=page)
    assert [each.row for document in found for each in document.claims] == rows
    assert [len(each.claim.evidence) for document in found for each in document.claims] == [2, 2, 1, 1] * 5


def test_an_article_in_which_nobody_marked_anything_is_a_document_of_those_who_read_it(desk: Desk) -> None:
    read = desk.article("Nothing here.")
    desk.article(assign=False)
    assert [(each.id, list(each.claims)) for each in documents(desk)] == [(read, [])]
    for name in ("ada", "ben"):
        desk.submit(name, read)
    assert documents(desk, "gold") == []
    desk.write(lambda: adjudication_phase.finish(desk.user("jo"), read))
    assert [(each.id, list(each.claims)) for each in documents(desk, "gold")] == [(read, [])]


def test_what_may_not_be_shown_is_not_in_it(desk: Desk) -> None:
    article = desk.article()
    desk.mark("ada", article, "complete ceasefire")
    assert documents(desk, viewer="mia") == []
    for name in ("ada", "ben"):
        desk.submit(name, article)
    [document] = documents(desk, viewer="mia")
    assert [each.author for each in document.claims] == ["Ada"]
    [document] = documents(desk, viewer="jo")
    assert [each.author for each in document.claims] in (["Reviewer A"], ["Reviewer B"])


def test_a_release_gives_the_same_documents_whatever_follows(desk: Desk) -> None:
    article = finished(desk)
    unmarked = desk.article("Nothing here.")
    for name in ("ada", "ben"):
        desk.submit(name, unmarked)
    desk.write(lambda: adjudication_phase.finish(desk.user("jo"), unmarked))
    desk.article("Not even assigned.", assign=False)
    present = {layer: documents(desk, layer) for layer in ("gold", "annotations")}
    release(desk, "1.0.0")
    frozen = {layer: of_release(desk, "1.0.0", layer) for layer in ("gold", "annotations")}
    assert [each.id for each in frozen["gold"]] == [article, unmarked]
    for layer, found in frozen.items():
        assert [each.text for each in found] == [each.text for each in present[layer]]
        assert [each.claim for document in found for each in document.claims] == [
            each.claim for document in present[layer] for each in document.claims
        ]
    desk.write(lambda: adjudication_phase.reopen(desk.user("jo"), article))
    desk.write(lambda: undo_all(desk, article))
    assert {layer: of_release(desk, "1.0.0", layer) for layer in frozen} == frozen
    assert [each.id for each in documents(desk, "gold")] == [unmarked]


def test_a_quote_that_the_text_does_not_say_breaks_it_off(desk: Desk) -> None:
    desk.mark("ada", desk.article(), "complete ceasefire")
    desk.write(lambda: db.session.execute(update(Annotation).values(exact="something else")))
    with pytest.raises(Conflict, match="quotes something else"):
        documents(desk)


def test_the_statements_do_not_grow_with_the_claims(desk: Desk) -> None:
    def statements() -> int:
        with counted_statements(desk.app) as seen:
            documents(desk, viewer="jo")
        return len(seen)

    article = desk.article()
    desk.mark("ada", article, "complete ceasefire")
    for name in ("ada", "ben"):
        desk.submit(name, article)
    before = statements()
    for n in range(8):
        article = desk.article(f"{STORY} {n}")
        for at in range(8):
            desk.mark("ada", article, STORY[at : at + 10], evidence=EVIDENCE)
        for name in ("ada", "ben"):
            desk.submit(name, article)
    assert statements() == before


def test_an_export_is_one_moment(desk: Desk) -> None:
    article = desk.article()
    desk.mark("ada", article, "complete ceasefire", evidence=EVIDENCE)
    desk.mark("ada", desk.article("Another ceasefire."), "ceasefire")
    with desk.app.app_context(), closing(datasets.export(desk.project(), "annotations", page=1).documents()) as reading:
        found = [next(reading)]
        desk.mark("ben", article, CALM)
        desk.mark("ada", desk.article("A third ceasefire."), "ceasefire")
        found += reading
    assert [len(document.claims) for document in found] == [1, 1]


def test_memory_does_not_grow_with_the_number_of_articles(desk: Desk) -> None:
    for n in range(12):
        article = desk.article(f"{n} " + "A long ceasefire began. " * 60_000)
        desk.mark("ada", article, "A long ceasefire")

    def peak(most: int) -> int:
        tracemalloc.start()
        with desk.app.app_context(), closing(datasets.export(desk.project(), "annotations").documents()) as reading:
            for _ in range(most):
                next(reading)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(1)
    assert peak(12) < 1.5 * peak(4)


def test_a_speaker_of_whom_only_the_mode_is_known_stays_so(desk: Desk) -> None:
    article = desk.article()
    desk.mark("ada", article, CALM, speaker=Speaker("", None, SpeakerMode.QUOTED))
    [document] = documents(desk)
    [record] = document.claims
    assert isinstance(record.claim, Claim)
    assert record.claim.speaker == Speaker("", None, SpeakerMode.QUOTED)

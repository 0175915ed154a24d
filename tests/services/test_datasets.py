"""What each layer holds, that it is exact, and that reading it costs the same however much there is."""

from __future__ import annotations

import csv
import io
import json
import random
import tracemalloc
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import insert, select, update

from annotator.db import db, now, transaction
from annotator.domain.claims import Aspect, Claim, Evidence, Relation, SourceKind, Speaker, SpeakerMode, Stance
from annotator.domain.questions import Kind
from annotator.errors import Conflict, Invalid
from annotator.formats import catalogue, writing
from annotator.formats.files import rereadable
from annotator.models import Annotation, Outcome, Role
from annotator.services import adjudication, adjudication_phase, articles, datasets, imports, links, projects
from annotator.services import annotations as claims_service
from annotator.services.adjudication import Answer
from annotator.services.datasets import works
from annotator.services.links import Proposal
from annotator.services.questions import questions
from tests.support.desk import STORY, Desk, counted_statements

CASES = json.loads((Path(__file__).parent.parent / "data" / "offsets.json").read_text(encoding="utf-8"))["spans"]
CALM = 'calm "except for one or two separate incidents."'


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def read(desk: Desk, layer: str, *, viewer: str | None = None, **options) -> list[dict[str, str]]:
    """The layer as somebody reads it who has Python's csv."""
    with desk.app.app_context():
        table = datasets.table(desk.project(), layer, viewer=desk.user(viewer) if viewer else None, **options)
        content = b"".join(writing.write(table.columns, table.rows, "csv"))
    return list(csv.DictReader(io.StringIO(content.decode(), newline=""), strict=True))


def text_of(desk: Desk, article: str) -> str:
    with desk.app.app_context():
        return articles.get_for(desk.user("mia"), article).version.text


def decide(desk: Desk, article: str, exact: str, outcome: Outcome, **more) -> None:
    with desk.app.app_context():
        [view] = [
            view for view in questions(desk.user("jo"), article) if exact in {each.exact for each in view.versions}
        ]
        chosen = next(each.id for each in view.versions if each.exact == exact)
    taken = chosen if outcome is not Outcome.NOTHING_HERE else None
    answer = Answer(outcome, annotation=taken, **more)
    desk.write(lambda: adjudication.decide(desk.user("jo"), article, view.id, answer))


@pytest.fixture
def settled(desk: Desk) -> str:
    """An article on which Ada and Ben agreed, differed and missed each other, settled and finished by Jo."""
    article = desk.article(
        title="Truce", publisher="The Post", agency="Reuters", group="truces", published=date(2020, 1, 12)
    )
    desk.mark("ada", article, "complete ceasefire", "unverified", reason="single-party-source")
    desk.mark("ben", article, "a complete ceasefire", "disputed", note="Both sides, but no date.")
    speaker = Speaker("The ministry", SourceKind.NAMED_INSTITUTION, SpeakerMode.QUOTED, ("ministry", "agency"))
    evidence = (Evidence(Stance.QUALIFIES, SourceKind.NAMED_WITNESS, "Residents", published=date(2020, 1, 13)),)
    desk.mark("ada", article, CALM, "disputed", speaker=speaker, evidence=evidence, event_start=date(2020, 1, 12))
    desk.mark("ben", article, "three towns", "sourced")
    for name in ("ada", "ben"):
        desk.submit(name, article)
    decide(
        desk,
        article,
        "complete ceasefire",
        Outcome.ACCEPT,
        justification="The words of the speech.",
        as_of=date(2020, 2, 1),
    )
    decide(desk, article, CALM, Outcome.ACCEPT)
    decide(desk, article, "three towns", Outcome.NOTHING_HERE)
    desk.write(lambda: adjudication_phase.finish(desk.user("jo"), article))
    return article


def test_gold_has_a_row_for_each_settled_claim_with_its_votes_and_decision(desk: Desk, settled: str) -> None:
    first, second = read(desk, "gold")
    assert (first["exact"], first["label"], first["outcome"]) == ("complete ceasefire", "unverified", "accept")
    assert [first[f"votes_{key}"] for key in ("sourced", "disputed", "unverified", "none")] == ["0", "1", "1", "0"]
    assert (first["n_reviewers"], first["adjudicator"], first["as_of"]) == ("2", "Jo", "2020-02-01")
    assert first["justification"] == "The words of the speech."
    assert [second[f"votes_{key}"] for key in ("sourced", "disputed", "unverified", "none")] == ["0", "1", "0", "1"]
    assert (second["speaker"], second["speaker_chain"]) == ("The ministry", "ministry → agency")
    assert (second["article_group"], second["published"], second["event_start"]) == (
        "truces",
        "2020-01-12",
        "2020-01-12",
    )
    assert (second["publisher"], second["agency"], second["article_title"]) == ("The Post", "Reuters", "Truce")
    assert second["block"] == "2"
    assert first["release"] == ""


def test_every_quote_and_its_context_is_what_the_text_says(desk: Desk, settled: str) -> None:
    text_ = text_of(desk, settled)
    rows = read(desk, "gold") + read(desk, "annotations")
    assert len(rows) == 6
    for row in rows:
        start, end = int(row["start"]), int(row["end"])
        assert row["exact"] == text_[start:end]
        assert row["prefix"] == text_[max(0, start - 32) : start]
        assert row["suffix"] == text_[end : end + 32]


def test_annotations_tell_what_became_of_each(desk: Desk, settled: str) -> None:
    gold = {row["exact"]: row["claim_id"] for row in read(desk, "gold")}
    rows = {row["exact"]: row for row in read(desk, "annotations")}
    assert {exact: (row["reviewer"], row["outcome"], row["gold_claim_id"]) for exact, row in rows.items()} == {
        "complete ceasefire": ("Ada", "accept", gold["complete ceasefire"]),
        "a complete ceasefire": ("Ben", "accept", gold["complete ceasefire"]),
        CALM: ("Ada", "accept", gold[CALM]),
        "three towns": ("Ben", "nothing_here", ""),
    }
    assert rows["three towns"]["state"] == "locked"
    assert rows["three towns"]["created_at"].endswith("Z")


def test_evidence_is_that_of_gold_and_of_the_reviewers(desk: Desk, settled: str) -> None:
    rows = read(desk, "evidence")
    assert sorted(row["layer"] for row in rows) == ["annotations", "gold"]
    assert {(row["n"], row["stance"], row["kind"], row["source"], row["after_claim"]) for row in rows} == {
        ("1", "qualifies", "named_witness", "Residents", "true")
    }
    assert {row["claim_id"] for row in rows} <= {
        row["claim_id"] for row in read(desk, "gold") + read(desk, "annotations")
    }


def test_decisions_name_their_question_and_sources(desk: Desk, settled: str) -> None:
    rows = read(desk, "decisions")
    assert [(row["kind"], row["outcome"]) for row in rows] == [
        (Kind.LABEL, "accept"), (Kind.SOME, "accept"), (Kind.SOME, "nothing_here"),
    ]  # fmt: skip
    known = {row["claim_id"] for row in read(desk, "annotations")}
    assert {source for row in rows for source in row["source_annotation_ids"].split()} == known
    assert rows[2]["claim_id"] == ""


def test_dissent_has_a_row_for_each_difference_from_gold(desk: Desk, settled: str) -> None:
    gold = {row["exact"]: row["claim_id"] for row in read(desk, "gold")}
    mine = {row["exact"]: row["claim_id"] for row in read(desk, "annotations")}
    rows = read(desk, "dissent")
    ben = {"annotation_id": mine["a complete ceasefire"], "exact": "a complete ceasefire", "label": "disputed"}
    assert [(row["gold_claim_id"], row["reviewer"], row["how"]) for row in rows] == [
        (gold["complete ceasefire"], "Ben", "boundary"),
        (gold["complete ceasefire"], "Ben", "label"),
        (gold["complete ceasefire"], "Ben", "fields"),
        (gold[CALM], "Ben", "absent"),
    ]
    for row in rows[:3]:
        assert row | ben == row
        assert (row["note"], row["end"]) == ("Both sides, but no date.", str(int(row["start"]) + len(row["exact"])))
    assert [rows[3][column] for column in ("annotation_id", "start", "end", "exact", "label", "note")] == [""] * 6


def test_dissent_is_that_of_the_standing_decision(desk: Desk, settled: str) -> None:
    desk.write(lambda: adjudication_phase.reopen(desk.user("jo"), settled))
    assert read(desk, "dissent") == []
    with desk.app.app_context():
        [view] = [each for each in questions(desk.user("jo"), settled) if each.versions[0].exact == CALM]
    desk.write(lambda: adjudication.undo(desk.user("jo"), view.decision.id))
    decide(desk, settled, CALM, Outcome.NOTHING_HERE)
    desk.write(lambda: adjudication_phase.finish(desk.user("jo"), settled))
    assert {row["how"] for row in read(desk, "dissent")} == {"boundary", "label", "fields"}


def test_nothing_is_gold_before_the_article_is_finished(desk: Desk, settled: str) -> None:
    desk.write(lambda: adjudication_phase.reopen(desk.user("jo"), settled))
    assert read(desk, "gold") == read(desk, "decisions") == []
    assert {row["outcome"] for row in read(desk, "annotations")} == {""}
    assert {row["layer"] for row in read(desk, "evidence")} == {"annotations"}


def test_links_need_both_their_claims(desk: Desk) -> None:
    one, other = desk.article(), desk.article(STORY + " Later.")
    a = desk.mark("ada", one, "complete ceasefire")
    b = desk.mark("ada", other, CALM)
    proposal = Proposal(b, a, Relation.QUALIFIES, Aspect.SCOPE, "Another truce.")
    desk.write(lambda: links.create(desk.user("ada"), desk.slug, proposal))
    [row] = read(desk, "links")
    assert (row["a_claim_id"], row["b_claim_id"], row["relation"], row["aspect"]) == (
        str(b),
        str(a),
        "qualifies",
        "scope",
    )
    assert (row["author"], row["note"], row["layer"], row["status"]) == (
        "Ada",
        "Another truce.",
        "annotations",
        "confirmed",
    )
    desk.write(lambda: claims_service.delete(desk.user("ada"), a, if_version=1))
    assert read(desk, "links") == []
    assert [row["claim_id"] for row in read(desk, "annotations")] == [str(b)]


def test_articles_are_described_without_their_text(desk: Desk) -> None:
    article = desk.article(title="A, B", external_id="x-1", source_file="folder/a.txt")
    [row] = read(desk, "articles")
    assert (row["article_id"], row["external_id"], row["title"], row["source_file"]) == (
        article,
        "x-1",
        "A, B",
        "folder/a.txt",
    )
    assert (row["length"], row["version"]) == (str(len(STORY)), "1")


def test_a_viewer_sees_no_review_before_all_are_submitted(desk: Desk) -> None:
    article = desk.article()
    desk.mark("ada", article, "complete ceasefire", evidence=(Evidence(Stance.SUPPORTS, source="Radio"),))
    desk.submit("ada", article)
    for layer in ("annotations", "evidence"):
        assert read(desk, layer, viewer="mia") == []
        assert len(read(desk, layer)) == 1
    desk.submit("ben", article)
    for layer in ("annotations", "evidence"):
        assert len(read(desk, layer, viewer="mia")) == 1


def test_a_manager_who_reviews_blind_sees_nothing_that_they_could_still_use(desk: Desk) -> None:
    desk.write(lambda: projects.add_member(desk.project(), desk.user("ada"), Role.MANAGER))
    article = desk.article()
    desk.mark("ben", article, "complete ceasefire")
    for name in ("ada", "ben"):
        desk.submit(name, article)
    assert len(read(desk, "annotations", viewer="mia")) == 1
    assert read(desk, "annotations", viewer="ada") == []
    decide(desk, article, "complete ceasefire", Outcome.ACCEPT)
    assert len(read(desk, "annotations", viewer="ada")) == 1


def test_people_of_one_name_are_told_apart_and_no_address_is_exported(desk: Desk, settled: str) -> None:
    with desk.app.app_context(), transaction():
        desk.user("ben").name = "Ada"
    reviewers = {row["reviewer"] for row in read(desk, "annotations")}
    assert reviewers == {f"Ada ({desk.ids[name][:6]})" for name in ("ada", "ben")}
    everything = [cell for layer in datasets.LAYERS for row in read(desk, layer) for cell in row.values()]
    assert not [cell for cell in everything if "@" in cell]


def test_a_retired_label_keeps_its_column(desk: Desk, settled: str) -> None:
    with desk.app.app_context(), transaction():
        [label] = [label for label in projects.labels_of(desk.project()) if label.key == "disputed"]
        label.retired_at = now()
    assert [row["votes_disputed"] for row in read(desk, "gold")] == ["1", "1"]


def test_a_quote_that_the_text_does_not_say_breaks_the_export_off(desk: Desk) -> None:
    article = desk.article()
    claim = desk.mark("ada", article, "complete ceasefire")
    with desk.app.app_context(), transaction():
        db.session.execute(update(Annotation).where(Annotation.id == claim).values(exact="complete cease-fire"))
    with pytest.raises(Conflict, match="quotes something else"):
        read(desk, "annotations")


def test_an_unknown_layer_is_refused(desk: Desk) -> None:
    with pytest.raises(Invalid, match="gold, annotations"):
        read(desk, "silver")


@pytest.mark.parametrize("page", [1, 3, 7, 1_000])
def test_pages_join_without_gap_or_repetition(desk: Desk, page: int) -> None:
    article, other = desk.article(), desk.article(STORY + " Later.")
    generator = random.Random(7)
    for name, where in (("ada", article), ("ben", article), ("ada", other)):
        for _ in range(4):
            start = generator.randrange(0, 100)
            claim = Claim(start, start + 20, STORY[start : start + 20], "sourced")
            with desk.app.app_context(), transaction():
                claims_service.put(desk.user(name), where, uuid4(), claim, if_version=None)
    whole = read(desk, "annotations")
    assert len(whole) == 12
    assert read(desk, "annotations", page=page) == whole
    assert [(row["article_id"], int(row["start"])) for row in whole] == sorted(
        ((row["article_id"], int(row["start"])) for row in whole),
        key=lambda key: ([article, other].index(key[0]), key[1]),
    )
    assert read(desk, "articles", page=1) == read(desk, "articles")


@pytest.mark.parametrize("layer", ["gold", "annotations"])
def test_texts_of_many_articles_are_read_in_parts(
    desk: Desk, settled: str, monkeypatch: pytest.MonkeyPatch, layer: str
) -> None:
    for n in range(3):
        article = desk.article(f"{STORY} And {n} more.")
        desk.mark("ada", article, STORY[:9])
    whole = read(desk, layer)
    with counted_statements(desk.app) as at_once:
        read(desk, layer)
    monkeypatch.setattr(works, "MOST_CHARACTERS", 1)
    with counted_statements(desk.app) as in_parts:
        assert read(desk, layer) == whole
    assert (len(in_parts) > len(at_once)) == (layer == "annotations"), "gold is of one article"


@pytest.mark.parametrize("layer", list(datasets.LAYERS))
def test_two_exports_are_equal_byte_for_byte(desk: Desk, settled: str, layer: str) -> None:
    assert read(desk, layer) == read(desk, layer)


def test_the_statements_of_a_page_do_not_grow_with_its_rows(desk: Desk, settled: str) -> None:
    def statements(layer: str) -> int:
        with counted_statements(desk.app) as seen:
            read(desk, layer)
        return len(seen)

    before = {layer: statements(layer) for layer in datasets.LAYERS}
    article = desk.article(STORY + " Later.")
    for n in range(30):
        desk.mark("ada", article, STORY[n : n + 10], evidence=(Evidence(Stance.SUPPORTS, source="Radio"),))
    assert {layer: statements(layer) for layer in datasets.LAYERS} == before
    assert max(before.values()) <= 9


def test_an_export_is_one_moment_whatever_is_written_meanwhile(desk: Desk) -> None:
    article = desk.article()
    for n in range(4):
        desk.mark("ada", article, STORY[n * 5 : n * 5 + 5])
    with desk.app.app_context():
        table = datasets.table(desk.project(), "annotations", page=2)
        first = next(table.rows)
        desk.mark("ben", article, "three towns")
        desk.mark("ada", article, STORY[30:40])
        rows = [first, *table.rows]
    assert len(rows) == 4
    assert len(read(desk, "annotations")) == 6


def test_memory_does_not_grow_with_the_dataset(desk: Desk) -> None:
    article = desk.article("A ceasefire began. " * 200)
    with desk.app.app_context(), transaction():
        claim = desk.claim(article, "A ceasefire")
        claims_service.put(desk.user("ada"), article, uuid4(), claim, if_version=None)
        one = db.session.scalars(select(Annotation)).one()
        columns = {c.key: getattr(one, c.key) for c in Annotation.__mapper__.column_attrs}
        db.session.execute(insert(Annotation), [{**columns, "id": uuid4()} for _ in range(6_000)])

    def peak(rows: int) -> int:
        tracemalloc.start()
        with desk.app.app_context(), datasets.open_table(desk.project(), "annotations") as table:
            for _ in range(rows):
                next(table.rows)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(100)
    assert peak(6_000) < 1.5 * peak(1_500)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_hostile_texts_go_out_and_come_back(desk: Desk, case: dict) -> None:
    article = desk.article(case["text"], assign=True)
    claim = Claim(case["start"], case["end"], case["exact"], "sourced", note=case["text"])
    desk.write(lambda: claims_service.put(desk.user("ada"), article, uuid4(), claim, if_version=None))
    [row] = read(desk, "annotations")
    assert row["exact"] == case["exact"] == text_of(desk, article)[int(row["start"]) : int(row["end"])]
    assert row["note"] == case["text"]
    columns, cells = ["external_id", "text", "title"], [["again", case["text"], ""]]
    for name in ("csv", "csv-spreadsheet", "jsonl"):
        suffix = catalogue.FORMATS[name].suffix
        content = io.BytesIO(b"".join(writing.write(columns, [[name, *cells[0][1:]]], name)))
        with desk.app.app_context(), rereadable(content, f"again{suffix}", format=name) as again:
            report = imports.import_file(desk.project(), again, f"again{suffix}")
            assert report.errors == []
            assert text_of(desk, report.articles[0].id) == case["text"]

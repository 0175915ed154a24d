"""Annotations out of files: whose work they become, where they stand, what is refused, and that nothing comes in twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from annotator.db import db, transaction
from annotator.domain.claims import Evidence, Origin, Speaker, Stance
from annotator.domain.selectors import Quote
from annotator.domain.spans import Span
from annotator.domain.text import plain_blocks, sha256
from annotator.errors import Invalid
from annotator.formats.records import (
    AnnotatedRecord,
    ArticleRecord,
    ArticleReference,
    ReadClaim,
    ReadLink,
    RecordError,
)
from annotator.models import (
    Annotation,
    Article,
    ArticleVersion,
    Assignment,
    AssignmentKind,
    AssignmentState,
    Event,
    EvidenceItem,
    Import,
    ImportedSuggestion,
    ImportState,
    Label,
    Link,
    Role,
)
from annotator.services import (
    annotation_imports,
    articles,
    checks,
    giving,
    history,
    imported_claims,
    labels,
    projects,
    suggestions,
)
from annotator.services.annotation_imports import AnnotationReport
from annotator.services.annotation_plan import Aim
from tests.support.desk import STORY, Desk, counted_statements

TRUCE = "complete ceasefire"
TABLES = (Annotation, EvidenceItem, Link, ImportedSuggestion, Article, Assignment)


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app, suggestions=True)


def claim(exact: str = TRUCE, label: str = "sourced", **fields: Any) -> ReadClaim:
    """A claim with its place in the story; `start=None` leaves the quote alone."""
    given = {"start": STORY.index(exact), "end": STORY.index(exact) + len(exact)} | fields
    if given["start"] is None:
        given["end"] = None
    return ReadClaim(label, given.pop("quote", Quote(exact)), **given)


def about(article_id: str = "", *claims: ReadClaim, **more: Any) -> AnnotatedRecord:
    reference = more.pop("reference", ArticleReference(id=article_id))
    return AnnotatedRecord(reference, claims=claims or (claim(),), **more)


def story(text: str = STORY, **facts: Any) -> ArticleRecord:
    return ArticleRecord(text, plain_blocks(text), f"{hash((text, str(facts))):064x}"[-64:], **facts)


def bring(
    desk: Desk,
    *records: AnnotatedRecord | RecordError,
    reviewer: str | None = "ada",
    dry_run: bool = False,
    by: str | None = "mia",
    **aim: Any,
) -> AnnotationReport:
    with desk.app.app_context():
        chosen = Aim(desk.user(reviewer) if reviewer else None, **aim)
        return annotation_imports.import_annotations(
            desk.project(), lambda: records, "old.jsonl", chosen, by=desk.user(by) if by else None, dry_run=dry_run
        )


def refusals(report: AnnotationReport) -> str:
    assert report.refused
    return "\n".join(str(error) for error in report.errors)


def counts(desk: Desk) -> list[int]:
    with desk.app.app_context():
        return [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES]


def stored(desk: Desk) -> Sequence[Annotation]:
    with desk.app.app_context():
        return db.session.scalars(select(Annotation).order_by(Annotation.start, Annotation.id)).all()


def is_sound(desk: Desk) -> bool:
    with desk.app.app_context():
        return list(checks.findings()) == []


# As a reviewer's work


def test_claims_become_the_work_of_the_named_reviewer(desk: Desk) -> None:
    article_id = desk.article()
    report = bring(
        desk,
        about(
            article_id,
            claim(
                reason="document",
                speaker=Speaker("The ministry"),
                note="Seen.",
                confidence=0.5,
                evidence=[Evidence(Stance.SUPPORTS, source="A treaty")],
            ),
            claim("shelling", "disputed"),
        ),
    )
    assert (report.errors, report.added, report.known, report.articles_known) == ([], 2, 0, 1)
    first, _ = stored(desk)
    assert (first.exact, first.reason, first.speaker, first.note, first.origin) == (
        TRUCE, "document", "The ministry", "Seen.", Origin.HUMAN,
    )  # fmt: skip
    with desk.app.app_context():
        work = db.session.get_one(Assignment, first.assignment_id)
        assert (work.user_id, work.state) == (desk.ids["ada"], AssignmentState.IN_PROGRESS)
        event = db.session.scalars(select(Event).where(Event.action == "annotation.create")).first()
        assert event is not None
        assert event.user_id == desk.ids["mia"]
        assert '"imported":"old.jsonl"' in event.payload
        assert history.of(desk.user("ada"), first.id).steps[0].by is not None
    assert is_sound(desk)


def test_the_review_is_given_where_the_reviewer_does_not_have_it(desk: Desk) -> None:
    article_id = desk.article(assign=False)
    assert bring(desk, about(article_id)).added == 1
    with desk.app.app_context():
        assert db.session.scalars(select(Assignment.user_id)).all() == [desk.ids["ada"]]
    assert is_sound(desk)


def test_the_same_file_again_adds_nothing(desk: Desk) -> None:
    article_id = desk.article()
    records = [about(article_id, claim(id=uuid4()), claim("shelling"), claim("shelling", note="Twice."))]
    assert bring(desk, *records).added == 3
    before = counts(desk)
    again = bring(desk, *records)
    assert (again.added, again.known) == (0, 3)
    assert counts(desk) == before


def test_a_claim_that_was_changed_since_is_left_as_it_is(desk: Desk) -> None:
    article_id = desk.article()
    mark = desk.mark("ada", article_id, TRUCE, "disputed")
    assert bring(desk, about(article_id, claim(id=mark))).known == 1
    with desk.app.app_context():
        assert db.session.get_one(Annotation, mark).version == 1


def test_an_id_of_another_project_is_replaced_and_known_again(desk: Desk) -> None:
    article_id = desk.article()
    taken = desk.mark("ada", article_id, TRUCE)
    other = Desk.__new__(Desk)
    other.app, other.slug, other.ids = desk.app, "other", desk.ids
    with desk.app.app_context(), transaction():
        projects.add_member(projects.create("other", "Other"), desk.user("ada"), Role.REVIEWER)
    twin = other.write(lambda: articles.add(other.project(), [story()])[0].article.id)
    assert bring(other, about(twin, claim(id=taken))).added == 1
    assert bring(other, about(twin, claim(id=taken))).known == 1
    assert len({each.id for each in stored(desk)}) == 2


def test_the_work_of_somebody_else_in_the_project_is_refused_in_both_ways(desk: Desk) -> None:
    article_id = desk.article()
    mark = desk.mark("ben", article_id, TRUCE)
    before = counts(desk)
    for reviewer in ("ada", None):
        assert "somebody in this project already" in refusals(
            bring(desk, about(article_id, claim(id=mark)), reviewer=reviewer)
        )
    assert counts(desk) == before


def test_links_join_the_claims_of_a_file_and_come_in_once(desk: Desk) -> None:
    first, second = desk.article(), desk.article(title="Second")
    records = [
        about(first, claim(key="a"), links=[ReadLink("a", "b", "contradicts", "fact", "Why.")]),
        about(second, claim("shelling", key="b")),
    ]
    assert bring(desk, *records).links == 1
    assert bring(desk, *records).links == 0
    with desk.app.app_context():
        assert db.session.scalars(select(Link.relation)).all() == ["contradicts"]
    assert is_sound(desk)


def test_a_link_to_nothing_and_an_unknown_relation_are_refused(desk: Desk) -> None:
    article_id = desk.article()
    records = about(
        article_id,
        claim(key="a"),
        claim("shelling", key="b"),
        links=[ReadLink("a", "gone", "contradicts"), ReadLink("a", "b", "likes")],
        line=3,
    )
    told = refusals(bring(desk, records))
    assert "joins a claim that is not in this file" in told
    assert "'likes' is none of contradicts" in told


@pytest.mark.parametrize("state", ["submitted", "adjudicated", "returned"])
def test_work_that_is_not_open_is_never_touched(desk: Desk, state: str) -> None:
    article_id = desk.article()
    if state == "returned":
        desk.write(lambda: giving.send_back(desk.project(), article_id, desk.ids["ada"], by=desk.user("mia")))
    else:
        desk.submit("ada", article_id)
    before = counts(desk)
    assert refusals(bring(desk, about(article_id)))
    assert counts(desk) == before


def test_nobody_new_comes_to_an_article_that_is_being_adjudicated(desk: Desk) -> None:
    article_id = desk.article(assign=False)
    with desk.app.app_context(), transaction():
        version = db.session.scalars(select(ArticleVersion.id)).one()
        giving.store(
            desk.project(),
            [giving.Gift(article_id, version, desk.ids["jo"], AssignmentKind.ADJUDICATION)],
            by=None,
        )
    assert "An adjudicator has begun" in refusals(bring(desk, about(article_id)))
    assert "An adjudicator has begun" in refusals(bring(desk, about(article_id), dry_run=True))


def test_who_is_no_reviewer_gets_no_work(desk: Desk) -> None:
    article_id = desk.article()
    for name in ("jo", "mia", "sam"):
        with pytest.raises(Invalid, match="no reviewer"):
            bring(desk, about(article_id), reviewer=name)
    with desk.app.app_context():
        assert annotation_imports.reviewer_by(desk.project(), " Ada@Example.org ").name == "Ada"
        for email in ("jo@example.org", "nobody@example.org"):
            with pytest.raises(Invalid, match=r"ada@example\.org, ben@example\.org"):
                annotation_imports.reviewer_by(desk.project(), email)


def test_of_several_authors_one_must_be_named(desk: Desk) -> None:
    article_id = desk.article()
    record = about(article_id, claim(author="Pia"), claim("shelling", author="Tom"))
    assert "--author" in refusals(bring(desk, record))
    assert "it names Pia, Tom" in refusals(bring(desk, record, author="Nobody"))
    assert bring(desk, record, author="Tom").added == 1
    assert [each.exact for each in stored(desk)] == ["shelling"]


# As suggestions


def suggested(desk: Desk, article_id: str, name: str = "ada") -> list[tuple[str, tuple[str, ...]]]:
    with desk.app.app_context():
        found = suggestions.look(desk.user(name), article_id).suggestions
        return [(STORY[each.start : each.end], each.why) for each in found]


def want_suggestions(desk: Desk, article_id: str) -> None:
    def switch_on() -> None:
        for name in ("ada", "ben"):
            suggestions.switch(desk.user(name), article_id, on=True)

    desk.write(switch_on)


def test_suggestions_are_offered_without_a_label_and_are_no_marks(desk: Desk) -> None:
    article_id = desk.article()
    want_suggestions(desk, article_id)
    assert bring(desk, about(article_id, claim(label="whatever")), reviewer=None).added == 1
    assert (TRUCE, ("imported",)) in suggested(desk, article_id)
    assert stored(desk) == []
    assert bring(desk, about(article_id, claim(label="whatever")), reviewer=None).known == 1
    assert is_sound(desk)


def test_an_imported_suggestion_takes_the_place_of_what_the_text_itself_suggests(desk: Desk) -> None:
    article_id = desk.article()
    want_suggestions(desk, article_id)
    bring(desk, about(article_id), reviewer=None)
    assert [words for words, _ in suggested(desk, article_id) if TRUCE in words] == [TRUCE]


def test_an_imported_suggestion_can_be_dismissed_and_goes_when_it_is_marked(desk: Desk) -> None:
    article_id = desk.article()
    want_suggestions(desk, article_id)
    bring(desk, about(article_id), reviewer=None)
    place = Span(STORY.index(TRUCE), STORY.index(TRUCE) + len(TRUCE))
    desk.write(lambda: suggestions.dismiss(desk.user("ada"), article_id, place))
    assert TRUCE not in dict(suggested(desk, article_id))
    assert TRUCE in dict(suggested(desk, article_id, "ben"))
    desk.mark("ben", article_id, TRUCE, origin=Origin.SUGGESTION_ACCEPTED)
    assert TRUCE not in dict(suggested(desk, article_id, "ben"))


def test_a_project_without_suggestions_takes_them_and_says_so(app: Flask) -> None:
    desk = Desk(app)
    report = bring(desk, about(desk.article()), reviewer=None)
    assert report.added == 1
    assert "does not offer suggestions" in " ".join(report.warnings)


# Labels


def test_labels_are_told_by_key_then_by_name_then_by_what_was_said(desk: Desk) -> None:
    article_id = desk.article()
    record = about(
        article_id, claim(label="sourced"), claim(label="  DISPUTED ", note="x"), claim(label="FALSE", note="y")
    )
    told = refusals(bring(desk, record))
    assert "“FALSE” (1 claim) is none of this project's labels: sourced (Sourced), disputed (Disputed)" in told
    assert "--label 'FALSE=KEY'" in told
    report = bring(desk, record, labels={"FALSE": "disputed"})
    assert [(use.word, use.key) for use in report.labels] == [
        ("sourced", "sourced"), ("  DISPUTED ", "disputed"), ("FALSE", "disputed"),
    ]  # fmt: skip
    assert report.added == 3


def test_a_retired_label_and_one_that_is_not_there_are_no_choice(desk: Desk) -> None:
    article_id = desk.article()
    with pytest.raises(Invalid, match="no label 'gone'"):
        bring(desk, about(article_id), labels={"x": "gone"})

    def retire() -> None:
        label = db.session.scalars(select(Label).where(Label.key == "sourced")).one()
        labels.retire(label, by=desk.user("mia"))

    desk.write(retire)
    assert "none of this project's labels" in refusals(bring(desk, about(article_id)))


def test_a_reason_that_the_label_does_not_have_is_refused(desk: Desk) -> None:
    told = refusals(bring(desk, about(desk.article(), claim(reason="hunch", line=7))))
    assert told.startswith("Line 7, field 'reason': 'hunch' is no reason for 'sourced'")


# Places


def test_a_quote_alone_is_looked_for(desk: Desk) -> None:
    article_id = desk.article()
    assert bring(desk, about(article_id, claim(start=None))).added == 1
    assert stored(desk)[0].exact == TRUCE


def test_a_quote_that_stands_there_twice_needs_its_context(desk: Desk) -> None:
    text = "It was calm in the north. It was calm in the south."
    article_id = desk.article(text)
    alone = ReadClaim("sourced", Quote("It was calm"))
    assert "more than once" in refusals(bring(desk, about(article_id, alone)))
    told_apart = ReadClaim("sourced", Quote("It was calm", suffix=" in the south"))
    assert bring(desk, about(article_id, told_apart)).added == 1
    assert stored(desk)[0].start == text.rindex("It was calm")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"start": 0, "end": 18}, "The article says “Both governments a” at [0, 18)"),
        ({"start": 5, "end": 9_999}, "is not inside the article"),
        ({"start": 9, "end": 9}, "is not inside the article"),
        ({"start": None, "quote": Quote("a truce")}, "“a truce” does not stand in the article"),
        ({"start": None, "quote": Quote("")}, "neither a place nor a quote"),
    ],
)
def test_a_claim_is_never_moved(desk: Desk, fields: dict[str, Any], words: str) -> None:
    article_id = desk.article()
    told = refusals(bring(desk, about(article_id, claim(line=4, **fields))))
    assert words in told
    assert told.startswith("Line 4, ")
    assert stored(desk) == []


def test_places_count_code_points(desk: Desk) -> None:
    text = "😀 e\u0301 It was calm."
    start = text.index("It")
    article_id = desk.article(text)
    given = ReadClaim("sourced", Quote("It was calm."), start, start + 12)
    assert bring(desk, about(article_id, given)).added == 1
    assert is_sound(desk)


# Articles


@pytest.mark.parametrize(
    ("facts", "reference"),
    [
        ({"external_id": "x1"}, ArticleReference(id="nonsense", external_id="x1", title="Other")),
        ({"url": "https://example.org/1"}, ArticleReference(url="https://example.org/1")),
        ({}, ArticleReference(sha256=sha256(STORY))),
        ({"title": "A truce"}, ArticleReference(title="A truce")),
    ],
)
def test_an_article_is_known_by_what_the_file_says_of_it(
    desk: Desk, facts: dict[str, Any], reference: ArticleReference
) -> None:
    desk.article(**facts)
    desk.article("Another story, of another day.\n\nNothing else.", title="B")
    assert bring(desk, about(reference=reference)).added == 1


def test_where_two_articles_fit_none_is_taken(desk: Desk) -> None:
    desk.article(title="A truce")
    desk.article(title="A truce", group="2")
    told = refusals(bring(desk, about(reference=ArticleReference(title="A truce"))))
    assert "2 articles of this project have the title “A truce”" in told


def test_an_article_that_is_not_there_is_refused_by_what_is_known_of_it(desk: Desk) -> None:
    told = refusals(bring(desk, about(reference=ArticleReference(external_id="x", title="A truce")), about()))
    assert "There is no article with the external id “x”, the title “A truce” in this project. Import it first." in told
    assert "does not say which article" in told


def test_an_article_that_the_file_brings_is_stored_with_its_claims(desk: Desk) -> None:
    record = about(reference=ArticleReference(), article=story(title="A truce"))
    preview = bring(desk, record, dry_run=True)
    assert (preview.articles_added, preview.added) == (1, 1)
    report = bring(desk, record)
    assert (report.errors, report.articles_added, report.articles_known, report.added) == ([], 1, 0, 1)
    again = bring(desk, record)
    assert (again.articles_added, again.articles_known, again.added, again.known) == (0, 1, 0, 1)
    with desk.app.app_context():
        article = db.session.scalars(select(Article)).one()
        assert article.listed_at is not None
    assert is_sound(desk)


def test_two_records_of_one_new_article_make_one(desk: Desk) -> None:
    records = [about(reference=ArticleReference(), article=story()), about("", claim("shelling"), article=story())]
    report = bring(desk, *records)
    assert (report.articles_added, report.added) == (1, 2)


def test_to_match_only_stores_no_article(desk: Desk) -> None:
    record = about(reference=ArticleReference(title="A truce"), article=story())
    assert "Import it first" in refusals(bring(desk, record, create=False))
    assert counts(desk) == [0] * len(TABLES)


# Whole or not at all


def test_everything_that_is_wrong_is_named_and_nothing_is_stored(desk: Desk) -> None:
    article_id = desk.article()
    before = counts(desk)
    told = refusals(
        bring(
            desk,
            about(article_id, claim(), claim(start=1, end=3, line=2)),
            RecordError("This is not JSON.", 3),
            about("gone", line=4),
            about(article_id, claim(label="odd", line=5)),
        )
    )
    for words in ("Line 2, ", "Line 3: This is not JSON.", "Line 4: There is no article", "“odd”"):
        assert words in told
    assert counts(desk) == before


def test_two_claims_under_one_id_are_refused_unless_they_are_the_same(desk: Desk) -> None:
    article_id, number = desk.article(), uuid4()
    assert bring(desk, about(article_id, claim(id=number), claim(id=number))).added == 1
    told = refusals(bring(desk, about(article_id, claim(id=number), claim("shelling", id=number))))
    assert "Another claim of this file has the same id" in told


def test_a_file_without_a_claim_and_one_with_too_many_are_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    article_id = desk.article()
    assert "no claim in this file" in refusals(bring(desk, AnnotatedRecord(ArticleReference(id=article_id))))
    monkeypatch.setattr("annotator.services.annotation_planning.MOST_CLAIMS", 1)
    assert "split it" in refusals(bring(desk, about(article_id, claim(), claim("shelling"))))


@pytest.mark.parametrize("reviewer", ["ada", None])
def test_batches_of_one_claim_bring_what_one_batch_brings(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, reviewer: str | None
) -> None:
    """Repeats, links and new articles reach from one batch into another."""
    article_id, number = desk.article(), uuid4()
    records = [
        about(article_id, claim(id=number, key="a"), links=[ReadLink("b", "a", "qualifies")]),
        about(reference=ArticleReference(), article=story(f"{STORY} More.")),
        about(article_id, claim(id=number, key="a"), claim("shelling", key="b"), claim(note="Of no id.")),
        about(article_id, claim(note="Of no id.")),
    ]
    monkeypatch.setattr("annotator.services.planned_claims.BATCH_CLAIMS", 1)
    monkeypatch.setattr("annotator.services.annotation_planning.BATCH", 1)
    foretold = bring(desk, *records, reviewer=reviewer, dry_run=True)
    came = bring(desk, *records, reviewer=reviewer)
    told = [(each.added, each.known, each.links, each.articles_added, each.articles_known) for each in (foretold, came)]
    assert told == [(4, 1, 1, 1, 1) if reviewer else (3, 2, 0, 1, 1)] * 2
    assert is_sound(desk)
    monkeypatch.undo()
    again = bring(desk, *records, reviewer=reviewer)
    assert (again.added, again.known, again.links, again.articles_added) == (0, 5, 0, 0)


def test_another_claim_under_an_id_that_came_long_before_is_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    article_id, number = desk.article(), uuid4()
    monkeypatch.setattr("annotator.services.annotation_planning.BATCH", 1)
    told = refusals(bring(desk, about(article_id, claim(id=number)), about(article_id, claim("shelling", id=number))))
    assert "Another claim of this file has the same id" in told


def test_an_import_that_is_broken_off_between_two_batches_leaves_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    article_id = desk.article()
    before = counts(desk)
    monkeypatch.setattr("annotator.services.planned_claims.BATCH_CLAIMS", 1)
    new = about("", ReadClaim("sourced", Quote("A new story")), article=story(f"A new story.\n\n{STORY}"))
    told: list[int] = []

    def stop(count: int) -> None:
        told.append(count)
        if count > 1:
            raise Stop

    with desk.app.app_context(), pytest.raises(Stop):
        annotation_imports.import_annotations(
            desk.project(), lambda: (about(article_id), new), "old.jsonl", Aim(desk.user("ada")), progress=stop
        )
    assert told == [1, 2]
    assert counts(desk) == before
    assert is_sound(desk)


class Stop(BaseException):
    """What ends a program from outside."""


@pytest.mark.parametrize("place", ["store", "store_links", "suggest"])
def test_an_import_that_is_broken_off_leaves_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    article_id = desk.article()
    before = counts(desk)

    def stop(*_args: object, **_options: object) -> None:
        raise Stop

    linked = about(article_id, claim(key="a"), claim("shelling", key="b"), links=[ReadLink("a", "b", "qualifies")])
    new = about("", ReadClaim("sourced", Quote("A new story")), article=story(f"A new story.\n\n{STORY}"))
    with monkeypatch.context() as patched:
        patched.setattr(imported_claims, place, stop)
        with pytest.raises(Stop):
            bring(desk, linked, new, reviewer=None if place == "suggest" else "ada")
    assert counts(desk) == before
    assert is_sound(desk)
    assert bring(desk, linked, new).added == 3


def test_a_reviewer_who_submits_meanwhile_ends_the_import(desk: Desk) -> None:
    article_id = desk.article()
    record = about(article_id)
    new = AnnotatedRecord(
        ArticleReference(), story("A new story.\n\nIt ends."), (ReadClaim("sourced", Quote("It ends.")),)
    )
    reads = 0

    def read() -> Iterator[AnnotatedRecord]:
        nonlocal reads
        reads += 1
        if reads == 2:
            desk.submit("ada", article_id)
        yield from (record, new)

    before = counts(desk)
    with desk.app.app_context():
        report = annotation_imports.import_annotations(desk.project(), read, "old.jsonl", Aim(desk.user("ada")))
    assert "They have submitted this article" in refusals(report)
    assert counts(desk) == before
    with desk.app.app_context():
        assert db.session.scalars(select(Import.state)).all() == [ImportState.FAILED]


def test_a_dry_run_stores_nothing_and_foretells_the_counts(desk: Desk) -> None:
    article_id = desk.article()
    desk_before = counts(desk)
    records = [about(article_id, claim(id=uuid4()), claim("shelling"))]
    preview = bring(desk, *records, dry_run=True)
    assert (preview.added, preview.known, preview.articles_known) == (2, 0, 1)
    assert [(each.quote, each.label) for each in preview.examples] == [(TRUCE, "sourced"), ("shelling", "sourced")]
    assert counts(desk) == desk_before
    bring(desk, *records)
    assert (bring(desk, *records, dry_run=True).added, bring(desk, *records, dry_run=True).known) == (0, 2)


def test_the_number_of_statements_does_not_grow_with_the_claims(desk: Desk) -> None:
    article_id = desk.article()

    def spent(claims: Sequence[ReadClaim]) -> int:
        with counted_statements(desk.app) as statements:
            assert bring(desk, about(article_id, *claims)).errors == []
        return len(statements)

    few = spent([claim(note=f"few {number}") for number in range(2)])
    assert spent([claim(note=f"many {number}") for number in range(200)]) == few


def test_a_command_line_import_names_nobody(desk: Desk) -> None:
    article_id = desk.article()
    bring(desk, about(article_id), by=None)
    with desk.app.app_context():
        event = db.session.scalars(select(Event).where(Event.action == "annotation.create")).one()
        assert event.user_id is None
        assert str(UUID(event.subject)) == event.subject

"""The list of one's own claims: never another person's, found by words and filters, in parts without gaps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from annotator.db import db
from annotator.domain.claims import Evidence, Origin, Speaker, Stance, missing
from annotator.errors import Invalid, NotFound
from annotator.models import AssignmentState, EvidenceRule, Membership, Role
from annotator.services import annotations as claims
from annotator.services import assignments, own_claims, projects, speakers
from annotator.services.claims import claim_of
from annotator.services.own_claims import Filters, Found, Order
from tests.support.desk import STORY, Desk, counted_statements

SUPPORT = (Evidence(Stance.SUPPORTS, source="Ministry"),)


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def listed(desk: Desk, name: str = "ada", *, order: Order = Order.NEWEST, after: str = "", **filters: Any) -> Found:
    with desk.app.app_context():
        return own_claims.page_for(desk.user(name), Filters(**filters), order=order, after=after)


def ids(found: Found) -> list[UUID]:
    return [row.annotation.id for row in found.rows]


def test_it_holds_all_own_live_claims_and_nobody_elses(desk: Desk) -> None:
    one, other = desk.article(), desk.article("Another story was told.")
    mine = {desk.mark("ada", one, "three towns"), desk.mark("ada", other, "Another story")}
    theirs = desk.mark("ben", one, "three towns")
    gone = desk.mark("ada", one, "complete ceasefire")
    desk.write(lambda: claims.delete(desk.user("ada"), gone, if_version=1))
    assert set(ids(listed(desk))) == mine
    assert ids(listed(desk, "ben")) == [theirs]
    for name in ("jo", "mia", "sam"):
        assert ids(listed(desk, name)) == []


def test_it_never_opens_to_others_even_when_the_article_does(desk: Desk) -> None:
    article = desk.article()
    desk.mark("ada", article, "three towns")
    desk.submit("ada", article)
    desk.submit("ben", article)
    assert [listed(desk, name).total for name in ("ada", "ben", "jo", "mia")] == [1, 0, 0, 0]


def test_who_left_the_project_finds_nothing_of_it(desk: Desk) -> None:
    desk.mark("ada", desk.article(), "three towns")
    desk.write(lambda: db.session.query(Membership).filter_by(user_id=desk.ids["ada"]).delete())
    assert listed(desk).total == 0


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("three", 1),
        ("THREE towns", 1),
        ("ministry", 1),
        ("seen there", 1),
        ("Генштаб", 1),
        ("генштаб", 1),
        ("in my words", 1),
        ("three ministry nowhere", 0),
        ("100%", 1),
        ("%", 1),
        ("_", 0),
        ("\\", 0),
        ("' OR 1=1 --", 0),
        ("x " * 2_000, 0),
    ],
)
def test_words_are_found_in_quote_wording_note_and_speaker(desk: Desk, words: str, found: int) -> None:
    article = desk.article()
    desk.mark(
        "ada",
        article,
        "three towns",
        speaker=Speaker("Ministry and Генштаб"),
        note="seen there, 100%",
        claim_text="in my words",
    )
    desk.mark("ada", article, "calm", "unverified")
    assert listed(desk, words=words).total == found


def test_each_filter_keeps_what_fits(desk: Desk) -> None:
    one, other = desk.article(), desk.article("Another story was told.")
    sure = desk.mark("ada", one, "three towns", "unverified", reason="hedged", confidence=0.51)
    unsure = desk.mark("ada", one, "calm", "disputed", confidence=0.5)
    suggested = desk.mark("ada", other, "story", origin=Origin.SUGGESTION_EDITED)
    desk.submit("ada", other)
    assert ids(listed(desk, label="disputed")) == [unsure]
    assert ids(listed(desk, unsure=True)) == [unsure]
    assert ids(listed(desk, origin=Origin.SUGGESTION_EDITED)) == [suggested]
    assert ids(listed(desk, state=AssignmentState.SUBMITTED)) == [suggested]
    assert set(ids(listed(desk, state=AssignmentState.IN_PROGRESS))) == {sure, unsure}
    assert listed(desk, project="truce").total == 3
    assert listed(desk, project="elsewhere").total == 0
    assert listed(desk, label="no-such-label").total == 0


def test_lacking_something_means_the_same_to_the_database_as_to_the_rule(desk: Desk) -> None:
    """Every label with every subset of what it may carry, and evidence of every stance."""
    article = desk.article(" ".join(f"word{number}" for number in range(200)))
    number = 0
    for label, reason in (("sourced", "document"), ("disputed", "contradicted"), ("unverified", "hedged")):
        for speaker in (None, Speaker("Ministry"), Speaker("\u00a0\t\u3000 ")):
            for given_reason in ("", reason):
                for stance in (None, *Stance):
                    evidence = (Evidence(stance, source="A"),) if stance else ()
                    fields = {"speaker": speaker, "reason": given_reason, "evidence": evidence}
                    desk.mark("ada", article, f"word{number}", label, **fields)
                    number += 1

    def wanted() -> set[UUID]:
        with desk.app.app_context():
            found = claims.list_for(desk.user("ada"), article)
            return {each.id for each in found if missing(claim_of(each), assignments.requirement_of(each.label))}

    found: set[UUID] = set()
    after = ""
    while True:
        part = listed(desk, lacking=True, after=after)
        found |= set(ids(part))
        after = part.next
        if not after:
            break
    assert found == wanted()
    assert 0 < len(found) < number
    desk.write(lambda: projects.change(desk.project(), {"evidence": EvidenceRule.OFF}))
    assert listed(desk, lacking=True).total == 0


@pytest.mark.parametrize("order", Order)
def test_parts_follow_each_other_without_gap_or_repetition(desk: Desk, order: Order, monkeypatch: Any) -> None:
    monkeypatch.setattr(own_claims, "PAGE", 3)
    texts = [" ".join(f"w{article}x{number}" for number in range(4)) for article in range(2)]
    for number, text in enumerate(texts):
        article = desk.article(text)
        for word in range(4):
            desk.mark("ada", article, f"w{number}x{word}")
    seen: list[UUID] = []
    quotes: list[str] = []
    after = ""
    for _ in range(4):
        part = listed(desk, order=order, after=after)
        seen += ids(part)
        quotes += [row.annotation.exact for row in part.rows]
        after = part.next
        if not after:
            break
    assert len(seen) == len(set(seen)) == 8
    in_order = [f"w{article}x{number}" for article in range(2) for number in range(4)]
    assert quotes == (in_order if order is Order.ARTICLE else in_order[::-1])


@pytest.mark.parametrize(
    "after",
    [
        "x",
        "~",
        "~~~~",
        "2019-06-12~no-uuid",
        "2019-06-12T10:00:00~" + "0" * 32,
        "0001-01-01T00:00:00+14:00~" + "0" * 32,
        "a~b~c~d~e",
        "a~²~1~1~" + "0" * 32,
    ],
)
@pytest.mark.parametrize("order", Order)
def test_a_damaged_address_of_a_part_is_refused(desk: Desk, after: str, order: Order) -> None:
    with pytest.raises(Invalid):
        listed(desk, order=order, after=after)


def test_the_number_of_statements_does_not_grow(desk: Desk, app: Flask) -> None:
    counts = []
    for count in (1, 20):
        article = desk.article(STORY + str(count))
        for number in range(count):
            desk.mark("ada", article, "three towns", evidence=SUPPORT, note=str(number))
        with app.app_context(), counted_statements(app) as statements:
            own_claims.page_for(desk.user("ada"), Filters(lacking=True), order=Order.NEWEST)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 8


def test_remembered_speakers_are_only_those_of_ones_own_claims(desk: Desk) -> None:
    one, other = desk.article(), desk.article("Another story was told.")
    desk.mark("ada", one, "three towns", speaker=Speaker("Old form"))
    desk.mark("ada", one, "calm", speaker=Speaker("Ministry", chain=("Ministry", "Reuters")))
    desk.mark("ben", one, "three towns", speaker=Speaker("Only Ben knows"))
    with desk.app.app_context():
        assert speakers.remembered(desk.user("ada"), other) == [
            Speaker("Ministry", chain=("Ministry", "Reuters")),
            Speaker("Old form"),
        ]
        assert [each.name for each in speakers.remembered(desk.user("ben"), one)] == ["Only Ben knows"]
        for name in ("jo", "mia", "sam"):
            with pytest.raises(NotFound):
                speakers.remembered(desk.user(name), one)


def test_a_speaker_is_remembered_as_last_written_and_not_when_deleted(desk: Desk) -> None:
    article = desk.article()
    first = desk.mark("ada", article, "three towns", speaker=Speaker("Ministry"))
    desk.mark("ada", article, "calm", speaker=Speaker("Ministry", chain=("Reuters",)))
    gone = desk.mark("ada", article, "Residents", speaker=Speaker("Gone"))
    desk.write(lambda: claims.delete(desk.user("ada"), gone, if_version=1))
    with desk.app.app_context():
        assert speakers.remembered(desk.user("ada"), article) == [Speaker("Ministry", chain=("Reuters",))]

    def touch() -> None:
        present = claims.get_for(desk.user("ada"), first)
        claims.put(desk.user("ada"), article, first, replace(claim_of(present), note="x"), if_version=1)

    desk.write(touch)
    with desk.app.app_context():
        assert speakers.remembered(desk.user("ada"), article) == [Speaker("Ministry")]


def test_speakers_of_another_project_stay_there(desk: Desk) -> None:
    article = desk.article()
    desk.mark("ada", article, "three towns", speaker=Speaker("Ministry"))

    def another() -> None:
        project = projects.create("other", "Other", reviewers=1)
        projects.add_member(project, desk.user("ada"), Role.REVIEWER)

    desk.write(another)
    desk.slug = "other"
    elsewhere = desk.article("Another story was told.")
    with desk.app.app_context():
        assert speakers.remembered(desk.user("ada"), elsewhere) == []

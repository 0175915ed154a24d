"""Copies among the articles of a project: found as they come in, decided by persons, counted once."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete, select

from annotator.db import db, one_moment
from annotator.domain.text import plain_blocks
from annotator.errors import Conflict, Forbidden, NotFound
from annotator.formats.records import ArticleRecord
from annotator.models import CopyMember, CopySketch, CopyState, Event
from annotator.services import agreement, agreement_reading, copies, copy_decisions, copy_finding, projects, versions
from annotator.services.copy_decisions import Act
from tests.matching.test_copies import Newsroom, desk_of_400
from tests.support.desk import Desk

SUGGESTED, CONFIRMED, REJECTED = CopyState


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def wire(seed: int = 1) -> tuple[Newsroom, str]:
    """A newsroom, and a story in which each word stands where it stands by the seed."""
    room = Newsroom(seed)
    return room, room.story(["Ankara", "Idlib"])


def look(desk: Desk) -> copy_finding.Comparison:
    with desk.app.app_context():
        return copy_finding.find(desk.project())


def groups(desk: Desk) -> list[dict[str, CopyState]]:
    """The members of each group with their states, in the order of the project."""
    with desk.app.app_context():
        found = copies.every_group(desk.project().id)
        return [{each.article.id: each.state for each in group.members} for group in found]


def group_of(desk: Desk, article_id: str) -> str:
    with desk.app.app_context():
        return db.session.scalars(select(CopyMember.group_id).where(CopyMember.article_id == article_id)).one()


def decide(desk: Desk, act: Act, group_id: str, article_id: str | None = None, by: str = "mia") -> bool:
    return desk.write(lambda: copy_decisions.decide(desk.user(by), desk.slug, group_id, act, article_id=article_id))


def three_copies(desk: Desk) -> list[str]:
    room, text = wire()
    return [desk.article(text), desk.article(room.edited(text)), desk.article(room.edited(text))]


def test_the_same_groups_come_of_one_look_and_of_many(desk: Desk, rounds: Callable[[int, int], int]) -> None:
    """Of the 400 articles of the proof: in an import of them all, and as they come in small parts."""
    texts, true = desk_of_400()
    stories = rounds(8, 15)
    some = {key: text for key, text in texts.items() if int(key.split("-")[0]) < stories}
    ids = {}
    for n, (key, text) in enumerate(some.items()):
        ids[desk.article(text, assign=False, title=key)] = key
        if n % 7 == 3:
            look(desk)
    look(desk)
    in_parts = [{ids[each] for each in group} for group in groups(desk)]
    pairs = {frozenset((one, other)) for group in in_parts for one in group for other in group if one != other}
    assert pairs == {pair for pair in true if pair <= set(some)}
    with desk.app.app_context():
        with db.engine.connect() as connection:
            stored = copies.first_of_each(connection, desk.project().id)
        for table in (CopyMember, CopySketch):
            db.session.execute(delete(table))
        db.session.commit()
        with db.engine.connect() as connection:
            at_once = copy_finding.first_copies(connection, desk.project().id)
    assert stored == {each: first for each, first in at_once.items() if each in stored}
    assert all(each == first for each, first in at_once.items() if each not in stored)


def test_an_article_is_compared_once_and_a_look_that_finds_nothing_writes_nothing(desk: Desk) -> None:
    first, *_ = three_copies(desk)
    assert look(desk) == copy_finding.Comparison(3, 3)
    before = groups(desk)
    assert [set(group.values()) for group in before] == [{SUGGESTED}]
    assert look(desk) == copy_finding.Comparison(0, 0)
    _, text = wire(2)
    desk.article(text)
    assert look(desk) == copy_finding.Comparison(1, 0)
    assert groups(desk) == before
    with desk.app.app_context():
        assert copies.are_copies(*list(before[0])[:2])
        assert not copies.are_copies(first, desk.article("Another story."))
        assert len(db.session.scalars(select(Event).where(Event.action == "copies.find")).all()) == 1


def test_who_decides_is_on_record_and_it_can_be_taken_back(desk: Desk) -> None:
    first, second, third = three_copies(desk)
    look(desk)
    group = group_of(desk, first)
    assert decide(desk, Act.CONFIRM, group)
    assert not decide(desk, Act.CONFIRM, group)
    assert decide(desk, Act.REJECT, group, third, by="jo")
    assert groups(desk) == [{first: CONFIRMED, second: CONFIRMED, third: REJECTED}]
    assert decide(desk, Act.UNDO, group, third)
    assert decide(desk, Act.REJECT, group)
    assert groups(desk) == [dict.fromkeys((first, second, third), REJECTED)]
    with pytest.raises(Conflict, match="was rejected"):
        decide(desk, Act.CONFIRM, group, third)
    assert decide(desk, Act.UNDO, group)
    assert groups(desk) == [dict.fromkeys((first, second, third), SUGGESTED)]
    with desk.app.app_context():
        acts = db.session.scalars(select(Event.action).where(Event.subject == group).order_by(Event.seq)).all()
    assert acts == ["copies.confirm", "copies.reject", "copies.undo", "copies.reject", "copies.undo"]


def correct(desk: Desk, article_id: str, text: str) -> None:
    record = ArticleRecord(text, plain_blocks(text), "")
    desk.write(lambda: versions.add(desk.user("mia"), article_id, record))


def test_a_corrected_text_is_judged_anew(desk: Desk) -> None:
    """`first` and `third` are copies only by way of `middle`, which becomes another story and then comes back."""
    _, text = wire()
    halves = text.split("\n\n")
    left, right = "\n\n".join(halves[: len(halves) // 2]), "\n\n".join(halves[len(halves) // 2 :])
    first, middle, third = desk.article(left), desk.article(text), desk.article(right)
    look(desk)
    assert groups(desk) == [dict.fromkeys((first, middle, third), SUGGESTED)]
    correct(desk, middle, wire(7)[1])
    assert look(desk) == copy_finding.Comparison(1, 0, 3)
    assert groups(desk) == []
    correct(desk, middle, text + " More.")
    assert look(desk) == copy_finding.Comparison(1, 3)
    assert groups(desk) == [dict.fromkeys((first, middle, third), SUGGESTED)]


def test_what_people_said_of_an_earlier_version_stands_and_says_so(desk: Desk) -> None:
    first, second, third = three_copies(desk)
    fourth = desk.article(wire()[1] + " More.")
    look(desk)
    group = group_of(desk, first)
    decide(desk, Act.CONFIRM, group, second)
    decide(desk, Act.REJECT, group, third)
    correct(desk, first, wire(7)[1])
    correct(desk, second, wire(8)[1])
    assert look(desk).parted == 2
    # Each that is left by itself stays apart from the one that was rejected for it.
    assert groups(desk) == [
        {first: SUGGESTED, third: REJECTED},
        {second: CONFIRMED, third: REJECTED},
        {third: REJECTED, fourth: SUGGESTED},
    ]

    def outdated() -> list[str]:
        with desk.app.app_context():
            found = copies.group_for(projects.get_for(desk.user("mia"), desk.slug), group)
            return [each.article.id for each in found.members if each.outdated]

    assert outdated() == [second]


def test_of_two_the_one_is_what_the_other_is(desk: Desk) -> None:
    first, second, third = three_copies(desk)
    look(desk)
    group = group_of(desk, first)
    decide(desk, Act.REJECT, group, third)
    decide(desk, Act.CONFIRM, group, first)
    assert groups(desk) == [{first: CONFIRMED, second: CONFIRMED, third: REJECTED}]
    decide(desk, Act.REJECT, group, first)
    assert groups(desk) == [dict.fromkeys((first, second, third), REJECTED)]


def test_what_a_person_rejected_is_not_found_again(desk: Desk) -> None:
    """Not by a look at the same articles, and not by way of a new one that is a copy of both sides."""
    first, second, third = three_copies(desk)
    look(desk)
    group = group_of(desk, first)
    decide(desk, Act.REJECT, group, third)
    look(desk)
    assert groups(desk) == [{first: SUGGESTED, second: SUGGESTED, third: REJECTED}]
    room, text = wire()
    room.random = random.Random(9)
    fourth = desk.article(room.edited(text))
    look(desk)
    assert groups(desk) == [{first: SUGGESTED, second: SUGGESTED, third: REJECTED, fourth: SUGGESTED}]


def test_a_new_article_that_is_a_copy_of_two_groups_makes_them_one(desk: Desk) -> None:
    _, text = wire()
    halves = text.split("\n\n")
    left, right = "\n\n".join(halves[: len(halves) // 2]), "\n\n".join(halves[len(halves) // 2 :])
    first, second = desk.article(left), desk.article(f"{left} More.")
    third, fourth = desk.article(right), desk.article(f"{right} More.")
    look(desk)
    assert len(groups(desk)) == 2
    decide(desk, Act.CONFIRM, group_of(desk, first))
    decide(desk, Act.CONFIRM, group_of(desk, third))
    whole = desk.article(text)
    look(desk)
    assert groups(desk) == [
        {first: CONFIRMED, second: CONFIRMED, third: SUGGESTED, fourth: SUGGESTED, whole: SUGGESTED}
    ]


def test_an_article_that_is_in_another_group_by_now_does_not_come_back(desk: Desk) -> None:
    first, *_ = three_copies(desk)
    look(desk)
    group = group_of(desk, first)
    decide(desk, Act.REJECT, group)
    fourth = desk.article(wire()[1] + " And a word more.")
    look(desk)
    assert any(fourth in each for each in groups(desk))
    with pytest.raises(Conflict, match="in another group"):
        decide(desk, Act.UNDO, group)


def test_who_may_decide_and_who_sees_which_copies(desk: Desk) -> None:
    room, text = wire()
    first, second = desk.article(text), desk.article(room.edited(text))
    third = desk.article(room.edited(text), assign=False)
    look(desk)
    group = group_of(desk, first)
    for name, error in (("ada", Forbidden), ("sam", NotFound)):
        with pytest.raises(error):
            decide(desk, Act.CONFIRM, group, by=name)
    with pytest.raises(NotFound):
        decide(desk, Act.CONFIRM, "2222222222222222")
    with desk.app.app_context():
        for name, seen in (("ada", [second]), ("jo", [second, third])):
            user = desk.user(name)
            found = copies.counterparts(user, projects.get_for(user, desk.slug), [first])
            assert [each.article.id for each in found[first]] == seen


def agreed(desk: Desk) -> tuple[int, dict[str, int]]:
    """How many articles agreement counts, and what it says of copies."""
    with desk.app.app_context():
        found = agreement.as_document(agreement.of_project(desk.project()))
        return found["articles"], found["copies"]


def test_copies_count_once_in_agreement_until_a_person_says_that_they_are_none(desk: Desk) -> None:
    copied = three_copies(desk)
    own = desk.article(wire(5)[1])
    for article_id in (*copied, own):
        for name in ("ada", "ben"):
            desk.submit(name, article_id)
    assert agreed(desk) == (4, {"left_out": 0, "unconfirmed": 0})
    look(desk)
    assert agreed(desk) == (2, {"left_out": 2, "unconfirmed": 2})
    group = group_of(desk, copied[0])
    decide(desk, Act.CONFIRM, group)
    assert agreed(desk) == (2, {"left_out": 2, "unconfirmed": 0})
    decide(desk, Act.REJECT, group, copied[2])
    assert agreed(desk) == (3, {"left_out": 1, "unconfirmed": 0})
    decide(desk, Act.REJECT, group)
    assert agreed(desk) == (4, {"left_out": 0, "unconfirmed": 0})


def test_the_copy_that_opened_first_counts(desk: Desk) -> None:
    first, second, _ = three_copies(desk)
    look(desk)
    for article_id in (second, first):
        for name in ("ada", "ben"):
            desk.submit(name, article_id)
    with desk.app.app_context(), one_moment(db.engine) as connection:
        counted = agreement_reading.counted(connection, desk.project(), None)
    assert (list(counted.articles), counted.copies) == ([second], {first: second})


def test_what_people_say_stands_before_the_texts_in_a_split(desk: Desk) -> None:
    first, second, third = three_copies(desk)

    def groups_of_the_split() -> dict[str, str]:
        with desk.app.app_context(), one_moment(db.engine) as connection:
            return copy_finding.first_copies(connection, desk.project().id)

    assert groups_of_the_split() == dict.fromkeys((first, second, third), first)
    look(desk)
    decide(desk, Act.REJECT, group_of(desk, first), second)
    assert groups_of_the_split() == {first: first, second: second, third: first}
    decide(desk, Act.REJECT, group_of(desk, first))
    assert groups_of_the_split() == {first: first, second: second, third: third}

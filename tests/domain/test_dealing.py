"""Who is to review what: evenly, within what each can take, one group by the same people, and why it falls short."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.dealing import Lack, Piece, Reviewer, Short, deal, split_groups

ADA, BEN, CEM, DEE = (Reviewer(each, each.title()) for each in ("ada", "ben", "cem", "dee"))


def pieces(count: int, *, wanted: int = 2, group: str = "") -> list[Piece]:
    return [Piece(f"{group}{number}", 100, wanted, group) for number in range(count)]


def with_room(who: Reviewer, room: int) -> Reviewer:
    return Reviewer(who.id, who.name, who.load, room)


def test_nobody_is_given_more_than_they_can_take() -> None:
    found = deal(pieces(5, wanted=1), [with_room(ADA, 1), with_room(BEN, 2)])
    assert Counter(person for _, person in found.given) == {"ada": 1, "ben": 2}
    assert found.short == [Short("3", 1, (Lack.FULL,)), Short("4", 1, (Lack.FULL,))]


def test_who_has_no_bound_takes_the_rest() -> None:
    found = deal(pieces(6, wanted=1), [with_room(ADA, 1), BEN])
    assert Counter(person for _, person in found.given) == {"ada": 1, "ben": 5}
    assert found.short == []


def test_a_group_goes_to_those_who_can_take_all_of_it() -> None:
    found = deal(pieces(3, group="idlib"), [with_room(ADA, 1), BEN, with_room(CEM, 3)])
    assert {person for _, person in found.given} == {"ben", "cem"}


def test_a_group_waits_for_its_people_when_they_have_no_room() -> None:
    found = deal(pieces(3, group="idlib"), [with_room(ADA, 2), with_room(BEN, 2), with_room(CEM, 2), with_room(DEE, 2)])
    teams = {frozenset(person for article, person in found.given if article == each) for each in ("idlib0", "idlib1")}
    assert len(teams) == 1
    assert found.short == [Short("idlib2", 2, (Lack.GROUP_FULL,))]


def test_others_join_a_group_only_where_its_people_may_not_have_the_article() -> None:
    held = Piece("held", 100, 0, "idlib", frozenset({"ada", "ben"}))
    left = Piece("left", 100, 1, "idlib", frozenset({"ben"}), frozenset({"ada"}), frozenset({"ada"}))
    assert deal([held, left], [ADA, BEN, CEM]).given == [("left", "cem")]


def test_the_reasons_say_what_would_help() -> None:
    untrained = Reviewer("cem", "Cem", qualified=False)
    (short,) = deal(pieces(1), [ADA, untrained]).short
    assert short.why == (Lack.UNQUALIFIED,)
    lying = Piece("left", 100, 1, "", frozenset({"ada"}), frozenset({"ben"}), frozenset({"ben"}))
    assert deal([lying], [ADA, BEN]).short[0].why == (Lack.RETURNED,)
    assert deal(pieces(1), [ADA]).short[0].why == (Lack.NOBODY,)


def test_a_split_group_is_one_whose_articles_have_different_people() -> None:
    both, one, other = frozenset({"ada", "ben"}), frozenset({"ada"}), frozenset({"ada", "cem"})
    assert split_groups([("x", both), ("x", both), ("y", both), ("y", other), ("", both), ("", other)]) == ["y"]
    assert split_groups([("x", both), ("x", one), ("x", frozenset())]) == [], "the rest of a group may wait"


PEOPLE = st.lists(
    st.builds(
        Reviewer,
        st.sampled_from("abcdefgh"),
        load=st.integers(0, 500),
        room=st.none() | st.integers(0, 4),
        qualified=st.booleans(),
    ),
    unique_by=lambda each: each.id,
)
ARTICLES = st.lists(
    st.builds(
        Piece,
        st.integers(0, 10_000).map(str),
        st.integers(1, 900),
        st.integers(0, 4),
        st.sampled_from(["", "x", "y"]),
        st.frozensets(st.sampled_from("abcdefgh"), max_size=3),
        st.frozensets(st.sampled_from("abcdefgh"), max_size=3),
    ),
    unique_by=lambda each: each.id,
    max_size=12,
)


@given(ARTICLES, PEOPLE)
def test_whatever_is_dealt_keeps_the_rules(articles: list[Piece], people: list[Reviewer]) -> None:
    found = deal(articles, people)
    by_id, person = {each.id: each for each in articles}, {each.id: each for each in people}
    taken = Counter(user for _, user in found.given)
    for user, count in taken.items():
        assert person[user].qualified
        room = person[user].room
        assert room is None or count <= room
    given_to = Counter(article for article, _ in found.given)
    missing = {each.id: each.missing for each in found.short}
    for each in articles:
        assert given_to[each.id] + missing.get(each.id, 0) == each.wanted
    for article, user in found.given:
        assert user not in by_id[article].holders | by_id[article].barred
    assert len(set(found.given)) == len(found.given)
    assert deal(articles, people) == found, "the same input gives the same answer"

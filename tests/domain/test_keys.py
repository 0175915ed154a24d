"""The keys of the annotate page: what acts on them, what a person may choose, and what is said about the rest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain import key_choice, keys
from annotator.domain.keys import ACTIONS, Group


def test_the_usual_keys_can_be_had_and_none_does_two_things():
    assert key_choice.problems(keys.effective({})) == {}


def test_every_action_has_a_name_of_its_own():
    names = [action.name for action in ACTIONS]
    assert len(names) == len(set(names))


def test_a_person_may_choose_other_keys_several_or_none():
    chosen = keys.effective({"undo": ["Ctrl+U", "F2"], "delete": []})
    assert chosen["undo"] == ["Ctrl+U", "F2"]
    assert chosen["delete"] == []
    assert chosen["redo"] == ["Ctrl+Shift+Z", "Ctrl+Y"]


def test_without_single_keys_nothing_acts_that_types_something():
    chosen = keys.effective({"undo": ["Ctrl+Z", "U"]}, single_keys=False)
    assert chosen["undo"] == ["Ctrl+Z"]
    assert chosen["next-claim"] == chosen["label-1"] == chosen["select-claim"] == chosen["show-keys"] == []
    assert chosen["delete"] == ["Delete"]
    assert chosen["cursor-left"] == ["ArrowLeft"]
    assert not any(keys.types_something(key) for own in chosen.values() for key in own)


def test_an_action_of_another_release_is_left_out():
    assert "levitate" not in keys.effective({"levitate": ["L"]})


@pytest.mark.parametrize("key", ["N", "1", "?", "+", "-", "Space", "Shift+N", "Shift+Space", "É", "ن", "Shift++"])
def test_these_keys_type_something(key):
    assert keys.types_something(key)


@pytest.mark.parametrize(
    "key", ["Ctrl+Z", "Ctrl++", "Alt++", "Alt+N", "Ctrl+Space", "Delete", "Enter", "F2", "Shift+ArrowLeft", "Escape"]
)
def test_these_keys_type_nothing(key):
    assert not keys.types_something(key)


@pytest.mark.parametrize(
    ("key", "held", "name"),
    [
        ("N", (), "N"),
        ("+", (), "+"),
        ("Ctrl++", ("Ctrl",), "+"),
        ("Ctrl+Alt+Shift+ArrowLeft", ("Ctrl", "Alt", "Shift"), "ArrowLeft"),
        ("Shift++", ("Shift",), "+"),
        ("-", (), "-"),
    ],
)
def test_a_key_is_its_modifiers_and_its_name(key, held, name):
    assert keys.split(key) == (held, name)
    assert "+".join((*held, name)) == key


def test_shift_selects_with_every_key_that_moves_and_reverses_every_jump():
    heard = keys.pressed({})
    assert heard["word-right"] == ["Ctrl+ArrowRight", "Ctrl+Shift+ArrowRight"]
    assert heard["jump-date"] == ["D", "Shift+D"]
    assert heard["undo"] == ["Ctrl+Z"]


def test_signs_and_digits_have_no_form_with_shift():
    assert keys.pressed({"jump-date": ["#", "7"]})["jump-date"] == ["#", "7"]


def test_the_list_of_keys_has_every_action_once():
    listed = [action.name for _, rows in keys.grouped({}) for action, _ in rows]
    assert sorted(listed) == sorted(action.name for action in ACTIONS)
    assert [group for group, _ in keys.grouped({})] == list(Group)


def test_keys_are_shown_as_they_stand_on_the_keyboard():
    assert keys.caps("Ctrl+Shift+ArrowLeft") == ["Ctrl", "Shift", "←"]
    assert keys.caps("Ctrl++") == ["Ctrl", "+"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("n", ["N"]),
        ("N n", ["N"]),
        ("ctrl+z", ["Ctrl+Z"]),
        ("shift+CTRL+z", ["Ctrl+Shift+Z"]),
        ("cmd+k option+j", ["Ctrl+K", "Alt+J"]),
        ("esc del left pgdn space", ["Escape", "Delete", "ArrowLeft", "PageDown", "Space"]),
        ("alt+→", ["Alt+ArrowRight"]),
        ("ctrl++", ["Ctrl++"]),
        ("+", ["+"]),
        ("Shift+?", ["?"]),
        ("Shift+1", ["1"]),
        ("é ß", ["É", "ß"]),
        ("f2", ["F2"]),
        ("", []),
        ("   ", []),
    ],
)
def test_keys_are_understood_as_people_write_them(typed, meant):
    assert key_choice.read(typed) == meant


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Hyper+N", "“Hyper+N” is no key: before + stand Ctrl, Alt or Shift, not “Hyper”."),
        ("Ctrl", "“Ctrl” holds a key but presses none. Write a key after it, such as Ctrl+J."),
        ("F13", "“F13” is no key. Write keys such as N, ?, Alt+J, F2, Delete or Ctrl+ArrowLeft."),
        ("Ctrl+Shift", "“Ctrl+Shift” holds a key but presses none. Write a key after it, such as Shift+J."),
        ("a b c d e f", "These are 6 keys; an action has 5 at most."),
    ],
)
def test_what_is_no_key_is_said_in_words(typed, words):
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        key_choice.read(typed)
    assert str(refused.value) == words


def understood_again(typed: str) -> bool:
    try:
        meant = key_choice.read(typed)
    except ValueError as refused:
        return str(refused).endswith(".")
    return key_choice.read(" ".join(meant)) == meant


@given(st.text())
def test_whatever_is_typed_is_understood_or_refused_in_words(typed):
    assert understood_again(typed)


def test_a_key_of_two_actions_is_said_at_both():
    wrong = key_choice.problems(keys.effective({"undo": ["N"]}))
    assert wrong == {
        "undo": "N is a key of “Next claim” already. Choose another.",
        "next-claim": "N is a key of “Undo” as well. Choose another.",
    }


def test_a_key_that_another_uses_with_shift_is_taken():
    assert "jump-date" in key_choice.problems(keys.effective({"undo": ["Shift+D"]}))


def test_a_key_that_was_given_up_can_be_taken():
    assert key_choice.problems(keys.effective({"undo": ["N"], "next-claim": []})) == {}


@pytest.mark.parametrize("key", ["Tab", "Shift+Tab", "Ctrl+C", "Ctrl+W", "Ctrl+Shift+T", "F5", "Alt+F4"])
def test_what_the_browser_does_itself_cannot_be_chosen(key):
    assert "cannot be used here" in key_choice.problems(keys.effective({"delete": [key]}))["delete"]


@pytest.mark.parametrize("key", ["Enter", "Space", "ArrowDown", "Shift+Home", "Backspace"])
def test_what_presses_buttons_and_moves_in_fields_is_for_the_text_alone(key):
    chosen = keys.effective({"delete": [key]} | {each.name: [] for each in ACTIONS if each.group is Group.TEXT})
    assert "meaning of its own" in key_choice.problems(chosen)["delete"]


def test_with_ctrl_they_can_be_chosen():
    assert key_choice.problems(keys.effective({"delete": ["Ctrl+Enter", "Alt+ArrowDown"]})) == {}


def test_where_shift_selects_the_key_is_written_without_it():
    wrong = key_choice.problems(keys.effective({"line-end": ["Shift+E"]}))
    assert wrong["line-end"] == "Write the key without Shift: with Shift it selects."


def test_only_what_differs_is_kept():
    chosen = keys.effective({"undo": ["F2"], "redo": ["Ctrl+Shift+Z", "Ctrl+Y"]})
    assert key_choice.changes(chosen) == {"undo": ["F2"]}

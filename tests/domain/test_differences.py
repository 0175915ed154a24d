"""What changed between two texts: both can be read back from the pieces, and what stayed is left out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from annotator.domain import differences
from annotator.domain.differences import Kind, Paragraph, Piece, between, changed_only

OLD = "# Claims\n\nMark claims.\n\nMark it in doubt.\n\nQuestions are no claims."
NEW = "# Claims\n\nMark all claims now.\n\nQuestions are no claims.\n\nWishes are none either."


def told(old: str, new: str) -> list[tuple[str, str]]:
    return [(piece.kind, piece.text) for paragraph in between(old, new) for piece in paragraph.pieces]


def test_changed_words_stand_inside_their_paragraph() -> None:
    assert told("Mark claims.", "Mark all claims now.") == [
        ("same", "Mark "),
        ("added", "all "),
        ("same", "claims"),
        ("added", " now"),
        ("same", "."),
    ]


def test_paragraphs_come_and_go_whole() -> None:
    kinds = [paragraph.kind for paragraph in between(OLD, NEW)]
    assert kinds == [Kind.SAME, None, Kind.REMOVED, Kind.SAME, Kind.ADDED]


def test_another_text_is_not_shown_as_a_changed_one() -> None:
    assert told("Mark claims.", "Nothing alike here") == [("removed", "Mark claims."), ("added", "Nothing alike here")]


def test_only_what_changed_is_shown_with_a_sign_for_the_rest() -> None:
    shown = changed_only(between("a b c\n\nd e f\n\ng", "a b c\n\nd e f\n\nh"))
    assert shown == [None, Paragraph((Piece(Kind.REMOVED, "g"),)), Paragraph((Piece(Kind.ADDED, "h"),))]


def test_the_same_text_with_other_line_ends_has_no_changes() -> None:
    assert [part for part in changed_only(between(OLD, OLD.replace("\n", "\r\n") + "\n\n")) if part] == []


def test_a_huge_text_is_compared_as_a_whole() -> None:
    """Word by word it would cost the square: two paragraphs of 50,000 words would keep a page for minutes."""
    old, new = "a b " * 25_000, "b c " * 25_000
    assert [piece.kind for paragraph in between(old, new) for piece in paragraph.pieces] == [Kind.REMOVED, Kind.ADDED]
    many = "\n\n".join("xyz" for _ in range(differences.MOST_PIECES + 1))
    assert between(many, many + "\n\nlast")[-1] == Paragraph((Piece(Kind.ADDED, "last"),))


words = st.text(alphabet="ab \n.é\u05d0", max_size=60)


@given(words, words)
def test_both_texts_can_be_read_back(old: str, new: str) -> None:
    found = between(old, new)
    for kind, text in ((Kind.REMOVED, old), (Kind.ADDED, new)):
        read = ["".join(piece.text for piece in part.pieces if piece.kind in {Kind.SAME, kind}) for part in found]
        assert "".join("".join(read).split()) == "".join(text.split())

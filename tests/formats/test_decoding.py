"""Encodings: chosen, marked, declared, UTF-8, guessed; and what is no text."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.formats.decoding import Decoded, Encoding, decode, encoding_of_stream
from annotator.formats.records import RecordError

FRENCH = "Le café où les élèves étaient déjà — « à côté » — de l’hôtel, très tôt, un été. " * 5
RUSSIAN = "Паром ушёл от южного причала в пятницу, сообщили в порту. " * 5


def text_of(content: bytes, *, chosen: str | None = None, declared: str | None = None) -> str:
    decoded = decode(content, chosen=chosen, declared=declared)
    assert isinstance(decoded, Decoded), decoded
    return decoded.text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_utf_is_read_without_a_word_and_its_mark_goes(encoding: str) -> None:
    decoded = decode(RUSSIAN.encode(encoding))
    assert isinstance(decoded, Decoded)
    assert (decoded.text, decoded.encoding.warning) == (RUSSIAN, "")


def test_what_is_declared_is_read_as_browsers_read_it() -> None:
    assert text_of("“é”".encode("windows-1252"), declared="ISO-8859-1") == "“é”"
    assert text_of(RUSSIAN.encode("koi8-r"), declared="koi8-r") == RUSSIAN


def test_what_is_declared_wrongly_is_read_as_utf_8() -> None:
    assert text_of("日本".encode(), declared="ascii") != ""
    assert text_of(RUSSIAN.encode(), declared="no-such-encoding") == RUSSIAN


def test_a_guess_is_said_to_be_one_and_how_to_choose_another() -> None:
    decoded = decode(RUSSIAN.encode("windows-1251"))
    assert isinstance(decoded, Decoded)
    assert decoded.text == RUSSIAN
    assert "windows-1251" in decoded.encoding.warning
    assert "guess" in decoded.encoding.warning
    assert "another encoding" in decoded.encoding.warning


@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        ("Après la trêve, le ministère a déclaré que la région était calme.", "windows-1252"),
        ("El alto el fuego continuó – según “fuentes” – el año pasado.", "windows-1252"),
        ("Der Waffenstillstand gilt für die ganze Nacht, sagte der Außenminister über Funk.", "windows-1252"),
        ("Příliš žluťoučký kůň úpěl ďábelské ódy. Vláda oznámila příměří v celé zemi.", "windows-1250"),
        ("Ateşkes dün gece başladı, dışişleri bakanlığı açıkladı.", "windows-1254"),
        (RUSSIAN, "windows-1251"),
        ("停火協議昨夜在省內生效，外交部發言人表示各方都已同意。", "big5"),
    ],
)
def test_short_texts_are_guessed_by_what_their_script_is_mostly_written_in(words: str, encoding: str) -> None:
    """A few accents among plain letters are as likely in a dozen code pages, and look like Chinese to a detector."""
    assert text_of(words.encode(encoding)) == words


def test_a_person_s_choice_overrides_every_guess() -> None:
    content = "Café".encode("windows-1252")
    assert text_of(content, chosen="windows-1252") == "Café"
    assert text_of("Ferry".encode("utf-16-le"), chosen="utf-16-le") == "Ferry"


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ("utf-8", "not in utf-8 throughout"),
        ("nope", "no text encoding"),
        ("hex", "no text encoding"),
        ("utf-16", "throughout"),
    ],
)
def test_a_choice_that_does_not_fit_is_refused(chosen: str, words: str) -> None:
    for refusal in (decode(b"Caf\xe9s", chosen=chosen), encoding_of_stream(io.BytesIO(b"Caf\xe9s"), chosen=chosen)):
        assert isinstance(refusal, RecordError)
        assert words in refusal.problem


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7 \n", "PDF"),
        (b"PK\x03\x04....", "ZIP"),
        (b"\x89PNG\r\n", "picture"),
        (b"{\\rtf1 x}", "RTF"),
        (bytes(range(256)) * 20, "not a text file"),
        ("Ferry".encode("utf-16-le"), "UTF-16"),
    ],
)
def test_what_is_no_text_file_is_refused_in_words(content: bytes, words: str) -> None:
    for refusal in (decode(content), encoding_of_stream(io.BytesIO(content))):
        assert isinstance(refusal, RecordError)
        assert words in refusal.problem


@pytest.mark.parametrize(
    ("text", "newlines"),
    [("a", "none"), ("a\nb\n", "lf"), ("a\r\nb", "crlf"), ("a\rb", "cr"), ("a\r\nb\n", "mixed"), ("a\n\rb", "mixed")],
)
def test_line_ends_are_recorded(text: str, newlines: str) -> None:
    assert Decoded(text, Encoding("utf-8")).newlines == newlines


def test_a_stream_is_read_to_its_end_before_it_is_called_utf_8() -> None:
    late = b"x\n" * 600_000 + FRENCH.encode("windows-1252")
    stream = io.BytesIO(late)
    encoding = encoding_of_stream(stream)
    assert isinstance(encoding, Encoding)
    assert "guess" in encoding.warning
    assert stream.tell() == 0


@given(st.binary(max_size=300))
def test_any_bytes_are_text_or_one_clear_refusal(content: bytes) -> None:
    for outcome in (decode(content), encoding_of_stream(io.BytesIO(content))):
        assert isinstance(outcome, Decoded | Encoding) or outcome.problem.endswith(".")


@given(
    st.text(st.characters(exclude_categories=["Cs"])).filter(
        lambda text: "\x00" not in text and not text.startswith("\ufeff")
    )
)
def test_utf_8_comes_back_exactly(text: str) -> None:
    decoded = decode(text.encode())
    if isinstance(decoded, Decoded):
        assert decoded.text == text
    else:
        assert "not a text file" in decoded.problem

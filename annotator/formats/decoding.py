"""From the bytes of a file to its text: what is not text at all, and which encoding the rest is in.

The encoding is the one that a person chose, else that of a byte order mark, else the declared one, else UTF-8 if every
byte fits, else a guess, which is said to be one.
"""

from __future__ import annotations

import codecs
import io
import string
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from annotator.formats.records import RecordError

HEAD = 8_192
"""How many bytes are looked at to see what a file is."""

_CHUNK = 1 << 20
_SIGNATURES = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"{\\rtf", "an RTF document"),
    (b"SQLite format 3", "a database"),
    (b"\x7fELF", "a program"),
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Code pages of the Latin script. Of those that are as likely, the first is by far the most common.
_LATIN = ["cp1252", "cp1250", "cp1254", "cp1257", "cp1258", "iso8859_2", "mac_roman"]
_NO_LETTERS = bytes(set(range(256)) - set(string.ascii_letters.encode()))
# Browsers read these names as windows-1252, and pages are written for browsers (WHATWG Encoding, section 4.2).
_AS_BROWSERS_DO = dict.fromkeys(("ascii", "us-ascii", "iso-8859-1", "iso8859-1", "latin-1", "latin1"), "windows-1252")
_READABLE = "Text, Markdown, HTML, PDF, DOCX, CSV and JSONL files can be read: save it as one of these."


@dataclass(frozen=True)
class Encoding:
    """The encoding of a file, and the sentence to show if it is only a guess."""

    name: str
    warning: str = ""


@dataclass(frozen=True)
class Decoded:
    """The text of a whole file, without byte order mark, its line ends as they were."""

    text: str
    encoding: Encoding

    @property
    def newlines(self) -> str:
        """Which line ends it has: "lf", "crlf", "cr", "mixed" or "none"."""
        pairs = self.text.count("\r\n")
        counts = {"crlf": pairs, "cr": self.text.count("\r") - pairs, "lf": self.text.count("\n") - pairs}
        present = [name for name, count in counts.items() if count]
        if len(present) > 1:
            return "mixed"
        return present[0] if present else "none"


def decode(content: bytes, *, chosen: str | None = None, declared: str | None = None) -> Decoded | RecordError:
    """The text of the bytes of a whole file. `chosen` is a person's word, `declared` the file's own."""
    problem = not_text(content[:HEAD], chosen=chosen)
    if problem is not None:
        return problem
    if chosen is not None:
        text = _decoded(content, chosen)
        return _refusal(chosen) if text is None else Decoded(text, Encoding(chosen))
    for name in (_marked(content), _AS_BROWSERS_DO.get((declared or "").lower(), declared), "utf-8"):
        text = _decoded(content, name) if name else None
        if name and text is not None:
            return Decoded(text, Encoding(name))
    guess = _guess(content[: 2 * _CHUNK])
    text = _decoded(content, guess) if guess else None
    if text is None or _is_noise(text):
        return _undecodable()
    return Decoded(text, _guessed(guess))


def encoding_of_stream(stream: BinaryIO, *, chosen: str | None = None) -> Encoding | RecordError:
    """The encoding of a stream of any length that can be rewound; it is read through once and rewound to its start."""
    head = stream.read(HEAD)
    problem = not_text(head, chosen=chosen)
    if problem is not None:
        return problem
    name = chosen or _marked(head) or "utf-8"
    wrong_at = _first_undecodable(stream, name)
    if wrong_at is None:
        return Encoding(name)
    if chosen is not None or name != "utf-8":
        return _refusal(name)
    stream.seek(max(0, wrong_at - _CHUNK))
    guess = _guess(stream.read(2 * _CHUNK))
    if not guess or _first_undecodable(stream, guess) is not None:
        return _undecodable()
    return _guessed(guess)


@contextmanager
def text_of_stream(stream: BinaryIO, encoding: str, *, newline: str = "\n") -> Iterator[io.TextIOWrapper]:
    """The text of a stream at its beginning, without byte order mark; the stream stays open."""
    text = io.TextIOWrapper(stream, encoding="utf-8-sig" if encoding == "utf-8" else encoding, newline=newline)
    try:
        yield text
    finally:
        text.detach()


def signed(head: bytes) -> str:
    """What a file that begins with `head` is, if it says that it is something other than text: "a picture"."""
    return next((description for signature, description in _SIGNATURES if head.startswith(signature)), "")


def not_text(head: bytes, *, chosen: str | None = None) -> RecordError | None:
    """Why a file that begins with `head` is no text file, or None; an encoding that was `chosen` may have NUL bytes."""
    if what := signed(head):
        return RecordError(f"This is {what}, not a text file. {_READABLE}")
    nuls = head.count(0)
    if chosen is None and _marked(head) is None and nuls > 2 and nuls * 1_000 > len(head):
        return RecordError(
            f"This is not a text file, or it is UTF-16 without saying so: choose that encoding. {_READABLE}"
        )
    return None


def _marked(head: bytes) -> str | None:
    return next((name for mark, name in _MARKS if head.startswith(mark)), None)


def _decoded(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding).removeprefix("\ufeff")
    except (LookupError, ValueError):
        return None


def _first_undecodable(stream: BinaryIO, encoding: str) -> int | None:
    """About where the first bytes stand that are not in `encoding`; None if all are. The stream is rewound."""
    try:
        decoder = codecs.getincrementaldecoder(encoding)()
    except LookupError:
        return 0
    position = 0
    try:
        for chunk in _chunks(stream):
            decoder.decode(chunk)
            position += len(chunk)
        decoder.decode(b"", final=True)
    except ValueError:
        return position
    finally:
        stream.seek(0)
    return None


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    stream.seek(0)
    while chunk := stream.read(_CHUNK):
        yield chunk


def _guess(sample: bytes) -> str:
    """The likeliest encoding of the sample, which is cut at line ends so that no character is cut; "" if none is."""
    import charset_normalizer

    first, last = sample.find(b"\n") + 1, sample.rfind(b"\n") + 1
    whole_lines = sample[first:last] if len(sample) == 2 * _CHUNK and first < last else sample
    found = charset_normalizer.from_bytes(whole_lines, cp_isolation=_LATIN if _is_latin(whole_lines) else None)
    best = found.best()
    if best is None:
        return ""
    as_likely = [each for each in found if (each.chaos, each.coherence) == (best.chaos, best.coherence)]
    usual = any("cp1252" in each.could_be_from_charset for each in as_likely)
    return "cp1252" if usual else best.encoding.replace("_", "-")


def _is_latin(sample: bytes) -> bool:
    """Whether most of its bytes are letters without an accent: a few of another kind would be taken for Chinese."""
    return len(sample.translate(None, _NO_LETTERS)) * 2 > len(sample)


def _guessed(name: str) -> Encoding:
    shown = f"windows-{name[2:]}" if name.startswith("cp125") else name
    other = "windows-1252" if shown != "windows-1252" else "windows-1250"
    return Encoding(
        shown,
        f"The text is not UTF-8; it was read as {shown}, which is a guess. If letters look wrong, choose another encoding, "
        f"for example {other}.",
    )


def _is_noise(text: str) -> bool:
    head = text[:HEAD]
    controls = sum(1 for character in head if character < " " and character not in "\t\n\r\f")
    return controls * 20 > len(head)


def _refusal(encoding: str) -> RecordError:
    try:
        b"a".decode(encoding)
    except LookupError:
        return RecordError(
            f"'{encoding}' is no text encoding that is known here. Choose for example utf-8 or windows-1252."
        )
    except ValueError:
        pass  # It is known, and one byte alone is no character of it.
    return RecordError(f"The file is not in {encoding} throughout. Choose another encoding, or save the file as UTF-8.")


def _undecodable() -> RecordError:
    return RecordError(f"The file's encoding cannot be told; perhaps it is no text file. Save it as UTF-8. {_READABLE}")

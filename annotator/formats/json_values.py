"""JSON of other programs: parsed without trusting it, and an array of any length element by element."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TextIO

from annotator.formats.records import RecordError

_CHUNK = 1 << 18
_BLANK = re.compile(r"[ \t\r\n]*")
_MARKS = re.compile(r'["\[\]{},]')
_END_OF_STRING = re.compile(r'["\\]')


def parse_json(content: str, line: int | None = None) -> object:
    """The value of `content`, or a RecordError. Offsets in it must be read with `whole_number`."""
    try:
        return _DECODER.decode(content)
    except json.JSONDecodeError as error:
        where = None if line is None else line + error.lineno - 1
        return RecordError(f"This is not JSON: {error.msg.lower()} at column {error.colno}.", where)
    except RecursionError:
        return RecordError("This is nested too deeply.", line)
    except ValueError as error:
        return RecordError(f"This cannot be read: {error}.", line)


def whole_number(value: object) -> int | None:
    """The value if it is a whole number that an offset may be, written as 3 or as 3.0; else None."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1 << 53:
        return None
    return int(value) if value == int(value) else None


def json_elements(text: TextIO, *, limit: int) -> Iterator[tuple[int, object]]:
    """The elements of the JSON array in `text`, each with the number of the line where it begins; errors in place.

    A text that is no array is its only element, a blank one has none. `limit` is in characters for each element; what is longer, or an array
    that is never closed, ends the reading with an error. Memory does not grow with the array.
    """
    scanner = _Scanner(text, limit)
    first = scanner.next_sign()
    if not first:
        return
    if first != "[":
        line = scanner.line
        content = scanner.rest()
        yield line, content if isinstance(content, RecordError) else parse_json(content, line)
        return
    scanner.skip()
    while True:
        sign = scanner.next_sign()
        line = scanner.line
        if sign == "]":
            scanner.skip()
            if scanner.next_sign():
                yield scanner.line, RecordError("Something follows the end of the list.", scanner.line)
            return
        content = scanner.element()
        yield line, content if isinstance(content, RecordError) else parse_json(content, line)
        if isinstance(content, RecordError):
            return
        if (sign := scanner.next_sign()) == ",":
            scanner.skip()
        elif sign != "]":
            yield scanner.line, RecordError("The list is not closed by this bracket.", scanner.line)
            return


class _Scanner:
    """Finds where the elements of an array end, by brackets and quotes alone."""

    def __init__(self, text: TextIO, limit: int) -> None:
        self._text = text
        self._limit = limit
        self._waiting = ""
        self._at = 0
        self.line = 1

    def next_sign(self) -> str:
        """The next character that is not white space, which is left in place; "" at the end."""
        while True:
            blank = _BLANK.match(self._waiting, self._at)
            end = blank.end() if blank else self._at
            self.line += self._waiting.count("\n", self._at, end)
            self._at = end
            if self._at < len(self._waiting):
                return self._waiting[self._at]
            if not self._more():
                return ""

    def skip(self) -> None:
        self._at += 1

    def rest(self) -> str | RecordError:
        """All that is left."""
        while self._more():
            if len(self._waiting) - self._at > self._limit:
                return self._too_long()
        content, self._at = self._waiting[self._at :], len(self._waiting)
        return content

    def element(self) -> str | RecordError:
        """The element that begins here, up to the comma or bracket behind it."""
        depth, position, quoted = 0, self._at, False
        while True:
            found = (_END_OF_STRING if quoted else _MARKS).search(self._waiting, position)
            if found is None or (found.group() == "\\" and found.end() == len(self._waiting)):
                position = (found.start() if found else len(self._waiting)) - self._at
                if position > self._limit:
                    return self._too_long()
                if not self._more():
                    return RecordError("The file ends within the list: it has no closing bracket.", self.line)
                position += self._at
                continue
            position = found.end()
            sign = found.group()
            if sign == "\\":
                position += 1
            elif sign == '"':
                quoted = not quoted
            elif depth == 0 and sign in ",]}":
                content = self._waiting[self._at : found.start()]
                self.line += content.count("\n")
                self._at = found.start()
                return content if len(content) <= self._limit else self._too_long()
            else:
                depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(sign, 0)

    def _more(self) -> bool:
        chunk = self._text.read(_CHUNK)
        self._waiting, self._at = self._waiting[self._at :] + chunk, 0
        return bool(chunk)

    def _too_long(self) -> RecordError:
        return RecordError(
            f"The record has more than {self._limit:,} characters. The rest of the file was not read.", self.line
        )


def _integer(digits: str) -> int | float:
    """A number of any length: the longest are no offsets, so that only their size matters."""
    return int(digits) if len(digits) < 20 else float(digits)


# NaN is no JSON, but what Python programs write for a cell that is missing.
_DECODER = json.JSONDecoder(parse_constant=lambda _name: None, parse_int=_integer)

"""Reader of articles in CSV (RFC 4180): a header line that names a column `text`, then one article in each row.

Cells are stored exactly, line ends included. Our own flavour for spreadsheets, whose cells are guarded, is read back
as "csv-spreadsheet"; that is chosen by name, or taken when the file has both the byte order mark and the word
"spreadsheet" in its name, as our exports have. The mark alone says nothing: spreadsheets write it into every CSV file.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence, Sized
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from typing import BinaryIO

from annotator.formats.columns import fields_of, guessed, problem_of_choice
from annotator.formats.decoding import encoding_of_stream, text_of_stream
from annotator.formats.fields import FIELDS, article_record_from_fields
from annotator.formats.records import ArticleRecord, RecordError
from annotator.formats.spreadsheet import unguard

ALIASES = {"article_group": "group"}
"""Columns of our own exports that have another name there."""


class _RowTooLong(Exception):
    """A row is longer than a row may be; perhaps a quote is never closed."""


@dataclass
class _Lines:
    """The lines of a file for the csv module, and how much of them the present row has taken."""

    text: io.TextIOWrapper
    limit: int
    taken: int = 0

    def __iter__(self) -> Iterator[str]:
        while line := self.text.readline(self.limit + 1):
            self.taken += len(line)
            if self.taken > self.limit:
                raise _RowTooLong
            yield line


def is_guarded(filename: str, head: bytes) -> bool:
    """Whether a file is our flavour for spreadsheets, by its name and its first bytes."""
    return head.startswith(codecs.BOM_UTF8) and "spreadsheet" in filename.lower()


def read_csv(
    stream: BinaryIO,
    filename: str,
    *,
    encoding: str | None = None,
    limit: int,
    guarded: bool = False,
    chosen_columns: Mapping[str, str] | None = None,
) -> Iterator[ArticleRecord | RecordError]:
    """The articles of a stream that can be rewound, row by row; `limit` is in characters for each row.

    `guarded` says that the cells are those of "csv-spreadsheet", `chosen_columns` which column each field stands in;
    without it the columns have the names of the fields. Memory does not grow with the file.
    """
    chosen = encoding_of_stream(stream, chosen=encoding)
    if isinstance(chosen, RecordError):
        yield chosen
        return
    with _text_of(stream, chosen.name, limit) as lines:
        notes = [chosen.warning] if chosen.warning else []
        yield from _articles(lines, filename, chosen_columns, notes=notes, clean=unguard if guarded else str)


def read_rows(
    stream: BinaryIO, *, limit: int, needed: Sequence[str], guarded: bool = False
) -> Iterator[tuple[int, dict[str, str] | RecordError]]:
    """The cells of each row by their columns, with the number of its first line, of a stream that can be rewound."""
    chosen = encoding_of_stream(stream)
    if isinstance(chosen, RecordError):
        yield 1, chosen
        return
    clean = unguard if guarded else str
    columns: list[str] = []
    with _text_of(stream, chosen.name, limit) as lines:
        for line, row in _rows(lines):
            if isinstance(row, RecordError):
                yield line, row
            elif not columns:
                columns = [name.strip().lower() for name in row]
                problem = _problem_of_header(columns, line, needed=needed)
                if problem is not None:
                    yield line, problem
                    return
            elif len(row) != len(columns):
                yield line, _wrong_length(row, columns, line)
            else:
                yield line, {column: clean(cell) for column, cell in zip(columns, row, strict=True)}
    if not columns:
        yield 1, RecordError("The file is empty.")


@contextmanager
def _text_of(stream: BinaryIO, encoding: str, limit: int) -> Iterator[_Lines]:
    # The module's own limit holds for the whole program, so it is only ever raised.
    csv.field_size_limit(max(csv.field_size_limit(), limit))
    with text_of_stream(stream, encoding, newline="") as text:
        yield _Lines(text, limit)


def _articles(
    lines: _Lines,
    filename: str,
    chosen: Mapping[str, str] | None,
    *,
    notes: list[str],
    clean: Callable[[str], str],
) -> Iterator[ArticleRecord | RecordError]:
    columns: Sequence[str] = ()
    empty = True
    for line, row in _rows(lines):
        if isinstance(row, RecordError):
            yield row
            return
        if not columns:
            columns = _columns(row) if not chosen else fields_of(row, chosen)
            problem = problem_of_choice(row, chosen or {}, line) or _problem_of_header(columns, line, header=row)
            if problem is not None:
                yield problem
                return
            notes += _ignored(columns)
            continue
        empty = False
        for article in _article(dict(enumerate(row)), columns, line, filename=filename, clean=clean):
            if isinstance(article, ArticleRecord) and notes:
                article, notes = replace(article, warnings=(*article.warnings, *notes)), []  # noqa: PLW2901
            yield article
    if empty:
        yield RecordError("The file has a header line and no row." if columns else "The file is empty.")


def _rows(lines: _Lines) -> Iterator[tuple[int, list[str] | RecordError]]:
    """Each row that is not blank with the number of its first line; the first thing wrong with the quoting ends it."""
    reader = csv.reader(lines, strict=True)
    while True:
        line = reader.line_num + 1
        lines.taken = 0
        try:
            row = next(reader)
        except StopIteration:
            return
        except _RowTooLong:
            problem = f"The row has more than {lines.limit:,} characters. Is a quote never closed?"
            yield line, RecordError(f"{problem} The rest of the file was not read.", line)
            return
        except csv.Error as error:
            yield line, RecordError(f"{_explained(str(error))} The rest of the file was not read.", line)
            return
        if row:
            yield line, row


def _explained(error: str) -> str:
    if "unexpected end of data" in error:
        return "A quote that opens in this row is never closed."
    if "expected after" in error:
        return "A quote inside a quoted cell is not doubled, or something follows the closing quote."
    return f"The row is not CSV: {error}."


def _columns(header: Sequence[str]) -> list[str]:
    names = [name.strip().lower() for name in header]
    return [ALIASES.get(name, name) for name in names]


def _problem_of_header(
    columns: Sequence[str], line: int, *, needed: Sequence[str] = ("text",), header: Sequence[str] = ()
) -> RecordError | None:
    found = ", ".join(f"'{column[:60]}'" for column in header or columns[:50])
    missing = next((column for column in needed if column not in columns), None)
    if missing is not None:
        hint = " It seems to be parted by semicolons or tabs: save it with commas." if _other_separator(columns) else ""
        likely = guessed(header).get(missing)
        if likely is not None:
            hint = f" Perhaps it is '{likely[:60]}': say so with --column {missing}={likely[:60]}."
        return RecordError(
            f"There is no such column, and it is needed. The columns found are {found}.{hint}", line, missing
        )
    twice = next((column for column in columns if column in FIELDS and columns.count(column) > 1), None)
    return RecordError("This column stands there twice; keep one.", line, twice) if twice else None


def _other_separator(columns: Sequence[str]) -> bool:
    return len(columns) == 1 and any("text" in columns[0].split(separator) for separator in ";\t|")


def _ignored(columns: Sequence[str]) -> list[str]:
    unknown = [f"'{column[:60]}'" for column in columns if column not in FIELDS]
    if not unknown:
        return []
    subject = "The column was" if len(unknown) == 1 else "These columns were"
    return [f"{subject} not read, being no field of an article: {', '.join(unknown[:50])}."]


def csv_head(stream: BinaryIO, *, encoding: str | None = None, rows: int, limit: int) -> list[list[str]]:
    """The header and the first rows of a stream that can be rewound, as far as they can be read; it is rewound."""
    chosen = encoding_of_stream(stream, chosen=encoding)
    found: list[list[str]] = []
    if not isinstance(chosen, RecordError):
        with _text_of(stream, chosen.name, limit) as lines:
            found = [row for _, row in islice(_rows(lines), rows + 1) if not isinstance(row, RecordError)]
    stream.seek(0)
    return found


def _article(
    row: Mapping[int, str], columns: Sequence[str], line: int, *, filename: str, clean: Callable[[str], str]
) -> Sequence[ArticleRecord | RecordError]:
    if len(row) != len(columns):
        return [_wrong_length(row, columns, line)]
    fields = {column: clean(row[index]) for index, column in enumerate(columns) if column in FIELDS}
    article = article_record_from_fields(fields, line=line, source_file=filename)
    return [article] if isinstance(article, ArticleRecord) else article


def _wrong_length(row: Sized, columns: Sequence[str], line: int) -> RecordError:
    cells = f"{len(row)} cell" + ("" if len(row) == 1 else "s")
    return RecordError(f"The row has {cells} where the header has {len(columns)}. Is a comma or a quote missing?", line)

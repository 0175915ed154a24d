"""Statements that every save speaks: written out once by SQLAlchemy, then handed to the driver as they are.

SQLAlchemy prepares each execution anew: it looks for the statement in its cache, makes a context, and reads from the
cursor what the rows are made of. That takes two thirds of the processor's time of a short statement, for the same outcome
each time. For the hot paths alone; everywhere else `execute` is the plain way.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Delete, Dialect, Insert, Select, Update

Given = Mapping[str, Any]
Convert = Callable[[Any], Any]


class Spoken:
    """A SELECT, INSERT, UPDATE or DELETE whose parameters have the same names each time."""

    def __init__(self, statement: Select[Any] | Insert | Update | Delete) -> None:
        self._statement = statement
        self._forms: dict[str, _Form] = {}

    def rows(self, connection: Connection, given: Given) -> Sequence[Any]:
        """The rows of a SELECT, as tuples whose columns have names too."""
        if _is_watched(connection):
            return connection.execute(self._statement, given).all()
        return self._form(connection.dialect, given).speak(connection, given)

    def first(self, connection: Connection, given: Given) -> Any:
        """The first of these rows, or None."""
        rows = self.rows(connection, given)
        return rows[0] if rows else None

    def run(self, connection: Connection, given: Given) -> None:
        """Change what the statement changes."""
        if _is_watched(connection):
            connection.execute(self._statement, given)
            return
        self._form(connection.dialect, given).speak(connection, given)

    def _form(self, dialect: Dialect, given: Given) -> _Form:
        form = self._forms.get(dialect.name)
        if form is None:
            form = self._forms[dialect.name] = _Form(self._statement, dialect, given)
        return form


class _Form:
    """The statement in the words of one dialect, with what changes values on their way in and out."""

    def __init__(self, statement: Any, dialect: Dialect, given: Given) -> None:
        compiled: Any = statement.compile(dialect=dialect, column_keys=sorted(given))
        if getattr(compiled, "insert_prefetch", ()) or getattr(compiled, "update_prefetch", ()):
            raise TypeError("A spoken statement is given every column; SQLAlchemy would have to make one up.")
        self._words: str = compiled.string
        self._order: list[str] | None = list(compiled.positiontup) if compiled.positional else None
        self._constants = {name: bound.value for name, bound in compiled.binds.items() if name not in given}
        self._given = len(given)
        converts = {
            name: bound.type.dialect_impl(dialect).bind_processor(dialect) for name, bound in compiled.binds.items()
        }
        self._incoming: list[tuple[str, Convert]] = [(name, convert) for name, convert in converts.items() if convert]
        self._columns = list(statement.selected_columns.items()) if isinstance(statement, Select) else []
        make_row: Any = namedtuple  # Its names are those of the columns, which only this statement knows.
        self._row = make_row("Row", [name for name, _ in self._columns], rename=True)
        self._outgoing: list[tuple[int, Convert]] | None = None

    def speak(self, connection: Connection, given: Given) -> list[Any]:
        """The rows; of what changes something, none."""
        if len(given) != self._given:
            raise TypeError("A spoken statement is given the same names each time.")
        values = {**self._constants, **given}
        for name, convert in self._incoming:
            values[name] = convert(values[name])
        parameters: Any = values if self._order is None else [values[name] for name in self._order]
        cursor: Any = None
        try:
            cursor = connection.connection.cursor()
            cursor.execute(self._words, parameters)
            found = cursor.fetchall() if self._columns else ()
            described = cursor.description if self._outgoing is None else ()
            cursor.close()
        except connection.dialect.loaded_dbapi.Error as error:
            # SQLAlchemy's own: the error in its words, and away with a connection that nobody answers any more.
            connection._handle_dbapi_exception(error, self._words, parameters, cursor, None)  # noqa: SLF001
        if self._outgoing is None:
            self._outgoing = _outgoing(self._columns, described or (), connection.dialect)
        return [self._made(values) for values in found]

    def _made(self, found: Sequence[Any]) -> Any:
        row = list(found)
        for place, convert in self._outgoing or ():
            row[place] = convert(row[place])
        return self._row._make(row)


def _outgoing(
    columns: Sequence[tuple[str, Any]], described: Sequence[Any], dialect: Dialect
) -> list[tuple[int, Convert]]:
    """What changes the values of which columns; PostgreSQL's driver tells by a type's code how it has read it."""
    converts = [
        column.type.dialect_impl(dialect).result_processor(dialect, told[1])
        for (_, column), told in zip(columns, described, strict=True)
    ]
    return [(place, convert) for place, convert in enumerate(converts) if convert]


def _is_watched(connection: Connection) -> bool:
    """Whether somebody listens to what is executed, as those do who count statements: SQLAlchemy tells them."""
    told = connection.engine.dispatch
    return bool(told.before_cursor_execute or told.after_cursor_execute)

"""Column helpers that several tables share."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Enum, ForeignKey, Index, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapped, MappedColumn, mapped_column
from sqlalchemy.schema import CreateIndex

from annotator.db import Id, new_id, now


def enum_of(kind: type[StrEnum]) -> Enum:
    """A text column that holds the values of `kind`, checked by the database on both engines."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=32,
        name=_snake(kind.__name__),
        values_callable=lambda members: [member.value for member in members],
        validate_strings=True,
    )


def primary_id() -> MappedColumn[str]:
    """The primary key of a table with opaque random ids."""
    return mapped_column(Id(), primary_key=True, default=new_id)


def reference(target: str, *, index: bool = True, nullable: bool = False) -> MappedColumn[str]:
    """A foreign key to an opaque id, e.g. `reference("project.id")`. Nothing cascades: work is never deleted so."""
    return mapped_column(Id(), ForeignKey(target), index=index, nullable=nullable)


def span_check() -> CheckConstraint:
    """A span is not empty and does not begin before the text."""
    return CheckConstraint('"start" >= 0 AND "end" > "start"', name="span")


class CreatedAt:
    """Rows that know when they were made."""

    created_at: Mapped[datetime] = mapped_column(default=now)


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index of some rows alone, on both engines."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where))


@compiles(CreateIndex, "postgresql")
def _create_index(element: CreateIndex, compiler: Any, **options: Any) -> str:
    """PostgreSQL is told of the rows when it makes the index: told before, servers on SQLite would load its dialect (2 MB)."""
    index: Any = element.element
    rows = index.dialect_options["sqlite"]["where"]
    if rows is not None:
        index.dialect_options["postgresql"]["where"] = rows
    made: str = compiler.visit_create_index(element, **options)
    return made

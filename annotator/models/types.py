"""Column helpers that several tables share."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Enum, ForeignKey
from sqlalchemy.orm import Mapped, MappedColumn, mapped_column

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

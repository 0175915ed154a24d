"""What the full-text index covers. The index itself is the database's own and has no model: see services/search.py."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from annotator.db import Base, Id


class SearchEntry(Base):
    """A version whose blocks are in the index; `number` counts up and is the first part of their places there."""

    __tablename__ = "search_entry"

    number: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[str] = mapped_column(Id(), ForeignKey("article_version.id"), unique=True)

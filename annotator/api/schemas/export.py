"""What can be asked of an export."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from annotator.api.schemas.base import Query, Text

Word = Annotated[Text, Field(max_length=64)]


class ExportQuery(Query):
    """Which layer, in which format, of which release (the present state without one), and what people are called."""

    layer: Word = "gold"
    format: Word = "csv"
    release: Word | None = None
    people: Literal["names", "pseudonyms", "none"] | None = None

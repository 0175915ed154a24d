"""The parts of API addresses. What cannot be an id is not found, before the database is asked."""

from __future__ import annotations

from werkzeug.routing import BaseConverter

from annotator.db import ID_ALPHABET, ID_LENGTH


class OpaqueIdConverter(BaseConverter):
    """One of our random ids: `<opaque:article_id>`."""

    regex = f"[{ID_ALPHABET}]{{{ID_LENGTH}}}"


class SlugConverter(BaseConverter):
    """The short name of a project: `<slug:slug>`."""

    regex = "[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?"


CONVERTERS: dict[str, type[BaseConverter]] = {"opaque": OpaqueIdConverter, "slug": SlugConverter}

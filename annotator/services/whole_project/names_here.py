"""What the things of a file are called in the installation that it is imported into."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from sqlalchemy import select

from annotator.db import ID_ALPHABET, ID_LENGTH, db
from annotator.errors import Invalid
from annotator.formats.project_records import PersonPart
from annotator.models import User


class Ids:
    """What the ids of the file are called here: the same if all are free, else others, always the same for each."""

    def __init__(self, project_id: str, *, keep: bool) -> None:
        self._project_id, self._keep = project_id, keep

    def of(self, old: str) -> str:
        """An opaque id."""
        if self._keep:
            return old
        number = int.from_bytes(hashlib.sha256(f"{self._project_id}:{old}".encode()).digest())
        letters = []
        for _ in range(ID_LENGTH):
            number, place = divmod(number, len(ID_ALPHABET))
            letters.append(ID_ALPHABET[place])
        return "".join(letters)

    def uuid(self, old: UUID) -> UUID:
        """The id of a claim or of a question."""
        return old if self._keep else uuid5(old, self._project_id)


@dataclass(frozen=True)
class NamesHere:
    """The ids in this installation: of the project, of the import that is under way, and for those of the file."""

    project_id: str
    import_id: str
    filename: str
    ids: Ids
    people: Mapping[str, str]
    """Accounts, by the ids of the file."""
    labels: Mapping[str, str]
    """Labels, by their keys."""


def accounts_of(people: Sequence[PersonPart], given: Mapping[str, str]) -> dict[str, str]:
    """The account (id) of each person of the file for whom one is named, by id or name. Raises Invalid."""
    found: dict[str, str] = {}
    for key, email in given.items():
        named = [person.id for person in people if key in {person.id, person.name}]
        if len(named) != 1:
            said = "Nobody in the file is" if not named else "More than one in the file is"
            raise Invalid.field(
                "people", f"{said} called '{key}'. Name people by their name or by their id in the file."
            )
        user_id = db.session.scalar(select(User.id).where(User.email == email.strip().lower()))
        if user_id is None:
            raise Invalid.field("people", f"There is no account '{email}' here. 'annotator user add' makes one.")
        if user_id in found.values() or named[0] in found:
            raise Invalid.field("people", f"'{key}' or '{email}' is named twice: one account is one person.")
        found[named[0]] = user_id
    return found

"""What can go wrong, in the words of the domain. HTTP statuses are chosen in views and api, once.

Every message says what is wrong, where, and the way out; it is shown to people as it stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class FieldProblem:
    """One thing wrong with one field of what was sent; `field` is a dotted path ("evidence.0.stance")."""

    field: str
    message: str


class AnnotatorError(Exception):
    """Something that a person can mend; `str(error)` is the sentence to show."""


class NotFound(AnnotatorError):
    """There is no such thing, or the person may not know that there is."""

    def __init__(self, message: str = "There is no such page or record here.") -> None:
        super().__init__(message)


class Forbidden(AnnotatorError):
    """The person belongs to the project but lacks the role."""


class ScopeMissing(Forbidden):
    """The token is not good for this; `scope` is what it lacks."""

    def __init__(self, scope: str, message: str) -> None:
        super().__init__(f"{message} Make another token in your account.")
        self.scope = scope


class NotSignedIn(AnnotatorError):
    """Nobody is signed in."""

    def __init__(self, message: str = "Sign in to go on.") -> None:
        super().__init__(message)


class Invalid(AnnotatorError):
    """What was sent cannot be stored; `problems` names each field."""

    def __init__(self, message: str, problems: Sequence[FieldProblem] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)

    @classmethod
    def field(cls, field: str, message: str) -> Invalid:
        """The common case: one field, one sentence."""
        return cls(message, [FieldProblem(field, message)])


class Conflict(AnnotatorError):
    """The state of things does not allow it now; `details` go to the client as they are."""

    def __init__(self, message: str, details: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.details = dict(details or {})


class Stale(Conflict):
    """It was changed meanwhile; `details["current"]` is the present state."""


class VersionRequired(AnnotatorError):
    """A change must say which version it changes."""

    def __init__(self, message: str = "This claim exists: send If-Match with its version to change it.") -> None:
        super().__init__(message)


class TooManyAttempts(AnnotatorError):
    """Sign-in was tried too often; `seconds` until it may be tried again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many attempts to sign in. Try again in {max(1, round(seconds / 60))} min.")
        self.seconds = seconds


class Busy(AnnotatorError):
    """Others were writing for so long that nothing could be stored; `seconds` until another try is worth it."""

    def __init__(self, seconds: int = 1) -> None:
        super().__init__("Nothing was stored, because others were writing all the time. Try again in a moment.")
        self.seconds = seconds


class Unavailable(AnnotatorError):
    """The database does not answer; `seconds` until another try is worth it."""

    def __init__(self, seconds: int = 5) -> None:
        super().__init__("The database does not answer just now, so nothing was stored. Try again in a moment.")
        self.seconds = seconds


class Misconfigured(AnnotatorError):
    """The installation cannot start as it is configured."""

"""People: making accounts, finding them, their passwords, and taking their access away. Nobody is deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select, update

from annotator.db import db, now
from annotator.domain.preferences import Preferences
from annotator.domain.text import problem_with
from annotator.errors import Conflict, Invalid, NotFound
from annotator.models import Session, SignInLink, User
from annotator.services import events, tokens

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 128
LONGEST_NAME = 200
THEMES = ("auto", "light", "dark")

# Argon2id with more memory and passes than OWASP's least (19 MiB, 2 passes); about 50 ms.
_hasher = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)


@dataclass(frozen=True)
class PasswordHash:
    """A password that was checked and hashed. Its own type, so that a plain password is never stored by mistake."""

    encoded: str


def create(
    email: str, name: str, *, admin: bool = False, password: PasswordHash | None = None, by: User | None = None
) -> User:
    """A new account. Raises Invalid for a bad address or name, Conflict if the address has an account."""
    address = folded(email)
    if db.session.scalar(select(User.id).where(User.email == address)):
        raise Conflict(f"There is an account for {address} already. 'annotator user list' shows all.")
    user = User(
        email=address,
        name=_checked_name(name),
        is_admin=admin,
        password_hash=password.encoded if password else None,
    )
    db.session.add(user)
    db.session.flush()
    _record("user.create", user, {"email": address, "name": user.name, "admin": admin}, by)
    return user


def by_email(email: str) -> User:
    """The person with this address. Raises NotFound."""
    user = find(email)
    if user is None:
        raise NotFound(f"There is no account for {email}. 'annotator user list' shows all.")
    return user


def find(email: str) -> User | None:
    """The person with this address, or None; whatever was typed."""
    try:
        address = folded(email)
    except Invalid:
        return None
    return db.session.scalar(select(User).where(User.email == address))


def everybody() -> Sequence[User]:
    """Everybody, by name; disabled people too."""
    return db.session.scalars(select(User).order_by(User.name, User.email)).all()


def rename(user: User, name: str, *, by: User | None = None) -> None:
    """Change what the person is called."""
    wanted = _checked_name(name)
    if wanted == user.name:
        return
    payload = {"from": user.name, "to": wanted}
    user.name = wanted
    _record("user.rename", user, payload, by)


def set_theme(user: User, theme: str) -> None:
    """Light, dark, or as the person's device says (auto)."""
    if theme not in THEMES:
        raise Invalid.field("theme", f"There is no theme '{theme}'. Choose {', '.join(THEMES)}.")
    user.theme = theme
    db.session.flush()


def preferences_of(user: User) -> Preferences:
    """What the person chose, and the defaults for the rest."""
    return Preferences.read(user.preferences or {})


def preferences_to_change(user: User) -> Preferences:
    """The same, read anew and locked: of two windows that choose different things neither undoes the other's choice."""
    db.session.refresh(user, with_for_update=True)
    return preferences_of(user)


def set_preferences(user: User, preferences: Preferences) -> None:
    """Replace what the person chose; what is kept of it comes from `preferences_to_change`."""
    user.preferences = preferences.as_json()
    db.session.flush()


def set_password(user: User, password: PasswordHash, *, by: User | None = None, keep: str = "") -> None:
    """Replace the password. Every session ends, but `keep` (the hash of the one that asked), and every unused link."""
    user.password_hash = password.encoded
    end_access(user, keep=keep)
    _record("user.password", user, {}, by)


def set_admin(user: User, admin: bool, *, by: User | None = None) -> None:  # noqa: FBT001
    """Make somebody an administrator, or no longer one; their sessions end. Raises Conflict for the last one."""
    if user.is_admin == admin:
        return
    if not admin:
        _keep_one_administrator(user)
    user.is_admin = admin
    end_access(user)
    _record("user.admin", user, {"admin": admin}, by)


def disable(user: User, *, by: User | None = None) -> None:
    """Take all access away at once; the work stays. Raises Conflict for the last administrator."""
    if user.disabled_at is not None:
        return
    if user.is_admin:
        _keep_one_administrator(user)
    user.disabled_at = now()
    end_access(user)
    tokens.revoke_all(user, by=by)
    _record("user.disable", user, {}, by)


def enable(user: User, *, by: User | None = None) -> None:
    """Let a disabled person in again; they sign in anew."""
    if user.disabled_at is None:
        return
    user.disabled_at = None
    _record("user.enable", user, {}, by)


def end_access(user: User, *, keep: str = "") -> int:
    """End all sessions of `user` but the one with the hash `keep`, and void unused links; how many sessions ended."""
    ended = db.session.execute(delete(Session).where(Session.user_id == user.id, Session.id_hash != keep))
    unused = SignInLink.user_id == user.id, SignInLink.used_at.is_(None)
    db.session.execute(update(SignInLink).where(*unused).values(used_at=now()))
    return ended.rowcount  # type: ignore[attr-defined, no-any-return]


def hash_password(password: str) -> PasswordHash:
    """Check and hash a password. It takes a while: call it before the write transaction, not inside.

    Raises Invalid (field "password") if it is too short, too long or one of those that are tried first.
    """
    if len(password) > LONGEST_PASSWORD:
        raise Invalid.field("password", f"The password is longer than {LONGEST_PASSWORD} characters. Shorten it.")
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid.field(
            "password", f"The password needs {SHORTEST_PASSWORD} characters or more. Four unrelated words are good."
        )
    if problem := problem_with(password):
        raise Invalid.field("password", problem)
    if _is_common(password):
        raise Invalid.field("password", "This password is one of those that are tried first. Choose another.")
    return PasswordHash(_hasher.hash(password))


def password_fits(user: User | None, password: str) -> bool:
    """Whether `password` is that of `user`. Nobody, and a person without a password, cost the same time."""
    stored = user.password_hash if user else None
    if len(password) > LONGEST_PASSWORD or problem_with(password):
        password, stored = "", None
    try:
        _hasher.verify(stored or _decoy(), password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def folded(email: str) -> str:
    """The form in which an address is stored. Raises Invalid; asks no name server, so addresses of an intranet are fine."""
    from email_validator import EmailNotValidError, validate_email

    try:
        found = validate_email(email.strip(), check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError as error:
        raise Invalid.field("email", f"'{email}' is not an e-mail address: {error}") from error
    return found.normalized.casefold()


def _checked_name(name: str) -> str:
    wanted = name.strip()
    if not wanted:
        raise Invalid.field("name", "A name is needed: colleagues see it beside what the person did.")
    if len(wanted) > LONGEST_NAME:
        raise Invalid.field("name", f"The name is longer than {LONGEST_NAME} characters. Shorten it.")
    if problem := problem_with(wanted):
        raise Invalid.field("name", problem)
    return wanted


def _keep_one_administrator(user: User) -> None:
    others = select(User.id).where(User.is_admin, User.disabled_at.is_(None), User.id != user.id).with_for_update()
    if db.session.scalar(others) is None:
        raise Conflict(f"{user.name} is the last administrator. Make somebody else one first.")


def _record(action: str, user: User, payload: Mapping[str, object], by: User | None) -> None:
    db.session.flush()
    events.record(action, user.id, payload, user_id=by.id if by else None)
    db.session.flush()


def _is_common(password: str) -> bool:
    """Whether it is a common password, or one with digits and signs around it, or repeats a few characters."""
    plain = password.casefold()
    stem = plain.strip("0123456789!?.,-_#*$%&+ ")
    return plain in _common() or stem in _common() or not stem.strip() or len(set(plain)) < 4


@cache
def _common() -> frozenset[str]:
    path = Path(__file__).with_name("common_passwords.txt")
    return frozenset(path.read_text(encoding="utf-8").split())


@cache
def _decoy() -> str:
    return _hasher.hash("the password of nobody")

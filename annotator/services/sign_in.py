"""Signing in and out: one-time links, passwords, and the delays that slow guessing down.

Whoever tries is counted first, in a transaction of its own, and only then checked: so many attempts at the same
moment cannot slip through, and a restart forgets nothing.

    with transaction():
        sign_in.count_attempt(address, email)
    user = sign_in.by_password(email, password)
    with transaction():
        token = sign_in.begin(user, how="password", hours=…)
"""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Iterable, Sequence
from datetime import timedelta
from importlib import import_module

from sqlalchemy import delete, exists, select

from annotator.db import db, now
from annotator.domain.text import sha256
from annotator.errors import Conflict, Forbidden, Invalid, NotFound, TooManyAttempts
from annotator.models import ApiToken, Assignment, AssignmentState, Event, Session, SignInAttempt, SignInLink, User
from annotator.services import events, people

LINK_HOURS = 72
# The first failures are typing mistakes; many people may share one address.
FREE_FOR_ACCOUNT = 5
FREE_FOR_ADDRESS = 20
FIRST_DELAY = timedelta(seconds=15)
LONGEST_DELAY = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=24)
LONGEST_USER_AGENT = 300

WRONG = (
    "This e-mail address and password do not belong together. Try again, or ask an administrator for a sign-in link."
)
UNUSABLE = "This sign-in link was used already or is too old. Ask whoever sent it for a new one."


def make_link(user: User, *, by: User | None = None, hours: int = LINK_HOURS) -> str:
    """A token that signs `user` in once, at /sign-in/TOKEN, within `hours`."""
    if user.disabled_at is not None:
        raise Invalid.field("user", f"The account of {user.email} is disabled. Enable it first.")
    token = secrets.token_urlsafe(32)
    db.session.add(
        SignInLink(token_hash=sha256(token), user_id=user.id, expires_at=now() + timedelta(hours=hours), used_at=None)
    )
    db.session.flush()
    events.record("sign_in.link", user.id, {"hours": hours}, user_id=by.id if by else None)
    db.session.flush()
    return token


def unused_accounts(ids: Iterable[str]) -> frozenset[str]:
    """Those of `ids` whose accounts nobody has used yet: no sign-in, no password, no key, no work, and not disabled.

    Work without a sign-in was imported; articles that were only given are no work yet.
    """
    came = exists().where(Event.subject == User.id, Event.action == "sign_in.begin")
    has_key = exists().where(ApiToken.user_id == User.id)
    has_work = exists().where(Assignment.user_id == User.id, Assignment.state != AssignmentState.NEW)
    untouched = User.password_hash.is_(None), User.disabled_at.is_(None), ~came, ~has_key, ~has_work
    return frozenset(db.session.scalars(select(User.id).where(User.id.in_(list(ids)), *untouched)))


def make_another_link(user_id: str, *, by: User, hours: int = LINK_HOURS) -> tuple[User, str]:
    """The person and a new link in the place of the ones before, for who never came in.

    Whoever holds a link is that person to the rest of the program, blind reviews included. So no page gives a link to
    an account in use; the command line does. Raises Forbidden, NotFound and Conflict.
    """
    if not by.is_admin:
        raise Forbidden("Only an administrator of this installation may make a sign-in link. Ask one.")
    user = db.session.get(User, user_id, with_for_update=True)
    if user is None:
        raise NotFound("There is no such person.")
    if user.id not in unused_accounts([user.id]):
        help_by = "Whoever runs the installation can help: annotator user link ADDRESS."
        raise Conflict(f"The account of {user.name} is in use, or disabled. {help_by}")
    people.end_access(user)
    return user, make_link(user, by=by, hours=hours)


def use_link(token: str) -> User:
    """Whose link it is; it cannot be used again. Raises NotFound for one that is unknown, used or too old."""
    link = db.session.scalar(select(SignInLink).where(SignInLink.token_hash == sha256(token)).with_for_update())
    if link is None or link.used_at is not None or link.expires_at <= now():
        raise NotFound(UNUSABLE)
    user = db.session.get_one(User, link.user_id)
    if user.disabled_at is not None:
        raise NotFound(UNUSABLE)
    link.used_at = now()
    db.session.flush()
    return user


def by_password(email: str, password: str) -> User:
    """Who signs in so. Raises Invalid, with the same words and after the same time whatever is wrong."""
    user = people.find(email)
    if not people.password_fits(user, password) or user is None or user.disabled_at is not None:
        raise Invalid.field("password", WRONG)
    return user


def begin(user: User, *, how: str, hours: int, address: str = "", user_agent: str = "") -> str:
    """Start a session of at most `hours` and return its secret for the cookie. Earlier failures are forgiven."""
    moment = now()
    db.session.execute(delete(Session).where(Session.user_id == user.id, Session.expires_at <= moment))
    token = secrets.token_urlsafe(32)
    db.session.add(
        Session(
            id_hash=sha256(token),
            user_id=user.id,
            user_agent=user_agent[:LONGEST_USER_AGENT],
            last_seen_at=moment,
            expires_at=moment + timedelta(hours=hours),
        )
    )
    forgive(user, address)
    events.record("sign_in.begin", user.id, {"how": how}, user_id=user.id)
    db.session.flush()
    return token


def sessions_of(user: User) -> Sequence[Session]:
    """Where `user` is signed in, the most recently used first."""
    query = select(Session).where(Session.user_id == user.id, Session.expires_at > now())
    return db.session.scalars(query.order_by(Session.last_seen_at.desc(), Session.id_hash)).all()


def end(user: User, id_hash: str) -> None:
    """End one session of `user`. Raises NotFound for another's and for one that has ended."""
    if not sign_out(user, id_hash):
        raise NotFound("This session has ended already.")


def sign_out(user: User, id_hash: str) -> bool:
    """End one session of `user`; False if it had ended already."""
    ended = db.session.execute(delete(Session).where(Session.user_id == user.id, Session.id_hash == id_hash))
    if not ended.rowcount:  # type: ignore[attr-defined]
        return False
    events.record("sign_in.end", user.id, {}, user_id=user.id)
    db.session.flush()
    return True


def end_all(user: User, *, keep: str = "") -> int:
    """End all sessions of `user`, e.g. after a change of role, but the one with the hash `keep`; how many ended."""
    ended = people.end_access(user, keep=keep)
    events.record("sign_in.end_all", user.id, {"sessions": ended}, user_id=user.id)
    db.session.flush()
    return ended


def count_attempt(address: str, email: str = "") -> None:
    """Count one attempt from `address` (for the account of `email`). Raises TooManyAttempts while it must wait."""
    if email:
        _count(_account_key(email), FREE_FOR_ACCOUNT)
    _count(_address_key(address), FREE_FOR_ADDRESS)


def forgive(user: User, address: str = "") -> None:
    """After a success the account starts anew. The address only gets this attempt back: guessers have accounts too."""
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.key == _account_key(user.email)))
    attempt = db.session.get(SignInAttempt, _address_key(address)) if address else None
    if attempt is not None:
        attempt.failures = max(0, attempt.failures - 1)
        if attempt.failures < FREE_FOR_ADDRESS:
            attempt.blocked_until = None
    db.session.flush()


def network_of(address: str) -> str:
    """Who counts as one address: an IPv4 address, or an IPv6 network of 64 bits, which is what one customer gets."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def _count(key: str, free: int) -> None:
    moment = now()
    attempt = _attempt(key)
    if attempt.blocked_until is not None and attempt.blocked_until > moment:
        raise TooManyAttempts(round((attempt.blocked_until - moment).total_seconds()))
    if moment - attempt.last_at > FORGOTTEN_AFTER:
        attempt.failures = 0
    attempt.failures += 1
    attempt.last_at = moment
    excess = attempt.failures - free
    delay = min(FIRST_DELAY * 2 ** min(excess, 10), LONGEST_DELAY)
    attempt.blocked_until = moment + delay if excess >= 0 else None
    db.session.flush()


def _attempt(key: str) -> SignInAttempt:
    """The row of `key`, locked; made if it is missing, whoever else may be making it."""
    dialect = import_module(f"sqlalchemy.dialects.{db.session.get_bind().dialect.name}")
    row = dialect.insert(SignInAttempt).values(key=key, failures=0, last_at=now())
    db.session.execute(row.on_conflict_do_nothing())
    return db.session.scalars(select(SignInAttempt).where(SignInAttempt.key == key).with_for_update()).one()


def _account_key(email: str) -> str:
    return sha256(f"account {email.strip().casefold()}")


def _address_key(address: str) -> str:
    return sha256(f"address {network_of(address)}")

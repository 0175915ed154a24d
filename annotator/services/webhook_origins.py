"""The places of the web that an administrator allowed messages to be sent to; nothing else is ever called."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from annotator.db import db
from annotator.domain.web_origins import NoAddress, Target, refusal, target_of
from annotator.errors import Forbidden, Invalid, NotFound
from annotator.models import User, WebhookOrigin
from annotator.services import events


def require_administrator(user: User) -> None:
    """Raise Forbidden to everybody else."""
    if not user.is_admin:
        raise Forbidden("Only an administrator of this installation may choose where webhooks lead. Ask one.")


def everything() -> Sequence[WebhookOrigin]:
    """All allowed origins in order."""
    return db.session.scalars(select(WebhookOrigin).order_by(WebhookOrigin.origin)).all()


def allow(address: str, *, private: bool = False, by: User | None = None) -> WebhookOrigin:
    """Allow webhooks to the scheme, host and port of `address`; with `private` also where it is one of our own network.

    Raises Invalid for what is none, and for a private number that is not allowed as one. To repeat it changes only
    whether it is private.
    """
    target = _target(address, "origin")
    literal = [target.literal] if target.literal else []
    why = refusal(literal, private=private) if literal else ""
    if why or (target.local and not private):
        raise Invalid.field(
            "origin", why or "This is the machine itself, so nothing outside. Allow it as a private address, or not."
        )
    present = db.session.get(WebhookOrigin, target.origin)
    if present is not None and present.private == private:
        return present
    found = present or WebhookOrigin(origin=target.origin, user_id=by.id if by else None)
    found.private = private
    db.session.add(found)
    db.session.flush()
    _record("webhook_origin.allow", found, by)
    return found


def forbid(origin: str, *, by: User | None = None) -> WebhookOrigin:
    """Take an origin off the list: what is on its way to it is not sent any more. Raises NotFound."""
    found = db.session.get(WebhookOrigin, origin.strip().rstrip("/"))
    if found is None:
        raise NotFound(f"Webhooks to '{origin}' are not allowed anyway. 'annotator webhook allowed' shows all.")
    db.session.delete(found)
    db.session.flush()
    _record("webhook_origin.forbid", found, by)
    return found


def allowed(url: str) -> tuple[Target, bool]:
    """Where `url` leads, and whether that may be a private address. Raises Invalid for one that is not on the list."""
    target = _target(url, "url")
    origin = db.session.get(WebhookOrigin, target.origin)
    if origin is None:
        raise Invalid.field(
            "url", f"Webhooks to {target.origin} are not allowed here. Ask an administrator to put it on the list."
        )
    return target, origin.private


def _target(address: str, field: str) -> Target:
    try:
        return target_of(address.strip())
    except NoAddress as error:
        raise Invalid.field(field, str(error)) from None


def _record(action: str, origin: WebhookOrigin, by: User | None) -> None:
    # Its subject has a bound, so the address stands in what is said of it.
    payload = {"origin": origin.origin, "private": origin.private}
    events.record(action, origin.origin[:64], payload, user_id=by.id if by else None)
    db.session.flush()

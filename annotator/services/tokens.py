"""API tokens: a program's way in. The token is shown once; only its SHA-256 is stored."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from annotator.db import db, now
from annotator.domain.scopes import Scope
from annotator.domain.text import sha256
from annotator.errors import Invalid, NotFound
from annotator.models import ApiToken, User
from annotator.services import events, projects

LONGEST_NAME = 100


def add(
    user: User,
    name: str,
    *,
    scopes: Collection[str] = tuple(Scope),
    expires: datetime | None = None,
    project: str = "",
    by: User | None = None,
) -> str:
    """A new token of `user`; the only time that it can be read. Raises Invalid.

    With the short name of a `project` it is good for that one alone.
    """
    if not name.strip() or len(name.strip()) > LONGEST_NAME:
        raise Invalid.field("name", f"Name the token by what will use it, in 1 to {LONGEST_NAME} characters.")
    unknown = set(scopes) - set(Scope)
    if unknown or not scopes:
        known = ", ".join(Scope)
        said = f"There is no scope '{min(unknown)}'." if unknown else "A token without a scope is good for nothing."
        raise Invalid.field("scopes", f"{said} Choose of {known}.")
    if expires is not None and expires <= now():
        raise Invalid.field("expires", "The token would have expired already. Choose a later moment.")
    if user.disabled_at is not None:
        raise Invalid.field("user", f"The account of {user.email} is disabled. Enable it first.")
    secret = secrets.token_urlsafe(32)
    token = ApiToken(
        user_id=user.id,
        name=name.strip(),
        token_hash=sha256(secret),
        scopes=" ".join(scope for scope in Scope if scope in scopes),
        expires_at=expires,
        project_id=_project_id(user, project) if project else None,
    )
    db.session.add(token)
    db.session.flush()
    _record("token.add", token, by or user)
    return secret


def _project_id(user: User, slug: str) -> str:
    try:
        return projects.get_for(user, slug).project.id
    except NotFound:
        raise Invalid.field("project", f"{user.email} is in no project '{slug}'.") from None


def list_for(user: User) -> Sequence[ApiToken]:
    """All tokens of `user` with their projects, the newest first; revoked ones too."""
    query = select(ApiToken).outerjoin(ApiToken.project).options(contains_eager(ApiToken.project))
    query = query.where(ApiToken.user_id == user.id)
    return db.session.scalars(query.order_by(ApiToken.created_at.desc(), ApiToken.id)).all()


def revoke(user: User, token_id: str, *, by: User | None = None) -> ApiToken:
    """End a token of `user` for ever. Raises NotFound for another's."""
    token = db.session.scalar(select(ApiToken).where(ApiToken.id == token_id, ApiToken.user_id == user.id))
    if token is None:
        raise NotFound("There is no such token in this account.")
    if token.revoked_at is None:
        token.revoked_at = now()
        db.session.flush()
        _record("token.revoke", token, by or user)
    return token


def revoke_all(user: User, *, by: User | None = None) -> None:
    """End every token of `user` for ever."""
    for token in list_for(user):
        if token.revoked_at is None:
            revoke(user, token.id, by=by)


def _record(action: str, token: ApiToken, by: User) -> None:
    payload = {"user": token.user_id, "name": token.name, "scope": token.scopes, "project": token.project_id}
    events.record(action, token.id, payload, user_id=by.id)
    db.session.flush()

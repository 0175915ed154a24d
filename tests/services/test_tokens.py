"""API tokens."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from annotator.db import db, now, transaction
from annotator.errors import Invalid, NotFound
from annotator.models import ApiToken, Event
from annotator.services import tokens
from tests.support.people import add_person, person


@pytest.fixture(autouse=True)
def in_context(app):
    add_person(app, "Ada")
    add_person(app, "Sam")
    with app.app_context():
        yield


def test_a_token_is_long_random_and_stored_as_a_hash_only():
    with transaction():
        secrets = {tokens.add(person("Ada"), f"script {number}") for number in range(5)}
    assert len(secrets) == 5
    for secret in secrets:
        assert len(secret) >= 43
        assert not secret.startswith("-") or len(secret.split()) == 1
    stored = db.session.scalars(select(ApiToken)).all()
    assert {token.token_hash for token in stored}.isdisjoint(secrets)
    for event in db.session.scalars(select(Event)):
        assert not any(secret in event.payload for secret in secrets)


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "x", "scopes": ["admin"]}, "scopes"),
        ({"name": "x", "scopes": []}, "scopes"),
        ({"name": "x", "expires": now() - timedelta(seconds=1)}, "expires"),
    ],
)
def test_impossible_tokens_are_refused(options, field):
    with pytest.raises(Invalid) as refused, transaction():
        tokens.add(person("Ada"), **options)
    assert refused.value.problems[0].field == field


def test_tokens_are_listed_and_revoked_by_their_owner_only():
    with transaction():
        tokens.add(person("Ada"), "first")
    (token,) = tokens.list_for(person("Ada"))
    assert list(tokens.list_for(person("Sam"))) == []
    with pytest.raises(NotFound), transaction():
        tokens.revoke(person("Sam"), token.id)
    with transaction():
        revoked = tokens.revoke(person("Ada"), token.id).revoked_at
    with transaction():
        assert tokens.revoke(person("Ada"), token.id).revoked_at == revoked
    actions = db.session.scalars(select(Event.action).where(Event.subject == token.id).order_by(Event.seq)).all()
    assert actions == ["token.add", "token.revoke"]

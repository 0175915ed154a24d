"""Security of every request: the gate (gate.py) and who is asking (identity.py). Other packages take it from here."""

from __future__ import annotations

from annotator.security.gate import LARGEST_FROM_STRANGERS, LONGEST_QUERY, SentTooLate, init_app
from annotator.security.identity import (
    Person,
    Token,
    ask_for_nobody,
    current_person,
    current_session,
    current_token,
    current_user,
    end_session,
    signed_in_user,
    start_session,
)
from annotator.security.settings import base_url, public_url

__all__ = [
    "LARGEST_FROM_STRANGERS",
    "LONGEST_QUERY",
    "Person",
    "SentTooLate",
    "Token",
    "ask_for_nobody",
    "base_url",
    "current_person",
    "current_session",
    "current_token",
    "current_user",
    "end_session",
    "init_app",
    "public_url",
    "signed_in_user",
    "start_session",
]

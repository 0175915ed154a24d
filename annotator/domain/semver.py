"""Version numbers of releases, as Semantic Versioning 2.0.0 (https://semver.org) writes and orders them."""

from __future__ import annotations

import re

LONGEST = 64

_NUMBER = r"(?:0|[1-9][0-9]*)"
_WORD = r"(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
_VERSION = re.compile(
    rf"({_NUMBER})\.({_NUMBER})\.({_NUMBER})(?:-({_WORD}(?:\.{_WORD})*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?"
)

Precedence = tuple[tuple[int, int, int], bool, tuple[tuple[bool, int, str], ...]]
"""What two versions are compared by; build metadata does not count."""


def precedence(version: str) -> Precedence:
    """What `version` is ordered by; a pre-release comes before its release. Raises ValueError for what is no version."""
    found = _VERSION.fullmatch(version) if len(version) <= LONGEST else None
    if found is None:
        raise ValueError(f"'{version[:LONGEST]}' is not a version. Write three numbers, such as 1.0.0.")
    major, minor, patch, before, _build = found.groups()
    words = before.split(".") if before else []
    # Numbers come before words and are compared as numbers (semver.org, 11.4).
    parts = tuple((not word.isdecimal(), int(word) if word.isdecimal() else 0, word) for word in words)
    return (int(major), int(minor), int(patch)), not words, parts

"""Version numbers are ordered as semver.org says."""

from __future__ import annotations

import random

import pytest

from annotator.domain.semver import precedence

# The chain of examples of semver.org, section 11, with the versions around it.
ASCENDING = [
    "0.9.0", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11",
    "1.0.0-rc.1", "1.0.0", "1.0.1", "1.2.0", "1.10.0", "2.0.0",
]  # fmt: skip


def test_versions_are_ordered_as_the_specification_orders_them() -> None:
    shuffled = random.Random(7).sample(ASCENDING, len(ASCENDING))
    assert sorted(shuffled, key=precedence) == ASCENDING
    assert len({precedence(version) for version in ASCENDING}) == len(ASCENDING)


def test_a_build_does_not_count() -> None:
    assert precedence("1.0.0+2026") == precedence("1.0.0")


@pytest.mark.parametrize(
    "text", ["", "1", "1.0", "v1.0.0", "01.0.0", "1.0.0-", "1.0.0-01", "1.0.0 ", "1.0.0\n", "١.0.0", f"1.0.{'9' * 99}"]
)
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a version"):
        precedence(text)

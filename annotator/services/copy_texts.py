"""What copies have in common, and in which words they differ."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from annotator.db import db
from annotator.domain import resemblance
from annotator.matching.passages import Piece, pairs, pieces
from annotator.models import ArticleVersion
from annotator.services.copies import Group

MOST_SHARES = 40
"""Articles of a group for which it is worked out how much they share with the first one."""

LONGEST = 60_000
"""Characters of a text that are looked at for that, and shown side by side."""


@dataclass(frozen=True)
class Row:
    """A paragraph of the left article beside its like in the right one, in pieces; None where it has none."""

    left: Sequence[Piece] | None
    right: Sequence[Piece] | None


def shares(groups: Sequence[Group]) -> dict[str, float]:
    """By article the share of the shorter text's words that stand in it and in the first article of its group, in the
    same order. One statement.
    """
    # It is needed by nothing that a server does when it starts.
    from annotator.matching.sketches import words_of

    shown = {group.id: group.members[:MOST_SHARES] for group in groups}
    texts = _texts({each.version.id for members in shown.values() for each in members})
    found: dict[str, float] = {}
    for first, *others in shown.values():
        words = words_of(texts[first.version.id])
        for other in others:
            its = words_of(texts[other.version.id])
            fewer = min(len(words), len(its))
            found[other.article.id] = resemblance.in_common(words, its) / fewer if fewer else 1.0
    return found


def side_by_side(left_version: str, right_version: str) -> list[Row]:
    """The paragraphs of both articles, those that are alike beside each other. One statement."""
    texts = _texts({left_version, right_version})
    left, right = texts[left_version], texts[right_version]
    rows = []
    for pair in pairs(left, right):
        ours = left[slice(*pair.left)] if pair.left else None
        theirs = right[slice(*pair.right)] if pair.right else None
        if ours is not None and theirs is not None:
            rows.append(Row(*pieces(ours, theirs)))
        else:
            rows.append(Row(*(None if each is None else [Piece(each, shared=False)] for each in (ours, theirs))))
    return rows


def _texts(version_ids: Collection[str]) -> dict[str, str]:
    """The texts of these versions, as far as they are looked at."""
    query = select(ArticleVersion.id, ArticleVersion.text).where(ArticleVersion.id.in_(version_ids))
    return {version_id: text[:LONGEST] for version_id, text in db.session.execute(query)}

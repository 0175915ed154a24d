"""Paragraphs that stand in several stories: finding them among those of a project, and keeping what was found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.orm import aliased

from annotator.db import db, new_id
from annotator.models import Article, ArticleVersion, CopySketch, SharedPassage
from annotator.services import copy_groups, events
from annotator.services.bulk import insert_rows

if TYPE_CHECKING:
    from annotator.matching.copies import Groups


class Passage(NamedTuple):
    """A paragraph of a version."""

    version_id: str
    start: int
    end: int


class Found(NamedTuple):
    """Paragraphs that belong together, and those that belong to nothing because they stand everywhere.

    `again` are those that belonged together before and were judged anew, since a text that brought them together was
    corrected.
    """

    together: list[list[Passage]]
    boilerplate: list[Passage]
    again: list[Passage]


class Compared(NamedTuple):
    """An article as it is compared: its version, what is kept of its paragraphs, and the story that it is a copy of."""

    version_id: str
    passages: bytes
    story: int


def look(
    connection: Connection,
    project_id: str,
    compared: Sequence[Compared],
    *,
    new: Collection[int],
    paragraphs_of: Callable[[int], list[list[int]]],
) -> Found:
    """The paragraphs that the articles numbered `new` share with others; what is stored goes with it.

    `paragraphs_of` gives the words of each paragraph of an article that counts, and is asked for the few that come into
    question.
    """
    # Numpy is needed by nothing else that a server does when it starts.
    import numpy as np

    from annotator.matching import shared_passages

    counts = [len(each.passages) for each in compared]
    rows = shared_passages.unpacked(b"".join(each.passages for each in compared))
    width = rows.shape[1] * rows.itemsize
    article_of = np.repeat(np.arange(len(compared)), [count // width for count in counts]).tolist()
    first_row = np.concatenate(([0], np.cumsum([count // width for count in counts])))
    row_of = {(compared[article_of[row]].version_id, int(rows[row, 0])): row for row in range(len(rows))}
    known, again = _known(connection, project_id, row_of)
    new_rows = {row for n in new for row in range(first_row[n], first_row[n + 1])} | again
    if not new_rows:
        return Found([], [], [])

    def passage(row: int) -> Passage:
        return Passage(compared[article_of[row]].version_id, int(rows[row, 0]), int(rows[row, 1]))

    words_in = cache(paragraphs_of)

    def words_at(row: int) -> list[int]:
        n = article_of[row]
        return words_in(n)[row - int(first_row[n])]

    found = shared_passages.shared(
        rows[:, 2:],
        [compared[n].story for n in article_of],
        known,
        new=new_rows,
        words_at=words_at,
    )
    return Found(
        [[passage(row) for row in each] for each in found.together.values()],
        [passage(row) for row in sorted(found.boilerplate)],
        [passage(row) for row in sorted(again)],
    )


def store(project_id: str, found: Found, user_id: str | None) -> None:
    """Keep what was found. Where paragraphs of two groups came together it is one group; the same again writes nothing."""
    copy_groups.lock(project_id)
    connection = db.session.connection()
    stored = {(version_id, start): group for version_id, start, group in _stored(connection, project_id)}
    parted = _parted(found, stored)
    if parted:
        connection.execute(delete(SharedPassage).where(SharedPassage.group_id.in_(parted)))
        stored = {place: group for place, group in stored.items() if group not in parted}
    gone = [each for each in found.boilerplate if (each.version_id, each.start) in stored]
    rows = []
    for members in found.together:
        groups = sorted({stored[each[:2]] for each in members if each[:2] in stored})
        missing = [each for each in members if each[:2] not in stored]
        if len(groups) > 1:
            connection.execute(
                update(SharedPassage).where(SharedPassage.group_id.in_(groups[1:])).values(group_id=groups[0])
            )
            stored |= {place: groups[0] for place, group in stored.items() if group in groups}
        group_id = groups[0] if groups else new_id()
        rows += [(*each, group_id, project_id) for each in missing]
    for each in gone:
        connection.execute(
            delete(SharedPassage).where(SharedPassage.version_id == each.version_id, SharedPassage.start == each.start)
        )
    if rows or gone or parted:
        columns = ("version_id", "start", "end", "group_id", "project_id")
        insert_rows(connection, SharedPassage.__table__, columns, rows)  # type: ignore[arg-type]
        payload = {"found": len(rows), "boilerplate": len(gone), "parted": len(parted)}
        events.record("copies.find_paragraphs", project_id, payload, user_id=user_id, project_id=project_id)


def _parted(found: Found, stored: dict[tuple[str, int], str]) -> set[str]:
    """The groups that were judged anew and whose paragraphs are not all together any more."""
    set_of = {each[:2]: n for n, members in enumerate(found.together) for each in members}
    sets: defaultdict[str, set[int | None]] = defaultdict(set)
    for each in found.again:
        if each[:2] in stored:
            sets[stored[each[:2]]].add(set_of.get(each[:2]))
    return {group for group, places in sets.items() if len(places) > 1 or None in places}


def _known(connection: Connection, project_id: str, row_of: dict[tuple[str, int], int]) -> tuple[Groups, set[int]]:
    """The paragraphs that came together before, and those of them that are to be judged anew, which are not joined."""
    from annotator.matching.copies import Groups

    groups = Groups(max(row_of.values(), default=-1) + 1)
    members: defaultdict[str, list[int]] = defaultdict(list)
    for version_id, start, group_id in _stored(connection, project_id):
        if (version_id, start) in row_of:
            members[group_id].append(row_of[version_id, start])
    again = {row for group_id in _to_judge_anew(connection, project_id) for row in members.pop(group_id, ())}
    for first, *others in members.values():
        for other in others:
            groups.join(first, other)
    return groups, again


def _to_judge_anew(connection: Connection, project_id: str) -> set[str]:
    """The groups with a paragraph of a text that was corrected and not compared since.

    Some of the other paragraphs may be there by way of that text only.
    """
    present = aliased(ArticleVersion)
    query = (
        select(SharedPassage.group_id)
        .join(ArticleVersion, ArticleVersion.id == SharedPassage.version_id)
        .join(Article, (Article.id == ArticleVersion.article_id) & (Article.version > ArticleVersion.number))
        .join(present, (present.article_id == Article.id) & (present.number == Article.version))
        .outerjoin(CopySketch, CopySketch.version_id == present.id)
        .where(SharedPassage.project_id == project_id, CopySketch.version_id.is_(None))
    )
    return set(connection.scalars(query))


def _stored(connection: Connection, project_id: str) -> Sequence[tuple[str, int, str]]:
    query = select(SharedPassage.version_id, SharedPassage.start, SharedPassage.group_id)
    rows = connection.execute(query.where(SharedPassage.project_id == project_id).order_by(SharedPassage.group_id))
    return [(version_id, start, group_id) for version_id, start, group_id in rows]

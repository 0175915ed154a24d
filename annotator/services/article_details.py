"""What is known of an article beside its text: title, publisher, agency, byline, day, language, address and group.

These may be corrected in place: the text is the same, so nobody has anything to look at again. A correction counts for
the version that it is made in and for all before it that say the same, since a newer version takes over what its file
does not say; so it reaches the gold that stands on an earlier text. It never depends on what reviewers do: a
contradiction that the new date speaks against stays, and is pointed out where it is shown (services/comparing.py).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import defer

from annotator.db import db
from annotator.errors import NotFound, Stale, VersionRequired
from annotator.formats.records import ArticleDetails, ArticleRecord
from annotator.models import Article, ArticleVersion, Event, User
from annotator.services import articles, events
from annotator.services.articles import ArticleAccess

OF_VERSION = ("title", "publisher", "agency", "byline", "published", "language", "url")
"""The details that each version has for itself; the group is that of the article."""

ACTION = "article.details"
MEANWHILE = "Somebody changed the details of this article meanwhile, so nothing was stored."
NAME_IT = "To change the details of an article, send If-Match with the ETag that it was read with."


@dataclass(frozen=True)
class Detailed:
    """The details of one version of an article. `edition` counts their changes: whoever changes them names it."""

    found: ArticleAccess
    version: ArticleVersion
    details: ArticleDetails
    edition: int


@dataclass(frozen=True)
class Changed:
    """What a correction did: the names of the fields that were changed, none if all of them said so already."""

    article: Article
    version: ArticleVersion
    fields: Sequence[str]
    edition: int


@dataclass(frozen=True)
class Correction:
    """One correction in the history: who made it, when, in which version, and each field before and after."""

    by: str
    at: datetime
    number: int
    fields: Sequence[tuple[str, str | date, str | date]]


def of(article: Article, version: ArticleVersion) -> ArticleDetails:
    """The details of a version of the article."""
    return ArticleDetails(**{name: getattr(version, name) for name in OF_VERSION}, group=article.group)


def shown(user: User, article_id: str, number: int | None = None) -> Detailed:
    """The details of the version of that number, or the present one, for a manager of the project.

    Raises NotFound to strangers and for a version that there is not, Forbidden without the role.
    """
    found = articles.managed(user, article_id)
    version = _versions(found.article.id, number or found.article.version)[-1]
    return Detailed(found, version, of(found.article, version), edition_of(article_id))


def edition_of(article_id: str) -> int:
    """Which edition of the article's details stands: 1 as they came, one more after every change."""
    return 1 + (
        db.session.scalar(select(func.count(Event.id)).where(_about(article_id, ACTION, "article.correct"))) or 0
    )


def change(
    user: User, article_id: str, changes: Mapping[str, Any], *, as_of: int | None, number: int | None = None
) -> Changed:
    """Correct those details that `changes` gives, as a manager: of the version of that number, or the present one, and
    of those before it that say the same. What stands already changes nothing.

    Raises NotFound to strangers, Forbidden without the role, Stale when they were changed since the edition `as_of`,
    VersionRequired without it.
    """
    found = articles.managed(user, article_id)
    article = articles.held(found.access.project, article_id)
    versions = _versions(article_id, number or article.version)
    version, edition = versions[-1], edition_of(article_id)
    before = asdict(of(article, version))
    after = before | dict(changes)
    changed = [name for name in before if before[name] != after[name]]
    if not changed:
        return Changed(article, version, (), edition)
    if as_of is None:
        raise VersionRequired(NAME_IT)
    if as_of != edition:
        current = Detailed(found, version, of(article, version), edition)
        raise Stale(MEANWHILE, {"current": current, "edition": edition})
    reached: dict[str, list[int]] = {}
    for name in changed:
        if name == "group":
            article.group = after[name]
            continue
        alike = [each for each in versions if getattr(each, name) == before[name]]
        reached[name] = [each.number for each in alike]
        for each in alike:
            setattr(each, name, after[name])
    payload = {
        "version": version.number,
        "versions": reached,
        "before": {name: before[name] for name in changed},
        "after": {name: after[name] for name in changed},
    }
    events.record(ACTION, article_id, payload, user_id=user.id, project_id=article.project_id, chain=article_id)
    return Changed(article, version, changed, edition + 1)


def history(article_id: str) -> list[Correction]:
    """The corrections of the article's details, newest first: one statement."""
    rows = db.session.execute(
        select(Event.payload, Event.at, User.name)
        .outerjoin(User, User.id == Event.user_id)
        .where(_about(article_id, ACTION))
        .order_by(Event.seq.desc())
    )
    found = []
    for payload, at, name in rows:
        said = json.loads(payload)
        fields = [
            (field, _value(field, said["before"][field]), _value(field, said["after"][field]))
            for field in (*OF_VERSION, "group")
            if field in said["after"]
        ]
        found.append(Correction(name or "", at, said["version"], fields))
    return found


def against_history(article: Article) -> Iterator[tuple[str, str, str]]:
    """Where a corrected detail is not what was recorded last: the place, what was recorded, and what is stored."""
    recorded: dict[tuple[int, str], str] = {}
    for payload in db.session.scalars(select(Event.payload).where(_about(article.id, ACTION)).order_by(Event.seq)):
        # What is damaged says nothing here, and its hash tells.
        with suppress(ValueError, LookupError, TypeError, AttributeError):
            said = json.loads(payload)
            for name, after in said["after"].items():
                # The group is of no version.
                recorded |= {(number, name): after or "" for number in said["versions"].get(name, [0])}
    if not recorded:
        return
    versions = {each.number: each for each in _versions(article.id, article.version)}
    for (number, name), after in recorded.items():
        stored = getattr(versions.get(number), name, "") if number else article.group
        if str(stored or "") != after:
            yield (f"version {number}, {name}" if number else name), after, str(stored or "")


def of_newer_text(article_id: str, present: ArticleVersion, record: ArticleRecord) -> dict[str, Any]:
    """The details of the version that the text of `record` becomes: what it says, else what the present one says.

    What a person put right is not turned back by a file that says the old thing again.
    """
    replaced: defaultdict[str, set[str | date]] = defaultdict(set)
    for correction in history(article_id):
        for name, before, _ in correction.fields:
            replaced[name].add(before)
    return {
        name: getattr(present, name) if not said or said in replaced[name] else said
        for name, said in ((name, getattr(record, name)) for name in OF_VERSION)
    }


def _value(field: str, recorded: str | None) -> str | date:
    return date.fromisoformat(recorded) if recorded and field == "published" else recorded or ""


def _about(article_id: str, *actions: str) -> ColumnElement[bool]:
    """Events about the article itself, by their subject: its chain holds every claim too."""
    return (Event.subject == article_id) & Event.action.in_(actions)


def _versions(article_id: str, number: int) -> Sequence[ArticleVersion]:
    """The versions up to that of the number, as they stand now, without their texts."""
    found = db.session.scalars(
        select(ArticleVersion)
        .where(ArticleVersion.article_id == article_id, ArticleVersion.number <= number)
        .options(defer(ArticleVersion.text))
        .order_by(ArticleVersion.number)
        .execution_options(populate_existing=True)
    ).all()
    if not found or found[-1].number != number:
        raise NotFound(f"This article has no version {number}.")
    return found

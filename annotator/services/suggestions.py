"""What a reviewer's article shows by itself: cues to jump to, and passages worth a look that were not dealt with yet.

It depends on nothing but the text and the person's own work, so it tells nobody what others did.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from sqlalchemy import select

from annotator.db import db
from annotator.domain.spans import Span
from annotator.errors import Conflict, NotFound
from annotator.matching import cues
from annotator.matching.cues import CueKind
from annotator.matching.suggestions import Suggestion, story_of, suggest
from annotator.models import (
    MARKING,
    Annotation,
    ArticleVersion,
    DismissedSuggestion,
    ImportedSuggestion,
    Project,
    User,
)
from annotator.services import articles, copied_claims, events, people
from annotator.services.assignments import Work, find_work, work_on

IMPORTED = "imported"
"""Why a passage is suggested that a file brought."""

REMEMBERED = 16
"""Of how many article versions a process remembers what it found; a long one takes about a megabyte."""


@dataclass(frozen=True)
class Found:
    """What a version shows: for each kind of cue where it stands, and the suggestions in order.

    `own` are those of them that the person marked in a copy.
    """

    cues: Mapping[CueKind, tuple[Span, ...]]
    suggestions: tuple[Suggestion, ...]
    own: frozenset[Suggestion] = frozenset()

    def has(self, span: Span) -> bool:
        """Whether exactly `span` is suggested."""
        at = bisect_left(self.suggestions, span.start, key=lambda each: each.start)
        return at < len(self.suggestions) and (self.suggestions[at].start, self.suggestions[at].end) == span


def look(user: User, article_id: str) -> Found:
    """The cues of the article that `user` reviews, and the suggestions that they neither dismissed nor marked.

    There are no suggestions unless the project and the person want them. What the person marked in a copy of the article
    is offered in every project, unless they do not want it. At most ten statements. Raises NotFound for an article that
    the person does not review.
    """
    work = find_work(user, article_id, lock=False)
    if work.assignment.kind not in MARKING:
        raise NotFound
    found = _found_in(work.version.id, work.version.language)
    marked = copied_claims.offered(work) if people.preferences_of(user).offers else []
    suggested: list[Suggestion] = []
    if wanted(user, work.project):
        suggested = _instead(found.suggestions, _imported(work.version.id))
    offered = _instead(suggested, marked)
    shown = _open(offered, work.assignment.id) if offered else ()
    return replace(found, suggestions=shown, own=frozenset(marked))


def wanted(user: User, project: Project) -> bool:
    """Whether the project offers suggestions and the person switched them on."""
    return project.suggestions and people.preferences_of(user).suggestions


def switch(user: User, article_id: str, *, on: bool) -> None:
    """Switch suggestions on or off for the person, in every project that offers them.

    Raises Conflict where the project does not.
    """
    work = find_work(user, article_id, lock=False)
    _require_offer(work.project)
    people.set_preferences(user, replace(people.preferences_to_change(user), suggestions=on))


def switch_offers(user: User, article_id: str, *, on: bool) -> None:
    """Switch offers of what the person marked in copies on or off, in every project."""
    find_work(user, article_id, lock=False)
    people.set_preferences(user, replace(people.preferences_to_change(user), offers=on))


def dismiss(user: User, article_id: str, span: Span) -> None:
    """Put a suggestion aside; to do it twice changes nothing.

    Raises NotFound if nothing is suggested there, Conflict when the assignment is closed. It does not begin the
    assignment: managers see that somebody began when there is a first claim.
    """
    work = work_on(user, article_id)
    if not _is_copied(work, span):
        _require_offer(work.project)
        _require_suggested(work, span)
    if _row(work, span) is not None:
        return
    db.session.add(DismissedSuggestion(assignment_id=work.assignment.id, start=span.start, end=span.end))
    _record(work, "suggestion.dismiss", span)


def restore(user: User, article_id: str, span: Span) -> None:
    """Bring a dismissed suggestion back; one that was not dismissed stays as it is."""
    work = work_on(user, article_id)
    row = _row(work, span)
    if row is None:
        return
    db.session.delete(row)
    _record(work, "suggestion.restore", span)


@lru_cache(maxsize=REMEMBERED)
def _found_in(version_id: str, language: str) -> Found:
    """Texts never change, so what was found in one is found for ever, as long as it counts as of this language."""
    version = db.session.get_one(ArticleVersion, version_id)
    articles.load_blocks(version)
    blocks = articles.blocks_of(version)
    known = cues.find(version.text, story_of(blocks), language)
    by_kind = {kind: tuple(Span(cue.start, cue.end) for cue in known if cue.kind is kind) for kind in CueKind}
    return Found(by_kind, tuple(suggest(version.text, blocks, language, cues=known)))


def _is_copied(work: Work, span: Span) -> bool:
    return any((each.start, each.end) == span for each in copied_claims.offered(work))


def _imported(version_id: str) -> list[Suggestion]:
    """The suggestions of imported files."""
    return [
        Suggestion(start, end, (IMPORTED,))
        for start, end in db.session.execute(
            select(ImportedSuggestion.start, ImportedSuggestion.end)
            .where(ImportedSuggestion.version_id == version_id)
            .order_by(ImportedSuggestion.start, ImportedSuggestion.end)
        )
    ]


def _instead(suggestions: Sequence[Suggestion], others: Sequence[Suggestion]) -> list[Suggestion]:
    """The suggestions together with `others`, which take the place of what they share text with; each place once."""
    if not others:
        return list(suggestions)
    places = {(each.start, each.end): each for each in reversed(others)}
    covered = _union(sorted(Span(*place) for place in places))
    own = [each for each in suggestions if not _touches(covered, Span(each.start, each.end))]
    return sorted([*own, *places.values()], key=lambda each: (each.start, each.end))


def _open(suggestions: Sequence[Suggestion], assignment_id: str) -> tuple[Suggestion, ...]:
    """Those that were not dismissed and share no text with a claim."""
    dismissed = {
        (start, end)
        for start, end in db.session.execute(
            select(DismissedSuggestion.start, DismissedSuggestion.end).where(
                DismissedSuggestion.assignment_id == assignment_id
            )
        )
    }
    marked = db.session.execute(
        select(Annotation.start, Annotation.end)
        .where(Annotation.assignment_id == assignment_id, Annotation.deleted_at.is_(None))
        .order_by(Annotation.start)
    )
    covered = _union([Span(start, end) for start, end in marked])
    return tuple(
        each
        for each in suggestions
        if (each.start, each.end) not in dismissed and not _touches(covered, Span(each.start, each.end))
    )


def _union(spans: Sequence[Span]) -> list[Span]:
    """Spans in order of their starts as few that do not overlap."""
    joined: list[Span] = []
    for span in spans:
        if joined and span.start < joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined


def _touches(covered: Sequence[Span], span: Span) -> bool:
    """Whether `span` shares text with one of `covered`, which are in order and do not overlap."""
    before = bisect_left(covered, span.end, key=lambda each: each.start) - 1
    return before >= 0 and covered[before].end > span.start


def _row(work: Work, span: Span) -> DismissedSuggestion | None:
    return db.session.get(DismissedSuggestion, (work.assignment.id, *span))


def _require_suggested(work: Work, span: Span) -> None:
    imported = db.session.get(ImportedSuggestion, (work.version.id, *span))
    if imported is None and not _found_in(work.version.id, work.version.language).has(span):
        raise NotFound("Nothing is suggested there. Open the page again to see the suggestions of the text.")


def _require_offer(project: Project) -> None:
    if not project.suggestions:
        raise Conflict("This project does not offer suggestions. Its manager can switch them on in the settings.")


def _record(work: Work, action: str, span: Span) -> None:
    events.record(
        action,
        work.assignment.id,
        {"start": span.start, "end": span.end},
        user_id=work.assignment.user_id,
        project_id=work.project.id,
        chain=work.article.id,
        head=work.head,
    )
    db.session.flush()

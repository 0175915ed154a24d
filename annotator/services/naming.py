"""Under what name a person sees the reviewers of an article: in a blind project its adjudicator sees letters.

They see names once the adjudication of the article is finished; a project's managers see them always.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection, select

from annotator.db import current_connection
from annotator.models import Assignment, AssignmentKind, AssignmentState, User
from annotator.permissions import Action
from annotator.services import articles
from annotator.services.projects import Access

NameOrNone = TypeVar("NameOrNone", str, str | None)


@dataclass(frozen=True)
class Veil:
    """The letters of those whose names are hidden: by article, then by the id of the person."""

    letters: Mapping[str, Mapping[str, str]]

    def hides(self, article_id: str, user_id: str) -> bool:
        """Whether this person is a letter in this article."""
        return user_id in self.letters.get(article_id, {})

    def called(self, article_id: str, user_id: str, name: NameOrNone) -> str | NameOrNone:
        """What to call who did something in the article: "Reviewer A", or `name`."""
        letter = self.letters.get(article_id, {}).get(user_id)
        return reviewer_words(letter) if letter else name


NO_VEIL = Veil({})


def hides_names(access: Access) -> bool:
    """Whether reviewers of unfinished articles are letters to the person whose access this is."""
    return access.project.blind and not access.may(Action.MANAGE)


def veil_over(access: Access, article_ids: Collection[str]) -> Veil:
    """The veil of these articles for the person whose access this is: no statement if they see names, else one."""
    return letters_in(article_ids) if hides_names(access) and article_ids else NO_VEIL


def veil_for(user: User, article_id: str) -> Veil:
    """The veil of one article for `user`, who sees their own name."""
    found = articles.get_for(user, article_id)
    veil = veil_over(found.access, [article_id])
    return Veil(
        {
            each: {key: letter for key, letter in people.items() if key != user.id}
            for each, people in veil.letters.items()
        }
    )


def letters_in(article_ids: Collection[str], connection: Connection | None = None) -> Veil:
    """A veil over those of the articles whose adjudication is not finished: one statement."""
    query = select(Assignment.article_id, Assignment.user_id, Assignment.kind, Assignment.state).where(
        Assignment.article_id.in_(set(article_ids)),
        Assignment.kind.in_([AssignmentKind.REVIEW, AssignmentKind.ADJUDICATION]),
    )
    people: defaultdict[str, list[str]] = defaultdict(list)
    finished = set()
    for article_id, user_id, kind, state in (connection or current_connection()).execute(query):
        if kind is AssignmentKind.REVIEW:
            people[article_id].append(user_id)
        elif state is AssignmentState.SUBMITTED:
            finished.add(article_id)
    return Veil({each: letters(each, people[each]) for each in people.keys() - finished})


def letters(article_id: str, people: Sequence[str]) -> dict[str, str]:
    """A letter for each person of `people` (ids), in an order shuffled for each article, the same at every look."""

    def shuffled(user_id: str) -> str:
        return hashlib.sha256(f"{article_id}:{user_id}".encode()).hexdigest()

    return {user_id: chr(ord("A") + n) for n, user_id in enumerate(sorted(set(people), key=shuffled))}


def reviewer_words(letter: str) -> str:
    """A letter as a name."""
    return f"Reviewer {letter}"

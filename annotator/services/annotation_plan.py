"""What a file of annotations would bring, and as what: its articles, its labels, its links, and what is wrong with it.

services/annotation_planning.py makes it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from annotator.formats.records import ReadLink, RecordError
from annotator.models import User
from annotator.services.planned_claims import ArticleKey

MOST_ERRORS = 100


@dataclass(frozen=True)
class Aim:
    """As what the claims of a file come in: as the work of `reviewer`, or without one as suggestions.

    `labels` says which key of the project a label of the file means; `author` takes only what that person of the file
    marked; `create` stores articles whose text the file brings and the project does not have.
    """

    reviewer: User | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    author: str = ""
    create: bool = True


@dataclass(frozen=True)
class Example:
    """One claim, to be shown: where it would stand and what it would be."""

    title: str
    quote: str
    label: str


@dataclass
class Plan:
    """All of a file but its claims. `articles` gives the version of each article that is there, and nothing for those
    that are to be stored. `labels` says for each label of the file the key that is meant and how often it is given;
    `authors` how much each person of it marked. With any error nothing of it is stored.
    """

    articles: dict[ArticleKey, str] = field(default_factory=dict)
    links: list[ReadLink] = field(default_factory=list)
    labels: dict[str, str | None] = field(default_factory=dict)
    uses: Counter[str] = field(default_factory=Counter)
    authors: Counter[str] = field(default_factory=Counter)
    errors: list[RecordError] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)
    claims: int = 0
    further_errors: int = 0

    def refuse(self, problem: str, line: int | None = None, field: str | None = None) -> None:
        """Note one thing wrong; after many only their number."""
        if len(self.errors) < MOST_ERRORS:
            self.errors.append(RecordError(problem, line, field))
        else:
            self.further_errors += 1

"""What others marked, question by question, with the threads: for reviewers once an article was revealed to them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from annotator.models import User
from annotator.services import discussion, marks, naming, openness, questions
from annotator.services.articles import ArticleAccess
from annotator.services.discussion import Thread
from annotator.services.questions import QuestionView
from annotator.services.votes import Vote


@dataclass(frozen=True)
class LabelBadge:
    """A label as macros/ui.html draws it."""

    name: str
    tone: int
    letter: str
    retired: bool = False


@dataclass(frozen=True)
class VersionShown:
    """What one person marked; `letter` stands for who it was, `by` says it in words."""

    letter: str
    by: str
    own: bool
    label: LabelBadge
    exact: str
    note: str
    later: bool


@dataclass(frozen=True)
class QuestionShown:
    """One question as a reviewer reads it; `quote` is the longest version's."""

    id: UUID
    start: int
    end: int
    quote: str
    versions: list[VersionShown]
    missing: list[str]
    thread: Thread


def revealed_to(user: User, found: ArticleAccess) -> list[QuestionShown]:
    """The questions of an article that was revealed to its reviewer; none to anybody else."""
    if not openness.sees_revealed(found):
        return []
    return shown_to(user, found)


def shown_to(user: User, found: ArticleAccess) -> list[QuestionShown]:
    """The questions of the article, to somebody who may see what all reviewers marked."""
    article_id = found.article.id
    letters = naming.veil_over(found.access, [article_id]).letters.get(article_id, {})
    people = {each.id: letters.get(each.id) or each.name for each in questions.reviewers_of(article_id)}
    threads = discussion.threads(user, article_id)
    return [
        _shown(view, people, user.id, threads.get(view.id) or Thread(view.id))
        for view in questions.views_of(article_id)
    ]


def _shown(view: QuestionView, people: dict[str, str], own: str, thread: Thread) -> QuestionShown:
    votes = [*view.versions, *view.arrived]
    marked = {vote.user_id for vote in votes}
    return QuestionShown(
        view.id,
        view.start,
        view.end,
        max((vote.exact for vote in votes), key=len, default=""),
        [_version(vote, people.get(vote.user_id, ""), own=vote.user_id == own) for vote in votes],
        [_words(by, own=user_id == own) for user_id, by in people.items() if user_id not in marked],
        thread,
    )


def _version(vote: Vote, by: str, *, own: bool) -> VersionShown:
    letter = by if len(by) == 1 else marks.letter_of(by)
    label = LabelBadge(vote.label.name, vote.label.tone, marks.letter_of(vote.label.name))
    return VersionShown(letter, _words(by, own=own), own, label, vote.exact, vote.claim.note, vote.round > 1)


def own_letter(user: User, found: ArticleAccess) -> str:
    """The letter under which the others know this reviewer; empty where they read names."""
    if found.article.revealed_at is None:
        return ""
    article_id = found.article.id
    return naming.veil_over(found.access, [article_id]).letters.get(article_id, {}).get(user.id, "")


def _words(by: str, *, own: bool) -> str:
    """Somebody in words: a letter is "Reviewer A", and whoever reads is "you"."""
    if own:
        return "you"
    return naming.reviewer_words(by) if len(by) == 1 else by

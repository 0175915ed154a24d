"""The articles of a file with the work on them, less what refers to claims of other articles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, insert, select, update

from annotator.db import db, new_id, now
from annotator.formats.project_records import ArticleLine, VersionPart
from annotator.formats.work_records import AnnotationPart, AssignmentPart, DecisionPart, PostPart
from annotator.models import (
    Annotation,
    Article,
    ArticleBlock,
    ArticleOriginal,
    ArticleVersion,
    Assignment,
    ClaimToPlace,
    CopyMember,
    Decision,
    DismissedSuggestion,
    EvidenceItem,
    FirstVote,
    GoldSource,
    Import,
    ImportedSuggestion,
    Mention,
    Post,
    Project,
    SecondRound,
    SecondRoundAnswer,
)
from annotator.services import events, search_index
from annotator.services.search_index import Covered
from annotator.services.whole_project import imported_history
from annotator.services.whole_project.checked_file import decoded
from annotator.services.whole_project.imported_references import evidence_row, refers
from annotator.services.whole_project.names_here import NamesHere
from annotator.services.whole_project.parts import columns

# Parents before children, as the database checks references at once.
TABLES = (
    Article, ArticleVersion, ArticleBlock, ArticleOriginal, ImportedSuggestion, Assignment, DismissedSuggestion, Annotation, FirstVote,
    ClaimToPlace, EvidenceItem, Decision, GoldSource, SecondRound, SecondRoundAnswer, Post, Mention, CopyMember,
)  # fmt: skip


def store_articles(names: NamesHere, lines: Sequence[ArticleLine]) -> None:
    """Store some articles with the work on them, less what refers to other articles."""
    db.session.execute(select(Project.id).where(Project.id == names.project_id).with_for_update())
    db.session.execute(update(Import).where(Import.id == names.import_id).values(touched_at=now()))
    highest = select(func.max(Article.position)).where(Article.project_id == names.project_id)
    position = db.session.scalar(highest) or 0
    adding = _ArticleRows(names)
    entries: list[events.Entry] = []
    for line in lines:
        position += 1
        adding.add(line, position)
        entries.extend(imported_history.entries(names, line))
    rows = adding.rows
    for table in TABLES:
        if rows[table]:
            db.session.execute(insert(table), rows[table])
    blocks: dict[str, list[tuple[int, int, int]]] = {}
    for block in rows[ArticleBlock]:
        blocks.setdefault(block["version_id"], []).append((block["position"], block["start"], block["end"]))
    covered = [Covered(row["id"], row["text"], blocks.get(row["id"], [])) for row in rows[ArticleVersion]]
    search_index.add(db.session.connection(), covered)
    events.record_all(entries, user_id=None, project_id=names.project_id)


class _ArticleRows:
    """The rows of some articles, by table."""

    def __init__(self, names: NamesHere) -> None:
        self._names = names
        self.rows: dict[type[Any], list[dict[str, Any]]] = {table: [] for table in TABLES}

    def add(self, line: ArticleLine, position: int) -> None:
        """Add the rows of an article that comes to stand at this place of the project."""
        article_id = self._names.ids.of(line.id)
        self.rows[Article].append(
            columns(line, "external_id", "source_hash", "group", "version", "training", "revealed_at", "created_at")
            | {
                "id": article_id,
                "project_id": self._names.project_id,
                "import_id": self._names.import_id,
                "position": position,
                "listed_at": None,
            }
        )
        versions = {version.number: self._add_version(version, article_id) for version in line.versions}
        for assignment in line.assignments:
            self._add_assignment(assignment, article_id, versions)
        for decision in line.decisions:
            self._add_decision(decision, article_id)
        for post in line.posts:
            self._add_post(post, article_id)
        for copy in line.copies:
            self.rows[CopyMember].append(
                columns(copy, "state", "decided_at", "created_at")
                | {
                    "group_id": self._names.ids.of(copy.copy_group),
                    "article_id": article_id,
                    "project_id": self._names.project_id,
                    "user_id": self._names.people[copy.person] if copy.person else None,
                }
            )

    def _add_version(self, version: VersionPart, article_id: str) -> str:
        version_id = new_id()
        self.rows[ArticleVersion].append(
            version.model_dump(exclude={"blocks", "original", "suggestions"})
            | {"id": version_id, "article_id": article_id, "length": len(version.text)}
        )
        for n, block in enumerate(version.blocks, 1):
            self.rows[ArticleBlock].append(block.model_dump() | {"version_id": version_id, "position": n})
        for suggestion in version.suggestions:
            self.rows[ImportedSuggestion].append(suggestion.model_dump() | {"version_id": version_id})
        if version.original is not None:
            content = decoded(version.original.content)
            self.rows[ArticleOriginal].append(
                version.original.model_dump() | {"version_id": version_id, "content": content}
            )
        return version_id

    def _add_assignment(self, assignment: AssignmentPart, article_id: str, versions: Mapping[int, str]) -> None:
        assignment_id = self._names.ids.of(assignment.id)
        self.rows[Assignment].append(
            assignment.model_dump(exclude={"person", "article_version", "dismissed", "annotations"})
            | {
                "id": assignment_id,
                "article_id": article_id,
                "version_id": versions[assignment.article_version],
                "user_id": self._names.people[assignment.person],
            }
        )
        for dismissed in assignment.dismissed:
            self.rows[DismissedSuggestion].append(dismissed.model_dump() | {"assignment_id": assignment_id})
        for claim in assignment.annotations:
            self._add_claim(claim, assignment_id, versions)

    def _add_claim(self, claim: AnnotationPart, assignment_id: str, versions: Mapping[int, str]) -> None:
        claim_id = self._names.ids.uuid(claim.id)
        self.rows[Annotation].append(
            claim.model_dump(exclude={"label", "evidence", "first_vote", "to_place"})
            | {"id": claim_id, "assignment_id": assignment_id, "label_id": self._names.labels[claim.label]}
        )
        if claim.first_vote is not None:
            self.rows[FirstVote].append(
                claim.first_vote.model_dump(exclude={"label"})
                | {"annotation_id": claim_id, "label_id": self._names.labels[claim.first_vote.label]}
            )
        if claim.to_place is not None:
            self.rows[ClaimToPlace].append(
                claim.to_place.model_dump(exclude={"article_version"})
                | {"annotation_id": claim_id, "version_id": versions[claim.to_place.article_version]}
            )
        for n, item in enumerate(claim.evidence, 1):
            if not refers(item):
                self.rows[EvidenceItem].append(evidence_row(self._names, item, claim_id, n))

    def _add_decision(self, decision: DecisionPart, article_id: str) -> None:
        decision_id = self._names.ids.of(decision.id)
        self.rows[Decision].append(
            columns(decision, "kind", "outcome", "justification", "reasons", "rule", "as_of", "decided_at", "undone_at")
            | {
                "id": decision_id,
                "assignment_id": self._names.ids.of(decision.assignment),
                "user_id": self._names.people[decision.person],
                "question": self._names.ids.uuid(decision.question),
                "gold_id": self._names.ids.uuid(decision.gold) if decision.gold else None,
                "replaces_id": self._names.ids.of(decision.replaces) if decision.replaces else None,
            }
        )
        for source in decision.sources:
            self.rows[GoldSource].append(
                {
                    "decision_id": decision_id,
                    "annotation_id": self._names.ids.uuid(source.annotation),
                    "version": source.version,
                    "chosen": source.chosen,
                }
            )
        if decision.second_round is None:
            return
        place = columns(decision.second_round, "start", "end")
        self.rows[SecondRound].append(place | {"decision_id": decision_id, "article_id": article_id})
        for answer in decision.second_round.answers:
            self.rows[SecondRoundAnswer].append(
                columns(answer, "note", "answered_at")
                | {"decision_id": decision_id, "assignment_id": self._names.ids.of(answer.assignment)}
            )

    def _add_post(self, post: PostPart, article_id: str) -> None:
        post_id = self._names.ids.of(post.id)
        self.rows[Post].append(
            columns(post, "kind", "text", "created_at")
            | {
                "id": post_id,
                "article_id": article_id,
                "question": self._names.ids.uuid(post.question),
                "user_id": self._names.people[post.person],
            }
        )
        for mention in post.mentions:
            values = {"post_id": post_id, "user_id": self._names.people[mention.person], "seen_at": mention.seen_at}
            self.rows[Mention].append(values)

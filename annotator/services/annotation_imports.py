"""Importing annotations of other programs, and our own: as the work of a named reviewer, or as suggestions.

A file comes in whole or not at all. It is read once to see that all of it is right; its claims go to disk meanwhile.
Articles that it brings are stored in short batches that nobody sees; then one transaction stores all claims, some
hundreds at a time, and makes the articles visible. Like the import of articles it therefore commits by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from annotator.db import db, transaction
from annotator.errors import Conflict, Invalid
from annotator.formats.records import AnnotatedRecord, ArticleRecord, RecordError
from annotator.models import Annotation, Assignment, EvidenceItem, ImportedSuggestion, Link, Project, User
from annotator.services import (
    annotation_planning,
    bulk,
    foreign_work,
    giving,
    imported_claims,
    search_index,
    unlisted_imports,
)
from annotator.services.annotation_plan import Aim, Example, Plan
from annotator.services.assignments import reviewers_of
from annotator.services.giving import Gift
from annotator.services.imported_claims import Target
from annotator.services.planned_claims import ArticleKey, PlannedClaim, PlannedClaims

Read = Callable[[], Iterable[AnnotatedRecord | RecordError]]
"""Reads a file from its beginning; it may be called twice."""

OF_CLAIMS = tuple(each.__tablename__ for each in (Assignment, Annotation, EvidenceItem, Link, ImportedSuggestion))
"""The tables to which claims bring many rows."""

MANY = 1_000
"""More claims than this are told to the planner of the database."""

NOT_OFFERED = "This project does not offer suggestions to its reviewers. Switch them on in its settings."


@dataclass(frozen=True)
class LabelUse:
    """A label of the file: the key that is meant (None: it has to be said), and how many claims carry it."""

    word: str
    key: str | None
    count: int


@dataclass
class AnnotationReport:
    """What became of one file. With any error nothing of it was stored.

    `added` and `known` count claims (or suggested places), `articles_added` and `articles_known` the articles with any.
    """

    filename: str
    added: int = 0
    known: int = 0
    links: int = 0
    articles_added: int = 0
    articles_known: int = 0
    labels: list[LabelUse] = field(default_factory=list)
    authors: dict[str, int] = field(default_factory=dict)
    errors: list[RecordError] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        """Whether the file was left out."""
        return bool(self.errors)


def reviewer_by(project: Project, email: str) -> User:
    """The reviewer of the project with that address. Raises Invalid, naming those that there are."""
    reviewers = reviewers_of(project)
    found = next((each for each in reviewers if each.email == email.strip().lower()), None)
    if found is None:
        named = ", ".join(each.email for each in reviewers) or "it has none yet"
        raise Invalid.field("reviewer", f"'{email}' is no reviewer of this project. Its reviewers: {named}.")
    return found


def import_annotations(
    project: Project,
    read: Read,
    filename: str,
    aim: Aim,
    *,
    by: User | None = None,
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
) -> AnnotationReport:
    """Store the claims of one file, or say everything that is wrong with it. The same file again adds nothing.

    `progress` is told how many claims have been stored so far; what it raises breaks the import off, and leaves nothing.
    Raises Invalid for an aim that cannot be: a label that is not there, somebody who is no reviewer.
    """
    if aim.reviewer is not None and aim.reviewer.id not in {each.id for each in reviewers_of(project)}:
        raise Invalid.field("reviewer", f"{aim.reviewer.name} is no reviewer of this project.")
    with PlannedClaims() as claims:
        plan = annotation_planning.make(project, read(), aim, claims)
        job = _Import(project, aim, plan, claims, _reported(filename, project, plan, aim), by, progress)
        if job.report.errors:
            return job.report
        try:
            if dry_run:
                _foretell(job)
            else:
                _store(job, read)
        except Conflict as error:
            job.report.errors.append(RecordError(str(error)))
        return job.report


@dataclass(frozen=True)
class _Import:
    """One import under way: what is to be done, and what is said of it."""

    project: Project
    aim: Aim
    plan: Plan
    claims: PlannedClaims
    report: AnnotationReport
    by: User | None
    progress: Callable[[int], None] | None


def _reported(filename: str, project: Project, plan: Plan, aim: Aim) -> AnnotationReport:
    report = AnnotationReport(filename, errors=plan.errors, warnings=plan.warnings, examples=plan.examples)
    report.labels = [LabelUse(word, plan.labels[word], count) for word, count in plan.uses.most_common()]
    report.authors = dict(plan.authors.most_common())
    if aim.reviewer is None and not project.suggestions:
        report.warnings.append(NOT_OFFERED)
    return report


def _foretell(job: _Import) -> None:
    """The counts, without storing anything. An article that is to be stored has no id yet: its key stands for it."""
    plan, report = job.plan, job.report
    report.articles_added = sum(key.new for key in plan.articles)
    report.articles_known = len(plan.articles) - report.articles_added
    places: set[tuple[str, int, int]] = set()
    ids: set[UUID] = set()
    count = 0
    for batch in job.claims.batches():
        count += _count(batch)
        claims = {each.key: group for each, group in batch.items()}
        if job.aim.reviewer is None:
            imported_claims.require_nobodys(job.project, [claim for group in claims.values() for claim in group])
            versions = {each.key: plan.articles[each] or each.key for each in batch}
            report.added += imported_claims.count_new_places(versions, claims, places)
        else:
            foreign_work.require_room(job.aim.reviewer, [each.key for each in batch if not each.new])
            found = imported_claims.identified(job.project, job.aim.reviewer, claims, ids)
            report.added += sum(not each.known for group in found.values() for each in group)
    report.links = len(plan.links)
    report.known = count - report.added


def _store(job: _Import, read: Read) -> None:
    _store_all(job, read)
    if job.report.added > MANY:
        with transaction():
            bulk.renew_statistics(db.session.connection(), [*unlisted_imports.OF_ARTICLES, *OF_CLAIMS])
            search_index.settle(db.session.connection())


def _store_all(job: _Import, read: Read) -> None:
    wanted = {each.key for each in job.plan.articles if each.new}
    if not wanted:
        with transaction():
            _store_claims(job, {})
        return
    with unlisted_imports.unlisted(job.project, job.report.filename, user=job.by) as batch:
        stored: dict[str, Target] = {}
        for articles in unlisted_imports.batches(_wanted(read, wanted)):
            with transaction():
                for record, added in zip(
                    articles, unlisted_imports.write(job.project, articles, user=job.by, batch=batch), strict=True
                ):
                    if not added.new and added.version.text != record.text:
                        raise Conflict(
                            "An article with the same key, and another text, was added meanwhile. Try again."
                        )
                    stored[_key(record)] = Target(added.article_id, added.version_id)
                    job.report.articles_added += added.new
        with transaction():
            _store_claims(job, stored)
            unlisted_imports.list_articles(batch)


def _wanted(read: Read, keys: set[str]) -> Iterator[ArticleRecord]:
    """The articles of the file that have one of the keys, each once."""
    left = set(keys)
    for record in read():
        if isinstance(record, RecordError):
            raise Conflict(f"The file changed while it was read. {record}")
        if record.article is not None and _key(record.article) in left:
            left.discard(_key(record.article))
            yield record.article


def _key(article: ArticleRecord) -> str:
    return article.external_id or article.source_hash


def _store_claims(job: _Import, stored: Mapping[str, Target]) -> None:
    """All claims, in the caller's transaction. `stored` says where the articles are that the file brought, by key."""
    targets = {
        each: stored[each.key] if each.new else Target(each.key, version_id)
        for each, version_id in job.plan.articles.items()
    }
    named = {key for link in job.plan.links for key in (link.a, link.b)}
    ends: dict[str, tuple[UUID, str]] = {}
    added = count = 0
    giving.lock_project(job.project)
    giving.lock_articles({each.article_id for each in targets.values()})
    for batch in job.claims.batches():
        chosen: dict[str, Target] = {}
        claims: dict[str, list[PlannedClaim]] = {}
        for each, group in batch.items():
            target = targets[each]
            chosen[target.article_id] = target
            claims.setdefault(target.article_id, []).extend(group)
        added += _store_batch(job, chosen, claims, named=named, ends=ends)
        count += _count(batch)
        if job.progress is not None:
            job.progress(count)
    if job.aim.reviewer is not None and job.plan.links:
        job.report.links = imported_claims.store_links(job.project, job.aim.reviewer, job.plan.links, ends, by=job.by)
    job.report.articles_known = len(job.plan.articles) - job.report.articles_added
    job.report.added, job.report.known = added, count - added


def _store_batch(
    job: _Import,
    targets: Mapping[str, Target],
    claims: Mapping[str, Sequence[PlannedClaim]],
    *,
    named: Collection[str],
    ends: dict[str, tuple[UUID, str]],
) -> int:
    """How many of some claims were not there yet. Those that links name are noted in `ends`, by their keys."""
    if job.aim.reviewer is None:
        imported_claims.require_nobodys(job.project, [claim for group in claims.values() for claim in group])
        return imported_claims.suggest(job.project, targets, claims, by=job.by, filename=job.report.filename)
    targets = _with_reviews(job, job.aim.reviewer, targets)
    # Those of the batches before this one are in the database.
    found = imported_claims.identified(job.project, job.aim.reviewer, claims, set())
    for article_id, group in found.items():
        ends |= {each.planned.key: (each.id, article_id) for each in group if each.planned.key in named}
    return imported_claims.store(job.project, targets, found, by=job.by, filename=job.report.filename)


def _count(batch: Mapping[ArticleKey, Sequence[PlannedClaim]]) -> int:
    return sum(map(len, batch.values()))


def _with_reviews(job: _Import, reviewer: User, targets: Mapping[str, Target]) -> dict[str, Target]:
    """The same with the open reviews of the reviewer, given to them where they do not have them yet."""
    foreign_work.require_room(reviewer, list(targets))
    works = foreign_work.of(reviewer, list(targets))
    missing = [target for target in targets.values() if target.article_id not in works]
    giving.store(job.project, [Gift(each.article_id, each.version_id, reviewer.id) for each in missing], by=job.by)
    works = foreign_work.of(reviewer, list(targets))
    return {article_id: replace(target, assignment_id=works[article_id].id) for article_id, target in targets.items()}

"""What a file of annotations would bring: its articles found, its places checked, its labels told. Nothing is written.

An article is known by its id, its external id, the record it came from, its address, the hash of its text, or its
title, in that order; where two fit, none is taken. A claim stands where its quote says: it is never moved.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from uuid import UUID

from annotator.domain.claims import Aspect, Claim, Relation
from annotator.errors import Invalid
from annotator.formats.records import AnnotatedRecord, ReadClaim, ReadLink, RecordError
from annotator.models import AssignmentKind, AssignmentState, Project, User
from annotator.services import claim_rules, foreign_work
from annotator.services.article_search import Found, Missing, find
from annotator.services.assignments import Place
from annotator.services.claim_placing import placed
from annotator.services.claim_rules import Found as Words
from annotator.services.label_choice import LabelChoice

BATCH = 100
"""How many records are looked up together."""

MOST_ERRORS = 100
MOST_CLAIMS = 20_000
"""How many claims a file may hold: they are stored in one transaction, during which nobody else can save."""

EXAMPLES = 10


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
class PlannedClaim:
    """A claim in its place; for a suggestion only the place counts. `id` and `key` are those of the file."""

    claim: Claim
    author: str = ""
    id: UUID | None = None
    key: str = ""
    line: int | None = None


@dataclass
class PlannedArticle:
    """The claims of one article: one that is there (`found`), or one that is to be stored. `key` is its id, or what it
    is known by in its file.
    """

    found: Found | None
    key: str
    claims: list[PlannedClaim] = field(default_factory=list)


@dataclass(frozen=True)
class Example:
    """One claim, to be shown: where it would stand and what it would be."""

    title: str
    quote: str
    label: str


@dataclass
class Plan:
    """All of a file. `labels` says for each of its labels the key that is meant and how often it is given; `authors`
    how much each person of it marked. With any error nothing of it is stored.
    """

    articles: list[PlannedArticle] = field(default_factory=list)
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


def make(project: Project, records: Iterable[AnnotatedRecord | RecordError], aim: Aim) -> Plan:
    """Read all of a file against the project. Raises Invalid for an aim that cannot be."""
    return _Planner(project, aim).plan(records)


class _Planner:
    def __init__(self, project: Project, aim: Aim) -> None:
        self.project, self.aim = project, aim
        self.choice = LabelChoice(project, aim.labels)
        self.found = Plan()
        self.keys: set[str] = set()
        self.taken: set[str] = set()
        self.ids: dict[UUID, Claim] = {}
        self.planned: dict[tuple[str, bool], PlannedArticle] = {}
        self.lacking: Counter[str] = Counter()
        self.pending: list[tuple[int | None, ReadLink]] = []

    def plan(self, records: Iterable[AnnotatedRecord | RecordError]) -> Plan:
        for batch in _batches(self._good(records)):
            self._look_up(batch)
        self._require_one_author()
        for label, count in self.lacking.items():
            self.found.refuse(self.choice.refusal(label, count), field="label")
        self._check_links()
        if not self.found.claims and not self.found.errors:
            self.found.refuse("There is no claim in this file.")
        if self.found.claims > MOST_CLAIMS:
            self.found.refuse(
                f"There are {self.found.claims:,} claims in this file, and {MOST_CLAIMS:,} are possible: split it."
            )
        if self.found.further_errors:
            self.found.errors.append(RecordError(f"There are {self.found.further_errors:,} further errors."))
        return self.found

    def _good(self, records: Iterable[AnnotatedRecord | RecordError]) -> Iterator[AnnotatedRecord]:
        for record in records:
            if isinstance(record, RecordError):
                self.found.refuse(record.problem, record.line, record.field)
            else:
                yield record

    def _look_up(self, records: Sequence[AnnotatedRecord]) -> None:
        outcomes = find(self.project, records)
        there = [each.article_id for each in outcomes if isinstance(each, Found)]
        works = foreign_work.of(self.aim.reviewer, there) if self.aim.reviewer else {}
        for record, outcome in zip(records, outcomes, strict=True):
            for warning in record.warnings:
                sentence = f"Line {record.line}: {warning}" if record.line is not None else warning
                if sentence not in self.found.warnings and len(self.found.warnings) < MOST_ERRORS:
                    self.found.warnings.append(sentence)
            if isinstance(outcome, Missing):
                self._take_new(record, outcome)
                continue
            problem = foreign_work.closed(works.get(outcome.article_id), outcome.version_id)
            if problem is not None:
                self.found.refuse(f"“{outcome.title}”: {problem}", record.line)
                continue
            planned = self._planned(outcome.article_id, outcome)
            self._take(record, planned, outcome.text, outcome.title)

    def _take_new(self, record: AnnotatedRecord, missing: Missing) -> None:
        article = record.article
        if article is None or not self.aim.create or missing.ambiguous:
            self.found.refuse(missing.problem, record.line)
            return
        planned = self._planned(article.external_id or article.source_hash, None)
        self._take(record, planned, article.text, article.title or article.suggested_title)

    def _planned(self, key: str, found: Found | None) -> PlannedArticle:
        """The article with that id, or of that key in the file: several records may be about it."""
        planned = self.planned.get((key, found is None))
        if planned is None:
            planned = self.planned[key, found is None] = PlannedArticle(found, key)
            self.found.articles.append(planned)
        return planned

    def _take(self, record: AnnotatedRecord, planned: PlannedArticle, text: str, title: str) -> None:
        for read in record.claims:
            self.found.authors[read.author] += 1
            self.keys.add(read.key)
            if self.aim.author and read.author != self.aim.author:
                continue
            self.found.claims += 1
            claim = self._claim(read, planned, text)
            if claim is None or self._is_repeated(read, claim):
                continue
            self.taken.add(read.key)
            planned.claims.append(PlannedClaim(claim, read.author, read.id, read.key, read.line))
            if len(self.found.examples) < EXAMPLES:
                self.found.examples.append(Example(title, claim.exact, claim.label))
        self.pending += [(record.line, link) for link in record.links]

    def _claim(self, read: ReadClaim, planned: PlannedArticle, text: str) -> Claim | None:
        """The claim in its place, or None when something is wrong, which is noted."""
        place = placed(text, read)
        if isinstance(place, RecordError):
            self.found.refuse(place.problem, place.line, place.field)
            return None
        exact = text[place.start : place.end]
        if self.aim.reviewer is None:
            if not exact.strip():
                self.found.refuse("The passage holds nothing but white space.", read.line, "exact")
                return None
            return Claim(place.start, place.end, exact, "")
        label = self.choice.key_of(read.label)
        self.found.labels[read.label] = label
        self.found.uses[read.label] += 1
        if label is None:
            self.lacking[read.label] += 1
            return None
        claim = Claim(
            place.start,
            place.end,
            exact,
            label,
            read.target,
            read.reason,
            speaker=read.speaker,
            claim_text=read.claim_text,
            event_start=read.event_start,
            event_end=read.event_end,
            note=read.note,
            confidence=read.confidence,
            evidence=tuple(read.evidence),
        )
        return claim if self._fits(claim, planned, read.line, length=len(text)) else None

    def _fits(self, claim: Claim, planned: PlannedArticle, line: int | None, *, length: int) -> bool:
        """Whether the claim may be stored as it is, by the rules that hold for everybody."""
        reviewer = self.aim.reviewer
        article_id, version_id = (planned.found.article_id, planned.found.version_id) if planned.found else ("", "")
        place = Place(
            "", AssignmentKind.REVIEW, AssignmentState.NEW, reviewer.id if reviewer else "", self.project.id,
            article_id, version_id, length, None,
        )  # fmt: skip
        label = self.choice.label(claim.label)
        try:
            claim_rules.checked_label(
                place, claim, Words(claim.exact, label.id, retired=False, reasons=label.reasons), None
            )
        except Invalid as error:
            for problem in error.problems:
                self.found.refuse(problem.message, line, problem.field)
            return False
        return True

    def _is_repeated(self, read: ReadClaim, claim: Claim) -> bool:
        """Whether the file holds this very claim already; another one under the same id is refused."""
        if read.id is None:
            return False
        present = self.ids.setdefault(read.id, claim)
        if present is claim:
            return False
        if present != claim:
            self.found.refuse("Another claim of this file has the same id.", read.line, "claim_id")
        return True

    def _require_one_author(self) -> None:
        authors = sorted(author for author in self.found.authors if author)
        named = ", ".join(authors[:20]) or "nobody"
        if self.aim.author and self.aim.author not in authors:
            self.found.refuse(
                f"Nothing in this file is marked by “{self.aim.author}”; it names {named}.", field="author"
            )
        elif self.aim.reviewer is not None and not self.aim.author and len(authors) > 1:
            self.found.refuse(
                f"This file holds the work of several people: {named}. Say whose is meant (--author NAME).",
                field="author",
            )

    def _check_links(self) -> None:
        if self.aim.reviewer is None and self.pending:
            self.found.warnings.append(f"Suggestions have no links: {len(self.pending):,} were left out.")
            return
        left_out = 0
        for line, link in self.pending:
            if not {link.a, link.b} <= self.keys:
                self.found.refuse(f"The link '{link.relation}' joins a claim that is not in this file.", line, "links")
            elif link.relation not in set(Relation):
                self.found.refuse(f"'{link.relation}' is none of {', '.join(Relation)}.", line, "relation")
            elif link.aspect and link.aspect not in set(Aspect):
                self.found.refuse(f"'{link.aspect}' is none of {', '.join(Aspect)}.", line, "aspect")
            elif {link.a, link.b} <= self.taken:
                self.found.links.append(link)
            else:
                left_out += 1
        if left_out:
            self.found.warnings.append(f"{left_out:,} links were left out, because one of their claims was.")


def _batches(records: Iterator[AnnotatedRecord]) -> Iterator[list[AnnotatedRecord]]:
    while batch := list(islice(records, BATCH)):
        yield batch

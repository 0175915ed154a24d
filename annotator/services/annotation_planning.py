"""Reading a file of annotations against its project: its articles are found, its places checked, its labels told.

Nothing is written to the database. An article is known by its id, its external id, the record it came from, its address,
the hash of its text, or its title, in that order; where two fit, none is taken. A claim stands where its quote says: it
is never moved.

A file is read record by record. What is right goes to disk (services/planned_claims.py); held are a few small keys for
each article and each link, and the id of each claim.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from annotator.domain.claims import Aspect, Claim, Relation
from annotator.errors import Invalid
from annotator.formats.records import AnnotatedRecord, ReadClaim, ReadLink, RecordError
from annotator.models import AssignmentKind, AssignmentState, Project
from annotator.services import claim_rules, foreign_work
from annotator.services.annotation_plan import MOST_ERRORS, Aim, Example, Plan
from annotator.services.article_search import Found, Missing, find
from annotator.services.assignments import Place
from annotator.services.claim_placing import placed
from annotator.services.claim_rules import Found as Words
from annotator.services.label_choice import LabelChoice
from annotator.services.planned_claims import ArticleKey, Planned, PlannedClaim, PlannedClaims

BATCH = 100
BATCH_CLAIMS = 2_000
"""How many records are looked up together, and how many claims they may have before the next one is left for later."""

MOST_CLAIMS = 20_000
"""How many claims a file may hold: they are stored in one transaction, during which nobody else can save."""

EXAMPLES = 10


def make(project: Project, records: Iterable[AnnotatedRecord | RecordError], aim: Aim, claims: PlannedClaims) -> Plan:
    """Read all of a file against the project; its claims go to `claims`. Raises Invalid for an aim that cannot be."""
    return _Planner(project, aim, claims).plan(records)


class _Planner:
    def __init__(self, project: Project, aim: Aim, claims: PlannedClaims) -> None:
        self.project, self.aim, self.claims = project, aim, claims
        self.choice = LabelChoice(project, aim.labels)
        self.found = Plan()
        self.lacking: Counter[str] = Counter()
        self.pending: list[tuple[int | None, ReadLink]] = []

    def plan(self, records: Iterable[AnnotatedRecord | RecordError]) -> Plan:
        for batch in _batches(self._good(records)):
            self._look_up(batch)
        self._require_one_author()
        for label, count in self.lacking.items():
            self.found.refuse(self.choice.refusal(label, count), field="label")
        if self.found.claims > MOST_CLAIMS:
            self.found.refuse(
                f"There are {self.found.claims:,} claims in this file, and {MOST_CLAIMS:,} are possible: split it."
            )
        else:
            self._check_links()
        if not self.found.claims and not self.found.errors:
            self.found.refuse("There is no claim in this file.")
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
            self._take(
                record,
                ArticleKey(outcome.article_id, False),
                outcome.version_id,
                text=outcome.text,
                title=outcome.title,
            )

    def _take_new(self, record: AnnotatedRecord, missing: Missing) -> None:
        article = record.article
        if article is None or not self.aim.create or missing.ambiguous:
            self.found.refuse(missing.problem, record.line)
            return
        key = ArticleKey(article.external_id or article.source_hash, True)
        self._take(record, key, "", text=article.text, title=article.title or article.suggested_title)

    def _take(self, record: AnnotatedRecord, article: ArticleKey, version_id: str, *, text: str, title: str) -> None:
        """Take what a record says of an article; several records may be about one."""
        self.found.articles.setdefault(article, version_id)
        taken: list[PlannedClaim] = []
        ids: dict[UUID, Claim] = {}
        left_out: list[str] = []
        for read in record.claims:
            self.found.authors[read.author] += 1
            if self.aim.author and read.author != self.aim.author:
                left_out.append(read.key)
                continue
            self.found.claims += 1
            claim = self._claim(read, article, version_id, text)
            if claim is None or self._is_repeated(read, claim, ids):
                left_out.append(read.key)
                continue
            taken.append(PlannedClaim(claim, read.author, read.id, read.key, read.line))
            if len(self.found.examples) < EXAMPLES:
                self.found.examples.append(Example(title, claim.exact, claim.label))
        # A file that has too many is refused, so nothing more of it needs to be kept; its further errors are still told.
        if self.found.claims <= MOST_CLAIMS:
            self.claims.add(Planned(article, taken, left_out))
            self.pending += [(record.line, link) for link in record.links]

    def _claim(self, read: ReadClaim, article: ArticleKey, version_id: str, text: str) -> Claim | None:
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
        return claim if self._fits(claim, article, version_id, read.line, length=len(text)) else None

    def _fits(self, claim: Claim, article: ArticleKey, version_id: str, line: int | None, *, length: int) -> bool:
        """Whether the claim may be stored as it is, by the rules that hold for everybody."""
        reviewer = self.aim.reviewer
        article_id = "" if article.new else article.key
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

    def _is_repeated(self, read: ReadClaim, claim: Claim, ids: dict[UUID, Claim]) -> bool:
        """Whether the file holds this very claim already; another one under the same id is refused.

        `ids` are those of its record so far.
        """
        if read.id is None:
            return False
        present = ids.get(read.id) or self.claims.under(read.id)
        if present is None:
            ids[read.id] = claim
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
        there, taken = self._ends() if self.pending else (set(), set())
        left_out = 0
        for line, link in self.pending:
            if not {link.a, link.b} <= there:
                self.found.refuse(f"The link '{link.relation}' joins a claim that is not in this file.", line, "links")
            elif link.relation not in set(Relation):
                self.found.refuse(f"'{link.relation}' is none of {', '.join(Relation)}.", line, "relation")
            elif link.aspect and link.aspect not in set(Aspect):
                self.found.refuse(f"'{link.aspect}' is none of {', '.join(Aspect)}.", line, "aspect")
            elif {link.a, link.b} <= taken:
                self.found.links.append(link)
            else:
                left_out += 1
        if left_out:
            self.found.warnings.append(f"{left_out:,} links were left out, because one of their claims was.")

    def _ends(self) -> tuple[set[str], set[str]]:
        """The keys of claims that links name: those that are in the file, and those that are taken."""
        named = {key for _, link in self.pending for key in (link.a, link.b)}
        there: set[str] = set()
        taken: set[str] = set()
        for planned in self.claims:
            taken |= named.intersection(each.key for each in planned.claims)
            there |= named.intersection(planned.left_out)
        return there | taken, taken


def _batches(records: Iterator[AnnotatedRecord]) -> Iterator[list[AnnotatedRecord]]:
    batch: list[AnnotatedRecord] = []
    claims = 0
    for record in records:
        batch.append(record)
        claims += len(record.claims)
        if len(batch) >= BATCH or claims >= BATCH_CLAIMS:
            yield batch
            batch, claims = [], 0
    if batch:
        yield batch

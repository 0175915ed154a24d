"""Taking a whole project in: an equal one, into an empty project, whole or not at all.

As with articles (see imports.py) everything is written in short batches, unlisted, and one last transaction lists it all
together with the settings, labels, guideline and roles; so reviewers of other projects go on saving. What an
interrupted import leaves behind is swept.

The ids of the file are kept where all of them are free in this installation; else each is given another one, the same for the same
id. People are those that the mapping names, or disabled accounts with their names, which nobody can sign in to.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import delete, exists, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from annotator.db import ID_ALPHABET, ID_LENGTH, db, new_id, now, transaction
from annotator.domain import text as texts
from annotator.domain.claims import Claim, Evidence, Speaker
from annotator.errors import Conflict, Invalid
from annotator.formats.project_records import (
    AnnotationPart,
    ArticleLine,
    EvidencePart,
    Header,
    Line,
    LinkLine,
    Part,
    PersonPart,
    VersionPart,
)
from annotator.formats.records import RecordError
from annotator.models import (
    Annotation,
    Article,
    ArticleBlock,
    ArticleOriginal,
    ArticleVersion,
    Assignment,
    Decision,
    DismissedSuggestion,
    EvidenceItem,
    FirstVote,
    GoldSource,
    Guideline,
    GuidelineReading,
    Import,
    ImportedSuggestion,
    ImportState,
    Label,
    Link,
    Membership,
    Mention,
    Post,
    Project,
    Release,
    Role,
    SecondRound,
    SecondRoundAnswer,
    User,
)
from annotator.services import events, imports, search_index
from annotator.services.claims import as_payload
from annotator.services.imports import FileReport
from annotator.services.search_index import Covered
from annotator.services.staging import staged_host, staged_key

Read = Callable[[], Iterator[tuple[int, Line | RecordError]]]
"""Reads the file from its beginning; it may be called more than once."""

MOST_CLAIMS = 2_000
Rows = dict[type[Any], list[dict[str, Any]]]

# Parents before children, as the database checks references at once.
TABLES = (
    Article, ArticleVersion, ArticleBlock, ArticleOriginal, ImportedSuggestion, Assignment, DismissedSuggestion, Annotation, FirstVote, EvidenceItem,
    Decision, GoldSource, SecondRound, SecondRoundAnswer, Post, Mention,
)  # fmt: skip


def import_project(
    project: Project,
    read: Read,
    filename: str,
    *,
    people: Mapping[str, str] | None = None,
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
) -> FileReport:
    """Make of `project`, which must be empty, the one of the file, or say everything that is wrong with the file.

    `people` names accounts of this installation, by e-mail address, for people of the file, by id or name. Commits by itself.
    Raises Conflict if the project is not empty, Invalid for a person or an account that there is not.
    """
    report = FileReport(filename)
    checked = _Checked()
    for number, line in read():
        for problem in [line] if isinstance(line, RecordError) else checked.problems(line, number):
            if len(report.errors) < imports.MOST_ERRORS:
                report.errors.append(problem)
    if report.errors or checked.header is None:
        return report
    _refuse_unless_empty(project)
    accounts = _accounts(checked.header.people, people or {})
    if not checked.header.complete:
        report.warnings.append(f"The file is not complete. It lacks {'; '.join(checked.header.left_out)}.")
    strangers = len(checked.header.people) - len(accounts)
    if strangers:
        report.warnings.append(f"People without an account here, who cannot sign in: {strangers}.")
    report.added = checked.articles
    if not dry_run:
        ids = _Ids(project.id, keep=not checked.taken)
        _Importing(project, checked.header, ids, accounts=accounts, filename=filename).run(read, progress)
    return report


@dataclass
class _Checked:
    """What is known of a file that is being looked through."""

    header: Header | None = None
    articles: int = 0
    links: int = 0
    taken: bool = False
    people: set[str] = field(default_factory=set)
    labels: set[str] = field(default_factory=set)

    def problems(self, line: Line, number: int) -> Iterator[RecordError]:
        """What is wrong with a line that is well formed."""
        if isinstance(line, Header):
            self.header = line
            self.people = {person.id for person in line.people}
            self.labels = {label.key for label in line.labels}
            self.taken = _any_taken(User.id, self.people)
            if len(self.people) < len(line.people) or len(self.labels) < len(line.labels):
                yield RecordError("A person or a label stands there twice.", number)
        elif isinstance(line, ArticleLine):
            self.articles += 1
            yield from self._of_article(line, number)
            self.taken = self.taken or _article_taken(line)
        elif isinstance(line, LinkLine):
            self.links += 1
            yield from self._of_people([line.person], number)
            self.taken = self.taken or _any_taken(Link.id, [line.id])
        elif (line.articles, line.links) != (self.articles, self.links):
            yield RecordError(
                f"The file has {self.articles:,} articles and {self.links:,} links, and should have {line.articles:,} "
                f"and {line.links:,}. Export it again.",
                number,
            )

    def _of_people(self, people: Iterable[str], number: int) -> Iterator[RecordError]:
        for unknown in sorted(set(people) - self.people):
            yield RecordError(f"'{unknown}' is none of the people of the header.", number)

    def _of_article(self, line: ArticleLine, number: int) -> Iterator[RecordError]:
        versions = {version.number: version for version in line.versions}
        if sorted(versions) != list(range(1, len(line.versions) + 1)) or line.version not in versions:
            yield RecordError("The versions are not numbered from 1, or the present one is not there.", number)
        for version in line.versions:
            yield from _of_version(version, line.source_hash, number)
        yield from self._of_people(_people_of(line), number)
        yield from self._of_claims(line, versions, number)
        known = {assignment.id for assignment in line.assignments}
        for decision in line.decisions:
            asked = decision.second_round.answers if decision.second_round else []
            if not {decision.assignment, *(answer.assignment for answer in asked)} <= known:
                yield RecordError("It belongs to no assignment of the article.", number, f"decisions.{decision.id}")

    def _of_claims(self, line: ArticleLine, versions: Mapping[int, VersionPart], number: int) -> Iterator[RecordError]:
        for assignment in line.assignments:
            if assignment.article_version not in versions:
                yield RecordError("There is no such version.", number, f"assignments.{assignment.id}.article_version")
                continue
            text = versions[assignment.article_version].text
            for claim in assignment.annotations:
                place = f"annotations.{claim.id}"
                if claim.start >= claim.end or text[claim.start : claim.end] != claim.exact:
                    yield RecordError("The quote is not what the text says there.", number, f"{place}.exact")
                if not {claim.label, *([claim.first_vote.label] if claim.first_vote else [])} <= self.labels:
                    yield RecordError("There is no such label.", number, f"{place}.label")


def _of_version(version: VersionPart, source_hash: str, number: int) -> Iterator[RecordError]:
    place = f"versions.{version.number}"
    if texts.sha256(version.text) != version.sha256:
        yield RecordError("The text does not match its SHA-256.", number, f"{place}.text")
    reached = 0
    for block in version.blocks:
        if not reached <= block.start < block.end <= len(version.text):
            yield RecordError("A block does not follow the one before it.", number, f"{place}.blocks")
            break
        reached = block.end
    if version.number == 1 and version.original is not None:
        digest = hashlib.sha256(_bytes(version.original.content)).hexdigest()
        if digest != source_hash:
            yield RecordError("The original bytes do not match their SHA-256.", number, f"{place}.original")


def _people_of(line: ArticleLine) -> Iterator[str]:
    for parts in (line.assignments, line.decisions, line.posts):
        yield from (each.person for each in parts)
    yield from (mention.person for post in line.posts for mention in post.mentions)


def _article_taken(line: ArticleLine) -> bool:
    return (
        _any_taken(Article.id, [line.id])
        or _any_taken(Assignment.id, [each.id for each in line.assignments])
        or _any_taken(Annotation.id, [claim.id for each in line.assignments for claim in each.annotations])
        or _any_taken(Decision.id, [each.id for each in line.decisions])
        or _any_taken(Post.id, [each.id for each in line.posts])
    )


def _any_taken(column: Any, ids: Iterable[object]) -> bool:
    wanted = list(ids)
    return any(
        db.session.scalar(select(exists().where(column.in_(wanted[start : start + 500]))))
        for start in range(0, len(wanted), 500)
    )


def _bytes(content: str) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except ValueError:
        return b""


def _refuse_unless_empty(project: Project) -> None:
    for model, called in ((Article, "articles"), (Guideline, "a guideline"), (Release, "releases")):
        if db.session.scalar(select(exists().where(model.project_id == project.id))):
            raise Conflict(
                f"The project '{project.slug}' has {called} already. A whole project comes into an empty one only: make "
                "one with 'annotator project add' and import the file there."
            )


def _accounts(people: Sequence[PersonPart], given: Mapping[str, str]) -> dict[str, str]:
    """The account (id) of each person of the file for whom one is named."""
    found: dict[str, str] = {}
    for key, email in given.items():
        named = [person.id for person in people if key in {person.id, person.name}]
        if len(named) != 1:
            said = "Nobody in the file is" if not named else "More than one in the file is"
            raise Invalid.field(
                "people", f"{said} called '{key}'. Name people by their name or by their id in the file."
            )
        user_id = db.session.scalar(select(User.id).where(User.email == email.strip().lower()))
        if user_id is None:
            raise Invalid.field("people", f"There is no account '{email}' here. 'annotator user add' makes one.")
        if user_id in found.values() or named[0] in found:
            raise Invalid.field("people", f"'{key}' or '{email}' is named twice: one account is one person.")
        found[named[0]] = user_id
    return found


class _Ids:
    """What the ids of the file are called here: the same if all are free, else others, always the same for each."""

    def __init__(self, project_id: str, *, keep: bool) -> None:
        self._project_id, self._keep = project_id, keep

    def of(self, old: str) -> str:
        """An opaque id."""
        if self._keep:
            return old
        number = int.from_bytes(hashlib.sha256(f"{self._project_id}:{old}".encode()).digest())
        letters = []
        for _ in range(ID_LENGTH):
            number, place = divmod(number, len(ID_ALPHABET))
            letters.append(ID_ALPHABET[place])
        return "".join(letters)

    def uuid(self, old: UUID) -> UUID:
        """The id of a claim or of a question."""
        return old if self._keep else uuid5(old, self._project_id)


class _Importing:
    """One import that is under way."""

    def __init__(
        self, project: Project, header: Header, ids: _Ids, *, accounts: Mapping[str, str], filename: str
    ) -> None:
        self._project, self._header, self._ids, self._filename = project, header, ids, filename
        self._people = {person.id: accounts.get(person.id) or ids.of(person.id) for person in header.people}
        self._strangers = [person for person in header.people if person.id not in accounts]
        self._labels: dict[str, str] = {}
        self._import_id = ""

    def run(self, read: Read, progress: Callable[[int], None] | None) -> None:
        """Store all of it; if that fails, nothing."""
        try:
            with transaction():
                self._begin()
            try:
                for lines in _batches(line for _, line in read() if isinstance(line, ArticleLine)):
                    with transaction():
                        self._write(lines)
                    if progress is not None:
                        progress(len(lines))
                self._connect(read)
                with transaction():
                    self._finish()
            except BaseException:
                db.session.rollback()
                imports.discard(self._import_id)
                raise
        except IntegrityError as error:
            said = " ".join(str(error.orig).split())
            raise Conflict(f"{self._filename}: what the file says does not fit together: {said}.") from error

    def _begin(self) -> None:
        project = self._project
        db.session.execute(select(Project.id).where(Project.id == project.id).with_for_update())
        _refuse_unless_empty(project)
        running = Import.state == ImportState.RUNNING
        if db.session.scalar(select(exists().where(Import.project_id == project.id, running))):
            raise Conflict(f"Another import into '{project.slug}' is running, or was interrupted. Try again later.")
        batch = Import(project_id=project.id, filename=self._filename, touched_at=now())
        db.session.add(batch)
        db.session.flush()
        self._import_id = batch.id
        for person in self._strangers:
            user_id = self._people[person.id]
            email = f"{user_id}{staged_host(batch.id)}"
            db.session.add(User(id=user_id, email=email, name=person.name, disabled_at=now()))
        for n, label in enumerate(self._header.labels, 1):
            kept = Label(
                project_id=project.id,
                key=f"{staged_key(batch.id)}{n}",
                name=label.name,
                position=n,
                tone=label.tone,
                retired_at=now(),
            )
            db.session.add(kept)
            db.session.flush()
            self._labels[label.key] = kept.id
        db.session.flush()

    def _write(self, lines: Sequence[ArticleLine]) -> None:
        """Store some articles with the work on them, less what refers to other articles."""
        db.session.execute(select(Project.id).where(Project.id == self._project.id).with_for_update())
        db.session.execute(update(Import).where(Import.id == self._import_id).values(touched_at=now()))
        highest = select(func.max(Article.position)).where(Article.project_id == self._project.id)
        position = db.session.scalar(highest) or 0
        rows: Rows = {table: [] for table in TABLES}
        entries: list[events.Entry] = []
        for line in lines:
            position += 1
            self._add_article(rows, line, position)
            entries.extend(self._events(line))
        for table in TABLES:
            if rows[table]:
                db.session.execute(insert(table), rows[table])
        blocks: dict[str, list[tuple[int, int, int]]] = {}
        for block in rows[ArticleBlock]:
            blocks.setdefault(block["version_id"], []).append((block["position"], block["start"], block["end"]))
        covered = [Covered(row["id"], row["text"], blocks.get(row["id"], [])) for row in rows[ArticleVersion]]
        search_index.add(db.session.connection(), covered)
        events.record_all(entries, user_id=None, project_id=self._project.id)

    def _add_article(self, rows: Rows, line: ArticleLine, position: int) -> None:
        article_id = self._ids.of(line.id)
        rows[Article].append(
            _columns(line, "external_id", "source_hash", "group", "version", "training", "revealed_at", "created_at")
            | {
                "id": article_id,
                "project_id": self._project.id,
                "import_id": self._import_id,
                "position": position,
                "listed_at": None,
            }
        )
        versions = {}
        for version in line.versions:
            version_id = versions[version.number] = new_id()
            rows[ArticleVersion].append(
                version.model_dump(exclude={"blocks", "original", "suggestions"})
                | {"id": version_id, "article_id": article_id, "length": len(version.text)}
            )
            for n, block in enumerate(version.blocks, 1):
                rows[ArticleBlock].append(block.model_dump() | {"version_id": version_id, "position": n})
            for suggestion in version.suggestions:
                rows[ImportedSuggestion].append(suggestion.model_dump() | {"version_id": version_id})
            if version.original is not None:
                content = _bytes(version.original.content)
                rows[ArticleOriginal].append(
                    version.original.model_dump() | {"version_id": version_id, "content": content}
                )
        for assignment in line.assignments:
            assignment_id = self._ids.of(assignment.id)
            rows[Assignment].append(
                assignment.model_dump(exclude={"person", "article_version", "dismissed", "annotations"})
                | {
                    "id": assignment_id,
                    "article_id": article_id,
                    "version_id": versions[assignment.article_version],
                    "user_id": self._people[assignment.person],
                }
            )
            for dismissed in assignment.dismissed:
                rows[DismissedSuggestion].append(dismissed.model_dump() | {"assignment_id": assignment_id})
            for claim in assignment.annotations:
                self._add_claim(rows, claim, assignment_id)
        self._add_decisions(rows, line, article_id)
        for post in line.posts:
            post_id = self._ids.of(post.id)
            rows[Post].append(
                _columns(post, "kind", "text", "created_at")
                | {
                    "id": post_id,
                    "article_id": article_id,
                    "question": self._ids.uuid(post.question),
                    "user_id": self._people[post.person],
                }
            )
            for mention in post.mentions:
                values = {"post_id": post_id, "user_id": self._people[mention.person], "seen_at": mention.seen_at}
                rows[Mention].append(values)

    def _add_claim(self, rows: Rows, claim: AnnotationPart, assignment_id: str) -> None:
        claim_id = self._ids.uuid(claim.id)
        rows[Annotation].append(
            claim.model_dump(exclude={"label", "evidence", "first_vote"})
            | {"id": claim_id, "assignment_id": assignment_id, "label_id": self._labels[claim.label]}
        )
        if claim.first_vote is not None:
            rows[FirstVote].append(
                claim.first_vote.model_dump(exclude={"label"})
                | {"annotation_id": claim_id, "label_id": self._labels[claim.first_vote.label]}
            )
        for n, item in enumerate(claim.evidence, 1):
            if not _refers(item):
                rows[EvidenceItem].append(self._evidence(item, claim_id, n))

    def _add_decisions(self, rows: Rows, line: ArticleLine, article_id: str) -> None:
        for decision in line.decisions:
            decision_id = self._ids.of(decision.id)
            rows[Decision].append(
                _columns(
                    decision, "kind", "outcome", "justification", "reasons", "rule", "as_of", "decided_at", "undone_at"
                )
                | {
                    "id": decision_id,
                    "assignment_id": self._ids.of(decision.assignment),
                    "user_id": self._people[decision.person],
                    "question": self._ids.uuid(decision.question),
                    "gold_id": self._ids.uuid(decision.gold) if decision.gold else None,
                    "replaces_id": self._ids.of(decision.replaces) if decision.replaces else None,
                }
            )
            for source in decision.sources:
                rows[GoldSource].append(
                    {
                        "decision_id": decision_id,
                        "annotation_id": self._ids.uuid(source.annotation),
                        "version": source.version,
                        "chosen": source.chosen,
                    }
                )
            if decision.second_round is None:
                continue
            place = _columns(decision.second_round, "start", "end")
            rows[SecondRound].append(place | {"decision_id": decision_id, "article_id": article_id})
            for answer in decision.second_round.answers:
                rows[SecondRoundAnswer].append(
                    _columns(answer, "note", "answered_at")
                    | {"decision_id": decision_id, "assignment_id": self._ids.of(answer.assignment)}
                )

    def _evidence(self, item: EvidencePart, claim_id: UUID, n: int) -> dict[str, Any]:
        return item.model_dump(exclude={"annotation", "article"}) | {
            "annotation_id": claim_id,
            "n": n,
            "linked_annotation_id": self._ids.uuid(item.annotation) if item.annotation else None,
            "linked_article_id": self._ids.of(item.article) if item.article else None,
        }

    def _events(self, line: ArticleLine) -> Iterator[events.Entry]:
        """The history of the article begins here: where it came from, and each claim as it came."""
        article_id = self._ids.of(line.id)
        facts = {"sha256": line.versions[0].sha256, "source_hash": line.source_hash, "version": 1}
        whole = {"filename": self._filename, "versions": len(line.versions)}
        yield events.Entry("article.import", article_id, article_id, facts | {"project": whole})
        for assignment in line.assignments:
            for part in assignment.annotations:
                deleted = part.deleted_at is not None
                state = as_payload(self._claim(part))
                payload = {"version": part.version, "round": part.round, "before" if deleted else "claim": state}
                action = "annotation.delete" if deleted else "annotation.import"
                yield events.Entry(action, str(self._ids.uuid(part.id)), article_id, payload)

    def _claim(self, part: AnnotationPart) -> Claim:
        speaker = Speaker(part.speaker, part.speaker_kind, part.speaker_mode, tuple(part.speaker_chain))
        fields = _columns(
            part, "start", "end", "exact", "label", "target", "reason", "origin", "claim_text", "event_start", "event_end",
            "note", "confidence",
        )  # fmt: skip
        return Claim(
            **fields,
            speaker=speaker if speaker != Speaker("") else None,
            evidence=tuple(self._evidence_of(item) for item in part.evidence),
        )

    def _evidence_of(self, item: EvidencePart) -> Evidence:
        here = {
            "annotation": self._ids.uuid(item.annotation) if item.annotation else None,
            "article": self._ids.of(item.article) if item.article else None,
        }
        return Evidence(**(item.model_dump() | here))

    def _connect(self, read: Read) -> None:
        """Store what refers to claims of other articles, which are there by now: evidence and links."""
        waiting: list[tuple[type[Any], dict[str, Any]]] = []

        def store() -> None:
            with transaction():
                for table in (EvidenceItem, Link):
                    if values := [row for kind, row in waiting if kind is table]:
                        db.session.execute(insert(table), values)
                db.session.execute(update(Import).where(Import.id == self._import_id).values(touched_at=now()))
            waiting.clear()

        for _, line in read():
            if isinstance(line, ArticleLine):
                waiting.extend((EvidenceItem, row) for row in self._referring(line))
            elif isinstance(line, LinkLine):
                waiting.append((Link, self._link(line)))
            if len(waiting) >= MOST_CLAIMS:
                store()
        if waiting:
            store()

    def _referring(self, line: ArticleLine) -> Iterator[dict[str, Any]]:
        for assignment in line.assignments:
            for claim in assignment.annotations:
                for n, item in enumerate(claim.evidence, 1):
                    if _refers(item):
                        yield self._evidence(item, self._ids.uuid(claim.id), n)

    def _link(self, line: LinkLine) -> dict[str, Any]:
        return line.model_dump(exclude={"type", "person", "a", "b"}) | {
            "id": self._ids.of(line.id),
            "project_id": self._project.id,
            "user_id": self._people[line.person],
            "a_id": self._ids.uuid(line.a),
            "b_id": self._ids.uuid(line.b),
        }

    def _finish(self) -> None:
        """What makes it the project of the file, at one moment: settings, labels, guideline, roles, the articles listed."""
        project = db.session.get_one(Project, self._project.id)
        for name, value in self._header.project.model_dump().items():
            setattr(project, name, value)
        mine = Label.project_id == project.id
        db.session.execute(delete(Label).where(mine, Label.id.not_in(self._labels.values())))
        for label in self._header.labels:
            kept = db.session.get_one(Label, self._labels[label.key])
            for name, value in label.model_dump(mode="json", exclude={"retired_at"}).items():
                setattr(kept, name, value)
            kept.retired_at = label.retired_at
        for guideline in self._header.guidelines:
            user_id = self._people[guideline.person] if guideline.person else None
            values = _columns(guideline, "version", "text", "created_at")
            db.session.add(Guideline(project_id=project.id, user_id=user_id, **values))
        for person in self._header.people:
            self._add_roles(project, person)
        for user in db.session.scalars(select(User).where(User.email.endswith(staged_host(self._import_id)))):
            user.email = f"{user.id}@imported.invalid"
        imports.list_articles(db.session.get_one(Import, self._import_id))
        payload = {"filename": self._filename, "complete": self._header.complete}
        events.record("project.import", project.id, payload, user_id=None, project_id=project.id)
        db.session.flush()

    def _add_roles(self, project: Project, person: PersonPart) -> None:
        user_id = self._people[person.id]
        for given in person.roles:
            role = Role(given.role)
            membership = db.session.get(Membership, (project.id, user_id, role))
            if membership is None:
                membership = Membership(project_id=project.id, user_id=user_id, role=role)
                db.session.add(membership)
            membership.capacity, membership.qualified_at = given.capacity, given.qualified_at
        if person.guideline_read is not None:
            values = person.guideline_read.model_dump()
            db.session.merge(GuidelineReading(project_id=project.id, user_id=user_id, **values))


def _columns(part: Part, *names: str) -> dict[str, Any]:
    return {name: getattr(part, name) for name in names}


def _refers(item: EvidencePart) -> bool:
    return item.annotation is not None or item.article is not None


def _batches(lines: Iterable[ArticleLine]) -> Iterator[list[ArticleLine]]:
    """The articles in parts that one short transaction stores."""
    batch: list[ArticleLine] = []
    characters = claims = 0
    for line in lines:
        longer = sum(len(version.text) for version in line.versions)
        more = sum(len(assignment.annotations) for assignment in line.assignments)
        full = len(batch) >= imports.BATCH_ARTICLES or characters + longer > imports.BATCH_CHARACTERS
        if batch and (full or claims + more > MOST_CLAIMS):
            yield batch
            batch, characters, claims = [], 0, 0
        batch.append(line)
        characters, claims = characters + longer, claims + more
    if batch:
        yield batch

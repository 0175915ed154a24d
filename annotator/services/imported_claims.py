"""Storing the claims of a file: as a reviewer's work, or as suggestions. Rows and not objects, for there may be many.

The caller has checked every claim, and holds the articles.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Table, insert, select, update

from annotator.db import db, new_id, now
from annotator.domain.claims import Claim
from annotator.errors import Conflict
from annotator.formats.records import ReadLink
from annotator.models import (
    Annotation,
    Article,
    Assignment,
    AssignmentState,
    EvidenceItem,
    ImportedSuggestion,
    Link,
    LinkLayer,
    LinkStatus,
    Project,
    User,
)
from annotator.services import bulk, events, projects
from annotator.services.claims import as_payload, columns_of, evidence_columns
from annotator.services.links import SYMMETRIC
from annotator.services.planned_claims import PlannedClaim

NAMESPACE = UUID("4c0b6c5e-5b0e-4d38-9d5b-6f3f0a1b7f0c")
"""Of the ids of claims that have none in their file, or one that is taken elsewhere."""

MANY = 500


@dataclass(frozen=True)
class Target:
    """Where claims go: one article in one version. `assignment_id` is the reviewer's; it is empty for suggestions, and
    as long as nobody reviews it.
    """

    article_id: str
    version_id: str
    assignment_id: str = ""


@dataclass(frozen=True)
class Identified:
    """A claim under the id that it has here; `known` says that it is there already, as it was or changed since."""

    planned: PlannedClaim
    id: UUID
    known: bool


@dataclass(frozen=True)
class _Owner:
    user_id: str
    article_id: str
    project_id: str


def identified(
    project: Project, reviewer: User, claims: Mapping[str, Sequence[PlannedClaim]], seen: set[UUID]
) -> dict[str, list[Identified]]:
    """The claims of each article, by its id, under the ids that they have, or will have, as the work of `reviewer`.

    A claim keeps the id of its file, unless that belongs to a claim of another project; one without an id gets one that
    is made of its content, so that the same file again adds nothing. `seen` are ids of this file that are not stored yet;
    those of these claims join them. Raises Conflict for the work of somebody else in
    this project.
    """
    made = {
        article_id: [_made(reviewer, article_id, each) for each in planned] for article_id, planned in claims.items()
    }
    given = {each.id for planned in claims.values() for each in planned if each.id is not None}
    owners = _owners(given | {each for ids in made.values() for each in ids})
    found: dict[str, list[Identified]] = {}
    for article_id, planned in claims.items():
        found[article_id] = []
        for each, own_id in zip(planned, made[article_id], strict=True):
            chosen = own_id
            owner = owners.get(each.id) if each.id is not None else None
            if each.id is not None and (
                owner is None or (owner.user_id, owner.article_id) == (reviewer.id, article_id)
            ):
                chosen = own_id if own_id in owners and owner is None else each.id
            elif owner is not None and owner.project_id == project.id:
                raise _taken(each)
            found[article_id].append(Identified(each, chosen, chosen in owners or chosen in seen))
            seen.add(chosen)
    return found


def require_nobodys(project: Project, claims: Sequence[PlannedClaim]) -> None:
    """Raise Conflict if one of the claims is somebody's work in this project: as a suggestion others would see it."""
    owners = _owners({each.id for each in claims if each.id is not None})
    for each in claims:
        if each.id is not None and each.id in owners and owners[each.id].project_id == project.id:
            raise _taken(each)


def store(
    project: Project,
    targets: Mapping[str, Target],
    claims: Mapping[str, Sequence[Identified]],
    *,
    by: User | None,
    filename: str,
) -> int:
    """Store those claims that are not there yet; how many there were."""
    moment = now()
    labels = {label.key: label.id for label in projects.labels_of(project)}
    rows: list[dict[str, Any]] = []
    evidence: list[dict[str, Any]] = []
    entries: list[events.Entry] = []
    begun: list[str] = []
    for article_id, found in claims.items():
        assignment_id = targets[article_id].assignment_id
        fresh = [each for each in found if not each.known]
        begun += [assignment_id] if fresh else []
        for each in fresh:
            claim = each.planned.claim
            rows.append(
                _row(claim, labels[claim.label], each.id, assignment_id) | {"created_at": moment, "updated_at": moment}
            )
            evidence += [{"annotation_id": each.id, **columns} for columns in evidence_columns(claim)]
            payload = {"version": 1, "assignment": assignment_id, "claim": as_payload(claim), "imported": filename}
            entries.append(events.Entry("annotation.create", str(each.id), article_id, payload))
    db.session.flush()
    connection = db.session.connection()
    bulk.insert_all(connection, _table(Annotation), rows)
    bulk.insert_all(connection, _table(EvidenceItem), evidence)
    for ids in _chunks(begun):
        db.session.execute(
            update(Assignment)
            .where(Assignment.id.in_(ids), Assignment.state == AssignmentState.NEW)
            .values(state=AssignmentState.IN_PROGRESS)
        )
    events.record_all(entries, user_id=by.id if by else None, project_id=project.id)
    return len(rows)


def store_links(
    project: Project, reviewer: User, links: Sequence[ReadLink], ids: Mapping[str, tuple[UUID, str]], *, by: User | None
) -> int:
    """Store those links that are not there yet; how many there were. `ids` gives claim and article for the file's keys."""
    standing = {
        _same(a, b, relation, aspect)
        for a, b, relation, aspect in db.session.execute(
            select(Link.a_id, Link.b_id, Link.relation, Link.aspect).where(
                Link.project_id == project.id, Link.user_id == reviewer.id, Link.deleted_at.is_(None)
            )
        )
    }
    rows, entries = [], []
    for link in links:
        (a, article_id), (b, _) = ids[link.a], ids[link.b]
        key = _same(a, b, link.relation, link.aspect or None)
        if key in standing or a == b:
            continue
        standing.add(key)
        fields = {
            "relation": link.relation,
            "aspect": link.aspect or None,
            "layer": LinkLayer.ANNOTATIONS,
            "note": link.note,
        }
        link_id = new_id()
        row = {"id": link_id, "project_id": project.id, "user_id": reviewer.id, "a_id": a, "b_id": b, **fields}
        rows.append(row | {"status": LinkStatus.CONFIRMED, "created_at": now()})
        entries.append(events.Entry("link.create", link_id, article_id, {"a": str(a), "b": str(b), **fields}))
    for chunk in _chunks(rows):
        db.session.execute(insert(Link), chunk)
    events.record_all(entries, user_id=by.id if by else None, project_id=project.id)
    return len(rows)


def count_new_places(
    versions: Mapping[str, str], claims: Mapping[str, Sequence[PlannedClaim]], seen: set[tuple[str, int, int]]
) -> int:
    """How many of the places are not suggested yet; `versions` gives the article's version for the keys of `claims`.

    `seen` are places of this file; those of these claims join them.
    """
    wanted = {(versions[key], each.claim.start, each.claim.end) for key, planned in claims.items() for each in planned}
    fresh = wanted - seen - _suggested(list(versions.values()))
    seen |= fresh
    return len(fresh)


def suggest(
    project: Project,
    targets: Mapping[str, Target],
    claims: Mapping[str, Sequence[PlannedClaim]],
    *,
    by: User | None,
    filename: str,
) -> int:
    """Store the places of the claims as suggestions, those that are not there yet; how many there were."""
    present = _suggested([target.version_id for target in targets.values()])
    rows: list[dict[str, Any]] = []
    entries = []
    for article_id, planned in claims.items():
        version_id = targets[article_id].version_id
        count = len(rows)
        for each in planned:
            place = (version_id, each.claim.start, each.claim.end)
            if place not in present:
                present.add(place)
                source = each.author or filename
                rows.append(
                    dict(zip(("version_id", "start", "end"), place, strict=True))
                    | {"source": source, "created_at": now()}
                )
        if len(rows) > count:
            payload = {"imported": filename, "places": [[row["start"], row["end"]] for row in rows[count:]]}
            entries.append(events.Entry("suggestion.import", article_id, article_id, payload))
    db.session.flush()
    bulk.insert_all(db.session.connection(), _table(ImportedSuggestion), rows)
    events.record_all(entries, user_id=by.id if by else None, project_id=project.id)
    return len(rows)


def _suggested(version_ids: Sequence[str]) -> set[tuple[str, int, int]]:
    """The places (version, start, end) that imported files suggest in those versions."""
    found: set[tuple[str, int, int]] = set()
    for chunk in _chunks(version_ids):
        rows = db.session.execute(
            select(ImportedSuggestion.version_id, ImportedSuggestion.start, ImportedSuggestion.end).where(
                ImportedSuggestion.version_id.in_(chunk)
            )
        )
        found |= {(version_id, start, end) for version_id, start, end in rows}
    return found


def _row(claim: Claim, label_id: str, annotation_id: UUID, assignment_id: str) -> dict[str, Any]:
    # It was not made under a guideline of this project.
    identity = {
        "id": annotation_id,
        "assignment_id": assignment_id,
        "version": 1,
        "round": 1,
        "guideline_version": None,
    }
    return columns_of(claim, label_id) | identity


def _made(reviewer: User, article_id: str, planned: PlannedClaim) -> UUID:
    content = str(planned.id) if planned.id is not None else events.canonical(as_payload(planned.claim))
    return uuid5(NAMESPACE, f"{reviewer.id}:{article_id}:{content}")


def _owners(ids: set[UUID]) -> dict[UUID, _Owner]:
    """Whose claims, deleted or not, have those ids."""
    found = {}
    for chunk in _chunks(sorted(ids, key=attrgetter("int"))):
        rows = db.session.execute(
            select(Annotation.id, Assignment.user_id, Assignment.article_id, Article.project_id)
            .join(Assignment, Assignment.id == Annotation.assignment_id)
            .join(Article, Article.id == Assignment.article_id)
            .where(Annotation.id.in_(chunk))
        )
        found.update({row[0]: _Owner(row[1], row[2], row[3]) for row in rows})
    return found


def _taken(planned: PlannedClaim) -> Conflict:
    line = f"Line {planned.line}: " if planned.line is not None else ""
    return Conflict(
        f"{line}the claim “{planned.claim.exact[:60]}” is the work of somebody in this project already, under the same id. "
        "It cannot be somebody else's too, and others may not see it."
    )


def _table(model: type[Any]) -> Table:
    table: Table = model.__table__
    return table


def _same(a: UUID, b: UUID, relation: str, aspect: str | None) -> tuple[str, str, str, str]:
    ends = sorted((str(a), str(b))) if relation in SYMMETRIC else [str(a), str(b)]
    return ends[0], ends[1], str(relation), str(aspect or "")


def _chunks(rows: Sequence[Any]) -> Iterator[Any]:
    for start in range(0, len(rows), MANY):
        yield rows[start : start + MANY]

"""What a claim must satisfy to be stored in an assignment: its span, label, reason, dates and evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from annotator.db import db
from annotator.domain import text as texts
from annotator.domain.claims import Claim
from annotator.errors import FieldProblem, Invalid
from annotator.models import Annotation, Article, ArticleVersion, Assignment, AssignmentKind
from annotator.services.assignments import Place
from annotator.services.claims import Stored


@dataclass(frozen=True)
class Found:
    """What the database holds for a claim: the text of its span, and its label; without one `label_id` is None."""

    slice: str
    label_id: str | None
    retired: bool
    reasons: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Nameable:
    """What the evidence of some claims may point at: claims, and articles with their lengths."""

    claims: frozenset[UUID]
    lengths: Mapping[str, int]


def nameable(place: Place, claims: Iterable[Claim]) -> Nameable:
    """Of what the evidence of `claims` names, all that this person may point at: a statement for claims if any is
    named, and one for articles.
    """
    evidence = [each for claim in claims for each in claim.evidence]
    named = {each.annotation for each in evidence if each.annotation}
    linked = {each.article for each in evidence if each.article}
    return Nameable(
        frozenset(_visible_claims(place, named) if named else ()), _visible_lengths(place, linked) if linked else {}
    )


def checked_label(
    place: Place, claim: Claim, found: Found, present: Stored | None, *, may_name: Nameable | None = None
) -> str:
    """The id of the claim's label, if the claim may be stored; Invalid otherwise, with all that is wrong.

    `may_name` spares the look-ups of `nameable` when the caller has made them.
    """
    problems = [
        FieldProblem(name, f"'{name}' {problem}")
        for name, value in _texts_of(claim)
        if (problem := texts.problem_with(value))
    ]
    if problems:
        raise Invalid("The claim holds characters that cannot be stored.", problems)
    problems += _span_problems(place, claim, found.slice)
    kept = present is not None and present.label_id == found.label_id
    if found.label_id is None or (found.retired and not kept):
        what = "is retired" if found.label_id is not None else "does not exist in this project"
        problems.append(FieldProblem("label", f"The label '{claim.label}' {what}."))
    elif claim.reason and claim.reason not in {reason["key"] for reason in found.reasons}:
        known = ", ".join(reason["key"] for reason in found.reasons) or "none"
        problems.append(
            FieldProblem("reason", f"'{claim.reason}' is no reason for '{claim.label}': choose of {known}.")
        )
    if claim.event_start and claim.event_end and claim.event_end < claim.event_start:
        problems.append(FieldProblem("event_end", "The event ends before it begins."))
    if claim.event_end and not claim.event_start:
        problems.append(FieldProblem("event_start", "A range of dates needs its first day."))
    problems += _evidence_problems(claim, may_name or nameable(place, [claim]))
    if problems or found.label_id is None:
        raise Invalid(problems[0].message if len(problems) == 1 else "The claim has fields to mend.", problems)
    return found.label_id


def _span_problems(place: Place, claim: Claim, stored: str) -> list[FieldProblem]:
    length = place.length
    if not 0 <= claim.start < claim.end <= length:
        span = f"[{claim.start}, {claim.end})"
        return [FieldProblem("end", f"The span {span} does not lie inside the text, which has {length} characters.")]
    if stored != claim.exact:
        return [FieldProblem("exact", f"'exact' is not what the text says there: {stored!r}.")]
    if not stored.strip():
        return [FieldProblem("exact", "The span holds nothing but white space.")]
    return []


def _evidence_problems(claim: Claim, may_name: Nameable) -> list[FieldProblem]:
    """Evidence may name the person's own claims and the articles that are assigned to them."""
    problems = []
    for n, evidence in enumerate(claim.evidence):
        if evidence.annotation and evidence.annotation not in may_name.claims:
            problems.append(FieldProblem(f"evidence.{n}.annotation", "There is no such claim of yours here."))
        if evidence.article is None:
            if evidence.start is not None or evidence.end is not None:
                problems.append(FieldProblem(f"evidence.{n}.article", "A span needs the article that it lies in."))
            continue
        length = may_name.lengths.get(evidence.article)
        if length is None:
            problems.append(FieldProblem(f"evidence.{n}.article", "There is no such article for you in this project."))
        elif (evidence.start is None) != (evidence.end is None):
            problems.append(FieldProblem(f"evidence.{n}.end", "A span needs both its start and its end."))
        elif (
            evidence.start is not None and evidence.end is not None and not 0 <= evidence.start < evidence.end <= length
        ):
            problems.append(
                FieldProblem(f"evidence.{n}.end", f"The span lies outside the article's {length} characters.")
            )
    return problems


def _visible_claims(place: Place, named: set[UUID]) -> set[UUID]:
    """Of `named`, the claims that this person may point at: for gold any of the project, else their own."""
    query = (
        select(Annotation.id)
        .join(Annotation.assignment)
        .join(Assignment.article)
        .where(Annotation.id.in_(named), Article.project_id == place.project_id)
    )
    if place.kind is not AssignmentKind.ADJUDICATION:
        query = query.where(Assignment.user_id == place.user_id)
    return set(db.session.scalars(query))


def _visible_lengths(place: Place, linked: set[str]) -> dict[str, int]:
    """The lengths of those articles of `linked` that this person may read."""
    query = (
        select(Article.id, ArticleVersion.length)
        .join(ArticleVersion, (ArticleVersion.article_id == Article.id) & (ArticleVersion.number == Article.version))
        .where(Article.id.in_(linked), Article.project_id == place.project_id, Article.listed_at.is_not(None))
    )
    if place.kind is not AssignmentKind.ADJUDICATION:
        assigned = select(Assignment.article_id).where(Assignment.user_id == place.user_id)
        query = query.where(Article.id.in_(assigned))
    return {row.id: row.length for row in db.session.execute(query)}


def _texts_of(claim: Claim) -> list[tuple[str, str]]:
    """Every free text of the claim with its field's name."""
    found = [("exact", claim.exact), ("claim_text", claim.claim_text), ("note", claim.note)]
    if claim.speaker:
        found += [("speaker.name", claim.speaker.name)]
        found += [(f"speaker.chain.{n}", name) for n, name in enumerate(claim.speaker.chain)]
    for n, evidence in enumerate(claim.evidence):
        for name in ("source", "quote", "url", "archived_url"):
            found.append((f"evidence.{n}.{name}", getattr(evidence, name)))
    return found

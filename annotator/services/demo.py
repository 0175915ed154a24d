"""The demo project: two stories, a guideline, and two reviewers who agree, differ and miss each other's claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from annotator.domain.claims import (
    Aspect,
    Claim,
    Evidence,
    Relation,
    SourceKind,
    Speaker,
    SpeakerMode,
    Stance,
    Target,
)
from annotator.domain.selectors import Quote, locate
from annotator.domain.spans import Span
from annotator.errors import Conflict, NotFound
from annotator.formats.records import ArticleRecord
from annotator.models import Project, Role, User
from annotator.services import articles, dealing, links, people, projects, submission
from annotator.services.annotations import put
from annotator.services.links import Proposal


@dataclass(frozen=True)
class Plan:
    """What the demo holds: demo.json as it stands, the articles by their keys there, and the guideline."""

    facts: Mapping[str, Any]
    records: Mapping[str, ArticleRecord]
    guideline: str


@dataclass(frozen=True)
class Cast:
    """One demo person and their role."""

    user: User
    role: Role


@dataclass(frozen=True)
class Stage:
    """What has been made so far, by the keys of demo.json."""

    project: Project
    people: Mapping[str, User]
    articles: Mapping[str, str]
    texts: Mapping[str, str]


def is_loaded(plan: Plan) -> bool:
    """Whether the demo is there already. Raises Conflict if its short name belongs to another project."""
    slug = str(plan.facts["project"]["slug"])
    try:
        projects.by_slug(slug)
    except NotFound:
        return False
    if any(people.find(person["email"]) is None for person in plan.facts["people"]):
        raise Conflict(f"There is a project '{slug}' that is not the demo. Rename it, or use another instance.")
    return True


def load(plan: Plan) -> None:
    """Make the demo project with all that is in it; every claim goes the way that a reviewer's goes."""
    project = projects.create(**plan.facts["project"])
    cast = {}
    for person in plan.facts["people"]:
        user = people.find(person["email"]) or people.create(person["email"], person["name"])
        projects.add_member(project, user, Role(person["role"]))
        cast[person["key"]] = user
    projects.write_guideline(project, plan.guideline)
    added = articles.add(project, list(plan.records.values()))
    dealing.assign(project)
    stage = Stage(
        project,
        cast,
        articles=dict(zip(plan.records, (each.article_id for each in added), strict=True)),
        texts={key: record.text for key, record in plan.records.items()},
    )
    _mark(stage, plan.facts["claims"], plan.facts["links"])
    for each in plan.facts["submitted"]:
        article_id = stage.articles[each["article"]]
        submission.mark_read(cast[each["by"]], article_id)
        submission.submit(cast[each["by"]], article_id, confirm=True)


def cast_of(plan: Plan) -> list[Cast]:
    """The demo people, in the order in which they are introduced."""
    return [Cast(people.by_email(person["email"]), Role(person["role"])) for person in plan.facts["people"]]


def _mark(stage: Stage, claims: Sequence[Mapping[str, Any]], relations: Sequence[Mapping[str, Any]]) -> None:
    named: dict[str, UUID] = {}
    for number, facts in enumerate(claims):
        # The project's random id makes the claims' ids this demo's own; people never meet one twice.
        annotation_id = uuid5(UUID(int=0), f"{stage.project.id}:{number}")
        claim = _claim(stage, facts)
        put(stage.people[facts["by"]], stage.articles[facts["article"]], annotation_id, claim, if_version=None)
        if "key" in facts:
            named[facts["key"]] = annotation_id
    for each in relations:
        proposal = Proposal(
            named[each["a"]], named[each["b"]], Relation(each["relation"]), Aspect(each["aspect"]), each["note"]
        )
        links.create(stage.people[each["by"]], stage.project.slug, proposal)


def _claim(stage: Stage, facts: Mapping[str, Any]) -> Claim:
    span = _place(stage, facts["article"], facts["quote"])
    return Claim(
        start=span.start,
        end=span.end,
        exact=facts["quote"],
        label=facts["label"],
        target=Target(facts.get("target", Target.CONTENT)),
        reason=facts["reason"],
        speaker=_speaker(facts["speaker"]),
        event_start=_day(facts.get("event_start")),
        event_end=_day(facts.get("event_end")),
        note=facts.get("note", ""),
        evidence=tuple(_evidence(stage, each) for each in facts.get("evidence", [])),
    )


def _speaker(facts: Mapping[str, Any]) -> Speaker:
    chain = tuple(facts.get("chain", ()))
    return Speaker(facts["name"], SourceKind(facts["kind"]), SpeakerMode(facts["mode"]), chain)


def _evidence(stage: Stage, facts: Mapping[str, Any]) -> Evidence:
    """One evidence item; a passage of a demo article is named by its words."""
    span = _place(stage, facts["article"], facts["passage"]) if "passage" in facts else None
    return Evidence(
        stance=Stance(facts["stance"]),
        kind=SourceKind(facts["kind"]),
        source=facts["source"],
        quote=facts.get("passage", ""),
        url=facts.get("url", ""),
        published=_day(facts.get("published")),
        article=stage.articles[facts["article"]] if span else None,
        start=span.start if span else None,
        end=span.end if span else None,
    )


def _place(stage: Stage, article: str, quote: str) -> Span:
    """Where the quoted words stand. Raises NotFound when they are absent or stand there twice."""
    found = locate(stage.texts[article], Quote(quote))
    if found is None:
        raise NotFound(f"demo.json quotes “{quote}” of the article '{article}', which does not have it exactly once.")
    return found


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None

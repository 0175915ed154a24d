"""The history of a claim, and a person's own claims across articles."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import orjson
from flask import Blueprint, Response, jsonify, render_template, request

from annotator.domain.claims import Origin, in_few_words, is_unsure, missing
from annotator.domain.decisions import MEANINGS
from annotator.models import AssignmentKind, AssignmentState, EvidenceRule
from annotator.security import current_user
from annotator.services import assignments, history, marks, own_claims, projects
from annotator.services import speakers as remembered_speakers
from annotator.services.claims import claim_of
from annotator.services.own_claims import Filters, Order, Row
from annotator.views import claim_words
from annotator.views.adjudication_words import OUTCOMES

pages = Blueprint("claims", __name__, url_prefix="/claims")

STATES = (
    (AssignmentState.IN_PROGRESS, "In progress"),
    (AssignmentState.SUBMITTED, "Submitted"),
    (AssignmentState.LOCKED, "Locked"),
)
ORDERS = ((Order.NEWEST, "Newest change"), (Order.ARTICLE, "As in the articles"))


@pages.get("")
def index() -> str:
    """The person's own claims in all projects, or in the one that the query names."""
    user = current_user()
    given = {name: value for name in request.args if (value := request.args[name].strip())}
    order = next((each for each in Order if each == given.get("order")), Order.NEWEST)
    filters = Filters(
        words=given.get("q", ""),
        project=given.get("project", ""),
        label=given.get("label", ""),
        state=next((each for each in AssignmentState if each == given.get("state")), None),
        lacking="lacking" in given,
        unsure="unsure" in given,
        origin=next((each for each in Origin if each == given.get("origin")), None),
    )
    found = own_claims.page_for(user, filters, order=order, after=given.get("after", ""))
    # An address may name a project that is not there; it says so by showing that nothing fits.
    known = {project.slug for project in found.projects}
    return render_template(
        "claims/index.html",
        found=found,
        filters=filters,
        order=order,
        filtered=filters != replace(Filters(), project=filters.project if filters.project in known else ""),
        cards=[(row, _card(row)) for row in found.rows],
        labels=found.labels,
        states=STATES,
        origins=claim_words.ORIGINS,
        orders=ORDERS,
        letter_of=marks.letter_of,
        query={name: value for name, value in given.items() if name in _QUERY},
    )


_QUERY = ("q", "project", "label", "state", "lacking", "unsure", "origin", "order")


@pages.get("/speakers/<article_id>")
def speakers(article_id: str) -> Response:
    """The speakers of the person's own claims in the article's project, for the form."""
    found = remembered_speakers.remembered(current_user(), article_id)
    # The fields of a form have the names of the JSON that a PUT takes.
    return jsonify([{name: value for name, value in vars(speaker).items() if value} for speaker in found])


@pages.get("/<uuid:annotation_id>/history")
def changes(annotation_id: UUID) -> str:
    """Who changed what, when; the annotate page shows the same part in a dialog."""
    user = current_user()
    found = history.of(user, annotation_id)
    labels = projects.labels_of(found.project)
    steps = [
        {
            "step": step,
            "lines": claim_words.lines(step.changes, labels),
            "state_lines": claim_words.state_lines(step.state, labels) if number == 0 else [],
            "state": orjson.dumps(step.state).decode(),
            "words": claim_words.what(step, first=number == 0),
            "by": claim_words.by(found, step),
        }
        for number, step in enumerate(found.steps)
    ]
    gold = None
    if found.annotation.assignment.kind is AssignmentKind.ADJUDICATION:
        gold = history.gold_of(user, found)
    return render_template(
        "claims/history.html",
        gold=gold,
        reasons=MEANINGS,
        outcomes=OUTCOMES,
        access=projects.access_to(user, found.project.id),
        project=found.project,
        found=found,
        steps=steps,
        deleted=found.annotation.deleted_at is not None,
    )


def _card(row: Row) -> dict[str, Any]:
    claim = claim_of(row.annotation)
    lacking: list[str] = []
    if row.project.evidence is not EvidenceRule.OFF:
        lacking = missing(claim, assignments.requirement_of(row.annotation.label))
    return {
        "lacking": in_few_words(lacking),
        "unsure": is_unsure(claim.confidence),
        "evidence": len(claim.evidence),
    }

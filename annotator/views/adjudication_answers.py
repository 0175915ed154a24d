"""What the form beside a question says: the pressed button, the reasons, the words, and a combination of two versions."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from annotator.domain.claims import Aspect, Claim, Origin, Relation
from annotator.domain.decisions import Reason
from annotator.errors import Invalid
from annotator.forms.adjudication import DecisionForm, LinkDecisionForm
from annotator.models import LinkOutcome, Outcome
from annotator.services import questions
from annotator.services.adjudication import Answer
from annotator.services.link_decisions import LinkAnswer
from annotator.services.votes import Vote

COMBINE = "combine"
DAMAGED = "This form is damaged. Open the page again."


def read(form: DecisionForm, article_id: str) -> Answer:
    """The answer that the form gives. Raises Invalid for a button that the page does not have.

    The button says "accept UUID VERSION", "nothing_here", "send_back" or "combine".
    """
    outcome, annotation, version = [*(form.choice.data or "").split(" "), "", ""][:3]
    try:
        answer = Answer(
            outcome=Outcome.EDIT if outcome == COMBINE else Outcome(outcome),
            annotation=UUID(annotation or form.label_of.data) if annotation or outcome == COMBINE else None,
            version=int(version) if version else None,
            justification=form.justification.data or "",
            as_of=form.as_of.data,
            replaces=form.replaces.data or None,
            reasons=tuple(Reason(each) for each in form.reasons.data or ()),
        )
        boundary = UUID(form.boundary_of.data) if outcome == COMBINE else None
    except (TypeError, ValueError):
        raise Invalid.field("choice", DAMAGED) from None
    if boundary is None:
        return answer
    return replace(answer, claim=_combined(article_id, boundary, answer.annotation))


def read_link(form: LinkDecisionForm) -> LinkAnswer:
    """The answer to a question about a link. Raises Invalid for a button that the page does not have."""
    outcome, _, chosen = (form.choice.data or "").partition(" ")
    direction = form.direction.data or ""
    try:
        found = LinkOutcome(outcome)
        return LinkAnswer(
            outcome=found,
            link=chosen if found is LinkOutcome.ACCEPT else None,
            relation=Relation(chosen) if found is LinkOutcome.EDIT else None,
            aspect=Aspect(form.aspect.data) if form.aspect.data else None,
            note=(form.note.data or "").replace("\r\n", "\n"),
            outgoing=direction == "here" if direction else None,
            justification=form.justification.data or "",
            reasons=tuple(Reason(each) for each in form.reasons.data or ()),
            replaces=form.replaces.data or None,
        )
    except ValueError:
        raise Invalid.field("choice", DAMAGED) from None


def _combined(article_id: str, boundary: UUID, rest: UUID | None) -> Claim:
    """The claim `rest` with the boundary of another one. Whether they belong to the question is checked on saving."""
    votes = {vote.id: vote for view in questions.views_of(article_id) for vote in view.versions}
    words, label = votes.get(boundary), votes.get(rest) if rest else None
    if words is None or label is None:
        raise Invalid.field("choice", DAMAGED)
    return combined(words, label)


def combined(words: Vote, label: Vote) -> Claim:
    """The boundary of one vote with everything else that the other says."""
    return replace(label.claim, start=words.start, end=words.end, exact=words.exact, origin=Origin.HUMAN)

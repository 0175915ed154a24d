"""A claim and what changed of it, in words: "Label: Sourced → Disputed"."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from annotator.domain.claim_changes import Change
from annotator.domain.claims import Origin
from annotator.domain.days import day
from annotator.models import AssignmentKind, Label
from annotator.services.history import History, Step
from annotator.views.article_page import KINDS, MODES, STANCES, TARGETS

NOTHING = "nothing"

ORIGINS = (
    (Origin.HUMAN, "Found by a person"),
    (Origin.SUGGESTION_ACCEPTED, "Suggestion, taken as it was"),
    (Origin.SUGGESTION_EDITED, "Suggestion, changed"),
)

FIELDS = {
    "span": "Words",
    "label": "Label",
    "target": "The label speaks about",
    "reason": "Reason",
    "claim_text": "In your words",
    "event_start": "It happened on",
    "event_end": "Until",
    "confidence": "How sure",
    "note": "Note",
    "origin": "Origin",
    "speaker.name": "Speaker",
    "speaker.kind": "Kind of speaker",
    "speaker.mode": "Given as",
    "speaker.chain": "Relayed by",
    "evidence.stance": "it",
    "evidence.kind": "kind",
    "evidence.source": "source",
    "evidence.quote": "quote",
    "evidence.url": "address",
    "evidence.archived_url": "archived copy",
    "evidence.published": "published",
    "evidence.annotation": "claim",
    "evidence.article": "article",
    "evidence.start": "start",
    "evidence.end": "end",
}


@dataclass(frozen=True)
class Line:
    """One change: what, and its old and new value; an empty one is nothing. `whole` is for what came or went as one."""

    what: str
    before: str = ""
    after: str = ""
    quoted: bool = False
    whole: bool = False


def lines(changes: Sequence[Change], labels: Sequence[Label]) -> list[Line]:
    """The changes in words; the words for a label are those that it has now."""
    names = {label.key: label.name for label in labels}
    return [_line(change, names) for change in changes]


def state_lines(state: Mapping[str, Any], labels: Sequence[Label]) -> list[Line]:
    """Everything that a state says, as what a new claim began with."""
    names = {label.key: label.name for label in labels}
    speaker = state.get("speaker") or {}
    given = [("label", state.get("label")), ("reason", state.get("reason"))]
    given += [(f"speaker.{field}", speaker.get(field)) for field in ("name", "kind", "mode", "chain")]
    given += [(field, state.get(field)) for field in ("claim_text", "event_start", "event_end", "confidence", "note")]
    found = [Line(FIELDS[field], after=_value(field, value, names), whole=True) for field, value in given if value]
    return found + [Line("Evidence", after=evidence_words(item), whole=True) for item in state.get("evidence") or ()]


def evidence_words(item: Mapping[str, Any]) -> str:
    """One piece of evidence in a line: what it does, and where it is from."""
    stance = _named(STANCES, item.get("stance")).lower()
    where = item.get("source") or item.get("url") or item.get("quote") or _place(item)
    return f"{stance} – {where}" if where else stance


def what(step: Step, *, first: bool) -> str:
    """What was done to the claim in a step of its history."""
    if step.deleted:
        return "Deleted"
    if first:
        return "Marked"
    if step.brought_back:
        return "Brought back"
    return f"Back to version {step.again}" if step.again else "Changed"


def by(found: History, step: Step) -> str:
    """Who did it; to others than its owner a claim of a blind project does not name its reviewer."""
    if found.own:
        return "you"
    blind = found.project.blind and found.annotation.assignment.kind is AssignmentKind.REVIEW
    return "its reviewer" if blind or step.by is None else step.by.name


def _line(change: Change, names: Mapping[str, str]) -> Line:
    if change.field == "evidence":
        if change.before is None:
            return Line("Evidence added", after=evidence_words(change.after), whole=True)
        return Line("Evidence removed", before=evidence_words(change.before), whole=True)
    if change.field == "evidence.order":
        return Line("Evidence put in another order", whole=True)
    what = FIELDS[change.field]
    if change.number is not None:
        what = f"Evidence {change.number}, {what}"
    before, after = (_value(change.field, value, names) for value in (change.before, change.after))
    return Line(what, before, after, quoted=change.field == "span")


def _value(field: str, value: Any, names: Mapping[str, str]) -> str:
    if value is None:
        return ""
    name = field.removeprefix("evidence.").removeprefix("speaker.")
    if name in _CHOICES:
        return _named(_CHOICES[name], value)
    if name == "label":
        return names.get(value, str(value))
    return _WRITTEN.get(name, str)(value)


_CHOICES: dict[str, Sequence[tuple[str, str]]] = {
    "target": TARGETS,
    "kind": KINDS,
    "mode": MODES,
    "stance": STANCES,
    "origin": ORIGINS,
}
_WRITTEN: dict[str, Callable[[Any], str]] = {
    "reason": lambda key: key.replace("-", " ").capitalize(),
    "chain": " → ".join,
    "confidence": lambda share: f"{100 * share:.4g} %",
    **dict.fromkeys(("event_start", "event_end", "published"), lambda written: day(date.fromisoformat(written))),
}


def _named(pairs: Sequence[tuple[str, str]], value: Any) -> str:
    return next((words for key, words in pairs if key == value), str(value or ""))


def _place(item: Mapping[str, Any]) -> str:
    if item.get("annotation"):
        return "another claim"
    return "a passage of an article" if item.get("article") else ""

"""What a question's versions look like side by side: who gave each, in what they differ, and the gold row each would make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import orjson

from annotator.domain import selectors
from annotator.domain.claims import Claim, Origin, Speaker, Target
from annotator.domain.spans import Span
from annotator.models import Annotation, Decision, Label, Outcome, User
from annotator.services.claims import as_payload, claim_of
from annotator.services.questions import QuestionView
from annotator.views.article_page import KINDS, MODES, STANCES, TARGETS

Row = list[tuple[str, str]]
WORDS = {str(value): words for value, words in (*STANCES, *KINDS, *TARGETS)}
GIVEN_AS = {str(value): words for value, words in MODES}
NOT_GIVEN = "Not given"


@dataclass(frozen=True)
class Reviewer:
    """A reviewer as the adjudicator may know them: a letter, and in an open project their name."""

    letter: str
    words: str


@dataclass(frozen=True)
class Piece:
    """Some words of a version's quote; `differs` where not every version has them."""

    text: str
    differs: bool


@dataclass(frozen=True)
class Fact:
    """One field of a version in words; `differs` where the versions do not all say the same."""

    term: str
    words: str
    differs: bool


@dataclass(frozen=True)
class Version:
    """One answer to a question, with all who gave exactly it. `annotation` is the one that is taken."""

    number: int
    annotation: Annotation
    annotations: list[Annotation]
    reviewers: list[Reviewer]
    pieces: list[Piece]
    facts: list[Fact]
    label_differs: bool
    evidence_differs: bool
    note_differs: bool
    suggested: bool
    chosen: bool
    row: Row

    @property
    def state(self) -> str:
        """The claim as JSON, for the form that edits it."""
        return state_of(self.annotation)

    @property
    def letters(self) -> str:
        """Who gave it: "A" or "A B"."""
        return " ".join(reviewer.letter for reviewer in self.reviewers)


@dataclass(frozen=True)
class Ballot:
    """What every gold row of an article shares: its text, its labels and who took part."""

    text: str
    labels: Sequence[Label]
    reviewers: dict[str, Reviewer]
    adjudicator: User

    def row(self, claim: Claim, view: QuestionView | None, decision: Decision | None = None) -> Row:
        """The cells of the gold CSV that a decision determines, as they will stand there."""
        quote = selectors.quote(self.text, Span(claim.start, claim.end))
        speaker = claim.speaker or Speaker("")
        cells: Row = [
            ("start", str(claim.start)),
            ("end", str(claim.end)),
            ("exact", claim.exact),
            ("prefix", quote.prefix),
            ("suffix", quote.suffix),
            ("claim_text", claim.claim_text),
            ("label", claim.label),
            ("target", claim.target),
            ("reason", claim.reason),
            ("speaker", speaker.name),
            ("speaker_kind", speaker.kind or ""),
            ("speaker_mode", speaker.mode or ""),
            ("speaker_chain", " → ".join(speaker.chain)),
            ("event_start", _day(claim.event_start)),
            ("event_end", _day(claim.event_end)),
            ("confidence", "" if claim.confidence is None else f"{claim.confidence:g}"),
            ("note", claim.note),
            ("n_reviewers", str(len(self.reviewers))),
            *self.votes(view),
            ("adjudicator", self.adjudicator.email),
            ("outcome", decision.outcome if decision else Outcome.ACCEPT),
            ("justification", decision.justification if decision else ""),
            ("as_of", _day(decision.as_of) if decision else ""),
        ]
        return cells

    def votes(self, view: QuestionView | None) -> Row:
        """How many reviewers gave each label, and how many marked nothing here."""
        given = {(each.assignment.user_id, each.label.key) for each in view.versions} if view else set()
        counts = Counter(label for _, label in given)
        silent = len(set(self.reviewers) - {user_id for user_id, _ in given})
        return [(f"votes_{label.key}", str(counts[label.key])) for label in self.labels] + [("votes_none", str(silent))]


def state_of(annotation: Annotation) -> str:
    """The claim as JSON, as the API tells it, for the form that edits it."""
    claim: dict[str, Any] = as_payload(claim_of(annotation))
    return orjson.dumps(claim).decode()


def versions_of(view: QuestionView, ballot: Ballot) -> list[Version]:
    """The distinct versions of a question in reading order. What differs only in how it was marked is one version."""
    groups: dict[Claim, list[Annotation]] = {}
    for annotation in view.versions:
        groups.setdefault(replace(claim_of(annotation), origin=Origin.HUMAN), []).append(annotation)
    claims = list(groups)
    chosen = {source.annotation_id for source in view.decision.sources if source.chosen} if view.decision else set()
    shared = Span(max(claim.start for claim in claims), min(claim.end for claim in claims)) if claims else Span(0, 0)
    facts = _facts(claims)
    made = []
    for number, (claim, members) in enumerate(groups.items(), 1):
        taken = next((each for each in members if each.id in chosen), None)
        suggested = next((each for each in members if each.id == view.suggested), None)
        made.append(
            Version(
                number=number,
                annotation=taken or suggested or members[0],
                annotations=members,
                reviewers=_reviewers(members, ballot),
                pieces=_pieces(claim, shared),
                facts=facts[number - 1],
                label_differs=_differ(each.label for each in claims),
                evidence_differs=_differ(each.evidence for each in claims),
                note_differs=_differ(each.note for each in claims),
                suggested=suggested is not None,
                chosen=taken is not None,
                row=ballot.row(claim, view),
            )
        )
    return made


def _reviewers(annotations: list[Annotation], ballot: Ballot) -> list[Reviewer]:
    found = {ballot.reviewers[each.assignment.user_id] for each in annotations}
    return sorted(found, key=lambda reviewer: reviewer.letter)


def _pieces(claim: Claim, shared: Span) -> list[Piece]:
    """The quote, cut where it goes beyond what all versions cover."""
    if shared.end <= shared.start:
        return [Piece(claim.exact, differs=True)]
    before, after = shared.start - claim.start, shared.end - claim.start
    cut = [(claim.exact[:before], True), (claim.exact[before:after], False), (claim.exact[after:], True)]
    return [Piece(text, differs=differs) for text, differs in cut if text]


def _facts(claims: list[Claim]) -> list[list[Fact]]:
    """For each claim the fields that any of them gives, so that the same field stands in the same row of each."""
    tables = [_fields(claim) for claim in claims]
    facts: list[list[Fact]] = [[] for _ in claims]
    for term in tables[0] if tables else ():
        column = [table[term] for table in tables]
        differs = _differ(column)
        default = WORDS[Target.CONTENT] if term == "It speaks about" else ""
        if not differs and column[0] == default:
            continue
        for index, words in enumerate(column):
            facts[index].append(Fact(term, words or NOT_GIVEN, differs))
    return facts


def _fields(claim: Claim) -> dict[str, str]:
    speaker = claim.speaker or Speaker("")
    return {
        "It speaks about": WORDS[claim.target],
        "Reason": claim.reason.replace("-", " ").capitalize(),
        "Speaker": speaker.name,
        "Kind": WORDS.get(speaker.kind or "", ""),
        "Given as": GIVEN_AS.get(speaker.mode or "", ""),
        "Relayed by": " → ".join(speaker.chain),
        "It happened on": _day(claim.event_start),
        "Until": _day(claim.event_end),
        "In other words": claim.claim_text,
        "Confidence": "" if claim.confidence is None else f"{claim.confidence:.0%}",
    }


def _differ(values: Any) -> bool:
    return len(set(values)) > 1


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""

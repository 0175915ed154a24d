"""What a question's versions look like side by side: who gave each, in what they differ, and the gold row each would make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID

import orjson

from annotator.domain import decisions, selectors
from annotator.domain.claims import Claim, Evidence, Origin, Relation, Speaker, Target
from annotator.domain.spans import Span
from annotator.models import Decision, Label, Outcome, User
from annotator.services.claims import as_payload
from annotator.services.questions import QuestionView
from annotator.services.vote_links import Key, LinkShown, keys_of
from annotator.services.votes import Vote
from annotator.views.article_page import KINDS, MODES, STANCES, TARGETS

Row = list[tuple[str, str]]
WORDS = {str(value): words for value, words in (*STANCES, *KINDS, *TARGETS)}
GIVEN_AS = {str(value): words for value, words in MODES}
NOT_GIVEN = "Not given"
RELATIONS: dict[Relation, tuple[str, str]] = {
    Relation.CONTRADICTS: ("Contradicts", "Contradicts"),
    Relation.QUALIFIES: ("Qualifies", "Qualifies"),
    Relation.CORROBORATES: ("Corroborates", "Corroborates"),
    Relation.SUPERSEDES: ("Supersedes", "Superseded by"),
    Relation.SAME_WIRE_ORIGIN: ("Same wire origin as", "Same wire origin as"),
}
"""A relation in words, seen from the claim at which it begins and from the other."""


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
class Item:
    """A piece of evidence; `differs` where not every version has it."""

    evidence: Evidence
    differs: bool


@dataclass(frozen=True)
class LinkLine:
    """A link in words; `differs` where not every version has it."""

    words: str
    link: LinkShown
    differs: bool


@dataclass(frozen=True)
class Version:
    """One answer to a question, with all who gave exactly it. `annotation` is the one that is taken.

    `later` is true where one of them changed it when no longer blind; `boundary_first` where no version before it has
    the same boundary, `boundary_suggested` where its boundary is the one that shares most with all.
    """

    number: int
    annotation: Vote
    annotations: list[Vote]
    reviewers: list[Reviewer]
    pieces: list[Piece]
    facts: list[Fact]
    items: list[Item]
    links: list[LinkLine]
    label_differs: bool
    evidence_differs: bool
    note_differs: bool
    later: bool
    suggested: bool
    chosen: bool
    boundary_first: bool
    boundary_suggested: bool
    row: Row

    @property
    def state(self) -> str:
        """The claim as JSON, for the form that edits it."""
        return state_of(self.annotation.claim)

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
            ("justification", written(decision) if decision else ""),
            ("as_of", _day(decision.as_of) if decision else ""),
        ]
        return cells

    def votes(self, view: QuestionView | None) -> Row:
        """How many reviewers gave each label, and how many marked nothing here."""
        given = {(each.user_id, each.label.key) for each in view.versions} if view else set()
        counts = Counter(label for _, label in given)
        silent = len(set(self.reviewers) - {user_id for user_id, _ in given})
        return [(f"votes_{label.key}", str(counts[label.key])) for label in self.labels] + [("votes_none", str(silent))]


def written(decision: Decision) -> str:
    """The cell of a decision's justification in the CSV."""
    return decisions.justification(decision.reasons or (), decision.justification, decision.rule)


def state_of(claim: Claim) -> str:
    """The claim as JSON, as the API tells it, for the form that edits it."""
    told: dict[str, Any] = as_payload(claim)
    return orjson.dumps(told).decode()


def versions_of(
    view: QuestionView, ballot: Ballot, links: Mapping[UUID, Sequence[LinkShown]] = MappingProxyType({})
) -> list[Version]:
    """The distinct versions of a question in reading order. What differs only in how it was marked is one version."""
    groups: dict[tuple[Claim, frozenset[Key]], list[Vote]] = {}
    for vote in view.versions:
        linked = keys_of(links.get(vote.id, ()))
        groups.setdefault((replace(vote.claim, origin=Origin.HUMAN), linked), []).append(vote)
    claims = [claim for claim, _ in groups]
    chosen = {source.annotation_id for source in view.decision.sources if source.chosen} if view.decision else set()
    shared = Span(max(claim.start for claim in claims), min(claim.end for claim in claims)) if claims else Span(0, 0)
    facts = _facts(claims)
    everywhere = set.intersection(*(set(claim.evidence) for claim in claims)) if claims else set()
    linked_by_all = frozenset[Key]().union(*(keys for _, keys in groups))
    for _, keys in groups:
        linked_by_all &= keys
    spans = [(claim.start, claim.end) for claim in claims]
    best = next(((vote.start, vote.end) for vote in view.versions if vote.id == view.suggested), None)
    made = []
    for number, ((claim, _), members) in enumerate(groups.items(), 1):
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
                items=[Item(each, each not in everywhere) for each in claim.evidence],
                links=_link_lines(links.get(members[0].id, ()), linked_by_all),
                label_differs=_differ(each.label for each in claims),
                evidence_differs=_differ(each.evidence for each in claims),
                note_differs=_differ(each.note for each in claims),
                later=any(each.round > 1 for each in members),
                suggested=suggested is not None,
                chosen=taken is not None,
                boundary_first=spans.index((claim.start, claim.end)) == number - 1,
                boundary_suggested=(claim.start, claim.end) == best,
                row=ballot.row(claim, view),
            )
        )
    return made


def combinable(versions: Sequence[Version]) -> bool:
    """Whether one version's boundary with what another says would be something that nobody gave."""
    boundaries = sum(version.boundary_first for version in versions)
    said = {replace(version.annotation.claim, start=0, end=1, exact="", origin=Origin.HUMAN) for version in versions}
    return boundaries > 1 and len(said) > 1


def _link_lines(links: Sequence[LinkShown], everywhere: frozenset[Key]) -> list[LinkLine]:
    lines: dict[Key, LinkLine] = {}
    for link in links:
        begins, ends = RELATIONS[link.relation]
        # Two links that mean the same are one line.
        lines.setdefault(link.key, LinkLine(begins if link.outgoing else ends, link, link.key not in everywhere))
    return list(lines.values())


def _reviewers(votes: list[Vote], ballot: Ballot) -> list[Reviewer]:
    found = {ballot.reviewers[each.user_id] for each in votes}
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

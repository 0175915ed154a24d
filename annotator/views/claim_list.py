"""The claims beside the article: their marks, their cards, and their fields for the script of the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

import orjson
from markupsafe import Markup

from annotator.domain import cards, html
from annotator.domain.cards import Card, CardLabel
from annotator.domain.claims import Claim, Evidence, Speaker, in_few_words, is_unsure, missing
from annotator.domain.rendering import DrawnSpan
from annotator.models import EvidenceRule, Label, User
from annotator.services import claim_rows, marks, projects
from annotator.services.assignments import requirement_of
from annotator.services.claim_rows import ClaimRow
from annotator.views.article_page import ArticlePage, Mode

FIRST = 60
"""So many cards are sent; script makes those of a longer list when the page can be used already (claim-card.js)."""


class ClaimList:
    """The claims of an article that the reader of `page` sees, by position."""

    def __init__(self, page: ArticlePage, rows: list[ClaimRow], labels: Sequence[Label]) -> None:
        self.rows = rows
        self.labels = labels
        self._text = page.text
        self._names_reviewers = page.mode is Mode.READING
        self._labels = {label.id: label for label in labels}
        self._badges = {
            label.id: CardLabel(label.name, marks.letter_of(label.name), label.tone, label.retired_at is not None)
            for label in labels
        }
        asks = page.found.access.project.evidence is not EvidenceRule.OFF
        self._requirements = {label.id: requirement_of(label) for label in labels} if asks else {}
        self._told: dict[tuple[object, ...], str] = {}

    def marks(self) -> list[DrawnSpan]:
        """As they are drawn into the text."""
        return [
            DrawnSpan(row.key, row.start, row.end, badge.tone, badge.letter)
            for row in self.rows
            for badge in (self._badges[row.label_id],)
        ]

    def cards(self, *, whole: bool = False) -> Iterator[Markup]:
        """As they stand in the list, some at a time: the first of a long one, unless the `whole` is asked for."""
        return cards.render_cards(self._text, map(self._card, self.rows if whole else self.rows[:FIRST]))

    def fields(self) -> Iterator[Markup]:
        """Every claim as the JSON that a PUT takes, with its id and version, and whose it is where that is told."""
        told = [
            {"id": row.key, "version": row.version, "label": self._labels[row.label_id].key, **row.payload}
            | ({"reviewer": row.reviewer} if self._names_reviewers else {})
            for row in self.rows
        ]
        yield html.json_block(orjson.dumps(told))

    def _card(self, row: ClaimRow) -> Card:
        return Card(
            row.key,
            row.version,
            row.start,
            row.end,
            self._badges[row.label_id],
            lacking=self._lacking(row),
            unsure=is_unsure(row.payload.get("confidence")),
            reviewer=row.reviewer if self._names_reviewers else "",
        )

    def _lacking(self, row: ClaimRow) -> str:
        """What it lacks, for one line. Thousands of claims lack one of a few things, so each answer is kept."""
        requirement = self._requirements.get(row.label_id)
        if requirement is None:
            return ""
        speaker = row.payload.get("speaker", {}).get("name", "")
        stances = [item["stance"] for item in row.payload.get("evidence", ())]
        reason = row.payload.get("reason", "")
        key = (row.label_id, bool(speaker.strip()), frozenset(stances), bool(reason))
        if key not in self._told:
            claim = Claim(
                row.start,
                row.end,
                "",
                "",
                reason=reason,
                speaker=Speaker(speaker),
                evidence=tuple(Evidence(stance) for stance in stances),
            )
            self._told[key] = in_few_words(missing(claim, requirement))
        return self._told[key]


def claims_of(user: User, page: ArticlePage) -> ClaimList:
    """The claims that `user` sees beside the article: their own, and everybody's for those who only read, once open."""
    assignment = page.found.assignment
    if page.mode is not Mode.READING and assignment is not None:
        return _listed(page, claim_rows.own(assignment.id))
    return _listed(page, claim_rows.readable(user, page.found))


def one_claim(page: ArticlePage, annotation_id: UUID) -> ClaimList:
    """The reviewer's own claim of that id, alone; empty where they have none, or one that is deleted."""
    assignment = page.found.assignment
    rows = claim_rows.own(assignment.id, annotation_id) if assignment and page.mode is not Mode.READING else []
    return _listed(page, rows)


def _listed(page: ArticlePage, rows: list[ClaimRow]) -> ClaimList:
    # The labels are read after the claims: on PostgreSQL each statement sees what was stored until then. A label is
    # never deleted, so all that claims had a moment ago are among those that there are now.
    return ClaimList(page, rows, projects.labels_of(page.found.access.project))

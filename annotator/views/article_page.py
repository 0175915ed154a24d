"""What the annotate page shows of an article: its blocks, the reader's claims, and whether they may be changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import Any

import orjson
from markupsafe import Markup

from annotator.domain import html, keys, rendering, selectors
from annotator.domain.claims import SourceKind, SpeakerMode, Stance, Target, in_few_words, is_unsure, missing
from annotator.domain.rendering import DrawnSpan, Part
from annotator.domain.spans import Span
from annotator.models import Annotation, AssignmentKind, AssignmentState, EvidenceRule, Label, Project, User
from annotator.services import annotations as claims
from annotator.services import articles, assignments, people, projects
from annotator.services.articles import ArticleAccess
from annotator.services.claims import as_payload, claim_of

CONTEXT = 28
LONG = 20_000
"""From so many words on the browser draws only the blocks near the screen; below that it costs more than it saves."""


class Mode(StrEnum):
    """What the reader may do with the page."""

    OPEN = "open"
    SUBMITTED = "submitted"
    LOCKED = "locked"
    READING = "reading"


STANCES = (
    (Stance.SUPPORTS, "Supports it"),
    (Stance.REFUTES, "Refutes it"),
    (Stance.QUALIFIES, "Qualifies it"),
    (Stance.MENTIONS, "Mentions it"),
)
KINDS = (
    (SourceKind.DOCUMENT, "Document"),
    (SourceKind.NAMED_PERSON, "Named person"),
    (SourceKind.NAMED_INSTITUTION, "Named institution"),
    (SourceKind.NAMED_WITNESS, "Named witness"),
    (SourceKind.UNNAMED_GROUP, "Unnamed group"),
    (SourceKind.RELAYED, "Relayed by another"),
    (SourceKind.OWN_VOICE, "The outlet's own voice"),
)
MODES = (
    (SpeakerMode.QUOTED, "Quoted directly"),
    (SpeakerMode.PARAPHRASED, "Paraphrased"),
    (SpeakerMode.OWN_VOICE, "In the outlet's own voice"),
)
TARGETS = ((Target.CONTENT, "Is it so?"), (Target.ATTRIBUTION, "Did they say it?"))


@dataclass(frozen=True)
class Card:
    """A claim in the list: with a little context, what it lacks, and all its fields for the form."""

    annotation: Annotation
    quote: selectors.Quote
    lacking: list[str]
    reviewer: str
    state: str

    @property
    def lacking_words(self) -> str:
        """What it lacks, for one line."""
        return in_few_words(self.lacking)

    @property
    def unsure(self) -> bool:
        """Whether the reviewer is not sure of it."""
        return is_unsure(self.annotation.confidence)


@dataclass(frozen=True)
class ArticlePage:
    """An article for one reader."""

    found: ArticleAccess
    mode: Mode
    parts: list[Part]

    @property
    def text(self) -> str:
        return self.found.version.text

    @property
    def language(self) -> str:
        return self.found.version.language

    @property
    def long(self) -> bool:
        return self.found.version.words > LONG

    @property
    def gaps(self) -> str:
        """What stands in the text after each block, as a JSON list: the browser quotes across blocks with it."""
        blocks = articles.blocks_of(self.found.version)
        return json.dumps([self.text[one.end : following.start] for one, following in pairwise(blocks)])

    def draw(self, spans: list[DrawnSpan]) -> Markup:
        """The whole article with the marks in it."""
        return rendering.render_article(self.text, self.parts, spans, lang=self.language)

    def draw_touched(self, spans: list[DrawnSpan], stretch: Span) -> dict[str, Markup]:
        """The parts that share text with `stretch`, in order, by the id of their element."""
        return rendering.render_changed(self.text, self.parts, spans, [stretch], lang=self.language)

    def whole_parts(self, stretch: Span) -> Span:
        """`stretch` widened to the parts that it touches."""
        touched = [self.parts[index] for index in rendering.touched(self.parts, stretch.start, stretch.end)]
        return Span(touched[0].start, touched[-1].end) if touched else stretch

    def element_at(self, start: int, end: int) -> str:
        """The id of the element that [start, end) begins in."""
        touched = rendering.touched(self.parts, start, end)
        return self.parts[touched[0]].element_id if touched else "main"

    def card(self, annotation: Annotation, *, reviewer: str = "") -> Card:
        """`annotation`, with label and evidence loaded, for the list."""
        claim = claim_of(annotation)
        state: dict[str, Any] = {"version": annotation.version, **as_payload(claim)}
        lacking: list[str] = []
        if self.found.access.project.evidence is not EvidenceRule.OFF:
            lacking = missing(claim, assignments.requirement_of(annotation.label))
        span = Span(annotation.start, annotation.end)
        quote = _at_words(selectors.quote(self.text, span, context=CONTEXT))
        return Card(annotation, quote, lacking, reviewer, orjson.dumps(state).decode())


def open_page(user: User, article_id: str) -> ArticlePage:
    """The article, if `user` may read it: five statements. Raises NotFound otherwise."""
    found = articles.get_for(user, article_id, blocks=True)
    version = found.version
    parts = rendering.parts(version.text, articles.blocks_of(version), lang=version.language)
    return ArticlePage(found, _mode(found), parts)


def cards_of(user: User, page: ArticlePage) -> list[Card]:
    """The claims that the reader sees, by position: their own, and everybody's for those who only read, once open."""
    assignment = page.found.assignment
    if page.mode is not Mode.READING and assignment is not None:
        return [page.card(annotation) for annotation in claims.own(assignment.id)]
    listed = claims.list_for(user, page.found.article.id)
    return [page.card(annotation, reviewer=annotation.assignment.user.name) for annotation in listed]


def choices(page: ArticlePage) -> dict[str, Any]:
    """What the form offers: the labels of the project and the words for each enumeration."""
    labels = projects.labels_of(page.found.access.project)
    return {
        "labels": labels,
        "offered": [label for label in labels if label.retired_at is None],
        "stances": STANCES,
        "kinds": KINDS,
        "modes": MODES,
        "targets": TARGETS,
    }


def reasons_of(label: Label) -> list[dict[str, str]]:
    """The reasons of a label with their words: "single-party-source" reads "Single party source"."""
    return [
        {"key": reason["key"], "words": reason["key"].replace("-", " ").capitalize(), "help": reason["help"]}
        for reason in label.reasons
    ]


def labels_json(labels: Sequence[Label], project: Project) -> str:
    """The labels for the form's script, with what each must carry; nothing where the project does not ask."""
    asks = project.evidence is not EvidenceRule.OFF
    return json.dumps(
        [
            {
                "key": label.key,
                "name": label.name,
                "reasons": reasons_of(label),
                "speaker": asks and label.needs_speaker,
                "reason": asks and label.needs_reason,
                "stances": sorted(label.stances, reverse=True) if asks else [],
            }
            for label in labels
        ]
    )


def keys_json(user: User) -> str:
    """The keys of every action for this person, for the page's script."""
    chosen = people.preferences_of(user)
    return json.dumps(keys.pressed(chosen.keys, single_keys=chosen.single_keys))


@lru_cache(maxsize=32)
def guideline_html(markdown: str) -> Markup:
    """The guideline as safe HTML; it is the same text for every article, so it is made once."""
    return html.markdown_to_html(markdown, top_heading=3)


def _at_words(quote: selectors.Quote) -> selectors.Quote:
    """The quote with its context cut between words, where there are any."""
    _, blank, whole = quote.prefix.partition(" ")
    before = whole if blank else quote.prefix
    whole, blank, _ = quote.suffix.rpartition(" ")
    return selectors.Quote(quote.exact, before, whole if blank else quote.suffix)


def _mode(found: ArticleAccess) -> Mode:
    assignment = found.assignment
    if assignment is None or assignment.kind is not AssignmentKind.REVIEW:
        return Mode.READING
    if assignment.state is AssignmentState.SUBMITTED:
        return Mode.SUBMITTED
    return Mode.LOCKED if assignment.state is AssignmentState.LOCKED else Mode.OPEN

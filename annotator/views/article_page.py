"""What the annotate page shows of an article: its blocks, the reader's claims, and whether they may be changed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from annotator.domain import html, keys, rendering
from annotator.domain.claims import SourceKind, SpeakerMode, Stance, Target
from annotator.domain.rendering import DrawnSpan, Part
from annotator.domain.spans import Span
from annotator.models import MARKING, AssignmentKind, AssignmentState, EvidenceRule, Label, Project, User
from annotator.permissions import OPEN
from annotator.services import articles, people, projects
from annotator.services.articles import ArticleAccess
from annotator.services.assignments import later_round
from annotator.services.marks import letter_of
from annotator.views.layouts import Layout, layout_of

LONG = 20_000
"""From so many words on the browser draws only the blocks near the screen; below that it costs more than it saves."""


class Mode(StrEnum):
    """What the reader may do with the page: *again* is a later round than the blind one, in which claims may change."""

    OPEN = "open"
    AGAIN = "again"
    SUBMITTED = "submitted"
    LOCKED = "locked"
    RETURNED = "returned"
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
class ArticlePage:
    """An article for one reader."""

    found: ArticleAccess
    mode: Mode
    layout: Layout

    @property
    def editable(self) -> bool:
        """Whether the reader may change claims, all or some."""
        return self.mode in {Mode.OPEN, Mode.AGAIN}

    @property
    def parts(self) -> Sequence[Part]:
        return self.layout.parts

    @property
    def text(self) -> str:
        return self.found.version.text

    @property
    def language(self) -> str:
        return self.found.version.language

    def long(self, claims: int) -> bool:
        """Whether the browser should draw only the blocks near the screen; ten words cost about as much as a claim."""
        return self.found.version.words + 10 * claims > LONG

    @property
    def gaps(self) -> str:
        """What stands in the text after each block, as a JSON list: the browser quotes across blocks with it."""
        return self.layout.gaps

    def draw(self, spans: list[DrawnSpan]) -> Markup:
        """The whole article with the marks in it."""
        return rendering.render_article(self.text, self.parts, spans, lang=self.language)

    def draw_in_turn(self, spans: list[DrawnSpan]) -> Iterator[Markup]:
        """The same, some blocks at a time."""
        return rendering.render_in_turn(self.text, self.parts, spans, lang=self.language)

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


def open_page(user: User, article_id: str) -> ArticlePage:
    """The article, if `user` may read it: four statements, five at first, one more for a closed review.

    Raises NotFound otherwise.
    """
    found = articles.get_for(user, article_id)
    return ArticlePage(found, _mode(found), layout_of(found.version))


def choices(page: ArticlePage, labels: Sequence[Label] | None = None) -> dict[str, Any]:
    """What the form offers: the labels of the project, unless they were read already, and words for enumerations."""
    if labels is None:
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
    """The labels for the page's scripts, with what each must carry; nothing where the project does not ask."""
    asks = project.evidence is not EvidenceRule.OFF
    return json.dumps(
        [
            {
                "key": label.key,
                "name": label.name,
                "letter": letter_of(label.name),
                "tone": label.tone,
                "retired": label.retired_at is not None,
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


def _mode(found: ArticleAccess) -> Mode:
    assignment = found.assignment
    if assignment is not None and assignment.kind is AssignmentKind.RETURNED:
        return Mode.RETURNED
    if assignment is None or assignment.kind not in MARKING:
        return Mode.READING
    if assignment.state in OPEN:
        return Mode.OPEN
    if later_round(assignment) is not None:
        return Mode.AGAIN
    if assignment.state is AssignmentState.SUBMITTED:
        return Mode.SUBMITTED
    return Mode.LOCKED

"""What the compare page shows: two sides with their marks, the picked claims, and the links between the articles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

import orjson
from markupsafe import Markup

from annotator.domain import html, rendering
from annotator.domain.claims import Relation
from annotator.domain.date_guard import Dated, is_later
from annotator.domain.options import render_options
from annotator.domain.rendering import DrawnSpan
from annotator.models import Label, LinkLayer, LinkStatus, User
from annotator.services import comparing, marks, projects
from annotator.services.claim_rows import ClaimRow
from annotator.services.comparing import LinkBetween, Pair, Side
from annotator.services.links import SYMMETRIC
from annotator.services.projects import Access
from annotator.views.layouts import Layout, layout_of

SHORT = 70
LONG = 5_000
"""From so many words on in both articles, where ten words cost as much as a claim, only what is near the screen is drawn."""


@dataclass(frozen=True)
class RelationShown:
    """A relation as it is offered and told; `action` is the name of its key (domain/keys.py)."""

    relation: Relation
    words: str
    told: str
    help: str

    @property
    def action(self) -> str:
        return f"link-{self.relation.value.replace('_', '-')}"


RELATIONS = (
    RelationShown(
        Relation.CONTRADICTS, "Contradicts", "contradicts", "Same place and time: both cannot be true as worded."
    ),
    RelationShown(
        Relation.QUALIFIES, "Qualifies", "qualifies", "Limits scope, number, place or certainty: both can be true."
    ),
    RelationShown(
        Relation.CORROBORATES, "Corroborates", "corroborates", "The same statement, from an independent origin."
    ),
    RelationShown(
        Relation.SUPERSEDES, "Supersedes", "supersedes", "A later event or a newer figure: neither was wrong when said."
    ),
    RelationShown(
        Relation.SAME_WIRE_ORIGIN,
        "Same wire origin",
        "has the same wire origin as",
        "The same agency copy or statement: that they agree is no evidence.",
    ),
)
TOLD = {shown.relation: shown for shown in RELATIONS}


@dataclass(frozen=True)
class Pane:
    """One of the two places for an article: `name` is left or right; without a side it waits for an article."""

    name: str
    side: Side | None
    choosing: bool
    article: Markup
    layout: Layout | None = None


@dataclass(frozen=True)
class LinkLine:
    """A link in the list: its number, in words from the claim that it goes from, and what may be done."""

    number: int
    between: LinkBetween
    told: str
    directed: bool
    left: UUID
    right: UUID

    @property
    def gold(self) -> bool:
        return self.between.link.layer is LinkLayer.GOLD

    @property
    def suggested(self) -> bool:
        return self.between.link.status is LinkStatus.SUGGESTED


class Comparison:
    """Two articles, or one and a place for the other, for one reader."""

    def __init__(self, user: User, access: Access, sides: dict[str, Side | None], picks: Sequence[UUID | None]) -> None:
        self.user = user
        self.access = access
        self.sides = sides
        self.labels = {label.id: label for label in projects.labels_of(access.project)}
        self.picked = _picked(sides, picks)

    @property
    def complete(self) -> bool:
        return all(self.sides.values())

    @property
    def long(self) -> bool:
        """Whether the browser should draw only the blocks near the screen."""
        sides = [side for side in self.sides.values() if side is not None]
        return sum(side.found.version.words + 10 * len(side.rows) for side in sides) > LONG

    @property
    def linkable(self) -> bool:
        """Whether claims of both may be linked now."""
        sides = [side for side in self.sides.values() if side is not None]
        one_kind = len({side.kind for side in sides}) == 1
        return len(sides) == 2 and one_kind and all(side.linkable for side in sides) and any(s.open for s in sides)

    @property
    def why_not(self) -> str:
        """Why nothing can be linked here, in a sentence; empty where it can."""
        sides = [side for side in self.sides.values() if side is not None]
        if len(sides) < 2 or self.linkable:
            return ""
        kinds = {side.kind for side in sides}
        if comparing.Kind.READ in kinds:
            return "You read at least one of these articles only, so there is nothing of yours to link in it."
        if len(kinds) > 1:
            return (
                "You review one of these articles and adjudicate the other: their claims are not linked to each other."
            )
        if not all(side.linkable for side in sides):
            return "Claims of training, of a second look and of returned work are not linked."
        return "Both articles are closed for you, so their links stay as they are. Reopen one of them first."

    @cached_property
    def links(self) -> list[LinkLine]:
        """The links between the two articles that the reader may see, numbered by position."""
        left, right = self.sides["left"], self.sides["right"]
        if left is None or right is None:
            return []
        here = left.found.article.id
        found = comparing.between(self.user, self.access, [here, right.found.article.id])
        return [_line(number, each, here) for number, each in enumerate(found, 1)]

    @cached_property
    def numbers(self) -> dict[UUID, str]:
        """The numbers of the links at each claim: "1 3"."""
        numbers: defaultdict[UUID, list[str]] = defaultdict(list)
        for line in self.links:
            for end in (line.between.a, line.between.b):
                numbers[end.id].append(str(line.number))
        return {claim: " ".join(each) for claim, each in numbers.items()}

    @property
    def shared(self) -> list[str]:
        """What the two articles, and the picked claims, have in common in origin."""
        left, right = self.sides["left"], self.sides["right"]
        if left is None or right is None:
            return []
        if left.found.article.id == right.found.article.id:
            return ["Both claims stand in one article."] if self.pair else []
        if self.pair:
            return self.pair.shared
        return comparing.shared_by_articles(left, right)

    @cached_property
    def pair(self) -> Pair | None:
        """What is known of the two picked claims."""
        ends = self._ends()
        return comparing.pair(*ends) if ends else None

    @property
    def goes_from(self) -> str:
        """Which side a link with a direction goes from: the claim about the later time, else the left one."""
        ends = self._ends()
        if ends is None:
            return "left"
        left, one, right, other = ends
        return "right" if is_later(right.dated(other).window, left.dated(one).window) else "left"

    def dated(self, name: str) -> Dated | None:
        """The claim picked on that side with the time it is about."""
        side, row = self.sides[name], self.picked[name]
        return side.dated(row) if side and row else None

    def label_of(self, row: ClaimRow) -> Label:
        return self.labels[row.label_id]

    def speaker_of(self, row: ClaimRow) -> str:
        """Who says it, for the picked claim."""
        return str(row.payload.get("speaker", {}).get("name", ""))

    def offered(self, name: str) -> list[tuple[str, str]]:
        """The claims of a side to choose from, by position: their ids and short words."""
        side = self.sides[name]
        if side is None:
            return []
        words = side.found.version.text
        return [
            (row.key, f"{number}. {self.label_of(row).name}: {_short(words[row.start : row.end])}")
            for number, row in enumerate(side.rows, 1)
        ]

    def options(self, name: str, chosen: str | None) -> Markup:
        """The same as the options of a list."""
        return render_options([("", "None"), *self.offered(name)], chosen or "")

    def panes(self, choosing: str) -> list[Pane]:
        """The two places, each with a placeholder for its text (see views/streaming.py)."""
        return [
            Pane(
                name,
                side,
                name == choosing or side is None,
                html.placeholder(),
                layout_of(side.found.version) if side else None,
            )
            for name, side in self.sides.items()
        ]

    def draw(self, pane: Pane) -> Iterator[Markup]:
        """The article of a pane with its marks; to draw needs the database no more."""
        if pane.side is None or pane.layout is None:
            return iter(())
        version = pane.side.found.version
        spans = [
            DrawnSpan(row.key, row.start, row.end, self.label_of(row).tone, self.numbers.get(row.id, ""))
            for row in pane.side.rows
        ]
        return rendering.render_in_turn(
            version.text, pane.layout.parts, spans, lang=version.language, ids=f"{pane.name}-"
        )

    def told(self) -> list[Markup]:
        """The claims of both sides as JSON, for the page's script: id, start, end and label's number, by position."""
        numbers = {label_id: number for number, label_id in enumerate(self.labels)}
        told: dict[str, object] = {
            name: [[row.key, row.start, row.end, numbers[row.label_id]] for row in (side.rows if side else ())]
            for name, side in self.sides.items()
        }
        told["labels"] = [[label.name, letter_of(label), label.tone] for label in self.labels.values()]
        return [html.json_block(orjson.dumps(told))]

    def _ends(self) -> tuple[Side, ClaimRow, Side, ClaimRow] | None:
        left, right = self.sides["left"], self.sides["right"]
        one, other = self.picked["left"], self.picked["right"]
        return (left, one, right, other) if left and right and one and other and one.id != other.id else None


def letter_of(label: Label) -> str:
    """The letter in the badge of a label."""
    return marks.letter_of(label.name)


def _picked(sides: dict[str, Side | None], picks: Sequence[UUID | None]) -> dict[str, ClaimRow | None]:
    """The first pick is looked for on the left, then on the right; the second the other way round."""
    found: dict[str, ClaimRow | None] = dict.fromkeys(sides)
    for pick, names in zip(picks, (("left", "right"), ("right", "left")), strict=False):
        for name in names:
            side = sides[name]
            row = side.row(pick) if side and found[name] is None else None
            if row is not None:
                found[name] = row
                break
    return found


def _line(number: int, between: LinkBetween, left_article: str) -> LinkLine:
    shown = TOLD[between.link.relation]
    a, b = between.a, between.b
    left, right = (b, a) if a.article_id != left_article else (a, b)
    return LinkLine(number, between, shown.told, between.link.relation not in SYMMETRIC, left.id, right.id)


def _short(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= SHORT else words[: SHORT - 1].rstrip() + "…"

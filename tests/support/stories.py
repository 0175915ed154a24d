"""The story set: short stories of several agencies on the same events, with the passages that speak of the same.

tests/data/stories/ is what the weights of the ranking were chosen on; tests/data/stories-held-out/ was written
beside it and never chosen on. Each file is one event: its stories, and groups of quotes that are counterparts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

from annotator.domain.claims import Claim, Speaker
from annotator.domain.text import plain_blocks, sha256
from annotator.formats.records import ArticleRecord
from annotator.matching.signals import ALL, Signal
from annotator.services import annotations as claims
from annotator.services import articles, counterparts, dealing
from tests.support.desk import Desk

FOLDER = Path(__file__).parents[1] / "data"
CHOSEN_ON, HELD_OUT = FOLDER / "stories", FOLDER / "stories-held-out"

_STORY = re.compile(
    r"^## (?P<number>\d+)\. (?P<title>.+)\n(?P<agency>.+?) \| (?P<publisher>.+?) \| (?P<published>\S+)\n\n",
    re.MULTILINE,
)
_QUOTE = re.compile(r"(?P<number>\d+)(?: \((?P<speaker>[^)]+)\))?: (?P<quote>.+)")


@dataclass(frozen=True)
class Story:
    """One article of an event."""

    number: int
    title: str
    agency: str
    publisher: str
    published: date
    text: str


@dataclass(frozen=True)
class Quote:
    """A passage of the story of that number."""

    number: int
    quote: str
    speaker: str = ""


@dataclass(frozen=True)
class Event:
    """The stories of one event and its groups of counterparts."""

    name: str
    stories: list[Story]
    groups: list[list[Quote]]


@dataclass(frozen=True)
class Asked:
    """A claim in the database with the places, (article, offset), of its counterparts."""

    event: str
    annotation_id: UUID
    quote: str
    counterparts: frozenset[tuple[str, int]]


@dataclass(frozen=True)
class Recall:
    """How many of the counterparts were among the passages shown."""

    found: int
    there: int

    @property
    def share(self) -> float:
        return self.found / self.there


def events(folder: Path) -> list[Event]:
    """The events of the folder, by name."""
    return [_event(path) for path in sorted(folder.glob("*.md"))]


def _event(path: Path) -> Event:
    told, _, groups = path.read_text(encoding="utf-8").partition("\n## Counterparts\n")
    heads = list(_STORY.finditer(told))
    ends = [head.start() for head in heads[1:]] + [len(told)]
    stories = [
        Story(
            int(head["number"]),
            head["title"],
            head["agency"],
            head["publisher"],
            date.fromisoformat(head["published"]),
            f"{head['title']}\n\n{told[head.end() : end].strip()}",
        )
        for head, end in zip(heads, ends, strict=True)
    ]
    lines = [line.removeprefix("- ") for line in groups.splitlines() if line.startswith("- ")]
    return Event(path.stem, stories, [[_quote(part) for part in line.split(" | ")] for line in lines])


def _quote(part: str) -> Quote:
    match = _QUOTE.fullmatch(part)
    assert match, part
    return Quote(int(match["number"]), match["quote"], match["speaker"] or "")


def tell(desk: Desk, told: Sequence[Event]) -> list[Asked]:
    """Put the stories into the desk's project; Ada marks every quote once. Each claim with its counterparts."""
    stories = [(event.name, story) for event in told for story in event.stories]
    ids = dict(
        zip(((name, story.number) for name, story in stories), desk.write(lambda: _store(desk, stories)), strict=True)
    )
    texts = {(name, story.number): story.text for name, story in stories}
    return desk.write(lambda: [asked for event in told for asked in _mark(desk, event, ids, texts)])


def _store(desk: Desk, stories: Sequence[tuple[str, Story]]) -> list[str]:
    records = [
        ArticleRecord(
            text=story.text,
            blocks=plain_blocks(story.text),
            source_hash=sha256(f"{name} {story.number}"),
            title=story.title,
            agency=story.agency,
            publisher=story.publisher,
            published=story.published,
            language="en",
        )
        for name, story in stories
    ]
    added = articles.add(desk.project(), records)
    dealing.assign(desk.project())
    return [each.article_id for each in added]


def _mark(
    desk: Desk, event: Event, ids: Mapping[tuple[str, int], str], texts: Mapping[tuple[str, int], str]
) -> Iterator[Asked]:
    ada = desk.user("ada")
    for group in event.groups:
        places = {(ids[event.name, each.number], texts[event.name, each.number].index(each.quote)) for each in group}
        for each in group:
            article, start = ids[event.name, each.number], texts[event.name, each.number].index(each.quote)
            claim = Claim(start, start + len(each.quote), each.quote, "unverified", speaker=Speaker(each.speaker))
            annotation_id = uuid4()
            claims.put(ada, article, annotation_id, claim, if_version=None)
            others = frozenset(place for place in places if place[0] != article)
            yield Asked(event.name, annotation_id, each.quote, others)


def recall(desk: Desk, asked: Iterable[Asked], *, signals: frozenset[Signal] = ALL, most: int = 10) -> Recall:
    """How many counterparts are among the first `most` passages of each claim."""
    found = there = 0
    with desk.app.app_context():
        ada = desk.user("ada")
        for each in asked:
            shown = counterparts.find(ada, each.annotation_id, most=most, signals=signals).passages
            there += len(each.counterparts)
            found += sum(
                any(passage.article_id == article and passage.start <= at < passage.end for passage in shown)
                for article, at in each.counterparts
            )
    return Recall(found, there)

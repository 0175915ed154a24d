"""Whole projects by chance: files that `annotator import` takes, with hostile texts and everything that a project can have."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from hypothesis import strategies as st

from annotator.db import new_id
from annotator.domain.claims import Aspect, Doubt, Origin, Relation, SourceKind, SpeakerMode, Stance, Target
from annotator.domain.text import plain_blocks, sha256
from annotator.formats.project_records import (
    ArticleLine,
    BlockPart,
    EndLine,
    GuidelinePart,
    GuidelineReadPart,
    Header,
    LabelPart,
    Line,
    LinkLine,
    OriginalPart,
    PersonPart,
    ProjectPart,
    ReasonPart,
    RolePart,
    SuggestionPart,
    VersionPart,
)
from annotator.formats.work_records import (
    AnnotationPart,
    AnswerPart,
    AssignmentPart,
    CopyPart,
    DecisionPart,
    DismissedPart,
    EvidencePart,
    FirstVotePart,
    MentionPart,
    PostPart,
    SecondRoundPart,
    SourcePart,
    ToPlacePart,
)

HOSTILE = (
    "=1+1", "+cmd|' /C calc'!A0", "@SUM(1)", '"quoted", and, commas', "a\r\nb\rc\nd", "👩‍👩‍👧‍👦 family 🇺🇦", "שלום \u200fעולם",
    "العربية \u200e(x)", "\u202ertl\u202c", "e\u0301 combining", "\u2028\u2029 lines", "\ufeff mark", " trailing \t", "A → B", "<script>alert(1)</script>", "\\n \\u0000", "漢字かな交じり文。",
)  # fmt: skip
words = st.one_of(
    st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
)
short = words.map(lambda text: text[:16])
days = st.none() | st.dates(date(1900, 1, 1), date(2100, 12, 31))
moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
maybe = st.none() | moments
DATASETS: tuple[dict[str, Any], ...] = ({}, {"licence": "CC-BY-4.0", "creators": ["A", "B"]})
PROPOSED: tuple[dict[str, Any], ...] = (
    {"start": None, "end": None, "doubt": None},
    {"start": 0, "end": 2, "doubt": Doubt.SEVERAL},
)
KEYS = ("sourced", "disputed", "unverified", "a-label-of-thirty-two-characters")


@st.composite
def whole_projects(draw: st.DrawFn) -> list[Line]:
    """The lines of one file, in the order in which an export has them. The ids are new at each call."""
    labels = [_label(draw, key) for key in KEYS[: draw(st.integers(1, len(KEYS)))]]
    people = [_person(draw) for _ in range(draw(st.integers(2, 4)))]
    people.sort(key=lambda person: person.id)
    articles = [_article(draw, labels, people) for _ in range(draw(st.integers(0, 3)))]
    articles = _with_references(draw, articles)
    links = _links(draw, articles, people)
    worked = {assignment.person for article in articles for assignment in article.assignments}
    # Who has left the project has no role in it any more, but is still known by the work.
    people = [
        person.model_copy(update={"roles": []}) if person.id in worked and draw(st.booleans()) else person
        for person in people
    ]
    header = Header(
        complete=True,
        left_out=[],
        project=_settings(draw),
        labels=labels,
        guidelines=[
            GuidelinePart(
                version=n,
                text=draw(words),
                person=draw(st.none() | st.sampled_from(people).map(lambda person: person.id)),
                created_at=draw(moments),
            )
            for n in range(1, draw(st.integers(1, 3)))
        ],
        people=people,
    )
    return [header, *articles, *links, EndLine(articles=len(articles), links=len(links))]


def _settings(draw: st.DrawFn) -> ProjectPart:
    return ProjectPart(
        name=draw(words.filter(str.strip)),
        description=draw(words),
        reviewers=draw(st.integers(1, 20)),
        blind=draw(st.booleans()),
        evidence=draw(st.sampled_from(["required", "warn", "off"])),
        snap_to_words=draw(st.booleans()),
        suggestions=draw(st.booleans()),
        merge_strategy=draw(st.sampled_from(["none", "unanimous", "majority"])),
        merge_threshold=draw(st.floats(0.5, 1)),
        discussion=draw(st.booleans()),
        return_after_days=draw(st.none() | st.integers(1, 99)),
        pass_mark=draw(st.none() | st.floats(0, 1)),
        second_look_share=draw(st.floats(0, 0.5)),
        second_look_after_days=draw(st.integers(1, 99)),
        archived_at=draw(maybe),
        dataset=draw(st.sampled_from(DATASETS)),
    )


def _label(draw: st.DrawFn, key: str) -> LabelPart:
    return LabelPart(
        key=key,
        name=draw(words),
        definition=draw(words),
        tone=draw(st.integers(1, 8)),
        needs_speaker=draw(st.booleans()),
        needs_reason=draw(st.booleans()),
        stances=draw(st.lists(st.sampled_from(Stance), unique=True)),
        reasons=[ReasonPart(key=draw(words), help=draw(words)) for _ in range(draw(st.integers(0, 2)))],
        retired_at=draw(maybe),
    )


def _person(draw: st.DrawFn) -> PersonPart:
    roles: list[Any] = draw(
        st.lists(st.sampled_from(["adjudicator", "manager", "reviewer"]), min_size=1, unique=True).map(sorted)
    )
    return PersonPart(
        id=new_id(),
        name=draw(words),
        roles=[
            RolePart(role=role, capacity=draw(st.none() | st.integers(0, 9)), qualified_at=draw(maybe))
            for role in roles
        ],
        guideline_read=draw(st.none() | st.builds(GuidelineReadPart, version=st.integers(1, 3), at=moments)),
    )


def _article(draw: st.DrawFn, labels: Sequence[LabelPart], people: Sequence[PersonPart]) -> ArticleLine:
    original = draw(st.none() | st.binary(max_size=40).map(lambda content: content + uuid4().bytes))
    versions = [
        _version(draw, number, original if number == 1 else None) for number in range(1, draw(st.integers(2, 3)))
    ]
    at = draw(moments)
    assignments = []
    for n, person in enumerate(people[: draw(st.integers(0, len(people)))]):
        kinds = ["review", "training", "returned"] if n else ["review", "adjudication", "training", "returned"]
        kind = draw(st.sampled_from(kinds))
        at += timedelta(seconds=1)
        assignments.append(_assignment(draw, kind, person, versions, labels, at))
    decisions = _decisions(draw, assignments)
    return ArticleLine(
        id=new_id(),
        external_id=draw(st.none() | words.map(lambda text: f"{text}{uuid4()}")),
        source_hash=hashlib.sha256(uuid4().bytes if original is None else original).hexdigest(),
        group=draw(words),
        version=len(versions),
        training=draw(st.booleans()),
        revealed_at=draw(maybe),
        created_at=draw(moments),
        versions=versions,
        assignments=assignments,
        decisions=decisions,
        posts=_posts(draw, people),
        copies=[
            CopyPart(copy_group=new_id(), state="confirmed", person=each.person, decided_at=at, created_at=at)
            for each in assignments[:1]
        ],
    )


def _version(draw: st.DrawFn, number: int, original: bytes | None) -> VersionPart:
    text = draw(words.filter(str.strip)) + draw(st.sampled_from(["", "\n\n", "\r\n\r\n", " "])) + draw(words)
    return VersionPart(
        number=number,
        text=text,
        sha256=sha256(text),
        words=draw(st.integers(0, 99)),
        title=draw(words),
        byline=draw(words),
        agency=draw(words),
        publisher=draw(words),
        url=draw(words),
        published=draw(days),
        language=draw(st.sampled_from(["", "en", "ar", "zh-Hant"])),
        source_file=draw(words),
        suggested_title=draw(words),
        warnings=draw(st.lists(words, max_size=2)),
        created_at=draw(moments),
        blocks=[
            BlockPart(kind=block.kind, start=block.start, end=block.end, rejoined=list(block.rejoined))
            for block in plain_blocks(text)
        ],
        original=OriginalPart(
            content=base64.b64encode(original).decode(),
            filename=draw(words),
            media_type="text/plain",
            encoding="utf-8",
            newlines=draw(st.sampled_from(["lf", "crlf", "mixed"])),
        )
        if original is not None
        else None,
        suggestions=[SuggestionPart(start=0, end=1, source=draw(words), created_at=draw(moments))]
        if draw(st.booleans())
        else [],
    )


def _assignment(
    draw: st.DrawFn,
    kind: Any,
    person: PersonPart,
    versions: Sequence[VersionPart],
    labels: Sequence[LabelPart],
    at: datetime,
) -> AssignmentPart:
    version = draw(st.sampled_from(versions))
    claims = [_claim(draw, version.text, labels) for _ in range(draw(st.integers(0, 3)))]
    place = _span(draw, version.text)
    return AssignmentPart(
        id=new_id(),
        person=person.id,
        article_version=version.number,
        kind=kind,
        state=draw(st.sampled_from(["new", "in_progress", "submitted", "locked"])),
        round=draw(st.integers(1, 3)),
        read_to_end_at=draw(maybe),
        submitted_at=draw(maybe),
        read_until=draw(st.integers(0, 99)),
        active_seconds=draw(st.integers(0, 99)),
        active_at=draw(maybe),
        returned_at=draw(maybe),
        created_at=at,
        dismissed=[DismissedPart(start=place[0], end=place[1], created_at=draw(moments))]
        if draw(st.booleans())
        else [],
        annotations=sorted(claims, key=lambda claim: (claim.start, claim.end, claim.id)),
    )


def _span(draw: st.DrawFn, text: str) -> tuple[int, int]:
    start = draw(st.integers(0, len(text) - 1))
    return start, draw(st.integers(start + 1, len(text)))


def _claim(draw: st.DrawFn, text: str, labels: Sequence[LabelPart]) -> AnnotationPart:
    start, end = _span(draw, text)
    first = _span(draw, text)
    key = st.sampled_from(labels).map(lambda label: label.key)
    return AnnotationPart(
        id=uuid4(),
        label=draw(key),
        version=draw(st.integers(1, 9)),
        start=start,
        end=end,
        exact=text[start:end],
        target=draw(st.sampled_from(Target)),
        reason=draw(short),
        origin=draw(st.sampled_from(Origin)),
        speaker=draw(words),
        speaker_kind=draw(st.none() | st.sampled_from(SourceKind)),
        speaker_mode=draw(st.none() | st.sampled_from(SpeakerMode)),
        speaker_chain=draw(st.lists(words, max_size=2)),
        claim_text=draw(words),
        event_start=draw(days),
        event_end=draw(days),
        note=draw(words),
        confidence=draw(st.none() | st.floats(0, 1)),
        guideline_version=draw(st.none() | st.integers(1, 3)),
        round=draw(st.integers(1, 3)),
        created_at=draw(moments),
        updated_at=draw(moments),
        deleted_at=draw(maybe),
        evidence=[_evidence(draw) for _ in range(draw(st.integers(0, 2)))],
        first_vote=FirstVotePart(version=1, start=first[0], end=first[1], label=draw(key))
        if draw(st.booleans())
        else None,
        to_place=ToPlacePart(
            article_version=1,
            version=draw(st.integers(1, 9)),
            **draw(st.sampled_from(PROPOSED)),
            created_at=draw(moments),
        )
        if draw(st.booleans())
        else None,
    )


def _evidence(draw: st.DrawFn) -> EvidencePart:
    return EvidencePart(
        stance=draw(st.sampled_from(Stance)),
        kind=draw(st.none() | st.sampled_from(SourceKind)),
        source=draw(words),
        quote=draw(words),
        url=draw(words),
        archived_url=draw(words),
        published=draw(days),
        annotation=None,
        article=None,
        start=None,
        end=None,
    )


def _decisions(draw: st.DrawFn, assignments: Sequence[AssignmentPart]) -> list[DecisionPart]:
    """Those of the adjudicator, each of another question or undone, one replacing the one before."""
    found: list[DecisionPart] = []
    reviews = [each for each in assignments if each.kind == "review"]
    marked = [claim for each in reviews for claim in each.annotations]
    for adjudication in (each for each in assignments if each.kind == "adjudication"):
        at = draw(moments)
        for n in range(draw(st.integers(0, 2))):
            sources = draw(st.lists(st.sampled_from(marked), unique_by=_id_of)) if marked else []
            asked = sorted(reviews, key=lambda review: review.id) if draw(st.booleans()) else None
            found.append(
                DecisionPart(
                    id=new_id(),
                    assignment=adjudication.id,
                    person=adjudication.person,
                    question=uuid4(),
                    kind=draw(st.sampled_from(["label", "some", "boundary"])),
                    outcome=draw(st.sampled_from(["accept", "edit", "nothing_here", "send_back"])),
                    gold=draw(st.sampled_from([None, *(claim.id for claim in adjudication.annotations)])),
                    justification=draw(words),
                    reasons=draw(st.lists(words, max_size=2)),
                    rule=draw(short),
                    as_of=draw(days),
                    replaces=draw(st.sampled_from([None, found[-1].id])) if found else None,
                    decided_at=at + timedelta(seconds=n),
                    undone_at=draw(maybe),
                    sources=[
                        SourcePart(annotation=claim.id, version=claim.version, chosen=draw(st.booleans()))
                        for claim in sorted(sources, key=lambda claim: claim.id)
                    ],
                    second_round=SecondRoundPart(
                        start=0,
                        end=1,
                        answers=[
                            AnswerPart(assignment=review.id, note=draw(words), answered_at=draw(maybe))
                            for review in asked
                        ],
                    )
                    if asked is not None
                    else None,
                )
            )
    return found


def _id_of(claim: AnnotationPart) -> UUID:
    return claim.id


def _posts(draw: st.DrawFn, people: Sequence[PersonPart]) -> list[PostPart]:
    at = draw(moments)
    return [
        PostPart(
            id=new_id(),
            question=uuid4(),
            person=draw(st.sampled_from(people)).id,
            kind=draw(st.sampled_from(["comment", "resolve", "reopen"])),
            text=draw(words),
            created_at=at + timedelta(seconds=n),
            mentions=[
                MentionPart(person=person.id, seen_at=draw(maybe)) for person in people[: draw(st.integers(0, 2))]
            ],
        )
        for n in range(draw(st.integers(0, 2)))
    ]


def _with_references(draw: st.DrawFn, articles: Sequence[ArticleLine]) -> list[ArticleLine]:
    """The articles, with evidence that points at claims and spans of any of them, later ones too."""
    claims = _claims_of(articles)

    def pointing(item: EvidencePart) -> EvidencePart:
        aim = draw(st.sampled_from(["", "claim", "span"]))
        if aim == "claim":
            return item.model_copy(update={"annotation": draw(st.sampled_from(claims))})
        if aim == "span":
            return item.model_copy(update={"article": draw(st.sampled_from(articles)).id, "start": 0, "end": 1})
        return item

    return [
        article.model_copy(
            update={
                "assignments": [
                    assignment.model_copy(
                        update={
                            "annotations": [
                                claim.model_copy(update={"evidence": [pointing(item) for item in claim.evidence]})
                                for claim in assignment.annotations
                            ]
                        }
                    )
                    for assignment in article.assignments
                ]
            }
        )
        for article in articles
    ]


def _links(draw: st.DrawFn, articles: Sequence[ArticleLine], people: Sequence[PersonPart]) -> list[LinkLine]:
    claims = _claims_of(articles)
    at = draw(moments)
    return [
        LinkLine(
            id=new_id(),
            person=draw(st.sampled_from(people)).id,
            layer=draw(st.sampled_from(["annotations", "gold"])),
            a=claims[n],
            b=claims[n + 1],
            relation=draw(st.sampled_from(Relation)),
            aspect=draw(st.none() | st.sampled_from(Aspect)),
            status=draw(st.sampled_from(["suggested", "confirmed"])),
            note=draw(words),
            created_at=at + timedelta(seconds=n),
            deleted_at=draw(maybe),
        )
        for n in range(min(len(claims) - 1, 2))
    ]


def _claims_of(articles: Sequence[ArticleLine]) -> list[Any]:
    return [claim.id for article in articles for each in article.assignments for claim in each.annotations]

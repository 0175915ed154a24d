"""Documents with claims for the proofs of formats: hostile ones by hand, and whatever Hypothesis thinks of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from hypothesis import strategies as st

from annotator.domain.claims import (
    Aspect,
    Claim,
    Evidence,
    Relation,
    SourceKind,
    Speaker,
    SpeakerMode,
    Stance,
    Target,
)
from annotator.domain.text import plain_blocks, problem_with, sha256
from annotator.formats.records import (
    ArticleReference,
    ClaimRecord,
    DatasetRecord,
    DocumentRecord,
    LabelRecord,
    LinkRecord,
    ReadClaim,
)

LABELS = (
    LabelRecord("sourced", "Sourced", 'Supported by "evidence" & more <than> that.', 1),
    LabelRecord("disputed", "Disputed", "Denied, or limited.", 2),
    LabelRecord("un-verified", "Unverified", "", 3, retired=True),
)
GOLD = DatasetRecord("truce", "The truce", "gold", LABELS)
VOTES = replace(GOLD, layer="annotations")

FULL = Claim(
    start=0,
    end=1,
    exact="",
    label="disputed",
    target=Target.ATTRIBUTION,
    reason="number-mismatch",
    speaker=Speaker(
        "Major “M.” & Söhne",
        SourceKind.NAMED_PERSON,
        SpeakerMode.QUOTED,
        ("The ministry", "An agency, Ltd", "The paper"),
    ),
    claim_text='=1+1 "so", they <say> & 🚑',
    event_start=date(2019, 6, 11),
    event_end=date(2019, 6, 12),
    note="First line\nsecond 🚒 line",
    confidence=0.35,
    evidence=(
        Evidence(Stance.SUPPORTS, SourceKind.DOCUMENT, "The “record”", "a, b\nc", "https://example.org/?a=1&b=2"),
        Evidence(Stance.REFUTES, archived_url="https://example.org/x", published=date(2020, 1, 12)),
        Evidence(Stance.QUALIFIES, annotation=UUID(int=7)),
        Evidence(Stance.MENTIONS, article="other", start=3, end=9),
    ),
)
"""A claim that says all that one can."""

_TEXTS = {
    "emoji": "Rescue 🚑 teams 👨‍👩‍👧‍👦 reached 🇹🇷 the town, 𐎠𐎡 said.",
    "rtl": "قالت المصادر إن وَقْفَ إطلاق النار بدأ; הַצָּבָא הודיע \u2067هدنة\u2069 (truce).",
    "crlf": "First line\r\nsecond line of it\r\n\r\nA third\rone, alone.\r\n",
    "quotes": 'He said “calm "except" for” two, \'three\'; a, b\tc < 5 & gains > 3 "net" \\ end]]> {x}',
    "formulas": "=SUM(A1)\n+1\n-2\n@x\n\ttab",
    "separators": "one\u2028two\u2029three\x85four\x0bfive\x0csix\x1cseven",
    "combining": "The cafe\u0301 in Re\u0301sistance street \ufeffwas hit.",
}


def document(
    text: str,
    spans: Sequence[tuple[int, int]],
    *,
    id: str = "a1",  # noqa: A002
    authors: Sequence[str] = ("Jo",),
    version: int = 1,
    first: int = 1,
) -> DocumentRecord:
    """A document with a claim at each span, the first of which says all that one can; the rest only what they must."""
    claims = [
        ClaimRecord(
            UUID(int=first + number),
            replace(
                FULL if number == 0 else Claim(0, 1, "", LABELS[number % 3].key),
                start=start,
                end=end,
                exact=text[start:end],
            ),
            authors[number % len(authors)],
            row={"outcome": "accept", "votes_sourced": 2, "note": "carried elsewhere"},
        )
        for number, (start, end) in enumerate(spans)
    ]
    return DocumentRecord(
        id=id,
        text=text,
        blocks=plain_blocks(text),
        sha256=sha256(text),
        version=version,
        external_id=f"ext-{id}",
        group="truce 2019",
        title="A “title” <of> it & more",
        byline="By A. Writer",
        agency="Reuters",
        publisher="The Paper, Ltd",
        url="https://example.org/story?a=1&b=2",
        published=date(2019, 6, 12),
        language="en",
        claims=claims,
    )


def hostile() -> list[DocumentRecord]:
    """Texts that break exporters, each with claims that nest, cross, are equal and reach over line ends."""
    made = []
    for number, (name, text) in enumerate(_TEXTS.items()):
        third = len(text) // 3
        spans = [(0, len(text)), (1, 2 * third), (third, len(text)), (third, third + 1), (third, third + 1)]
        made.append(document(text, spans, id=name, first=100 * number + 1))
    return made


def linked() -> DocumentRecord:
    """Three claims with a link within the document in each direction, and one that leaves it."""
    made = document("Calm 🚑 held. It did not hold.", [(0, 12), (13, 28), (5, 6)])
    a, b, c = (record.id for record in made.claims)
    links = (
        LinkRecord("l1", a, b, Relation.CONTRADICTS, aspect=Aspect.NUMBER, note="see both"),
        LinkRecord("l2", c, a, Relation.SUPERSEDES),
        LinkRecord("l3", b, UUID(int=999), Relation.CORROBORATES),
    )
    return replace(made, links=links)


def without_claims() -> DocumentRecord:
    return document("Nothing here is a claim.", [], id="none")


def places(claims: Sequence[ReadClaim] | Sequence[ClaimRecord]) -> list[tuple[int | None, int | None, str, str]]:
    """Where the claims stand, their words and labels, sorted: what no format may lose."""
    found = [
        (each.start, each.end, each.quote.exact, each.label)
        if isinstance(each, ReadClaim)
        else (each.claim.start, each.claim.end, each.claim.exact, each.claim.label)
        for each in claims
    ]
    return sorted(found, key=str)


def said(claim: ReadClaim | ClaimRecord, *, evidence: bool = True) -> tuple[object, ...]:
    """All that a claim says, however it came."""
    source = claim if isinstance(claim, ReadClaim) else claim.claim
    return (
        source.target, source.reason, source.speaker, source.claim_text, source.event_start, source.event_end,
        source.note, source.confidence, tuple(source.evidence) if evidence else (),
    )  # fmt: skip


def reference(made: DocumentRecord) -> ArticleReference:
    """What a format that holds all fields of a document refers to it by."""
    return ArticleReference(made.id, made.external_id or "", made.url, made.sha256, made.title, made.version)


# What Hypothesis makes.

_characters = st.characters(codec="utf-8", exclude_characters="\x00")
_pieces = st.sampled_from(
    ["\r\n", "\n", "\r", "\t", "🚑", "👨‍👩‍👧", "e\u0301", "هدنة", "=1", '"', ",", "<&>", "\u2028", " "]
)
texts = st.lists(st.one_of(_pieces, st.text(_characters, max_size=4)), min_size=1, max_size=12).map("".join)
words = st.text(_characters, max_size=12)
"""Any text that can be stored."""

_lines = words.map(str.strip)
_speakers = st.builds(
    Speaker,
    _lines.filter(bool),
    st.none() | st.sampled_from(SourceKind),
    st.none() | st.sampled_from(SpeakerMode),
    st.lists(_lines.filter(bool).filter(lambda name: "→" not in name), max_size=2).map(tuple),
)
_days = st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1))
_evidence = st.builds(
    Evidence, st.sampled_from(Stance), st.none() | st.sampled_from(SourceKind), words, words, published=_days
)


@st.composite
def documents(draw: st.DrawFn) -> DocumentRecord:
    """Any document with any claims; those of one document have different ids."""
    text = draw(texts.filter(lambda each: bool(each.strip()) and problem_with(each) is None))
    count = draw(st.integers(0, 4))
    claims = []
    for number in range(count):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        claim = Claim(
            start, end, text[start:end],
            label=draw(st.sampled_from(LABELS)).key,
            target=draw(st.sampled_from(Target)),
            reason=draw(_lines),
            speaker=draw(st.none() | _speakers),
            claim_text=draw(words),
            event_start=draw(_days),
            event_end=draw(_days),
            note=draw(words),
            confidence=draw(st.none() | st.floats(0, 1)),
            evidence=tuple(draw(st.lists(_evidence, max_size=2))),
        )  # fmt: skip
        claims.append(ClaimRecord(UUID(int=number + 1), claim, draw(st.sampled_from(["Ada", "Jo “J.” Ð"]))))
    made = document(text, [])
    return replace(made, claims=claims)

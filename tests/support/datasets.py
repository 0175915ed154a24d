"""Documents for the tests of formats: a small dataset, and one of hostile texts with nested and crossing claims."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from annotator.domain.claims import Claim, Evidence, SourceKind, Speaker, SpeakerMode, Stance, Target
from annotator.domain.text import plain_blocks, sha256
from annotator.formats.records import ClaimRecord, DatasetRecord, DocumentRecord, LabelRecord, LinkRecord

LABELS = [
    LabelRecord("sourced", "Sourced"),
    LabelRecord("disputed", "Disputed"),
    LabelRecord("unverified", "Unverified"),
]
DATASET = DatasetRecord("truce", "Truce", "gold", LABELS, release="1.0.0", base_url="https://facts.example.org")

HOSTILE = (
    '👩‍👩‍👧 said 🇩🇪 "it\'s, a\ttab" — and \u2028so on.\r\n\r\n'
    "قال المتحدث إن الهدنة كاملة. הפסקת אש, מלאה.\r\n\r\n"
    '=HYPERLINK("http://x.example") +1 -1 @SUM _x0041_ <b>&amp;</b>\r'
    "e\u0301le\u0301phant नमस्ते दुनिया \U0001d11e\r\n"
    "A claim\nover, \"two\" lines; # and # 3,5 % of it's l'eau.\u00a0\u3000End"
)


def claim(text: str, exact: str, label: str = "sourced", n: int = 0, **fields: Any) -> Claim:
    """The claim on the occurrence `n` (from 0) of `exact`."""
    start = -1
    for _ in range(n + 1):
        start = text.index(exact, start + 1)
    return Claim(start, start + len(exact), exact, label, **fields)


def document(name: str, text: str, claims: Sequence[Claim], **fields: Any) -> DocumentRecord:
    """An article with these claims, in the order of their places; their UUIDs come from `name` and their number."""
    placed = sorted(claims, key=lambda one: (one.start, one.end))
    records = [
        ClaimRecord(
            uuid(name, number),
            one,
            "Jo",
            1,
            {"created_at": "2026-11-23T10:00:00.000000Z", "updated_at": "2026-11-23T10:05:00.000000Z"},
        )
        for number, one in enumerate(placed, start=1)
    ]
    facts: dict[str, Any] = {
        "title": f"Title of {name}",
        "publisher": "Demo Desk",
        "published": date(2026, 1, 31),
        "language": "en",
    }
    return DocumentRecord(name, text, plain_blocks(text), sha256(text), claims=records, **(facts | fields))


def uuid(name: str, number: int) -> UUID:
    """The UUID of the claim of that number in the document `name`."""
    return UUID(bytes=name.encode().ljust(14, b"-")[:14] + number.to_bytes(2), version=4)


def hostile() -> DocumentRecord:
    """Every character that has broken a format before; claims that nest, cross, cut words and run over lines."""
    whole = HOSTILE[HOSTILE.index("=HYP") : HOSTILE.index("End") + 3]
    return document(
        "hostile",
        HOSTILE,
        [
            claim(HOSTILE, "👩‍👩‍👧 said 🇩🇪", note='=1+1, "so"\r\nsaid'),
            claim(
                HOSTILE,
                'said 🇩🇪 "it\'s, a\ttab"',
                "disputed",
                evidence=(Evidence(Stance.REFUTES, quote="لا\r\nno\t🙅"),),
            ),
            claim(HOSTILE, "قال المتحدث إن الهدنة كاملة", "unverified", reason="hedged"),
            claim(HOSTILE, "الهدنة", "own-label"),
            claim(HOSTILE, "מלאה", speaker=Speaker('=cmd|"x"', chain=("A → B", 'C, "D"'))),
            claim(HOSTILE, whole, "disputed"),
            claim(HOSTILE, '=HYPERLINK("http://x.example")', "own-label"),
            claim(HOSTILE, "le\u0301pha", claim_text="half a word\nover lines"),
            claim(HOSTILE, 'A claim\nover, "two" lines'),
            claim(HOSTILE, "\nover", "unverified"),
            claim(HOSTILE, "\u00a0\u3000", "unverified"),
        ],
        title='Stories, "quoted"\u2028=1',
        url="https://news.example.org/a?b=c&d=é",
        language="ar",
        external_id="=ext,1",
    )


JUNE = "Both governments announced a complete ceasefire on Sunday. Residents reported shelling in three towns."
MAY = "The ministry said it was calm. Witnesses counted a dozen shelled towns. Nobody could say who had fired."


def small() -> list[DocumentRecord]:
    """Two articles that speak of each other: every verdict, a link, evidence of each sort."""
    in_may = Evidence(
        Stance.REFUTES, SourceKind.NAMED_WITNESS, "Witnesses", article="may", start=MAY.index("Witnesses"), end=MAY.index(" Nobody"),
        annotation=uuid("may", 2),
    )  # fmt: skip
    paper = Evidence(
        Stance.SUPPORTS, SourceKind.DOCUMENT, "The accord", 'Article 1: "complete"', "https://un.example.org/accord.pdf",
        "https://archive.example.org/1", date(2026, 1, 30),
    )  # fmt: skip
    june = document(
        "june",
        JUNE,
        [
            claim(JUNE, "a complete ceasefire", "disputed", reason="contradicted", note="See the witnesses.", evidence=(paper, in_may),
                  speaker=Speaker("Both governments", SourceKind.NAMED_INSTITUTION, SpeakerMode.QUOTED, ("A", "B")),
                  event_start=date(2026, 1, 30), event_end=date(2026, 1, 31), confidence=0.0, claim_text="There is a complete ceasefire."),
            claim(JUNE, "Both governments announced a complete ceasefire on Sunday", target=Target.ATTRIBUTION, evidence=(paper,)),
            claim(JUNE, "Residents reported shelling", "unverified", reason="anonymous-only"),
            claim(JUNE, "three towns", evidence=(paper,), confidence=1.0),
        ],
        url="https://news.example.org/june", external_id="ext-june", group="truce", agency="Wire", byline="By A",
    )  # fmt: skip
    may = document(
        "may",
        MAY,
        [
            claim(MAY, "calm", "disputed", evidence=(in_may, Evidence(Stance.QUALIFIES, source="An activist"))),
            claim(MAY, "a dozen shelled towns", evidence=(Evidence(Stance.SUPPORTS, source="The paper"),)),
            claim(MAY, "Nobody could say", "rumour"),
        ],
        external_id="ext-may",
    )
    link = LinkRecord(
        "link1", uuid("june", 2), uuid("may", 2), "contradicts", layer="gold", aspect="fact", author="Jo", note="so",
        created_at="2026-11-23T10:00:00.000000Z",
    )  # fmt: skip
    return [_with_links(june, [link]), may, document("empty", "Nothing is claimed here.", [])]


def _with_links(article: DocumentRecord, links: Sequence[LinkRecord]) -> DocumentRecord:
    from dataclasses import replace

    return replace(article, links=links)


def claims_of(documents: Sequence[DocumentRecord]) -> Iterator[tuple[DocumentRecord, ClaimRecord]]:
    """Every claim with its article."""
    for article in documents:
        for record in article.claims:
            yield article, record

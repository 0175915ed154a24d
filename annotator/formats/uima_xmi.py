"""Writer of UIMA CAS files as INCEpTION reads them: a ZIP with TypeSystem.xml and an XMI file for each document.

UIMA counts UTF-16 code units, and so do the offsets. XML 1.0 cannot hold most control characters: each is written as
U+FFFD, which is as long, and counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from xml.sax.saxutils import quoteattr

from annotator.formats.annotated import document_fields, links_within
from annotator.formats.archive import write_archive
from annotator.formats.brat import file_stem
from annotator.formats.claim_details import CHAIN, DETAILS, claim_details, evidence_details, further_columns
from annotator.formats.records import ClaimRecord, DatasetRecord, DocumentRecord, LinkRecord, Losses
from annotator.formats.utf16 import Utf16Offsets

PACKAGE = "webanno.custom"
NAMESPACE = "http:///webanno/custom.ecore"
METADATA = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type"
METADATA_NAMESPACE = "http:///de/tudarmstadt/ukp/dkpro/core/api/metadata/type.ecore"
REPLACED = "characters that XML forbids were written as U+FFFD"

EVIDENCE = ("stance", "kind", "source", "quote", "url", "archived_url", "published", "annotation", "article")
LINK = ("relation", "aspect", "note", "author", "status")
_ARTICLE = (
    "article_id", "article_version", "article_sha256", "title", "url", "publisher", "agency", "byline", "published",
    "language", "group", "external_id",
)  # fmt: skip
_STRING, _ANNOTATION = "uima.cas.String", "uima.tcas.Annotation"
_TYPES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    f"{METADATA}.DocumentMetaData": (
        "uima.tcas.DocumentAnnotation",
        dict.fromkeys(("documentTitle", "documentId", "documentUri"), _STRING),
    ),
    f"{PACKAGE}.Article": ("uima.cas.AnnotationBase", dict.fromkeys(_ARTICLE, _STRING)),
    f"{PACKAGE}.Evidence": (
        "uima.cas.TOP",
        dict.fromkeys(EVIDENCE, _STRING) | dict.fromkeys(("start", "end"), "uima.cas.Integer"),
    ),
    f"{PACKAGE}.Claim": (
        _ANNOTATION,
        dict.fromkeys(("label", "claim_id", "author", *DETAILS), _STRING)
        | {"confidence": "uima.cas.Double", "evidence": "uima.cas.FSArray"},
    ),
    f"{PACKAGE}.ClaimLink": (
        _ANNOTATION,
        dict.fromkeys(("Governor", "Dependent"), f"{PACKAGE}.Claim") | dict.fromkeys(LINK, _STRING),
    ),
}
"""Each type with its supertype and its features."""

_FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_uima_xmi(_dataset: DatasetRecord, documents: Iterable[DocumentRecord], losses: Losses) -> Iterator[bytes]:
    """The archive with the type system and a file for each document, in chunks of bytes."""
    return write_archive(_files(documents, losses))


def _files(documents: Iterable[DocumentRecord], losses: Losses) -> Iterator[tuple[str, Iterable[bytes]]]:
    yield "TypeSystem.xml", [f"{line}\n".encode() for line in _type_system()]
    for document in documents:
        yield f"{file_stem(document)}.xmi", [f"{line}\n".encode() for line in _Writing(document, losses).lines()]


class _Writing:
    """One document while it is written."""

    def __init__(self, document: DocumentRecord, losses: Losses) -> None:
        self._document = document
        self._losses = losses
        self._offsets = Utf16Offsets(document.text)
        # 1 is the text (Sofa), 2 and 3 describe the document.
        self._ids = count(4)
        self._indexed = [2, 3]

    def lines(self) -> Iterator[str]:
        document = self._document
        yield '<?xml version="1.0" encoding="UTF-8"?>'
        yield (
            '<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore" '
            f'xmlns:custom="{NAMESPACE}" xmlns:type="{METADATA_NAMESPACE}" xmi:version="2.0">'
        )
        yield '<cas:NULL xmi:id="0"/>'
        described = {"documentTitle": document.title, "documentId": document.id, "documentUri": document.url}
        whole = {"sofa": 1, "begin": 0, "end": self._offsets.length, "language": document.language or "x-unspecified"}
        yield self._element("type:DocumentMetaData", 2, {**whole, **described})
        yield self._element("custom:Article", 3, {"sofa": 1, **document_fields(document)})
        claims = {record.id: (next(self._ids), record) for record in document.claims}
        for number, record in claims.values():
            yield from self._claim(number, record)
        for link in links_within(document, self._losses):
            yield self._link(link, claims[link.a][0], *claims[link.b])
        text = {"sofaNum": 1, "sofaID": "_InitialView", "mimeType": "text/plain", "sofaString": document.text}
        yield self._element("cas:Sofa", 1, text)
        yield f'<cas:View sofa="1" members="{" ".join(map(str, self._indexed))}"/>'
        yield "</xmi:XMI>"

    def _claim(self, number: int, record: ClaimRecord) -> Iterator[str]:
        claim = record.claim
        evidence = [(next(self._ids), item) for item in claim.evidence]
        details = {
            name: CHAIN.join(value) if isinstance(value, list) else value
            for name, value in claim_details(claim).items()
        }
        features = {
            "label": claim.label,
            "claim_id": str(record.id),
            "author": record.author,
            **details,
            "evidence": " ".join(str(each) for each, _ in evidence),
        }
        yield self._element("custom:Claim", number, {**self._place(record), **features})
        self._indexed.append(number)
        for each, item in evidence:
            yield self._element("custom:Evidence", each, evidence_details(item))
        if further_columns(record):
            self._losses["votes, outcomes and times of claims were left out"] += 1

    def _link(self, link: LinkRecord, governor: int, dependent: int, target: ClaimRecord) -> str:
        number = next(self._ids)
        self._indexed.append(number)
        said = {name: getattr(link, name) for name in LINK}
        # INCEpTION wants a relation to stand where its dependent stands.
        place = {**self._place(target), "Governor": governor, "Dependent": dependent}
        return self._element("custom:ClaimLink", number, {**place, **said})

    def _place(self, record: ClaimRecord) -> dict[str, object]:
        start, end = record.claim.start, record.claim.end
        return {"sofa": 1, "begin": self._offsets.units(start), "end": self._offsets.units(end)}

    def _element(self, name: str, number: int, features: Mapping[str, object]) -> str:
        given = [(each, str(value)) for each, value in features.items() if value not in ("", None)]
        return f'<{name} xmi:id="{number}" {" ".join(f"{each}={self._quoted(value)}" for each, value in given)}/>'

    def _quoted(self, value: str) -> str:
        replaced, times = _FORBIDDEN.subn("\ufffd", value)
        if times:
            self._losses[REPLACED] += times
        return quoteattr(replaced)


def _type_system() -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<typeSystemDescription xmlns="http://uima.apache.org/resourceSpecifier">'
    yield "<types>"
    for name, (supertype, features) in _TYPES.items():
        yield f"<typeDescription><name>{name}</name><supertypeName>{supertype}</supertypeName><features>"
        for feature, kind in features.items():
            element = f"<elementType>{PACKAGE}.Evidence</elementType>" if kind == "uima.cas.FSArray" else ""
            yield (
                f"<featureDescription><name>{feature}</name><rangeTypeName>{kind}</rangeTypeName>{element}"
                "</featureDescription>"
            )
        yield "</features></typeDescription>"
    yield "</types>"
    yield "</typeSystemDescription>"

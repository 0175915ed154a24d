"""Writer of documents for spaCy (https://spacy.io/api/docbin): DocBin files with the claims as SpanGroups, in a ZIP.

Gold stands in the group "sc", in which spaCy's own span categoriser looks; the reviewers' claims in a group for each
reviewer. Tokens are those of the blank pipeline of the article's language. A DocBin is held whole while it is written,
so that there are several: one for about every two million characters of a language.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from annotator.formats.archive import write_archive
from annotator.formats.records import CannotWrite, ClaimRecord, DatasetRecord, DocumentRecord, Losses

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, DocBin

GOLD_GROUP = "sc"
ANY_LANGUAGE = "xx"
MOST_CHARACTERS = 2_000_000
"""How much text goes into one file."""


@dataclass
class _Part:
    """The file of one language that is being filled."""

    pipeline: Language
    file: DocBin
    characters: int = 0


@dataclass
class _Parts:
    """The files that are being filled, by language, and how many there were of each."""

    open: dict[str, _Part] = field(default_factory=dict)
    count: dict[str, int] = field(default_factory=dict)
    rules: dict[str, str] = field(default_factory=dict)

    def for_tag(self, tag: str) -> tuple[str, _Part]:
        """The file for articles with this language tag, and the language by whose rules it has its tokens."""
        wanted = tag.partition("-")[0].lower() or ANY_LANGUAGE
        language = self.rules.get(wanted, wanted)
        if language not in self.open:
            pipeline = _pipeline(language)
            language = self.rules[wanted] = str(pipeline.lang)
            self.open.setdefault(language, _Part(pipeline, _empty_file()))
        return language, self.open[language]

    def closed(self, language: str) -> tuple[str, list[bytes]]:
        """The name and the bytes of the file of `language`; the next document of it opens another."""
        part = self.open.pop(language)
        self.count[language] = self.count.get(language, 0) + 1
        return f"{language}-{self.count[language]:04}.spacy", [part.file.to_bytes()]


def write_spacy(dataset: DatasetRecord, documents: Iterable[DocumentRecord], losses: Losses) -> Iterator[bytes]:
    """The archive of LANGUAGE-NNNN.spacy files. Raises CannotWrite without the library."""
    try:
        import spacy  # noqa: F401 -- whether it is there
    except ImportError:
        raise CannotWrite("spaCy files need spaCy: pip install 'annotator[spacy]'.") from None
    yield from write_archive(_files(dataset, documents, losses))


def _files(
    dataset: DatasetRecord, documents: Iterable[DocumentRecord], losses: Losses
) -> Iterator[tuple[str, list[bytes]]]:
    parts = _Parts()
    for document in documents:
        language, part = parts.for_tag(document.language)
        if language == ANY_LANGUAGE and document.language:
            losses["articles were cut into tokens by the rules for any language, not by those of their own"] += 1
        part.file.add(_doc(dataset, document, part.pipeline, losses))
        part.characters += len(document.text)
        if part.characters >= MOST_CHARACTERS:
            yield parts.closed(language)
    for language in list(parts.open):
        yield parts.closed(language)


def _pipeline(language: str) -> Language:
    """A blank pipeline. Where spaCy does not know the language, or needs a program that is not there, one for any."""
    import spacy

    try:
        pipeline = spacy.blank(language)
    except ImportError:
        pipeline = spacy.blank(ANY_LANGUAGE)
    # The limit is there for parsers and taggers, of which a blank pipeline has none.
    pipeline.max_length = 1 << 40
    return pipeline


def _empty_file() -> DocBin:
    from spacy.tokens import DocBin

    return DocBin(attrs=[], store_user_data=True)


def _doc(dataset: DatasetRecord, document: DocumentRecord, pipeline: Language, losses: Losses) -> Doc:
    from spacy.tokens import SpanGroup

    doc = pipeline.make_doc(document.text)
    doc.user_data.update(_facts_of_article(dataset, document))
    groups: dict[str, list[ClaimRecord]] = {}
    for record in document.claims:
        group = GOLD_GROUP if dataset.layer == "gold" else record.author
        groups.setdefault(group, []).append(record)
    for name, records in groups.items():
        spans, facts = [], []
        for record in records:
            claim = record.claim
            span = doc.char_span(
                claim.start, claim.end, label=claim.label, alignment_mode="expand", span_id=str(record.id)
            )
            if span is None:
                losses["claims without a token were left out"] += 1
                continue
            if (span.start_char, span.end_char) != (claim.start, claim.end):
                losses[
                    "claims that begin or end inside a token were widened; their attributes have the exact place"
                ] += 1
            spans.append(span)
            facts.append(_facts_of_claim(record))
        doc.spans[name] = SpanGroup(doc, name=name, spans=spans, attrs={"claims": facts})
    evidence = sum(len(record.claim.evidence) for record in document.claims)
    for what, count in (("evidence items", evidence), ("links between claims", len(document.links))):
        if count:
            losses[f"{what} were left out"] += count
    return doc


def _facts_of_article(dataset: DatasetRecord, document: DocumentRecord) -> dict[str, Any]:
    return {
        "project": dataset.project,
        "article_id": document.id,
        "external_id": document.external_id,
        "version": document.version,
        "sha256": document.sha256,
        "title": document.title,
        "publisher": document.publisher,
        "url": document.url,
        "published": document.published.isoformat() if document.published else None,
        "language": document.language,
    }


def _facts_of_claim(record: ClaimRecord) -> dict[str, Any]:
    claim = record.claim
    return {
        "id": str(record.id),
        "start": claim.start,
        "end": claim.end,
        "label": claim.label,
        "target": claim.target.value,
        "reason": claim.reason,
        "speaker": claim.speaker.name if claim.speaker else "",
        "claim_text": claim.claim_text,
        "note": claim.note,
        "author": record.author,
    }

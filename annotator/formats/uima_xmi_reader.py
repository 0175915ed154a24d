"""Reader of UIMA CAS files (XMI), such as INCEpTION and WebAnno write: one file, or a ZIP of them.

Which layers hold claims is told by their names: custom layers if there are any, else named entities and the like. What
a span is labelled with is its feature `label`, else `value`, else its only feature, else the name of its layer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any, BinaryIO

from annotator.formats.annotated import Places, article_of, label_of, reference_of, uuid_or_none
from annotator.formats.archive import opened_archive
from annotator.formats.claim_details import DETAILS, read_details
from annotator.formats.records import AnnotatedRecord, ReadClaim, ReadLink, RecordError
from annotator.formats.uima_xmi import EVIDENCE, METADATA_NAMESPACE, NAMESPACE

_XMI = "{http://www.omg.org/XMI}"
_ID = f"{_XMI}id"
_SOFA = "{http:///uima/cas.ecore}Sofa"
_TECHNICAL = frozenset({_ID, "sofa", "begin", "end", "order"})
_LINGUISTIC = ("/segmentation/", "/metadata/", "/lexmorph/", "/syntax/", "/morph/", "/coref/", "/uima/")
"""Packages whose spans are no claims: tokens, sentences, parts of speech."""


def read_uima_xmi(stream: BinaryIO, filename: str, *, limit: int) -> Iterator[AnnotatedRecord | RecordError]:
    """The documents of a file or archive, one by one, and all that is wrong with each; `limit` is in bytes for each file."""
    zipped = stream.read(2) == b"PK"
    stream.seek(0)
    if not zipped:
        content = stream.read(limit + 1)
        if len(content) > limit:
            yield RecordError(f"The file has more than {limit / 1e6:,.1f} MB.")
            return
        yield from _document(content, "", filename)
        return
    with opened_archive(stream, limit=limit) as archive:
        if isinstance(archive, RecordError):
            yield archive
            return
        names = [name for name in archive.names if name.endswith(".xmi")]
        for name in names:
            found = archive.read(name)
            if isinstance(found, RecordError):
                yield found
            else:
                yield from _document(found, name, filename)
        if not names:
            yield RecordError("The archive has no XMI file (.xmi).")


def _document(content: bytes, name: str, filename: str) -> Iterator[AnnotatedRecord | RecordError]:
    from lxml import etree  # type: ignore[import-untyped]

    # Nothing is fetched or expanded, and libxml2 keeps its limits of depth and length.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        yield RecordError(f"This is not XML, or too much of it: {error.msg}.", error.lineno, name or None)
        return
    if root.getroottree().docinfo.doctype:
        yield RecordError("A document type (DOCTYPE) is not allowed in it.", field=name or None)
    elif root.tag != f"{_XMI}XMI":
        yield RecordError("This is XML, but no CAS in XMI.", field=name or None)
    else:
        yield from _Cas(root, name, filename).records()


class _Cas:
    """One CAS while it is read."""

    def __init__(self, root: Any, name: str, filename: str) -> None:
        self._name = name
        self._filename = filename
        self._elements = [each for each in root if isinstance(each.tag, str)]
        self._by_id = {each.get(_ID): each for each in self._elements}
        self._errors: list[RecordError] = []
        texts = [each for each in self._elements if each.tag == _SOFA and each.get("sofaString") is not None]
        views = [each for each in texts if each.get("sofaID") == "_InitialView"]
        sofa: Mapping[str, str] = (views or texts)[0].attrib if texts else {}
        self._text = sofa.get("sofaString")
        self._sofa_id = sofa.get(_ID)
        self._places = Places(self._text or "")

    def records(self) -> Iterator[AnnotatedRecord | RecordError]:
        if self._text is None:
            yield RecordError("It has no text (a Sofa with a sofaString).", field=self._name or None)
            return
        fields = self._fields()
        article = article_of(self._text, fields, line=None, filename=self._filename)
        if isinstance(article, list):
            yield from (RecordError(error.problem, field=self._name or error.field) for error in article)
            return
        claims = [claim for layer in self._layers() for claim in self._claims(layer)]
        links = list(self._links({claim.key for claim in claims}))
        if self._errors:
            yield from self._errors
            return
        yield AnnotatedRecord(reference_of(fields), article, claims, links, article.warnings)

    def _fields(self) -> dict[str, object]:
        """What the file knows of the article: what our own writer put there, else the usual description."""
        own = next((each for each in self._elements if each.tag == f"{{{NAMESPACE}}}Article"), None)
        if own is not None:
            version = own.get("article_version", "")
            return {**own.attrib, "article_version": int(version) if version.isdecimal() and len(version) < 7 else None}
        descriptions = (each for each in self._elements if each.tag == f"{{{METADATA_NAMESPACE}}}DocumentMetaData")
        described: Mapping[str, str] = next((each.attrib for each in descriptions), {})
        name = described.get("documentId") or PurePath(self._name or self._filename).stem
        return {"title": described.get("documentTitle"), "external_id": name}

    def _layers(self) -> list[list[Any]]:
        """The spans of each layer that holds claims, in the order of the file."""
        layers: dict[str, list[Any]] = {}
        for each in self._elements:
            spans = each.get("begin") is not None and each.get("end") is not None and not _is_link(each)
            if spans and each.get("sofa") == self._sofa_id:
                layers.setdefault(each.tag, []).append(each)
        custom = [spans for tag, spans in layers.items() if "/custom" in tag]
        return custom or [spans for tag, spans in layers.items() if not any(package in tag for package in _LINGUISTIC)]

    def _claims(self, layer: list[Any]) -> Iterator[ReadClaim]:
        feature, name = _label_feature(layer), _layer_name(layer[0])
        for each in layer:
            label = label_of(each.get(feature, name) if feature else name)
            found = self._places.find(_number(each.get("begin")), _number(each.get("end")), units="utf-16")
            if isinstance(found, str) or label is None:
                self._fail(each, found if isinstance(found, str) else "The label is empty.")
                continue
            said: dict[str, object] = {detail: each.get(detail) for detail in DETAILS}
            said["evidence"] = [self._evidence(key) for key in (each.get("evidence") or "").split()]
            given, errors = read_details(said, line=each.sourceline, place=f"{self._name}: " if self._name else "")
            self._errors += errors
            yield ReadClaim(
                label=label,
                quote=self._places.quote(found),
                start=found.start,
                end=found.end,
                id=uuid_or_none(each.get("claim_id")),
                key=each.get(_ID) or "",
                author=label_of(each.get("author")) or "",
                line=each.sourceline,
                **given,
            )

    def _evidence(self, key: str) -> Mapping[str, object]:
        item = self._by_id.get(key, {})
        return {name: item.get(name) for name in EVIDENCE} | {
            name: _number(item.get(name)) for name in ("start", "end")
        }

    def _links(self, keys: set[str]) -> Iterator[ReadLink]:
        for each in self._elements:
            a, b = each.get("Governor"), each.get("Dependent")
            if _is_link(each) and a in keys and b in keys:
                feature = (
                    "relation" if each.get("relation") else _label_feature([each], besides=("Governor", "Dependent"))
                )
                relation = (feature and each.get(feature)) or _layer_name(each)
                yield ReadLink(a, b, relation, each.get("aspect") or "", each.get("note") or "")

    def _fail(self, element: Any, problem: str) -> None:
        self._errors.append(RecordError(problem, element.sourceline, self._name or None))


def _layer_name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _is_link(element: Any) -> bool:
    return element.get("Governor") is not None and element.get("Dependent") is not None


def _label_feature(layer: list[Any], *, besides: tuple[str, ...] = ()) -> str | None:
    """The feature that says what the spans of a layer are, or None if there is none or one cannot tell."""
    features = {name for each in layer for name in each.attrib} - _TECHNICAL - set(besides)
    preferred = next((name for name in ("label", "value") if name in features), None)
    return preferred or (features.pop() if len(features) == 1 else None)


def _number(digits: str | None) -> int | None:
    return int(digits) if digits and digits.isascii() and digits.isdecimal() and len(digits) < 16 else None

"""Reader of W3C Web Annotations (https://www.w3.org/TR/annotation-model/), ours and those of other tools.

A file holds an AnnotationPage, an AnnotationCollection with its first page in it, one Annotation, or a list of them.
Offsets are code points, as the model counts. Annotations of pictures, of whole pages, or of places that only a web
browser can find mark no text; they are left out with a warning.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO

from annotator.formats.annotated import reference_of
from annotator.formats.fields import is_web_address
from annotator.formats.json_values import parse_json
from annotator.formats.records import AnnotatedRecord, ArticleReference, ReadClaim, ReadLink, RecordError
from annotator.formats.web_annotation.claims import claim_of, links_of, own_terms
from annotator.formats.web_annotation.model import ARTICLE, as_list, has_context, problems
from annotator.formats.web_annotation.passages import NO_PASSAGE, passage

_Annotations = tuple[list[Any], list[str]]


@dataclass
class _Article:
    """What was found about one source."""

    reference: ArticleReference
    claims: list[ReadClaim] = field(default_factory=list)
    links: list[ReadLink] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)


def read_web_annotations(
    stream: BinaryIO,
    filename: str,  # noqa: ARG001 -- the file itself says what it is about
    *,
    limit: int,
) -> Iterator[AnnotatedRecord | RecordError]:
    """The articles that the annotations of a file are about, each with its claims, in the order of first mention.

    `limit` is in bytes: the file is one JSON value and is read whole. Every annotation that breaks the model is an error.
    """
    found = _annotations(_parsed(stream, limit))
    if isinstance(found, RecordError):
        yield found
        return
    annotations, warnings = found
    articles: dict[str, _Article] = {}
    refused = False
    for number, annotation in enumerate(annotations):
        for error in _errors(annotation, f"items[{number}]") or _taken(annotation, articles, place=f"items[{number}]"):
            refused = True
            yield error
    if refused:
        return
    for article in articles.values():
        left_out = [f"{count} annotation{'' if count == 1 else 's'}: {why}" for why, count in article.left_out.items()]
        yield AnnotatedRecord(
            article.reference, claims=article.claims, links=article.links, warnings=(*warnings, *left_out)
        )
        warnings = []
    if warnings:
        yield AnnotatedRecord(ArticleReference(), warnings=warnings)


def _parsed(stream: BinaryIO, limit: int) -> object:
    content = stream.read(limit + 1)
    if len(content) > limit:
        return RecordError(f"The file has more than {limit:,} bytes, and web annotations are read whole: divide it.")
    try:
        return parse_json(content.decode("utf-8-sig"), 1)
    except UnicodeDecodeError:
        return RecordError("The file is not in UTF-8, as JSON has to be.")


def _annotations(content: object) -> _Annotations | RecordError:
    """The annotations of a file, and what the person should know of it."""
    if isinstance(content, RecordError):
        return content
    if isinstance(content, list):
        if not all(isinstance(one, dict) and has_context(one) for one in content):
            return RecordError("Each annotation of a list needs the @context of the model.")
        return content, ([] if content else ["The file holds no annotation."])
    if not isinstance(content, dict) or not has_context(content):
        return RecordError('This is no web annotation: its @context must be "http://www.w3.org/ns/anno.jsonld".')
    types = as_list(content.get("type"))
    if "AnnotationCollection" in types:
        return _of_page(content.get("first"))
    return _of_page(content) if "AnnotationPage" in types else ([content], [])


def _of_page(page: object) -> _Annotations | RecordError:
    if not isinstance(page, dict):
        return [], ["The collection gives its pages by address only, and no address is ever fetched: import the pages."]
    items = page.get("items", [])
    if not isinstance(items, list):
        return RecordError("The items of a page must be a list.")
    warnings = [] if items else ["The file holds no annotation."]
    return items, ([*warnings, "There is another page, which is not in this file."] if "next" in page else warnings)


def _errors(annotation: Any, place: str) -> list[RecordError]:
    if not isinstance(annotation, dict):
        return [RecordError("This must be an object.", field=place)]
    return [RecordError(problem, field=f"{place}.{key}") for key, problem in problems(annotation)]


def _taken(annotation: Mapping[str, Any], articles: dict[str, _Article], *, place: str) -> list[RecordError]:
    """Add what the annotation marks to the articles that it is about; what is wrong with it."""
    targets = [target for given in as_list(annotation["target"]) for target in _targets(given)]
    marked = 0
    for source, selectors in targets:
        article = articles.setdefault(source, _Article(_reference(source, annotation)))
        marks = passage(selectors)
        if marks == NO_PASSAGE:
            article.left_out["marks no text that could be found, and was left out"] += 1
            continue
        marked += 1
        claim = claim_of(annotation, marks, copy=marked, place=place)
        if not isinstance(claim, ReadClaim):
            return claim
        article.claims.append(claim)
        if marked == 1:
            article.links.extend(links_of(annotation))
    return []


def _targets(target: Any) -> Iterator[tuple[str, list[Any]]]:
    """Each source that a target names, with the selectors on it."""
    if isinstance(target, str):
        yield target, []
    elif "items" in target:
        for part in as_list(target["items"]):
            yield from _targets(part)
    elif "source" in target:
        source = target["source"]
        name = source.get("id", "") if isinstance(source, dict) else source
        yield str(name), as_list(target.get("selector"))
    else:
        yield str(target.get("id", "")), []


def _reference(source: str, annotation: Mapping[str, Any]) -> ArticleReference:
    terms = own_terms(annotation)
    given = {"article_sha256": terms.get("article_sha256"), "title": terms.get("article_title")}
    given |= {"external_id": terms.get("article_external_id"), "url": terms.get("article_url")}
    if source.startswith(ARTICLE):
        name, _, version = source.removeprefix(ARTICLE).partition(":version:")
        given |= {"article_id": name}
        number = int(version) if version.isdecimal() and len(version) < 9 else None
        return replace(reference_of(given), version=number)
    return reference_of(given | ({"url": source} if is_web_address(source) else {"external_id": source}))

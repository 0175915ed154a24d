"""What the W3C Web Annotation model demands of an annotation, and the words that we add to it.

https://www.w3.org/TR/annotation-model/: sections 3.1 (id, type, target), 3.2.4 and 3.2.5 (bodies in words),
3.3.1 (times), 3.3.6 and 3.3.7 (addresses), 4 and 4.2 (specific resources and selectors).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from annotator.domain.text import problem_with
from annotator.formats.json_values import whole_number

ANNO = "http://www.w3.org/ns/anno.jsonld"
TERM = "annotator:"
CONTEXT = [ANNO, {"annotator": "urn:annotator:terms:"}]
ARTICLE = "urn:annotator:article:"

Problem = tuple[str, str]
"""The key that is wrong, and why, in a sentence."""

_TIME = re.compile(r"\d{4,}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})?")
_DEEPEST = 40


def has_context(given: dict[str, Any]) -> bool:
    """Whether the object is said to be in the words of the model."""
    contexts = as_list(given.get("@context"))
    return any(isinstance(one, str) and one.replace("https://", "http://", 1) == ANNO for one in contexts)


def as_list(value: Any) -> list[Any]:
    """Where the model allows one or several: several, perhaps none."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def is_iri(value: object) -> bool:
    """Whether `value` is one address; a relative one is allowed, since tools use "#id" before they publish."""
    return isinstance(value, str) and _is_text(value) and value != "" and not any(map(str.isspace, value))


def problems(annotation: dict[str, Any]) -> Iterator[Problem]:
    """What is wrong with an annotation; nothing if the model takes it."""
    for key, (is_right, problem) in _RULES.items():
        # Where the model allows several values, each of them has to be right.
        values = as_list(annotation.get(key)) if key in _SEVERAL else [annotation.get(key)]
        if (key in annotation or key in _NEEDED) and not all(is_right(value) for value in values):
            yield key, problem
    if "body" in annotation and "bodyValue" in annotation:
        yield "bodyValue", "There is a body already, and it has to be one of them."
    if not as_list(annotation.get("target")):
        yield "target", "An annotation is about something, and this has no target."
    for key in ("body", "target"):
        for resource in as_list(annotation.get(key)):
            yield from ((key, problem) for problem in _problems_of_resource(resource, 0))


def _is_text(value: object) -> bool:
    return isinstance(value, str) and problem_with(value) is None


def _is_time(value: object) -> bool:
    return isinstance(value, str) and _TIME.fullmatch(value) is not None


def _is_agent(value: object) -> bool:
    return is_iri(value) or isinstance(value, dict)


_ONE_TIME = (_is_time, "This must be one time, such as 2026-01-31T12:00:00Z.")
_ADDRESS = (is_iri, "This must be an address.")
_AGENT = (_is_agent, "This must be an address or an object.")
_RULES: dict[str, tuple[Callable[[object], bool], str]] = {
    "type": (lambda value: "Annotation" in as_list(value), "This is not 'Annotation'."),
    "id": (is_iri, "An annotation has exactly one address."),
    "bodyValue": (_is_text, "This must be text."),
    "created": _ONE_TIME,
    "modified": _ONE_TIME,
    "generated": _ONE_TIME,
    "rights": _ADDRESS,
    "canonical": _ADDRESS,
    "via": _ADDRESS,
    "creator": _AGENT,
    "generator": _AGENT,
}
_NEEDED = frozenset({"type", "id"})
_SEVERAL = frozenset({"rights", "via", "creator", "generator"})


def _problems_of_resource(resource: object, depth: int) -> Iterator[str]:
    if not isinstance(resource, dict):
        if not is_iri(resource):
            yield "This must be an address or an object."
        return
    types = as_list(resource.get("type"))
    if "TextualBody" in types and not _is_text(resource.get("value")):
        yield "A TextualBody has one value, a text."
    if ("SpecificResource" in types or "selector" in resource) and "source" not in resource:
        yield "A SpecificResource has a source."
    if "id" in resource and not is_iri(resource["id"]):
        yield "The id must be an address."
    if "items" in resource and not types:
        yield "Items without a type (Choice, Composite, List, Independents) cannot be understood."
    if depth > _DEEPEST:
        yield "This is nested too deeply."
        return
    for part in as_list(resource.get("items")):
        yield from _problems_of_resource(part, depth + 1)
    for selector in as_list(resource.get("selector")):
        yield from _problems_of_selector(selector, depth + 1)


def _problems_of_selector(selector: object, depth: int) -> Iterator[str]:
    if not isinstance(selector, dict):
        if not is_iri(selector):
            yield "A selector must be an address or an object."
        return
    types = as_list(selector.get("type"))
    for kind in types:
        keys, is_right, problem = _SELECTORS.get(str(kind), _ANYTHING)
        if not all(is_right(selector.get(key)) for key in keys):
            yield problem
    if "TextQuoteSelector" in types and not all(_is_text(selector.get(key, "")) for key in ("prefix", "suffix")):
        yield "The prefix and suffix of a quote are one text each."
    start, end = whole_number(selector.get("start")), whole_number(selector.get("end"))
    if start is not None and end is not None and start > end:
        yield "The end of a position is not before its start."
    if depth > _DEEPEST:
        yield "This is nested too deeply."
        return
    for key in ("startSelector", "endSelector", "refinedBy"):
        for inner in as_list(selector.get(key)):
            yield from _problems_of_selector(inner, depth + 1)


def _is_count(value: object) -> bool:
    number = whole_number(value)
    return number is not None and number >= 0


_Rule = tuple[tuple[str, ...], Callable[[object], bool], str]
_POSITION = (("start", "end"), _is_count, "The start and end of a position are whole numbers, 0 or more.")
_VALUE = (("value",), _is_text, "The value of a selector is one text.")
_ANYTHING: _Rule = ((), _is_text, "")
_SELECTORS: dict[str, _Rule] = {
    "TextPositionSelector": _POSITION,
    "DataPositionSelector": _POSITION,
    "TextQuoteSelector": (("exact",), _is_text, "The exact of a quote is one text."),
    "FragmentSelector": _VALUE,
    "CssSelector": _VALUE,
    "XPathSelector": _VALUE,
    "RangeSelector": (
        ("startSelector", "endSelector"),
        _is_agent,
        "A RangeSelector has a startSelector and an endSelector.",
    ),
}

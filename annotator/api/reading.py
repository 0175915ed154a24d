"""What a request brings: its JSON body, its query and the version in If-Match, each checked before anything is done."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from flask import Request
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from annotator.api.problems import Malformed
from annotator.errors import FieldProblem, Invalid

Model = TypeVar("Model", bound=BaseModel)

MOST_PROBLEMS = 100
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_JSON = re.compile(r"application/(?:[a-z0-9.+-]+\+)?json", re.IGNORECASE)
_ETAG = re.compile(r'\s*(?:"(?P<quoted>[\x21\x23-\x7e]*)"|(?P<bare>[0-9]+))\s*')
_WEAK = re.compile(r'\s*W/"[\x21\x23-\x7e]*"\s*')
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_VERSION = re.compile("[0-9]{1,9}")
NO_VERSION = 0
"""No claim ever has this version, so that it matches nothing."""


def body_of(request: Request, *models: type[Model], most: int, optional: bool = False) -> Model:
    """The JSON body as the first of `models`; with a second one, whose first field the body holds, as that.

    Raises Malformed if it is not JSON, Invalid with every field that is wrong, RequestEntityTooLarge beyond `most`
    bytes. An empty body is `{}` if `optional`.
    """
    content = _content(request, most)
    if not content.strip() and optional:
        return _validated(models[0], b"{}")
    if not _JSON.fullmatch(request.mimetype):
        raise UnsupportedMediaType
    if content.startswith(BYTE_ORDER_MARK):
        raise Malformed("The body begins with a byte order mark (U+FEFF). Send the JSON without it.")
    wanted = models[0]
    for other in models[1:]:
        if next(iter(other.model_fields)) in _names_in(content):
            wanted = other
    found = _validated(wanted, content)
    _refuse_repeated_names(content)
    return found


def query_of(request: Request, model: type[Model]) -> Model:
    """The query as `model`; a parameter that is given twice, or that is unknown, is refused."""
    for name, values in request.args.lists():
        if len(values) > 1:
            raise Invalid.field(_shown(name), "This parameter is given more than once.")
    try:
        return model.model_validate_strings(request.args.to_dict())
    except ValidationError as error:
        raise _invalid(error) from None


def if_match(request: Request) -> int | None:
    """The version that the request changes; None if it names none.

    "*" names none: it would overwrite whatever is there. A weak tag, or one that is no version, matches nothing.
    Raises Malformed for what is no entity tag and for several of them.
    """
    header = request.headers.get("If-Match")
    if header is None or header.strip() in {"", "*"}:
        return None
    if _WEAK.fullmatch(header):
        return NO_VERSION
    tag = _ETAG.fullmatch(header)
    if tag is None:
        raise Malformed('If-Match must be one version in quotes, such as If-Match: "3".')
    value = tag["quoted"] if tag["bare"] is None else tag["bare"]
    return int(value) if _VERSION.fullmatch(value) else NO_VERSION


def _content(request: Request, most: int) -> bytes:
    """The body, not read further than `most` bytes, whether or not its length was announced."""
    if request.content_length is not None and request.content_length > most:
        raise RequestEntityTooLarge
    content = request.stream.read(most + 1)
    if len(content) > most:
        raise RequestEntityTooLarge
    return content


def _validated(model: type[Model], content: bytes) -> Model:
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        raise _problem(error, content) from None


def _problem(error: ValidationError, content: bytes) -> Malformed | Invalid:
    first = error.errors(include_url=False, include_input=False)[0]
    if first["type"] != "json_invalid":
        return _invalid(error)
    reason = str(first["ctx"]["error"])
    if "hex escape" in reason and _SURROGATE.search(content):
        sentence = f"The body holds half of a surrogate pair, which is not a character: {reason}."
        return Invalid(sentence, [FieldProblem("", sentence)])
    if "recursion" in reason:
        return Malformed("The body is nested too deeply.")
    return Malformed(f"The body is not JSON: {reason}.")


def _invalid(error: ValidationError) -> Invalid:
    problems = [
        FieldProblem(_path(detail["loc"]), _sentence(detail))
        for detail in error.errors(include_url=False, include_input=False)[:MOST_PROBLEMS]
    ]
    return invalid(problems)


def invalid(problems: Sequence[FieldProblem]) -> Invalid:
    """One error of all `problems`, whose sentence tells the first of them."""
    first = problems[0]
    place = f"Field '{first.field}': " if first.field else ""
    more = f" ({len(problems) - 1} more in 'errors')" if len(problems) > 1 else ""
    return Invalid(f"{place}{first.message}{more}", problems)


def _path(location: Sequence[int | str]) -> str:
    return ".".join(_shown(str(part)) for part in location)


def _shown(name: str) -> str:
    return name if len(name) <= 80 else f"{name[:80]}…"


def _sentence(detail: ErrorDetails) -> str:
    """What is wrong, in plain words."""
    if detail["type"] == "text":
        return detail["msg"]  # The schemas' own sentence.
    context: Mapping[str, Any] = detail.get("ctx", {})
    say = _SENTENCES.get(detail["type"])
    return say(context) if say else f"{detail['msg']}."


def _list_of(context: Mapping[str, Any]) -> str:
    return str(context.get("expected", "")).replace("'", "").replace(" or ", ", ")


def _counted(context: Mapping[str, Any]) -> str:
    return "entries" if context.get("field_type") == "List" else "characters"


_SENTENCES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "missing": lambda _: "This field is needed.",
    "extra_forbidden": lambda _: "There is no field of this name here.",
    "model_type": lambda _: "A JSON object is needed.",
    "model_attributes_type": lambda _: "A JSON object is needed.",
    "list_type": lambda _: "A list is needed.",
    "string_type": lambda _: "Text in quotes is needed.",
    "int_type": lambda _: "A whole number is needed.",
    "int_parsing": lambda _: "A whole number is needed.",
    "int_parsing_size": lambda _: "This number is too large.",
    "int_from_float": lambda _: "A whole number is needed.",
    "float_type": lambda _: "A number is needed.",
    "finite_number": lambda _: "A finite number is needed.",
    "bool_type": lambda _: "true or false is needed.",
    "date_type": lambda _: "A date in quotes (YYYY-MM-DD) is needed.",
    "uuid_type": lambda _: "A UUID in quotes is needed.",
    "uuid_parsing": lambda _: "This is not a UUID.",
    "enum": lambda context: f"This is not one of {_list_of(context)}.",
    "greater_than_equal": lambda context: f"At least {context['ge']:g} is needed.",
    "less_than_equal": lambda context: f"At most {context['le']:,} is possible.",
    "string_too_long": lambda context: f"At most {context['max_length']:,} characters are possible.",
    "string_too_short": lambda context: f"At least {context['min_length']:,} characters are needed.",
    "too_long": lambda context: f"At most {context['max_length']:,} {_counted(context)} are possible.",
    "too_short": lambda context: f"At least {context['min_length']:,} {_counted(context)} are needed.",
    "string_pattern_mismatch": lambda _: "This is not written as it must be; the API's description shows how.",
}


def _names_in(content: bytes) -> frozenset[str]:
    """The names of the outermost object; none if it is none, or no JSON, which validation will tell."""
    try:
        found = json.loads(content, **_AS_TEXT)
    except (ValueError, RecursionError):
        return frozenset()
    return frozenset(found) if isinstance(found, dict) else frozenset()


def _refuse_repeated_names(content: bytes) -> None:
    """Of two fields of one name either could be meant. The content is valid already, so it is not nested deeply."""

    def once(pairs: list[tuple[str, Any]]) -> None:
        names = [name for name, _ in pairs]
        if len(set(names)) < len(names):
            twice = _shown(next(name for name in names if names.count(name) > 1))
            raise Invalid.field(twice, f"The field '{twice}' is given more than once.")

    json.loads(content, object_pairs_hook=once, **_AS_TEXT)


# Numbers stay text: thousands of digits would otherwise raise or take long, and nobody looks at them here.
_AS_TEXT: dict[str, Any] = {"parse_int": str, "parse_float": str, "parse_constant": str}

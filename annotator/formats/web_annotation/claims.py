"""The claim that an annotation makes: in its bodies by the model, in our own terms where it has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from annotator.domain.text import problem_with
from annotator.formats.annotated import uuid_or_none
from annotator.formats.claim_details import read_details
from annotator.formats.records import ReadClaim, ReadLink, RecordError
from annotator.formats.web_annotation.model import TERM, as_list
from annotator.formats.web_annotation.passages import Passage

Annotation = Mapping[str, Any]


def claim_of(annotation: Annotation, passage: Passage, *, copy: int, place: str) -> ReadClaim | list[RecordError]:
    """The claim on one passage, or all that is wrong with our own terms in it.

    An annotation of several passages makes a claim of each; `copy` counts them from 1. `place` names it in errors.
    """
    label, reason, note = _bodies(annotation)
    details, errors = read_details(own_terms(annotation), place=f"{place}.{TERM}")
    if errors:
        return errors
    return ReadClaim(
        label=label,
        quote=passage.quote,
        start=passage.start,
        end=passage.end,
        id=uuid_or_none(annotation["id"]) if copy == 1 else None,
        key=annotation["id"] if copy == 1 else f"{annotation['id']}#{copy}",
        author=_creator(annotation),
        **(details | {"reason": reason, "note": note}),
    )


def links_of(annotation: Annotation) -> Iterator[ReadLink]:
    """The links of our own terms that begin at the annotation."""
    for link in own_terms(annotation).get("links", ()):
        if isinstance(link, dict):
            words = {name: value for name, value in link.items() if isinstance(value, str)}
            yield ReadLink(
                annotation["id"],
                words.get("with", ""),
                words.get("relation", ""),
                aspect=words.get("aspect", ""),
                note=words.get("note", ""),
            )


def own_terms(annotation: Annotation) -> dict[str, Any]:
    """What stands under our own terms, here and in what is nested in it, by their names without the prefix."""
    return {name.removeprefix(TERM): _bare(value) for name, value in annotation.items() if name.startswith(TERM)}


def _bare(value: Any) -> Any:
    if isinstance(value, list):
        return [own_terms(one) if isinstance(one, dict) else one for one in value]
    return own_terms(value) if isinstance(value, dict) else value


def _bodies(annotation: Annotation) -> tuple[str, str, str]:
    """Label, reason and note: what classifies, what tags, and all other words. Without the first a tag is the label."""
    classes: list[str] = []
    tags: list[str] = []
    words: list[str] = []
    motivation = next(iter(as_list(annotation.get("motivation"))), "")
    if "bodyValue" in annotation:
        words.append(annotation["bodyValue"])
    for body in as_list(annotation.get("body")):
        purpose, value = _words(body)
        purpose = purpose or motivation
        kept = {"classifying": classes, "tagging": tags}.get(purpose, words)
        if value:
            kept.append(value)
    label = (classes or tags or [""])[0]
    if classes:
        reason, rest = (tags or [""])[0], [*classes[1:], *tags[1:]]
    else:
        reason, rest = "", tags[1:]
    return label, reason, "\n\n".join([*rest, *words])


def _words(body: Any) -> tuple[str, str]:
    """The purpose of a body and its words, or its address. Of a choice the first counts."""
    if isinstance(body, str):
        return "", body
    if "items" in body:
        return _words(next(iter(as_list(body["items"])), ""))
    purpose = next(iter(as_list(body.get("purpose"))), "")
    value = body.get("value") or body.get("source") or body.get("id") or ""
    return str(purpose), value if isinstance(value, str) else str(value.get("id", ""))


def _creator(annotation: Annotation) -> str:
    """What the first creator is called, else its address."""
    creator = next(iter(as_list(annotation.get("creator"))), "")
    names = [creator.get(key) for key in ("name", "nickname", "id")] if isinstance(creator, dict) else [creator]
    given = [name for each in names for name in as_list(each) if isinstance(name, str) and name]
    return given[0] if given and problem_with(given[0]) is None else ""

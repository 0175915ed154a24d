"""Reader of Label Studio's exports: JSON and JSON_MIN, annotations or predictions, of any labelling configuration.

A region with a label is a claim. Controls of the same region that are named as ours (see label_studio.py) are its
details, and so is what our own writer put into `meta`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from annotator.domain.claims import Aspect
from annotator.formats.annotated import Places, article_of, label_of, reference_of, uuid_or_none
from annotator.formats.claim_details import read_details
from annotator.formats.decoding import encoding_of_stream, text_of_stream
from annotator.formats.json_values import json_elements
from annotator.formats.label_studio import CONTROLS, LISTED
from annotator.formats.records import AnnotatedRecord, ReadClaim, ReadLink, RecordError

_DETAILS = frozenset(kind for kind, _ in CONTROLS.values())
_ASPECTS = tuple(Aspect)


def read_label_studio(stream: BinaryIO, filename: str, *, limit: int) -> Iterator[AnnotatedRecord | RecordError]:
    """The tasks of a file, one by one, and all that is wrong with each; `limit` is in characters for each task.

    A task that has annotations gives these, else its predictions. Offsets are compared with the words of the region,
    so that files of the time when Label Studio counted UTF-16 come out right too.
    """
    encoding = encoding_of_stream(stream)
    if isinstance(encoding, RecordError):
        yield encoding
        return
    empty = True
    with text_of_stream(stream, encoding.name) as text:
        for line, task in json_elements(text, limit=limit):
            empty = False
            if isinstance(task, RecordError):
                yield task
            elif isinstance(task, dict):
                yield from _Task(task, line, filename).records()
            else:
                yield RecordError("A task must be an object.", line)
    if empty:
        yield RecordError("The file has no task.")


class _Task:
    """One task while it is read."""

    def __init__(self, task: Mapping[str, Any], line: int, filename: str) -> None:
        self._task = task
        self._line = line
        self._filename = filename
        self._errors: list[RecordError] = []
        self._warnings: dict[str, None] = {}
        self._claims: list[ReadClaim] = []
        self._links: list[ReadLink] = []
        self._owners: dict[str, str] = {}
        self._places = Places("")

    def records(self) -> Iterator[AnnotatedRecord | RecordError]:
        fields = self._task.get("data", self._task)
        text = self._text(fields)
        if text is None:
            yield from self._errors
            return
        article = article_of(text, fields, line=self._line, filename=self._filename)
        if isinstance(article, list):
            yield from article
            return
        self._places = Places(text)
        for name, author, result in self._answers():
            self._read(name, author, result)
        if self._places.counted_in_utf16:
            self._warn(
                "Some offsets count UTF-16 code units, as old versions of Label Studio did; they were converted."
            )
        if self._errors:
            yield from self._errors
            return
        yield AnnotatedRecord(
            reference_of(fields), article, self._claims, self._links, (*article.warnings, *self._warnings), self._line
        )

    def _text(self, fields: object) -> str | None:
        if not isinstance(fields, dict):
            self._fail("data", "This must be an object.")
            return None
        texts = [name for name, value in fields.items() if isinstance(value, str)]
        if isinstance(fields.get("text"), str):
            return str(fields["text"])
        if len(texts) == 1 and fields is not self._task:
            return str(fields[texts[0]])
        self._fail("data.text", "The task has no such text.")
        return None

    def _answers(self) -> Iterator[tuple[str, str, Sequence[object]]]:
        """Where the answers stand, whose they are, and their parts."""
        for kind in ("annotations", "completions", "predictions"):
            answers = self._task.get(kind) or []
            if not isinstance(answers, list) or not all(isinstance(answer, dict) for answer in answers):
                self._fail(kind, "This must be a list of objects.")
                return
            if not answers:
                continue
            for number, answer in enumerate(answers):
                result = answer.get("result") or []
                if answer.get("was_cancelled"):
                    self._warn("Tasks that somebody skipped were passed over.")
                elif not isinstance(result, list):
                    self._fail(f"{kind}[{number}].result", "This must be a list.")
                else:
                    yield f"{kind}[{number}].result", _author(answer), result
            if kind != "predictions" and self._task.get("predictions"):
                self._warn("Predictions beside annotations were not read.")
            return
        yield from self._short_answers()

    def _short_answers(self) -> Iterator[tuple[str, str, Sequence[object]]]:
        """JSON_MIN: regions as lists beside the text, each under the name of its control."""
        for name, value in self._task.items():
            if isinstance(value, list) and value and all(isinstance(each, dict) and "start" in each for each in value):
                yield name, _name(self._task.get("annotator")), [{"value": each, "type": "labels"} for each in value]

    def _read(self, name: str, author: str, result: Sequence[object]) -> None:
        parts = [part for part in result if isinstance(part, dict) and isinstance(part.get("value", {}), dict)]
        if len(parts) != len(result):
            self._fail(name, "Each part of a result must be an object, and its value too.")
            return
        details: dict[str, dict[str, Any]] = {}
        for part in parts:
            if part.get("type") in _DETAILS:
                self._detail(part, details)
        for number, part in enumerate(parts):
            if part.get("type") == "relation":
                self._relation(part, name)
            elif part.get("type") not in _DETAILS:
                said = details.get(part["id"], {}) if isinstance(part.get("id"), str) else {}
                self._region(part, said, name=name, number=number, author=author)

    def _detail(self, part: Mapping[str, Any], details: dict[str, dict[str, Any]]) -> None:
        name, kind = part.get("from_name"), part["type"]
        if not isinstance(name, str) or CONTROLS.get(name, ("",))[0] != kind or not isinstance(part.get("id"), str):
            self._warn(f"What was said with “{_name(name)}” was not read.")
            return
        value = part.get("value", {}).get(CONTROLS[name][1])
        if isinstance(value, list) and kind in LISTED and name != "speaker_chain":
            value = "\n".join(str(each) for each in value)
        details.setdefault(part["id"], {})[name] = value

    def _region(self, part: Mapping[str, Any], said: Mapping[str, Any], *, name: str, number: int, author: str) -> None:
        value, meta = part.get("value", {}), part.get("meta")
        labels = value.get(part.get("type")) if isinstance(part.get("type"), str) else None
        if not isinstance(labels, list) or not labels or not isinstance(value.get("start"), int | float):
            self._warn("Regions that have no label, or are not passages of a text, were passed over.")
            return
        place = f"{name}[{number}]"
        words = value.get("text")
        found = self._places.find(value["start"], value.get("end"), words=words if isinstance(words, str) else None)
        if isinstance(found, str):
            self._fail(f"{place}.value", found)
            return
        meta = meta if isinstance(meta, dict) else {}
        read, errors = read_details(
            {"note": _note(meta), "evidence": meta.get("evidence"), **said}, line=self._line, place=f"{place}."
        )
        self._errors += errors
        key = self._key(part.get("id"), name)
        for count, label in enumerate(labels):
            if label_of(label) is None:
                self._fail(f"{place}.value.labels", "A label must be text.")
                continue
            self._claims.append(
                ReadClaim(
                    label=label,
                    quote=self._places.quote(found),
                    start=found.start,
                    end=found.end,
                    id=uuid_or_none(key) if count == 0 else None,
                    key=key if count == 0 else f"{key} {label}",
                    author=_name(meta.get("author")) or author,
                    line=self._line,
                    **read,
                )
            )

    def _relation(self, part: Mapping[str, Any], name: str) -> None:
        a, b, labels = (
            self._key(part.get("from_id"), name),
            self._key(part.get("to_id"), name),
            part.get("labels") or [],
        )
        if not a or not b or not isinstance(labels, list):
            self._fail(name, "A relation must name two regions and its labels.")
            return
        if part.get("direction") == "left":
            a, b = b, a
        aspects = [label for label in labels if label in _ASPECTS]
        relations = [_name(label) for label in labels if label not in aspects]
        self._links.append(ReadLink(a, b, (relations or [""])[0], (aspects or [""])[0]))

    def _key(self, identifier: object, name: str) -> str:
        """The id of a region, which a copied annotation repeats: then with the answer that it stands in."""
        if not isinstance(identifier, str):
            return ""
        return identifier if self._owners.setdefault(identifier, name) == name else f"{name} {identifier}"

    def _fail(self, field: str, problem: str) -> None:
        self._errors.append(RecordError(problem, self._line, field))

    def _warn(self, sentence: str) -> None:
        self._warnings[sentence] = None


def _author(answer: Mapping[str, Any]) -> str:
    by = answer.get("completed_by", answer.get("model_version"))
    if isinstance(by, dict):
        by = by.get("email") or by.get("id")
    return _name(by)


def _note(meta: Mapping[str, Any]) -> str:
    """The note that a person wrote on a region in Label Studio's own panel."""
    text = meta.get("text")
    return "\n".join(each for each in text if isinstance(each, str)) if isinstance(text, list) else _name(text)


def _name(value: object) -> str:
    """A name or number of the file as text; "" for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return label_of(value) or ""

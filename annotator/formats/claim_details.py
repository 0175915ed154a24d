"""What a claim says beyond its place and its label, as plain values by the names of the export's columns.

Every format that can hold named values writes `claim_details` and reads them back with `read_details`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from annotator.domain.claims import Claim, Evidence, SourceKind, Speaker, SpeakerMode, Stance, Target
from annotator.domain.extract.dates import iso_date
from annotator.domain.text import problem_with
from annotator.formats.fields import shown
from annotator.formats.json_values import whole_number
from annotator.formats.records import ClaimRecord, RecordError, Value

CHAIN = " → "
"""Joins the relay of a speaker where a format has no lists, as in the column `speaker_chain`."""

TEXTS = ("reason", "claim_text", "note")
ENUMERATIONS: Mapping[str, type[StrEnum]] = {
    "target": Target,
    "speaker_kind": SourceKind,
    "speaker_mode": SpeakerMode,
}
DATES = ("event_start", "event_end")
DETAILS = (
    "target", "reason", "speaker", "speaker_kind", "speaker_mode", "speaker_chain",
    "claim_text", "event_start", "event_end", "confidence", "note",
)  # fmt: skip
"""The names of the details with one value each; `evidence` is a list of objects beside them."""

_CARRIED = frozenset(DETAILS) | {
    "project", "article_id", "article_external_id", "article_version", "article_sha256", "article_title", "article_group",
    "article_url", "publisher", "agency", "published", "claim_id", "start", "end", "exact", "prefix", "suffix", "block",
    "label", "reviewer", "adjudicator",
}  # fmt: skip
"""The columns of a claim's row that a document, its claims or their details carry by themselves."""

Enumeration = TypeVar("Enumeration", bound=StrEnum)
Found = TypeVar("Found")


def claim_details(claim: Claim) -> dict[str, Any]:
    """The details that were given, in the order of DETAILS: texts, a list of names, a number; dates as YYYY-MM-DD."""
    speaker = claim.speaker
    details = {
        "target": str(claim.target),
        "reason": claim.reason,
        "speaker": speaker.name if speaker else "",
        "speaker_kind": str(speaker.kind) if speaker and speaker.kind else "",
        "speaker_mode": str(speaker.mode) if speaker and speaker.mode else "",
        "speaker_chain": list(speaker.chain) if speaker else [],
        "claim_text": claim.claim_text,
        "event_start": claim.event_start.isoformat() if claim.event_start else "",
        "event_end": claim.event_end.isoformat() if claim.event_end else "",
        "confidence": claim.confidence,
        "note": claim.note,
    }
    return {name: value for name, value in details.items() if value not in ("", None, [])}


def evidence_details(evidence: Evidence) -> dict[str, Any]:
    """The fields of one evidence item that were given, by the names of the API."""
    fields = {
        "stance": str(evidence.stance),
        "kind": str(evidence.kind) if evidence.kind else "",
        "source": evidence.source,
        "quote": evidence.quote,
        "url": evidence.url,
        "archived_url": evidence.archived_url,
        "published": evidence.published.isoformat() if evidence.published else "",
        "annotation": str(evidence.annotation) if evidence.annotation else "",
        "article": evidence.article or "",
        "start": evidence.start,
        "end": evidence.end,
    }
    return {name: value for name, value in fields.items() if value not in ("", None)}


def further_columns(record: ClaimRecord) -> dict[str, Value]:
    """What only the claim's row knows, by column: votes, who decided and why, times. What was not given is left out."""
    return {name: value for name, value in record.row.items() if name not in _CARRIED and value not in ("", None)}


def read_details(
    details: Mapping[str, object], *, line: int | None = None, place: str = ""
) -> tuple[dict[str, Any], list[RecordError]]:
    """The arguments of a ReadClaim for these details, and all that is wrong with them; other names are passed over.

    `place` is put before the field in an error: "result[2].".
    """
    reading = _Reading(details, line, place)
    speaker = reading.text("speaker")
    kind = reading.one_of("speaker_kind", SourceKind)
    mode = reading.one_of("speaker_mode", SpeakerMode)
    chain = reading.names("speaker_chain")
    given = {
        **{name: reading.text(name) for name in TEXTS},
        **{name: reading.date(name) for name in DATES},
        "target": reading.one_of("target", Target) or Target.CONTENT,
        "speaker": Speaker(speaker, kind, mode, chain) if speaker or kind or mode or chain else None,
        "confidence": reading.share("confidence"),
        "evidence": reading.evidence(),
    }
    return given, reading.errors


class _Reading:
    """Values of other programs, each made what it must be; what is wrong with them is collected."""

    def __init__(self, values: Mapping[str, object], line: int | None, place: str) -> None:
        self._values = values
        self._line = line
        self._place = place
        self.errors: list[RecordError] = []

    def text(self, name: str) -> str:
        value = self._values.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            self._refuse(name, "This must be text.")
            return ""
        problem = problem_with(value)
        if problem is not None:
            self._refuse(name, problem)
            return ""
        return value

    def one_of(self, name: str, values: type[Enumeration]) -> Enumeration | None:
        return self._converted(name, values, f"is none of {', '.join(values)}")

    def date(self, name: str) -> date | None:
        return self._converted(name, _date, "is not a date (YYYY-MM-DD)")

    def uuid(self, name: str) -> UUID | None:
        return self._converted(name, UUID, "is not a UUID")

    def share(self, name: str) -> float | None:
        value = self._values.get(name)
        if value is None or value == "":
            return None
        try:
            number = float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else -1.0
        except ValueError:
            number = -1.0
        if not 0 <= number <= 1:
            self._refuse(name, f"'{shown(str(value))}' is not a number from 0 to 1.")
            return None
        return number

    def names(self, name: str) -> tuple[str, ...]:
        value = self._values.get(name) or []
        listed = value.split(CHAIN) if isinstance(value, str) else value
        if not isinstance(listed, list) or not all(isinstance(each, str) and not problem_with(each) for each in listed):
            self._refuse(name, "This must be a list of names.")
            return ()
        return tuple(each for each in listed if each)

    def evidence(self) -> tuple[Evidence, ...]:
        listed = self._values.get("evidence") or []
        if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
            self._refuse("evidence", "This must be a list of objects.")
            return ()
        read = []
        for number, fields in enumerate(listed):
            reading = _Reading(fields, self._line, f"{self._place}evidence[{number}].")
            stance = reading.one_of("stance", Stance)
            if stance is None and not reading.errors:
                reading._refuse("stance", f"This is missing; it is one of {', '.join(Stance)}.")
            article = reading.text("article") or None
            read.append(
                Evidence(
                    stance=stance or Stance.MENTIONS,
                    kind=reading.one_of("kind", SourceKind),
                    **{key: reading.text(key) for key in ("source", "quote", "url", "archived_url")},
                    published=reading.date("published"),
                    annotation=reading.uuid("annotation"),
                    article=article,
                    start=whole_number(fields.get("start")) if article else None,
                    end=whole_number(fields.get("end")) if article else None,
                )
            )
            self.errors += reading.errors
        return tuple(read)

    def _converted(self, name: str, convert: Callable[[str], Found], problem: str) -> Found | None:
        value = self.text(name)
        if not value:
            return None
        try:
            return convert(value)
        except ValueError:
            self._refuse(name, f"'{shown(value)}' {problem}.")
            return None

    def _refuse(self, name: str, problem: str) -> None:
        self.errors.append(RecordError(problem, self._line, f"{self._place}{name}"))


def _date(value: str) -> date:
    found = iso_date(value)
    if found is None:
        raise ValueError(value)
    return found

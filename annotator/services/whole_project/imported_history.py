"""Where the history of an imported article begins: its import, and each claim as it came."""

from __future__ import annotations

from collections.abc import Iterator

from annotator.domain.claims import Claim, Evidence, Speaker
from annotator.formats.project_records import ArticleLine
from annotator.formats.work_records import AnnotationPart, EvidencePart
from annotator.services.claims import as_payload
from annotator.services.events import Entry
from annotator.services.whole_project.names_here import NamesHere
from annotator.services.whole_project.parts import columns


def entries(names: NamesHere, line: ArticleLine) -> Iterator[Entry]:
    """The history of the article begins here: where it came from, and each claim as it came."""
    article_id = names.ids.of(line.id)
    facts = {"sha256": line.versions[0].sha256, "source_hash": line.source_hash, "version": 1}
    whole = {"filename": names.filename, "versions": len(line.versions)}
    yield Entry("article.import", article_id, article_id, facts | {"project": whole})
    for assignment in line.assignments:
        for part in assignment.annotations:
            deleted = part.deleted_at is not None
            state = as_payload(_claim(names, part))
            payload = {"version": part.version, "round": part.round, "before" if deleted else "claim": state}
            action = "annotation.delete" if deleted else "annotation.import"
            yield Entry(action, str(names.ids.uuid(part.id)), article_id, payload)


def _claim(names: NamesHere, part: AnnotationPart) -> Claim:
    speaker = Speaker(part.speaker, part.speaker_kind, part.speaker_mode, tuple(part.speaker_chain))
    fields = columns(
        part, "start", "end", "exact", "label", "target", "reason", "origin", "claim_text", "event_start", "event_end",
        "note", "confidence",
    )  # fmt: skip
    return Claim(
        **fields,
        speaker=speaker if speaker != Speaker("") else None,
        evidence=tuple(_evidence(names, item) for item in part.evidence),
    )


def _evidence(names: NamesHere, item: EvidencePart) -> Evidence:
    here = {
        "annotation": names.ids.uuid(item.annotation) if item.annotation else None,
        "article": names.ids.of(item.article) if item.article else None,
    }
    return Evidence(**(item.model_dump() | here))

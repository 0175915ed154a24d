"""brat's standoff files: read back by a small parser of the test's own, and by ours."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import pytest
from hypothesis import given

from annotator.formats.brat import LINE_ENDS, write_brat
from annotator.formats.brat_reader import read_brat
from annotator.formats.records import AnnotatedRecord, DocumentRecord, Losses, ReadClaim, RecordError
from annotator.formats.utf16 import Utf16Offsets
from tests.support.documents import (
    GOLD,
    document,
    documents,
    hostile,
    linked,
    places,
    said,
    without_claims,
)

LIMIT = 1_000_000


def written(*made: DocumentRecord) -> tuple[bytes, Losses]:
    losses = Losses()
    return b"".join(write_brat(GOLD, made, losses)), losses


def packed(files: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def read(content: bytes | Mapping[str, str | bytes]) -> list[AnnotatedRecord | RecordError]:
    stream = io.BytesIO(content if isinstance(content, bytes) else packed(content))
    return list(read_brat(stream, "corpus.zip", limit=LIMIT))


def read_one(content: bytes | Mapping[str, str | bytes]) -> AnnotatedRecord:
    [record] = read(content)
    assert isinstance(record, AnnotatedRecord), record
    return record


class Entity(NamedTuple):
    type: str
    pieces: list[tuple[int, int]]
    text: str


class Standoff(NamedTuple):
    """What a .ann file says, taken apart by the rules of brat's manual and nothing of ours."""

    text: str
    entities: dict[str, Entity]
    relations: list[tuple[str, str, str]]
    attributes: list[tuple[str, str, str]]
    notes: list[tuple[str, str, str]]


def taken_apart(content: bytes) -> dict[str, Standoff]:
    found = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            if not name.endswith(".ann"):
                continue
            entities, relations, attributes, notes = {}, [], [], []
            # Every way in which a program may part lines must give the same lines.
            lines = archive.read(name).decode()
            assert lines.splitlines() == lines.split("\n")[: lines.count("\n")]
            for line in lines.splitlines():
                key, body, *tail = line.split("\t", 2)
                if key[0] == "T":
                    kind, offsets = body.split(" ", 1)
                    pieces = [tuple(map(int, piece.split(" "))) for piece in offsets.split(";")]
                    assert key not in entities
                    entities[key] = Entity(kind, pieces, tail[0])  # type: ignore[arg-type]
                elif key[0] == "R":
                    kind, a, b = body.split(" ")
                    relations.append((kind, a.removeprefix("Arg1:"), b.removeprefix("Arg2:")))
                elif key[0] == "A":
                    kind, target, value = body.split(" ")
                    attributes.append((kind, target, value))
                else:
                    assert re.fullmatch(r"#\d+", key)
                    kind, target = body.split(" ")
                    notes.append((kind, target, tail[0]))
            text = archive.read(name.replace(".ann", ".txt")).decode()
            found[name.removesuffix(".ann")] = Standoff(text, entities, relations, attributes, notes)
    return found


def misplaced(standoff: Standoff) -> list[str]:
    return [
        entity.text
        for entity in standoff.entities.values()
        if " ".join(standoff.text[start:end] for start, end in entity.pieces) != entity.text
    ]


def on_lines(claim: ReadClaim | str) -> list[str]:
    """The words of a claim without what ends lines, which brat cannot hold."""
    words = claim if isinstance(claim, str) else claim.quote.exact
    return [piece for piece in re.split(f"[{LINE_ENDS}]", words) if piece]


def test_every_entity_has_the_words_of_its_claim() -> None:
    made = [*hostile(), linked(), without_claims()]
    found = taken_apart(written(*made)[0])
    assert [standoff.text for standoff in found.values()] == [each.text for each in made]
    for standoff, each in zip(found.values(), made, strict=True):
        assert misplaced(standoff) == []
        assert [(entity.text, entity.type) for entity in standoff.entities.values()] == [
            (" ".join(on_lines(record.claim.exact)), record.claim.label) for record in each.claims
        ]
        assert all({a, b} <= set(standoff.entities) for _, a, b in standoff.relations)
        assert all(target in standoff.entities for _, target, _ in [*standoff.attributes, *standoff.notes])


def test_offsets_counted_in_utf16_are_caught() -> None:
    [standoff] = taken_apart(written(hostile()[0])[0]).values()
    units = Utf16Offsets(standoff.text)
    moved = {
        key: entity._replace(pieces=[(units.units(a), units.units(b)) for a, b in entity.pieces])
        for key, entity in standoff.entities.items()
    }
    assert misplaced(standoff._replace(entities=moved))


def test_a_claim_over_a_line_end_is_written_in_pieces_and_read_as_one() -> None:
    made = document("Calm\r\nheld \n\n on. Yes.", [(0, 17)])
    content, _ = written(made)
    [standoff] = taken_apart(content).values()
    assert standoff.entities["T1"] == Entity("disputed", [(0, 4), (6, 11), (13, 17)], "Calm held   on.")
    record = read_one(content)
    assert places(record.claims) == places(made.claims)
    assert not record.warnings


def test_the_configuration_knows_labels_relations_and_attributes() -> None:
    with zipfile.ZipFile(io.BytesIO(written()[0])) as archive:
        sections = re.split(r"^\[(\w+)\]\n", archive.read("annotation.conf").decode(), flags=re.MULTILINE)[1:]
    found = dict(zip(sections[::2], (section.splitlines() for section in sections[1::2]), strict=True))
    assert set(found) == {"entities", "relations", "events", "attributes"}
    assert found["entities"] == ["sourced", "disputed", "un-verified"]
    kinds = {line.split("\t")[0] for section in found.values() for line in section}
    for standoff in taken_apart(written(*hostile(), linked())[0]).values():
        assert {entity.type for entity in standoff.entities.values()} <= kinds
        assert {kind for kind, _, _ in [*standoff.relations, *standoff.attributes]} <= kinds


def test_the_same_documents_give_the_same_bytes_and_one_is_held_at_a_time() -> None:
    assert written(*hostile())[0] == written(*hostile())[0]
    asked = []

    def slowly() -> Iterable[DocumentRecord]:
        for number in range(40):
            asked.append(number)
            # What does not deflate fills the first chunk soon.
            yield document(
                "".join(chr(0x4E00 + (number * 7 + i * i) % 20_000) for i in range(9_000)), [], id=f"a{number}"
            )

    next(write_brat(GOLD, slowly(), Losses()))
    assert len(asked) < 20


def test_versions_have_files_of_their_own() -> None:
    made = [document("Calm", [(0, 4)]), document("Calm held", [(0, 4)], version=2)]
    content, _ = written(*made)
    assert set(taken_apart(content)) == {"a1", "a1-v2"}
    references = [each.reference for each in read(content) if isinstance(each, AnnotatedRecord)]
    assert [(each.id, each.version) for each in references] == [("a1", None), ("a1", 2)]


def test_all_that_brat_holds_of_a_claim_comes_back() -> None:
    for made in [*hostile(), linked()]:
        record = read_one(written(made)[0])
        assert record.reference.id == made.id
        assert record.article.text == made.text
        back = {claim.id: claim for claim in record.claims}
        for each in made.claims:
            claim = back[each.id]
            assert on_lines(claim) == on_lines(each.claim.exact)
            assert (claim.label, claim.author) == (each.claim.label, each.author)
            assert said(claim, evidence=False) == said(each, evidence=False)


def test_what_is_lost_is_counted() -> None:
    crlf = next(made for made in hostile() if made.id == "crlf")
    _, losses = written(crlf, document("\r\n\n x", [(0, 3), (0, 5)], id="ends"), linked())
    assert +losses == {
        "articles were written without title, date, publisher and address": 3,
        "articles with carriage returns are shown shifted by brat, which counts CR LF as one character": 2,
        "claims of nothing but line ends were left out": 1,
        "line ends at the edges of claims were left out": 3,
        "evidence items were left out": 8,
        "votes, outcomes and times of claims were left out": 9,
        "aspects and notes of links were left out": 1,
        "links to a claim of another article were left out": 1,
    }


def test_links_come_back() -> None:
    record = read_one(written(linked())[0])
    assert [(link.a, link.b, link.relation) for link in record.links] == [
        ("T1", "T2", "contradicts"),
        ("T3", "T1", "supersedes"),
    ]


# What brat itself writes.


def test_files_of_brat_are_read_with_notes_attributes_and_pieces() -> None:
    annotations = (
        "T1\tClaim 0 4\tCalm\n"
        "#1\tAnnotatorNotes T1\ta \\n b\n"
        "#2\tAnnotatorNotes T1\tc\n"
        "A1\tNegated T1\n"
        "A2\ttarget T1 attribution\n"
        "T2\tClaim 0 4;10 12\tCalm it\n"
        "R1\tdenies Arg1:T1 Arg2:T2\t\n"
        "E1\tAct:T1 Theme:T2\n"
        "*\tEquiv T1 T2\n"
        "N1\tReference T1 Wikipedia:3\tCalm\n"
        "#3\tNormalization T1\tx\n"
    )
    record = read_one({"corpus/a.txt": "Calm held it.", "corpus/a.ann": annotations, "corpus/annotation.conf": "[x]"})
    assert record.reference.external_id == "corpus/a"
    assert places(record.claims) == [(0, 12, "Calm held it", "Claim"), (0, 4, "Calm", "Claim")]
    assert record.claims[0].note == "a \\n b\nc"
    assert record.claims[0].target == "attribution"
    assert [(link.a, link.b, link.relation) for link in record.links] == [("T1", "T2", "denies")]
    assert len(record.warnings) == 6


def test_offsets_of_its_server_which_folds_line_ends_are_found_by_the_words() -> None:
    record = read_one(
        {"a.txt": "One.\r\nTwo.\r\nCalm held.\r\n", "a.ann": "T1\tx 10 14\tCalm\nT2\tx 0 14\tOne. Two. Calm\n"}
    )
    assert places(record.claims) == sorted([(12, 16, "Calm", "x"), (0, 16, "One.\r\nTwo.\r\nCalm", "x")], key=str)


def test_a_text_without_annotations_is_an_article() -> None:
    assert read_one({"a.txt": "Calm", "__MACOSX/._a.txt": b"\x00"}).claims == []


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("T1\tx 0 99\tCalm", "99 is after the last character (10)"),
        ("T1\tx 4 4\tCalm", "after its start"),
        ("T1\tx 0 4\tHeld", "“Calm”, not “Held”"),
        ("T1\tx 0\tCalm", "not a type and its places"),
        ("T1\tx -1 4\tCalm", "not a type and its places"),
        ("T1\tx 0 " + "9" * 5_000 + "\tCalm", "not a type and its places"),
        ("T1\tx\x00 0 4\tCalm", "cannot be a label"),
        ("T1\tx 0 4\tCalm\nT1\tx 0 4\tCalm", "there twice"),
        ("R1\tx Arg1:T1 Arg2:T2", "one of them is not there"),
        ("R1\tx T1 T2", "not a relation"),
        ("A1\tx", "not an attribute"),
        ("#1\tx", "not the type of a note"),
        ("nonsense", "no annotation of brat"),
        ("X1\tx", "no annotation of brat"),
        ("T1\tx 0 4\tCalm\nA1\tspeaker_mode T1 loud", "'loud' is none of quoted"),
        ("T1\tx 0 4\tCalm\n#1\tevent_start T1\t2019-13-01", "not a date"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(line: str, sentence: str) -> None:
    found = read({"a.txt": "Calm held.", "a.ann": f"{line}\n"})
    assert found
    assert all(isinstance(each, RecordError) and (each.field or "").startswith("a.ann") for each in found)
    assert any(sentence in str(each) for each in found), found


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"a.ann": "T1\tx 0 4\tCalm"}, "no text (.txt) of the same name"),
        ({"readme.md": "x"}, "The archive has no text"),
        ({"a.txt": "   "}, "An article needs text"),
        ({"a.txt": b"\x00\x01\x02\xff" * 40}, "not a text file"),
        ({"../../a.txt": "Calm"}, "leads out of the archive"),
        ({"/etc/a.txt": "Calm"}, "leads out of the archive"),
        ({"a.txt": "x" * (LIMIT + 1)}, "more than 1.0 MB"),
        (b"nonsense", "not a ZIP archive"),
        (b"", "not a ZIP archive"),
        (b"PK\x03\x04" + b"\x00" * 100, "not a ZIP archive"),
    ],
)  # fmt: skip
def test_archives_that_are_none_or_hostile_are_refused(files: bytes | dict[str, str | bytes], sentence: str) -> None:
    found = read(files)
    assert found
    assert all(isinstance(each, RecordError) for each in found)
    assert any(sentence in str(each) for each in found), found


def test_all_errors_of_all_files_are_given() -> None:
    bad = "T1\tx 0 99\ty\n\nT2\tx 0 4\tHeld\n"
    found = read({"a.txt": "Calm", "a.ann": bad, "b.txt": "Calm", "b.ann": bad})
    assert [(each.line, each.field) for each in found] == [(1, "a.ann"), (3, "a.ann"), (1, "b.ann"), (3, "b.ann")]


@given(documents())
def test_what_is_written_comes_back(made: DocumentRecord) -> None:
    content, losses = written(made)
    [standoff] = taken_apart(content).values()
    assert misplaced(standoff) == []
    record = read_one(content)
    assert record.article.text == made.text
    back = {claim.id: claim for claim in record.claims}
    assert len(back) == len(made.claims) - losses["claims of nothing but line ends were left out"]
    for each in made.claims:
        if each.id in back:
            claim = back[each.id]
            assert claim.quote.exact == each.claim.exact.strip(LINE_ENDS)
            assert made.text[claim.start : claim.end] == claim.quote.exact
            assert (claim.label, claim.author) == (each.claim.label, each.author)
            assert said(claim, evidence=False) == said(each, evidence=False)

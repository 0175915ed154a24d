"""The registry of formats: which layer each can hold, what it needs, and how what is lost is told."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing

import pytest

from annotator.formats import catalogue, writing
from annotator.formats.catalogue import DocumentFormat, Extra, TableFormat
from annotator.formats.records import DatasetRecord, DocumentRecord, Export, Losses, Value

DATASET = DatasetRecord("truce", "Truce", "gold")


def write_titles(dataset: DatasetRecord, documents: Iterable[DocumentRecord], losses: Losses) -> Iterator[bytes]:
    for document in documents:
        losses["links were left out"] += len(document.id)
        yield f"{dataset.project}: {document.title}\n".encode()


def titles(**more) -> DocumentFormat:
    return DocumentFormat(write_titles, "text/plain", ".txt", "Titles", "The titles alone.", **more)


@pytest.fixture
def add_format(monkeypatch: pytest.MonkeyPatch):
    def add(**more) -> None:
        monkeypatch.setitem(catalogue.ALL_FORMATS, "titles", titles(**more))

    return add


def exported(closed: list[str]) -> Export:
    def rows() -> Generator[Sequence[Value]]:
        yield ("a",)

    def documents() -> Generator[DocumentRecord]:
        try:
            yield DocumentRecord("d1", "Text", (), "0" * 64, title="One")
            yield DocumentRecord("d2", "Text", (), "0" * 64, title="Two")
        finally:
            closed.append("documents")

    return Export(DATASET, ("title",), rows, documents)


def test_a_format_takes_rows_or_documents_and_counts_what_it_loses(add_format) -> None:
    add_format()
    losses = Losses()
    assert b"".join(writing.write_export(exported([]), "titles", losses)) == b"truce: One\ntruce: Two\n"
    assert losses.sentences() == ["Links were left out: 4."]
    assert b"".join(writing.write_export(exported([]), "csv", Losses())) == b"title\na\n"


def test_an_export_that_is_not_read_to_its_end_lets_go_of_its_documents(add_format) -> None:
    add_format()
    closed: list[str] = []
    with closing(writing.write_export(exported(closed), "titles", Losses())) as chunks:
        next(chunks)
    assert closed == ["documents"]


def test_a_layer_that_it_has_no_words_for_is_refused_with_the_way_out(add_format) -> None:
    add_format(layers=frozenset({"gold"}))
    assert catalogue.problem_with("titles", "gold") is None
    assert "choose the layer gold, or a format of csv" in (catalogue.problem_with("titles", "annotations") or "")
    assert "titles" not in catalogue.formats_of("annotations")


def test_what_is_not_installed_is_named(add_format) -> None:
    add_format(extra=Extra("office", "no_such_module"))
    assert "pip install 'annotator[office]'" in (catalogue.problem_with("titles", "gold") or "")


def test_a_format_of_addresses_needs_one(add_format) -> None:
    add_format(needs_base_url=True)
    assert "ANNOTATOR_BASE_URL" in (catalogue.problem_with("titles", "gold") or "")
    assert catalogue.problem_with("titles", "gold", base_url="https://annotator.example.org") is None


def test_a_release_hashes_what_no_library_makes() -> None:
    assert set(catalogue.hashed_formats()) == {"csv", "csv-spreadsheet", "jsonl"}
    assert all(isinstance(each, TableFormat) for each in catalogue.FORMATS.values())

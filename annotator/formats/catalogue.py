"""Which formats there are, what each is called, which layers it can hold and what it needs.

To add a format, write one module with one function and give it one line here.

- A **table format** takes any layer as columns and rows, like CSV: `write(columns, rows) -> Iterator[bytes]`, a line in FORMATS.
- A **document format** takes articles with their text, blocks, claims, evidence and links, like what other annotation
  tools read: `write(dataset, documents, losses) -> Iterator[bytes]`, a line in DOCUMENT_FORMATS.

Both are generators that hold no more than a chunk and a document; the same input gives the same bytes. What a document
format cannot carry it counts: `losses["claims that cross another one were left out"] += 1`, see `Losses`. A library that comes
with an extra is imported inside the function, and `extra` names it, so that whoever lacks it is told. `layers` are those it has
words for; `needs_base_url` says that it makes addresses which others must be able to open.

The command line, the API, the export page and docs/formats/ (one page for each, which a test demands) go by these tables;
nothing else has to be changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec

from annotator.formats.averitec import write_averitec
from annotator.formats.brat import write_brat
from annotator.formats.claimreview import write_claimreview
from annotator.formats.conll import write_conll
from annotator.formats.csv_writer import write_csv, write_csv_for_spreadsheets
from annotator.formats.doccano import write_doccano
from annotator.formats.fever import write_fever
from annotator.formats.json_stream import write_jsonl
from annotator.formats.label_studio import write_label_studio, write_label_studio_config
from annotator.formats.parquet import write_parquet
from annotator.formats.records import DatasetRecord, DocumentRecord, Losses, Value
from annotator.formats.spacy import write_spacy
from annotator.formats.uima_xmi import write_uima_xmi
from annotator.formats.web_annotation.writer import write_web_annotations
from annotator.formats.xlsx import write_xlsx

WriteTable = Callable[[Sequence[str], Iterable[Sequence[Value]]], Iterator[bytes]]
WriteDocuments = Callable[[DatasetRecord, Iterable[DocumentRecord], Losses], Iterator[bytes]]

CLAIM_LAYERS = frozenset({"gold", "annotations"})

WHOLE = "all"
"""The whole project, which is no table: one file in JSON lines, see whole_project.py."""


@dataclass(frozen=True)
class Extra:
    """What `pip install 'annotator[name]'` brings: the module that the format imports."""

    name: str
    module: str


@dataclass(frozen=True)
class TableFormat:
    """A way to write a table. `suffix` ends the file's name; `title` and `words` say on pages what it is."""

    write: WriteTable
    media_type: str
    suffix: str
    title: str
    words: str
    extra: Extra | None = None


@dataclass(frozen=True)
class DocumentFormat:
    """A way to write articles with their claims, of those of the `layers`."""

    write: WriteDocuments
    media_type: str
    suffix: str
    title: str
    words: str
    extra: Extra | None = None
    layers: frozenset[str] = CLAIM_LAYERS
    needs_base_url: bool = False


Format = TableFormat | DocumentFormat


CSV = "text/csv; charset=utf-8; header=present"
JSON_LD = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'

FORMATS: dict[str, TableFormat] = {
    "csv": TableFormat(write_csv, CSV, ".csv", "CSV", "Exact, for programs: UTF-8, commas, rows end in LF."),
    "csv-spreadsheet": TableFormat(
        write_csv_for_spreadsheets,
        CSV,
        ".spreadsheet.csv",
        "Spreadsheet",
        "The same for Excel and its like: a byte order mark, and an apostrophe before a cell that a spreadsheet would "
        "take for a formula.",
    ),
    "jsonl": TableFormat(
        write_jsonl, "application/x-ndjson", ".jsonl", "JSONL", "The same columns as one JSON object a line."
    ),
    "xlsx": TableFormat(
        write_xlsx,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ".xlsx",
        "Excel",
        "A workbook whose text stays text: no formula, no address. At most 32,767 characters a cell.",
        Extra("office", "xlsxwriter"),
    ),
    "parquet": TableFormat(
        write_parquet,
        "application/vnd.apache.parquet",
        ".parquet",
        "Parquet",
        "Typed columns for pandas, DuckDB, Spark and the library datasets; lists as lists.",
        Extra("parquet", "pyarrow"),
    ),
}
"""The formats in which any layer can be written, by the names of the command line and the API."""

DOCUMENT_FORMATS: dict[str, DocumentFormat] = {
    "web-annotation": DocumentFormat(
        write_web_annotations,
        JSON_LD,
        ".annotations.json",
        "Web Annotation",
        "Claims as the W3C describes them, in JSON-LD, for other annotation tools: label, reason and note, the passage "
        "by position and by quote, evidence and links.",
    ),
    "averitec": DocumentFormat(
        write_averitec,
        "application/json",
        ".averitec.json",
        "AVeriTeC",
        "Claims with a verdict and their evidence as questions and answers, as that dataset has them.",
    ),
    "fever": DocumentFormat(
        write_fever,
        "application/zip",
        ".fever.zip",
        "FEVER",
        "Claims with SUPPORTS, REFUTES or NOT ENOUGH INFO and the sentences of their evidence; the others in a second "
        "file.",
    ),
    "claimreview": DocumentFormat(
        write_claimreview,
        "application/ld+json",
        ".claimreview.json",
        "ClaimReview",
        "Reviews of claims for search engines, as schema.org describes them; a word as rating, never a number.",
        needs_base_url=True,
    ),
    "spacy": DocumentFormat(
        write_spacy,
        "application/zip",
        ".spacy.zip",
        "spaCy",
        "DocBin files with the claims as span groups, to train a span categoriser.",
        Extra("spacy", "spacy"),
    ),
    "conll": DocumentFormat(
        write_conll,
        "text/plain; charset=utf-8",
        ".conll",
        "CoNLL",
        "A line for each token with BIO tags, a column for each layer of claims that nest or cross.",
    ),
    "label-studio": DocumentFormat(
        write_label_studio,
        "application/json",
        ".label-studio.json",
        "Label Studio",
        "Tasks with the claims as annotations: each reviewer's, or the gold set as the ground truth.",
    ),
    "label-studio-predictions": DocumentFormat(
        partial(write_label_studio, predictions=True),
        "application/json",
        ".label-studio-predictions.json",
        "Label Studio, predictions",
        "The same with the claims as predictions, which annotators there accept or change.",
    ),
    "label-studio-config": DocumentFormat(
        write_label_studio_config,
        "application/xml",
        ".label-studio.xml",
        "Label Studio, labelling configuration",
        "The labelling interface of a Label Studio project that takes these tasks.",
    ),
    "doccano": DocumentFormat(
        write_doccano,
        "application/x-ndjson",
        ".doccano.jsonl",
        "doccano",
        "Texts with spans and relations, for sequence labelling.",
    ),
    "brat": DocumentFormat(
        write_brat,
        "application/zip",
        ".brat.zip",
        "brat",
        "Standoff files: the text and its annotations beside it, as many programs read them.",
    ),
    "uima-xmi": DocumentFormat(
        write_uima_xmi,
        "application/zip",
        ".uima-xmi.zip",
        "UIMA CAS XMI",
        "CAS files for INCEpTION, WebAnno and UIMA: claims with all their fields, evidence and links.",
    ),
}
"""The formats of articles with their claims."""

ALL_FORMATS: dict[str, Format] = {**FORMATS, **DOCUMENT_FORMATS}


def hashed_formats() -> dict[str, WriteTable]:
    """Those whose files a release's manifest names the hashes of: their bytes depend on no library's version."""
    return {name: each.write for name, each in FORMATS.items() if each.extra is None}


def layers_of(format: str) -> frozenset[str] | None:  # noqa: A002
    """The layers that a format of ALL_FORMATS can hold; None for all."""
    chosen = ALL_FORMATS[format]
    return chosen.layers if isinstance(chosen, DocumentFormat) else None


def formats_of(layer: str) -> dict[str, Format]:
    """The formats in which `layer` can be written, by name."""
    return {name: each for name, each in ALL_FORMATS.items() if _holds(name, layer)}


def problem_with(format: str, layer: str, *, base_url: str = "") -> str | None:  # noqa: A002
    """Why `layer` cannot be written in `format`, in a sentence with the way out, or None if it can.

    `base_url` is the public address of the installation, or empty.
    """
    if layer == WHOLE:
        return None if format == "jsonl" else "A whole project is written in the format jsonl only."
    if format not in ALL_FORMATS:
        return f"There is no format '{format}'. Choose of {', '.join(formats_of(layer))}."
    if not _holds(format, layer):
        claims = " or ".join(sorted(layers_of(format) or ()))
        return f"'{format}' holds claims only: choose the layer {claims}, or a format of {', '.join(FORMATS)}."
    return lack_of(format, base_url)


def lack_of(format: str, base_url: str) -> str | None:  # noqa: A002
    """What this installation lacks to write `format` at all, in a sentence with the way out, or None."""
    chosen = ALL_FORMATS[format]
    if chosen.extra is not None and find_spec(chosen.extra.module) is None:
        return (
            f"'{format}' needs more than is installed here. Whoever runs the installation can add it: "
            f"pip install 'annotator[{chosen.extra.name}]'."
        )
    if isinstance(chosen, DocumentFormat) and chosen.needs_base_url and not base_url:
        return (
            f"'{format}' refers to pages by their public address, and this installation has none. Whoever runs it can "
            "set ANNOTATOR_BASE_URL."
        )
    return None


def _holds(format: str, layer: str) -> bool:  # noqa: A002
    layers = layers_of(format)
    return layers is None or layer in layers

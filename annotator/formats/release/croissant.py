"""Croissant 1.1 metadata of a release, with what the RAI extension asks and the tool knows (https://mlcommons.org/croissant)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from annotator.formats.release.words import LAYERS, address, agreement, annotation_protocol, lines

CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "name": {"@container": "@language"},
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The context that the specification prescribes."""

NUMBERS = frozenset(
    {
        "start", "end", "block", "n_reviewers", "article_version", "version", "round", "n", "linked_start", "linked_end",
        "length", "words", "guideline_version",
    }
)  # fmt: skip
KEYS = {
    "gold": "claim_id",
    "annotations": "claim_id",
    "links": "link_id",
    "articles": "article_id",
    "splits": "article_id",
}


def croissant(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The metadata as one JSON-LD object; the files are those of the package, beside it."""
    card = manifest["dataset"]
    licence = card["licence"]
    known = {
        "license": licence,
        "url": address(card["homepage"]),
        "citeAs": card["citation"],
        "creator": [{"@type": "Organization", "name": {"en": each}} for each in lines(card["creators"])],
        "keywords": lines(card["keywords"]),
        "inLanguage": manifest["articles"]["languages"],
        **_rai(manifest),
    }
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        "name": {"en": card["title"]},
        "description": {"en": card["description"]},
        "version": manifest["version"],
        "datePublished": manifest["date"],
        **{name: value for name, value in known.items() if value},
        "distribution": [_file(layer, described) for layer, described in manifest["layers"].items()],
        "recordSet": [_record_set(layer, described) for layer, described in manifest["layers"].items()],
    }


def _rai(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of responsible AI that the rules of the project and its managers' words fill."""
    card, articles = manifest["dataset"], manifest["articles"]
    figures = "; ".join(f"{words}: {figure}" for words, figure in agreement(manifest))
    span = [articles["published_from"], articles["published_to"]]
    return {
        "rai:dataCollection": card["selection"],
        "rai:dataCollectionTimeFrame": [f"{day}T00:00:00" for day in span if day],
        "rai:dataAnnotationProtocol": annotation_protocol(manifest),
        "rai:dataAnnotationPlatform": [manifest["software"]],
        "rai:dataAnnotationAnalysis": [figures],
        "rai:annotationsPerItem": str(manifest["rules"]["reviewers_for_each_article"]),
        "rai:machineAnnotationTools": [
            "Passages worth a look were offered to reviewers who had switched this on; only a person made a claim."
        ]
        if manifest["rules"]["suggestions"]
        else [],
        "rai:dataUseCases": [card["uses"]] if card["uses"] else [],
        "rai:dataLimitations": [card["limits"]] if card["limits"] else [],
        "rai:personalSensitiveInformation": [card["sensitive"]] if card["sensitive"] else [],
        "rai:dataReleaseMaintenancePlan": card["maintenance"],
    }


def _file(layer: str, described: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": f"{layer}.csv",
        "name": {"en": f"{layer}.csv"},
        "description": {"en": LAYERS.get(layer, layer)},
        "contentUrl": f"data/{layer}.csv",
        "encodingFormat": "text/csv",
        "sha256": described["files"]["csv"],
    }


def _record_set(layer: str, described: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "@type": "cr:RecordSet",
        "@id": layer,
        "name": {"en": layer},
        "description": {"en": LAYERS.get(layer, layer)},
    }
    if layer in KEYS:
        found["key"] = {"@id": f"{layer}/{KEYS[layer]}"}
    return {**found, "field": [_field(layer, column) for column in described["columns"]]}


def _field(layer: str, column: str) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{layer}/{column}",
        "name": {"en": column},
        "dataType": _type(column),
        "source": {"fileObject": {"@id": f"{layer}.csv"}, "extract": {"column": column}},
    }


def _type(column: str) -> str:
    """Days stay text: a cell that was not given is empty."""
    if column in NUMBERS or column.startswith("votes_"):
        return "sc:Integer"
    return "sc:Float" if column == "confidence" else "sc:Text"

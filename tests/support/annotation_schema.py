"""What the W3C Web Annotation model demands of a page, as a JSON Schema; section numbers are those of the model."""

from __future__ import annotations

from typing import Any

IRI = {"type": "string", "pattern": r"^[A-Za-z][A-Za-z0-9+.-]*:\S+$"}
TIME = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"}
COUNT = {"type": "integer", "minimum": 0}
CONTEXT = {"type": "array", "contains": {"const": "http://www.w3.org/ns/anno.jsonld"}}

# 4.2.4 and 4.2.5
SELECTOR = {
    "oneOf": [
        {
            "properties": {"type": {"const": "TextPositionSelector"}, "start": COUNT, "end": COUNT},
            "required": ["type", "start", "end"],
        },
        {
            "properties": {
                "type": {"const": "TextQuoteSelector"},
                "exact": {"type": "string"},
                "prefix": {"type": "string"},
                "suffix": {"type": "string"},
            },
            "required": ["type", "exact"],
        },
    ]
}

# 3.2.4: one value, no source, no selector
BODY = {
    "type": "object",
    "properties": {
        "type": {"const": "TextualBody"},
        "value": {"type": "string"},
        "format": {"type": "string"},
        "purpose": {"enum": ["classifying", "tagging", "commenting"]},
    },
    "required": ["type", "value", "purpose"],
    "additionalProperties": False,
}

# 3.1, 3.2.5, 3.3.1, 4
ANNOTATION = {
    "type": "object",
    "properties": {
        "@context": CONTEXT,
        "id": IRI,
        "type": {"const": "Annotation"},
        "motivation": {"const": "classifying"},
        "creator": {"type": "object", "required": ["type", "name"]},
        "created": TIME,
        "modified": TIME,
        "body": {"type": "array", "items": BODY, "minItems": 1},
        "target": {
            "type": "object",
            "properties": {
                "type": {"const": "SpecificResource"},
                "source": IRI,
                "selector": {"type": "array", "items": SELECTOR, "minItems": 2, "maxItems": 2},
            },
            "required": ["type", "source", "selector"],
            "additionalProperties": False,
        },
    },
    "required": ["@context", "id", "type", "body", "target"],
    "not": {"required": ["bodyValue"]},
    # Whatever else stands there is a term of ours, and nothing is null.
    "patternProperties": {"^annotator:": {"type": ["string", "number", "boolean", "array"]}},
    "additionalProperties": False,
}

# 5.2
PAGE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "@context": CONTEXT,
        "id": IRI,
        "type": {"const": "AnnotationPage"},
        "items": {"type": "array", "items": ANNOTATION},
    },
    "required": ["@context", "id", "type", "items"],
    "additionalProperties": False,
}

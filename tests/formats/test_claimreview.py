"""schema.org ClaimReview: the properties that it needs, words and no numbers, and no review without a public address."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from annotator.formats.claimreview import write_claimreview
from annotator.formats.records import CannotWrite, DocumentRecord, Losses
from tests.support.datasets import DATASET, JUNE, document, hostile, small

DAY = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}
ADDRESS = {"type": "string", "pattern": r"^https?://"}
AGENT = {
    "type": "object",
    "properties": {
        "@type": {"enum": ["Organization", "Person"]},
        "name": {"type": "string", "minLength": 1},
        "url": ADDRESS,
    },
    "required": ["@type", "name"],
    "additionalProperties": False,
}
# https://schema.org/ClaimReview, /Claim, /Rating: names and types of the properties.
REVIEW = {
    "type": "object",
    "properties": {
        "@type": {"const": "ClaimReview"},
        "identifier": {"type": "string", "pattern": "^urn:uuid:"},
        "url": ADDRESS,
        "datePublished": DAY,
        "author": AGENT,
        "claimReviewed": {"type": "string", "minLength": 1},
        "itemReviewed": {
            "type": "object",
            "properties": {
                "@type": {"const": "Claim"},
                "author": AGENT,
                "datePublished": DAY,
                "appearance": {
                    "type": "object",
                    "properties": {
                        "@type": {"const": "NewsArticle"},
                        "url": ADDRESS,
                        "headline": {"type": "string"},
                        "publisher": AGENT,
                        "datePublished": DAY,
                    },
                    "required": ["@type"],
                    "additionalProperties": False,
                },
            },
            "required": ["@type", "appearance"],
            "additionalProperties": False,
        },
        # No ratingValue, bestRating or worstRating.
        "reviewRating": {
            "type": "object",
            "properties": {"@type": {"const": "Rating"}, "alternateName": {"type": "string", "minLength": 1}},
            "required": ["@type", "alternateName"],
            "additionalProperties": False,
        },
        "reviewBody": {"type": "string"},
        "citation": {"type": "array", "items": {"type": "object", "required": ["@type", "url"]}},
    },
    "required": ["@type", "url", "author", "claimReviewed", "itemReviewed", "reviewRating"],
    "additionalProperties": False,
}
SCHEMA = {
    "type": "object",
    "properties": {"@context": {"const": "https://schema.org"}, "@graph": {"type": "array", "items": REVIEW}},
    "required": ["@context", "@graph"],
    "additionalProperties": False,
}


def written(*documents: DocumentRecord, losses: Losses | None = None) -> dict[str, Any]:
    content = b"".join(write_claimreview(DATASET, documents, Losses() if losses is None else losses))
    found: dict[str, Any] = json.loads(content)
    return found


def test_every_review_has_what_schema_org_names() -> None:
    jsonschema.validate(written(*small(), hostile()), SCHEMA)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda review: review["reviewRating"].update(ratingValue=3),
        lambda review: review.pop("url"),
        lambda review: review.pop("claimReviewed"),
        lambda review: review["itemReviewed"].update({"@type": "CreativeWork"}),
        lambda review: review["itemReviewed"]["appearance"].update(url="news"),
    ],
)
def test_the_check_catches_a_review_that_is_spoilt(spoil: Any) -> None:
    found = written(*small())
    spoil(found["@graph"][0])
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(found, SCHEMA)


def test_the_rating_is_a_word_from_label_and_evidence() -> None:
    losses = Losses()
    reviews = written(*small(), losses=losses)["@graph"]
    assert [(review["claimReviewed"], review["reviewRating"]["alternateName"]) for review in reviews] == [
        (JUNE[:57], "Correct attribution"),
        ("There is a complete ceasefire.", "Conflicting evidence"),
        ("Residents reported shelling", "Not enough evidence"),
        ("three towns", "Supported"),
        ("calm", "Refuted"),
        ("a dozen shelled towns", "Supported"),
    ]
    assert losses["claims without a verdict (the label is the project's own) were left out"] == 1
    assert losses["evidence items without an address were left out"] == 4
    assert losses["links between claims were left out"] == 1


def test_a_review_says_whose_claim_it_is_and_where_it_stood() -> None:
    review = written(small()[0])["@graph"][1]
    assert review["url"].startswith("https://facts.example.org/articles/june#claim-")
    assert review["author"] == {"@type": "Organization", "name": "Truce", "url": "https://facts.example.org"}
    assert review["itemReviewed"] == {
        "@type": "Claim",
        "author": {"@type": "Organization", "name": "Both governments"},
        "datePublished": "2026-01-31",
        "appearance": {
            "@type": "NewsArticle",
            "url": "https://news.example.org/june",
            "headline": "Title of june",
            "publisher": {"@type": "Organization", "name": "Demo Desk"},
            "datePublished": "2026-01-31",
        },
    }
    assert review["datePublished"] == "2026-11-23"
    assert [citation["url"] for citation in review["citation"]] == ["https://un.example.org/accord.pdf"]


def test_without_a_public_address_it_is_refused() -> None:
    with pytest.raises(CannotWrite, match="ANNOTATOR_BASE_URL"):
        list(write_claimreview(replace(DATASET, base_url=""), small(), Losses()))


def test_no_claim_with_a_verdict_is_an_empty_graph() -> None:
    assert written(document("a", JUNE, []))["@graph"] == []

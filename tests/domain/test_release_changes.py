"""What is said to have changed between two states of a dataset."""

from __future__ import annotations

from typing import Any

from annotator.domain.release_changes import Change, of_articles, of_claims, of_links


def claim(claim_id: str, start: int = 0, end: int = 4, label: str = "sourced", **more: Any) -> dict[str, Any]:
    return {"claim_id": claim_id, "article_id": "a", "start": start, "end": end, "exact": "calm", "label": label} | more


def said(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[tuple[Change, str]]:
    return [(each.change, each.row["claim_id"]) for each in of_claims(before, after)]


def test_what_is_equal_is_not_said() -> None:
    later = claim("1", release="1.1.0", created_at="later", updated_at="later", article_version=2)
    assert said([claim("1")], [later]) == []


def test_claims_come_and_go() -> None:
    assert said([claim("1"), claim("2", 9, 12)], [claim("1"), claim("3", 20, 30)]) == [
        (Change.ADDED, "3"),
        (Change.DROPPED, "2"),
    ]


def test_label_comes_before_boundary_and_boundary_before_the_rest() -> None:
    assert said([claim("1")], [claim("1", 0, 9, "disputed", note="x")]) == [(Change.LABEL, "1")]
    assert said([claim("1")], [claim("1", 0, 9, note="x")]) == [(Change.BOUNDARY, "1")]
    assert said([claim("1")], [claim("1", note="x")]) == [(Change.FIELDS, "1")]


def test_a_claim_that_was_decided_anew_in_the_same_place_is_the_same_claim() -> None:
    assert said([claim("1")], [claim("2")]) == []
    assert said([claim("1")], [claim("2", label="disputed")]) == [(Change.LABEL, "2")]


def test_an_id_is_stronger_than_a_place() -> None:
    # The first moved on to where the second was, and the second went away.
    before = [claim("1", 0, 4), claim("2", 10, 14)]
    assert said(before, [claim("1", 10, 14)]) == [(Change.BOUNDARY, "1"), (Change.DROPPED, "2")]


def test_links_and_articles() -> None:
    link = {"link_id": "l", "relation": "qualifies", "aspect": None, "note": "", "status": "confirmed"}
    assert [each.change for each in of_links([link], [link | {"relation": "contradicts"}])] == [Change.FIELDS]
    article = {"article_id": "a", "version": 1, "sha256": "0"}
    assert [each.change for each in of_articles([article], [article | {"version": 2, "sha256": "1"}])] == [
        Change.VERSION
    ]
    assert [each.change for each in of_articles([article], [])] == [Change.DROPPED]

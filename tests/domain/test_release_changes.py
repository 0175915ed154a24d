"""What is said to have changed between two states of a dataset."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from annotator.domain.release_changes import Change, of_articles, of_claims, of_links


def claim(claim_id: str, start: int = 0, end: int = 4, label: str = "sourced", **more: Any) -> dict[str, Any]:
    return {"claim_id": claim_id, "article_id": "a", "start": start, "end": end, "exact": "calm", "label": label} | more


def said(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[tuple[Change, str]]:
    return [(each.change, each.row["claim_id"]) for each in of_claims(["a", "b"], before, after)]


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


def test_without_text_and_with_other_names_only_what_is_said_differently_is_a_change() -> None:
    one, other = claim("1", adjudicator="Jo", prefix="so "), claim("1", exact=None, adjudicator="person-1", prefix=None)
    assert said([one], [claim("1", 0, 9, exact=None)]) == [(Change.BOUNDARY, "1")]
    assert [each.change for each in of_claims(["a"], [one], [other])] == [Change.FIELDS]
    assert list(of_claims(["a"], [one], [other], frozenset({"adjudicator"}))) == []


def test_an_id_is_stronger_than_a_place() -> None:
    # The first moved on to where the second was, and the second went away.
    before = [claim("1", 0, 4), claim("2", 10, 14)]
    assert said(before, [claim("1", 10, 14)]) == [(Change.BOUNDARY, "1"), (Change.DROPPED, "2")]


LINK = {"link_id": "l", "created_at": "1", "relation": "qualifies", "aspect": None, "note": "", "status": "confirmed"}
ARTICLE = {"article_id": "a", "version": 1, "sha256": "0"}


def test_articles_get_versions_and_go() -> None:
    def said_of(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[tuple[Change, str]]:
        return [(each.change, each.row["article_id"]) for each in of_articles("abc", before, after)]

    newer, other = ARTICLE | {"version": 2, "sha256": "1"}, ARTICLE | {"article_id": "b"}
    assert said_of([ARTICLE], [newer]) == [(Change.VERSION, "a")]
    assert said_of([ARTICLE, other], [newer]) == [(Change.VERSION, "a"), (Change.DROPPED, "b")]
    assert said_of([other], [ARTICLE, other]) == [(Change.ADDED, "a")]


def test_corrected_details_are_told_of_the_article_and_of_none_of_its_claims() -> None:
    was: dict[str, Any] = {"publisher": "The Bay", "published": "2020-01-12"}
    now = was | {"publisher": "The Sea"}
    assert said([claim("1", **was)], [claim("1", **now)]) == []
    assert said([claim("1", **was)], [claim("1", **now, note="x")]) == [(Change.FIELDS, "1")]

    def said_of(after: dict[str, Any]) -> list[Change]:
        return [each.change for each in of_articles("a", [ARTICLE | was], [after])]

    assert said_of(ARTICLE | was) == []
    assert said_of(ARTICLE | now) == [Change.DETAILS]
    # A newer text that brings other details is one change.
    assert said_of(ARTICLE | now | {"version": 2, "sha256": "1"}) == [Change.VERSION]


def test_links_are_merged_in_the_order_in_which_they_were_made() -> None:
    links = [LINK | {"link_id": name, "created_at": at} for name, at in (("z", "1"), ("a", "2"), ("b", "2"))]
    changed = links[1] | {"relation": "contradicts"}
    assert [(each.change, each.row["link_id"]) for each in of_links(links[:2], [changed, links[2]])] == [
        (Change.DROPPED, "z"),
        (Change.FIELDS, "a"),
        (Change.ADDED, "b"),
    ]
    assert list(of_links(links, links)) == []


def test_claims_of_many_articles_are_compared_one_article_at_a_time() -> None:
    taken: list[str] = []

    def watched(name: str, rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for row in rows:
            taken.append(f"{name}{row['article_id']}")
            yield row

    rows = [claim(f"{article}{n}", article_id=article) for article in "abc" for n in range(2)]
    differences = of_claims("abc", watched("-", rows), watched("+", rows[1:]))
    assert next(differences).change is Change.DROPPED
    # Not further than the first row of the next article.
    assert sorted(taken) == ["+a", "+b", "-a", "-a", "-b"]
    assert list(differences) == []


def test_a_row_out_of_order_is_not_passed_over() -> None:
    with pytest.raises(ValueError, match="Article c"):
        list(of_claims("ab", [claim("1", article_id="c")], []))

"""POST /api/v1/articles/{id}/submit and /reopen"""

from __future__ import annotations

import pytest
from flask import Flask

from tests.support.program import Office


def test_what_is_missing_is_told_and_can_be_confirmed(office: Office, refused) -> None:
    article = office.article()
    annotation = office.ada.mark(article, "complete ceasefire")
    problem = refused(office.ada.post(f"/articles/{article}/submit"), 409)
    assert problem["missing"] == [
        {
            "annotation": str(annotation),
            "exact": "complete ceasefire",
            "missing": ["a speaker", "evidence that supports it"],
        }
    ]
    refused(office.ada.post(f"/articles/{article}/submit", {"confirm": False}), 409)
    answer = office.ada.post(f"/articles/{article}/submit", {"confirm": True})
    assert answer.status_code == 200
    assert answer.json["assignment"]["state"] == "submitted"
    assert answer.json["claims"] == 1
    assert len(answer.json["sentences_without_claim"]) == 2
    assert answer.json["read_to_end"] is False
    assert office.ada.post(f"/articles/{article}/submit").status_code == 200


def test_what_the_project_requires_cannot_be_confirmed_away(app: Flask, refused) -> None:
    from annotator.models import EvidenceRule

    office = Office(app, evidence=EvidenceRule.REQUIRED)
    article = office.article()
    office.ada.mark(article, "complete ceasefire")
    refused(office.ada.post(f"/articles/{article}/submit", {"confirm": True}), 409)


def test_an_article_without_any_claim_can_be_submitted(office: Office) -> None:
    article = office.article()
    assert office.ada.post(f"/articles/{article}/submit").json["claims"] == 0


def test_reopening_ends_with_the_first_decision(office: Office, refused) -> None:
    article = office.article()
    annotation = office.ada.mark(article, "complete ceasefire")
    office.submit(article)
    answer = office.ada.post(f"/articles/{article}/reopen")
    assert (answer.status_code, answer.json["state"]) == (200, "in_progress")
    office.ada.post(f"/articles/{article}/submit", {"confirm": True})
    decision = {"question": str(annotation), "outcome": "accept", "annotation": str(annotation), "justification": ""}
    assert office.jo.post(f"/articles/{article}/decisions", decision).status_code == 201
    refused(office.ada.post(f"/articles/{article}/reopen"), 409)


@pytest.mark.parametrize("action", ["submit", "reopen"])
def test_only_its_reviewers_reach_it(office: Office, refused, action: str) -> None:
    article = office.article()
    missing = refused(office.sam.post(f"/articles/{'a' * 16}/{action}"), 404)
    for program in (office.sam, office.jo, office.mia):
        assert refused(program.post(f"/articles/{article}/{action}"), 404) == missing
    refused(office.nobody.post(f"/articles/{article}/{action}"), 401)
    refused(office.ada.get(f"/articles/{article}/{action}"), 405)


@pytest.mark.parametrize("action", ["submit", "reopen"])
@pytest.mark.parametrize("body", [b"null", b"[]", b'{"confirm": "yes"}', b'{"sure": true}', b'"x"'])
def test_a_bad_body_is_refused(office: Office, refused, action: str, body: bytes) -> None:
    refused(office.ada.call("POST", f"/articles/{office.article()}/{action}", body), 422)

"""GET /api/v1/projects/{slug}/agreement"""

from __future__ import annotations

import pytest

from tests.support.program import Office

PATH = "/projects/truce/agreement"


@pytest.fixture
def submitted(office: Office) -> str:
    """An article in which Ada and Ben marked the same words and gave them other labels."""
    article = office.article()
    office.ada.mark(article, "complete ceasefire")
    office.ben.mark(article, "complete ceasefire", label="disputed")
    office.submit(article)
    return article


def test_a_manager_and_an_adjudicator_read_the_figures(office: Office, submitted: str) -> None:
    for program in (office.jo, office.mia):
        found = program.get(PATH).json
        assert found["articles"] == 1
        assert found["found"]["any_overlap"]["value"] == 1
        assert found["labels"]["percent"] == {
            "value": 0.0, "n": 1, "why": "", "low": None, "high": None, "why_no_interval": "",
        }  # fmt: skip


def test_what_cannot_be_computed_is_null_with_a_reason(office: Office) -> None:
    figure = office.mia.get(PATH).json["labels"]["alpha"]
    assert figure["value"] is None
    assert figure["why"]


def test_reviewers_may_not_and_strangers_find_nothing(office: Office, submitted: str, refused) -> None:
    refused(office.ada.get(PATH), 403)
    refused(office.sam.get(PATH), 404)


def test_a_manager_reads_each_reviewer_and_a_reviewer_only_themselves(office: Office, submitted: str) -> None:
    found = office.mia.get(f"{PATH}/reviewers").json
    assert sorted(each["reviewer"] for each in found["items"]) == ["Ada", "Ben"]
    assert [each["beside_others"]["label_of_most"]["value"] for each in found["items"]] == [0.0, 0.0]
    assert [each["confusion"] for each in found["items"]] == [None, None]
    assert office.jo.get(f"{PATH}/reviewers").status_code == 403
    # Nothing is adjudicated yet.
    assert office.ada.get(f"{PATH}/own").json == {"articles": 0, "beside_others": None, "against_gold": None}

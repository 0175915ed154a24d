"""/api/v1/annotations/{id}/counterparts"""

from __future__ import annotations

from uuid import uuid4

from tests.support.program import Office


def test_counterparts_are_passages_of_other_articles_with_reasons(office: Office) -> None:
    article = office.article()
    claim = office.ada.mark(article, "complete ceasefire")
    other = office.article(text="Nothing else.\n\nThe ceasefire was complete on Sunday, both ministries said.")
    (only,) = office.ada.get(f"/annotations/{claim}/counterparts?limit=1").json["items"]
    assert (only["article"], only["text"]) == (other, "The ceasefire was complete on Sunday, both ministries said.")
    assert {reason["kind"] for reason in only["reasons"]} >= {"words"}
    assert all(reason["words"] for reason in only["reasons"])


def test_they_are_for_those_alone_who_may_see_the_claim(office: Office, refused) -> None:
    claim = office.ada.mark(office.article(), "complete ceasefire")
    missing = refused(office.sam.get(f"/annotations/{uuid4()}/counterparts"), 404)
    for program in (office.ben, office.jo, office.sam):
        assert refused(program.get(f"/annotations/{claim}/counterparts"), 404) == missing
    refused(office.ada.get(f"/annotations/{claim}/counterparts?limit=0"), 422)

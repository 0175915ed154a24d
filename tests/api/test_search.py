"""/api/v1/projects/{slug}/search"""

from __future__ import annotations

import pytest

from tests.support.program import Office


def test_paragraphs_are_found_with_the_places_of_the_words_in_parts(office: Office) -> None:
    office.article(text="Nothing.\n\nThe Ceasefire was complete, “ceasefire” or not.")
    other = office.article(text="A ceasefire.")
    path = "/projects/truce/search?q=ceasefire"
    whole = office.ada.get(path).json["items"]
    assert {found["article"] for found in whole} >= {other}
    first = office.ada.get(f"{path}&limit=1").json
    rest = office.ada.get(f"{path}&cursor={first['next']}").json
    assert [*first["items"], *rest["items"]] == whole
    assert rest["next"] is None
    for found in whole:
        text = office.ada.get(f"/articles/{found['article']}").json["text"]
        for place in found["words"]:
            assert text[place["start"] : place["end"]].casefold() == "ceasefire"


def test_claims_are_found_by_those_alone_who_may_see_them(office: Office, refused) -> None:
    article = office.article()
    claim = office.ada.mark(article, "complete ceasefire")
    for kind in ("claims", "speakers", "evidence"):
        for program in (office.ben, office.jo):
            assert program.get(f"/projects/truce/search?q=ceasefire&kind={kind}").json["items"] == []
    (found,) = office.ada.get("/projects/truce/search?q=ceasefire&kind=claims&own=true").json["items"]
    assert (found["annotation"], found["text"]) == (str(claim), "complete ceasefire")
    refused(office.sam.get("/projects/truce/search?q=ceasefire"), 404)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "q=",
        "q=%22",
        "q=a&kind=people",
        "q=a&since=2020-01-02&until=2020-01-01",
        "q=a&cursor=x",
        "q=a&cursor=Wy0xXQ",
    ],
)
def test_what_asks_nothing_is_refused(office: Office, refused, query: str) -> None:
    refused(office.ada.get(f"/projects/truce/search?{query}"), 422)

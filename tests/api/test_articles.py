"""GET and POST /api/v1/projects/{slug}/articles, GET /api/v1/articles/{id}"""

from __future__ import annotations

import hashlib

import pytest

from tests.support.program import Office

PATH = "/projects/truce/articles"
TEXTS = [
    "plain",
    "  leading and trailing blanks \t\n",
    "CRLF\r\nlone CR\rtabs\tno-break\u00a0space\u2028separator",
    "a family 👨‍👩‍👧‍👦, decomposed e\u0301, composed é, ﬁ",
    "السلام عليكم \u202eשלום\u202c",
    "𝒜𝓑 astral",
    "\ufeffBOM inside and first",
]


@pytest.mark.parametrize("text", TEXTS)
def test_the_text_is_stored_exactly(office: Office, text: str) -> None:
    answer = office.mia.post(PATH, {"text": text, "title": "A title", "published": "2019-06-12"})
    assert answer.status_code == 201, answer.text
    shown = office.mia.get(f"/articles/{answer.json['id']}").json
    assert shown["text"] == text
    assert shown["sha256"] == answer.json["sha256"] == hashlib.sha256(text.encode()).hexdigest()
    assert shown["length"] == answer.json["length"] == len(text)
    assert (shown["version"], shown["title"], shown["published"]) == (1, "A title", "2019-06-12")
    assert all(0 <= block["start"] < block["end"] <= len(text) for block in shown["blocks"])
    assert answer.headers["Location"] == f"/api/v1/articles/{shown['id']}"


def test_several_come_back_in_order_and_twice_adds_nothing(office: Office) -> None:
    articles = [{"text": f"Story {n}.", "external_id": f"x{n}"} for n in range(1_000)]
    first = office.mia.post(PATH, {"articles": articles})
    assert first.status_code == 201
    assert [each["external_id"] for each in first.json["items"]] == [each["external_id"] for each in articles]
    assert all(each["new"] for each in first.json["items"])
    again = office.mia.post(PATH, {"articles": articles})
    assert again.status_code == 200
    assert [each["id"] for each in again.json["items"]] == [each["id"] for each in first.json["items"]]
    assert not any(each["new"] for each in again.json["items"])


def test_a_newer_text_is_told_of_and_with_update_the_next_version(office: Office) -> None:
    url = "https://example.org/calm"
    sent = [{"text": "Calm. Two were hurt.", "external_id": "w1"}, {"text": "Talks went on all day.", "url": url}]
    first = [each["id"] for each in office.mia.post(PATH, {"articles": sent}).json["items"]]
    newer = [
        {"text": "Calm. Three were hurt.", "external_id": "w1"},
        {"text": "Talks went on all night.", "url": url},
        {"text": "Shelling.", "external_id": "w2"},
    ]
    told = office.mia.post(PATH, {"articles": newer[:2]})
    assert [told.status_code, *((each["outcome"], each["version"]) for each in told.json["items"])] == [
        200,
        ("newer", 1),
        ("newer", 1),
    ]
    taken = office.mia.post(PATH, {"articles": [*newer, newer[0]], "update": True})
    assert [taken.status_code, *((each["outcome"], each["version"]) for each in taken.json["items"])] == [
        201,
        ("corrected", 2),
        ("corrected", 2),
        ("added", 1),
        ("known", 2),
    ]
    assert [each["id"] for each in taken.json["items"]][:2] == first
    assert office.mia.get(f"/articles/{first[1]}").json["text"] == newer[1]["text"]
    # The old text again corrects nothing, nor does the same call again.
    again = [office.mia.post(PATH, one | {"update": True}) for one in (sent[0], newer[0])]
    assert [(each.status_code, each.json["outcome"], each.json["version"]) for each in again] == [(200, "known", 2)] * 2


def test_all_or_nothing(office: Office, refused) -> None:
    articles = [{"text": "Good."}, {"text": "Bad.", "published": "2019-13-01"}, {"text": " \n"}, {"text": "x\x00"}]
    problem = refused(office.mia.post(PATH, {"articles": articles}), 422)
    assert [each["field"] for each in problem["errors"]] == [
        "articles.1.published",
        "articles.2.text",
        "articles.3.text",
    ]
    assert office.mia.get(PATH).json["items"] == []


@pytest.mark.parametrize(
    ("article", "field"),
    [
        ({}, "text"),
        ({"text": None}, "text"),
        ({"text": ""}, "text"),
        ({"text": 5}, "text"),
        ({"text": "a", "body": "b"}, "body"),
        ({"text": "a", "url": "javascript:alert(1)"}, "url"),
        ({"text": "a", "title": 3}, "title"),
        ({"text": "a", "title": "x" * 5_000}, "title"),
        ({"text": "a", "language": "not a tag"}, "language"),
        ({"text": "a", "published": "12 June"}, "published"),
        ({"text": "a", "external_id": ["x"]}, "external_id"),
        ({"text": "a", "update": "yes"}, "update"),
        ({"articles": [{"text": "a", "update": True}]}, "articles.0.update"),
        ({"articles": []}, "articles"),
        ({"articles": None}, "articles"),
        ({"articles": [None]}, "articles.0"),
        ({"articles": [{"text": "a"}] * 1_001}, "articles"),
        ({"articles": [{"text": "a"}], "text": "b"}, "text"),
    ],
)
def test_a_bad_field_is_named(office: Office, refused, article: dict, field: str) -> None:
    refused(office.mia.post(PATH, article), 422, field)


def test_only_the_manager_adds(office: Office, refused) -> None:
    for program in (office.ada, office.jo):
        refused(program.post(PATH, {"text": "a"}), 403)
    missing = refused(office.sam.post("/projects/none/articles", {"text": "a"}), 404)
    assert refused(office.sam.post(PATH, {"text": "a"}), 404) == missing
    refused(office.nobody.post(PATH, {"text": "a"}), 401)


def test_a_reviewer_sees_the_articles_that_are_assigned_to_them(office: Office, refused) -> None:
    theirs = office.article()
    later = office.desk.article(text="Not assigned yet.", assign=False)
    assert [each["id"] for each in office.ada.get(PATH).json["items"]] == [theirs]
    assert [each["id"] for each in office.mia.get(PATH).json["items"]] == [theirs, later]
    assert office.ada.get(f"/articles/{theirs}").json["assignment"]["state"] == "new"
    assert office.jo.get(f"/articles/{theirs}").json["assignment"] is None
    missing = refused(office.ada.get(f"/articles/{'a' * 16}"), 404)
    assert refused(office.ada.get(f"/articles/{later}"), 404) == missing
    assert refused(office.sam.get(f"/articles/{theirs}"), 404) == missing
    refused(office.sam.get(PATH), 404)


def test_the_list_comes_in_parts(office: Office) -> None:
    ids = [
        each["id"] for each in office.mia.post(PATH, {"articles": [{"text": f"S{n}."} for n in range(5)]}).json["items"]
    ]
    seen: list[str] = []
    path = f"{PATH}?limit=2"
    while path:
        part = office.mia.get(path).json
        seen += [each["id"] for each in part["items"]]
        path = f"{PATH}?limit=2&cursor={part['next']}" if part["next"] else ""
    assert seen == ids


def test_other_methods_are_refused(office: Office, refused) -> None:
    refused(office.mia.delete(PATH), 405)
    refused(office.mia.delete(f"/articles/{'a' * 16}"), 405)


def test_copies_are_looked_for_with_the_last_call_of_an_import(office: Office) -> None:
    text = " ".join(f"Word{n} of the agency." for n in range(40))
    copies = "/projects/truce/copies"
    sent = [{"articles": [{"text": f"{text} And {n}.", "external_id": str(n)}], "more": True} for n in range(2)]
    for part in sent:
        assert office.mia.post(PATH, part).status_code == 201
        assert office.mia.get(copies).json["items"] == []
    # Nothing new in it, and yet the end of the import.
    assert office.mia.post(PATH, sent[0] | {"more": False}).status_code == 200
    (group,) = office.mia.get(copies).json["items"]
    assert len(group["articles"]) == 2

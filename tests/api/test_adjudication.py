"""/api/v1/articles/{id}/questions, /decisions and /finish, /api/v1/decisions/{id}"""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.support.program import Office


@pytest.fixture
def story(office: Office) -> str:
    """A submitted article: one claim with another label, one that only Ada marked."""
    article = office.article()
    office.ada.mark(article, "complete ceasefire")
    office.ben.mark(article, "complete ceasefire", "disputed")
    office.ada.mark(article, "shelling in three towns", "unverified")
    office.submit(article)
    return article


def questions(office: Office, article: str) -> list[dict]:
    answer = office.jo.get(f"/articles/{article}/questions")
    assert answer.status_code == 200, answer.text
    return answer.json["items"]


def decide(office: Office, article: str, **decision):
    return office.jo.post(f"/articles/{article}/decisions", {"question": None, "justification": ""} | decision)


def test_questions_show_in_what_the_reviewers_differ(office: Office, story: str) -> None:
    first, second = questions(office, story)
    assert (first["kind"], first["differs"], second["kind"]) == ("label", ["label"], "some")
    # The project is blind: its adjudicator sees letters.
    assert {each["reviewer"] for each in first["versions"]} == {"Reviewer A", "Reviewer B"}
    assert {each["label"] for each in first["versions"]} == {"sourced", "disputed"}
    assert {each["reviewer_id"] for each in first["versions"]} == {None}
    assert first["versions"][0]["exact"] == "complete ceasefire"
    assert first["decision"] is second["decision"] is None
    assert questions(office, story) == [first, second]


def test_every_outcome_settles_its_question(office: Office, story: str) -> None:
    first, second = questions(office, story)
    taken = decide(
        office, story, question=first["id"], outcome="accept", annotation=first["versions"][1]["id"], as_of="2020-01-12"
    )
    assert taken.status_code == 201
    assert taken.json["gold"]["label"] == first["versions"][1]["label"]
    assert (taken.json["adjudicator"], taken.json["as_of"]) == ("Jo", "2020-01-12")
    assert sorted(source["chosen"] for source in taken.json["sources"]) == [False, True]
    nothing = decide(office, story, question=second["id"], outcome="nothing here", justification="Not a claim.")
    assert (nothing.status_code, nothing.json["gold"]) == (201, None)
    claim = office.jo.get(f"/articles/{story}").json["text"].index("calm")
    drawn = decide(
        office,
        story,
        outcome="edit",
        claim={"start": claim, "end": claim + 4, "exact": "calm", "label": "sourced"},
        justification="Nobody marked it.",
    )
    assert (drawn.status_code, drawn.json["gold"]["exact"]) == (201, "calm")
    assert [each["decision"]["outcome"] for each in questions(office, story)] == ["accept", "edit", "nothing_here"]
    done = office.jo.post(f"/articles/{story}/finish")
    assert (done.status_code, done.json["state"], done.json["kind"]) == (200, "submitted", "adjudication")


def test_a_standing_decision_is_shown_and_replaced_by_its_name(office: Office, refused, story: str) -> None:
    question = questions(office, story)[0]
    ones = [each["id"] for each in question["versions"]]
    first = decide(office, story, question=question["id"], outcome="accept", annotation=ones[0]).json
    problem = refused(decide(office, story, question=question["id"], outcome="accept", annotation=ones[1]), 409)
    assert problem["decision"] == first
    second = decide(office, story, question=question["id"], outcome="accept", annotation=ones[1], replaces=first["id"])
    assert (second.status_code, second.json["replaces"]) == (201, first["id"])


def test_undoing_opens_the_question_again(office: Office, refused, story: str) -> None:
    question = questions(office, story)[0]
    made = decide(office, story, question=question["id"], outcome="accept", annotation=question["versions"][0]["id"])
    for program in (office.ada, office.sam, office.mia):
        assert program.delete(f"/decisions/{made.json['id']}").status_code in {403, 404}
    undone = office.jo.delete(f"/decisions/{made.json['id']}")
    assert undone.status_code == 200
    assert undone.json["undone_at"].endswith("Z")
    assert undone.json["gold"]["deleted"] is True
    assert questions(office, story)[0]["decision"] is None
    refused(office.jo.delete(f"/decisions/{'a' * 16}"), 404)


def test_finishing_waits_for_every_question(office: Office, refused, story: str) -> None:
    problem = refused(office.jo.post(f"/articles/{story}/finish"), 409)
    assert problem["open"] == [each["id"] for each in questions(office, story)]


def test_questions_come_when_all_have_submitted(office: Office, refused) -> None:
    article = office.article()
    refused(office.jo.get(f"/articles/{article}/questions"), 409)
    office.ada.post(f"/articles/{article}/submit")
    refused(office.jo.get(f"/articles/{article}/questions"), 409)
    refused(decide(office, article, question=str(uuid4()), outcome="nothing_here"), 409)
    office.ben.post(f"/articles/{article}/submit")
    assert questions(office, article) == []


def test_only_adjudicators_decide(office: Office, refused, story: str) -> None:
    decision = {"question": str(uuid4()), "outcome": "nothing_here", "justification": ""}
    missing = refused(office.sam.get(f"/articles/{'a' * 16}/questions"), 404)
    assert refused(office.sam.get(f"/articles/{story}/questions"), 404) == missing
    for program in (office.ada, office.mia):
        refused(program.get(f"/articles/{story}/questions"), 403)
        refused(program.post(f"/articles/{story}/decisions", decision), 403)
        refused(program.post(f"/articles/{story}/finish"), 403)
    refused(office.nobody.get(f"/articles/{story}/questions"), 401)
    refused(office.jo.post(f"/articles/{story}/decisions", decision), 404)
    refused(office.jo.get(f"/articles/{story}/decisions"), 405)
    refused(office.jo.get(f"/articles/{story}/finish"), 405)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"outcome": "maybe"}, "outcome"),
        ({"outcome": "accept"}, "annotation"),
        ({"outcome": "accept", "annotation": str(uuid4())}, "annotation"),
        ({"outcome": "edit"}, "claim"),
        ({"outcome": "edit", "claim": {"start": 0}}, "claim.exact"),
        ({"outcome": "send_back"}, "justification"),
        ({"question": None}, "question"),
        ({"question": 3}, "question"),
        ({"as_of": "yesterday"}, "as_of"),
        ({"vote": 1}, "vote"),
    ],
)
def test_a_bad_field_is_named(office: Office, refused, story: str, change: dict, field: str) -> None:
    decision = {"question": questions(office, story)[0]["id"], "outcome": "nothing_here", "justification": ""}
    refused(office.jo.post(f"/articles/{story}/decisions", decision | change), 422, field)


def test_an_edit_that_cannot_be_stored_changes_nothing(office: Office, refused, story: str) -> None:
    before = questions(office, story)
    claim = {"start": 0, "end": 4, "exact": "Bath", "label": "sourced"}
    refused(decide(office, story, question=before[0]["id"], outcome="edit", claim=claim), 422)
    assert questions(office, story) == before
    assert office.ada.post(f"/articles/{story}/reopen").status_code == 200


def test_reasons_come_back_as_tags(office: Office, story: str) -> None:
    first, _ = questions(office, story)
    made = decide(office, story, question=first["id"], outcome="nothing_here", reasons=["duplicate", "oversight"])
    assert (made.status_code, made.json["reasons"], made.json["rule"]) == (201, ["duplicate", "oversight"], "")
    assert questions(office, story)[0]["decision"]["reasons"] == ["duplicate", "oversight"]
    refused = decide(office, story, question=first["id"], outcome="nothing_here", reasons=["whim"])
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "reasons.0")


def test_the_first_pass_is_previewed_and_applied(office: Office) -> None:
    article = office.article()
    for reviewer in (office.ada, office.ben):
        reviewer.mark(article, "shelling in three towns", "unverified")
    office.ada.mark(article, "complete ceasefire")
    office.submit(article)
    address = f"/articles/{article}/first-pass"
    assert office.jo.get(address).status_code == 409, "the project has no rule yet"
    assert office.mia.call("PATCH", f"/projects/{office.desk.slug}", {"merge_strategy": "unanimous"}).status_code == 200
    shown = office.jo.get(address).json
    assert shown["rule"] == "unanimous"
    assert [each["exact"] for each in shown["settled"]] == ["shelling in three towns"]
    assert [(each["exact"], each["why"]) for each in shown["left"]] == [("complete ceasefire", "The reviewers differ.")]
    (settled,) = shown["settled"]
    nothing = office.jo.post(address, {"questions": {}})
    assert (nothing.status_code, nothing.json["items"]) == (200, [])
    applied = office.jo.post(address, {"questions": {settled["question"]: settled["annotation"]}})
    (made,) = applied.json["items"]
    assert (made["rule"], made["outcome"], made["gold"]["exact"]) == ("unanimous", "accept", "shelling in three towns")
    for reader in (office.ada, office.mia):
        assert reader.get(address).status_code == 403

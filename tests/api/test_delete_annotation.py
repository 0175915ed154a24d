"""GET and DELETE /api/v1/annotations/{uuid}"""

from __future__ import annotations

from uuid import uuid4

from tests.support.program import Office


def test_a_deleted_claim_leaves_a_tombstone(office: Office, refused) -> None:
    article = office.article()
    annotation = office.ada.mark(article, "complete ceasefire")
    answer = office.ada.delete(f"/annotations/{annotation}", version=1)
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    assert (answer.json["deleted"], answer.json["article"]) == (True, article)
    assert office.ada.get(f"/articles/{article}/annotations").json["items"] == []
    refused(office.ada.get(f"/annotations/{annotation}"), 404)


def test_to_repeat_it_changes_nothing(office: Office) -> None:
    annotation = office.ada.mark(office.article(), "complete ceasefire")
    first = office.ada.delete(f"/annotations/{annotation}", version=1)
    again = office.ada.delete(f"/annotations/{annotation}", version=1)
    assert (again.status_code, again.data) == (200, first.data)


def test_it_needs_the_present_version(office: Office, refused) -> None:
    annotation = office.ada.mark(office.article(), "complete ceasefire")
    for missing in (None, "*"):
        refused(office.ada.delete(f"/annotations/{annotation}", version=missing), 428)
    for version in (2, 'W/"1"'):
        assert refused(office.ada.delete(f"/annotations/{annotation}", version=version), 412)["current"]["version"] == 1
    refused(office.ada.delete(f"/annotations/{annotation}", version='"1", "2"'), 400)
    assert office.ada.get(f"/annotations/{annotation}").status_code == 200


def test_nobody_else_reaches_it(office: Office, refused) -> None:
    article = office.article()
    annotation = office.ada.mark(article, "complete ceasefire")
    missing = refused(office.ben.delete(f"/annotations/{uuid4()}", version=1), 404)
    for program in (office.ben, office.jo, office.mia, office.sam):
        assert refused(program.get(f"/annotations/{annotation}"), 404) == missing
        assert refused(program.delete(f"/annotations/{annotation}", version=1), 404) == missing
    refused(office.nobody.delete(f"/annotations/{annotation}", version=1), 401)
    office.submit(article)
    assert office.mia.get(f"/annotations/{annotation}").json["reviewer"] == "Ada"
    # In a blind project whoever adjudicates is told no name before the end.
    assert office.jo.get(f"/annotations/{annotation}").json["reviewer"].startswith("Reviewer ")
    refused(office.jo.delete(f"/annotations/{annotation}", version=1), 404)


def test_a_submitted_article_is_closed(office: Office, refused) -> None:
    article = office.article()
    annotation = office.ada.mark(article, "complete ceasefire")
    office.submit(article)
    refused(office.ada.delete(f"/annotations/{annotation}", version=1), 409)


def test_other_methods_are_refused(office: Office, refused) -> None:
    refused(office.ada.put(f"/annotations/{uuid4()}", {}), 405)

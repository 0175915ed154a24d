"""PATCH /api/v1/articles/{id}"""

from __future__ import annotations

from tests.api.test_versions import MENDED
from tests.services.test_article_details import recorded
from tests.support.program import Office

FACTS = {"title": "Truce", "publisher": "The Bay", "agency": "AP"}


def test_what_is_given_is_corrected_and_null_takes_away(office: Office) -> None:
    article = office.article(**FACTS)
    path = f"/articles/{article}"
    read = office.mia.get(path)
    assert read.headers["ETag"] == '"1"'
    done = office.mia.call("PATCH", path, {"agency": None, "published": "2020-01-12"}, version=read.headers["ETag"])
    assert (done.status_code, done.headers["ETag"]) == (200, '"2"')
    told = {name: done.json[name] for name in (*FACTS, "published", "version")}
    assert told == {"title": "Truce", "publisher": "The Bay", "agency": "", "published": "2020-01-12", "version": 1}
    again = office.ada.get(path)
    assert (again.headers["ETag"], again.json["agency"]) == ('"2"', "")
    assert again.json["text"] == read.json["text"]


def test_a_change_names_what_it_changes_and_overwrites_nothing(office: Office, refused) -> None:
    article = office.article(**FACTS)
    path = f"/articles/{article}"
    refused(office.mia.call("PATCH", path, {"agency": "Reuters"}), 428)
    assert office.mia.call("PATCH", path, {"agency": "Reuters"}, version=1).status_code == 200
    late = office.mia.call("PATCH", path, {"publisher": "The Sea"}, version=1)
    refused(late, 412)
    assert (late.headers["ETag"], late.json["current"]["agency"]) == ('"2"', "Reuters")
    assert office.mia.post(f"{path}/versions", {"text": MENDED}).status_code == 201
    refused(office.mia.call("PATCH", path, {"publisher": "The Sea"}, version=2), 412)
    # What stands already may be sent again, as after an answer that was lost.
    for version in (None, 1, 3):
        same = office.mia.call("PATCH", path, {"agency": "Reuters"}, version=version)
        assert (same.status_code, same.headers["ETag"]) == (200, '"3"')
    assert office.mia.call("PATCH", path, {}).status_code == 200
    assert len(recorded(office.desk, article)) == 1


def test_bad_details_and_other_people_are_refused(office: Office, refused) -> None:
    article = office.article(**FACTS)
    path = f"/articles/{article}"
    for field, value in (("published", "12.1.2020"), ("url", "nowhere"), ("language", "Old Norse"), ("text", "x")):
        refused(office.mia.call("PATCH", path, {field: value}, version=1), 422, field)
    refused(office.mia.call("PATCH", path, {"title": 5}, version=1), 422, "title")
    for program, status in ((office.ada, 403), (office.jo, 403), (office.sam, 404), (office.nobody, 401)):
        refused(program.call("PATCH", path, {"title": "x"}, version=1), status)
    assert recorded(office.desk, article) == []

"""/api/v1/projects/{slug}/releases: freezing, listing, reading, what changed, and the frozen export."""

from __future__ import annotations

import csv
import hashlib
import io

import pytest

from tests.support.program import Office

PATH = "/projects/truce/releases"
CALM = 'calm "except for one or two separate incidents."'


def finished(office: Office, title: str = "") -> str:
    """An article with one settled claim; its id."""
    article = office.article(title=title)
    mark = str(office.ada.mark(article, CALM))
    office.submit(article)
    decision = {"question": mark, "outcome": "accept", "annotation": mark, "justification": "As marked."}
    assert office.jo.post(f"/articles/{article}/decisions", decision).status_code == 201
    assert office.jo.post(f"/articles/{article}/finish").status_code == 200
    return article


def test_a_release_is_made_read_and_exported(office: Office) -> None:
    article = finished(office)
    made = office.mia.post(PATH, {"version": "1.0.0", "note": "The first"})
    assert made.status_code == 201, made.text
    assert made.headers["Location"].endswith(f"{PATH}/1.0.0")
    assert made.json["author"] == "Mia"
    assert hashlib.sha256(b"").hexdigest() != made.json["sha256"]
    read = office.jo.get(f"{PATH}/1.0.0")
    assert read.json == made.json
    export = office.jo.get("/projects/truce/export?layer=gold&release=1.0.0")
    assert hashlib.sha256(export.data).hexdigest() == read.json["manifest"]["layers"]["gold"]["files"]["csv"]
    [row] = csv.DictReader(io.StringIO(export.text, newline=""))
    assert (row["release"], row["article_id"], row["exact"]) == ("1.0.0", article, CALM)


def test_releases_are_listed_in_parts(office: Office) -> None:
    finished(office)
    for version in ("1.0.0", "1.1.0", "2.0.0-rc.1"):
        assert office.mia.post(PATH, {"version": version}).status_code == 201
    first = office.jo.get(f"{PATH}?limit=2").json
    assert [each["version"] for each in first["items"]] == ["1.0.0", "1.1.0"]
    rest = office.jo.get(f"{PATH}?limit=2&cursor={first['next']}").json
    assert ([each["version"] for each in rest["items"]], rest["next"]) == (["2.0.0-rc.1"], None)


def test_what_changed_since_a_release(office: Office) -> None:
    finished(office)
    office.mia.post(PATH, {"version": "1.0.0"})
    nothing = office.jo.get(f"{PATH}/1.0.0/changes").json
    assert nothing == {"since": "1.0.0", "until": None, "claims": [], "links": [], "articles": []}
    other = finished(office, "A second")
    office.mia.post(PATH, {"version": "1.1.0"})
    for found in (office.jo.get(f"{PATH}/1.0.0/changes"), office.jo.get(f"{PATH}/1.0.0/changes?until=1.1.0")):
        [claim] = found.json["claims"]
        assert (claim["change"], claim["before"], claim["after"]["article_id"]) == ("added", None, other)
        assert [each["change"] for each in found.json["articles"]] == ["added"]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"version": "one"}, 422, "version"),
        ({"version": "9" * 65}, 422, "version"),
        ({"version": "1.0.0"}, 409, None),
        ({"version": "0.1.0"}, 409, None),
        ({"version": "2.0.0", "more": 1}, 422, "more"),
        ({"note": "x"}, 422, "version"),
    ],
)
def test_bad_versions_are_refused(office: Office, refused, body: dict, status: int, field: str | None) -> None:
    finished(office)
    assert office.mia.post(PATH, {"version": "1.0.0"}).status_code == 201
    refused(office.mia.post(PATH, body), status, field)
    assert len(office.mia.get(PATH).json["items"]) == 1


def test_nothing_finished_is_a_conflict(office: Office, refused) -> None:
    office.article()
    assert "No article is finished" in refused(office.mia.post(PATH, {"version": "1.0.0"}), 409)["detail"]


def test_who_may(office: Office, refused) -> None:
    finished(office)
    refused(office.jo.post(PATH, {"version": "1.0.0"}), 403)
    refused(office.ada.get(PATH), 403)
    refused(office.sam.get(PATH), 404)
    refused(office.nobody.get(PATH), 401)
    refused(office.mia.get(f"{PATH}/1.0.0"), 404)
    refused(office.mia.get("/projects/truce/export?release=1.0.0"), 422, "release")
    refused(office.mia.get(f"{PATH}/1.0.0/changes?until=none"), 404)

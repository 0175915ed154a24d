"""/api/v1/projects/{slug}/releases: freezing, listing, reading, what changed, and the frozen export."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import zipfile

import pytest

from annotator.services.release_package import SUMS
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


def test_a_preview_shows_what_would_be_frozen_and_freezes_nothing(office: Office, refused) -> None:
    refused(office.mia.post(f"{PATH}/preview", {"version": "1.0.0"}), 409)
    finished(office)
    office.article(text="Not finished.")
    wish = {"version": "1.0.0", "text": "none", "people": "pseudonyms"}
    shown = office.mia.post(f"{PATH}/preview", wish).json
    assert shown["manifest"]["finished_articles"] == 1
    assert office.mia.get(PATH).json["items"] == []
    assert office.mia.post(PATH, wish).json["manifest"]["layers"] == shown["manifest"]["layers"]
    for program, status in ((office.jo, 403), (office.ada, 403), (office.sam, 404)):
        refused(program.post(f"{PATH}/preview", wish), status)


def test_what_releases_say_of_themselves_is_changed_field_by_field(office: Office, refused) -> None:
    card = "/projects/truce/dataset"
    assert office.mia.call("PATCH", card, {"title": "Calm", "licence": "CC-BY-4.0"}).json["title"] == "Calm"
    changed = office.mia.call("PATCH", card, {"licence": "CC0-1.0"}).json
    assert (changed["title"], changed["licence"]) == ("Calm", "CC0-1.0")
    assert office.jo.get(card).json == changed
    refused(office.mia.call("PATCH", card, {"homepage": "nowhere"}), 422, "homepage")
    refused(office.jo.call("PATCH", card, {"title": "Mine"}), 403)
    refused(office.ada.get(card), 403)
    refused(office.sam.get(card), 404)
    finished(office)
    assert office.mia.post(PATH, {"version": "1.0.0"}).json["manifest"]["dataset"]["title"] == "Calm"


def test_a_package_holds_what_its_checksums_say(office: Office, refused) -> None:
    finished(office)
    made = office.mia.post(PATH, {"version": "1.0.0", "people": "pseudonyms", "text": "none"}).json
    answer = office.jo.get(f"{PATH}/1.0.0/package")
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="truce-1.0.0.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    said = dict(line.split("  ")[::-1] for line in files[SUMS].decode().splitlines())
    assert {name: hashlib.sha256(content).hexdigest() for name, content in files.items() if name in said} == said
    assert said["manifest.json"] == made["sha256"]
    assert not any(name in content for content in files.values() for name in (b"Ada", b"Ben", b"complete ceasefire"))
    assert office.jo.get(f"{PATH}/1.0.0/package").data == answer.data
    for program, status in ((office.ada, 403), (office.sam, 404)):
        refused(program.get(f"{PATH}/1.0.0/package"), status)


def test_people_are_called_as_was_asked(office: Office, refused) -> None:
    finished(office)
    export = "/projects/truce/export?layer=annotations"

    def reviewers(people: str) -> set[str]:
        answer = office.mia.get(f"{export}&people={people}")
        assert answer.status_code == 200, answer.text
        return {row["reviewer"] for row in csv.DictReader(io.StringIO(answer.text, newline=""))}

    assert (reviewers("names"), reviewers("none")) == ({"Ada"}, {""})
    [pseudonym] = reviewers("pseudonyms")
    assert re.fullmatch("person-[a-z2-7]{10}", pseudonym)
    refused(office.mia.get(f"{export}&people=all"), 422, "people")
    office.mia.post(PATH, {"version": "1.0.0", "people": "pseudonyms"})
    assert pseudonym in office.jo.get(f"{export}&release=1.0.0").text
    refused(office.mia.get(f"{export}&release=1.0.0&people=names"), 422, "people")


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

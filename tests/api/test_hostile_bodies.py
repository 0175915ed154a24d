"""What no program of good will sends: always refused with a problem document, never a fault of ours."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.support.program import Office

DEEP = b"[" * 5_000 + b"]" * 5_000
DEEP_OBJECT = b'{"note":' * 5_000 + b"1" + b"}" * 5_000
MANY_DIGITS = b"9" * 5_000
CLAIM = b'{"start":43,"end":61,"exact":"complete ceasefire","label":"sourced"%s}'

BODIES = {
    "nothing": (b"", 400),
    "blanks": (b" \n", 400),
    "null": (b"null", 422),
    "list": (b"[]", 422),
    "text": (b'"x"', 422),
    "number": (b"5", 422),
    "true": (b"true", 422),
    "NaN": (b"NaN", 422),
    "broken": (b'{"start":', 400),
    "two documents": (b"{} {}", 400),
    "single quotes": (b"{'start': 1}", 400),
    "trailing comma": (b'{"start": 1,}', 400),
    "byte order mark": (b"\xef\xbb\xbf{}", 400),
    "UTF-16": ('{"a": 1}'.encode("utf-16"), 400),
    "not UTF-8": (CLAIM % b',"note":"\xff"', 400),
    "raw surrogate": (CLAIM % b',"note":"\xed\xa0\x80"', 400),
    "raw NUL": (CLAIM % b',"note":"\x00"', 400),
    "NUL": (CLAIM % b',"note":"\\u0000"', 422),
    "NUL in a name": (CLAIM % b',"no\\u0000te":"x"', 422),
    "lone surrogate": (CLAIM % b',"note":"\\ud800"', 422),
    "low surrogate": (CLAIM % b',"note":"a\\udfffb"', 422),
    "surrogate in a name": (CLAIM % b',"\\ud800":"x"', 422),
    "deep list": (DEEP, 400),
    "deep object": (DEEP_OBJECT, 400),
    "deep inside": (CLAIM % (b',"evidence":' + DEEP), 400),
    "many digits": (b'{"start":' + MANY_DIGITS + b"}", 400),
    "digits inside": (CLAIM % (b',"confidence":' + MANY_DIGITS), 400),
    "huge number": (CLAIM % b',"confidence":1e999', 422),
    "NaN inside": (CLAIM % b',"confidence":NaN', 422),
    "minus infinity": (CLAIM % b',"confidence":-Infinity', 422),
    "repeated name": (CLAIM % b',"start":44', 422),
    "long unknown name": (CLAIM % (b',"' + b"x" * 100_000 + b'":1'), 422),
    "a thousand unknown names": (CLAIM % b"".join(b',"x%d":1' % n for n in range(1_000)), 422),
    "prototype": (CLAIM % b',"__proto__":{}', 422),
}


def test_a_hostile_body_is_refused(office: Office, refused) -> None:
    article = office.article()
    for name, (body, status) in BODIES.items():
        answer = office.ada.call("PUT", f"/articles/{article}/annotations/{uuid4()}", body)
        assert answer.status_code == status, name
        problem = refused(answer, status)
        assert len(problem.get("errors", [])) <= 100, name
        assert len(str(problem)) < 40_000, name
        assert office.ada.get(f"/articles/{article}/annotations").json["items"] == [], name


@pytest.mark.parametrize(
    ("who", "method", "path"),
    [
        ("mia", "POST", "/projects"),
        ("mia", "PATCH", "/projects/truce"),
        ("mia", "POST", "/projects/truce/articles"),
        ("ada", "POST", "/projects/truce/links"),
        ("jo", "POST", "/articles/{article}/decisions"),
        ("jo", "POST", "/articles/{article}/finish"),
        ("ada", "POST", "/articles/{article}/submit"),
        ("ada", "POST", "/articles/{article}/reopen"),
    ],
)
def test_no_route_fails(office: Office, who: str, method: str, path: str) -> None:
    address = path.format(article=office.article())
    answers = {name: getattr(office, who).call(method, address, body) for name, (body, _) in BODIES.items()}
    assert {name: answer.text for name, answer in answers.items() if answer.status_code >= 500} == {}


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "json"])
def test_only_json_is_read(office: Office, refused, kind: str) -> None:
    path = f"/api/v1/articles/{office.article()}/annotations/{uuid4()}"
    answer = office.ada.client.put(path, data=CLAIM % b"", content_type=kind, headers=office.ada.headers)
    refused(answer, 415)


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "application/ld+json", "Application/JSON"])
def test_json_by_its_other_names_is_read(office: Office, kind: str) -> None:
    path = f"/api/v1/articles/{office.article()}/reopen"
    answer = office.ada.client.post(path, data=b"{}", content_type=kind, headers=office.ada.headers)
    assert answer.status_code == 200


def test_a_body_that_is_too_large_is_refused(office: Office, refused) -> None:
    path = f"/articles/{office.article()}/annotations/{uuid4()}"
    refused(office.ada.call("PUT", path, CLAIM % (b',"note":"' + b"x" * 5_000_000 + b'"')), 413)


@pytest.mark.parametrize(
    "path",
    [
        f"/articles/{'9' * 5_000}",
        "/articles/%00",
        "/articles/..%2f..%2fetc",
        "/articles/%ff%fe",
        "/annotations/%ED%A0%80",
        f"/annotations/{'f' * 32}",
        "/projects/%F0%9F%91%AA",
        "/projects/a'%20OR%201=1--",
        "/links/\r\nSet-Cookie:%20a=b",
    ],
)
def test_a_hostile_address_is_not_found(office: Office, path: str) -> None:
    answer = office.mia.get(path)
    assert answer.status_code in {400, 404, 405}, answer.text
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost:5000@evil.example", ""])
def test_another_host_is_refused(office: Office, host: str) -> None:
    answer = office.ada.client.get("/api/v1/me", headers={**office.ada.headers, "Host": host})
    assert answer.status_code == 400


@pytest.mark.parametrize("value", ["\xff", "Bearer", "Bearer ", "Bearer \xe9", "Basic YTpi", f"Bearer {'x' * 5_000}"])
def test_a_hostile_token_is_refused(office: Office, refused, value: str) -> None:
    refused(office.nobody.client.get("/api/v1/me", headers={"Authorization": value}), 401)

"""A client of annotator's HTTP API in one file, with nothing but Python's standard library (3.11 or newer).

    desk = Client("https://annotator.example.org", "TOKEN")
    for article in desk.articles("truce"):
        print(article["title"], len(list(desk.annotations(article["id"]))))

Copy the file into your project. What comes back are the documents of the API as plain dictionaries; every field is
described at /api/docs of your installation. Whatever the server refuses is raised as `Refused`.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from http.client import HTTPException, HTTPResponse, IncompleteRead
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener
from uuid import uuid4

Document = dict[str, Any]

MOST_AT_ONCE = 1_000
LARGEST_BODY = 20_000_000
CHUNK = 1 << 16


class Refused(Exception):
    """A request that was refused. `document` is the problem document (RFC 9457); `errors` names fields."""

    def __init__(self, status: int, document: Document) -> None:
        super().__init__(f"{status} {document.get('title', '')}: {document.get('detail', '')}")
        self.status = status
        self.document = document
        self.errors: list[Document] = document.get("errors") or []


class _NoRedirect(HTTPRedirectHandler):
    """The token must not follow to another address."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


class Client:
    """Speaks to one installation as the person whose token it has.

    A request that found the server busy (503, 429) is repeated after as long as the server says, and one whose answer
    was lost is repeated where that is safe, up to `tries` times in all. `timeout` is in seconds.
    """

    def __init__(self, address: str, token: str, *, tries: int = 6, timeout: float = 120.0) -> None:
        self._root = f"{address.rstrip('/')}/api/v1"
        self._token = token
        self._tries = tries
        self._timeout = timeout
        self._opener = build_opener(_NoRedirect)

    # Reading

    def me(self) -> Document:
        """Who the token is."""
        return self.call("GET", "/me")

    def projects(self) -> Iterator[Document]:
        """One's projects."""
        return self.pages("/projects")

    def articles(self, project: str) -> Iterator[Document]:
        """The articles of a project that one may read, without their text."""
        return self.pages(f"/projects/{project}/articles")

    def article(self, article_id: str) -> Document:
        """One article with its text and blocks."""
        return self.call("GET", f"/articles/{article_id}")

    def annotations(self, article_id: str) -> Iterator[Document]:
        """The claims of an article that one may see, by their place."""
        return self.pages(f"/articles/{article_id}/annotations")

    def annotation(self, annotation_id: str) -> Document:
        """One claim."""
        return self.call("GET", f"/annotations/{annotation_id}")

    def links(self, project: str) -> Iterator[Document]:
        """The links between claims of a project."""
        return self.pages(f"/projects/{project}/links")

    def questions(self, article_id: str) -> Iterator[Document]:
        """What the adjudicator of an article is asked."""
        return self.pages(f"/articles/{article_id}/questions")

    def pages(self, path: str, **query: Any) -> Iterator[Document]:
        """Every entry of a list, however many parts it comes in."""
        query["limit"] = MOST_AT_ONCE
        while True:
            part = self.call("GET", path, query=query)
            yield from part["items"]
            if part["next"] is None:
                return
            query["cursor"] = part["next"]

    # Writing

    def add_articles(
        self, project: str, articles: Iterable[Mapping[str, Any]], *, update: bool = False
    ) -> Iterator[Document]:
        """Add any number of articles, in calls of up to 1,000; what became of each, in order.

        Each call comes in whole or not at all. What is there already comes back with the "outcome" "known", so after
        an error the whole may be repeated. With `update` a newer text of an article becomes its next version.
        """
        batches = _batches(articles)
        batch = next(batches, None)
        while batch is not None:
            following = next(batches, None)
            # Copies of one text are looked for once, with the last call.
            body = {"articles": batch, "update": update, "more": following is not None}
            yield from self.call("POST", f"/projects/{project}/articles", body, repeatable=True)["items"]
            batch = following

    def save(
        self,
        article_id: str,
        claim: Mapping[str, Any],
        *,
        annotation_id: str | None = None,
        version: int | None = None,
    ) -> Document:
        """Create a claim, or replace the `version` of the one with this id."""
        path = f"/articles/{article_id}/annotations/{annotation_id or uuid4()}"
        return self.call("PUT", path, claim, version=version, repeatable=True)

    def save_all(self, article_id: str, claims: Iterable[Mapping[str, Any]]) -> Iterator[Document]:
        """Save many claims of one article, in calls of up to 1,000; each call comes in whole or not at all.

        Each claim has an "id" of its own, or is given one here, and with "version" it replaces what is stored.
        """
        for batch in _batches({"id": str(uuid4()), **claim} for claim in claims):
            body = {"annotations": batch}
            yield from self.call("POST", f"/articles/{article_id}/annotations", body, repeatable=True)["items"]

    def change(self, annotation_id: str, **fields: Any) -> Document:
        """Change some fields of a claim; if somebody else changed it meanwhile, read it again and repeat."""
        return self.revise(annotation_id, lambda claim: {**claim, **fields})

    def revise(self, annotation_id: str, how: Callable[[Document], Mapping[str, Any]]) -> Document:
        """Replace a claim by what `how` makes of it. It is asked again if the claim was changed meanwhile."""
        stored = self.annotation(annotation_id)
        tries = self._tries
        while True:
            tries -= 1
            claim = how({name: value for name, value in stored.items() if name in _CLAIM and value is not None})
            try:
                return self.save(stored["article"], claim, annotation_id=annotation_id, version=stored["version"])
            except Refused as refused:
                if refused.status != 412 or not tries:
                    raise
                stored = refused.document["current"]

    def delete(self, annotation_id: str, version: int) -> Document:
        """Delete a claim of one's own; its tombstone."""
        return self.call("DELETE", f"/annotations/{annotation_id}", version=version, repeatable=True)

    def submit(self, article_id: str, *, confirm: bool = False) -> Document:
        """Say that one is done with an article; `confirm` passes what the project only warns of."""
        return self.call("POST", f"/articles/{article_id}/submit", {"confirm": confirm}, repeatable=True)

    def decide(self, article_id: str, decision: Mapping[str, Any]) -> Document:
        """Settle a question of an article."""
        return self.call("POST", f"/articles/{article_id}/decisions", decision)

    def finish(self, article_id: str) -> Document:
        """Close the adjudication of an article."""
        return self.call("POST", f"/articles/{article_id}/finish")

    # Datasets

    def export(self, project: str, file: str | os.PathLike[str], **query: Any) -> Path:
        """Download a dataset into `file`; `query` is layer, format and, for a frozen one, release.

        It is streamed, and the file is there only when it is complete.
        """
        path, part = Path(file), Path(f"{os.fspath(file)}.part")
        given = {name: value for name, value in query.items() if value is not None}
        try:
            with self._open("GET", f"/projects/{project}/export", query=given) as answer, part.open("wb") as stream:
                expected, written = answer.headers.get("Content-Length"), 0
                while chunk := answer.read(CHUNK):
                    written += stream.write(chunk)
                if expected is not None and written < int(expected):
                    raise IncompleteRead(b"", int(expected) - written)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        return path

    def release(self, project: str, version: str, note: str = "") -> Document:
        """Freeze the gold of a project."""
        return self.call("POST", f"/projects/{project}/releases", {"version": version, "note": note})

    # Any request

    def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        version: int | None = None,
        repeatable: bool = False,
        query: Mapping[str, Any] | None = None,
    ) -> Document:
        """The document that one request is answered with; empty where there is none. Raises Refused.

        `version` is sent as If-Match. `repeatable` says that the server does the same thing once, however often it
        hears of it, so that the request may be repeated when its answer was lost.
        """
        content = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        with self._open(method, path, content, version=version, repeatable=repeatable, query=query) as answer:
            document: Document = json.loads(answer.read() or b"{}")
        return document

    def _open(
        self,
        method: str,
        path: str,
        content: bytes | None = None,
        *,
        query: Mapping[str, Any] | None = None,
        version: int | None = None,
        repeatable: bool = False,
    ) -> HTTPResponse:
        address = f"{self._root}{quote(path)}{f'?{urlencode(query)}' if query else ''}"
        headers = {"Authorization": f"Bearer {self._token}", "Accept": "application/json"}
        if content is not None:
            headers["Content-Type"] = "application/json"
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        tries = self._tries
        while True:
            tries -= 1
            wait = 1.0
            try:
                request = Request(address, content, headers, method=method)  # noqa: S310 -- the caller's own address
                answer: HTTPResponse = self._opener.open(request, timeout=self._timeout)
                return answer
            except HTTPError as error:
                with error:
                    refused = Refused(error.code, _document(error.read()))
                if error.code not in {429, 503} or not tries:
                    raise refused from None
                wait = float(error.headers.get("Retry-After") or wait)
            except (URLError, HTTPException, OSError):
                if not tries or not (repeatable or method == "GET"):
                    raise
            time.sleep(wait)


_CLAIM = frozenset(
    (
        "start",
        "end",
        "exact",
        "label",
        "target",
        "reason",
        "origin",
        "speaker",
        "claim_text",
        "event_start",
        "event_end",
        "note",
        "confidence",
        "evidence",
    )
)
"""The fields of a claim that a PUT takes."""


def _batches(entries: Iterable[Mapping[str, Any]]) -> Iterator[Sequence[Mapping[str, Any]]]:
    """Parts of at most 1,000 entries and about 20 MB of JSON."""
    batch: list[Mapping[str, Any]] = []
    size = 0
    for entry in entries:
        length = len(json.dumps(entry, ensure_ascii=False).encode())
        if batch and (len(batch) == MOST_AT_ONCE or size + length > LARGEST_BODY):
            yield batch
            batch, size = [], 0
        batch.append(entry)
        size += length
    if batch:
        yield batch


def _document(content: bytes) -> Document:
    """The problem document of a refusal; a proxy in between may answer something else."""
    try:
        found = json.loads(content)
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {"detail": content.decode("utf-8", "replace")[:500]}

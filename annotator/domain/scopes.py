"""What the token of a program may be good for."""

from __future__ import annotations

from enum import StrEnum


class Scope(StrEnum):
    """One thing that a token may be good for. It never allows what its person may not do."""

    READ = "read"
    EXPORT = "export"
    WRITE = "write"
    MANAGE = "manage"


SCOPES: dict[Scope, str] = {
    Scope.READ: "read projects, articles, claims and figures",
    Scope.EXPORT: "download datasets and releases",
    Scope.WRITE: "add articles, save claims and links, submit and decide",
    Scope.MANAGE: "make projects and releases, change settings",
}
"""What each scope allows, in words that go on from "may"."""

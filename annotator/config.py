"""The settings of an installation: defaults, then instance/config.toml, then ANNOTATOR_* of the environment.

Every setting is a field of `Config`; its comment is its documentation and docs/configuration.md lists them all.
"""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from annotator.errors import Misconfigured

KNOWN_KEYS = frozenset({"dev", "secret", "changeme", "development", "secret-key"})
MINIMUM_KEY_LENGTH = 32


@dataclass(frozen=True)
class Config:
    """All settings. An unknown name in config.toml refuses to start."""

    # The folder of the database, the secret key and config.toml.
    instance: Path = field(default_factory=lambda: Path("instance").resolve())
    # sqlite:///… or postgresql+psycopg://…; empty means annotator.sqlite3 in the instance folder.
    database_url: str = ""
    # The address people use, e.g. https://annotator.example.org; its host is the allowed one, https makes cookies Secure.
    base_url: str = ""
    # More host names that requests may carry, separated by commas.
    allowed_hosts: str = ""
    # Signs tokens of people who are not signed in; `annotator init` makes a random one in the instance folder.
    secret_key: str = ""
    # How long a sign-in lasts without use, and at most, in hours.
    session_idle_hours: int = 12
    session_hours: int = 24 * 14
    # How long a one-time sign-in link stays good, in hours.
    link_hours: int = 72
    # The largest upload and the largest single article file, in megabytes.
    upload_megabytes: int = 200
    article_megabytes: int = 20
    # The number of proxies in front that set X-Forwarded-For, -Proto and -Host.
    proxies: int = 0
    # Seconds a writer waits for the SQLite write lock before it gives up.
    busy_seconds: int = 30

    def database(self) -> str:
        """The SQLAlchemy URL."""
        return self.database_url or f"sqlite:///{self.instance / 'annotator.sqlite3'}"

    @property
    def article_limit(self) -> int:
        """How many characters one article may have, roughly: they are counted while it is read."""
        return self.article_megabytes * 1_000_000

    @property
    def secure(self) -> bool:
        """Whether people reach the installation by HTTPS."""
        return self.base_url.startswith("https://")


def load(overrides: Mapping[str, Any] | None = None, environ: Mapping[str, str] | None = None) -> Config:
    """The settings of this installation; `overrides` (by field name) win over everything.

    Raises Misconfigured for an unknown name, a value of the wrong type or a weak secret key.
    """
    environ = os.environ if environ is None else environ
    given = dict(overrides or {})
    known = {setting.name: setting for setting in fields(Config)}
    instance = Path(given.get("instance") or environ.get("ANNOTATOR_INSTANCE") or "instance").resolve()
    values: dict[str, Any] = {"instance": instance}
    values |= _from_file(instance / "config.toml", known)
    values |= _from_environment(environ, known)
    for name, value in given.items():
        if name not in known:
            raise Misconfigured(f"There is no setting '{name}'.")
        values[name] = value
    values["instance"] = instance
    config = replace(Config(), **values)
    key = config.secret_key or _stored_key(instance)
    if key and (len(key) < MINIMUM_KEY_LENGTH or key.lower() in KNOWN_KEYS):
        raise Misconfigured(
            f"The secret key is too short or well known: it needs {MINIMUM_KEY_LENGTH} random characters. "
            "Remove it and run 'annotator init', which makes one."
        )
    return replace(config, secret_key=key)


def make_secret_key(instance: Path) -> None:
    """Write a random secret key, readable by its owner only, unless there is one; so is an instance folder made here."""
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = instance / "secret_key"
    if path.exists():
        return
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        stream.write(secrets.token_urlsafe(48))


def make_database_file(config: Config) -> None:
    """Make the file of a SQLite database, readable by its owner only, unless there is one: drafts are sensitive.

    The journal files beside it get the same permissions from SQLite.
    """
    scheme, _, path = config.database().partition(":///")
    if scheme == "sqlite" and path and not Path(path).exists():
        Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))


def _stored_key(instance: Path) -> str:
    path = instance / "secret_key"
    return path.read_text().strip() if path.exists() else ""


def _from_file(path: Path, known: Mapping[str, Any]) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Misconfigured(f"{path} is not valid TOML: {error}") from error
    return {name: _typed(name, value, known, str(path)) for name, value in values.items()}


def _from_environment(environ: Mapping[str, str], known: Mapping[str, Any]) -> dict[str, Any]:
    values = {}
    for variable, value in environ.items():
        name = variable.removeprefix("ANNOTATOR_").lower()
        # Container platforms set variables such as ANNOTATOR_PORT_80_TCP for a service of that name: not ours.
        if variable.startswith("ANNOTATOR_") and name in known:
            values[name] = _typed(name, value, known, "the environment")
    return values


def _typed(name: str, value: Any, known: Mapping[str, Any], place: str) -> Any:
    if name not in known:
        raise Misconfigured(f"{place} has a setting '{name}' that does not exist. Known: {', '.join(sorted(known))}.")
    kind = known[name].type
    if kind == "int":
        try:
            return int(value)
        except (TypeError, ValueError) as error:
            raise Misconfigured(f"{place}: '{name}' must be a whole number, not {value!r}.") from error
    return Path(value) if kind == "Path" else str(value)

"""Where the server of this installation was started last: the address of links where no other is configured."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

DEFAULT_PORT = 5000
_EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 -- it is compared


def remember(instance: Path, host: str, port: int) -> None:
    """Keep the address of the server that listens now. A folder that cannot be written to keeps none."""
    with suppress(OSError):
        _file(instance).write_text(address_of(host, port) + "\n", encoding="utf-8")


def address_of(host: str, port: int) -> str:
    """The address of a server on this machine; of one that listens everywhere, the one for who sits at it."""
    host = "127.0.0.1" if host in _EVERYWHERE else host
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def last(instance: Path) -> str:
    """The address kept last, or nothing."""
    try:
        return _file(instance).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _file(instance: Path) -> Path:
    return instance / "served_at"

"""Where on the web a program listens, and which machines may be called at all. It looks nothing up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

LONGEST_ADDRESS = 2_000
PORTS = {"http": 80, "https": 443}

_HOST = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,251}[a-z0-9])?|[0-9a-f:.]{2,45}")
_VISIBLE = re.compile(r"[\x21-\x7e]+")
# Behind these an IPv4 address is meant, which is judged as itself.
_NAT64 = IPv6Network("64:ff9b::/96")


class NoAddress(ValueError):
    """It cannot be called; the words say why and the way out."""


@dataclass(frozen=True)
class Target:
    """An address that can be called: where it listens, and what stands behind that."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> str:
        """Scheme, host and, unless it is the usual one, port."""
        return f"{self.scheme}://{self.authority}"

    @property
    def authority(self) -> str:
        """Host and port as a request names them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def literal(self) -> IPv4Address | IPv6Address | None:
        """The host as an address of the internet, if it is written as one."""
        try:
            return ip_address(self.host)
        except ValueError:
            return None

    @property
    def local(self) -> bool:
        """Whether the host is this machine by its name or its number."""
        literal = self.literal
        return self.host == "localhost" or (literal is not None and literal.is_loopback)


def target_of(address: str) -> Target:
    """The parts of an address. Raises NoAddress unless it is https, or http on this machine."""
    if len(address) > LONGEST_ADDRESS or not _VISIBLE.fullmatch(address) or "\\" in address:
        raise NoAddress(f"Write a web address without blanks, in at most {LONGEST_ADDRESS:,} characters of ASCII.")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise NoAddress("This is not a web address.") from None
    scheme, host = parts.scheme.lower(), (parts.hostname or "").lower()
    if scheme not in PORTS or not _HOST.fullmatch(host):
        raise NoAddress("This is not a web address. It begins with https:// and the name of a host.")
    if "@" in parts.netloc or parts.fragment:
        raise NoAddress("Leave out user names, passwords and what follows a #.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    target = Target(scheme, host, PORTS[scheme] if port is None else port, path)
    if target.scheme == "http" and not target.local:
        raise NoAddress(
            "Use https://. Without it others could read on the way; only this machine may be called by http."
        )
    return target


def refusal(found: Sequence[IPv4Address | IPv6Address], *, private: bool) -> str:
    """Why a host with these addresses is not called; empty if it is. `private` allows this machine and its network."""
    if not found:
        return "The name of the host leads nowhere."
    for address in map(_meant, found):
        if address.is_link_local or address.is_multicast or address.is_unspecified:
            return f"The name of the host leads to {address}, which is never called."
        if not address.is_global and not private:
            return (
                f"The name of the host leads to {address}, which is in a private network. An administrator can allow "
                "the address as a private one."
            )
    return ""


def _meant(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 address stands for, if it does."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address

"""One request to one receiver: to the address that was checked, within a bounded time, and nothing of it is believed.

The name of the host is looked up once and the connection goes to what was found, so that the name cannot lead elsewhere
after the check. Redirects are not followed, proxies of the environment are not used, and of the answer only the status
is read.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from importlib.metadata import version as version_of
from ipaddress import ip_address

from annotator.domain.web_origins import Target, refusal
from annotator.services.webhook_outbox import Outcome

CONNECT_SECONDS = 5.0
MOST_ADDRESSES = 4
WHOLE_SECONDS = 20.0
"""An attempt ends after so long, however slowly the receiver answers. It is shorter than a lease."""

AGENT = f"annotator/{version_of('annotator')} (webhooks)"


def post(target: Target, body: bytes, headers: Mapping[str, str], *, private: bool) -> Outcome:
    """Send `body`; it never raises for what the network does."""
    try:
        found = _addresses(target)
    except OSError as error:
        return Outcome(problem=f"The name of the host was not found: {_words(error)}.")
    why = refusal([ip_address(address) for address in found], private=private)
    if why:
        return Outcome(problem=why)
    try:
        with _connected(target, found[:MOST_ADDRESSES]) as connection:
            connection.request(
                "POST",
                target.path,
                body,
                {
                    "Host": target.authority,
                    "User-Agent": AGENT,
                    "Content-Type": "application/json",
                    "Connection": "close",
                    **headers,
                },
            )
            status = connection.getresponse().status
    except ssl.SSLCertVerificationError as error:
        return Outcome(problem=f"The receiver's certificate is not good: {error.verify_message}.")
    except TimeoutError:
        return Outcome(problem=f"The receiver did not answer within {WHOLE_SECONDS:.0f} seconds.")
    except (OSError, HTTPException) as error:
        return Outcome(problem=f"The receiver could not be reached, or broke off: {_words(error)}.")
    return Outcome(status) if 200 <= status < 300 else Outcome(status, f"The receiver answered {status}.")


def _addresses(target: Target) -> list[str]:
    """The numbers that the host has now, without repetition."""
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    # An address of one link carries the link's name behind a %.
    return list(dict.fromkeys(str(address[0]).partition("%")[0] for *_, address in found))


@contextmanager
def _connected(target: Target, addresses: list[str]) -> Iterator[HTTPConnection]:
    """A connection to the first of the checked addresses that answers. Raises TimeoutError when the whole takes too long."""
    plug = _first(addresses, target.port)
    late = threading.Event()

    def cut() -> None:
        late.set()
        with suppress(OSError):
            # Past TLS, which is not made for two threads.
            socket.socket.shutdown(plug, socket.SHUT_RDWR)

    watch = threading.Timer(WHOLE_SECONDS, cut)
    watch.daemon = True
    watch.start()
    try:
        if target.scheme == "https":
            context = ssl.create_default_context()
            plug = context.wrap_socket(plug, server_hostname=target.host, do_handshake_on_connect=False)
            plug.do_handshake()
        connection = HTTPConnection(target.host, target.port)
        connection.sock = plug
        yield connection
    except (OSError, HTTPException):
        if late.is_set():
            raise TimeoutError from None
        raise
    finally:
        watch.cancel()
        plug.close()


def _first(addresses: list[str], port: int) -> socket.socket:
    error: OSError = OSError("there is no address")
    for address in addresses:
        try:
            plug = socket.create_connection((address, port), timeout=CONNECT_SECONDS)
        except OSError as refused:
            error = refused
        else:
            plug.settimeout(WHOLE_SECONDS)
            return plug
    raise error


def _words(error: Exception) -> str:
    return " ".join(str(getattr(error, "strerror", None) or str(error) or type(error).__name__).split())[:200]

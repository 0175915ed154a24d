"""The production servers: waitress in one process, gunicorn where more than one is wanted and installed."""

from __future__ import annotations

import gc
import importlib.util
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn

import click

from annotator.cli import courier, served

if TYPE_CHECKING:
    from flask import Flask

GRACE = 15
"""Seconds that a running request has to end when the server is told to."""

WAITRESS: dict[str, Any] = {
    "ident": None,
    "clear_untrusted_proxy_headers": False,
    # A larger body is refused by the app with a message; this is only the last bound.
    "max_request_body_size": 1 << 30,
    # Only then does it see, while it answers, that the client has left; see downloads.py.
    "channel_request_lookahead": 1,
}


def has_gunicorn() -> bool:
    """Whether the extra `server` is installed."""
    return importlib.util.find_spec("gunicorn") is not None


def serve_one(app: Flask, host: str, port: int, *, threads: int) -> None:
    """Serve with waitress until SIGTERM or SIGINT. Raises OSError when the address cannot be had."""
    from waitress.server import create_server

    settle()
    server = create_server(app, host=host, port=port, threads=threads, **WAITRESS)
    signal.signal(signal.SIGTERM, _end)
    courier.start(app)
    _tell(_instance(app), _addresses(server))
    try:
        # SystemExit ends the loop; running requests then have a few seconds, and the threads are daemons.
        server.run()
    finally:
        server.close()


def serve_many(app: Flask, host: str, port: int, workers: int, *, threads: int) -> NoReturn:
    """Serve with gunicorn; each worker makes its own app after the fork. Ends the process."""
    from gunicorn.app.base import BaseApplication

    from annotator import create_app

    instance = _instance(app)

    class Server(BaseApplication):  # type: ignore[misc]
        """Gunicorn configured from here alone, without its own command line."""

        def load_config(self) -> None:
            settings = {
                "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
                "workers": workers,
                "threads": threads,
                "worker_class": "gthread",
                "graceful_timeout": GRACE,
                "timeout": 120,
                "control_socket_disable": True,
                "when_ready": lambda arbiter: _tell(instance, [arbiter.LISTENERS[0].getsockname()[:2]]),
            }
            for name, value in settings.items():
                self.cfg.set(name, value)

        def load(self) -> Flask:
            app = create_app()
            settle()
            courier.start(app)
            return app

    Server().run()
    sys.exit(0)


def settle() -> None:
    """Let the garbage collector pass over what lives as long as the server, and come less often.

    A page of thousands of claims makes hundreds of thousands of objects. By the defaults a third of its time went into
    looking through them, and through all modules and models, for cycles that are not there.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def _tell(instance: Path, listening: list[tuple[str, int]]) -> None:
    """Say where the server listens, to whoever started it and to the commands that print links."""
    served.remember(instance, *listening[0])
    for at, port in listening:
        click.echo(f"Listening on http://{f'[{at}]' if ':' in at else at}:{port}", err=True)


def _instance(app: Flask) -> Path:
    instance: Path = app.extensions["annotator"].instance
    return instance


def _end(_signal: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(0)


def _addresses(server: object) -> list[tuple[str, int]]:
    """Where a waitress server listens: it is one server, or several when a name has several addresses."""
    several = getattr(server, "effective_listen", None)
    if several is not None:
        return [(str(host), int(port)) for host, port in several]
    return [(str(getattr(server, "effective_host", "")), int(getattr(server, "effective_port", 0)))]

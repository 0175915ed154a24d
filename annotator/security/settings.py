"""The settings of the app that is serving, and its address."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import current_app, has_request_context, request

from annotator.config import Config


def settings() -> Config:
    """The settings of the current app."""
    found: Config = current_app.extensions["annotator"]
    return found


def base_url() -> str:
    """The address of this installation, without a slash at its end; that of the request where none is configured."""
    configured = settings().base_url
    if configured:
        return configured.rstrip("/")
    return request.host_url.rstrip("/") if has_request_context() else "http://127.0.0.1:5000"


def public_url() -> str:
    """The configured address without a slash at its end; empty if there is none, or one of this machine alone."""
    configured = settings().base_url.rstrip("/")
    host = urlsplit(configured).hostname or ""
    return "" if host == "localhost" or _is_loopback(host) else configured


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False

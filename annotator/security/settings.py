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
    """The address of this installation, without a slash at its end: the configured one, else that of the request.

    The gate lets in no request for another host. Without a request and a configured address it is empty.
    """
    address = settings().base_url or (request.host_url if has_request_context() else "")
    return address.rstrip("/")


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

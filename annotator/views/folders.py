"""The folders of the instance in which files wait for people: those they uploaded, and those made for them."""

from __future__ import annotations

from pathlib import Path

from flask import current_app


def uploads_folder() -> Path:
    """Where files wait that were uploaded and not imported yet."""
    return Path(current_app.instance_path) / "uploads"


def exports_folder() -> Path:
    """Where files wait that were made and not forgotten yet."""
    return Path(current_app.instance_path) / "exports"

"""Which Chromium the browser tests drive, and how it is started."""

from __future__ import annotations

import os
from pathlib import Path

DEBIAN_CHROMIUM = Path("/usr/bin/chromium")
DEBIAN_SHELL = Path("/usr/bin/chromium-headless-shell")

# A container has no user namespaces and no graphics; and nothing may be asked of the network but the page under test.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
)


def executable(*, light: bool = False) -> Path | None:
    """ANNOTATOR_CHROMIUM, else the distribution's Chromium; None means Playwright's own.

    The light one is Chromium without the frame of its windows: the same engine, which takes two thirds of the time.
    """
    named = os.environ.get("ANNOTATOR_CHROMIUM")
    if named:
        return Path(named)
    wanted = (DEBIAN_SHELL, DEBIAN_CHROMIUM) if light else (DEBIAN_CHROMIUM, DEBIAN_SHELL)
    return next((path for path in wanted if path.exists()), None)

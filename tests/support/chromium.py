"""Which Chromium the browser tests drive, and how it is started."""

from __future__ import annotations

import os
from pathlib import Path

DEBIAN_CHROMIUM = Path("/usr/bin/chromium")

# A container has no user namespaces and no graphics; and nothing may be asked of the network but the page under test.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
)


def executable() -> Path | None:
    """ANNOTATOR_CHROMIUM, else the distribution's Chromium; None means Playwright's own."""
    named = os.environ.get("ANNOTATOR_CHROMIUM")
    if named:
        return Path(named)
    return DEBIAN_CHROMIUM if DEBIAN_CHROMIUM.exists() else None

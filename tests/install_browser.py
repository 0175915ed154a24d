"""Make sure that the browser tests have a Chromium and the fonts of their texts. Run by the Makefile.

Debian: the distribution's Chromium and Noto fonts; its light Chromium, or with `--whole` the one that people have, or
whichever of them can be had. Ubuntu: the same fonts and Playwright's own Chromium, because Ubuntu's is a snap, which
starts neither in a container nor with a profile of ours. Elsewhere: Playwright's own Chromium, with the fonts that the
system has.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

from tests.support.chromium import DEBIAN_CHROMIUM, DEBIAN_SHELL

BROWSERS = {"chromium-headless-shell": DEBIAN_SHELL, "chromium": DEBIAN_CHROMIUM}
FONTS = ("fonts-noto-core", "fonts-noto-cjk", "fonts-noto-color-emoji")


def main(*, whole: bool = False) -> int:
    """Install what is missing; 0 when a browser is there afterwards."""
    named = os.environ.get("ANNOTATOR_CHROMIUM")
    if named:
        return 0 if Path(named).exists() else _refuse(f"ANNOTATOR_CHROMIUM={named} does not exist.")
    if not shutil.which("apt-get"):
        return _playwright_install("chromium")
    ubuntu = "ubuntu" in platform.freedesktop_os_release().get("ID", "")
    if ubuntu:
        return _apt_install(FONTS) or _playwright_install("--with-deps", "chromium")
    browsers = sorted(BROWSERS, reverse=not whole)
    return _apt_install((browsers[0], *FONTS)) and _apt_install((browsers[1], *FONTS))


def _playwright_install(*arguments: str) -> int:
    return subprocess.run([sys.executable, "-m", "playwright", "install", *arguments], check=False).returncode


def _installed(package: str) -> bool:
    if package in BROWSERS and BROWSERS[package].exists():
        return True
    found = subprocess.run(
        ["dpkg-query", "--show", "--showformat=${db:Status-Abbrev}", package],
        capture_output=True,
        text=True,
        check=False,
    )
    return found.stdout.startswith("ii")


def _apt_install(wanted: tuple[str, ...]) -> int:
    packages = [package for package in wanted if not _installed(package)]
    if not packages:
        return 0
    prefix = [] if os.geteuid() == 0 else ["sudo"]
    if prefix and not shutil.which("sudo"):
        return _refuse(f"The browser tests need packages. Run as root: apt-get install {' '.join(packages)}")
    prefix += ["env", "DEBIAN_FRONTEND=noninteractive"]
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        status = subprocess.run([*prefix, "apt-get", "--quiet", *command], check=False).returncode
        if status:
            return _refuse(f"apt-get {' '.join(command)} failed; its message stands above.")
    return 0


def _refuse(message: str) -> int:
    print(message, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(whole="--whole" in sys.argv[1:]))

"""Where the folders beside the code are: top-level in a checkout, inside the package in an installed wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _folder(name: str, package: Path) -> Path:
    """The folder `name` inside the package, else beside it; FileNotFoundError says that the installation is incomplete."""
    for candidate in (package / name, package.parent / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(
        f"The folder {name!r} is neither in {package} nor beside it. Install annotator again from its wheel or checkout."
    )


def templates_folder() -> Path:
    """The folder of Jinja templates."""
    return _folder("templates", _PACKAGE)


def static_folder() -> Path:
    """The folder of stylesheets, scripts and icons, served as it stands."""
    return _folder("static", _PACKAGE)


def seeds_folder() -> Path:
    """The folder of the demo project."""
    return _folder("seeds", _PACKAGE)

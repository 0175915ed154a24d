"""Reads who imports whom in a package, without importing anything."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from pathlib import Path

# The package's own __init__, which puts the parts together.
ROOT = "(root)"


@dataclass(frozen=True)
class Import:
    """One import statement's target, by the part of the package it stands in."""

    place: str
    part: str
    module: str


@dataclass(frozen=True)
class Rules:
    """Which parts may import which, and which parts may import the web framework."""

    may_import: Mapping[str, Set[str]]
    framework: Set[str]
    framework_parts: Set[str]


def violations(package: Path, rules: Rules) -> list[str]:
    """A sentence for each import under `package` that `rules` does not allow, in order of the files."""
    return [problem for found in _imports(package) if (problem := _problem(found, package, rules))]


def parts(package: Path) -> set[str]:
    """The modules and folders of code that stand directly in `package`."""
    return {_part(path, package) for path in package.rglob("*.py")} - {ROOT}


def _problem(found: Import, package: Path, rules: Rules) -> str | None:
    top, _, rest = found.module.partition(".")
    if top in rules.framework:
        if found.part in rules.framework_parts:
            return None
        return f"{found.place}: {found.part} may not import {found.module}"
    if top != package.name or found.part == ROOT:
        return None
    target = rest.partition(".")[0] or ROOT
    if target == found.part or target in rules.may_import.get(found.part, frozenset()):
        return None
    return f"{found.place}: {found.part} may not import {target}"


def _imports(package: Path) -> Iterator[Import]:
    for path in sorted(package.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                place = f"{path.relative_to(package.parent)}:{node.lineno}"
                for module in _modules(node, path, package):
                    yield Import(place, _part(path, package), module)


def _modules(node: ast.Import | ast.ImportFrom, path: Path, package: Path) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    module = node.module or ""
    if node.level:
        above = path.relative_to(package.parent).parts[: -node.level]
        module = ".".join([*above, *([module] if module else [])])
    if module == package.name:
        # `from package import part` names parts; a name of the package itself is the root.
        known = parts(package)
        return [f"{module}.{alias.name}" if alias.name in known else module for alias in node.names]
    return [module]


def _part(path: Path, package: Path) -> str:
    first, *deeper = path.relative_to(package).parts
    if not deeper and first == "__init__.py":
        return ROOT
    return first.removesuffix(".py")

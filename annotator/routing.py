"""How the app's rules become addresses: each when it is first asked for one, since most are asked for none."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]


class LateRule(Rule):
    """A rule that makes its two functions that build addresses when they are first called.

    Werkzeug makes them when a rule is added, by way of a syntax tree: for all rules it took a fourteenth of the start.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Builder:  # noqa: FBT001, FBT002 -- Werkzeug's own signature
        make = cache(super()._compile_builder)

        def build(rule: LateRule, **values: Any) -> tuple[str, str]:
            return make(append_unknown)(rule, **values)

        return build

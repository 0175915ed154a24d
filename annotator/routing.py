"""What Flask does for each of our rules and requests, less what nothing here needs."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from flask import Flask
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


class App(Flask):
    """Flask for functions that are all plain: it would ask of seven in each request whether it is a coroutine's."""

    url_rule_class = LateRule

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is."""
        return func

"""What all apps of a test run compile alike is compiled once for each process: templates, routes and SQL.

Every test has an app of its own, and this was most of what it cost to make one.
"""

from __future__ import annotations

from functools import cache
from types import CodeType, MethodType
from typing import Any

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine
from sqlalchemy.orm import Mapper
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from annotator import templating

COMPILED = ("_parts", "_trace", "_converters", "arguments")
BUILDERS = ("_build", "_build_unknown")


class CompiledTemplates(BytecodeCache):
    """What the templates of this process were compiled to, by name and source."""

    def __init__(self) -> None:
        self._by_key: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._by_key.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._by_key[bucket.key, bucket.checksum] = bucket.code


_TEMPLATES = CompiledTemplates()


def share_templates(app: Flask) -> None:
    """Let `app` use what other apps of this process have compiled."""
    app.jinja_env.bytecode_cache = _TEMPLATES


def share_routes() -> None:
    """Let every app of this process use what another one compiled from an equal rule.

    That is of the rule alone: a converter keeps the map it was made for, and none of ours or Flask's asks it anything.
    """
    compiled: dict[tuple[Any, ...], dict[str, Any]] = {}
    compile_rule = Rule.compile

    def compile_once(rule: Rule) -> None:
        about_map = (rule.map.host_matching, *rule.map.converters.values())
        key = (rule.rule, rule.subdomain, rule.host, rule.merge_slashes, repr(rule.defaults), about_map)
        if key not in compiled:
            compile_rule(rule)
            compiled[key] = {name: getattr(rule, name) for name in COMPILED}
            compiled[key] |= {name: getattr(rule, name).__func__ for name in BUILDERS}
            return
        for name in COMPILED:
            setattr(rule, name, compiled[key][name])
        for name in BUILDERS:
            setattr(rule, name, MethodType(compiled[key][name], rule))

    Rule.compile = compile_once  # type: ignore[method-assign, assignment]


def share_stamp() -> None:
    """Let every app of this process use one look at the static files, which no test changes."""
    templating.stamp_of = cache(templating.stamp_of)


class CompiledStatements(LRUCache[Any, Any]):
    """What statements were compiled to, for all engines that speak one dialect.

    An engine looks up with its own dialect as the first part of the key; those of all tests are made alike.
    """

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_named(key), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(_named(key), compiled)


def _named(key: tuple[Any, ...]) -> tuple[Any, ...]:
    return (key[0].name, *key[1:])


_STATEMENTS = CompiledStatements(5_000)


def share_statements(engine: Engine) -> None:
    """Let `engine` use what other engines of this process have compiled; mappers have caches of their own."""
    engine._compiled_cache = _STATEMENTS
    Mapper._compiled_cache = _STATEMENTS  # type: ignore[method-assign, assignment]

"""When the garbage collector looks for objects that nobody holds any more: not while those are made that stay."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def resting() -> Iterator[None]:
    """Modules that are loaded in here are taken for what lives as long as the program.

    They are hundreds of thousands of objects. The collector would look through them again and again while they become
    more, and later in each command and request that makes many objects of its own.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()

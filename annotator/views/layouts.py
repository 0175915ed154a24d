"""How articles are cut into what is drawn as one element, kept for those that were read last.

The blocks of a version never change, only the language of its text may be corrected; and to load nine hundred of them takes longer than the rest of the answer to a
save. Every process keeps its own.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Sequence
from itertools import pairwise
from threading import Lock
from typing import NamedTuple

from annotator.domain import rendering
from annotator.domain.rendering import Part
from annotator.domain.text import Block
from annotator.models import ArticleVersion
from annotator.services import articles

MOST = 64
"""How many are kept. One of a book takes a third of a megabyte, one of a news story a few kilobytes."""


class Layout(NamedTuple):
    """The parts of one article version, and what stands in its text after each block, as a JSON list."""

    parts: Sequence[Part]
    gaps: str


_kept: OrderedDict[tuple[str, str], Layout] = OrderedDict()
_turn = Lock()


def layout_of(version: ArticleVersion) -> Layout:
    """The layout of `version`: no statement if it is kept, else one."""
    key = version.id, version.language
    with _turn:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    articles.load_blocks(version)
    layout = lay_out(version, articles.blocks_of(version))
    with _turn:
        _kept[key] = layout
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return layout


def lay_out(version: ArticleVersion, blocks: Sequence[Block]) -> Layout:
    """The layout of these `blocks` of `version`."""
    gaps = json.dumps([version.text[one.end : following.start] for one, following in pairwise(blocks)])
    return Layout(rendering.parts(version.text, blocks, lang=version.language), gaps)

"""What is kept of a text to tell whether another one is a copy of it."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from annotator.matching.sketches import words_of

SIGN = "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"


@given(st.text(st.sampled_from("aB1_éßµ²ªЖœİ中ก \n\x85\u00a0'-‘’‚“”„–—…\u0301"), max_size=20))
def test_words_are_the_same_in_every_script(text: str) -> None:
    """The quick way for Latin letters finds what the rule says."""
    assert words_of(text) == re.findall(rf"{SIGN}|[^\W_]+", text.casefold())

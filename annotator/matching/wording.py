"""Phrases of a language's table in a text, the longest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from annotator.domain.spans import Span
from annotator.matching.languages.table import Table
from annotator.matching.tokens import Token

_SHORTEST_SUPERLATIVE = 5


def known_phrases(tokens: Sequence[Token], table: Table) -> Iterator[tuple[str, Span]]:
    """Each phrase that the table knows, with where it stands; none begins inside another."""
    at = 0
    while at < len(tokens):
        length = _longest(tokens, at, table)
        if length:
            words = tokens[at : at + length]
            yield " ".join(token.word for token in words), Span(words[0].start, words[-1].end)
        elif _is_superlative(tokens, at, table):
            yield "", Span(tokens[at].start, tokens[at].end)
        at += length or 1


def _longest(tokens: Sequence[Token], at: int, table: Table) -> int:
    """How many tokens the longest phrase has that begins at `at`; 0 if none does."""
    for words in table.known.get(tokens[at].word, ()):
        following = tokens[at + 1 : at + len(words)]
        if len(following) == len(words) - 1 and all(
            token.near and token.word == word for token, word in zip(following, words[1:], strict=True)
        ):
            return len(words)
    return 0


def _is_superlative(tokens: Sequence[Token], at: int, table: Table) -> bool:
    """Whether it is a superlative by its ending, such as "the steepest"."""
    word = tokens[at].word
    if not table.superlative_end or not word.endswith(table.superlative_end) or len(word) < _SHORTEST_SUPERLATIVE:
        return False
    if word in table.not_superlatives or tokens[at].capital:
        return False
    return at > 0 and tokens[at].near and tokens[at - 1].word in table.superlative_before

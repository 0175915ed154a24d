"""Where a text says when: dates in figures and in words, weekdays, years, "yesterday", "two years ago"."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from annotator.domain.spans import Span
from annotator.matching.languages.table import Table
from annotator.matching.tokens import Token

_IN_FIGURES = regex.compile(
    r"(?<![\w.,/-])(?:\d{4}-\d{2}-\d{2}|\d{1,2}([./-])\d{1,2}\1\d{4}|\d{1,2}/\d{1,2}/\d{2}|\d{1,2}:\d{2})(?![\w/]|[.:]\d)"
)
_YEAR = regex.compile(r"1[5-9]\d\d|20\d\d")
_DAY = regex.compile(r"[0-3]?\d")
_ENDS_OF_DAYS = frozenset({"st", "nd", "rd", "th"})
_JOINTS = frozenset({" ", ", ", ",", ". "})
_LAST_DAY = 31


def dates_in_figures(text: str, start: int, end: int) -> list[Span]:
    """Days and times that are written in figures alone."""
    return [Span(*match.span()) for match in _IN_FIGURES.finditer(text, start, end)]


def dates_in_words(text: str, tokens: Sequence[Token], said: Sequence[Span], table: Table) -> list[Span]:
    """Dates around the months, years and periods among `tokens`, joined with those of `said`, which phrases gave."""
    found = list(said)
    for at, token in enumerate(tokens):
        if _is_month(text, tokens, at, table):
            found.append(_around_month(text, tokens, at))
        elif _is_year(text, tokens, at):
            found.append(_with_end(tokens, at))
        elif token.word in table.periods and (span := _ago(tokens, at, table)):
            found.append(span)
    return _joined(text, sorted(found))


def _is_month(text: str, tokens: Sequence[Token], at: int, table: Table) -> bool:
    token = tokens[at]
    if token.word not in table.months:
        return False
    if token.word not in table.doubtful_months:
        return True
    if not token.capital:
        return False
    day_before = at > 0 and _is_day(tokens, at - 1) and _beside(text, tokens, at - 1)
    figure_after = at + 1 < len(tokens) and tokens[at + 1].figure and _beside(text, tokens, at)
    return day_before or figure_after or (at > 0 and token.near and tokens[at - 1].word in table.before_months)


def _around_month(text: str, tokens: Sequence[Token], at: int) -> Span:
    """The day before or after a month, and the year after it."""
    start, end = tokens[at].start, tokens[at].end
    before, after = at - 1, at + 1
    if before >= 1 and tokens[before].word == "of" and tokens[at].near:
        before -= 1
    if before >= 1 and tokens[before].word in _ENDS_OF_DAYS and tokens[before].start == tokens[before - 1].end:
        before -= 1
    if before >= 0 and _is_day(tokens, before) and before >= at - 3 and start - tokens[before].end <= _FAR:
        start = tokens[before].start
    elif after < len(tokens) and _is_day(tokens, after) and _beside(text, tokens, at):
        end = tokens[after].end
        after += 1
        if after < len(tokens) and tokens[after].word in _ENDS_OF_DAYS and tokens[after].start == end:
            end = tokens[after].end
            after += 1
    if after < len(tokens) and _YEAR.fullmatch(tokens[after].word) and _beside(text, tokens, after - 1):
        end = tokens[after].end
    return Span(start, end)


_FAR = 8
"""Between a day and its month stands no more than "th of "."""


def _is_day(tokens: Sequence[Token], at: int) -> bool:
    token = tokens[at]
    return token.figure and _DAY.fullmatch(token.word) is not None and 1 <= int(token.word) <= _LAST_DAY


def _is_year(text: str, tokens: Sequence[Token], at: int) -> bool:
    token = tokens[at]
    if not token.figure or not _YEAR.fullmatch(token.word):
        return False
    around = text[max(0, token.start - 1) : token.start] + text[token.end : token.end + 1]
    if any(sign in "$€£¥₹₽₺%#/\\_" for sign in around):
        return False
    follower = tokens[at + 1] if at + 1 < len(tokens) else None
    return follower is None or follower.start > token.end or follower.word == "s"


def _with_end(tokens: Sequence[Token], at: int) -> Span:
    """A year, with the s of "1990s"."""
    follower = tokens[at + 1] if at + 1 < len(tokens) else None
    end = follower.end if follower is not None and follower.start == tokens[at].end else tokens[at].end
    return Span(tokens[at].start, end)


def _ago(tokens: Sequence[Token], at: int, table: Table) -> Span | None:
    """A number of periods that are over: "two years ago"."""
    if at == 0 or at + 1 >= len(tokens) or tokens[at + 1].word not in table.after_periods or not tokens[at + 1].near:
        return None
    amount = tokens[at - 1]
    if not tokens[at].near or not (amount.figure or amount.word in table.numbers or amount.word in table.weak_numbers):
        return None
    return Span(amount.start, tokens[at + 1].end)


def _beside(text: str, tokens: Sequence[Token], at: int) -> bool:
    """Whether only a blank or a comma stands between the token and the next one."""
    return text[tokens[at].end : tokens[at + 1].start] in _JOINTS


def _joined(text: str, found: Sequence[Span]) -> list[Span]:
    """Overlapping spans, and those with only a blank or a comma between them, as one: "Wednesday, 12 June"."""
    joined: list[Span] = []
    for span in found:
        if joined and (span.start <= joined[-1].end or text[joined[-1].end : span.start] in _JOINTS):
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined

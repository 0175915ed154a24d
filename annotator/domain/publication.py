"""What of a dataset is given to others: how much text, what people are called, which articles are for training."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from enum import StrEnum

CONTEXT = 32
"""How many code points stand in `prefix` and `suffix`, at most."""


class TextMode(StrEnum):
    """How much text a release carries: the articles too, the claims' quotes with their context, or none."""

    FULL = "full"
    CONTEXT = "context"
    NONE = "none"


class People(StrEnum):
    """What people are called: their names, pseudonyms that stay the same in a project, or nothing."""

    NAMES = "names"
    PSEUDONYMS = "pseudonyms"
    NONE = "none"


CARD_FIELDS = (
    "title", "description", "licence", "creators", "contact", "homepage", "citation", "keywords", "selection", "uses",
    "limits", "sensitive", "maintenance",
)  # fmt: skip
"""What a release says of itself in its managers' words. `licence` is an SPDX identifier or an address; `creators` and
`keywords` have one on each line. `selection` tells how the articles were chosen, `sensitive` what personal or sensitive
content there is."""

WITHHELD: dict[str, tuple[str, ...]] = {
    "gold": ("exact", "prefix", "suffix"),
    "annotations": ("exact", "prefix", "suffix"),
    "dissent": ("exact",),
    "evidence": ("quote",),
}
"""The columns of each layer that hold others' text. A release without text leaves them empty; titles, names of speakers
and what the project's own people wrote (claims in other words, notes, justifications) stay."""


def filled_columns(layer: str) -> tuple[str, ...]:
    """Those of them that the text of an article fills again; the quotes of evidence are from other places."""
    return () if layer == "evidence" else WITHHELD.get(layer, ())


def quote(text: str, start: int, end: int) -> dict[str, str]:
    """`exact`, `prefix` and `suffix` of the span [start, end), in code points of `text`."""
    return {
        "exact": text[start:end],
        "prefix": text[max(0, start - CONTEXT) : start],
        "suffix": text[end : end + CONTEXT],
    }


def pseudonym(key: str, user_id: str) -> str:
    """A name that only who has `key` can make from the id of a person: "person-" and ten letters or digits.

    HMAC-SHA-256 (RFC 2104), cut to 50 bits: among 10,000 people two share one with a chance of 1 in 20 million.
    """
    digest = hmac.new(key.encode(), user_id.encode(), hashlib.sha256).digest()
    return f"person-{base64.b32encode(digest).decode().lower()[:10]}"


SPLITS = ("train", "dev", "test")


@dataclass(frozen=True)
class Split:
    """The shares of train, dev and test in hundredths, and the seed that says which article goes where."""

    shares: tuple[int, int, int]
    seed: str

    @classmethod
    def of(cls, shares: str, seed: str) -> Split:
        """From "80/10/10". Raises ValueError with a sentence."""
        found = re.fullmatch(r"\s*(\d{1,3})\s*/\s*(\d{1,3})\s*/\s*(\d{1,3})\s*", shares)
        numbers = tuple(map(int, found.groups())) if found else ()
        if len(numbers) != len(SPLITS) or sum(numbers) != 100:
            raise ValueError(
                "Write the shares of train, dev and test in hundredths, such as 80/10/10; their sum is 100."
            )
        return cls((numbers[0], numbers[1], numbers[2]), seed)

    def __str__(self) -> str:
        return "/".join(map(str, self.shares))

    def side_of(self, group: str) -> str:
        """The side of a group of copies, by the name of the group: whatever else there is changes nothing.

        The SHA-256 of "SEED:GROUP", its first eight bytes as a fraction of 2**64, against the shares added up.
        """
        digest = hashlib.sha256(f"{self.seed}:{group}".encode()).digest()
        place, reached = int.from_bytes(digest[:8], "big") * 100 / (1 << 64), 0
        for side, share in zip(SPLITS, self.shares, strict=True):
            reached += share
            if place < reached:
                return side
        return SPLITS[-1]


@dataclass(frozen=True)
class Options:
    """What is chosen when a release is made."""

    text: TextMode = TextMode.CONTEXT
    people: People = People.NAMES
    split: Split | None = None

    @classmethod
    def of(
        cls,
        *,
        text: str | None = None,
        people: str | None = None,
        split: str | None = None,
        seed: str | None = None,
        default_seed: str,
    ) -> Options:
        """From the words of a command or a form. Raises ValueError for shares that are none."""
        shares = (split or "").strip()
        return cls(
            TextMode(text or TextMode.CONTEXT),
            People(people or People.NAMES),
            Split.of(shares, (seed or "").strip() or default_seed) if shares else None,
        )


def pattern_of_names(names: list[str]) -> re.Pattern[str] | None:
    """What finds any of `names` as whole words; also the parts of a name of three letters and more, as it writes them."""
    parts = {part for name in names for part in [name, *re.split(r"[\s@.]+", name)] if len(part) >= 3}
    if not parts:
        return None
    longest_first = sorted(parts, key=lambda part: (-len(part), part))
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)")

"""The style sheets keep their promises: readable contrast in both schemes, nothing fetched from elsewhere, no loose ends."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHEETS = sorted((ROOT / "static" / "css").glob("*.css"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SPRITE = ROOT / "static" / "icons.svg"
DAY, NIGHT = 0, 1

GROUNDS = ("paper", "surface", "sunken")
TONES = [f"tone-{tone}" for tone in range(1, 9)]
TEXT_PAIRS = [
    *(
        (ink, ground)
        for ink in ("ink", "ink-soft", "ink-faint", "accent", "accent-strong", *TONES)
        for ground in GROUNDS
    ),
    *(("ink", f"wash-{tone}") for tone in range(1, 9)),
    *((f"tone-{tone}", f"wash-{tone}") for tone in range(1, 9)),
    *((ink, "accent-wash") for ink in ("ink", "ink-soft", "ink-faint", "accent")),
    ("ink", "selection"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    *(("paper", tone) for tone in TONES),
]
PART_PAIRS = [(part, ground) for part in ("edge", "focus", "accent") for ground in (*GROUNDS, "accent-wash")]


def colours() -> dict[str, tuple[str, str]]:
    tokens = (ROOT / "static" / "css" / "tokens.css").read_text("utf-8")
    found = re.findall(r"--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", tokens)
    return {name: (day, night) for name, day, night in found}


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_wcag_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", [DAY, NIGHT], ids=["day", "night"])
@pytest.mark.parametrize(("pairs", "least"), [(TEXT_PAIRS, 4.5), (PART_PAIRS, 3.0)], ids=["text", "parts"])
def test_colours_can_be_told_apart(pairs: list[tuple[str, str]], least: float, scheme: int) -> None:
    known = colours()
    ratios = {(one, other): contrast(known[one][scheme], known[other][scheme]) for one, other in pairs}
    assert {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < least} == {}


def test_no_two_tones_share_a_line() -> None:
    sheet = (ROOT / "static" / "css" / "annotation.css").read_text("utf-8")
    lines = re.findall(r"\.tone-\d \{.*--mark-style: (\w+); --mark-weight: ([\d.]+px); \}", sheet)
    assert len(lines) == len(set(lines)) == 8


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_sheets_are_short_layered_and_fetch_nothing(sheet: Path) -> None:
    text = sheet.read_text("utf-8")
    assert len(text.splitlines()) <= 400
    assert "@layer" in text
    assert not re.search(r"url\(|@import|https?:", text)
    if sheet.name != "tokens.css":
        assert not re.search(r"#[0-9a-f]{3,8}\b", text), "colours are named in tokens.css"


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_no_rule_styles_whatever_follows_something(sheet: Path) -> None:
    """Such a rule makes browsers look again at all that stands in a parent whose child is replaced.

    Of an article with five thousand marks that took more than a second for each save.
    """
    rules = re.sub(r"/\*.*?\*/", "", sheet.read_text("utf-8"), flags=re.DOTALL)
    assert re.findall(r"[^{};]*[+~]\s*\*[^{};]*\{", rules) == []


def test_every_sheet_is_linked_by_some_page() -> None:
    pages = "".join(template.read_text("utf-8") for template in TEMPLATES)
    assert [sheet.stem for sheet in SHEETS if not re.search(rf"'{sheet.stem}'|css/{sheet.stem}\.css", pages)] == []


def test_every_icon_that_is_named_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([a-z0-9-]+)"', SPRITE.read_text("utf-8")))
    pages = "".join(template.read_text("utf-8") for template in TEMPLATES)
    named = set(re.findall(r"(?:\bicon\(|icon_name=)'([a-z0-9-]+)'", pages))
    assert named - drawn == set()
    assert named


def test_the_sprite_is_the_one_whose_checksum_is_kept() -> None:
    [folder] = (ROOT / "static" / "vendor").glob("lucide@*")
    assert (folder / "LICENSE").read_text("utf-8").startswith("ISC License")
    sums = (folder / "SHA256SUMS").read_text("utf-8").splitlines()
    assert f"{hashlib.sha256(SPRITE.read_bytes()).hexdigest()}  icons.svg" in sums

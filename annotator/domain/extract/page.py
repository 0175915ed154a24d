"""Pieces of an HTML page: its article found by trafilatura, or all its visible text where that finds none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace

import lxml.html  # type: ignore[import-untyped]
import trafilatura
from lxml import etree
from trafilatura.settings import Document

from annotator.domain.extract.dates import iso_date
from annotator.domain.extract.names import agencies_in, domain_of
from annotator.domain.extract.pieces import Draft, Metadata, Piece
from annotator.domain.extract.walk import pieces_of
from annotator.domain.text import BlockKind

MOST_ELEMENTS = 50_000
"""A page of more elements is read as a whole: the search for its article would take minutes."""

DEEPEST = 250
"""So is a page whose elements are nested deeper than this, as only a hostile one's are."""

_DECLARATION = re.compile(r"\s{0,100}<\?xml[^<>]{0,200}\?>")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,2}")
_STAND_INS = range(0x10600, 0x10737)
_WHOLE_PAGE = "No article was told apart in this HTML file, so all of its text was taken."


def draft(html: str) -> Draft:
    """The article of a page, with what the page says about it."""
    root = _parsed(html)
    if root is None:
        return Draft(())
    metadata = _metadata(root)
    language = _language(root)
    heading = _heading(root)
    pieces = _article(root)
    whole = list(pieces_of(_parsed(html))) if len(pieces) < 2 else []
    # A lone paragraph that is none of the page's own is the whole page run together.
    found = len(pieces) > 1 or (len(pieces) == 1 and any(piece.text == pieces[0].text for piece in whole))
    if not found:
        pieces = whole
    if heading and not any(piece.kind == BlockKind.TITLE for piece in pieces) and _same(heading, metadata.title):
        pieces.insert(0, Piece(heading, BlockKind.TITLE))
    return Draft(
        tuple(pieces), replace(metadata, language=language), warnings=() if found or not pieces else (_WHOLE_PAGE,)
    )


def draft_of_all(html: str) -> Draft:
    """All of a page that is known to be nothing but an article."""
    root = _parsed(html)
    return Draft(()) if root is None else Draft(tuple(pieces_of(root)), blank_lines=False)


def _parsed(html: str) -> lxml.html.HtmlElement | None:
    parser = lxml.html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        # lxml refuses a str that declares another encoding; ours is decoded already.
        return lxml.html.document_fromstring(_DECLARATION.sub("", html, count=1), parser=parser)
    except (etree.LxmlError, ValueError):
        return None


def _article(root: lxml.html.HtmlElement) -> list[Piece]:
    """The pieces of the page's article, none where it is not found. Changes the tree."""
    if _is_excessive(root):
        return []
    captions = _keep_captions(root)
    try:
        stand_ins = _protect(root)
        document = trafilatura.bare_extraction(
            root, include_comments=False, include_tables=True, include_formatting=True, include_links=True
        )
    except Exception:  # noqa: BLE001 -- whatever stops the extractor, the text of the page is still there to be read.
        return []
    if not isinstance(document, Document) or document.body is None:
        return []
    restored = (_restored(piece, stand_ins) for piece in pieces_of(document.body))
    pieces = [piece for piece in restored if piece.text.strip()]
    return [
        replace(piece, kind=BlockKind.CAPTION) if piece.kind is None and piece.text in captions else piece
        for piece in pieces
    ]


def _is_excessive(root: lxml.html.HtmlElement) -> bool:
    elements = depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        elements += event == "start"
        if depth > DEEPEST or elements > MOST_ELEMENTS:
            return True
    return False


def _keep_captions(root: lxml.html.HtmlElement) -> set[str]:
    """Make captions of figures into paragraphs, which the extractor keeps; their texts."""
    captions: set[str] = set()
    for caption in root.iter("figcaption"):
        captions.update(piece.text for piece in pieces_of(caption))
        caption.tag = "p"
    for figure in list(root.iter("figure")):
        figure.tag = "div"
    return captions


def _protect(root: lxml.html.HtmlElement) -> Mapping[int, str]:
    """Put rare letters in the place of characters that the extractor folds or drops; how to put them back.

    Those are no-break and other blanks, joiners in emoji and scripts, marks of direction, soft hyphens.
    """
    present = {character for text in root.itertext() for character in text}
    fragile = sorted(character for character in present if character not in " \t\n\r\f" and _is_fragile(character))
    free = (chr(code) for code in _STAND_INS if chr(code) not in present)
    stand_ins = dict(zip(fragile, free, strict=False))
    if stand_ins or "\f" in present:
        table = str.maketrans({**stand_ins, "\f": " "})
        for element in root.iter():
            element.text = element.text and element.text.translate(table)
            element.tail = element.tail and element.tail.translate(table)
    return {ord(stand_in): character for character, stand_in in stand_ins.items()}


def _is_fragile(character: str) -> bool:
    return character.isspace() or not character.isprintable() or unicodedata.category(character).startswith("C")


def _restored(piece: Piece, stand_ins: Mapping[int, str]) -> Piece:
    return replace(piece, text=piece.text.translate(stand_ins), linked=piece.linked.translate(stand_ins))


def _metadata(root: lxml.html.HtmlElement) -> Metadata:
    """What the page's head and markup say: title, author, date, address, name of the site."""
    try:
        found = trafilatura.extract_metadata(root, extensive=False)
    except Exception:  # noqa: BLE001 -- a page without readable metadata is still an article.
        return Metadata()
    agency, byline = agencies_in((found.author or "").replace("; ", ", "))
    site = found.sitename or ""
    return Metadata(
        title=found.title or "",
        published=iso_date(found.date or ""),
        agency=agency,
        publisher=""
        if site.startswith("@") or site.lower().removeprefix("www.") == domain_of(found.url or "")
        else site,
        byline=byline,
        url=found.url or "",
    )


def _language(root: lxml.html.HtmlElement) -> str:
    language = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
    return language if _LANGUAGE.fullmatch(language) else ""


def _heading(root: lxml.html.HtmlElement) -> str:
    """The text of the page's only `<h1>`, else ""."""
    headings = list(root.iter("h1"))
    return " ".join("".join(headings[0].itertext()).split(" ")).strip() if len(headings) == 1 else ""


def _same(heading: str, title: str) -> bool:
    return " ".join(heading.split()) == " ".join(title.split())

"""Pieces of a Markdown text (CommonMark and tables): its words without its syntax."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from annotator.domain.extract.pieces import Draft, Piece
from annotator.domain.text import BlockKind, plain_blocks


@dataclass
class _Place:
    """Where in the document the walk stands."""

    quotes: int = 0
    lists: int = 0
    heading: str = ""
    marker: str = ""
    row: list[str] | None = None
    titled: bool = False
    begun: bool = False


def draft(text: str) -> Draft:
    """Its headings, paragraphs, quotes, lists and tables. HTML in it stays as it was written; pictures give their text."""
    tokens = MarkdownIt("commonmark", {"html": False}).enable("table").parse(text)
    return Draft(tuple(piece for piece in _pieces(tokens) if piece.text))


def _pieces(tokens: Sequence[Token]) -> Iterator[Piece]:
    place = _Place()
    for token in tokens:
        _move(place, token)
        if token.type == "inline":
            piece = _inline(token.children or [])
            if place.row is not None:
                place.row.append(" ".join(piece.text.split("\n")))
            elif piece.text:
                yield _placed(piece, place)
        elif token.type in {"code_block", "fence"}:
            for block in plain_blocks(token.content):
                yield _placed(Piece(token.content[block.start : block.end], BlockKind.PARAGRAPH), place)
        if token.type == "tr_close":
            yield Piece("\t".join(place.row or []).strip(), BlockKind.PARAGRAPH, listed=True)
            place.row = None


def _move(place: _Place, token: Token) -> None:
    match token.type:
        case "blockquote_open" | "blockquote_close":
            place.quotes += token.nesting
        case "bullet_list_open" | "ordered_list_open" | "bullet_list_close" | "ordered_list_close":
            place.lists += token.nesting
        case "list_item_open":
            place.marker = f"{token.info}{token.markup} " if token.info else ""
        case "heading_open" | "heading_close":
            place.heading = token.tag if token.nesting > 0 else ""
        case "tr_open":
            place.row = []


def _placed(piece: Piece, place: _Place) -> Piece:
    """The piece as its place makes it: a title, a subheading, a quote, an entry of a list."""
    marker, place.marker = place.marker, ""
    kind = piece.kind
    if place.heading:
        kind = BlockKind.SUBHEADING if place.titled or place.begun else BlockKind.TITLE
        place.titled = True
    elif place.quotes:
        kind = BlockKind.QUOTE
    if kind not in {BlockKind.TITLE, BlockKind.CAPTION} and piece.ends_sentence:
        place.begun = True
    return Piece(
        marker + piece.text,
        kind,
        linked=piece.linked,
        urls=piece.urls,
        bold=piece.bold and not place.heading,
        listed=place.lists > 0,
    )


def _inline(children: Sequence[Token]) -> Piece:
    """The words of one run of inline tokens, and what of them is linked, bold or a picture's."""
    texts: list[str] = []
    linked: list[str] = []
    urls: list[str] = []
    links = strong = 0
    plain = pictured = False
    for token in children:
        match token.type:
            case "link_open" | "link_close":
                links += token.nesting
                urls += [str(token.attrs["href"])] if token.nesting > 0 else []
            case "strong_open" | "strong_close":
                strong += token.nesting
        words = "\n" if token.type in {"softbreak", "hardbreak"} else token.content
        texts.append(words)
        linked.append(words if links else "")
        pictured = pictured or token.type == "image"
        plain = plain or bool(words.strip() and not strong)
    text = "".join(texts).strip()
    only_pictures = pictured and all(token.type in {"image", "softbreak", "hardbreak"} for token in children)
    return Piece(
        text,
        BlockKind.CAPTION if only_pictures else None,
        linked="".join(linked).strip(),
        urls=tuple(urls),
        bold=bool(text) and not plain,
    )

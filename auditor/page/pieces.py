"""Pieces: a passage's inline tokens, put together into the text a reader sees with links and images in place."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from auditor.page.manuscript import Picture, Reference


@dataclass(slots=True)
class Read:
    """What a passage says: its text, its links and images, and whether emphasis spans all of it."""

    text: str
    links: list[Reference] = field(default_factory=list)
    images: list[Picture] = field(default_factory=list)
    bold: bool = False


@dataclass(slots=True)
class Piece:
    """One token: `kind` is text, open, close, image or tag; `value` what a reader sees of it."""

    kind: str
    at: int
    value: str = ""
    match: int = -1
    href: str = ""
    alt: str | None = None
    rel: frozenset[str] = frozenset()
    style: str = ""


def address_pieces(index: int, start: int, href: str, shown: str) -> tuple[Piece, Piece, Piece]:
    """The pieces of a bare address that will stand at `index` of the pieces; `shown` is its text and its anchor."""
    return (
        Piece("open", start, href=href, match=index + 2),
        Piece("text", start, shown),
        Piece("close", start, match=index),
    )


def emit(pieces: Sequence[Piece], starts: Sequence[int], offsets: Sequence[int]) -> Read:
    """The text of pieces as a reader sees it, white space folded, with the places of links and images."""
    out: list[str] = []
    length = 0
    space = False
    open_at: dict[int, int] = {}
    read = Read("")
    images_before: dict[int, int] = {}
    finished: list[tuple[int, int, int, bool, str]] = []
    emphasised = plain = 0
    depth = 0
    index = 0
    while index < len(pieces):
        piece = pieces[index]
        match piece.kind:
            case "emphasis":
                depth += 1
            case "strong":
                depth = max(0, depth - 1)
            case "open" if piece.match >= 0:
                open_at[index] = length
                images_before[index] = len(read.images)
            case "close" if piece.match in open_at:
                first = images_before[piece.match]
                alt = read.images[first].alt if first < len(read.images) else None
                finished.append((piece.match, open_at[piece.match], length, first < len(read.images), alt or ""))
            case "image":
                read.images.append(Picture(piece.href, piece.alt, _source(piece.at, starts, offsets)))
                index = max(index, piece.match)
            case "text":
                value = piece.value.replace("\u200b", "")
                words = value.split()
                if not words:
                    space = space or bool(value)
                else:
                    folded = " ".join(words)
                    if (space or value[0].isspace()) and length:
                        folded = f" {folded}"
                    out.append(folded)
                    length += len(folded)
                    space = value[-1].isspace()
                    if depth:
                        emphasised += len(folded)
                    else:
                        plain += len(folded.strip(" :"))
        index += 1
    read.text = "".join(out)
    for opener, start, end, image, alt in finished:
        piece = pieces[opener]
        if start < end and read.text[start] == " ":
            start += 1
        offset = _source(piece.at, starts, offsets)
        if start < end:
            read.links.append(Reference(piece.href, read.text[start:end], start, end, offset, piece.rel, piece.style))
        else:
            read.links.append(Reference(piece.href, alt, end, end, offset, piece.rel, piece.style, image))
    read.links.sort(key=lambda link: link.offset)
    read.bold = emphasised > 0 and plain == 0
    return read


def _source(at: int, starts: Sequence[int], offsets: Sequence[int]) -> int:
    line = bisect_right(starts, at) - 1
    return offsets[line] + at - starts[line]

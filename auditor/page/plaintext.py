"""Plain text into Page: paragraphs, headings, list items and bare addresses, by the habits of people who type."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from auditor.page.inline import BARE, bare_address
from auditor.page.manuscript import OpenList, Passage, assemble
from auditor.page.page import Kind, Metadata, Page, Role
from auditor.page.pieces import Piece, Read, address_pieces, emit
from auditor.page.sections import section_role
from auditor.page.snapshot import Snapshot

MAX_TITLE = 120
"""Characters of a line that may be a title or a heading."""
LONG_LINE = 200
"""Characters; where lines run past this each is a paragraph, since nobody wrapped them."""
MAX_PASSAGE = 200_000

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)?")
_UNDERLINE = re.compile(r"[ \t]*(={3,}|-{3,}|~{3,}|\*{3,}|_{3,})[ \t]*\Z")
_ITEM = re.compile(r"([ \t]*)(?:([-*•·‣▪◦●○–+])|(\d{1,4})[.)])[ \t]+(?=\S)")
# Roles whose heading counts even where the text goes on in the next line.
_ANNOUNCED = (Role.RELATED, Role.COMMENTS, Role.AUTHOR)
_SENTENCE_END = (".", "!", "?", ";", ",", "…", "。", "！", "？")


@dataclass(frozen=True, slots=True)
class _Line:
    offset: int
    text: str


def parse_plaintext(snapshot: Snapshot, source: str, encoding: str) -> Page:
    """Parse plain text. Never raises; time is linear in the length.

    Blank lines part paragraphs; without any, or where lines are long, every line is one. The first short line
    without a full stop is the title; underlined and all-capital lines are headings. Addresses in the text are links.
    "Related posts:" and its kin begin blocks as in Markdown. `Page.language` is left empty.
    """
    reader = _Reader(list(_lines(source)))
    reader.read()
    return assemble(snapshot, source, encoding, Metadata(), reader.passages, reader.lists)


def _lines(source: str) -> Iterator[_Line]:
    at = 1 if source.startswith("\ufeff") else 0
    while at < len(source):
        found = _LINE.match(source, at)
        assert found is not None
        yield _Line(at, found[0].rstrip())
        at = found.end()


class _Reader:
    def __init__(self, lines: Sequence[_Line]) -> None:
        self.lines = lines
        self.passages: list[Passage] = []
        self.lists: list[OpenList] = []
        self.gathered: list[_Line] = []
        self.length = 0
        self.kind = Kind.TEXT
        self.level = 0
        self.items: OpenList | None = None
        self.related = False
        written = [line for line in lines if line.text]
        inner = lines[lines.index(written[0]) : len(lines)] if written else []
        parted = any(not line.text for line in inner[: _last_written(inner)])
        long = sum(len(line.text) > LONG_LINE for line in written)
        self.each_line = not parted or long * 2 > len(written)

    def read(self) -> None:
        for number, line in enumerate(self.lines):
            if not line.text:
                self.close()
                continue
            if _UNDERLINE.match(line.text):
                # A rule; or the line below a heading, which has been taken already.
                self.close()
                continue
            if item := _ITEM.match(line.text):
                self._item(line, item)
                continue
            if self.gathered and self.kind is Kind.ITEM and line.text[0] in " \t" and not self.each_line:
                self._gather(line)
                continue
            if self.kind is Kind.ITEM or self.each_line or self.length > MAX_PASSAGE:
                self.close()
            if not self.gathered and self._heads(number):
                continue
            if self.related and len(line.text) <= MAX_TITLE and not line.text.endswith(_SENTENCE_END):
                self.close()
                self.kind, self.level = Kind.ITEM, 1
                self._gather(line)
                self.close()
                continue
            self.items = None
            self.related = self.related and bool(BARE.search(line.text))
            self._gather(line)
        self.close()

    def _heads(self, number: int) -> bool:
        """Whether the line at `number`, which begins a passage, is a heading; if so it is added."""
        line = self.lines[number]
        text = line.text.strip()
        following = self.lines[number + 1].text if number + 1 < len(self.lines) else ""
        alone = self.each_line or not following
        underlined = _UNDERLINE.match(following) is not None
        role = section_role(text)
        bare = BARE.search(text) is not None
        if underlined and len(text) <= MAX_TITLE:
            level = 1 if "=" in following else 2
        elif role is not None and not bare and (alone or text.endswith(":") or role in _ANNOUNCED):
            level = 2
        elif bare or len(text) > MAX_TITLE or text.endswith((*_SENTENCE_END, ":")):
            return False
        elif not self.passages and (alone or len(following) > 1.5 * len(text)):
            level = 1
        elif alone and text.isupper() and len(text) >= 4 and sum(map(str.isalpha, text)) > len(text) // 2:
            level = 2
        else:
            return False
        self.close()
        self.related = role is Role.RELATED
        self.items = None
        self.kind, self.level = Kind.HEADING, level
        self._gather(line)
        self.close()
        return True

    def _item(self, line: _Line, item: re.Match[str]) -> None:
        self.close()
        ordered = item[3] is not None
        if self.items is None or self.items.ordered != ordered:
            self.items = OpenList(ordered, int(item[3] or 1), line.offset + len(item[1]), 0, len(self.passages))
            self.lists.append(self.items)
        self.items.length += 1
        self.kind, self.level = Kind.ITEM, 1
        self._gather(_Line(line.offset + item.end(), line.text[item.end() :]))
        if self.each_line:
            self.close()

    def _gather(self, line: _Line) -> None:
        self.gathered.append(line)
        self.length += len(line.text) + 1

    def close(self) -> None:
        """Finish the passage that is being gathered, if there is one."""
        gathered, self.gathered = self.gathered, []
        kind, level = self.kind, self.level
        self.kind, self.level, self.length = Kind.TEXT, 0, 0
        if not gathered:
            return
        first = gathered[0]
        read = _read_plain(gathered)
        if read.text:
            offset = first.offset + len(first.text) - len(first.text.lstrip())
            self.passages.append(Passage(read.text, kind, offset, level, links=read.links))


def _last_written(lines: Sequence[_Line]) -> int:
    return next((i for i in range(len(lines) - 1, -1, -1) if lines[i].text), 0)


def _read_plain(lines: Sequence[_Line]) -> Read:
    starts: list[int] = []
    pieces: list[Piece] = []
    length = 0
    for line in lines:
        starts.append(length)
        at = 0
        for found in BARE.finditer(line.text):
            address = bare_address(found[0])
            if (
                found.start() < at
                or len(address) <= len("https://")
                or line.text[found.start() - 1 : found.start()].isalnum()
            ):
                continue
            pieces.append(Piece("text", length + at, line.text[at : found.start()]))
            href = address if address[:4].lower() != "www." else f"http://{address}"
            pieces += address_pieces(len(pieces), length + found.start(), href, address)
            at = found.start() + len(address)
        pieces.append(Piece("text", length + at, f"{line.text[at:]}\n"))
        length += len(line.text) + 1
    return emit(pieces, starts, [line.offset for line in lines])

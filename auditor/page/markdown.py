"""Markdown into Page: blocks read line by line, with the place of every paragraph and link in the source exact."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from auditor.page.frontmatter import front_metadata, read_front_matter
from auditor.page.inline import label_key, read_inline
from auditor.page.manuscript import OpenList, Passage, assemble
from auditor.page.page import Kind, Page
from auditor.page.snapshot import Snapshot
from auditor.page.templates import TEMPLATE, readable

MAX_PASSAGE = 200_000
"""Characters of one paragraph; a longer one is read in parts."""
MAX_MARKERS = 8
"""List and quote markers on one line."""

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)?")
_FENCE = re.compile(r"(`{3,}|~{3,})([^`\n]*)\Z")
_HEADING = re.compile(r"(#{1,6})(?:[ \t]+|\Z)")
_HEADING_END = re.compile(r"(?:[ \t]+#+)?[ \t]*(?:\{[^{}]{0,100}\})?[ \t]*\Z")
_BULLET = re.compile(r"[-*+](?=[ \t]|\Z)")
_NUMBER = re.compile(r"(\d{1,9})[.)](?=[ \t]|\Z)")
_RULE = re.compile(r"(?:\*[ \t]*){3,}\Z|(?:-[ \t]*){3,}\Z|(?:_[ \t]*){3,}\Z")
_SETEXT = re.compile(r"(=+|-+)[ \t]*\Z")
_TABLE_RULE = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*\Z")
_CELL_END = re.compile(r"(?:\\.|[^\\|])*")
_DEFINITION = re.compile(
    r"^ {0,3}\[(?!\^)((?:\\.|[^\[\]\\\n]){1,999})\]:[ \t]*(?:\r?\n[ \t]*)?"
    rf"(?:<([^<>\n]{{0,2000}})>|((?:{TEMPLATE})\S{{0,2000}}|[^\s<]\S{{0,2000}}))"
    r"[ \t]*(?:\r?\n?[ \t]*(?:\"[^\"\n]{0,1000}\"|'[^'\n]{0,1000}'|\([^()\n]{0,1000}\)))?[ \t]*\r?$",
    re.MULTILINE,
)
_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,40}\]:[ \t]*")
_MODULE = re.compile(
    r"import\s(?:.*\sfrom\s)?['\"{*\w].*['\"];?\s*\Z|import\s*\{\s*\Z|export\s+(?:const|default|function|let|class|\{)"
)
_HTML_BLOCK = re.compile(
    r"</?(?:div|p|section|article|aside|header|footer|main|nav|ul|ol|li|table|thead|tbody|tr|td|th|blockquote|figure|figcaption|"
    r"center|details|summary|h[1-6]|iframe|hr|dl|dt|dd|form)\b",
    re.IGNORECASE,
)
_HTML_HEADING = re.compile(r"<h([1-6])\b[^<>]{0,500}>", re.IGNORECASE)
_HTML_ITEM = re.compile(r"<(?:li|dd)\b", re.IGNORECASE)
_HTML_CELL = re.compile(r"<t[dh]\b", re.IGNORECASE)
_LIQUID_CODE = re.compile(r"\{%-?\s*(highlight|raw)\b")
_SKIPPED = (
    (re.compile(r"<!--"), "-->"),
    (re.compile(r"<script\b", re.IGNORECASE), "</script>"),
    (re.compile(r"<style\b", re.IGNORECASE), "</style>"),
    (re.compile(r"\{%-?\s*comment\b"), "endcomment"),
)


@dataclass(slots=True)
class _Level:
    """An open list: how far its markers stand in, and what it is."""

    indent: int
    content: int
    found: OpenList


@dataclass(slots=True)
class _Open:
    """A passage whose lines are still being gathered."""

    kind: Kind
    level: int
    starts: list[int] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    length: int = 0


def parse_markdown(snapshot: Snapshot, source: str, encoding: str) -> Page:
    """Parse Markdown with front matter, raw HTML, shortcodes and MDX in it. Never raises; time is linear in the length.

    A heading such as "Related posts" over a list of links makes a block of its own up to the next heading of its
    level; everything else is one article block. `Page.language` is left empty.
    """
    front = read_front_matter(source)
    reader = _Reader(readable(snapshot.name, source, front.end), front.end)
    reader.read()
    return assemble(snapshot, source, encoding, front_metadata(front), reader.passages, reader.lists)


class _Reader:
    def __init__(self, source: str, start: int) -> None:
        self.source = source
        self.at = start
        self.line_start = start
        self.passages: list[Passage] = []
        self.lists: list[OpenList] = []
        self.levels: list[_Level] = []
        self.open: _Open | None = None
        self.fence = ""
        self.table = False
        self.blank = True
        self.skipping = ""
        defined = list(_DEFINITION.finditer(source, start))
        self.definitions = {label_key(m[1]): m[2] if m[2] is not None else m[3] for m in reversed(defined)}
        self.defined = {m.start(): m.end() for m in defined}

    def read(self) -> None:
        source = self.source
        while self.at < len(source):
            start, found = self.at, _LINE.match(source, self.at)
            assert found is not None
            self.at = found.end()
            if not self.fence and not self.skipping and start in self.defined:
                self.close()
                self.at = max(self.at, self._line_end(self.defined[start]))
                continue
            self.line(start, found[0].rstrip("\r\n"))
        self.close()

    def _line_end(self, at: int) -> int:
        return found.end() if (found := _LINE.match(self.source, at)) is not None else at

    def line(self, start: int, text: str) -> None:
        if self.skipping:
            _, mark, after = text.lower().partition(self.skipping)
            if mark:
                self.skipping = ""
                if after.strip(" \t%-}"):
                    self.line(start + len(text) - len(after), text[len(text) - len(after) :])
            return
        if self.fence:
            self._fenced(start, text)
            return
        if not text.strip():
            self.close()
            self.table = False
            self.blank = True
            return
        self._block(start, text)
        self.blank = False

    def _fenced(self, start: int, text: str) -> None:
        stripped = text.strip()
        closed = stripped.startswith(self.fence) and (
            not stripped.strip(self.fence[0]) if self.fence[0] in "`~" else True
        )
        if closed:
            self.close()
            self.fence = ""
        else:
            self._gather(start, text, Kind.CODE, 0)

    def _block(self, start: int, text: str) -> None:
        self.line_start = start
        at, column, quoted, marked = self._containers(text)
        rest = text[at:]
        offset = start + at
        body = rest.rstrip()
        if not body:
            return
        if self.blank and not marked and column >= 4 + (self.levels[-1].content if self.levels else 0) and not quoted:
            self._gather(start, text, Kind.CODE, 0)
            return
        if self.open is not None and self.open.kind is Kind.CODE:
            if column >= 4:
                self._gather(start, text, Kind.CODE, 0)
                return
            self.close()
        kind = Kind.ITEM if self.levels else Kind.QUOTE if quoted else Kind.TEXT
        fence, liquid = _FENCE.match(body), _LIQUID_CODE.match(body)
        if fence or liquid:
            self.close()
            self.fence = fence[1] if fence else f"{{% end{liquid[1] if liquid else ''}"
            return
        for opening, ending in _SKIPPED:
            if opening.match(body):
                self.close()
                self._skip(offset, body, ending)
                return
        if heading := _HEADING.match(body):
            self.close()
            end = _HEADING_END.search(body, heading.end())
            self._gather(
                offset + heading.end(),
                body[heading.end() : end.start() if end else None],
                Kind.HEADING,
                len(heading[1]),
            )
            self.close()
            return
        if (
            self.open is not None
            and not marked
            and self.open.kind in (Kind.TEXT, Kind.QUOTE)
            and (rule := _SETEXT.match(body))
        ):
            self.open.kind, self.open.level = Kind.HEADING, 1 if rule[1][0] == "=" else 2
            self.close()
            return
        if _RULE.match(body):
            self.close()
            return
        if self._table(offset, body):
            return
        if self.open is None and not self.levels and _MODULE.match(body):
            # An MDX module line and what follows up to the next blank line are code for the builder.
            self._gather(start, text, Kind.CODE, -1)
            return
        if _HTML_BLOCK.match(body):
            self.close()
            self._html(offset, body, kind)
            return
        if footnote := _FOOTNOTE.match(body):
            self.close()
            offset, body = offset + footnote.end(), body[footnote.end() :]
        self._gather(offset, body, kind, len(self.levels))

    def _containers(self, text: str) -> tuple[int, int, bool, bool]:
        """(first character after quote and list markers, its column, in a quote, whether a marker began something)."""
        at = column = 0
        quoted = marked = False
        for _ in range(MAX_MARKERS):
            while at < len(text) and text[at] in " \t":
                column += 4 - column % 4 if text[at] == "\t" else 1
                at += 1
            if at < len(text) and text[at] == ">" and column < 40:
                quoted = True
                at += 1
                column += 1
                continue
            bullet = None if _RULE.match(text, at) else _BULLET.match(text, at)
            number = _NUMBER.match(text, at) if bullet is None else None
            marker = bullet or number
            if marker is None or self._code_column(column, marked) or self._joins(number):
                break
            self.close()
            self._item(at, column, number)
            marked = True
            column += marker.end() - at
            at = marker.end()
            self.levels[-1].content = column + 1
        if not marked:
            self._leave(column, text[at : at + 1])
        return at, column, quoted, marked

    def _code_column(self, column: int, marked: bool) -> bool:
        return not marked and self.blank and column >= 4 and not self.levels

    def _joins(self, number: re.Match[str] | None) -> bool:
        """A number at a line's start within a paragraph is prose unless it is 1, as CommonMark has it."""
        return number is not None and self.open is not None and not self.levels and number[1] != "1"

    def _item(self, at: int, column: int, number: re.Match[str] | None) -> None:
        closed: _Level | None = None
        while self.levels and column < self.levels[-1].indent + 2:
            closed = self.levels.pop()
        ordered = number is not None
        if closed is None or closed.found.ordered != ordered or closed.indent > column + 1:
            found = OpenList(
                ordered, int(number[1]) if number is not None else 1, self.line_start + at, 0, len(self.passages)
            )
            self.lists.append(found)
            closed = _Level(column, column + 2, found)
        closed.found.length += 1
        closed.indent = column
        self.levels.append(closed)

    def _leave(self, column: int, first: str) -> None:
        """Close the lists that a line without a marker does not belong to; a paragraph's next line may hang back."""
        if self.open is not None and first not in ("#", "<", "`", "~", "|"):
            return
        while self.levels and column < min(self.levels[-1].content, self.levels[-1].indent + 2):
            self.levels.pop()

    def _skip(self, offset: int, body: str, ending: str) -> None:
        _, mark, after = body.lower().partition(ending)
        if not mark:
            self.skipping = ending
        elif after.strip(" \t%-}"):
            cut = len(body) - len(after)
            self._gather(offset + cut, body[cut:], Kind.TEXT, 0)

    def _table(self, offset: int, body: str) -> bool:
        if not self.table:
            if "|" not in body or self.open is not None:
                return False
            following = _LINE.match(self.source, self.at)
            rule = following[0].strip().lstrip(">").strip() if following is not None else ""
            if "-" not in rule or len(rule) > 2000 or not _TABLE_RULE.match(rule):
                return False
            self.table = True
        elif "|" not in body:
            self.table = False
            return False
        if "-" in body and len(body) <= 2000 and _TABLE_RULE.match(body):
            return True
        at = 1 if body.startswith("|") else 0
        while at < len(body):
            cell = _CELL_END.match(body, at)
            assert cell is not None
            if cell[0].strip():
                lead = len(cell[0]) - len(cell[0].lstrip())
                self._gather(offset + at + lead, cell[0].strip(), Kind.CELL, 0)
                self.close()
            at = max(cell.end() + 1, at + 1)
        return True

    def _html(self, offset: int, body: str, kind: Kind) -> None:
        heading = _HTML_HEADING.match(body)
        if heading is not None:
            self._gather(offset, body, Kind.HEADING, int(heading[1]))
            if f"</h{heading[1]}" in body.lower():
                self.close()
            return
        if _HTML_ITEM.match(body):
            kind = Kind.ITEM
        elif _HTML_CELL.match(body):
            kind = Kind.CELL
        self._gather(offset, body, kind, len(self.levels))

    def _gather(self, offset: int, text: str, kind: Kind, level: int) -> None:
        if self.open is None:
            self.open = _Open(kind, level)
        elif self.open.length > MAX_PASSAGE:
            self.close()
            self.open = _Open(kind, level)
        opened = self.open
        opened.starts.append(opened.length)
        opened.offsets.append(offset)
        opened.parts.append(text + "\n")
        opened.length += len(text) + 1

    def close(self) -> None:
        """Finish the passage that is being gathered, if there is one."""
        opened, self.open = self.open, None
        if opened is None or opened.level < 0:
            return
        raw = "".join(opened.parts)
        first = len(raw) - len(raw.lstrip())
        line = max(i for i, s in enumerate(opened.starts) if s <= first) if first else 0
        offset = opened.offsets[line] + first - opened.starts[line]
        if opened.kind is Kind.CODE:
            if text := " ".join(raw.split()):
                self.passages.append(Passage(text, Kind.CODE, offset))
            return
        read = read_inline(raw, opened.starts, opened.offsets, self.definitions)
        if read.text or read.links or read.images:
            passage = Passage(read.text, opened.kind, offset, opened.level, read.bold, read.links, read.images)
            self.passages.append(passage)

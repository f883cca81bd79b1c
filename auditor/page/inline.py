"""Inline Markdown: links, images, emphasis, code and raw HTML of one passage, read in a single pass with exact offsets.

Follows CommonMark 0.31 for links, code spans and escapes, GFM for bare addresses. Emphasis is only needed to be taken
away, so its delimiters are paired by one simple rule. Time is linear in the length, whatever the text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence

from auditor.page.pieces import Piece, Read, address_pieces, emit
from auditor.page.templates import TEMPLATE, target

MAX_LABEL = 999
_TOKEN = re.compile(
    r"\\[!-/:-@\[-`{-~]|(`+)|!\[|\[\^[^\]\s]{1,40}\]|[\[\]]|\*+|_+|~~|"
    r"<!--|<(?:https?|mailto|ftp):[^\s<>]{0,2000}>|</?[A-Za-z][\w.:-]{0,40}|\{\{|\{%|\{/\*|\{[:#]|&(?:#\d{1,7}|#x[\da-fA-F]{1,6}|\w{2,31});|"
    r"https?://|www\.",
    re.IGNORECASE,
)
_TARGET = re.compile(
    rf"\(\s{{0,20}}(?:<([^<>\n]{{0,2000}})>|((?:{TEMPLATE}|\\.|[^\s()\\]|\((?:\\.|[^\s()\\]){{0,300}}+\)){{0,2000}}+))"
    r"(?:\s{1,20}(?:\"[^\"]{0,1000}\"|'[^']{0,1000}'|\([^()]{0,1000}\)))?\s{0,20}\)"
)
_LABEL = re.compile(r"[ ]?\[((?:\\.|[^\[\]\\]){0,999})\]")
_TAG_END = re.compile(r"(?:[^<>\"'{]|\"[^\"]{0,2000}+\"|'[^']{0,2000}+'|\{[^{}]{0,500}+\}|[\"'{]){0,3000}+>")
_ATTRIBUTE = re.compile(
    r"([A-Za-z][\w-]{0,30})\s{0,5}=\s{0,5}(?:\"([^\"]{0,2000})\"|'([^']{0,2000})'|\{\s{0,5}[\"'`]([^\"'`{}]{0,2000})[\"'`]\s{0,5}\}|"
    rf"((?:{TEMPLATE})[^\s\"'>]{{0,2000}})|\{{[^{{}}]{{0,500}}\}}|([^\s\"'>]{{1,2000}}))"
)
_COMPONENT = re.compile(r"</?[A-Z][\w.]*[a-z]")
BARE = re.compile(r"(?:https?://|www\.)[^\s<>\"\[\]`|\\^{}]{1,2000}", re.IGNORECASE)
_KRAMDOWN = re.compile(r"\{:?([^{}\n]{0,200})\}")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_BREAKING = frozenset(
    ("br", "p", "div", "li", "ul", "ol", "td", "th", "tr", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "table", "section")
)


def label_key(label: str) -> str:
    """The spelling that reference labels are compared by."""
    return " ".join(label.split()).casefold()


def read_inline(raw: str, starts: Sequence[int], offsets: Sequence[int], definitions: Mapping[str, str]) -> Read:
    """Read a passage. Character `starts[i]` of `raw` is character `offsets[i]` of the source, for each of its lines;
    `definitions` maps `label_key`s to addresses."""
    pieces = _Scanner(raw, definitions).scan()
    return emit(pieces, starts, offsets)


class _Scanner:
    def __init__(self, raw: str, definitions: Mapping[str, str]) -> None:
        self.raw = raw
        self.definitions = definitions
        self.pieces: list[Piece] = []
        self.brackets: list[int] = []
        self.dead = 0  # openers below this height of the stack lie before a finished link: links do not nest
        self.emphases: dict[str, list[tuple[int, int]]] = {"*": [], "_": [], "~": []}
        self.anchors: list[tuple[int, str]] = []
        self.ticks: dict[int, list[int]] | None = None
        self.ahead: dict[str, int] = {}
        self.left: dict[int, int] = {}

    def scan(self) -> list[Piece]:
        raw, at = self.raw, 0
        while (found := _TOKEN.search(raw, at)) is not None:
            if found.start() > at:
                self._text(at, raw[at : found.start()])
            at = self._token(found)
        if at < len(raw):
            self._text(at, raw[at:])
        for index, left in self.left.items():
            piece = self.pieces[index]
            piece.value = piece.value[:left]
            if not left:
                piece.kind = "emphasis"
        return self.pieces

    def _text(self, at: int, value: str) -> None:
        self.pieces.append(Piece("text", at, value))

    def _until(self, mark: str, start: int) -> int:
        """Where the next `mark` ends, -1 for none. No stretch is searched twice, however often this is asked."""
        found = self.ahead.get(mark, 0)
        if 0 <= found < start or mark not in self.ahead:
            found = self.ahead[mark] = self.raw.find(mark, start)
        return found + len(mark) if found >= 0 else -1

    def _token(self, found: re.Match[str]) -> int:
        start, end, lexeme = found.start(), found.end(), found[0]
        match lexeme[0]:
            case "\\":
                self._text(start, lexeme[1:])
            case "`":
                return self._code(start, end)
            case "!":
                self.brackets.append(len(self.pieces))
                self.pieces.append(Piece("text", start, "!["))
            case "[" if lexeme == "[":
                self.brackets.append(len(self.pieces))
                self.pieces.append(Piece("text", start, "["))
            case "[":
                pass  # a footnote's mark
            case "]":
                return self._close(start, end)
            case "*" | "_" | "~":
                self._emphasis(start, end, lexeme)
            case "<":
                return self._angle(start, end, lexeme)
            case "{":
                return self._template(start, end, lexeme)
            case "&":
                self._text(start, html.unescape(lexeme))
            case _:
                return self._bare(start, end, lexeme)
        return end

    def _code(self, start: int, end: int) -> int:
        if self.ticks is None:
            self.ticks = {}
            for run in re.finditer(r"`+", self.raw):
                self.ticks.setdefault(run.end() - run.start(), []).append(run.start())
            for places in self.ticks.values():
                places.reverse()
        places = self.ticks.get(end - start, [])
        while places and places[-1] < end:
            places.pop()
        if not places:
            self._text(start, self.raw[start:end])
            return end
        close = places[-1]
        self._text(end, self.raw[end:close])
        return close + end - start

    def _emphasis(self, start: int, end: int, lexeme: str) -> None:
        raw, mark = self.raw, lexeme[0]
        before = raw[start - 1] if start else " "
        after = raw[end] if end < len(raw) else " "
        opens, closes = not after.isspace(), not before.isspace()
        if mark == "_" and before.isalnum() and after.isalnum():
            opens = closes = False
        stack = self.emphases[mark]
        length = end - start
        while closes and length and stack:
            index, left = stack.pop()
            taken = min(left, length)
            length -= taken
            self.left[index] = left - taken
            if left > taken:
                stack.append((index, left - taken))
        if length:
            self._text(start, mark * length)
            if opens:
                stack.append((len(self.pieces) - 1, length))
        elif closes:
            self.pieces.append(Piece("strong", start))

    def _close(self, start: int, end: int) -> int:
        raw = self.raw
        if not self.brackets:
            self._text(start, "]")
            return end
        index = self.brackets.pop()
        dead = len(self.brackets) < self.dead
        self.dead = min(self.dead, len(self.brackets))
        opener = self.pieces[index]
        image = opener.value == "!["
        href, stop = self._target(opener.at + len(opener.value), start, end)
        if href is not None and target(href) is None and not image:
            opener.value = ""  # the words stay, where they lead only the generator knows
            return stop
        if href is None or (not image and dead):
            self._text(start, "]")
            return end
        href = target(href) or href
        rel: frozenset[str] = frozenset()
        style = ""
        if raw.startswith("{", stop) and (extra := _KRAMDOWN.match(raw, stop)):
            attributes = _attributes(extra[1])
            rel, style = frozenset(attributes.get("rel", "").lower().split()), attributes.get("class", "")
            stop = extra.end()
        opener.kind = "image" if image else "open"
        opener.value, opener.href, opener.match, opener.rel, opener.style = "", href, len(self.pieces), rel, style
        if image:
            opener.alt = _plain(raw[opener.at + 2 : start][:2000])
        else:
            self.dead = len(self.brackets)
        self.pieces.append(Piece("close", start, match=index))
        return stop

    def _target(self, label_start: int, label_end: int, end: int) -> tuple[str | None, int]:
        raw = self.raw
        if raw.startswith("(", end) and (found := _TARGET.match(raw, end)):
            href = found[1] if found[1] is not None else found[2]
            return html.unescape(_ESCAPED.sub(r"\1", href)).strip(), found.end()
        if not self.definitions:
            return None, end
        label = _LABEL.match(raw, end) if raw.startswith(("[", " ["), end) else None
        own = raw[label_start:label_end] if label_end - label_start <= MAX_LABEL else ""
        if label is not None and (href := self.definitions.get(label_key(label[1] or own))) is not None:
            return href, label.end()
        return self.definitions.get(label_key(own)) if own else None, end

    def _angle(self, start: int, end: int, lexeme: str) -> int:
        raw = self.raw
        if lexeme == "<!--":
            stop = self._until("-->", end)
            return stop if stop > 0 else len(raw)
        if lexeme.endswith(">"):
            address = lexeme[1:-1]
            if not address.lower().startswith(("http", "ftp")):
                self._text(start, address.partition(":")[2])
            else:
                self.pieces += address_pieces(len(self.pieces), start, address, address)
            return end
        closing = _TAG_END.match(raw, end)
        if closing is None:
            self._text(start, lexeme)
            return end
        name = lexeme.strip("</").lower()
        stop = closing.end()
        inside = raw[end : stop - 1]
        if name in ("script", "style", "svg") and not lexeme.startswith("</"):
            after = self._until(f"</{name}", stop)
            return after if after > 0 else stop
        if name == "a" or _COMPONENT.match(lexeme):
            self._html_anchor(start, lexeme, name, inside)
        elif name == "img":
            attributes = _attributes(inside)
            piece = Piece(
                "image", start, href=attributes.get("src", ""), alt=attributes.get("alt"), match=len(self.pieces)
            )
            self.pieces.append(piece)
        elif name in _BREAKING:
            self._text(start, " ")
        return stop

    def _html_anchor(self, start: int, lexeme: str, name: str, inside: str) -> None:
        """`<a href>`, or a component that leads away: `<Link to="https://…">`."""
        if lexeme.startswith("</"):
            if self.anchors and self.anchors[-1][1] == name:
                index, _ = self.anchors.pop()
                self.pieces[index].match = len(self.pieces)
                self.pieces.append(Piece("close", start, match=index))
            return
        attributes = _attributes(inside)
        href = attributes.get("href")
        if name != "a":
            href = href or attributes.get("to", "")
            if inside.endswith("/") or not href.lower().startswith(("http://", "https://", "//")):
                return
        if href is None or (href := target(href.strip())) is None:
            return
        self.anchors = [(len(self.pieces), name)]  # an anchor left open ends where the next one starts, unmatched
        rel = frozenset(attributes.get("rel", "").lower().split())
        style = " ".join(filter(None, (attributes.get("style", ""), attributes.get("class", ""))))
        self.pieces.append(Piece("open", start, href=href, rel=rel, style=style))

    def _template(self, start: int, end: int, lexeme: str) -> int:
        if lexeme in ("{:", "{#"):
            extra = _KRAMDOWN.match(self.raw, start)
            if extra is not None:
                return extra.end()
        stop = self._until({"{{": "}}", "{%": "%}", "{/*": "*/}", "{#": "#}", "{:": "}"}[lexeme], end)
        if lexeme == "{:" or stop < 0 or stop - start > 5000:
            self._text(start, lexeme)
            return end
        return stop

    def _bare(self, start: int, end: int, lexeme: str) -> int:
        before = self.raw[start - 1] if start else " "
        bare = BARE.match(self.raw, start)
        if bare is None or before.isalnum() or before == "/":
            self._text(start, lexeme)
            return end
        address = bare_address(bare[0])
        if len(address) <= len(lexeme):
            self._text(start, lexeme)
            return end
        self.pieces += address_pieces(
            len(self.pieces), start, address if lexeme.lower() != "www." else f"http://{address}", address
        )
        return start + len(address)


def bare_address(address: str) -> str:
    """An address in running text without the punctuation that ends its sentence (GFM's rule for brackets)."""
    while address:
        if address[-1] in "?!.,:*_~'\";…”’»" or (address[-1] == ")" and address.count(")") > address.count("(")):
            address = address[:-1]
        else:
            break
    return address


def _attributes(inside: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for m in _ATTRIBUTE.finditer(inside[:6000]):
        if m.lastindex == 1 or (m[5] or "").startswith("{:"):
            continue  # an expression, whose value only the builder knows
        found.setdefault(m[1].lower(), html.unescape(m[2] or m[3] or m[4] or m[5] or m[6] or ""))
    return found


def _plain(alt: str) -> str:
    return " ".join(_ESCAPED.sub(r"\1", re.sub(r"[*_`]|!?\[|\]\([^()\s]{0,500}\)", "", alt)).split())


def link_end(source: str, at: int) -> tuple[int, int, str | None, str]:
    """(its `]`, its end, its address, the label of its reference) of the link whose `[` stands at a character; a reference has no
    address, and an address no label. Its end is -1 where the bracket is never closed."""
    close, depth = at + 1, 0
    while close < len(source) and close - at < 10 * MAX_LABEL:
        mark = source[close]
        if mark == "]" and not depth:
            break
        if mark == "`" and (run := re.compile("`+").match(source, close)) is not None:
            close = max(source.find(run[0], run.end()), run.start()) + len(run[0])
            continue
        depth += (mark == "[") - (mark == "]")
        close += 2 if mark == "\\" else 1
    if source[close : close + 1] != "]":
        return close, -1, None, ""
    end, href, label = close + 1, None, source[at + 1 : close]
    if (found := _TARGET.match(source, end)) is not None:
        written = found[1] if found[1] is not None else found[2]
        href, label, end = html.unescape(_ESCAPED.sub(r"\1", written)).strip(), "", found.end()
    elif (reference := _LABEL.match(source, end)) is not None:
        label, end = reference[1] or label, reference.end()
    if (extra := _KRAMDOWN.match(source, end)) is not None:
        end = extra.end()
    return close, end, href, label

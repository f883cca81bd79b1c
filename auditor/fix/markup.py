"""Markup: where the elements of an HTML source begin and end, exactly, or that it cannot be told."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

from bs4 import BeautifulSoup, Tag
from bs4.exceptions import ParserRejectedMarkup

from auditor.fix.edit import RefusedError

_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)
_OPTIONAL = frozenset(
    (
        "li",
        "dt",
        "dd",
        "p",
        "rt",
        "rp",
        "optgroup",
        "option",
        "colgroup",
        "caption",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "td",
        "th",
    )
)
"""Elements whose end tag may be left out."""
_TEMPLATE = re.compile(r"\{[{%#]|<\?|<%")
_MISREAD = frozenset(("a", "div", "span", "p"))
"""Elements that `<div/>` and its like open for browsers, and close for others."""
MAX_TAGS = 50_000
"""Tags in one element that is taken out."""
MAX_DEPTH = 200
"""Elements within one another beyond which a document is left alone: the tree is read by calls."""


@dataclass(frozen=True, slots=True)
class Element:
    """An element with its whole extent in the source, in characters."""

    tag: Tag
    start: int
    inner: int
    """Where its start tag ends."""
    close: int
    """Where its end tag begins."""
    end: int


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    name: str
    opens: bool


class _Tokens(HTMLParser):
    """Start and end tags with their places, as html.parser (and so BeautifulSoup's builder of that name) tells them apart."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[_Token] = []
        self.lines = line_starts(source)
        self.source = source
        self.feed(source)
        self.close()

    def _at(self) -> int:
        line, column = self.getpos()
        return self.lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = self._at()
        self.found.append(_Token(at, at + len(self.get_starttag_text() or ""), tag, True))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.found.append(_Token(self.found[-1].end, self.found[-1].end, f"/{tag}", False))  # it fits no start tag

    def handle_endtag(self, tag: str) -> None:
        at = self._at()
        self.found.append(_Token(at, self.source.find(">", at) + 1, tag, False))


def line_starts(source: str) -> list[int]:
    """The character at which each line begins; only a line feed ends one, as in a report's places."""
    return [0, *(match.end() for match in re.finditer("\n", source))]


class Markup:
    """One HTML source read twice: as BeautifulSoup's tree and as a row of tags.

    Raises:
        RefusedError: the tree cannot be built.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        try:
            self.tokens = _Tokens(source).found
            self.tree = BeautifulSoup(source, "html.parser")
        except (ParserRejectedMarkup, AssertionError, RecursionError):
            raise RefusedError("its markup cannot be read; correct it by hand") from None
        self.lines = line_starts(source)
        self.templates = [match.start() for match in _TEMPLATE.finditer(source)]
        self.known: dict[int, Element | None] = {}
        self.starts = [token.start for token in self.tokens]
        self.tags = {self.place(tag): tag for tag in self.tree.find_all(True)}

    def place(self, tag: Tag) -> int:
        """The character at which a tag's start tag begins."""
        return self.lines[(tag.sourceline or 1) - 1] + (tag.sourcepos or 0)

    def element(self, at: int) -> Element:
        """The element whose start tag begins at a character.

        Raises:
            RefusedError: there is none, its end cannot be told, or it is made by a template.
        """
        tag = self.tags.get(at)
        if tag is None:
            raise RefusedError("the place of its markup cannot be told; correct it by hand")
        found = self._extent(tag, at)
        if found is None:
            raise RefusedError(
                f"where its <{tag.name}> ends cannot be told; close the elements in it one after the other"
            )
        if self._templated(found):
            raise RefusedError(f"its <{tag.name}> holds a template's code; correct it by hand")
        return found

    def around(self, element: Element) -> Iterator[Element]:
        """The elements that it stands in whose extent can be told, from the inside out; ends at the first that cannot."""
        for parent in element.tag.parents:
            if not isinstance(parent, Tag) or isinstance(parent, BeautifulSoup) or parent.name in ("body", "html"):
                return
            found = self._extent(parent, self.place(parent))
            if found is None or self._templated(found):
                return
            yield found

    def within(self, element: Element) -> list[_Token]:
        """The tags inside of an element."""
        return self.tokens[bisect_right(self.starts, element.start) : bisect_left(self.starts, element.close)]

    def opened(self, at: int) -> int:
        """Where the start tag that begins at a character ends.

        Raises:
            RefusedError: none begins there.
        """
        index = bisect_left(self.starts, at)
        if index == len(self.tokens) or self.tokens[index].start != at or not self.tokens[index].opens:
            raise RefusedError("the place of its markup cannot be told; correct it by hand")
        return self.tokens[index].end

    def _extent(self, tag: Tag, at: int) -> Element | None:
        if at not in self.known:
            self.known[at] = self._measured(tag, at)
        return self.known[at]

    def _measured(self, tag: Tag, at: int) -> Element | None:
        """Both readings have to agree: the tags balance, and the stretch read by itself is the same element."""
        index = bisect_left(self.starts, at)
        if index == len(self.tokens) or self.tokens[index].start != at or tag.name in _VOID:
            return None
        first = self.tokens[index]
        opened: list[str] = []
        for token in self.tokens[index + 1 : index + 1 + MAX_TAGS]:
            if token.opens:
                if token.name == "a" and first.name == "a":
                    return None  # links do not nest: whose end is the next one?
                if token.name not in _VOID:
                    opened.append(token.name)
                if len(opened) > MAX_DEPTH:
                    return None
                continue
            if token.name.startswith("/"):
                if not opened or opened.pop() != token.name[1:] or token.name[1:] in _MISREAD:
                    return None
                continue
            while opened and opened[-1] != token.name and opened[-1] in _OPTIONAL:
                opened.pop()
            if not opened:
                found = Element(tag, at, first.end, token.start, token.end)
                return found if token.name == first.name and self._alone(found) else None
            if opened.pop() != token.name:
                return None
        return None

    def _templated(self, found: Element) -> bool:
        at = bisect_left(self.templates, found.start)
        return at < len(self.templates) and self.templates[at] < found.end

    def _alone(self, found: Element) -> bool:
        again = BeautifulSoup(self.source[found.start : found.end], "html.parser").contents
        return len(again) == 1 and again[0] == found.tag

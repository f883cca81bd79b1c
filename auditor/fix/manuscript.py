"""Manuscript: aims at Markdown and plain text made into edits, by the exact places that the page keeps of its links."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from auditor.fix.aims import Aims
from auditor.fix.edit import Edit, RefusedError, combined, spliced
from auditor.fix.rel import WORDS, marked
from auditor.fix.seams import closed
from auditor.fix.spelling import beside, spelt
from auditor.fix.wording import choose, worthless
from auditor.language.phrases import Phrases
from auditor.page.inline import BARE, label_key, link_end
from auditor.page.page import Link, Page
from auditor.page.snapshot import Format
from auditor.report import Finding

_ADVICE = "correct it by hand"
_CODE = re.compile(r"\{[{%#]|<\?|<%")
_OPENING = re.compile(r"<a\b(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>", re.IGNORECASE)
_CLOSING = re.compile(r"</a\s*>", re.IGNORECASE)
_AUTOLINK = re.compile(r"<[^\s<>]+>")
_EMPHASIS = re.compile(r"[*_~]*\Z")
_MARKER = re.compile(r"[ \t>]*(?:(?:[-*+•]|\d{1,9}[.)])[ \t]+|#{1,6}[ \t]+|>[ \t]*)+\Z")
_ITEM = re.compile(r"[ \t]*(?:[-*+•]|\d{1,9}[.)])[ \t]")
_LINE_END = re.compile(r"\r\n|\r|\n|\Z")


@dataclass(frozen=True, slots=True)
class _Extent:
    """Where a link stands: its words are `source[inner:close]`; of an address that is its own words nothing is left."""

    start: int
    inner: int
    close: int
    end: int
    label: str = ""
    html: bool = False
    bare: bool = False


class Clerk:
    """Makes the edits of one Markdown or text page; `words` and `gone` as in `auditor.fix.html`."""

    def __init__(self, page: Page, phrases: Phrases, aim: Aims, mark: bool) -> None:
        self.page, self.phrases, self.aim, self.mark = page, phrases, aim, mark
        self.source = page.source
        self.edits: list[Edit] = []
        self.words: list[str] = []
        self.gone: set[int] = set()
        self.labels: set[str] = set()

    def operate(self) -> tuple[Edit, ...]:
        """Every edit, in order.

        Raises:
            RefusedError: the page cannot be rewritten safely.
        """
        if self.aim.hidden or self.aim.unseen:
            raise RefusedError(f"hidden elements in Markdown cannot be told from their surroundings; {_ADVICE}")
        for block, finding in self.aim.related.items():
            self._posts(block, finding)
        for index, finding in sorted({**self.aim.planted, **self.aim.appended}.items()):
            if index not in self.gone:
                self._planted(index, finding)
        for (index, start, end), finding in self.aim.phrases.items():
            self._phrase(index, start, end, finding)
        edits = combined(self.edits)
        return combined([*edits, *self._definitions(edits)])

    def _planted(self, index: int, finding: Finding) -> None:
        link = self.page.links[index]
        found = self._extent(link)
        if self.mark:
            self._own_up(link, found, finding)
            return
        self.gone.add(index)
        if any(edit.start <= found.start and found.end <= edit.end for edit in self.edits):
            return  # an address that is the words of another link, which is gone
        if found.label:
            self.labels.add(label_key(found.label))
        shown = self.source[found.inner : found.close]
        if "![" in shown or "<img" in shown.lower():
            self._unwrap(found, finding)
            return
        if link.paragraph is None or link.start == link.end:
            self._cut(*closed(self.source, found.start, found.end), finding)
            return
        text = self.page.paragraphs[link.paragraph].text
        bare = found.bare or (
            not found.html and BARE.search(shown) is not None
        )  # its words alone would be a link again
        choice = choose(text, link.start, link.end, self.phrases, bare or worthless(finding))
        if not choice.drop:
            self._unwrap(found, finding)
            return
        start, end = found.start, found.end
        while (start and self.source[start - 1] in "*_~") and self.source[start - 1] == self.source[end : end + 1]:
            start, end = start - 1, end + 1
        lead, tail = text[choice.start : link.start], text[link.end : choice.end]
        begin, stop = beside(self.source, start, end, lead, tail)
        self.gone |= {i for i, one in enumerate(self.page.links) if found.start < (one.spot.offset or 0) < found.end}
        self.words += (text[link.start : link.end], self.source[begin:start], self.source[end:stop])
        self._cut(*self._line(begin, stop), finding)

    def _unwrap(self, found: _Extent, finding: Finding) -> None:
        self.edits += (Edit(found.start, found.inner, "", finding), Edit(found.close, found.end, "", finding))

    def _line(self, start: int, end: int) -> tuple[int, int]:
        """The stretch with its list item, heading or line where nothing else stands there."""
        begin = max(self.source.rfind("\n", 0, start), self.source.rfind("\r", 0, start)) + 1
        after = re.compile(r"[ \t]*(\r\n|\r|\n|\Z)").match(self.source, end)
        if after is not None and _MARKER.fullmatch(self.source, begin, start):
            return begin, after.end()
        return closed(self.source, start, end)

    def _own_up(self, link: Link, found: _Extent, finding: Finding) -> None:
        if found.html:
            self.edits += marked(self.source, found.start, found.inner, finding)
            return
        if link.rel.issuperset(WORDS):
            return
        if found.bare or self.source[found.end - 1] == "}":
            raise RefusedError("a link without markup of its own cannot bear rel; take it out, or write it as <a href>")
        opening = f'<a href="{escape(link.href)}" rel="{" ".join(WORDS)}">'
        self.edits += (
            Edit(found.start, found.inner, opening, finding),
            Edit(found.close, found.end, "</a>", finding),
        )

    def _extent(self, link: Link) -> _Extent:
        """Where a link stands.

        Raises:
            RefusedError: that cannot be told, or a template's code stands in it.
        """
        source, at = self.source, link.spot.offset
        found: _Extent | None = None
        if at is not None and self.page.format is Format.MARKDOWN:
            if source.startswith("[", at):
                close, end, href, label = link_end(source, at)
                if end > 0 and (href is None or href == link.href):
                    found = _Extent(at, at + 1, close, end, label)
            elif (opening := _OPENING.match(source, at)) is not None:
                closing = _CLOSING.search(source, opening.end())
                if closing and not re.search(r"<a[\s>]", source[opening.end() : closing.start()], re.IGNORECASE):
                    found = _Extent(at, opening.end(), closing.start(), closing.end(), html=True)
            elif (address := _AUTOLINK.match(source, at)) is not None:
                found = _Extent(at, at + 1, address.end() - 1, address.end(), bare=True)
        if found is None and at is not None and link.anchor and source.startswith(link.anchor, at):
            found = _Extent(at, at, at + len(link.anchor), at + len(link.anchor), bare=True)
        if found is None:
            raise RefusedError(f"where the link to {link.host} ends cannot be told; {_ADVICE}")
        if _CODE.search(source, found.start, found.end):
            raise RefusedError(f"the link to {link.host} holds a template's code; {_ADVICE}")
        return found

    def _phrase(self, index: int, first: int, last: int, finding: Finding) -> None:
        paragraph = self.page.paragraphs[index]
        text, begin = paragraph.text, paragraph.spot.offset or 0
        found = re.compile(spelt(text[first:last])).search(self.source, begin, begin + 4 * len(text) + 400)
        if found is None:
            raise RefusedError(f"markup stands within “{text[first:last][:60]}”; {_ADVICE}")
        choice = choose(text, first, last, self.phrases, stray=True)
        start, end = beside(self.source, *found.span(), text[choice.start : first], text[last : choice.end])
        self.words.append(self.source[start:end])
        self._cut(*self._line(start, end), finding)

    def _posts(self, block: int, finding: Finding) -> None:
        """Take out the lines of a block's entries, and its heading where nothing else stands under it."""
        page = self.page
        urls = {item.url for item in page.blocks[block].items if item.url}
        heading = next((h for h in page.headings if h.block == block), None)
        entries = {index for index, link in enumerate(page.links) if link.block == block and link.url in urls}
        members = {page.links[index].paragraph for index in entries}
        others = {number for number, one in enumerate(page.paragraphs) if one.block == block} - members
        if heading is not None:
            others = {number for number in others if page.paragraphs[number].spot != heading.spot}
        for number in sorted(one for one in members if one is not None):
            self._entry(page.paragraphs[number].spot.offset or 0, finding)
            self.words.append(page.paragraphs[number].text)
        strangers = {i for i, link in enumerate(page.links) if link.paragraph in members} - entries
        if None in members or strangers or not members:
            raise RefusedError(f"its related posts stand among other links; {_ADVICE}")
        self.gone |= entries
        if heading is not None and not others and (at := heading.spot.offset) is not None:
            begin, end = self._lines(at)
            if self.source[begin:at].lstrip(" ").startswith("#"):
                blank = re.compile(r"(?:[ \t]*(?:\r\n|\r|\n))*").match(self.source, end)
                self._cut(begin, blank.end() if blank else end, finding)
                self.words.append(heading.text)

    def _entry(self, at: int, finding: Finding) -> None:
        begin, end = self._lines(at)
        following = self.source[end : self._lines(end)[1]] if end < len(self.source) else ""
        if following.strip() and not _ITEM.match(following):
            raise RefusedError(f"its related posts are written over several lines; {_ADVICE}")
        self._cut(begin, end, finding)

    def _lines(self, at: int) -> tuple[int, int]:
        """The line that a character stands on, with its end."""
        begin = max(self.source.rfind("\n", 0, at), self.source.rfind("\r", 0, at)) + 1
        found = _LINE_END.search(self.source, at)
        return begin, found.end() if found else len(self.source)

    def _definitions(self, edits: tuple[Edit, ...]) -> list[Edit]:
        """The definitions that only the links used which are gone."""
        if not self.labels:
            return []
        left = spliced(self.source, edits)
        used = [label_key(found[1]) for found in re.finditer(r"\[((?:\\.|[^\[\]\\]){1,999})\](?!:)", left)]
        return [
            Edit(found.start(), found.end(), "")
            for found in re.finditer(
                r"^ {0,3}\[((?:\\.|[^\[\]\\\n]){1,999})\]:[^\r\n]*(?:\r\n|\r|\n|\Z)", self.source, re.MULTILINE
            )
            if label_key(found[1]) in self.labels and label_key(found[1]) not in used
        ]

    def _cut(self, start: int, end: int, finding: Finding) -> None:
        self.edits.append(Edit(start, end, "", finding))

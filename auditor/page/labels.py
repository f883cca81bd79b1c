"""Labels: what stands in the markup right after words such as "Tags:", "Filed under", "Written by" or "Reviewed by".

Such words are looked for in the document's bytes, a search that costs a tenth of a walk over the tree, and only
the few hundred bytes that follow are read.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from itertools import islice

from auditor.page.nodes import fold

WINDOW = 700
"""Bytes read after a label."""
MAX_PLACES = 20
MAX_LABELS = 50

# Each looks for one rare letter and only then at what is around it: that skips through a document at the speed of its memory, where
# a search for several letters stops at every other one.
_REVIEWED = (re.compile(rb"v(?<=ev)(?=iewed )"),)
_WRITTEN = tuple(map(re.compile, (rb"W(?=(?i:ritten by))", rb"A(?=(?i:rticle by))", rb"A(?=(?i:bout the author))")))
_TAGS = (re.compile(rb"T(?=ags:)"),)
_CATEGORIES = (re.compile(rb"C(?=ategories:)"), re.compile(rb"F(?=iled under)"), re.compile(rb"P(?=osted in)"))
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})(?:[^<>\"']|\"[^\"]{0,1000}+\"|'[^']{0,1000}+')*+>|<[^<>]*\Z")
_BLOCKS = frozenset(
    (
        "p",
        "div",
        "li",
        "ul",
        "ol",
        "br",
        "section",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "td",
        "tr",
        "dd",
        "dt",
        "header",
    )
)
_LINK = re.compile(r"<a\b[^<>]{0,600}>((?:[^<]|<(?!/?a\b)){1,200}?)</a>", re.IGNORECASE)
_LIST_END = re.compile(
    r"</(?:ul|ol|p|footer|section|article)>|<(?:h[1-6]|article|section|form|script)\b", re.IGNORECASE
)


def _places(raw: bytes, marks: Sequence[re.Pattern[bytes]]) -> Iterator[int]:
    for mark in marks:
        for found in islice(mark.finditer(raw), MAX_PLACES):
            yield found.start()


def _begins(raw: bytes, at: int, lead: int) -> bool:
    """Whether at most `lead` bytes of text stand between the last tag and `at`."""
    before = raw[max(0, at - lead - 40) : at]
    head, mark, text = before.rpartition(b">")
    return bool(mark) and b"<" not in text and len(text.strip()) <= lead and not head.endswith((b"<style", b"<script"))


def _lines(markup: str) -> list[str]:
    def edge(tag: re.Match[str]) -> str:
        return "\n" if (tag[2] or "").lower() in _BLOCKS else ""

    return [line for line in map(fold, html.unescape(_TAG.sub(edge, markup)).split("\n")) if line]


_CREDITING = re.compile(
    rb"[^a-z]*(?:(?:this|the|article|page|post|content|story|information|was|is|last|expert|peer|fact|date|and|edited|written|updated|"
    rb"(?:medic|clinic|technic|leg|financi|scientific|profession)ally)\W+)*r?",
    re.IGNORECASE,
)


def _credits(raw: bytes, at: int) -> bool:
    """Whether the words before "Reviewed by" are those of a credit, and not a headline or the title of what is reviewed."""
    return _CREDITING.fullmatch(raw[max(0, at - 70) : at].rpartition(b">")[2]) is not None


def reviewed(raw: bytes) -> Iterator[str]:
    """Lines that begin with "Reviewed by", each followed by its next line."""
    for found in _places(raw, _REVIEWED):
        at = found - 1
        if raw[at + 8 : at + 10].lower() == b"by" and _begins(raw, at, 30) and _credits(raw, at):
            yield from _lines("R" + raw[at : at + WINDOW].decode("utf-8", "replace"))[:2]


def written(raw: bytes) -> Iterator[str]:
    """Lines that an element begins with "Written by" or "About the author", each followed by its next two lines."""
    for at in _places(raw, _WRITTEN):
        if _begins(raw, at, 2):
            yield from _lines(raw[at : at + 2 * WINDOW].decode("utf-8", "replace"))[:3]


def labelled(raw: bytes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(categories, tags): texts of the links that follow a visible label, up to the end of their list."""
    return _linked(raw, _CATEGORIES), _linked(raw, _TAGS)


def _linked(raw: bytes, marks: Sequence[re.Pattern[bytes]]) -> tuple[str, ...]:
    for at in _places(raw, marks):
        if not _begins(raw, at, 2):
            continue
        markup = raw[at : at + 4000].decode("utf-8", "replace")
        first = _LINK.search(markup)
        if first and (end := _LIST_END.search(markup, first.end())):
            markup = markup[: end.start()]
        found = dict.fromkeys(
            text
            for link in _LINK.finditer(markup)
            if 2 <= len(text := " ".join(_lines(link[1]))) <= 60 and not text.startswith("#:")
        )
        if found:
            return tuple(found)[:MAX_LABELS]
    return ()

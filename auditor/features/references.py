"""References: the list of sources at an article's end, and the numbered cites that point to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from auditor.features.occurrence import Occurrence, occurrence, plain
from auditor.page.page import Kind, Page, Role

HEADING = re.compile(
    r"\s*(?:\d+\.?\s*)?(?:(?:view|show|see|all|article|our|key|selected|scientific|medical|\d+)\s+)?"
    r"(?:references?|sources?|bibliography|works cited|citations?|footnotes|endnotes|notes|further reading|literature(?: cited)?|"
    r"(?:references|sources|citations|resources|notes)(?: and | & |/)(?:references|sources|citations|resources|further reading|notes)|"
    r"references cited|list of references)\s*(?:\(\d+\))?\s*:?\s*\Z"
)
"""A heading or a short line, in lower case, under which sources are listed."""
CITE = re.compile(r"\[(\d{1,3}(?:\s?[,–-]\s?\d{1,3}){0,8})\]|(?<=[a-z][.,;])(\d{1,2})(?=\s|\Z)|([⁰¹²³⁴-⁹]+)")
_ENTRY = re.compile(
    r"\bdoi\b|\bpmid\b|\bet al\b|\d\s?\(\d{1,3}\)\s?[:,]\s?e?\d|\b(?:19|20)\d\d\b.{0,40}\d+\s?[:(]\s?\d+|\bretrieved\b|\baccessed\b|"
    r"\bvol\.\s?\d|\bpp?\.\s?\d"
)
_ELSEWHERE = frozenset({Role.COMMENTS, Role.RELATED, Role.NAVIGATION, Role.SIDEBAR, Role.FOOTER, Role.AUTHOR})
_MOST = 400
_FEW = 3  # entries or cites from which they are a list


@dataclass(frozen=True, slots=True)
class References:
    """What a page lists as its sources."""

    length: int
    """Entries of the list; 0 where only cites in the text were found."""
    linked: int
    """How many of them lead somewhere."""
    cites: int
    """Different numbers that the text cites ([1], ², …)."""
    route: str
    """heading, list (entries that read like references under no heading), cites; empty for none."""
    occurrence: Occurrence | None = None
    """The heading, the first entry or the first cite."""


NONE = References(0, 0, 0, "")


@lru_cache(maxsize=2)
def references(page: Page) -> References:
    """The reference list of a page: a heading with at least one entry, else three entries that read like references, else three
    numbered cites (catalogue T10). Menus, footers, comments and related posts have no part in it."""
    roles = [block.role for block in page.blocks]
    linked = {link.paragraph for link in page.links if link.url}
    numbers: set[str] = set()
    cited: Occurrence | None = None
    loose: list[int] = []
    best: tuple[int, list[int]] | None = None
    under: tuple[int, list[int]] | None = None
    for index, paragraph in enumerate(page.paragraphs):
        if roles[paragraph.block] in _ELSEWHERE or paragraph.hidden is not None:
            under = None
            continue
        text = paragraph.text
        short = len(text) < 60
        if short and (paragraph.kind is Kind.HEADING or len(text) < 40) and HEADING.match(plain(text)):
            under = (index, [])
            continue
        if paragraph.kind is Kind.HEADING:
            under = None
        elif under is not None and len(under[1]) < _MOST and (len(text) >= 20 or index in linked):
            under[1].append(index)
            if best is None or len(under[1]) > len(best[1]):
                best = under
        elif len(text) < 600 and _ENTRY.search(text.lower()):
            loose.append(index)
        for cite in CITE.finditer(text):
            number = cite[1] or cite[2] or cite[3]
            cited = cited or occurrence(page, index, *cite.span())
            numbers.add(number)
    if best is not None:
        heading, entries = best
        items = [i for i in entries if page.paragraphs[i].kind is Kind.ITEM]
        if len(items) >= _FEW:  # a list with a sentence above it
            entries = items
        return References(
            len(entries),
            sum(i in linked for i in entries),
            len(numbers),
            "heading",
            occurrence(page, heading, 0, len(page.paragraphs[heading].text)),
        )
    if len(loose) >= _FEW:
        first = loose[0]
        seen = occurrence(page, first, 0, len(page.paragraphs[first].text))
        return References(len(loose), sum(i in linked for i in loose), len(numbers), "list", seen)
    if len(numbers) >= _FEW:
        return References(0, 0, len(numbers), "cites", cited)
    return NONE

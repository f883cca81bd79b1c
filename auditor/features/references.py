"""References: the list of sources at an article's end, and the numbered cites that point to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from auditor.features.occurrence import Occurrence, folded, occurrence, plain
from auditor.page.page import Kind, Page, Paragraph, Role

_HEADING = re.compile(
    r"(?:\d+\.?\s*)?(?:(?:view|show|see|all|article|our|key|other|selected|scientific|medical|\d+)\s+){0,2}"
    r"(?:references?|sources?|bibliography|works cited|citations?|footnotes|endnotes|notes|further reading|literature(?: cited)?|"
    r"(?:references|sources|citations|resources|notes)(?: and | & |/)(?:references|sources|citations|resources|further reading|notes)|"
    r"references cited|list of references)\s*(?:\([\w\s]{1,20}\)?|\[\W*)?"
)
# What may be other things as well: the source of a picture, notes of a recipe, a column of a table.
_LOOSE = re.compile(r"(?:\w+\s)?(?:source|notes|reference|citation|literature|further reading)")
_EDGES = "\u00b6#*_:.,-–—▼▲↓+ \t\u200d🔗»«›‹|"
CITE = re.compile(r"\[(\d{1,3}(?:\s?[,–-]\s?\d{1,3}){0,8})\]|(?<=[a-z][.,;])(\d{1,2})(?=\s|\Z)|([⁰¹²³⁴-⁹]+)")
"""A number in the text that points to a reference."""
_CITING = re.compile(r"[\[.,;⁰¹²³⁴-⁹](?:\d|(?<=[⁰¹²³⁴-⁹]))")
_ENTRY = re.compile(
    r"\bdoi\b|\bpmid\b|\bpmc\d|\bet al\b|\d\s?\(\d{1,3}\)\s?[:,]\s?e?\d|;\s?\d{1,4}(?:\(\d+\))?:\s?e?\d|\bretrieved (?:on|from|\w+ \d)|"
    r"\baccessed (?:on\b|\w+ \d|\d)|\bvol\.\s?\d|\bpp\.\s?\d+\s?[-–]\s?\d"
)
# Any entry and any heading holds one of these.
_MARKS = (
    "doi",
    "pmid",
    "pmc",
    "et al",
    "):",
    ") :",
    "),",
    "retrieved ",
    "accessed ",
    "vol.",
    "pp.",
    *(f":{n}" for n in range(1, 10)),
)
_HEADS = (
    "reference",
    "source",
    "bibliography",
    "works cited",
    "citation",
    "notes",
    "further reading",
    "literature",
    "resources",
)
_DATED = re.compile(r"\b(?:19|20)\d\d\b|https?://")
_PLAIN = re.compile(r"references|bibliography|works cited|footnotes|endnotes|citations|article sources")
_ELSEWHERE = frozenset({Role.COMMENTS, Role.RELATED, Role.NAVIGATION, Role.SIDEBAR, Role.FOOTER})
_MOST = 400
_FEW = 3  # entries or cites from which they are a list
_APART = 8  # paragraphs between entries of one list


def announces(text: str) -> bool:
    """Whether a heading or a short line announces references."""
    if len(text) >= 60:
        return False
    words = plain(text)
    return any(head in words for head in _HEADS) and _HEADING.fullmatch(words.strip(_EDGES)) is not None


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
    """The reference list of a page: a heading with entries, else three entries that read like references, else three numbered cites
    (catalogue T10). Menus, footers, comments and related posts have no part in it."""
    read = folded(page)
    roles = [block.role for block in page.blocks]
    linked = {link.paragraph for link in page.links if link.url}
    heads = set(read.holding(_HEADS))
    numbers: set[str] = set()
    cited: Occurrence | None = None
    lists: list[tuple[int, list[int]]] = []
    open_ = False
    for index, paragraph in enumerate(page.paragraphs):
        if roles[paragraph.block] in _ELSEWHERE or paragraph.hidden is not None:
            open_ = False
            continue
        text = paragraph.text
        if index in heads and _may_head(paragraph) and announces(text):
            lists.append((index, []))
            open_ = True
        elif paragraph.kind is Kind.HEADING:
            open_ = False
        elif open_ and len(lists[-1][1]) < _MOST and (len(text) >= 20 or index in linked):
            lists[-1][1].append(index)
        if paragraph.kind is not Kind.CODE and _CITING.search(text):
            for cite in CITE.finditer(text):
                cited = cited or occurrence(page, index, *cite.span())
                numbers.add(cite[1] or cite[2] or cite[3])
    found = [(head, kept) for head, entries in lists if (kept := _entries(page, head, entries, linked, bool(numbers)))]
    if found:
        head, entries = max(found, key=lambda pair: len(pair[1]))
        seen = occurrence(page, head, 0, len(page.paragraphs[head].text))
        return References(len(entries), sum(i in linked for i in entries), len(numbers), "heading", seen)
    loose = _loose(page)
    if len(loose) >= _FEW:
        seen = occurrence(page, loose[0], 0, len(page.paragraphs[loose[0]].text))
        return References(len(loose), sum(i in linked for i in loose), len(numbers), "list", seen)
    if len(numbers) >= _FEW:
        return References(0, 0, len(numbers), "cites", cited)
    return NONE


def _may_head(paragraph: Paragraph) -> bool:
    if paragraph.kind is Kind.HEADING:
        return True
    short = len(paragraph.text) < 40 and paragraph.kind in (Kind.TEXT, Kind.ITEM, Kind.CAPTION)
    return short and (paragraph.text[-1] == ":" or _LOOSE.fullmatch(plain(paragraph.text).strip(_EDGES)) is None)


def _entries(page: Page, head: int, entries: list[int], linked: set[int | None], cites: bool) -> list[int]:
    """The entries under a heading: the list's items where it is one; nothing where most of them are no references."""
    paragraphs = page.paragraphs
    items = [i for i in entries if paragraphs[i].kind is Kind.ITEM]
    if len(items) >= _FEW:  # a list with a sentence above it
        entries = items
    if not entries:
        return []
    like = sum(
        i in linked or _ENTRY.search(text := paragraphs[i].text.lower()) is not None or _DATED.search(text) is not None
        for i in entries
    )
    words = plain(paragraphs[head].text).strip(_EDGES)
    least = 0.2 if _PLAIN.search(words) else 0.8 if _LOOSE.fullmatch(words) and not cites else 0.4
    return entries if like >= least * len(entries) else []


def _loose(page: Page) -> list[int]:
    """The longest run, hardly interrupted, of paragraphs that read like references."""
    read = folded(page)
    roles = [block.role for block in page.blocks]
    places = [
        i
        for i in read.holding(_MARKS)
        if (paragraph := page.paragraphs[i]).hidden is None
        and roles[paragraph.block] not in _ELSEWHERE
        and paragraph.kind not in (Kind.CODE, Kind.HEADING)
        and len(paragraph.text) < 600
        and _ENTRY.search(read.texts[i])
    ]
    best: list[int] = []
    run: list[int] = []
    for place in places:
        if run and place - run[-1] > _APART:
            run = []
        run.append(place)
        if len(run) > len(best):
            best = list(run)
    return best

"""What a page announces and does not hold: figures, categories and tags, numbers that count on."""

from __future__ import annotations

import re
from bisect import bisect_right

from auditor.features.occurrence import Occurrence, folded, occurrence, plain
from auditor.features.prose import prose_of
from auditor.page.page import Image, Kind, List, Page, Role
from auditor.page.prose import sentence_at
from auditor.page.snapshot import Format

# --- figures ----------------------------------------------------------------------------------------------------------

_DRAWN = r"(?:(?:bar|line|pie|flow)\s?charts?|charts?|graphs?|diagrams?|histograms?|infographics?|scatter\s?plots?)"
_SHOWN = rf"(?:{_DRAWN}|tables?|figures?|screenshots?|illustrations?|images?|photos?|photographs?|pictures?)"
_SOME = r"(?:[a-z][\w'-]*\s+){0,3}?"
# After "the table below" the sentence goes on with a verb or ends: "the table below the window" is furniture.
_ENDS = (
    r"(?=\s*(?:[.,;:!?)—–]|$)|\s+(?:shows?|lists?|illustrates?|compares?|summari[sz]es?|gives|outlines?|depicts?|displays?|breaks|"
    r"describes?|provides?|demonstrates?|contains?|details?|explains?|represents?|highlights?|presents?|plots?|tracks?|covers?|"
    r"sums?|sets|is|are|was|were|to|for|we|you|i|and|where|that|which|has|have|can|will|if|as)\b)"
)
# Each behind words without which it cannot stand.
_MENTIONS = tuple(
    (cues, re.compile(pattern))
    for cues, pattern in (
        (
            ("below", "above"),
            rf"\b(?:the|this|our)\s+{_SOME}{_SHOWN}\s+(?:just\s+|right\s+|directly\s+)?(?:below|above)\b{_ENDS}",
        ),
        (
            ("left", "right"),
            rf"\b(?:the|this|our)\s+{_SOME}(?:{_DRAWN}|table)\s+(?:on|to)\s+the\s+(?:left|right)\b{_ENDS}",
        ),
        (("here",), rf"\bhere(?:'s| is| are)\s+(?:an?|the|some)\s+{_SOME}{_DRAWN}\b(?!\s+for\s+two\b)"),
        (
            ("here",),
            rf"\bhere(?:'s| is)\s+an?\s+{_SOME}table\s+(?:of|that|which|showing|comparing|listing|summari[sz]ing|with|to)\b"
            r"(?!\s+contents\b)",
        ),
        (
            ("show", "illustrate", "demonstrate"),
            rf"\bas\s+(?:the|this|our)\s+{_SOME}{_DRAWN}\s+(?:below\s+|above\s+)?(?:shows?|illustrates?|demonstrates?)\b",
        ),
        (("see",), rf"\bas\s+you\s+can\s+see\s+(?:in|from|on)\s+(?:the|this|our)\s+{_SOME}(?:{_DRAWN}|table)\b"),
        (
            ("following",),
            rf"\b(?:the|this)\s+following\s+{_SOME}(?:{_DRAWN}|table)\s+(?:shows?|lists?|illustrates?|compares?|summari[sz]es?|gives|"
            r"outlines?|presents?|displays?|breaks|provides?)\b",
        ),
    )
)
_NUMBERING = ("shown", "seen", "illustrated", "depicted", "plotted", "see")
_NUMBERED = re.compile(
    r"\b(?:as\s+)?(?:shown|seen|illustrated|depicted|plotted|see)\s+in\s+(?:figure|fig\.?|table|chart|graph)\s+(\d{1,2})\b"
    r"(?!\s*(?:[.,]\d|[a-z]?\)?\s*(?:of|in|from|by)\b))"
    r"|\(see\s+(?:figure|fig\.?|table|chart|graph)\s+(\d{1,2})\)"
)
_POINTERS = (
    "below", "above", " left", " right", "here's", "here is", "here are", "as the ", "as this ", "as our ", "as you can see",
    " following ", " in fig", " in table", " in chart", " in graph", "(see ",
)  # fmt: skip
"""Every mention has one of these."""
_WORDS_OF_FIGURE = (
    "chart", "graph", "table", "figure", "diagram", "screenshot", "illustration", "image", "photo", "picture", "plot", "histogram"
)  # fmt: skip
_WORD_OF_FIGURE = re.compile("|".join(_WORDS_OF_FIGURE))
_CAPTION = re.compile(r"\s*(?:figure|fig\.?|table|chart|graph|exhibit)\s+\d", re.IGNORECASE)
# What the page's own images, cells and listings do not tell of.
_DRAWING = re.compile(
    r"<(svg|canvas|iframe|object|embed|video|figure|math|amp-img|[a-z]+-[a-z-]*(?:chart|graph|figure|embed|table)[a-z-]*)"
    r"\b([^>]{0,300})|\b(?:class|id)\s*=\s*[\"']?[^\"'>]{0,80}?(?:chart|graph|figure|table|embed|tableau|infogram|plot|diagram|gallery)",
    re.IGNORECASE,
)
_CLOSED = re.compile(r"</(?:article|main|body)\b", re.IGNORECASE)
_SHORTCODE = re.compile(r"\{\{[<%]|\{%|!\[|```|~~~|\[(?:caption|gallery|table|chart|embed)\b", re.IGNORECASE)
_COLUMNS = re.compile(
    r"\S\t\S|\|[^|\n]{1,200}\||\S {3,}\S|[-=+]{4,}|"
    r"[\[(]\s?(?:see )?(?:chart|graph|table|figure|image|photo|picture|diagram)",
    re.IGNORECASE,
)
_ICON = re.compile(
    r"aria-hidden|\b(?:width|height)\s*=\s*[\"']?\d{1,2}(?:px)?[\"'\s]|\bicon|emoji|avatar|logo", re.IGNORECASE
)
_LOOKS = 100  # mentions looked into, so that no page can make this slow
_PARAGRAPHS = 14  # how far from its mention a figure may stand, in paragraphs
_SOURCE = (600, 3500)  # characters of the source before and after a mention in which a drawing counts


def absent_figures(page: Page) -> tuple[Occurrence, ...]:
    """Mentions of charts, tables and pictures ("here's a bar chart") with nothing of the kind near them.

    Anything that could be the figure silences a mention: an image, a cell, a listing, a caption, a frame or a drawing
    in the source around it; in plain text, columns and remarks in brackets.
    """
    if page.truncated:
        return ()
    read, roles = folded(page), [block.role for block in page.blocks]
    named = prose_of(page).holding(_WORDS_OF_FIGURE)
    found: list[Occurrence] = []
    looked = 0
    for index, paragraph in enumerate(page.paragraphs):
        if index not in named and paragraph.kind is not Kind.HEADING:
            continue
        if roles[paragraph.block] is not Role.ARTICLE or paragraph.hidden is not None:
            continue
        text = read.texts[index]
        if not any(pointer in text for pointer in _POINTERS):
            continue
        if index not in named and not _WORD_OF_FIGURE.search(text):
            continue
        if looked >= _LOOKS:
            break
        spans = sorted(
            m.span() for cues, known in _MENTIONS if any(cue in text for cue in cues) for m in known.finditer(text)
        )
        numbered = [m.span() for m in _NUMBERED.finditer(text)] if any(cue in text for cue in _NUMBERING) else []
        looked += bool(spans or numbered)
        if spans and not _figure_near(page, index, spans[0]):
            found.append(occurrence(page, index, *spans[0]))
        elif numbered and not spans and not _any_figure(page):
            found.append(occurrence(page, index, *numbered[0]))
    return tuple(found)


def _figure_near(page: Page, index: int, span: tuple[int, int]) -> bool:
    first, last = index - _PARAGRAPHS, index + _PARAGRAPHS
    for near in page.paragraphs[max(first, 0) : last + 1]:
        if near.kind in (Kind.CELL, Kind.CODE, Kind.CAPTION) or _CAPTION.match(near.text):
            return True
    text = page.paragraphs[index].text
    above = "above" in text[slice(*span)].lower()
    if any(first <= image.paragraph <= last + 1 and not _ornament(image) for image in _pictures(page, above)):
        return True
    start, end = sentence_at(text, *span)
    if any(link.paragraph == index and link.start < end and link.end > start for link in page.links):
        return True
    return _drawn_near(page, index, span)


def _pictures(page: Page, opening_too: bool) -> list[Image]:
    """Images that may be figures. Those before the first prose are the opening picture, which only "above" can mean."""
    opening = next(
        (
            i
            for i, p in enumerate(page.paragraphs)
            if p.kind is Kind.TEXT and len(p.text) > 80 and page.role(p.block) is Role.ARTICLE
        ),
        0,
    )
    related = {
        i
        for i, block in enumerate(page.blocks)
        if block.role in (Role.RELATED, Role.COMMENTS, Role.FOOTER, Role.NAVIGATION)
    }
    return [image for image in page.images if (opening_too or image.paragraph > opening) and image.block not in related]


def _ornament(image: Image) -> bool:
    return bool(_ICON.search(image.src)) and not _WORD_OF_FIGURE.search(image.src.lower())


def _any_figure(page: Page) -> bool:
    if any(p.kind in (Kind.CELL, Kind.CODE, Kind.CAPTION) or _CAPTION.match(p.text) for p in page.paragraphs):
        return True
    return any(not _ornament(image) for image in _pictures(page, True)) or _has_drawing(page.source)


def _drawn_near(page: Page, index: int, span: tuple[int, int]) -> bool:
    paragraph = page.paragraphs[index]
    source = page.source
    if paragraph.spot.offset is not None:
        at = paragraph.spot.offset
    else:
        body = max(source.find("<body"), source.find("<BODY"), 0)
        words = paragraph.text[span[0] : span[1]].split()
        # Entities and inline markup may part the words in the source: shorter stretches of them are tried in turn.
        tries = [" ".join(words), *(" ".join(words[i : i + 2]) for i in range(len(words) - 1))]
        at = next((place for piece in tries if (place := source.find(piece, body)) >= 0), -1)
        if at < 0:
            return _has_drawing(source[body:])
    window = source[max(0, at - _SOURCE[0]) : at + len(paragraph.text) + _SOURCE[1]]
    closed = _CLOSED.search(window, min(_SOURCE[0], at))
    window = window[: closed.start()] if closed else window
    if page.format is Format.TEXT:
        return bool(_COLUMNS.search(window))
    return _has_drawing(window) or (page.format is Format.MARKDOWN and bool(_SHORTCODE.search(window)))


def _has_drawing(source: str) -> bool:
    return any(not (m[1] and m[1].lower() == "svg" and _ICON.search(m[2])) for m in _DRAWING.finditer(source))


# --- categories and tags ----------------------------------------------------------------------------------------------

_LABEL = r"(?:tags?|tagged(?: (?:with|as|in))?|categor(?:y|ies)|topics?|keywords|filed under|posted in)"
_OPEN_ENDS = frozenset(":,;|·•")
_HOLLOW = re.compile(rf"(?<!\w)({_LABEL})\s*:?\s*(?:[,;|·•]\s*){{2,}}\Z")
_BARE = re.compile(rf"({_LABEL})\s*:\s*[,;|·•]?\s*\Z")


def empty_taxonomy(page: Page) -> tuple[Occurrence, ...]:
    """Labels for tags or categories with nothing behind them: "Tags: , , ,", "Categories:".

    A bare label counts only where what follows it cannot be its list.
    """
    found = []
    read = folded(page)
    for index, paragraph in enumerate(page.paragraphs):
        if len(paragraph.text) > 80 or paragraph.text.rstrip()[-1:] not in _OPEN_ENDS:
            continue
        if paragraph.hidden is not None or page.role(paragraph.block) is Role.COMMENTS:
            continue
        if paragraph.kind in (Kind.CODE, Kind.CELL):
            continue
        text = read.texts[index]
        if hollow := _HOLLOW.search(text):
            found.append(occurrence(page, index, hollow.start(1), len(text.rstrip())))
        elif (bare := _BARE.match(text)) and not _listed_after(page, index):
            found.append(occurrence(page, index, bare.start(1), len(text.rstrip())))
    return tuple(found)


def _listed_after(page: Page, index: int) -> bool:
    """Whether a label's list may stand in elements of its own behind it."""
    if page.format is not Format.HTML or page.paragraphs[index].kind is Kind.HEADING:
        return True
    if any(link.paragraph == index for link in page.links):
        return True
    following = page.paragraphs[index + 1] if index + 1 < len(page.paragraphs) else None
    if following is None:
        return False
    linked = any(link.paragraph == index + 1 for link in page.links)
    text = plain(following.text)
    another_label = bool(_HOLLOW.search(text) or _BARE.match(text) or re.match(rf"{_LABEL}\s*:", text))
    return not another_label and (linked or len(text) < 60) and following.kind is not Kind.HEADING


# --- numbering --------------------------------------------------------------------------------------------------------

_ONE = re.compile(r"\s*1\s?[.)]\s+\S")
_MORE = re.compile(r"\s*([2-9]|[1-9]\d)\s?[.)]\s+\S")
_RUN_ON = re.compile(r"\s2\s?[.)]\s")  # a whole list run together in one paragraph
_ENOUGH = 3  # lists of one item each in a row


def stuck_numbering(page: Page) -> tuple[Occurrence, ...]:
    """Runs of three or more numbered lists of one item, each beginning at 1: the number never moves on.

    One occurrence a run, at its first list. Numbers written as text count the same way.
    """
    runs: list[list[List]] = [[]]
    for found in page.lists:
        if not found.ordered or page.role(found.block) is not Role.ARTICLE:
            continue
        if found.length == 1 and found.start == 1:
            runs[-1].append(found)
        elif runs[-1]:
            runs.append([])
    stuck = [
        _first_item(page, run[0], len(run))
        for run in runs
        if len(run) >= _ENOUGH and not _numbered_by_markup(page, run)
    ]
    return tuple(stuck) or _stuck_text(page)


def _stuck_text(page: Page) -> tuple[Occurrence, ...]:
    roles = [block.role for block in page.blocks]
    article = [(i, p) for i, p in enumerate(page.paragraphs) if roles[p.block] is Role.ARTICLE and p.hidden is None]
    ones = [i for i, p in article if "1" in p.text[:12] and p.kind is not Kind.CELL and _ONE.match(p.text[:12])]
    if len(ones) < _ENOUGH or any(_MORE.match(p.text[:12]) or _RUN_ON.search(p.text) for _, p in article):
        return ()
    return (occurrence(page, ones[0], 0, len(page.paragraphs[ones[0]].text[:80])),)


def _starts(source: str, tag: str) -> list[int]:
    return [m.start() for m in re.finditer(rf"<{tag}\b", source, re.IGNORECASE)]


def _numbered_by_markup(page: Page, run: list[List]) -> bool:
    """Whether `value`, counters or a missing marker make up for the start of the run's second list."""
    if page.format is not Format.HTML or run[1].spot.tag != "ol":
        return False
    starts = _starts(page.source, "ol")
    pieces = [page.source[starts[found.spot.nth] :][:300].lower() for found in run[1:3] if found.spot.nth < len(starts)]
    return any(
        mark in piece for piece in pieces for mark in ("value=", "counter", "list-style", 'type="none', "footnote")
    )


def _first_item(page: Page, found: List, length: int) -> Occurrence:
    """The words of a list's first item, where they can be told."""
    words = ""
    if found.spot.offset is not None:
        offsets = [p.spot.offset if p.spot.offset is not None else -1 for p in page.paragraphs]
        index = max(bisect_right(offsets, found.spot.offset) - 1, 0)
        candidates = page.paragraphs[index : index + 2]
        words = next((p.text for p in candidates if p.kind is Kind.ITEM), "")
    else:
        items = [p for p in page.paragraphs if p.kind is Kind.ITEM and p.block == found.block]
        starts = _starts(page.source, "ol")
        place = starts[found.spot.nth] if found.spot.tag == "ol" and found.spot.nth < len(starts) else -1
        window = page.source[place : place + 2000] if place >= 0 else ""
        # Markup may part the first words: three of them, then two, then one.
        words = next((p.text for count in (3, 2, 1) for p in items if _leading(p.text, count) in window), "")
    return Occurrence(None, 0, 0, words[:80], found.spot)


def _leading(text: str, count: int) -> str:
    return " ".join(text.split()[:count]) or "\0"

"""Sentences of a paragraph, and the sentence that a link stands in."""

from __future__ import annotations

import re
from functools import lru_cache

# A full stop after these ends no sentence; kept short on purpose, a missed split costs less than a wrong one.
_ABBREVIATIONS = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "sr",
        "jr",
        "st",
        "vs",
        "etc",
        "eg",
        "ie",
        "e.g",
        "i.e",
        "inc",
        "ltd",
        "co",
        "corp",
        "dept",
        "est",
        "fig",
        "no",
        "vol",
        "pp",
        "al",
        "approx",
        "cf",
        "ca",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "u.s",
        "u.k",
        "a.m",
        "p.m",
        "ph.d",
        "m.d",
        "b.sc",
        "m.sc",
    ]
)
_END = re.compile(r"[.!?…。！？]+[\"'”’)\]»]*(?=\s+[\"'“‘(\[«]*[^\sa-z]|\s*$)|[。！？]")
_LAST_WORD = re.compile(r"[^\s(\[\"'“‘]+$")


@lru_cache(maxsize=512)
def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Character spans of the sentences of one paragraph, in order, white space between them left out.

    A sentence ends at closing punctuation before a space and no lower-case letter, abbreviations and initials aside.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(text):
        if match.group().startswith(".") and _is_abbreviation(text, match.start()):
            continue
        spans.append((start, match.end()))
        start = match.end()
        while start < len(text) and text[start].isspace():
            start += 1
    if start < len(text):
        spans.append((start, len(text)))
    return tuple(spans)


def _is_abbreviation(text: str, stop: int) -> bool:
    word = _LAST_WORD.search(text, max(0, stop - 12), stop)
    if word is None:
        return False
    last = word.group().lower().rstrip(".")
    return last in _ABBREVIATIONS or (len(last) == 1 and last.isalpha() and last != "i")


def sentence_at(text: str, start: int, end: int) -> tuple[int, int]:
    """Span of the sentence (or sentences) that `text[start:end]` stands in."""
    first, last = 0, len(text)
    for one, two in sentences(text):
        if one <= start:
            first = one
        if two >= end:
            last = two
            break
    return first, max(last, end)


def snippet(text: str, start: int, end: int, width: int = 160) -> str:
    """The words around `text[start:end]`, which stands between « and »; at most about `width` characters each side."""
    first, last = sentence_at(text, start, end)
    before, after = text[first:start], text[end:last]
    if len(before) > width:
        cut = before[-width:]
        before = "… " + cut[cut.find(" ") + 1 :]
    if len(after) > width:
        cut = after[:width]
        after = cut[: cut.rfind(" ")] + " …" if " " in cut else cut + "…"
    return f"{before}«{text[start:end]}»{after}".strip()

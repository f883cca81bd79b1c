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
_RARE = "…。！？"
_USUAL_END = re.compile(_END.pattern.partition("|[。")[0].replace(_RARE, ""))
"""The same for a text without the rarer marks, in a third of the time."""
_LAST_WORD = re.compile(r"[^\s(\[\"'“‘]+$")


@lru_cache(maxsize=512)
def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Character spans of the sentences of one paragraph, in order, white space between them left out.

    A sentence ends at closing punctuation before a space and no lower-case letter, abbreviations and initials aside.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    usual = text.isascii() or not any(mark in text for mark in _RARE)
    for match in (_USUAL_END if usual else _END).finditer(text):
        stop, end = match.span()
        if text[stop] == "." and _is_abbreviation(text, stop):
            continue
        spans.append((start, end))
        start = end
        while start < len(text) and text[start].isspace():
            start += 1
    if start < len(text):
        spans.append((start, len(text)))
    return tuple(spans)


def _is_abbreviation(text: str, stop: int) -> bool:
    tail = text[max(0, stop - 5) : stop]
    if len(tail) == 5 and tail.isalpha() and tail.lower() != "pprox":  # all others are shorter than five letters
        return False
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

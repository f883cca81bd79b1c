"""Occurrence: words of a page that a feature or a check is about, with their place; lists of phrases to look for."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate
from pathlib import Path

from auditor.page.page import Page, Spot

_QUOTES = (("’", "'"), ("‘", "'"), ("“", '"'), ("”", '"'), ("\u00a0", " "))
_REACH = 4  # how many times its own length a paragraph's source may take, markup included


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Words at fault and where they stand."""

    paragraph: int | None
    """Index in `Page.paragraphs`; None for what has no text of its own."""
    start: int
    end: int
    """Characters of the paragraph: `text[start:end] == words`."""
    words: str
    spot: Spot


def occurrence(page: Page, paragraph: int, start: int, end: int) -> Occurrence:
    """The words `start` to `end` of a paragraph.

    In Markdown and text the spot is that of the words themselves where they can be found in the source as they read,
    so that a hard-wrapped paragraph gives the right line; else the paragraph's.
    """
    found = page.paragraphs[paragraph]
    words = found.text[start:end]
    return Occurrence(paragraph, start, end, words, _sharpen(page, found.spot, words, len(found.text)))


def _sharpen(page: Page, spot: Spot, words: str, length: int) -> Spot:
    if spot.offset is None or not words or len(words) > 400:
        return spot
    pattern = r"\s+(?:>\s*)?".join(map(re.escape, words.split()))
    found = re.compile(pattern).search(page.source, spot.offset, spot.offset + _REACH * length + 80)
    return spot._replace(offset=found.start()) if found else spot


def plain(text: str) -> str:
    """Lower case with straight quotes, character for character: places in it are places in the text."""
    if text.isascii():
        return text.lower()
    for typographic, straight in _QUOTES:
        text = text.replace(typographic, straight)
    lower = text.lower()
    # A few capitals (İ) lower to two characters; such a text is compared as it is.
    return lower if len(lower) == len(text) else text


@dataclass(frozen=True, slots=True)
class Folded:
    """The paragraphs of a page in plain letters, made once for all who look for words in them."""

    texts: tuple[str, ...]
    """One for each of `Page.paragraphs`, character for character."""
    starts: tuple[int, ...]
    """Where each text begins in `raw`."""
    raw: bytes
    """All of them one after another, a byte a character, those outside of Latin-1 as question marks: literals are found in it at a
    hundredth of a pattern's cost."""

    def holding(self, cues: Iterable[str]) -> list[int]:
        """Indices of the paragraphs that hold any of some words, in order. Each cue is in plain letters and of Latin-1."""
        found: set[int] = set()
        raw, starts = self.raw, self.starts
        for cue in cues:
            sought = cue.encode("latin-1", "replace")
            at = raw.find(sought)
            while at >= 0:
                index = bisect_right(starts, at) - 1
                found.add(index)
                # On to the next paragraph: one place in each is enough.
                at = raw.find(sought, starts[index + 1]) if index + 1 < len(starts) else -1
        return sorted(found)


@lru_cache(maxsize=2)
def folded(page: Page) -> Folded:
    """The page's paragraphs as `plain` gives them."""
    texts = [paragraph.text for paragraph in page.paragraphs]
    joined = _BETWEEN.join(texts)
    parts = [] if "İ" in joined else plain(joined).split(_BETWEEN)
    if len(parts) != len(texts):
        parts = [plain(text) for text in texts]
    starts = tuple(accumulate((len(text) + 1 for text in parts[:-1]), initial=0)) if parts else ()
    return Folded(tuple(parts), starts, _BETWEEN.join(parts).encode("latin-1", "replace"))


_BETWEEN = "\x00"


@cache
def phrases(name: str) -> Mapping[str, tuple[str, ...]]:
    """The sections of a data file of this folder: `[section]` lines, one phrase a line, `#` for comments."""
    found: dict[str, list[str]] = {}
    entries: list[str] = []
    for line in (Path(__file__).parent / "data" / name).read_text(encoding="utf-8").splitlines():
        line = line.strip()
        if line.startswith("[") and line.endswith("]"):
            entries = found.setdefault(line[1:-1], [])
        elif line and not line.startswith("#"):
            entries.append(line)
    return {section: tuple(lines) for section, lines in found.items()}


_LETTERS = re.compile(r"[a-z]+")


@cache
def keys(name: str, section: str) -> Mapping[str, tuple[frozenset[str], ...]]:
    """The longest word of each phrase of a section → the words of the phrases that have it: without them `pattern` finds nothing."""
    found: dict[str, list[frozenset[str]]] = {}
    for line in phrases(name)[section]:
        words = _LETTERS.findall(line)
        found.setdefault(max(words, key=len), []).append(frozenset(words))
    return {longest: tuple(needed) for longest, needed in found.items()}


@cache
def pattern(name: str, section: str) -> re.Pattern[str]:
    """One pattern for all phrases of a section, to be searched in `plain` text; `…` stands for up to six words."""
    by_first: dict[str, list[str]] = {}
    for line in sorted(phrases(name)[section], key=len, reverse=True):
        first, _, rest = line.partition(" ")
        by_first.setdefault(first, []).append(rest)
    # One branch a first word, so that most places of a text are given up after one comparison.
    branches = (re.escape(first) + _rests(rests) for first, rests in sorted(by_first.items()))
    return re.compile(rf"(?<!\w)(?:{'|'.join(branches)})(?!\w)")


def _rests(rests: list[str]) -> str:
    gap = r"(?:\s+\S+){0,6}?"
    spelled = ("".join(gap if word == "…" else r"\s+" + re.escape(word) for word in rest.split()) for rest in rests)
    return f"(?:{'|'.join(spelled)})"

"""Surroundings: how an anchor stands in its paragraph, read off the characters on both sides of it."""

from __future__ import annotations

import re
import unicodedata

_ADDRESS = re.compile(r"\s*(?:https?://|www\.)\S+\s*$|\s*[\w-]+(?:\.[\w-]+)*\.[a-z]{2,6}(?:/\S*)?\s*$", re.IGNORECASE)
_REACH = 200
"""Characters read on either side; a paragraph full of links is not read through for each."""
_ENDED = re.compile(r"[.!?…][\"'”’)\]]*\s*$")
_OPENS = re.compile(r"\s*[\"'“‘(]?[A-Z][a-z]*\b")
_GOES_ON = re.compile(r"\s+[a-z]")
_ANNOUNCED = re.compile(
    r"(?:\b(?:at|see|visit|from|on|via|to|through|by|with|is|was|are|in|of|site|website|page|blog|called|named|as|using|use|like|url|"
    r"links?|address|here|online|sources?|and|or|for|domain|server|homepage|about|try|join|follow|e-?mail|check|read)|[^\w\s])\W?\s*$",
    re.IGNORECASE,
)
"""Words and marks after which an address is where it should be."""


def is_address(anchor: str) -> bool:
    """Whether the anchor is nothing but an address, with or without its scheme."""
    return _ADDRESS.match(anchor) is not None


def fragment(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` is no part of any sentence: it stands behind a finished one, does not begin or does not end as a
    sentence does, and what follows, if anything, begins a new one. A paragraph that holds nothing else is no such case."""
    before, after = text[max(0, start - _REACH) : start], text[end : end + _REACH]
    if not before.strip() and not after.strip():
        return False
    if before.strip() and not _ENDED.search(before[-12:]):
        return False
    anchor = text[start:end].strip()
    if anchor[-1:] in tuple(".!?:…") and not anchor[:1].islower():
        return False
    if not after.strip():
        return bool(before.strip())
    return _OPENS.match(after) is not None and not after.startswith((".", ",", ":", ";", "!", "?", ")", "’s", "'s"))


def interruption(before: str, after: str) -> float:
    """How an address stands in its sentence: 0 where the sentence ends or pauses behind it, 1 where it runs on in lower case, 2 where
    it also comes after a word that announces no address."""
    if not before.strip() or not _GOES_ON.match(after):
        return 0.0
    return 1.0 if _ANNOUNCED.search(before[-30:]) else 2.0


def symbols(anchor: str) -> int:
    """Pictures and arrows in an anchor ("👉", "➤➤", "✅"); letters and marks of any script are none."""
    return sum(
        unicodedata.category(c) in ("So", "Sk") or 0x2190 <= ord(c) <= 0x21FF for c in anchor[:200] if not c.isascii()
    )


def loud(anchor: str) -> float:
    """Share of capitals among the letters of an anchor of at least three words; 0 for shorter ones."""
    if len(anchor.split()) < 3:
        return 0.0
    letters = [c for c in anchor if c.isalpha() and c.isascii()]
    return sum(c.isupper() for c in letters) / len(letters) if letters else 0.0

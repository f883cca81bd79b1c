"""Cues: words of one kind (hype, hedges, words to the reader), counted in a text without a pattern running over it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from auditor.language.terms import read
from auditor.language.words import parted

_WORD = re.compile(r"\w+")
_FOLDING = frozenset("\u017f\u0131\u0130\u212a")
"""Characters that a pattern without regard to case takes for s, i and k."""


class Spoken:
    """A text in lower case and how often it has each of its words."""

    __slots__ = ("counts", "folds", "raw", "spelled", "text")

    def __init__(self, text: str) -> None:
        self.raw = text
        self.text = text.lower()
        # What the lexicons read is the same where there are no accents and no underscores.
        words = read(text).words if text.isascii() and "_" not in text else parted(self.text, "_")
        self.counts: Mapping[str, int] = Counter(_WORD.findall(self.text) if words is None else words)
        self.spelled = f" {' '.join(self.counts)}"
        self.folds = not text.isascii() and not _FOLDING.isdisjoint(text)


class Cues:
    """Words and phrases, parted by blanks: `stem*` takes any ending, `_` stands for the blank in a phrase. No word is part of a phrase."""

    def __init__(self, listed: str) -> None:
        entries = [entry.replace("_", " ") for entry in listed.split()]
        self._words = [entry for entry in entries if entry.isalpha()]
        self._stems = tuple(entry[:-1] for entry in entries if entry.endswith("*"))
        # Each behind its first word, without which it is not looked for.
        self._phrases = [
            (_WORD.findall(entry)[0], re.compile(rf"\b{re.escape(entry)}\b"))
            for entry in entries
            if not entry.isalpha() and not entry.endswith("*")
        ]
        branches = (re.escape(entry).replace(r"\*", r"\w*") for entry in entries)
        self._pattern = re.compile(rf"\b(?:{'|'.join(branches)})\b", re.IGNORECASE)

    def count(self, spoken: Spoken) -> int:
        """How many of them a text has, whole words in either case."""
        if spoken.folds:
            return len(self._pattern.findall(spoken.raw))
        counts = spoken.counts
        found = sum(counts[word] for word in self._words if word in counts)
        if any(f" {stem}" in spoken.spelled for stem in self._stems):
            found += sum([count for word, count in counts.items() if word.startswith(self._stems)])
        return found + sum(len(pattern.findall(spoken.text)) for first, pattern in self._phrases if first in counts)

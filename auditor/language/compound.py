"""Compounds: words run together in a host name or a path ("svalawyers", "mybeautifulbride"), parted again.

The cheapest way of writing the letters as known words, a word costing the logarithm of its rank and a letter that no word explains
a good deal more (after Norvig 2009, "Natural Language Corpus Data", with Zipf's law for the frequencies). Time is linear in the
letters.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from auditor.language.words import STOPWORDS

_LONGEST_WORD: Final = 16
_LONGEST_LABEL: Final = 63
_STRAY: Final = 11.0
"""Cost of a letter in no known word; two rare words of five letters cost about as much as one such letter each."""
_SHORT: Final = frozenset(
    STOPWORDS | {"my", "go", "tv", "seo", "pro", "app", "hub", "web", "net", "hq", "co", "pc", "vip", "bet", "buy"}
)


@dataclass(frozen=True, slots=True)
class Compound:
    """A label read as words."""

    words: tuple[str, ...]
    known: float
    """Share of its letters that stand in known words; 0 for a label without letters."""


def part(label: str, index: Mapping[str, int]) -> Compound:
    """Read a label as words of a vocabulary.

    Args:
        label: letters, digits and hyphens, lower case; what is no ASCII letter parts words.
        index: word → rank, the most frequent first. Words of fewer than four letters count only where they are everyday ones.
    """
    words: list[str] = []
    letters = explained = 0
    for piece in _pieces(label[:_LONGEST_LABEL]):
        found = _part(piece, index)
        words += found
        letters += len(piece)
        explained += sum(map(len, found))
    return Compound(tuple(words), explained / letters if letters else 0.0)


def _pieces(label: str) -> list[str]:
    return "".join(c if "a" <= c <= "z" else " " for c in label.lower()).split()


def _part(piece: str, index: Mapping[str, int]) -> list[str]:
    size = len(piece)
    best = [0.0] + [math.inf] * size
    back: list[tuple[int, bool]] = [(0, False)] * (size + 1)
    rank = index.get
    for end in range(1, size + 1):
        least, come = best[end - 1] + _STRAY, (end - 1, False)
        for start in range(max(0, end - _LONGEST_WORD), end - 1):
            word = piece[start:end]
            if word in _SHORT:
                cost = 6.0
            elif end - start < 4 or (number := rank(word)) is None:
                continue
            else:
                cost = 3.0 + math.log(number + 2)
            if best[start] + cost < least:
                least, come = best[start] + cost, (start, True)
        best[end], back[end] = least, come
    found: list[str] = []
    end = size
    while end:
        start, known = back[end]
        if known:
            found.append(piece[start:end])
        end = start
    return found[::-1]

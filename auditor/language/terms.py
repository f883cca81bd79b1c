"""Terms: readable data files of words and phrases, and their search in folded text, in one pass over its words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Generic, TypeVar

from auditor.language.words import INVISIBLE, parted

V = TypeVar("V")

_LONG = 1000

_WORD = re.compile(rf"[^\W_]+(?:[{INVISIBLE}]+[^\W_]+)*")
_UNSEEN_TABLE = dict.fromkeys(map(ord, INVISIBLE))
_STROKED = {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ß": "s", "’": "'", "ς": "σ"}
_GAP = frozenset(" \t\r\n\u00a0\u202f-_/'+&\u2010\u2011\u2013.")
_LONGEST_GAP = 3
_STEM = 4
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_FEW = 40
"""Characters that are replaced one by one; of more (another script) all are looked at together."""
_SHORT = 24
"""Words up to which each is looked up; of more, first the distinct ones."""


@dataclass(frozen=True, slots=True)
class Span:
    """Where a listed name stands in a text, as characters `text[start:end]`."""

    start: int
    end: int
    name: str
    """As listed, in lower case."""
    ambiguous: bool = False
    """Also an everyday word, a given name or a surname."""


@cache
def sections(file: str) -> Mapping[str, tuple[str, ...]]:
    """The sections of a data file: `# comment` lines, `[name]` lines, entries separated by commas or line ends."""
    found: dict[str, list[str]] = {}
    entries: list[str] = found.setdefault("", [])
    text = (Path(__file__).parent / "data" / file).read_text(encoding="utf-8")
    for line in text.split("\n"):
        if not line or line[0] == "#":
            continue
        if line[0] == "[":
            entries = found.setdefault(line.rstrip()[1:-1], [])
        else:
            entries += line.split(", ")
    return {name: tuple(entry.strip(" ,") for entry in entries) for name, entries in found.items()}


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    plain = unicodedata.normalize("NFKC", character)
    if len(plain) != 1:
        plain = character
    if plain < "\u0600" or "\u1e00" <= plain < "\u2000":  # elsewhere marks tell words apart (kana, Hangul, Thai)
        plain = unicodedata.normalize("NFD", plain)[0]
    lower = plain.lower()
    lower = lower if len(lower) == 1 else plain
    return _STROKED.get(lower, lower)


def fold(text: str) -> str:
    """Lower case, compatibility forms and accents undone, character for character, so that places stay."""
    if text.isascii():
        return text.lower()
    table = {character: _fold_character(character) for character in set(_FOREIGN.findall(text))}
    if len(table) > _FEW or any(plain in table and table[plain] != plain for plain in table.values()):
        codes = {ord(character): plain for character, plain in table.items()}
        codes.update((code, chr(code + 32)) for code in range(65, 91))
        return text.translate(codes)
    # A handful of characters are replaced one by one in a fifth of the time that looking at each takes.
    for character, plain in table.items():
        text = text.replace(character, plain)
    return text.lower()


class Words:
    """Folded text cut into its words; where they stand is only looked for when it is asked for."""

    __slots__ = ("_distinct", "_spans", "folded", "words")

    def __init__(self, folded: str) -> None:
        self._spans: list[tuple[int, int]] = []
        self.folded = folded
        # Invisible characters within a word are left out of it, not of its place.
        unseen = not folded.isascii() and any(character in folded for character in INVISIBLE)
        found = None if unseen else parted(folded)
        if found is None:
            found = _WORD.findall(folded)
        if unseen:
            found = [word.translate(_UNSEEN_TABLE) for word in found]
            self._spans = [match.span() for match in _WORD.finditer(folded)]
        self.words = found
        self._distinct: frozenset[str] | None = None

    @property
    def distinct(self) -> frozenset[str]:
        if self._distinct is None:
            self._distinct = frozenset(self.words)
        return self._distinct

    def span(self, i: int) -> tuple[int, int]:
        """Start and end of word `i`."""
        spans = self._spans
        if i >= len(spans):
            find, end = self.folded.find, spans[-1][1] if spans else 0
            for word in self.words[len(spans) : i + 1]:  # between two words stands nothing that is part of one
                start = find(word, end)
                end = start + len(word)
                spans.append((start, end))
        return spans[i]

    def gap(self, i: int) -> str:
        """What stands between word `i` and the one after it."""
        return self.folded[self.span(i)[1] : self.span(i + 1)[0]]

    def adjoining(self, i: int) -> bool:
        """Whether word `i` and the one after it can belong to one phrase: no sentence end, no bracket between them."""
        gap = self.gap(i)
        return len(gap) <= _LONGEST_GAP and _GAP.issuperset(gap) and ". " not in gap


def read(text: str) -> Words:
    """A text folded and its words; the last few are kept, since several lexicons read the same text in turn: an article and the
    anchors in it."""
    return _read_long(text) if len(text) > _LONG else _read_short(text)


@lru_cache(maxsize=8)
def _read_short(text: str) -> Words:
    return Words(fold(text))


@lru_cache(maxsize=2)
def _read_long(text: str) -> Words:
    return Words(fold(text))


def words(text: str) -> list[str]:
    """The folded words of a short text, apostrophes closed up (`you're` → `youre`)."""
    return Words(fold(text).replace("'", "")).words


class Terms(Generic[V]):
    """Phrases to be found by their first word, the longest first; `stem*` takes any ending, a plural is understood."""

    __slots__ = ("_alone", "_beginnings", "_heads", "_least", "_stems")

    def __init__(self, entries: Iterable[tuple[str, V]]) -> None:
        heads: dict[str, list[tuple[tuple[str, ...], V]]] = {}
        self._stems: dict[str, V] = {}
        for term, value in entries:
            if term.endswith("*"):
                self._stems[fold(term[:-1])] = value
                continue
            parts = tuple(match[0] for match in _WORD.finditer(fold(term)))
            for variant in _numbers(parts):
                heads.setdefault(variant[0], []).append((variant[1:], value))
        for found in heads.values():
            found.sort(key=lambda entry: -len(entry[0]))
        self._heads = heads
        self._alone = frozenset(head for head, found in heads.items() if any(not rest for rest, _ in found))
        self._beginnings = frozenset(stem[:_STEM] for stem in self._stems)
        self._least = min(map(len, self._stems), default=0)

    def __contains__(self, word: str) -> bool:
        """Whether a single folded word is a term by itself."""
        return word in self._alone

    def candidates(self, text: Words, unsure: bool = False) -> list[int]:
        """Words a term may start at; with `unsure`, words of other letters too, which may be disguised."""
        heads, beginnings = self._heads, self._beginnings
        if len(text.words) <= _SHORT:
            return [
                i
                for i, word in enumerate(text.words)
                if word in heads or (beginnings and word[:_STEM] in beginnings) or (unsure and not word.isascii())
            ]
        has = text.distinct.__contains__
        hot = {
            word
            for word in heads.keys() & text.distinct
            if word in self._alone or any(all(map(has, rest)) for rest, _ in heads[word])
        }
        if any(stem in text.folded for stem in self._stems):
            hot.update(word for word in text.distinct if word[:_STEM] in beginnings)
        if unsure:
            hot.update(word for word in text.distinct if not word.isascii())
        return [i for i, word in enumerate(text.words) if word in hot] if hot else []

    def at(self, text: Words, i: int, word: str = "") -> tuple[int, V] | None:
        """Number of words and value of the longest term that starts at word `i` (read as `word`, where given)."""
        words = text.words
        word = word or words[i]
        for rest, value in self._heads.get(word, ()):
            n = len(rest)
            if not n:
                return 1, value
            if i + n >= len(words) or words[i + 1] != rest[0]:
                continue
            if all(words[i + k + 1] == rest[k] and text.adjoining(i + k) for k in range(n)):
                return n + 1, value
        if word[:_STEM] in self._beginnings:
            for length in range(self._least, len(word) + 1):
                stem = word[:length]
                if stem in self._stems:
                    return 1, self._stems[stem]
        return None

    def find(self, text: Words) -> Iterator[tuple[int, int, V]]:
        """First word, number of words and value of every term, left to right, without overlap."""
        done = 0
        for i in self.candidates(text):
            if i >= done and (hit := self.at(text, i)):
                yield i, *hit
                done = i + hit[0]


def _numbers(parts: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if not parts:
        return
    yield parts
    last = parts[-1]
    if last.isascii() and last.isalpha() and len(last) > 2 and last[-1] != "s":
        plural = last[:-1] + "ies" if last[-1] == "y" and last[-2] not in "aeiou" else last + "s"
        yield (*parts[:-1], plural)


@cache
def listed(file: str, *names: str) -> Terms[str]:
    """The terms of some sections of a data file, each with its own spelling as its value."""
    return Terms((term, term) for name in names for term in sections(file)[name] if term)

"""Terms: readable data files of words and phrases, and their search in folded text, in one pass over its words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar, cast

V = TypeVar("V")

_UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_WORD = re.compile(rf"[^\W_]+(?:[{_UNSEEN}]+[^\W_]+)*")
_UNSEEN_TABLE = dict.fromkeys(map(ord, _UNSEEN))
_STROKED = {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ß": "s", "’": "'", "ς": "σ"}
_GAP = frozenset(" \t\r\n\u00a0\u202f-_/'+&\u2010\u2011\u2013.")
_LONGEST_GAP = 3
_STEM = 4


class Token(NamedTuple):
    """A word of folded text and where it stands."""

    word: str
    start: int
    end: int


# Half the time of a scan is spent here: the constructor's own checks are left out.
_token = cast("Callable[[tuple[str, int, int]], Token]", partial(tuple.__new__, Token))


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
    table = {ord(character): _fold_character(character) for character in set(text) if character > "\x7f"}
    for code in range(65, 91):
        table[code] = chr(code + 32)
    return text.translate(table)


def tokens(folded: str) -> list[Token]:
    """The words of folded text; invisible characters within a word are left out of it, not of its place."""
    if folded.isascii():
        return [_token((match[0], match.start(), match.end())) for match in _WORD.finditer(folded)]
    return [_token((match[0].translate(_UNSEEN_TABLE), match.start(), match.end())) for match in _WORD.finditer(folded)]


@lru_cache(maxsize=8)
def read(text: str) -> tuple[str, list[Token]]:
    """A text folded and its words; the last few are kept, since several lexicons read the same paragraph in turn."""
    folded = fold(text)
    return folded, tokens(folded)


def words(text: str) -> list[str]:
    """The folded words of a short text, apostrophes closed up (`you're` → `youre`)."""
    return [token.word for token in tokens(fold(text).replace("'", ""))]


def adjoining(folded: str, end: int, start: int) -> bool:
    """Whether words that end and start there can belong to one phrase: no sentence end, no bracket between them."""
    gap = folded[end:start]
    return len(gap) <= _LONGEST_GAP and _GAP.issuperset(gap) and ". " not in gap


class Terms(Generic[V]):
    """Phrases to be found by their first word, the longest first; `stem*` takes any ending, a plural is understood."""

    __slots__ = ("_beginnings", "_heads", "_least", "_stems")

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
        self._beginnings = frozenset(stem[:_STEM] for stem in self._stems)
        self._least = min(map(len, self._stems), default=0)

    def __contains__(self, word: str) -> bool:
        """Whether a single folded word is a term by itself."""
        return any(not rest for rest, _ in self._heads.get(word, ()))

    def candidates(self, toks: list[Token], unsure: bool = False) -> list[int]:
        """Tokens a term may start at; with `unsure`, words of other letters too, which may be disguised."""
        heads, beginnings = self._heads, self._beginnings
        return [
            i
            for i, (word, _, _) in enumerate(toks)
            if word in heads or (beginnings and word[:_STEM] in beginnings) or (unsure and not word.isascii())
        ]

    def at(self, folded: str, toks: list[Token], i: int, word: str = "") -> tuple[int, V] | None:
        """Number of words and value of the longest term that starts at token `i` (read as `word`, where given)."""
        word = word or toks[i].word
        for rest, value in self._heads.get(word, ()):
            n = len(rest)
            if i + n >= len(toks):
                continue
            if all(
                toks[i + k + 1].word == rest[k] and adjoining(folded, toks[i + k].end, toks[i + k + 1].start)
                for k in range(n)
            ):
                return n + 1, value
        if word[:_STEM] in self._beginnings:
            for length in range(self._least, len(word) + 1):
                stem = word[:length]
                if stem in self._stems:
                    return 1, self._stems[stem]
        return None

    def find(self, folded: str, toks: list[Token]) -> Iterator[tuple[int, int, V]]:
        """First token, number of words and value of every term, left to right, without overlap."""
        done = 0
        for i in self.candidates(toks):
            if i >= done and (hit := self.at(folded, toks, i)):
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

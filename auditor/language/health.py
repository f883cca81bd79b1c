"""Words of health writing, found by what they speak of: ailments, treatments, care, wonders, shops … (`data/health.txt`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from functools import cache
from typing import NamedTuple

from auditor.language.terms import sections

_FILE = "health.txt"
_STEM = 4

Entry = tuple[tuple[str, ...], tuple[str, ...]]


class HealthWord(NamedTuple):
    """A word or phrase of the data file in a text."""

    at: int
    """Index of its first word."""
    sections: tuple[str, ...]
    """Every section that lists it."""


def health_words(words: Sequence[str], distinct: Set[str] | None = None) -> Iterator[HealthWord]:
    """The words and phrases of health writing in a text, in one pass: of those that start at one word the longest, without overlap.

    Args:
        words: the text's words in order, as `auditor.language.words.tokens` gives them.
        distinct: the different ones among them, where they are known.
    """
    heads, stems = _terms()
    distinct = frozenset(words) if distinct is None else distinct
    hot = {word: heads[word] for word in heads.keys() & distinct}
    for word in [word for word in distinct if word[:_STEM] in stems or "'" in word]:
        closed = _closed(word)
        if found := heads.get(closed) or (closed[:_STEM] in stems and _stem(stems[closed[:_STEM]], closed)):
            hot[word] = found
    done = 0
    for at in [at for at, word in enumerate(words) if word in hot] if hot else ():
        if at < done:
            continue
        following = _closed(words[at + 1]) if at + 1 < len(words) else ""
        for rest, named in hot[words[at]]:
            if rest and (rest[0] != following or tuple(map(_closed, words[at + 1 : at + 1 + len(rest)])) != rest):
                continue
            done = at + 1 + len(rest)
            yield HealthWord(at, named)
            break


def _closed(word: str) -> str:
    return word.replace("'", "")


def section_names() -> tuple[str, ...]:
    """The sections in the order of the file."""
    return tuple(name for name in sections(_FILE) if name)


def _stem(entries: list[tuple[str, list[Entry]]], word: str) -> list[Entry]:
    return next((entry for stem, entry in entries if word.startswith(stem)), [])


@cache
def _terms() -> tuple[dict[str, list[Entry]], dict[str, list[tuple[str, list[Entry]]]]]:
    """(first word → rests of phrases with their sections, longest first; first letters → stems and the same)."""
    held: dict[str, list[str]] = {}
    for name in section_names():
        for term in sections(_FILE)[name]:
            *lead, last = term.split()
            for form in dict.fromkeys((last, _plural(last))):
                own = held.setdefault(" ".join((*lead, form)), [])
                if name not in own:
                    own.append(name)
    heads: dict[str, list[Entry]] = {}
    stems: dict[str, list[tuple[str, list[Entry]]]] = {}
    for term, names in held.items():
        if term.endswith("*"):
            stems.setdefault(term[:_STEM], []).append((term[:-1], [((), tuple(names))]))
        else:
            first, *rest = term.split()
            heads.setdefault(first, []).append((tuple(rest), tuple(names)))
    for entries in heads.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return heads, stems


def _plural(word: str) -> str:
    """The plural that is understood of a word in the file; the word itself where it has none."""
    if not word.isalpha() or len(word) < 3 or word[-1] == "s":
        return word
    return word[:-1] + "ies" if word[-1] == "y" and word[-2] not in "aeiou" else word + "s"

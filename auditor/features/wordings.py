"""Wordings: what is said in many ways, found in one pass over the words of a sentence. See `wordbook` for how it is written down."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import chain, pairwise, repeat
from typing import Any

_LONG = 120  # words of a sentence that are read; what is longer is a list, or a page without full stops
_WIDE = 32  # words over which the parts of a line may be scattered

_TOKEN = re.compile(r"(\d+(?:[.,]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*|[%$])|([;:!?()\[\]—–…|•]|\.(?=\s)|-(?=\s))|(,)")
_BRAND = re.compile(r"\b(?:[A-Z][a-z]{2,}[A-Z][A-Za-z]+\b|[A-Z][A-Za-z]+ ?(?=[™®]))")
_TITLES = frozenset(["dr", "mr", "mrs", "ms", "vs", "st", "no"])
_NUMBERS: Mapping[str, float] = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
    "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "ninety": 90,
    "hundred": 100,
}  # fmt: skip
_LETTERS = bytes(byte if chr(byte).isalpha() and byte < 128 else 32 for byte in range(256))

BRAND = "<brand>"
"""What stands among the words of a text for a name like SlimLeaf or Slim™."""

Span = tuple[int, int]
"""First word of a stretch and the one behind its last."""
Run = tuple[Span, ...]
"""One part of a line as it stands in a sentence: the span of each of its steps, in order."""


def number(word: str) -> float | None:
    """What a word counts; None for words that are no number."""
    if not word[0].isdigit():
        return _NUMBERS.get(word)
    try:
        return float(word.replace(",", ""))
    except ValueError:
        return None


def bare(text: str) -> list[str]:
    """The words of a text in lower case, without figures, marks and apostrophes: quick, and enough to tell what is worth reading."""
    plain = text.replace("’", "'").encode("ascii", "replace").lower()
    return plain.translate(_LETTERS, delete=b"'").decode("ascii").split()


def brand(written: str) -> frozenset[str]:
    """`BRAND` where a text, as written, holds the name of a product."""
    return _BRANDED if _BRAND.search(written) else frozenset()


_BRANDED = frozenset([BRAND])


def cover(spans: Iterable[Span]) -> Span:
    """The stretch from the first to the last of some."""
    firsts, lasts = zip(*spans, strict=True)
    return min(firsts), max(lasts)


@dataclass(frozen=True, slots=True)
class Step:
    """One place of a line: an entry of some lists, at most `gap` words after the step before it."""

    lists: frozenset[int]
    gap: int
    optional: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One wording, compiled."""

    group: str
    """The group it stands in, or the list of which it is an entry."""
    text: str
    """As an editor wrote it."""
    parts: tuple[tuple[Step, ...], ...]
    """To be found in one sentence, in any order."""
    needs: tuple[frozenset[int], ...]
    """Of each of these there must be an entry in the sentence."""
    absent: frozenset[int]
    """Lists of which none may be."""
    opens: bool
    """Its first part begins the sentence."""
    doubtful: bool
    near: bool
    """To be found in two sentences that follow each other rather than in one."""
    pace: tuple[float, float] | None
    """Pounds a week from which it counts, and the weeks that it must take."""


Demands = tuple[frozenset[int], ...]
"""Sets of lists: of each, an entry of one of them must be there."""


@dataclass(frozen=True, slots=True)
class Hook:
    """A word that stands for a phrase, or for a compound entry, of a step on which lines hang."""

    step: int
    rest: frozenset[str]
    """The phrase's other words: all must be there."""
    demands: Demands
    """What else a compound entry is made of."""


@dataclass(frozen=True, slots=True)
class Hooks:
    """By what words lines can be told to be possible, before anything is read. A line hangs on one of its steps."""

    words: Mapping[str, Sequence[Hook]]
    lines: Mapping[int, Sequence[int]]
    """For each step, the lines that hang on it."""
    others: tuple[Demands, ...]
    """For each line, what its other steps demand."""
    lists: Mapping[str, Sequence[int]]
    """The lists of which an entry may be where a word is, as far as something demands them."""

    def possible(self, there: Set[str]) -> set[int]:
        """The numbers of the lines that a stretch of text with these words may hold: all that it does, and few others."""
        found: set[int] = set()
        done: set[int] = set()
        hooks = [hook for word in self.words.keys() & there for hook in self.words[word] if hook.rest <= there]
        lists = self._lists(there) if hooks else set()
        for hook in hooks:
            if hook.step not in done and _met(hook.demands, lists):
                done.add(hook.step)
                found.update(line for line in self.lines[hook.step] if _met(self.others[line], lists))
        return found

    def narrowed(self, there: Set[str]) -> Hooks:
        """What of them a text with these words leaves for its parts."""
        lines: dict[int, list[int]] = {}
        words: dict[str, list[Hook]] = {}
        lists = self._lists(there)
        for word in self.words.keys() & there:
            for hook in self.words[word]:
                if hook.rest <= there and _met(hook.demands, lists):
                    if hook.step not in lines:
                        lines[hook.step] = [line for line in self.lines[hook.step] if _met(self.others[line], lists)]
                    if lines[hook.step]:
                        words.setdefault(word, []).append(hook)
        return Hooks(words, lines, self.others, self.lists)

    def _lists(self, there: Set[str]) -> set[int]:
        """The lists of which an entry may be among these words."""
        return set(chain.from_iterable(map(self.lists.get, there, repeat(()))))


def _met(demands: Demands, lists: set[int]) -> bool:
    return not any(map(lists.isdisjoint, demands))


@dataclass(frozen=True, slots=True)
class Wordings:
    """Lists and lines, compiled."""

    lists: Mapping[str, frozenset[int]]
    """The numbers of a list: its own and those of the lists that it holds."""
    lines: tuple[Line, ...]
    hooks: Hooks
    compounds: tuple[tuple[int, Line], ...]
    """Entries of lists that are lines themselves, with the list's number."""
    inner_hooks: Hooks
    near: frozenset[int]
    """The numbers of the lines that take two sentences."""
    trie: Mapping[str, Any]
    """Phrases by their words; under the empty word the numbers of the lists that hold the phrase."""

    def read(self, text: str, written: str = "") -> Reading:
        """Find every entry of every list in a sentence, given in `plain` form; as written, it also shows names of products."""
        reading = Reading(text, *split(text), {}, self.lists.get("barrier", frozenset()))
        for at, word in enumerate(reading.words):
            if (node := self.trie.get(word)) is not None:
                _spot(reading, node, at, at + 1)
            if number(word) is not None:
                _spot(reading, self.trie["<n>"], at, at + 1)
        if written:
            self._brands(reading, written)
        for numbered in sorted(self.inner_hooks.possible(set(reading.words))):
            name, line = self.compounds[numbered]
            for runs in reading.find(line):
                span = cover(span for run in runs for span in run)
                if span not in reading.spots.setdefault(name, []):
                    reading.spots[name].append(span)
        return reading

    def _brands(self, reading: Reading, written: str) -> None:
        known = {a for a, _ in reading.of(self.lists.get("no brand", ()))}
        for match in _BRAND.finditer(written):
            at = bisect_left(reading.starts, match.start())
            if at < len(reading.words) and at not in known:
                for name in self.lists.get("brand", ()):
                    reading.spots.setdefault(name, []).append((at, at + 1))

    def found(self, reading: Reading, possible: Iterable[int]) -> Iterator[tuple[Line, tuple[Run, ...]]]:
        """Those of some lines that a sentence holds, in the order of the file, with the place of each part."""
        for numbered in sorted(possible):
            line = self.lines[numbered]
            for runs in reading.find(line):
                yield line, runs


@dataclass(slots=True)
class Reading:
    """A sentence read: its words and the entries found in them."""

    text: str
    words: list[str]
    """Without apostrophes."""
    starts: list[int]
    ends: list[int]
    breaks: list[int]
    """What stands before each word: 0 nothing, 1 a comma, 2 what parts clauses."""
    spots: dict[int, list[Span]]
    """Where entries of each list stand."""
    barrier: frozenset[int]
    _shut: frozenset[int] | None = field(default=None, init=False)

    def of(self, lists: Iterable[int]) -> list[Span]:
        """Where entries of some lists stand."""
        return [span for number in lists for span in self.spots.get(number, ())]

    def find(self, line: Line) -> Iterator[tuple[Run, ...]]:
        """Where a line stands, part by part. Of parts after the first only the nearest is given."""
        spots = self.spots
        for need in line.needs:
            if need.isdisjoint(spots):
                return
        if not line.absent.isdisjoint(spots):
            return
        first, *others = line.parts
        found = [(part, self._runs(part, False)) for part in others]
        if not all(runs for _, runs in found):
            return
        for run in self._runs(first, line.opens):
            at = run[0][0]
            # Twice the same part means two places.
            rest = [[r for r in runs if part != first or r != run] for part, runs in found]
            if not all(rest):
                continue
            runs = (run, *(min(places, key=lambda r: abs(r[0][0] - at)) for places in rest))
            start, end = cover(span for run in runs for span in run)
            if end - start <= _WIDE:
                yield runs

    def _runs(self, part: tuple[Step, ...], opens: bool) -> list[Run]:
        found: list[Run] = [(span,) for span in self.of(part[0].lists) if not opens or span[0] == 0]
        for before, step in pairwise(part):
            spans = self.of(step.lists)
            again = step.lists == before.lists  # "cholesterol … cholesterol" are not two illnesses
            # Of runs between the same two places one is enough, or a list of forty illnesses has ten thousand.
            longer: dict[tuple[Span, Span], Run] = {}
            for run in found:
                for a, b in spans:
                    if (
                        run[-1][1] <= a <= run[-1][1] + step.gap
                        and (run[0], (a, b)) not in longer
                        and self._clear(run[-1][1], a)
                        and not (again and any(self.words[c:d] == self.words[a:b] for c, d in run))
                    ):
                        longer[run[0], (a, b)] = (*run, (a, b))
            found = [*longer.values(), *found] if step.optional else [*longer.values()]
            if not found:
                break
        return found

    def _clear(self, start: int, end: int) -> bool:
        if self._shut is None:
            self._shut = frozenset(at for at, _ in self.of(self.barrier))
        return max(self.breaks[start : end + 1]) < 2 and self._shut.isdisjoint(range(start, end))


def _spot(reading: Reading, node: Mapping[str, Any], start: int, end: int) -> None:
    """Note every phrase that begins at `start` and goes on from a node of the trie at `end`."""
    for name in node.get("", ()):
        reading.spots.setdefault(name, []).append((start, end))
    if end == len(reading.words) or reading.breaks[end] > 1:
        return
    word = reading.words[end]
    if (following := node.get(word)) is not None:
        _spot(reading, following, start, end + 1)
    if "<n>" in node and number(word) is not None:
        _spot(reading, node["<n>"], start, end + 1)


def split(text: str) -> tuple[list[str], list[int], list[int], list[int]]:
    """Words of a text without their apostrophes, where they start and end, and what stands before them (see `Reading.breaks`)."""
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    breaks: list[int] = []
    level = 0
    for match in _TOKEN.finditer(text):
        if match[1] is None:
            # "10–15", "H. pylori" and "Dr. Hale" hang together.
            joins = (
                match[0] in "–." and words and (words[-1][0].isdigit() or len(words[-1]) == 1 or words[-1] in _TITLES)
            )
            level = max(level, 0 if joins else 1 if match[3] else 2)
            continue
        if len(words) == _LONG:
            break
        words.append(match[1].replace("'", ""))
        starts.append(match.start())
        ends.append(match.end())
        breaks.append(level)
        level = 0
    return words, starts, ends, breaks

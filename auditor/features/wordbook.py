"""A little language for what is said in many ways, so that a person can read and extend `data/claims.txt`, and its compiler.

`{name}` on a line of its own begins a list, `[name]` a group of lines; an empty line ends a list, `#` begins a comment. The entries
of a list are phrases, parted by commas, and, each on a line of its own, `{other}` for all of another list or a line as in a group,
made of lists that stand above it. A line is made of

| written | stands for |
|---|---|
| `fat burner` | these words; hyphens and commas between them do not matter, nor do apostrophes |
| `{cures}` | any entry of that list |
| `(drug|pill)` | one of these; each is a phrase or a list |
| `{our}?` `(the|a)?` | the same, or nothing |
| `…` | up to six words |
| `_` | up to two words |
| `A & B` | both in one sentence, in any order |
| `!{medicine}` | only where no entry of that list stands in the sentence |
| `^` | the beginning of the sentence |
| `<n>` | a number, in figures or words |
| `heal~` | in any regular form: heal, heals, healed, healing |

A gap does not run over a semicolon, colon, bracket or dash, nor over an entry of the list `{barrier}`. A line may begin with `maybe:`
(doubtful by itself), with `near:` (its parts in two sentences, one after the other) or with a pace, `3 a week:` (only where its
`{weight}` and `{time}` make so many pounds) or `3 a week over 4 weeks:`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from auditor.features.wordings import BRAND, Demands, Hook, Hooks, Line, Step, Wordings, split

FAR, NEAR = 6, 2
"""Words that `…` and `_` stand for at most."""

_DATA = Path(__file__).parent / "data"
_ATOM = re.compile(r"!?\{[^{}]+\}\??|\([^()]*\)\??|[…_&^]|[^\s{}()&…^]+")
_PACE = re.compile(r"(\d+) a week(?: over (\d+) weeks)?: *")
_HEAD = re.compile(r"\{([^{}]+)\}|\[([^\[\]]+)\]")


@cache
def wordbook(*names: str) -> Wordings:
    """The files of these names in this package's `data`, compiled together.

    Raises:
        ValueError: a line names a list that no file has, or holds no words.
    """
    lists: dict[str, list[str]] = {}
    lines: list[tuple[str, str]] = []
    group = ""
    listed: list[str] | None = None
    for name in names:
        for line in (_DATA / name).read_text(encoding="utf-8").splitlines():
            line = line.strip()
            head = _HEAD.fullmatch(line)
            if not line:
                listed = None
            elif line.startswith("#"):
                continue
            elif head and head[2]:
                group, listed = head[2], None
            elif head and listed is None:
                listed = lists.setdefault(head[1], [])
            elif listed is not None:
                listed.extend([line] if _compound(line) else filter(None, map(str.strip, line.split(","))))
            else:
                lines.append((group, line))
    return _Compiler(lists).compile(lines)


class _Compiler:
    """Numbers lists and literal words alike, and gathers all phrases in one trie."""

    def __init__(self, lists: Mapping[str, list[str]]) -> None:
        self._written = lists
        self._trie: dict[str, Any] = {"<n>": {}}
        self._phrases: dict[int, list[tuple[str, ...]]] = {}
        self._compounds: list[tuple[int, Line]] = []
        self._own = {name: number for number, name in enumerate(lists)}
        self._last = len(lists) - 1
        self._known: dict[str, frozenset[int]] = {}
        for name in lists:
            self._known["{" + name + "}"] = frozenset(self._held(name, ()))

    def compile(self, lines: list[tuple[str, str]]) -> Wordings:
        for name, entries in self._written.items():
            for entry in entries:
                if _compound(entry):
                    self._compounds.append((self._own[name], self._line(name, entry)))
                elif not _HEAD.fullmatch(entry):
                    self._add(self._own[name], entry)
        compiled = tuple(self._line(group, text) for group, text in lines)
        lists = {name: self._known["{" + name + "}"] for name in self._written}
        rarity = _Rarity(self._phrases, self._compounds, self._own.get("brand"))
        return Wordings(
            lists=lists,
            lines=compiled,
            hooks=rarity.hooks(compiled),
            compounds=tuple(self._compounds),
            inner_hooks=rarity.hooks([line for _, line in self._compounds]),
            near=frozenset(number for number, line in enumerate(compiled) if line.near),
            trie=_shared(self._trie, {}),
        )

    def _held(self, name: str, above: tuple[str, ...]) -> Iterator[int]:
        if name in above or name not in self._written:
            raise ValueError(f"the list {{{name}}} {'holds itself' if name in above else 'is not there'}")
        yield self._own[name]
        for entry in self._written[name]:
            if head := _HEAD.fullmatch(entry):
                yield from self._held(head[1], (*above, name))

    def _add(self, number: int, entry: str) -> None:
        for phrase in _forms(entry):
            self._phrases.setdefault(number, []).append(phrase)
            node = self._trie
            for word in map(sys.intern, phrase):
                node = node.setdefault(word, {})
            held = node.setdefault("", [])
            if number not in held:
                held.append(number)

    def _numbers(self, atom: str) -> frozenset[int]:
        """The numbers of a list, of alternatives or of literal words; the latter are added on first sight."""
        if atom not in self._known:
            if atom.startswith("{"):
                raise ValueError(f"the list {atom} is not there")
            choices = atom.strip("()").split("|")
            found = frozenset[int]().union(*(self._numbers(c) for c in choices if c.startswith("{")))
            if literal := [choice for choice in choices if not choice.startswith("{")]:
                self._last += 1
                found |= {self._last}
                for choice in literal:
                    if _compound(choice):
                        raise ValueError(f"only a phrase or a list can be one of {atom}")
                    self._add(self._last, choice)
            self._known[atom] = found
        return self._known[atom]

    def _line(self, group: str, text: str) -> Line:
        rest = text.removeprefix("maybe:").removeprefix("near:").strip()
        if pace := _PACE.match(rest):
            rest = rest[pace.end() :]
        parts: list[list[Step]] = [[]]
        absent: frozenset[int] = frozenset()
        literal: list[str] = []
        gap = 0
        for atom in (*_ATOM.findall(rest), "&"):
            optional = atom.endswith("?")
            if not (atom[0] in "{(!…_&^" or optional):
                literal.append(atom)
                continue
            if literal:
                parts[-1].append(Step(self._numbers(" ".join(literal)), gap, False))
                literal, gap = [], 0
            match atom[0]:
                case "…" | "_":
                    gap = FAR if atom == "…" else NEAR
                case "&":
                    parts.append([])
                    gap = 0
                case "!":
                    absent |= self._numbers(atom[1:])
                case "^":
                    pass
                case _:
                    parts[-1].append(Step(self._numbers(atom.removesuffix("?")), gap, optional))
                    gap = gap if optional else 0
        whole = tuple(tuple(part) for part in parts if part)
        if not whole or any(part[0].optional for part in whole):
            raise ValueError(f"a part of a line begins with words that must be there: {text}")
        return Line(
            group=group,
            text=text,
            parts=whole,
            needs=tuple(dict.fromkeys(one.lists for part in whole for one in part if not one.optional)),
            absent=absent,
            opens="^" in text,
            doubtful=text.startswith("maybe:"),
            near=text.startswith("near:"),
            pace=(float(pace[1]), float(pace[2] or 0)) if pace else None,
        )


_Entry = tuple[frozenset[str], Demands]
_ALONE: _Entry = (frozenset(), ())
_FIGURE = "<n>"


class _Rarity:
    """A line can only be found where each of its steps is. It hangs on the step that is rarest in English."""

    def __init__(
        self, phrases: Mapping[int, list[tuple[str, ...]]], compounds: list[tuple[int, Line]], brand: int | None
    ) -> None:
        # The commonest words of the web, most frequent first, as counted over the WCXB pages: a matter of speed alone.
        words = (_DATA / "common.txt").read_text(encoding="utf-8").split()
        self._shares = {word: 0.1 / (rank + 3) for rank, word in enumerate(words)}
        self._phrases = phrases
        self._brand = brand  # the list that is filled while reading
        self._compounds: dict[int, list[Line]] = {}
        for number, line in compounds:
            self._compounds.setdefault(number, []).append(line)
        self._known: dict[int, tuple[float, dict[str, set[_Entry]]]] = {}

    def hooks(self, lines: Iterable[Line]) -> Hooks:
        steps: dict[frozenset[int], int] = {}
        hanging: list[list[int]] = []
        others: list[Demands] = []
        for numbered, line in enumerate(lines):
            first, rest = self._rarest(line)
            if first not in steps:
                steps[first] = len(hanging)
                hanging.append([])
            hanging[steps[first]].append(numbered)
            others.append(rest)
        words: dict[str, list[Hook]] = {}
        made: dict[tuple[int, _Entry], Hook] = {}  # the same hook for all the words that stand for the same
        for lists, step in steps.items():
            merged: dict[str, set[_Entry]] = {}
            for number in lists:
                for word, entries in self._entries(number)[1].items():
                    merged.setdefault(word, set()).update(entries)
            for word, entries in merged.items():
                # A phrase of one word makes longer ones with it superfluous.
                for entry in [_ALONE] if _ALONE in entries else entries:
                    if (step, entry) not in made:
                        made[step, entry] = Hook(step, *entry)
                    words.setdefault(word, []).append(made[step, entry])
        demanded = frozenset[int]().union(*chain(*others), *chain.from_iterable(hook.demands for hook in made.values()))
        return Hooks(
            {word: tuple(hooks) for word, hooks in words.items()},
            {step: tuple(numbers) for step, numbers in enumerate(hanging)},
            tuple(others),
            self._lists(demanded),
        )

    def _lists(self, demanded: Iterable[int]) -> dict[str, tuple[int, ...]]:
        """Of these lists, those that have an entry for which a word stands."""
        lists: dict[str, list[int]] = {}
        for number in demanded:
            for word in self._entries(number)[1]:
                lists.setdefault(word, []).append(number)
        return {word: tuple(numbers) for word, numbers in lists.items()}

    def _rarest(self, line: Line) -> tuple[frozenset[int], Demands]:
        """The step that a line hangs on, and the lists of its other steps.

        Raises:
            ValueError: there is nothing but figures in it.
        """
        needs = sorted(line.needs, key=lambda need: (sum(self._entries(number)[0] for number in need), sorted(need)))
        # A figure stands for itself, so no words can vouch for it.
        if self._figures(needs[0]) or all(self._entries(number)[1].keys() == {BRAND} for number in needs[0]):
            raise ValueError(f"a line needs a word beside its figures: {line.text}")
        return needs[0], tuple(need for need in needs[1:] if not self._figures(need))

    def _figures(self, need: frozenset[int]) -> bool:
        return any(_FIGURE in self._entries(number)[1] for number in need)

    def _entries(self, number: int) -> tuple[float, dict[str, set[_Entry]]]:
        """One word for each phrase of a list, as rare as can be, with what else the entry demands; and their common share."""
        if number not in self._known:
            found: dict[str, set[_Entry]] = {}
            for phrase in self._phrases.get(number, ()):
                word = min(phrase, key=self._share)
                rest = frozenset(other for other in phrase if other != word and other.isalpha())
                found.setdefault(word if word.isalpha() else _FIGURE, set()).add((rest, ()))
            for line in self._compounds.get(number, ()):
                first, others = self._rarest(line)
                for held in first:
                    for word, entries in self._entries(held)[1].items():
                        more = {(rest, (*demands, *others)) for rest, demands in entries}
                        found.setdefault(word, set()).update(more)
            if number == self._brand:
                found = {BRAND: {_ALONE}}
            self._known[number] = sum(map(self._share, found)), found
        return self._known[number]

    def _share(self, word: str) -> float:
        return self._shares.get(word, 0.000001) if word.isalpha() else 1.0


def _shared(trie: Mapping[str, Any], known: dict[frozenset[tuple[str, Any]], Mapping[str, Any]]) -> Mapping[str, Any]:
    """The same trie, with one node for all that go on alike: two of three phrases end as another one does."""
    node = {word: _shared(below, known) if word else tuple(below) for word, below in trie.items()}
    key = frozenset((word, id(below) if word else below) for word, below in node.items())
    return known.setdefault(key, node)


def _compound(entry: str) -> bool:
    return _HEAD.fullmatch(entry) is None and any(mark in entry for mark in "{(…_&^")


def _forms(entry: str) -> Iterator[tuple[str, ...]]:
    """The words of an entry, with every form of the one marked by `~`."""
    words = entry.split()
    marked = next((i for i, word in enumerate(words) if word.endswith("~")), None)
    if marked is None:
        yield _phrase(entry)
        return
    for form in _inflected(words[marked][:-1]):
        yield _phrase(" ".join((*words[:marked], form, *words[marked + 1 :])))


def _phrase(text: str) -> tuple[str, ...]:
    words = split(text.lower().replace("<n>", "0000"))[0]
    if not words:
        raise ValueError(f"there is no word in “{text}”")
    return tuple("<n>" if word == "0000" else word for word in words)


def _inflected(word: str) -> tuple[str, ...]:
    if word.endswith("e"):
        return word, word + "s", word + "d", word[:-1] + "ing"
    if word.endswith("y") and word[-2] not in "aeiou":
        return word, word[:-1] + "ies", word[:-1] + "ied", word + "ing"
    if word.endswith(("s", "sh", "ch", "x", "z")):
        return word, word + "es", word + "ed", word + "ing"
    return word, word + "s", word + "ed", word + "ing"

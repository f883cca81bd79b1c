"""Phrases: how well words follow each other, so that a phrase wedged into a sentence shows at its two seams.

A class-based trigram model: function words and punctuation stand for themselves, every other word for the class of
words that occur in the same places (after Brown et al. 1992, "Class-Based n-gram Models of Natural Language"), smoothed
by Witten and Bell's method. Classes, because what a wedge breaks is syntax; counts of pairs of words stand beside them,
for what goes together more often ("blood pressure") or less often than its classes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from auditor.errors import ModelError
from auditor.language.location import array
from auditor.language.vectors import Vectors

Floats = NDArray[np.float32]
Classes = NDArray[np.int64]
Stretch = tuple[Sequence[str], Sequence[str], Sequence[str]]
"""The marks left of a phrase, its own, and those right of it."""

_MARK = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*|\d+(?:[.,:]\d+)*|[^\w\s]")
_ASCII_MARK = re.compile(
    r"[A-Za-z]+(?:['\-][A-Za-z]+)*|[0-9]+(?:[.,:][0-9]+)*|[!-/:-@[-^`{-~]|[\x00-\x08\x0e-\x1b\x7f]"
)
"""The same of ASCII, in half the time."""
_OPENS: Final = frozenset('.!?:"“(•|')
QUANTUM: Final = 1 / 16
"""Log-probabilities of triples and log-counts of pairs are kept as multiples of this, in one byte."""
DOUBT: Final = 3.0
"""Added to a count and to what was expected, so that a rare pair says little."""


def marks(text: str) -> list[str]:
    """Words, numbers and punctuation marks in order, case kept; a hyphenated word is one. Linear in length."""
    return (_ASCII_MARK if text.isascii() else _MARK).findall(text)


@dataclass(frozen=True, slots=True)
class Wedge:
    """What the model says of one phrase in its place. Log-probability ratios in nats; NaN at a text's end.

    Lifts say how much more (positive) or less likely a step is than the words by themselves:
    `left` into the phrase, `right` out of it, `joined` over the gap if the phrase were not there; the three `known_…`
    are log(1 + count) of the two words that meet there.
    `pair_gain` and `gain` are the deletion test: lift of the steps without the phrase minus with it, by pairs and (mean
    of the steps) by triples; `fluency_gain` is the same on plain log-probability. Above zero: it reads better without.
    """

    left: float
    right: float
    joined: float
    known_left: float
    known_right: float
    known_joined: float
    pair_gain: float
    gain: float
    fluency_gain: float


@dataclass(frozen=True, slots=True)
class Phrases:
    """Class-based statistics of running English.

    `symbols`: classes of one member (punctuation, function words) and the special classes, by their names.
    `index`: number of each vocabulary word, negative for what is none. The words and then the symbols are the units;
    `unit_classes` their classes. A word that is also a symbol counts as the symbol.
    `suffixes`: for words the vocabulary lacks, ending → class, first match.
    `pairs` (classes, classes): log P(next | previous), smoothed. `singles` (classes,): log P. `backoff` (classes,
    classes): log of what is left for unseen triples after a pair. `triple_keys` sorted, `triples` in quanta.
    `couple_keys` sorted: pairs of units seen together; `couples`: log(1 + count) in quanta.
    `unit_logs`: log count of each unit; `size`: log of all units counted.
    """

    symbols: Mapping[str, int]
    index: Mapping[str, int]
    unit_classes: tuple[int, ...]
    suffixes: tuple[tuple[str, int], ...]
    pairs: Floats
    singles: Floats
    backoff: Floats
    triple_keys: NDArray[np.uint32]
    triples: NDArray[np.uint8]
    couple_keys: NDArray[np.uint32]
    couples: NDArray[np.uint8]
    unit_logs: NDArray[np.float16]
    size: float

    @classmethod
    def load(cls, folder: Path, declared: Mapping[str, Any], vectors: Vectors) -> Phrases:
        """Read the tables; the vocabulary that the classes are stored for is that of `vectors`.

        Raises:
            ModelError: a file is missing or does not have the declared size.
        """
        count, triples, couples = (int(declared[name]) for name in ("classes", "triples", "couples"))
        symbols = {str(name): number for number, name in enumerate(declared["symbols"])}
        first = len(symbols)
        endings = [str(ending) for ending in declared["suffixes"]]
        words = len(vectors.words)
        classes = array(folder / "phrase_classes.npy", "uint16", (words,))
        if words and int(classes.max()) >= count:
            raise ModelError("phrase_classes.npy names a class that does not exist; reinstall or train again")
        return cls(
            symbols=symbols,
            index=vectors.index,
            unit_classes=(*map(list(range(count)).__getitem__, classes), *range(first)),  # one number object a class
            suffixes=tuple((ending, first + number) for number, ending in enumerate(endings)),
            pairs=array(folder / "phrase_pairs.npy", "float16", (count, count)).astype(np.float32),
            singles=array(folder / "phrase_singles.npy", "float32", (count,)),
            backoff=array(folder / "phrase_backoff.npy", "float16", (count, count)).astype(np.float32),
            triple_keys=array(folder / "phrase_triple_keys.npy", "uint32", (triples,)),
            triples=array(folder / "phrase_triples.npy", "uint8", (triples,)),
            couple_keys=array(folder / "phrase_couple_keys.npy", "uint32", (couples,)),
            couples=array(folder / "phrase_couples.npy", "uint8", (couples,)),
            unit_logs=array(folder / "phrase_unit_logs.npy", "float16", (words + first,)),
            size=float(np.log(max(int(declared["marks"]), 1))),
        )

    def unit(self, mark: str) -> int:
        """Number of a word or mark, -1 if the vocabulary lacks it."""
        name = "<number>" if mark[:1].isdigit() else mark.lower().replace("’", "'")
        symbol = self.symbols.get(name)
        return self.index.get(name, -1) if symbol is None else len(self.unit_classes) - len(self.symbols) + symbol

    def classes(self, sentence: Sequence[str]) -> Classes:
        """The class of each mark. Capitals inside a sentence make a name, unless the text is set in title case."""
        return np.array(self._classes(sentence), np.int64)

    def _classes(self, sentence: Sequence[str]) -> list[int]:
        row_of, kinds, symbols = self.index.get, self.unit_classes, self.symbols
        name, number, other, first = symbols["<name>"], symbols["<number>"], symbols["<mark>"], len(symbols)
        found = [
            symbols[mark] if mark in symbols else -1 if (row := row_of(mark, -1)) < 0 else kinds[row]
            for mark in sentence
        ]
        titled: bool | None = None
        for place, mark in enumerate(sentence):
            if found[place] >= 0:  # in lower case as the vocabulary has it, or a known symbol
                continue
            if not mark[:1].isalpha():
                found[place] = number if mark[:1].isdigit() else other
                continue
            word = mark.lower().replace("’", "'")
            kind = self._class(word)
            if kind is None and "-" in word:
                kind = self._class(word.rpartition("-")[2])
            if mark[0].isupper():
                if kind is None:
                    kind = name
                elif kind >= first and place and sentence[place - 1] not in _OPENS:
                    if titled is None:
                        titled = _titled(sentence)
                    kind = kind if titled else name
            elif kind is None:
                kind = next(kind for ending, kind in self.suffixes if word.endswith(ending))
            found[place] = kind
        return found

    def _class(self, word: str) -> int | None:
        """The class of a word or symbol; None if the vocabulary lacks it."""
        if word in self.symbols:
            return self.symbols[word]
        row = self.index.get(word, -1)
        return self.unit_classes[row] if row >= 0 else None

    def couple(self, previous: str, word: str) -> tuple[float, float]:
        """Of two words side by side: log(1 + count), and how much more likely they are than their classes say, nats.

        (0, 0) for a word outside the vocabulary; a negative second figure for common words that never meet.
        """
        return self._couples([(previous, word)])[0]

    def _couples(self, met: Sequence[tuple[str, str]]) -> list[tuple[float, float]]:
        units = [(self.unit(previous), self.unit(word)) for previous, word in met]
        known = [pair for pair in units if min(pair) >= 0]
        if not known:
            return [(0.0, 0.0)] * len(met)
        first, second = np.array(known, np.int64).T
        keys = (first * len(self.unit_classes) + second).astype(np.uint32)
        kept, counts = _looked_up(self.couple_keys, keys), self.couples
        logged = [0.0 if place < 0 else int(counts[place]) * QUANTUM for place in kept.tolist()]
        before = [self.unit_classes[pair[0]] for pair in known]
        after = [self.unit_classes[pair[1]] for pair in known]
        lifts = (self.pairs[before, after] - self.singles[after]).tolist()
        logs, others = self.unit_logs[first].tolist(), self.unit_logs[second].tolist()
        made = iter(
            (seen, math.log((math.expm1(seen) + DOUBT) / (math.exp(min(one + two - self.size + lift, 30.0)) + DOUBT)))
            for seen, one, two, lift in zip(logged, logs, others, lifts, strict=True)
        )
        return [next(made) if min(pair) >= 0 else (0.0, 0.0) for pair in units]

    def logp(self, previous: str, word: str) -> float:
        """Log-probability (nats) of `word` coming right after `previous`, by their classes."""
        before, after = self.classes([previous, word]).tolist()
        return float(self.pairs[before, after])

    def steps(self, classes: Classes) -> Floats:
        """Log P(class | the two before it) for each place; a text starts as if after a full stop. Shape (n,)."""
        stop = self.symbols["."]
        padded = np.concatenate((np.array([stop, stop], np.int64), classes))
        return self._triples(padded[:-2], padded[1:-1], padded[2:])

    def _triples(self, first: Classes, second: Classes, third: Classes) -> Floats:
        size = self.pairs.shape[0]
        places = _looked_up(self.triple_keys, ((first * size + second) * size + third).astype(np.uint32))
        backed = self.backoff[first, second] + self.pairs[second, third]
        if not len(self.triple_keys):
            return backed
        return np.where(places >= 0, self.triples[places] * np.float32(-QUANTUM), backed)

    def seams(self, sentence: Sequence[str]) -> Floats:
        """Log-probability (nats) of each mark given the two before it, backed off where they are new. Shape (n,)."""
        return self.steps(self.classes(sentence))

    def wedge(self, left: Sequence[str], phrase: Sequence[str], right: Sequence[str]) -> Wedge:
        """Judge `phrase` between what stands left and right of it in its sentence (twelve marks of each suffice)."""
        return self.wedges([(left, phrase, right)])[0]

    def wedges(self, stretches: Sequence[Stretch]) -> list[Wedge]:
        """Judge the phrases of several sentences, each (left, phrase, right) as `wedge` takes them; the tables are asked once."""
        stop = self.symbols["."]
        triples: list[tuple[int, int, int]] = []  # of each phrase: the steps with it, then those without
        seams: list[tuple[int, int]] = []  # into it, out of it, over it
        met: list[tuple[str, str]] = []
        shapes: list[tuple[int, int]] = []  # how many steps with, how many without
        for left, phrase, right in stretches:
            if not phrase:
                continue
            left, right = left[-_SIDE:], right[:_SIDE]
            whole = [stop, stop, *self._classes([*left, *phrase, *right])]
            start, end = len(left) + 2, len(left) + len(phrase) + 2
            edge, after = left[-1] if left else ".", right[0] if right else "."
            met += ((edge, phrase[0]), (phrase[-1], after), (edge, after))
            following = whole[end] if right else stop
            seams += ((whole[start - 1], whole[start]), (whole[end - 1], following), (whole[start - 1], following))
            without = [*whole[:start], *whole[end : end + 2]]
            steps = range(start, min(end + 2, len(whole))), range(start, len(without))
            triples += ((whole[i - 2], whole[i - 1], whole[i]) for i in steps[0])
            triples += ((without[i - 2], without[i - 1], without[i]) for i in steps[1])
            shapes.append((len(steps[0]), len(steps[1])))
        if not shapes:
            return [_NOWHERE] * len(stretches)
        first, second, third = np.array(triples, np.int64).T
        logs = self._triples(first, second, third)
        lifts = logs - self.singles[third]
        one, two = np.array(seams, np.int64).T
        leaps = (self.pairs[one, two] - self.singles[two]).tolist()
        couples = self._couples(met)
        made: list[Wedge] = []
        at = 0
        for number, (with_it, without_it) in enumerate(shapes):
            middle, stop_at = at + with_it, at + with_it + without_it
            into, out, joined = (leaps[i] + couples[i][1] for i in range(3 * number, 3 * number + 3))
            known_left, known_right, known_joined = (couples[i][0] for i in range(3 * number, 3 * number + 3))
            if without_it:
                gain = _mean(lifts[middle:stop_at]) - _mean(lifts[at:middle])
                fluency = _mean(logs[middle:stop_at]) - _mean(logs[at:middle])
                made.append(
                    Wedge(
                        left=into,
                        right=out,
                        joined=joined,
                        known_left=known_left,
                        known_right=known_right,
                        known_joined=known_joined,
                        pair_gain=joined - into - out,
                        gain=float(gain),
                        fluency_gain=float(fluency),
                    )
                )
            else:  # nothing follows the phrase
                made.append(Wedge(into, math.nan, math.nan, known_left, *(math.nan,) * 5))
            at = stop_at
        judged = iter(made)
        return [next(judged) if phrase else _NOWHERE for _, phrase, _ in stretches]

    def deletion_gain(self, left: Sequence[str], phrase: Sequence[str], right: Sequence[str]) -> float:
        """How much better the sentence reads without the phrase, nats a step; NaN where nothing follows it."""
        return self.wedge(left, phrase, right).gain


_SIDE: Final = 12
_NOWHERE: Final = Wedge(*(math.nan,) * 9)


def _titled(sentence: Sequence[str]) -> bool:
    """Whether a text is set in title case."""
    words = [mark for mark in sentence if mark[:1].isalpha()]
    return len(words) > 2 and sum(word[0].isupper() for word in words) > 0.6 * len(words)


def _looked_up(keys: NDArray[np.uint32], sought: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Where each sought key stands among sorted ones; -1 where it does not."""
    if not len(keys):
        return np.full(len(sought), -1, np.int64)
    # Neighbours are found in the same part of memory: in order they cost two thirds.
    order = np.argsort(sought)
    ordered = sought[order]
    places = np.minimum(keys.searchsorted(ordered), len(keys) - 1)
    found = np.empty(len(sought), np.int64)
    found[order] = np.where(keys[places] == ordered, places, -1)
    return found


def _mean(values: Floats) -> np.float32:
    """As `values.mean()`, without its checks."""
    return np.float32(np.add.reduce(values) / np.float32(len(values)))

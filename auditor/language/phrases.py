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

Floats = NDArray[np.float32]
Classes = NDArray[np.int64]

_MARK = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*|\d+(?:[.,:]\d+)*|[^\w\s]")
_OPENS: Final = frozenset('.!?:"“(•|')
QUANTUM: Final = 1 / 16
"""Log-probabilities of triples and log-counts of pairs are kept as multiples of this, in one byte."""
DOUBT: Final = 3.0
"""Added to a count and to what was expected, so that a rare pair says little."""


def marks(text: str) -> list[str]:
    """Words, numbers and punctuation marks in order, case kept; a hyphenated word is one. Linear in length."""
    return _MARK.findall(text)


def units(words: Sequence[str], symbols: Mapping[str, int]) -> dict[str, int]:
    """A number for every vocabulary word and then every symbol; a symbol that is also a word keeps the symbol's."""
    numbers = {word: number for number, word in enumerate(words)}
    numbers.update((name, len(words) + number) for name, number in symbols.items())
    return numbers


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
    `units`: number of each vocabulary word and then of each symbol; `unit_classes` their classes.
    `suffixes`: for words the vocabulary lacks, ending → class, first match.
    `pairs` (classes, classes): log P(next | previous), smoothed. `singles` (classes,): log P. `backoff` (classes,
    classes): log of what is left for unseen triples after a pair. `triple_keys` sorted, `triples` in quanta.
    `couple_keys` sorted: pairs of units seen together; `couples`: log(1 + count) in quanta.
    `unit_logs`: log count of each unit; `size`: log of all units counted.
    """

    symbols: Mapping[str, int]
    units: Mapping[str, int]
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
    def load(cls, folder: Path, declared: Mapping[str, Any], words: Sequence[str]) -> Phrases:
        """Read the tables; `words` is the vocabulary that the classes are stored for.

        Raises:
            ModelError: a file is missing or does not have the declared size.
        """
        count, triples, couples = (int(declared[name]) for name in ("classes", "triples", "couples"))
        symbols = {str(name): number for number, name in enumerate(declared["symbols"])}
        first = len(symbols)
        endings = [str(ending) for ending in declared["suffixes"]]
        classes = array(folder / "phrase_classes.npy", "uint16", (len(words),))
        if len(words) and int(classes.max()) >= count:
            raise ModelError("phrase_classes.npy names a class that does not exist; reinstall or train again")
        return cls(
            symbols=symbols,
            units=units(words, symbols),
            unit_classes=(*classes.tolist(), *range(first)),
            suffixes=tuple((ending, first + number) for number, ending in enumerate(endings)),
            pairs=array(folder / "phrase_pairs.npy", "float16", (count, count)).astype(np.float32),
            singles=array(folder / "phrase_singles.npy", "float32", (count,)),
            backoff=array(folder / "phrase_backoff.npy", "float16", (count, count)).astype(np.float32),
            triple_keys=array(folder / "phrase_triple_keys.npy", "uint32", (triples,)),
            triples=array(folder / "phrase_triples.npy", "uint8", (triples,)),
            couple_keys=array(folder / "phrase_couple_keys.npy", "uint32", (couples,)),
            couples=array(folder / "phrase_couples.npy", "uint8", (couples,)),
            unit_logs=array(folder / "phrase_unit_logs.npy", "float16", (len(words) + first,)),
            size=float(np.log(max(int(declared["marks"]), 1))),
        )

    def unit(self, mark: str) -> int:
        """Number of a word or mark, -1 if the vocabulary lacks it."""
        return self.units.get("<number>" if mark[:1].isdigit() else mark.lower().replace("’", "'"), -1)

    def classes(self, sentence: Sequence[str]) -> Classes:
        """The class of each mark. Capitals inside a sentence make a name, unless the text is set in title case."""
        words = [mark for mark in sentence if mark[:1].isalpha()]
        titled = len(words) > 2 and sum(word[0].isupper() for word in words) > 0.6 * len(words)
        numbers, kinds, symbols = self.units, self.unit_classes, self.symbols
        name, number, other = symbols["<name>"], symbols["<number>"], symbols["<mark>"]
        found = np.empty(len(sentence), np.int64)
        opens = True
        for place, mark in enumerate(sentence):
            if not mark[:1].isalpha():
                found[place] = number if mark[:1].isdigit() else symbols.get(mark, other)
                opens = mark in _OPENS
                continue
            word = mark.lower().replace("’", "'")
            row = numbers.get(word)
            if row is None and "-" in word:
                row = numbers.get(word.rpartition("-")[2])
            kind = None if row is None else kinds[row]
            capital = mark[0].isupper()
            if capital and (kind is None or (kind >= len(symbols) and not titled and not opens)):
                kind = name
            elif kind is None:
                kind = next(kind for ending, kind in self.suffixes if word.endswith(ending))
            found[place] = kind
            opens = False
        return found

    def couple(self, previous: str, word: str) -> tuple[float, float]:
        """Of two words side by side: log(1 + count), and how much more likely they are than their classes say, nats.

        (0, 0) for a word outside the vocabulary; a negative second figure for common words that never meet.
        """
        first, second = self.unit(previous), self.unit(word)
        if first < 0 or second < 0:
            return 0.0, 0.0
        key = first * len(self.unit_classes) + second
        place = int(np.searchsorted(self.couple_keys, np.uint32(key)))
        seen = place < len(self.couple_keys) and int(self.couple_keys[place]) == key
        logged = int(self.couples[place]) * QUANTUM if seen else 0.0
        before, after = self.unit_classes[first], self.unit_classes[second]
        lift = float(self.pairs[before, after] - self.singles[after])
        expected = math.exp(min(float(self.unit_logs[first]) + float(self.unit_logs[second]) - self.size + lift, 30.0))
        return logged, math.log((math.expm1(logged) + DOUBT) / (expected + DOUBT))

    def logp(self, previous: str, word: str) -> float:
        """Log-probability (nats) of `word` coming right after `previous`, by their classes."""
        before, after = self.classes([previous, word]).tolist()
        return float(self.pairs[before, after])

    def steps(self, classes: Classes) -> Floats:
        """Log P(class | the two before it) for each place; a text starts as if after a full stop. Shape (n,)."""
        stop = self.symbols["."]
        padded = np.concatenate((np.array([stop, stop], np.int64), classes))
        first, second, third = padded[:-2], padded[1:-1], padded[2:]
        size = self.pairs.shape[0]
        keys = ((first * size + second) * size + third).astype(np.uint32)
        places = np.minimum(np.searchsorted(self.triple_keys, keys), max(len(self.triple_keys) - 1, 0))
        backed = self.backoff[first, second] + self.pairs[second, third]
        if not len(self.triple_keys):
            return backed
        seen = self.triple_keys[places] == keys
        return np.where(seen, self.triples[places] * np.float32(-QUANTUM), backed)

    def seams(self, sentence: Sequence[str]) -> Floats:
        """Log-probability (nats) of each mark given the two before it, backed off where they are new. Shape (n,)."""
        return self.steps(self.classes(sentence))

    def wedge(self, left: Sequence[str], phrase: Sequence[str], right: Sequence[str]) -> Wedge:
        """Judge `phrase` between what stands left and right of it in its sentence (twelve marks of each suffice)."""
        if not phrase:
            return Wedge(*(math.nan,) * 9)
        left, right = left[-12:], right[:12]
        whole = self.classes([*left, *phrase, *right])
        start, end = len(left), len(left) + len(phrase)
        stop = self.symbols["."]
        before = int(whole[start - 1]) if start else stop
        without = np.concatenate((whole[:start], whole[end:]))
        singles, pairs = self.singles, self.pairs
        edge = left[-1] if start else "."
        known_left, excess = self.couple(edge, phrase[0])
        into = float(pairs[before, whole[start]] - singles[whole[start]]) + excess
        if not right:
            return Wedge(into, math.nan, math.nan, known_left, *(math.nan,) * 5)
        after = int(whole[end])
        known_right, excess = self.couple(phrase[-1], right[0])
        out = float(pairs[whole[end - 1], after] - singles[after]) + excess
        known_joined, excess = self.couple(edge, right[0])
        joined = float(pairs[before, after] - singles[after]) + excess
        with_steps, without_steps = self.steps(whole)[start : end + 2], self.steps(without)[start : start + 2]
        with_lift = with_steps - singles[whole[start : end + 2]]
        without_lift = without_steps - singles[without[start : start + 2]]
        return Wedge(
            left=into,
            right=out,
            joined=joined,
            known_left=known_left,
            known_right=known_right,
            known_joined=known_joined,
            pair_gain=joined - into - out,
            gain=float(without_lift.mean() - with_lift.mean()),
            fluency_gain=float(without_steps.mean() - with_steps.mean()),
        )

    def deletion_gain(self, left: Sequence[str], phrase: Sequence[str], right: Sequence[str]) -> float:
        """How much better the sentence reads without the phrase, nats a step; NaN where nothing follows it."""
        return self.wedge(left, phrase, right).gain

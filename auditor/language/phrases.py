"""Phrases: how well words follow each other, so that a phrase wedged into a sentence shows at its two seams.

A class-based trigram model: function words and punctuation stand for themselves, every other word for the class of
words that occur in the same places (after Brown et al. 1992, "Class-Based n-gram Models of Natural Language"), smoothed
by Witten and Bell's method. Classes, not words, because what a wedge breaks is syntax, and because a table of
classes cannot remember the sentences that it was counted on.
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

from auditor.language.location import array

Floats = NDArray[np.float32]
Classes = NDArray[np.int64]

_MARK = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*|\d+(?:[.,:]\d+)*|[^\w\s]")
_OPENS: Final = frozenset('.!?:"“(•|')
QUANTUM: Final = 1 / 16
"""Log-probabilities of triples are kept as multiples of this, in one byte (0 … -16)."""


def marks(text: str) -> list[str]:
    """Words, numbers and punctuation marks in order, case kept; a hyphenated word is one. Linear in length."""
    return _MARK.findall(text)


@dataclass(frozen=True, slots=True)
class Wedge:
    """What the model says of one phrase in its place. Log-probability ratios in nats; NaN at a text's end.

    Lifts say how much more (positive) or less likely a step is than the words by themselves:
    `left` into the phrase, `right` out of it, `joined` over the gap if the phrase were not there.
    `pair_gain` and `gain` are the deletion test: mean lift of the steps without the phrase minus with it, by pairs and by
    triples; `fluency_gain` is the same on plain log-probability. Above zero: the sentence reads better without.
    """

    left: float
    right: float
    joined: float
    pair_gain: float
    gain: float
    fluency_gain: float


@dataclass(frozen=True, slots=True)
class Phrases:
    """Class-based statistics of running English.

    `symbols`: classes of one member (punctuation, function words) and the special classes, by their names.
    `by_word`: class of each vocabulary word. `suffixes`: for words the vocabulary lacks, ending → class, first match.
    `pairs` (classes, classes): log P(next | previous), smoothed. `singles` (classes,): log P. `backoff` (classes,
    classes): log of what is left for unseen triples after a pair. `triple_keys` sorted, `triples` in quanta.
    """

    symbols: Mapping[str, int]
    by_word: Mapping[str, int]
    suffixes: tuple[tuple[str, int], ...]
    pairs: Floats
    singles: Floats
    backoff: Floats
    triple_keys: NDArray[np.uint32]
    triples: NDArray[np.uint8]

    @classmethod
    def load(cls, folder: Path, declared: Mapping[str, Any], words: Sequence[str]) -> Phrases:
        """Read the tables; `words` is the vocabulary that the classes are stored for.

        Raises:
            ModelError: a file is missing or does not have the declared size.
        """
        count, triples = int(declared["classes"]), int(declared["triples"])
        symbols = {str(name): number for number, name in enumerate(declared["symbols"])}
        first = len(symbols)
        endings = [str(ending) for ending in declared["suffixes"]]
        by_word = dict(zip(words, array(folder / "phrase_classes.npy", "uint16", (len(words),)).tolist(), strict=True))
        return cls(
            symbols=symbols,
            by_word=by_word | symbols,
            suffixes=tuple((ending, first + number) for number, ending in enumerate(endings)),
            pairs=array(folder / "phrase_pairs.npy", "float16", (count, count)).astype(np.float32),
            singles=array(folder / "phrase_singles.npy", "float32", (count,)),
            backoff=array(folder / "phrase_backoff.npy", "float16", (count, count)).astype(np.float32),
            triple_keys=array(folder / "phrase_triple_keys.npy", "uint32", (triples,)),
            triples=array(folder / "phrase_triples.npy", "uint8", (triples,)),
        )

    def classes(self, sentence: Sequence[str]) -> Classes:
        """The class of each mark. Capitals inside a sentence make a name, unless the text is set in title case."""
        words = [mark for mark in sentence if mark[:1].isalpha()]
        titled = len(words) > 2 and sum(word[0].isupper() for word in words) > 0.6 * len(words)
        known, symbols = self.by_word, self.symbols
        name, number, other = symbols["<name>"], symbols["<number>"], symbols["<mark>"]
        found = np.empty(len(sentence), np.int64)
        opens = True
        for place, mark in enumerate(sentence):
            if not mark[:1].isalpha():
                found[place] = number if mark[:1].isdigit() else symbols.get(mark, other)
                opens = mark in _OPENS
                continue
            word = mark.lower().replace("’", "'")
            kind = known.get(word)
            if kind is None and "-" in word:
                kind = known.get(word.rpartition("-")[2])
            capital = mark[0].isupper()
            if capital and (kind is None or (kind >= len(symbols) and not titled and not opens)):
                kind = name
            elif kind is None:
                kind = next(kind for ending, kind in self.suffixes if word.endswith(ending))
            found[place] = kind
            opens = False
        return found

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
        """Log-probability (nats) of each mark given the two before it, backed off where the triple is new. Shape (n,)."""
        return self.steps(self.classes(sentence))

    def wedge(self, left: Sequence[str], phrase: Sequence[str], right: Sequence[str]) -> Wedge:
        """Judge `phrase` between what stands left and right of it in its sentence (twelve marks of each suffice)."""
        if not phrase:
            return Wedge(*(math.nan,) * 6)
        left, right = left[-12:], right[:12]
        whole = self.classes([*left, *phrase, *right])
        start, end = len(left), len(left) + len(phrase)
        stop = self.symbols["."]
        before = int(whole[start - 1]) if start else stop
        without = np.concatenate((whole[:start], whole[end:]))
        singles, pairs = self.singles, self.pairs
        into = float(pairs[before, whole[start]] - singles[whole[start]])
        if not right:
            return Wedge(into, math.nan, math.nan, math.nan, math.nan, math.nan)
        after = int(whole[end])
        out = float(pairs[whole[end - 1], after] - singles[after])
        joined = float(pairs[before, after] - singles[after])
        with_steps, without_steps = self.steps(whole)[start : end + 2], self.steps(without)[start : start + 2]
        with_lift = with_steps - singles[whole[start : end + 2]]
        without_lift = without_steps - singles[without[start : start + 2]]
        return Wedge(
            left=into,
            right=out,
            joined=joined,
            pair_gain=joined - into - out,
            gain=float(without_lift.mean() - with_lift.mean()),
            fluency_gain=float(without_steps.mean() - with_steps.mean()),
        )

    def deletion_gain(self, left: Sequence[str], phrase: Sequence[str], right: Sequence[str]) -> float:
        """How much better the sentence reads without the phrase, nats a step; NaN where nothing follows it."""
        return self.wedge(left, phrase, right).gain

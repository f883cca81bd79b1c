"""Word vectors: how near two texts are in subject, from words that keep the same company.

Positive pointwise mutual information of words within a window, cut down by a truncated SVD (Levy & Goldberg 2014,
"Neural Word Embedding as Implicit Matrix Factorization"); a text is the idf-weighted mean of its words with the
direction common to all texts taken out (Arora et al. 2017, "A Simple but Tough-to-Beat Baseline"), so that
two texts of unrelated subjects have a cosine near 0.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from auditor.errors import ModelError
from auditor.language.location import array
from auditor.language.words import STOPWORDS, stem

Ids = NDArray[np.int32]
Floats = NDArray[np.float32]
Whole = TypeVar("Whole", np.int32, np.int64)

UNKNOWN: Final = -1


class _Index(dict[str, int]):
    """Word → row; `UNKNOWN` for function words. A word that is not there is tried by its stem; of those only the last few are kept,
    so that hostile text cannot make it grow."""

    def __init__(self, rows: Iterable[tuple[str, int]]) -> None:
        super().__init__(rows)
        self._tried = lru_cache(maxsize=1 << 14)(self._try)

    def __missing__(self, word: str) -> int:
        return self._tried(word)

    def _try(self, word: str) -> int:
        if len(word) > 40 or not word[:1].isalpha():
            return UNKNOWN
        base = stem(word)
        for form in (base, base + "e", base + "s"):
            found = self.get(form, UNKNOWN)
            if found != UNKNOWN:
                return found
        return UNKNOWN


@dataclass(frozen=True, slots=True, eq=False)
class Vectors:
    """A vocabulary with one vector a word. Frozen: the arrays are read-only maps of the files.

    `words`: the vocabulary, most frequent first; no function words, no numbers. `rows`: int8, one row a word.
    `scales`: what a row is multiplied with. `idfs`: log of documents over documents with the word.
    """

    words: tuple[str, ...]
    rows: NDArray[np.int8]
    scales: Floats
    idfs: Floats
    index: Mapping[str, int]

    @classmethod
    def load(cls, folder: Path, declared: Mapping[str, Any]) -> Vectors:
        """Read the files that `declared` (the model's own description) names.

        Raises:
            ModelError: a file is missing or does not have the declared size.
        """
        count, dimensions = int(declared["words"]), int(declared["dimensions"])
        path = folder / "words.txt"
        try:
            words = tuple(path.read_text(encoding="utf-8").split("\n"))
        except (OSError, UnicodeDecodeError):
            raise ModelError(f"{path.name} is missing or damaged; reinstall the package or train again") from None
        if len(words) != count:
            raise ModelError(f"{path.name} has {len(words)} words where {count} are declared; train again")
        return cls(
            words=words,
            rows=array(folder / "vectors.npy", "int8", (count, dimensions)),
            scales=array(folder / "vector_scales.npy", "float32", (count,)),
            idfs=array(folder / "idfs.npy", "float32", (count,)),
            # Half of running text are function words: that they have no row is quickest told by an entry.
            index=_Index([*zip(words, range(count), strict=True), *((word, UNKNOWN) for word in STOPWORDS)]),
        )

    @property
    def dimensions(self) -> int:
        return int(self.rows.shape[1])

    @property
    def matrix(self) -> Floats:
        """All vectors as float32, shape (words, dimensions). Made anew on every call: keep it."""
        return self.rows.astype(np.float32) * self.scales[:, None]

    def ids(self, words: Sequence[str]) -> Ids:
        """Rows of the known words in their order, unknown ones, numbers and function words dropped. Shape (n,)."""
        found = np.fromiter(map(self.index.__getitem__, words), dtype=np.int32, count=len(words))
        return found[found >= 0]

    def weights(self, ids: Ids) -> Floats:
        """How much each word says about the subject: its idf. Shape of `ids`."""
        return self.idfs[ids]

    def directions(self, ids: Ids) -> Floats:
        """Unit vectors of single words, shape (n, dimensions); how frequent a word is has no part in them."""
        rows: Floats = self.rows[ids].astype(np.float32)
        lengths: Floats = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), np.float32(1e-6))
        return rows / lengths

    def mean(self, words: Sequence[str] | Ids) -> Floats:
        """The text's vector: idf-weighted mean of its words, of unit length; zeros if no word is known."""
        ids = words if isinstance(words, np.ndarray) else self.ids(words)
        if not ids.size:
            return np.zeros(self.dimensions, np.float32)
        unique, counts = _counted(ids)
        return _unit((self.idfs[unique] * self.scales[unique] * counts).astype(np.float32), self.rows[unique])

    def weighted(self, counts: Mapping[str, int]) -> Floats:
        """The vector of a text of which only is known how often it has each word, as `mean` gives it."""
        ids = np.fromiter(map(self.index.__getitem__, counts), dtype=np.int64, count=len(counts))
        return self.gathered(ids, np.fromiter(counts.values(), dtype=np.int64, count=len(counts)))

    def gathered(self, ids: NDArray[np.int64], times: NDArray[np.int64]) -> Floats:
        """The vector of a text of which only is known how often it has the word of each row; rows below 0 are unknown words'."""
        known = ids >= 0
        if not known.any():
            return np.zeros(self.dimensions, np.float32)
        order = np.argsort(ids[known])
        ordered = ids[known][order]
        places = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
        unique = ordered[places]
        summed = np.add.reduceat(times[known][order], places)
        return _unit((self.idfs[unique] * self.scales[unique] * summed).astype(np.float32), self.rows[unique])

    def means(self, texts: Sequence[Sequence[str]]) -> list[Floats]:
        """The vector of each of some short texts, as `mean` gives it; what costs the same for one as for many is paid once."""
        made: list[Floats] = []
        for first, last in _batches(texts):
            made += self._means(texts[first:last])
        return made

    def _means(self, texts: Sequence[Sequence[str]]) -> list[Floats]:
        words = list(chain.from_iterable(texts))
        found = np.fromiter(map(self.index.__getitem__, words), dtype=np.int64, count=len(words))
        known = found >= 0
        # A word's number and that of its text in one, so that all texts are counted in one sort.
        numbers = found + np.repeat(np.arange(len(texts)) * len(self.words), [len(text) for text in texts])
        none = np.zeros(self.dimensions, np.float32)
        if not known.any():
            return [none] * len(texts)
        unique, counts = _counted(numbers[known])
        places, ids = np.divmod(unique, len(self.words))
        weights = (self.idfs[ids] * self.scales[ids] * counts).astype(np.float32)
        rows = self.rows[ids].astype(np.float32)
        bounds = np.searchsorted(places, np.arange(len(texts) + 1)).tolist()
        return [_unit(weights[a:b], rows[a:b]) if a < b else none for a, b in pairwise(bounds)]

    def idf(self, word: str) -> float:
        """Natural-log inverse document frequency; 0 for function words, unknown words the highest."""
        if word in STOPWORDS:
            return 0.0
        row = self.index[word]
        if row != UNKNOWN:
            return float(self.idfs[row])
        return float(self.idfs.min() if word[:1].isdigit() else self.idfs.max())


def _unit(weights: Floats, rows: NDArray[np.int8] | Floats) -> Floats:
    total: Floats = weights @ rows
    length = np.sqrt(total.dot(total))
    return total / length if length > 1e-6 else np.zeros(len(total), np.float32)


_BATCH: Final = 4096
"""Words whose vectors are laid out together: two megabytes."""


def _batches(texts: Sequence[Sequence[str]]) -> Iterator[tuple[int, int]]:
    """Stretches of some texts that have about `_BATCH` words each."""
    first = words = 0
    for number, text in enumerate(texts):
        words += len(text)
        if words >= _BATCH:
            yield first, number + 1
            first, words = number + 1, 0
    if first < len(texts):
        yield first, len(texts)


def _counted(ids: NDArray[Whole]) -> tuple[NDArray[Whole], NDArray[np.int64]]:
    """The distinct ones of some ids in order and how often each occurs, as `np.unique` has them at four times the cost."""
    ordered = np.sort(ids)
    first = np.empty(len(ordered), dtype=np.bool_)
    first[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    places = np.flatnonzero(first)
    counts = np.empty(len(places), dtype=np.int64)
    np.subtract(places[1:], places[:-1], out=counts[:-1])
    counts[-1] = len(ordered) - places[-1]
    return ordered[places], counts


def cosine(a: Floats, b: Floats) -> float:
    """Cosine of two vectors, -1 … 1; NaN where one of them is zero, "nothing known" being no similarity."""
    lengths = float(np.linalg.norm(a)) * float(np.linalg.norm(b))
    return float(a @ b) / lengths if lengths > 1e-9 else math.nan

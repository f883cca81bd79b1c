"""Prose: an article's running text cut into sentences and words once, for all who count in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, chain

import numpy as np
from numpy.typing import NDArray

from auditor.features.occurrence import folded, keys
from auditor.language.words import INVISIBLE, STOPWORDS, root, tokens_of
from auditor.page.page import Kind, Page, Paragraph, Role
from auditor.page.prose import sentences

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]

_LARGEST = 1 << 62


def prose(page: Page) -> Iterator[tuple[int, Paragraph]]:
    """The article's running text with its indices: no headings, cells, captions, quotations or listings."""
    roles = [block.role for block in page.blocks]
    for index, paragraph in enumerate(page.paragraphs):
        if (
            roles[paragraph.block] is Role.ARTICLE
            and paragraph.hidden is None
            and paragraph.kind in (Kind.TEXT, Kind.ITEM)
        ):
            yield index, paragraph


@dataclass(frozen=True, slots=True, eq=False)
class Prose:
    """Running text in plain letters, its words as numbers: those of one sentence and one paragraph stand together."""

    paragraphs: tuple[int, ...]
    """Indices in `Page.paragraphs`."""
    texts: tuple[str, ...]
    """Each paragraph as it is written."""
    plain: tuple[str, ...]
    """Each paragraph in plain letters."""
    sentences: tuple[tuple[int, int, int], ...]
    """(number of its paragraph here, first character, last)."""
    lines: tuple[list[str], ...]
    """The words of each sentence."""
    vocabulary: tuple[str, ...]
    """The distinct words, in the order of their first use."""
    words: Numbers
    """Each word's place in the vocabulary."""
    line_starts: tuple[int, ...]
    """Where each sentence begins in `words`, and the end of the last."""
    starts: tuple[int, ...]
    """Where each paragraph begins in `words`, and the end of the last."""
    roots: tuple[str, ...]
    """The distinct stems of what carries a subject, in order of first use; the empty one first, for the other words."""
    stems: Numbers
    """Each word's place in `roots`; 0 for function words, figures and single letters."""
    roots_of: Numbers
    """The same for each word of the vocabulary."""
    pieces: frozenset[str] | None
    """The vocabulary cut at apostrophes; None where invisible characters join words to a reader that a pattern reads apart."""
    spelled: str
    """The vocabulary, parted by blanks: whether letters stand in any word is told by this, a third of the text."""

    def holding(self, cues: Iterable[str]) -> frozenset[int]:
        """Indices in `Page.paragraphs` of those that hold any of some parts of words."""
        known = [cue for cue in cues if cue in self.spelled]
        if not known:
            return frozenset()
        pairs = zip(self.paragraphs, self.plain, strict=True)
        return frozenset(index for index, text in pairs if any(cue in text for cue in known))

    def able(self, name: str, section: str) -> frozenset[int]:
        """Indices of the paragraphs that can hold a phrase of a section of a data file, as `pattern` would find it: all of its words
        are in the vocabulary, and the longest of them in the paragraph."""
        known, words = keys(name, section), self.pieces
        if words is None:
            return frozenset(self.paragraphs)
        return self.holding([word for word in known.keys() & words if any(need <= words for need in known[word])])


@lru_cache(maxsize=2)
def prose_of(page: Page) -> Prose:
    """The running text of a page's article."""
    plain = folded(page).texts
    body = list(prose(page))
    spans = [
        (number, start, end) for number, (_, paragraph) in enumerate(body) for start, end in sentences(paragraph.text)
    ]
    lines = tokens_of([plain[body[number][0]][start:end] for number, start, end in spans])
    line_starts = list(accumulate(map(len, lines), initial=0))
    ends = dict(zip((number for number, _, _ in spans), line_starts[1:], strict=True))
    every = list(chain.from_iterable(lines))
    numbers = dict.fromkeys(every, 0)
    vocabulary = tuple(numbers)
    numbers.update(zip(vocabulary, range(len(vocabulary)), strict=True))
    words = np.fromiter(map(numbers.__getitem__, every), dtype=np.int64, count=len(every))
    of_words = list(map(root, vocabulary))
    roots = dict.fromkeys(("", *of_words), 0)
    roots.update(zip(tuple(roots), range(len(roots)), strict=True))
    starts = [0]
    for number in range(len(body)):
        starts.append(ends.get(number, starts[-1]))
    roots_of = np.fromiter(map(roots.__getitem__, of_words), dtype=np.int64, count=len(of_words))
    spelled = " ".join(vocabulary)
    shown = not any(mark in plain[index] for index, _ in body if not plain[index].isascii() for mark in INVISIBLE)
    return Prose(
        paragraphs=tuple(index for index, _ in body),
        texts=tuple(paragraph.text for _, paragraph in body),
        plain=tuple(plain[index] for index, _ in body),
        sentences=tuple(spans),
        lines=tuple(lines),
        vocabulary=vocabulary,
        words=words,
        line_starts=tuple(line_starts),
        starts=tuple(starts),
        roots=tuple(roots),
        stems=roots_of[words],
        roots_of=roots_of,
        pieces=frozenset(spelled.replace("'", " ").split()) if shown else None,
        spelled=spelled,
    )


def runs(numbers: Numbers, size: int) -> Numbers:
    """One number for each run of `size` neighbours; equal numbers for equal runs. Shape (len(numbers) - size + 1,), or (0,)."""
    count = len(numbers) - size + 1
    if count <= 0:
        return np.zeros(0, np.int64)
    radix = int(numbers.max()) + 1
    keys = numbers[:count]
    most = radix
    for step in range(1, size):
        if (
            most > _LARGEST // radix
        ):  # so many different words that their numbers would not fit: the runs so far are numbered anew
            kept, keys = np.unique(keys, return_inverse=True)
            most = len(kept)
        keys = keys * radix + numbers[step : step + count]
        most *= radix
    return keys


def counted(keys: Numbers) -> tuple[Numbers, Numbers]:
    """The distinct ones of some numbers and how often each occurs."""
    if not len(keys):
        return keys, keys
    ordered = np.sort(keys)
    places = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
    return ordered[places], np.diff(places, append=len(ordered))


def carried(words: Sequence[str]) -> Flags:
    """Whether each of some words is no function word."""
    return np.array([word not in STOPWORDS for word in words], dtype=np.bool_)

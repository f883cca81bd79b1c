"""Digest: what the language statistics say of one page, computed once and shared by features and checks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import dataclass
from functools import lru_cache
from sys import intern

import numpy as np
from numpy.typing import NDArray

from auditor.language import Language
from auditor.language.vectors import Vectors
from auditor.language.words import content, root, stem, tokens
from auditor.page.page import Kind, Page, Role

Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Digest:
    """The article of one page in numbers."""

    text: str
    """The article's paragraphs, one a line."""
    vocabulary: tuple[str, ...]
    """Its distinct words, in the order of their first use."""
    numbers: NDArray[np.int32]
    """Every word's place in the vocabulary: a tenth of the memory that the words take."""
    stems: Mapping[str, int]
    """Content stems of the article with their counts, headings included."""
    vector: Vector
    """Unit length; zeros where no word is known or the page is not English."""
    topic: str
    """Largest topic; empty where it cannot be told."""
    shares: NDArray[np.float64]
    """Probability of each topic, summing to 1; zeros where it cannot be told."""
    title_stems: frozenset[str]
    title_vector: Vector
    hosts: Mapping[str, int]
    """External registrable domains linked from the article, with the number of links."""
    english: bool

    @property
    def words(self) -> int:
        """How many words the article has."""
        return len(self.numbers)

    @property
    def tokens(self) -> list[str]:
        """The article's words in order."""
        return [self.vocabulary[number] for number in self.numbers.tolist()]

    def count(self, sought: Set[str]) -> int:
        """How often the article has any of some words."""
        found = [number for number, word in enumerate(self.vocabulary) if word in sought]
        return sum(int(np.count_nonzero(self.numbers == number)) for number in found)


class _Known(dict[str, tuple[str, int, str]]):
    """Words with what a digest asks of each, in one place: the word itself, as all digests share it, its row and its root. Most words of
    a page were on other pages of its site, and every table asked is a walk through memory that no cache holds."""

    def __init__(self, vectors: Vectors) -> None:
        super().__init__()
        self.vectors = vectors

    def __missing__(self, word: str) -> tuple[str, int, str]:
        found = intern(word), self.vectors.index[word], root(word)
        if len(word) <= _LONGEST:
            if len(self) >= _MOST:
                self.clear()
            self[word] = found
        return found


_LONGEST = 40
_MOST = 1 << 15


@lru_cache(maxsize=2)
def _known(vectors: Vectors) -> _Known:
    return _Known(vectors)


MINIMUM_WORDS = 40
"""Below this an article has no topic that could be trusted."""


def digest(page: Page, language: Language) -> Digest:
    """Read a page's article with the language statistics. Sidebar, menu and comment words have no part in it."""
    code, article = Kind.CODE, Role.ARTICLE
    text = "\n".join([p.text for p in page.article if p.kind is not code])
    words = tokens(text)
    # Most of what is asked of a word is asked of it once, however often it occurs.
    counts = Counter(words)
    times = list(counts.values())
    asked = _known(language.vectors)
    found = [asked[word] for word in counts]
    english = page.language in ("en", "")
    known = english and len(words) >= MINIMUM_WORDS
    vectors = language.vectors
    vector = (
        vectors.gathered(np.array([row for _, row, _ in found], np.int64), np.array(times, np.int64))
        if known
        else vectors.mean([])
    )
    shares = np.zeros(len(language.topics.names))
    if known and vector.any():
        shares = np.asarray(language.topics.shares(vector), dtype=np.float64)
    stems: dict[str, int] = {}
    for (_, _, base), count in zip(found, times, strict=True):
        if base:
            stems[base] = stems.get(base, 0) + count
    places = dict(zip(counts, range(len(counts)), strict=True))
    title = tokens(page.title)
    of_article = [block.role is article for block in page.blocks]
    return Digest(
        text=text,
        vocabulary=tuple([word for word, _, _ in found]),
        numbers=np.fromiter(map(places.__getitem__, words), dtype=np.int32, count=len(words)),
        stems=stems,
        vector=vector,
        topic=language.topics.names[int(shares.argmax())] if shares.any() else "",
        shares=shares,
        title_stems=frozenset(map(stem, content(title))),
        title_vector=vectors.mean(title) if english else vectors.mean([]),
        hosts=Counter([link.host for link in page.links if link.external and of_article[link.block]]),
        english=english,
    )

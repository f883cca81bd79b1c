"""Digest: what the language statistics say of one page, computed once and shared by features and checks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import dataclass
from sys import intern

import numpy as np
from numpy.typing import NDArray

from auditor.language import Language
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


MINIMUM_WORDS = 40
"""Below this an article has no topic that could be trusted."""


def digest(page: Page, language: Language) -> Digest:
    """Read a page's article with the language statistics. Sidebar, menu and comment words have no part in it."""
    text = "\n".join(p.text for p in page.article if p.kind is not Kind.CODE)
    words = tokens(text)
    # Most of what is asked of a word is asked of it once, however often it occurs.
    counts = Counter(map(intern, words))
    english = page.language in ("en", "")
    known = english and len(words) >= MINIMUM_WORDS
    vectors = language.vectors
    vector = vectors.weighted(counts) if known else vectors.mean([])
    shares = np.zeros(len(language.topics.names))
    if known and vector.any():
        shares = np.asarray(language.topics.shares(vector), dtype=np.float64)
    stems: Counter[str] = Counter()
    for word, count in counts.items():
        if base := root(word):
            stems[base] += count
    places = dict(zip(counts, range(len(counts)), strict=True))
    title = tokens(page.title)
    roles = [block.role for block in page.blocks]
    return Digest(
        text=text,
        vocabulary=tuple(counts),
        numbers=np.fromiter(map(places.__getitem__, words), dtype=np.int32, count=len(words)),
        stems=stems,
        vector=vector,
        topic=language.topics.names[int(shares.argmax())] if shares.any() else "",
        shares=shares,
        title_stems=frozenset(map(stem, content(title))),
        title_vector=vectors.mean(title) if english else vectors.mean([]),
        hosts=Counter(link.host for link in page.links if link.external and roles[link.block] is Role.ARTICLE),
        english=english,
    )

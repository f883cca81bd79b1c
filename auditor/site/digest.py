"""Digest: what the language statistics say of one page, computed once and shared by features and checks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from auditor.language import Language
from auditor.language.words import content, stem, tokens
from auditor.page.page import Kind, Page, Role

Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Digest:
    """The article of one page in numbers."""

    text: str
    """The article's paragraphs, one a line."""
    tokens: tuple[str, ...]
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
        return len(self.tokens)


MINIMUM_WORDS = 40
"""Below this an article has no topic that could be trusted."""


def digest(page: Page, language: Language) -> Digest:
    """Read a page's article with the language statistics. Sidebar, menu and comment words have no part in it."""
    text = "\n".join(p.text for p in page.article if p.kind is not Kind.CODE)
    words = tokens(text)
    english = page.language in ("en", "")
    carried = content(words)
    known = english and len(words) >= MINIMUM_WORDS
    vectors = language.vectors
    vector = vectors.mean(words) if known else vectors.mean([])
    shares = np.zeros(len(language.topics.names))
    if known and vector.any():
        shares = np.asarray(language.topics.shares(vector), dtype=np.float64)
    title = tokens(page.title)
    roles = [block.role for block in page.blocks]
    return Digest(
        text=text,
        tokens=tuple(words),
        stems=Counter(map(stem, carried)),
        vector=vector,
        topic=language.topics.names[int(shares.argmax())] if shares.any() else "",
        shares=shares,
        title_stems=frozenset(map(stem, content(title))),
        title_vector=vectors.mean(title) if english else vectors.mean([]),
        hosts=Counter(link.host for link in page.links if link.external and roles[link.block] is Role.ARTICLE),
        english=english,
    )

"""The features of one related block: do its entries belong to the article, to the site, to each other?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from auditor.features.feature import NAN, Catalogue
from auditor.language import Language, lexicons
from auditor.language.vice import vice
from auditor.language.words import content, tokens
from auditor.page import sections
from auditor.page.page import Block
from auditor.site.digest import Digest, Vector
from auditor.site.site import Site

MINIMUM_ITEMS = 2
"""Below this a list of related posts says nothing about a pattern."""


def claims_relation(block: Block) -> bool:
    """Whether a block of enough entries says that they have to do with the article. One that an advertising network fills makes no
    such claim and cannot break it."""
    return len(block.items) >= MINIMUM_ITEMS and not block.vendor and sections.claims_relation(block.heading)


@dataclass(slots=True)
class BlockView:
    """One related block beside its article and its site."""

    block: Block
    digest: Digest
    site: Site
    language: Language
    vectors: NDArray[np.float32] = field(init=False)
    """One unit vector an entry, shape (items, dimensions); zero rows where no word is known."""
    similarities: NDArray[np.float64] = field(init=False)
    """Cosine of each entry's title with the article, NaN where unknown."""
    kinships: NDArray[np.float64] = field(init=False)
    """How close each entry's single words are to the article's own (see `kinship`), NaN where unknown."""
    theme: Vector = field(init=False)
    shares: NDArray[np.float64] = field(init=False)

    def __post_init__(self) -> None:
        words = [tokens(item.title) for item in self.block.items]
        self.vectors = np.array([self.language.vectors.mean(found) for found in words], dtype=np.float32)
        self.similarities = _cosines(self.vectors, self.digest.vector)
        telling = telling_words(self.digest, self.language)
        self.kinships = np.array([kinship(found, telling, self.language) for found in words])
        self.theme = self.site.theme(self.digest)
        self.shares = np.array([self.language.topics.shares(row) for row in self.vectors if row.any()])

    @property
    def own_subject(self) -> bool:
        """Whether the site has a subject and every entry is about it, however far from this article: then it is the article that is
        out of place."""
        known = _known(_cosines(self.vectors, self.theme))
        return bool(len(known)) and float(known.min()) >= OWN and self.site.coherence >= COHERENT


OWN = 0.1
"""Cosine with the site's theme that every entry reaches where they are the site's own subject. Titles of other sites lie at
0 ± 0.16, so that three of them hardly ever reach it together."""
COHERENT = 0.25
"""Mean cosine of a site's articles to each other from which on it has a subject: twice that of two articles of one topic from
different sites (0.125). The clean sites lie above 0.39, farms that write about everything below 0.2."""
TELLING = 40
"""How many words stand for an article."""
NEAREST = 3
"""How many of them a title's word is compared with: by its nearest alone any word finds a neighbour by chance."""


def telling_words(digest: Digest, language: Language) -> NDArray[np.float32]:
    """Unit vectors of the words that say most about an article, shape (at most `TELLING`, dimensions): those it repeats (all, where
    it repeats hardly any), by idf times the logarithm of their count. One pass over the distinct words."""
    vectors = language.vectors
    repeated = [(word, count) for word, count in digest.stems.items() if count > 1]
    counted = repeated if len(repeated) >= 10 else list(digest.stems.items())
    known = [(row, count) for word, count in counted if (row := vectors.index[word]) >= 0]
    rows = np.array([row for row, _ in known], dtype=np.int32)
    weights = vectors.weights(rows) * np.log1p([count for _, count in known])
    return vectors.directions(rows[np.argsort(-weights, kind="stable")[:TELLING]])


def kinship(words: Sequence[str], telling: NDArray[np.float32], language: Language) -> float:
    """Mean cosine of a title's words, weighted by idf, each with the `NEAREST` telling words of the article that are nearest to it:
    a relaxed word mover's similarity (Kusner et al. 2015, "From Word Embeddings to Document Distances"). A short title with one
    fitting word among odd ones is seen by it where its mean vector points elsewhere. NaN where no word is known."""
    ids = language.vectors.ids(list(dict.fromkeys(content(words))))
    if not len(ids) or not len(telling):
        return NAN
    near = np.sort(language.vectors.directions(ids) @ telling.T, axis=1)[:, -NEAREST:].mean(axis=1)
    weights = language.vectors.weights(ids)
    return float(near @ weights / weights.sum())


def _cosines(rows: NDArray[np.float32], vector: Vector) -> NDArray[np.float64]:
    if not len(rows):
        return np.zeros(0)
    found = (rows @ vector).astype(np.float64)
    found[~rows.any(axis=1)] = NAN
    return found if vector.any() else np.full(len(rows), NAN)


def _known(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return values[~np.isnan(values)]


RELATED: Catalogue[BlockView] = Catalogue("related")
feature = RELATED.feature


@feature("how close its titles are to the article on average", -1)
def mean_similarity(view: BlockView) -> float:
    known = _known(view.similarities)
    return float(known.mean()) if len(known) else NAN


@feature("how close its closest title is to the article", -1)
def best_similarity(view: BlockView) -> float:
    known = _known(view.similarities)
    return float(known.max()) if len(known) else NAN


@feature("how close its most distant title is to the article", -1)
def worst_similarity(view: BlockView) -> float:
    known = _known(view.similarities)
    return float(known.min()) if len(known) else NAN


@feature("share of its titles that have nothing to do with the article", +1)
def stray_share(view: BlockView) -> float:
    known = _known(view.similarities)
    return float((known < 0.1).mean()) if len(known) else NAN


@feature("how close the words of its titles are to the article's own on average", -1)
def mean_kinship(view: BlockView) -> float:
    known = _known(view.kinships)
    return float(known.mean()) if len(known) else NAN


@feature("how close the words of its closest title are to the article's own", -1)
def best_kinship(view: BlockView) -> float:
    known = _known(view.kinships)
    return float(known.max()) if len(known) else NAN


@feature("how close the words of its most distant title are to the article's own", -1)
def worst_kinship(view: BlockView) -> float:
    known = _known(view.kinships)
    return float(known.min()) if len(known) else NAN


@feature("how close its titles are to what the site is about", -1)
def site_similarity(view: BlockView) -> float:
    known = _known(_cosines(view.vectors, view.theme))
    return float(known.mean()) if len(known) else NAN


@feature("how close its titles are to each other")
def mutual_similarity(view: BlockView) -> float:
    rows = view.vectors[view.vectors.any(axis=1)]
    if len(rows) < 2:
        return NAN
    total = rows.sum(axis=0)
    return float((total @ total - len(rows)) / (len(rows) * (len(rows) - 1)))


@feature("probability mass its titles put on the article's own topics", -1)
def topic_agreement(view: BlockView) -> float:
    if not len(view.shares) or not view.digest.shares.any():
        return NAN
    return float((view.shares @ view.digest.shares).mean())


@feature("how many topics its titles are about (entropy)", +1)
def topic_entropy(view: BlockView) -> float:
    if len(view.shares) < 2:
        return NAN
    mean = view.shares.mean(axis=0)
    return float(-(mean * np.log(mean + 1e-12)).sum())


@feature("share of its titles that bait (net worth, you won't believe)", +1)
def bait_share(view: BlockView) -> float:
    items = view.block.items
    return sum(lexicons.clickbait(item.title) for item in items) / len(items) if items else NAN


@feature("share of its titles that sell a grey trade", +1)
def vice_share(view: BlockView) -> float:
    items = view.block.items
    return sum(any(hit.hard for hit in vice(item.title)) for item in items) / len(items) if items else NAN


@feature("share of its entries that lead to other sites")
def external_share(view: BlockView) -> float:
    items = view.block.items
    return sum(item.external for item in items) / len(items) if items else NAN

"""The features of one related block: do its entries belong to the article, to the site, to each other?"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from auditor.features.feature import NAN, Catalogue
from auditor.language import Language, lexicons
from auditor.language.vice import vice
from auditor.language.words import content, stem, tokens
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
    theme: Vector = field(init=False)
    shares: NDArray[np.float64] = field(init=False)

    def __post_init__(self) -> None:
        words = [tokens(item.title) for item in self.block.items]
        self.vectors = np.array([self.language.vectors.mean(found) for found in words], dtype=np.float32)
        self.similarities = _cosines(self.vectors, self.digest.vector)
        self.theme = self.site.theme(self.digest)
        self.shares = np.array([self.language.topics.shares(row) for row in self.vectors if row.any()])

    @property
    def own_subject(self) -> bool:
        """Whether every entry is about what the site is about, however far from this article."""
        known = _known(_cosines(self.vectors, self.theme))
        return bool(len(known)) and float(known.min()) >= OWN


OWN = 0.1
"""Cosine with the site's theme that every entry reaches where they are the site's own subject: then it is the article that is out of
place. Titles of other sites lie at 0 ± 0.16, so that three of them hardly ever reach it together."""


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


@feature("share of its titles that share a word with the article's title or text", -1)
def shared_words(view: BlockView) -> float:
    stems = [frozenset(map(stem, content(tokens(item.title)))) for item in view.block.items]
    known = view.digest.stems
    shares = [sum(known.get(word, 0) >= 2 for word in own) / len(own) for own in stems if own]
    return float(np.mean(shares)) if shares else NAN


@feature("how close its titles are to what the site is about", -1)
def site_similarity(view: BlockView) -> float:
    known = _known(_cosines(view.vectors, view.theme))
    return float(known.mean()) if len(known) else NAN


@feature("how close its titles are to each other", -1)
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


@feature("number of its entries")
def entries(view: BlockView) -> float:
    return float(min(len(view.block.items), 20))


@feature("words in the article (log)")
def article_length(view: BlockView) -> float:
    return float(np.log1p(view.digest.words))

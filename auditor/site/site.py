"""Site: the pages of one registrable domain (or one folder) together, and their theme."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from heapq import heappush, heappushpop
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from auditor.page.page import Page
from auditor.page.standing import Standing
from auditor.site.digest import Digest, Vector
from auditor.site.entry import Entry, entry

SAMPLE = 4096
"""Articles that one is compared with; of more, every page's comparison would cost as much as the site has pages."""
ARTICLE_WORDS = 150
"""Words from which a page's article counts as one."""
MINIMUM_PAGES = 10
"""Below this a site has no norm that one of its pages could be held to."""


@dataclass(frozen=True, slots=True)
class Site:
    """Pages together. `mean` and `spread` describe the articles' vectors, pages without one left out."""

    name: str
    pages: int
    entries: Iterable[Entry]
    """What it keeps of each page, in order of their names; may be read more than once. Empty in a copy for one page's sake."""
    hosts: Mapping[str, int]
    """External domains with the number of articles that link to them."""
    shares: NDArray[np.float64]
    """Mean topic shares of its articles; zeros where none is known."""
    vectors: NDArray[np.float32]
    """The articles' unit vectors, shape (known, dimensions); of a large site those of `SAMPLE` articles, always the same."""
    sampled: frozenset[str]
    """The names of those articles, where they are a sample; empty where they are all."""
    coherence: float
    """Mean cosine of its articles to each other, 0 to 1; low for a general magazine, NaN below three articles."""
    total: Vector
    """Sum of the articles' unit vectors."""
    known: int
    """How many articles have a vector."""
    address_words: frozenset[str]
    """Words of its name, for "is this place the site's own?"."""
    standing: frozenset[Standing]
    """Which standing pages its pages link to or are: about, contact, privacy …"""
    framed: int
    """How many of its pages have menus or a footer, in which such links would stand."""
    outward: float = float("nan")
    """Links to other sites that all but one in twenty of its articles have at most; NaN where there is no article."""

    def theme(self, without: Digest | None = None) -> Vector:
        """Unit vector of the site's articles, one of them left out; zeros where fewer than three others are known."""
        total, known = self.total, self.known
        if without is not None and without.vector.any():
            total, known = total - without.vector, known - 1
        length = float(np.linalg.norm(total))
        if known < 3 or length < 1e-6:
            return np.zeros_like(self.total)
        return (total / length).astype(np.float32)

    def nearest(self, name: str, read: Digest, count: int = 3) -> float:
        """Mean cosine of one of the site's articles to the `count` nearest others of it; NaN where there are fewer."""
        if not read.vector.any() or self.known <= count:
            return float("nan")
        near = np.sort(self.vectors @ read.vector)[::-1]
        itself = 0 if self.sampled and name not in self.sampled else 1  # where it is among them, it comes first
        return float(near[itself : count + itself].mean())

    def lean(self) -> Site:
        """The site without its entries: all that one of its pages is held against."""
        return replace(self, entries=())


def gather(name: str, pages: Iterable[tuple[Page, Digest]]) -> Site:
    """Put the pages of one site together; keeps nothing of a page but its entry."""
    return assemble(name, [entry(page, read) for page, read in pages])


def assemble(name: str, entries: Iterable[Entry]) -> Site:
    """Put entries together. One pass, in the order given; of the entries themselves nothing is kept but the iterable and the vectors
    of a sample."""
    hosts: Counter[str] = Counter()
    sample = Sample()
    shares: NDArray[np.float64] = np.zeros(0)
    total: Vector | None = None
    pages = framed = 0
    outward: list[int] = []
    stands: set[Standing] = set()
    for one in entries:
        pages += 1
        hosts.update(one.hosts)
        if total is None:
            total = np.zeros_like(one.vector)
        if one.vector.any():
            total = total + one.vector
            sample.add(one.name, one.vector)
            shares = shares + one.shares if shares.size else one.shares
        stands |= one.standing
        framed += one.framed
        if one.words >= ARTICLE_WORDS:
            outward.append(one.outward)
    return Site(
        name=name,
        pages=pages,
        entries=entries,
        hosts=hosts,
        shares=shares / max(sample.seen, 1),
        vectors=sample.vectors(),
        sampled=sample.names() if sample.seen > SAMPLE else frozenset(),
        coherence=_coherence(total, sample.seen),
        total=total if total is not None else np.zeros(0, dtype=np.float32),
        known=sample.seen,
        address_words=frozenset(name.lower().replace("-", " ").replace(".", " ").split()),
        standing=frozenset(stands),
        framed=framed,
        outward=float(np.quantile(outward, 0.95, method="lower")) if outward else float("nan"),
    )


def _coherence(total: Vector | None, known: int) -> float:
    if total is None or known < 3:
        return float("nan")
    return (float(total @ total) - known) / (known * (known - 1))


class Sample:
    """The vectors of at most `SAMPLE` articles: those whose names have the smallest hashes, in whatever order they come."""

    def __init__(self) -> None:
        self.seen = 0
        self._kept: list[tuple[int, int, str, Vector]] = []  # a heap, the largest hash first

    def add(self, name: str, vector: Vector) -> None:
        """Take an article in, and another out where there are too many."""
        rank = int.from_bytes(blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
        held = (-rank, self.seen, name, vector)
        self.seen += 1
        if len(self._kept) < SAMPLE:
            heappush(self._kept, held)
        else:
            heappushpop(self._kept, held)

    def vectors(self) -> NDArray[np.float32]:
        """In the order in which they came. Shape (kept, dimensions)."""
        ordered = sorted(self._kept, key=itemgetter(1))
        return (
            np.array([vector for *_, vector in ordered], dtype=np.float32) if ordered else np.zeros((0, 0), np.float32)
        )

    def names(self) -> frozenset[str]:
        return frozenset(name for _, _, name, _ in self._kept)


def site_name(page: Page) -> str:
    """Which site a page belongs to: its registrable domain; of a file without one, its folder."""
    return page.site or (page.snapshot.path or "-").rpartition("/")[0] or "."

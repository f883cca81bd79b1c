"""Site: the pages of one registrable domain (or one folder) together, and their theme."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from auditor.page.page import Page, Role
from auditor.page.sections import claims_relation
from auditor.page.standing import Standing, by_address, standing
from auditor.site.digest import Digest, Vector

MINIMUM_PAGES = 10
"""Below this a site has no norm that one of its pages could be held to."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a site keeps of one page; small, so that a site of many pages fits in memory."""

    name: str
    title: str
    vector: Vector
    topic: str
    words: int
    related: frozenset[str]
    """Addresses that its related block points to."""
    author: str
    published: str
    description: str
    canonical: str


@dataclass(frozen=True, slots=True)
class Site:
    """Pages together. `mean` and `spread` describe the articles' vectors, pages without one left out."""

    name: str
    entries: tuple[Entry, ...]
    hosts: Mapping[str, int]
    """External domains with the number of articles that link to them."""
    everywhere: Mapping[str, int]
    """External domains with the number of pages that link to them from any block."""
    shares: NDArray[np.float64]
    """Mean topic shares of its articles; zeros where none is known."""
    vectors: NDArray[np.float32]
    """The articles' unit vectors, shape (known, dimensions)."""
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

    def theme(self, without: Digest | None = None) -> Vector:
        """Unit vector of the site's articles, one of them left out; zeros where fewer than three others are known."""
        total, known = self.total, self.known
        if without is not None and without.vector.any():
            total, known = total - without.vector, known - 1
        length = float(np.linalg.norm(total))
        if known < 3 or length < 1e-6:
            return np.zeros_like(self.total)
        return (total / length).astype(np.float32)

    def nearest(self, read: Digest, count: int = 3) -> float:
        """Mean cosine of an article to the `count` nearest others of the site; NaN where there are fewer."""
        if not read.vector.any() or self.known <= count:
            return float("nan")
        near = np.sort(self.vectors @ read.vector)[::-1]
        return float(near[1 : count + 1].mean())  # the first is the article itself

    @property
    def coherence(self) -> float:
        """Mean cosine of its articles to each other, 0 to 1; low for a general magazine, NaN below three articles."""
        if self.known < 3:
            return float("nan")
        squared = float(self.total @ self.total)
        return (squared - self.known) / (self.known * (self.known - 1))


def gather(name: str, pages: Iterable[tuple[Page, Digest]]) -> Site:
    """Put the pages of one site together. One pass; keeps nothing of a page but its entry."""
    entries: list[Entry] = []
    hosts: Counter[str] = Counter()
    everywhere: Counter[str] = Counter()
    shares: list[NDArray[np.float64]] = []
    total: Vector | None = None
    known = 0
    stands: set[Standing] = set()
    framed = 0
    for page, read in pages:
        entries.append(_entry(page, read))
        hosts.update(read.hosts.keys())
        everywhere.update({link.host for link in page.links if link.external})
        if total is None:
            total = np.zeros_like(read.vector)
        if read.vector.any():
            total = total + read.vector
            known += 1
            shares.append(read.shares)
        stands.update(standing(page))
        if kind := by_address(page.url):
            stands.add(kind)
        framed += _framed(page)
    return Site(
        name=name,
        entries=tuple(entries),
        hosts=hosts,
        everywhere=everywhere,
        shares=np.mean(shares, axis=0) if shares else np.zeros(0),
        vectors=np.array([e.vector for e in entries if e.vector.any()], dtype=np.float32)
        if known
        else np.zeros((0, 0), dtype=np.float32),
        total=total if total is not None else np.zeros(0, dtype=np.float32),
        known=known,
        address_words=frozenset(name.lower().replace("-", " ").replace(".", " ").split()),
        standing=frozenset(stands),
        framed=framed,
    )


def _framed(page: Page) -> bool:
    """Whether a page has the links of a menu or a footer; an exported article has none, and one that scripts build shows none."""
    return sum(page.role(link.block) in _FRAME and not link.external for link in page.links) >= FRAME_LINKS


FRAME_LINKS = 5
"""Links to its own site outside of the article from which a page has a frame."""
_FRAME = frozenset({Role.NAVIGATION, Role.FOOTER, Role.SIDEBAR})


def _entry(page: Page, read: Digest) -> Entry:
    related = [
        block for block in page.blocks if block.role is Role.RELATED and block.items and claims_relation(block.heading)
    ]
    return Entry(
        name=page.name,
        title=page.title,
        vector=read.vector,
        topic=read.topic,
        words=read.words,
        related=frozenset(item.url for block in related for item in block.items),
        author=", ".join(page.metadata.authors),
        published=page.metadata.published,
        description=page.metadata.description,
        canonical=page.metadata.canonical,
    )


def site_names(pages: Sequence[Page], each: bool) -> list[str]:
    """Which site each page belongs to: its registrable domain; for files without one, their folder; with `each` its own name."""
    names = []
    for page in pages:
        if each:
            names.append(page.name)
        elif page.site:
            names.append(page.site)
        else:
            path = page.snapshot.path or "-"
            names.append(path.rpartition("/")[0] or ".")
    return names

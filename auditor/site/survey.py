"""Survey: the pages of a site in columns, for what can only be seen over all of them together."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from auditor import identity
from auditor.site.entry import Entry
from auditor.site.site import Site

UNREACHED = -1
"""Depth of a page that no way leads to."""
_STEPS = 1_000
"""Clicks after which nobody goes on."""


@dataclass(frozen=True, slots=True)
class Survey:
    """Columns over the pages of a site, in the order of its entries. A page without an address has code 0 and is nobody's target."""

    site: Site
    codes: NDArray[np.int64]
    """Every page's address, as `auditor.identity.code` has it."""
    canonicals: NDArray[np.int64]
    """The address that it names as its original; its own where it names none."""
    noindex: NDArray[np.bool_]
    inlinks: NDArray[np.int32]
    """How many other pages of the site link to it."""
    _order: NDArray[np.int64]

    @property
    def listable(self) -> NDArray[np.bool_]:
        """Pages that want to be found under their own address."""
        return np.asarray((self.codes != 0) & ~self.noindex & (self.canonicals == self.codes), dtype=bool)

    def rows(self, codes: NDArray[np.int64]) -> NDArray[np.int64]:
        """The row of each address, −1 for one that is no page of the site."""
        return _rows(self.codes, self._order, codes)

    def entries(self, rows: Collection[int]) -> Iterator[tuple[int, Entry]]:
        """Some rows with their entries, in the order of the site, one at a time: they may be most of a large site."""
        wanted = set(rows)
        return ((row, one) for row, one in enumerate(self.site.entries) if row in wanted) if wanted else iter(())

    def names(self, rows: Collection[int]) -> list[str]:
        """The names of some rows, in the order of the site."""
        return [one.name for _, one in self.entries(rows)]

    def depths(self, starts: NDArray[np.int64]) -> NDArray[np.int32]:
        """How many clicks each page is from the nearest of these addresses; `UNREACHED` where no way leads to it.

        Goes over the pages until nothing gets nearer, a few times on most sites, so that their links never stand in memory together.
        """
        far = np.iinfo(np.int32).max
        depths = np.full(len(self.codes), far, dtype=np.int32)
        begun = self.rows(starts)
        depths[begun[begun >= 0]] = 0
        for _ in range(_STEPS):
            nearer = False
            for row, one in enumerate(self.site.entries):
                if depths[row] == far:
                    continue
                ends = self.rows(one.inward)
                ends = ends[ends >= 0]
                longer = ends[depths[ends] > depths[row] + 1]
                if len(longer):
                    depths[longer] = depths[row] + 1
                    nearer = True
            if not nearer:
                break
        depths[depths == far] = UNREACHED
        return depths


def survey(site: Site) -> Survey:
    """Go over a site's entries, twice."""
    codes: list[int] = []
    canonicals: list[int] = []
    noindex: list[bool] = []
    for one in site.entries:
        codes.append(one.code)
        canonicals.append(_canonical(one))
        noindex.append(one.noindex)
    known = np.array(codes, dtype=np.int64)
    order = np.argsort(known, kind="stable")
    inlinks = np.zeros(len(known), dtype=np.int32)
    for one in site.entries:
        rows = _rows(known, order, one.inward)
        inlinks[rows[rows >= 0]] += 1  # a page links to each address once
    return Survey(site, known, np.array(canonicals, dtype=np.int64), np.array(noindex, dtype=bool), inlinks, order)


def _canonical(one: Entry) -> int:
    return (identity.code_of(one.canonical) if one.code else 0) or one.code


def _rows(known: NDArray[np.int64], order: NDArray[np.int64], codes: NDArray[np.int64]) -> NDArray[np.int64]:
    if not len(known) or not len(codes):
        return np.full(len(codes), -1, dtype=np.int64)
    places = np.searchsorted(known, codes, sorter=order).clip(max=len(known) - 1)
    rows = order[places]
    return np.where((known[rows] == codes) & (codes != 0), rows, -1)

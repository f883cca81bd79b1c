"""Crawled: what a crawl knows of a site's addresses beside the pages that it had."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from auditor import identity


@dataclass(frozen=True, slots=True)
class Listed:
    """An address that a sitemap names."""

    url: str
    code: int
    """As `auditor.identity.code` has it."""
    barred: bool
    """robots.txt asks not to fetch it."""


@dataclass(frozen=True, slots=True)
class Hop:
    """A redirect from one address to another."""

    source: str
    status: int
    target: str


@dataclass(frozen=True, slots=True)
class Crawled:
    """What a crawl knows of one site."""

    complete: bool
    """Whether all was fetched that was found: no limit was met, nothing was left out by patterns or because it is on no list."""
    starts: tuple[int, ...]
    """Codes of the addresses that the crawl began with."""
    front: tuple[int, ...]
    """Those of them that are a site's front page."""
    listed: Iterable[Listed]
    """What its sitemaps name, by address; read from the store each time."""
    hops: Mapping[int, Hop]
    """Redirects within and out of the site, by the code of their source."""
    broken: Mapping[int, str]
    """Addresses that are gone or failed, by code, with what was met there."""

    def ends(self, codes: Iterable[int]) -> tuple[int, ...]:
        """These addresses and all that they lead on to."""
        found = dict.fromkeys(codes)
        for code in list(found):
            found |= dict.fromkeys(identity.code_of(hop.target) for hop in self.chain(code))
        return tuple(found)

    def chain(self, code: int) -> list[Hop]:
        """The redirects that follow on each other from an address; one that leads back to itself ends at its first repetition."""
        found: dict[int, Hop] = {}
        while (hop := self.hops.get(code)) is not None and code not in found:
            found[code] = hop
            code = identity.code_of(hop.target)
        return list(found.values())

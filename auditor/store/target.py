"""Target: an address that a crawl means to fetch, and how it came to be known."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Kind(IntEnum):
    """What is expected at an address; also the order in which a host is asked."""

    SITEMAP = 0
    PAGE = 1
    QUERY = 2
    """A page with a query in its address, asked for last: endless places have one."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address to fetch."""

    url: str
    code: int
    """What two addresses of one page have in common, as a signed 64-bit number (see `auditor.identity.code`)."""
    lane: str
    """Host and port that it is asked from."""
    kind: Kind = Kind.PAGE
    depth: int = 0
    """Link hops from a start; addresses from a sitemap count as 1. Of a sitemap: how deep in indexes it was named."""
    start: bool = False
    listed: bool = False
    """Named by a sitemap or feed rather than linked."""
    guessed: bool = False
    """A start without a scheme, taken for https."""
    hops: int = 0
    """Redirects that led to it."""
    number: int = 0
    """Its row in the store; 0 before it has one."""

"""Config: what a run is asked to do, validated once, independent of the command line."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CrawlLimits:
    """How far and how fast a crawl may go."""

    max_pages: int = 500
    max_depth: int = 10
    """Link hops from the start pages; pages from sitemaps count as depth 1."""
    max_seconds: float = 1800.0
    concurrency: int = 4
    """Requests at once to one host."""
    rate: float = 5.0
    """Requests a second to one host, at most; 0 for no limit."""
    connect_timeout: float = 10.0
    read_timeout: float = 20.0
    total_timeout: float = 60.0
    max_bytes: int = 10_000_000
    """Bytes of one document, after decompression."""
    max_redirects: int = 10
    user_agent: str = "auditor/0.1 (SEO content audit)"
    obey_robots: bool = True
    allow_private: bool = False
    """Also fetch from loopback, private and link-local addresses."""
    include_subdomains: bool = False
    include: tuple[str, ...] = ()
    """Glob patterns on the whole address; empty: everything in scope."""
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Config:
    """What a run is asked to do."""

    select: frozenset[str] = frozenset()
    """Ids of the checks to run; empty: all of them."""
    ignore: frozenset[str] = frozenset()
    each: bool = False
    """Every file is a page of its own site."""
    max_bytes: int = 10_000_000
    """Bytes of one local file."""
    check_external: bool = False
    """Look whether links to other sites lead anywhere."""
    crawl: CrawlLimits = field(default_factory=CrawlLimits)

"""Record: what a crawl saw of each host beside its pages, and how far it is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from auditor.web.robots import Rules

MAX_LISTED = 1_000
"""Addresses kept of what is only counted beyond."""


class End(StrEnum):
    """Why a crawl ended."""

    RUNNING = "running"
    DONE = "done"  # nothing in scope is left
    PAGES = "max-pages"
    SECONDS = "max-seconds"
    CLOSED = "closed"  # by the one who asked for it


@dataclass(frozen=True, slots=True)
class SitemapFile:
    """One sitemap or feed that was asked for."""

    url: str
    entries: int
    problem: str = ""
    """Why it was not read to its end, or at all; empty where it was."""


@dataclass(slots=True)
class HostRecord:
    """What was seen of one host (`www.` and bare name are one). Filled while the crawl runs, complete when it ends."""

    host: str
    """Host name without `www.`, with its port where that is not the scheme's own."""
    robots: Rules | None = None
    """None where robots.txt was never asked for."""
    sitemaps: list[SitemapFile] = field(default_factory=list)
    entries: dict[str, str] = field(default_factory=dict)
    """Addresses in scope that the sitemaps name, and their `lastmod` as written."""
    excluded: list[str] = field(default_factory=list)
    """Addresses that robots.txt asks not to fetch; the first `MAX_LISTED`."""
    excluded_count: int = 0
    redirects: dict[str, str] = field(default_factory=dict)
    """Linked addresses that only lead elsewhere, to a known page or out of scope; the first `MAX_LISTED`."""
    not_pages: Counter[str] = field(default_factory=Counter)
    """Linked files that are no documents, by extension or media type."""
    traps: Counter[str] = field(default_factory=Counter)
    """Endless places and how many of their addresses were left out."""
    pages: int = 0
    failures: int = 0
    abandoned: int = 0
    """Addresses left untried because the host stopped answering."""
    left: int = 0
    """Addresses left untried because a limit of the crawl was reached."""

    def exclude(self, url: str) -> None:
        self.excluded_count += 1
        if len(self.excluded) < MAX_LISTED:
            self.excluded.append(url)

    def redirect(self, source: str, target: str) -> None:
        if len(self.redirects) < MAX_LISTED:
            self.redirects[source] = target

    def not_a_page(self, what: str) -> None:
        """Count a file by extension or media type; a hostile server cannot make the list long."""
        self.not_pages[what if what in self.not_pages or len(self.not_pages) < 50 else "other"] += 1


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a crawl is."""

    pages: int
    failures: int
    queued: int
    """Known addresses that wait; more than the page limit will let through, perhaps."""
    active: int
    """Addresses being fetched."""
    requests: int
    """Everything asked for, robots.txt, sitemaps, redirects and repetitions included."""
    bytes: int
    """Of bodies, after decompression."""
    seconds: float

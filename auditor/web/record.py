"""Record: what a crawl saw of each host beside its pages, and how far it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

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


class Survey(StrEnum):
    """How far the search for a host's sitemaps is: what robots.txt declares, else the usual place, else feeds."""

    NONE = "none"
    DECLARED = "declared"
    USUAL = "usual"
    FEEDS = "feeds"
    OVER = "over"


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
    robots: dict[str, Rules] = field(default_factory=dict)
    """What robots.txt asks, by origin (`https://www.example.com`); empty where none was asked for."""
    survey: Survey = Survey.NONE
    sitemaps: list[SitemapFile] = field(default_factory=list)
    feeds: list[str] = field(default_factory=list)
    """Feeds that the first pages name, for hosts without a sitemap."""
    listed: int = 0
    """Addresses in scope that the sitemaps name."""
    excluded: list[str] = field(default_factory=list)
    """Addresses that robots.txt asks not to fetch; the first `MAX_LISTED`."""
    excluded_count: int = 0
    not_pages: Counter[str] = field(default_factory=Counter)
    """Linked files that are no documents, by extension or media type."""
    traps: Counter[str] = field(default_factory=Counter)
    """Endless places and how many of their addresses were left out."""
    pages: int = 0
    failures: int = 0
    revalidated: int = 0
    """Pages that the server said have not changed since the run before."""
    abandoned: int = 0
    """Addresses left untried because the host stopped answering."""
    left: int = 0
    """Addresses left untried because a limit of the crawl was reached."""

    def exclude(self, url: str) -> None:
        self.excluded_count += 1
        if len(self.excluded) < MAX_LISTED:
            self.excluded.append(url)

    def not_a_page(self, what: str) -> None:
        """Count a file by extension or media type; a hostile server cannot make the list long."""
        self.not_pages[what if what in self.not_pages or len(self.not_pages) < 50 else "other"] += 1

    def plain(self) -> dict[str, Any]:
        """The record in JSON's own types; `restored` makes it again."""
        return {
            "robots": {origin: rules.plain() for origin, rules in self.robots.items()},
            "survey": self.survey,
            "sitemaps": [[one.url, one.entries, one.problem] for one in self.sitemaps],
            "feeds": self.feeds,
            "listed": self.listed,
            "excluded": self.excluded,
            "excluded_count": self.excluded_count,
            "not_pages": dict(self.not_pages),
            "traps": dict(self.traps),
            "pages": self.pages,
            "failures": self.failures,
            "revalidated": self.revalidated,
            "abandoned": self.abandoned,
            "left": self.left,
        }


def restored(host: str, kept: Mapping[str, Any]) -> HostRecord:
    """The record that `HostRecord.plain` was made of."""
    return HostRecord(
        host,
        **{
            **kept,
            "robots": {origin: Rules.restored(origin, rules) for origin, rules in kept["robots"].items()},
            "survey": Survey(kept["survey"]),
            "sitemaps": [SitemapFile(*one) for one in kept["sitemaps"]],
            "not_pages": Counter(kept["not_pages"]),
            "traps": Counter(kept["traps"]),
        },
    )


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
    fresh: int = 0
    """Pages that this process had; those of a run that goes on are more."""
    room: int = 0
    """Pages that the limit still lets through."""

"""Frontier: the addresses of a crawl that are known, and those of each host that wait for their turn."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from auditor.web import identity
from auditor.web.traps import Traps

MAX_HOSTS = 100
"""Hosts of a crawl beyond its starts; subdomains made up by a wildcard DNS entry have no end."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address to fetch, and how it came to be known."""

    url: str
    depth: int = 0
    """Link hops from a start; addresses from a sitemap count as 1."""
    referrer: str = ""
    """The page or sitemap that named it first; empty for a start."""
    listed: bool = False
    """Named by a sitemap or feed rather than linked."""
    guessed: bool = False
    """A start without a scheme, taken for https."""

    @property
    def start(self) -> bool:
        return not self.referrer


@dataclass(slots=True)
class Lane:
    """What waits at one host. Addresses with a query come after those without, since endless places have one."""

    authority: str
    plain: deque[Target] = field(default_factory=deque)
    queries: deque[Target] = field(default_factory=deque)
    active: int = 0
    silent: int = 0
    """Requests in a row that got no answer."""
    closed: bool = False

    def __len__(self) -> int:
        return len(self.plain) + len(self.queries)

    def take(self) -> Target:
        return self.plain.popleft() if self.plain else self.queries.popleft()

    def close(self) -> int:
        """Give the host up; answers how many addresses were still waiting."""
        waiting = len(self)
        self.plain.clear()
        self.queries.clear()
        self.closed = True
        return waiting


class Frontier:
    """Every page once, breadth first, host by host."""

    def __init__(self, max_pages: int = 0) -> None:
        # 64-bit hashes, salted by Python for each process: 200,000 addresses in 10 MB, none forgeable.
        self._known: set[int] = set()
        self._extra_hosts = 0
        self.lanes: dict[str, Lane] = {}
        self.traps = Traps(max_pages)

    def add(self, target: Target) -> bool:
        """Queue an address unless its page is known, its host given up or its place endless."""
        key = identity.key(target.url)
        code = hash(key)
        if code in self._known:
            return False
        lane = self._lane(target)
        if lane is None or lane.closed:
            return False
        self._known.add(code)
        if not (target.start or target.listed) and self.traps.refuses(key):
            return False
        (lane.queries if "?" in target.url else lane.plain).append(target)
        return True

    def claim(self, url: str) -> bool:
        """Mark the page that a redirect leads to as known; False where it already was."""
        code = hash(identity.key(url))
        if code in self._known:
            return False
        self._known.add(code)
        return True

    def retry(self, target: Target) -> None:
        """Queue a start again under another scheme, known as its page is."""
        lane = self._lane(target)
        if lane is not None and not lane.closed:
            lane.plain.append(target)

    def waiting(self) -> int:
        return sum(len(lane) for lane in self.lanes.values())

    def _lane(self, target: Target) -> Lane | None:
        authority = identity.authority(target.url)
        lane = self.lanes.get(authority)
        if lane is None:
            if not target.start:
                if self._extra_hosts == MAX_HOSTS:
                    home = identity.authority(target.referrer)
                    self.traps.refused[f"{home}/… (leads to more than {MAX_HOSTS} further hosts)"] += 1
                    return None
                self._extra_hosts += 1
            lane = self.lanes[authority] = Lane(authority)
        return lane

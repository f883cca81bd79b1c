"""Frontier: the addresses of a crawl that wait for their turn, host by host; the store remembers them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from auditor import identity, urls
from auditor.page.snapshot import Failure, Snapshot
from auditor.store.run import Moved, Run
from auditor.store.target import Kind, Target
from auditor.web.traps import Traps

MAX_HOSTS = 100
"""Hosts of a crawl beyond its starts; subdomains made up by a wildcard DNS entry have no end."""

WINDOW = 64
"""Targets of a host that are read from the store at once."""


@dataclass(slots=True)
class Lane:
    """What waits at one host."""

    authority: str
    waiting: int = 0
    """Targets in the store that nobody has taken."""
    lists: int = 0
    """Sitemaps among those that wait or are in work."""
    near: deque[Target] = field(default_factory=deque)
    """Those that come next."""
    busy: set[int] = field(default_factory=set)
    """Numbers of those in work."""
    silent: int = 0
    """Requests in a row that got no answer."""
    closed: bool = False


class Frontier:
    """Every page once, breadth first, host by host. Goes on where an earlier process left the run."""

    def __init__(self, run: Run, max_pages: int = 0) -> None:
        self._run = run
        self.traps = Traps(max_pages)
        known = run.lanes()
        self.lanes = {name: Lane(name, waiting, lists) for name, (waiting, lists, _) in known.items()}
        self._extra_hosts = sum(not starts for _, _, starts in known.values())
        for url in run.linked() if self.lanes else ():
            self.traps.refuses(identity.key(url))

    def add(self, targets: Iterable[Target]) -> None:
        """Let targets wait, but for those whose page is known."""
        new = self._new(targets)
        self._run.queue(new)
        self._count(new)

    def take(self, lane: Lane) -> Target | None:
        """The next target of a host, now in work until it is settled; None where nothing waits."""
        if not lane.near:
            lane.near.extend(self._run.waiting(lane.authority, WINDOW, lane.busy))
        if not lane.near:
            lane.waiting = 0
            return None
        target = lane.near.popleft()
        lane.busy.add(target.number)
        lane.waiting -= 1
        return target

    def settle(
        self,
        target: Target,
        outcome: Snapshot | Failure | Moved | None,
        found: Iterable[Target] = (),
        listed: Mapping[str, str] | None = None,
        *,
        excluded: bool = False,
    ) -> int:
        """Note what came of a target in work; the number of its document, 0 where there is none."""
        new = self._new(found)
        number = self._run.finish(target, outcome, new, listed, excluded=excluded)
        self._count(new)
        lane = self.lanes[target.lane]
        lane.busy.discard(target.number)
        lane.lists -= target.kind is Kind.SITEMAP
        return number

    def close(self, lane: Lane) -> int:
        """Give a host up; how many of its addresses will not be asked for."""
        lane.closed = True
        lane.near.clear()
        lane.waiting = 0
        return self._run.drop(lane.authority, lane.busy)

    def waiting(self) -> int:
        return sum(lane.waiting for lane in tuple(self.lanes.values()))

    def _new(self, targets: Iterable[Target]) -> list[Target]:
        """Those that nobody knows yet, each once, places without end left out."""
        asked = {target.code: target for target in reversed(list(targets))}
        unknown = self._run.unknown(asked)
        return [t for code, t in reversed(asked.items()) if code in unknown and self._admitted(t)]

    def _admitted(self, target: Target) -> bool:
        lane = self.lanes.get(target.lane)
        if lane is None:
            if not target.start and target.kind is not Kind.SITEMAP:
                if self._extra_hosts >= MAX_HOSTS:
                    self.traps.refused[f"{urls.site(target.url)}/… (more than {MAX_HOSTS} further hosts)"] += 1
                    return False
                self._extra_hosts += 1
            lane = self.lanes[target.lane] = Lane(target.lane)
        if lane.closed:
            return False
        bounded = not (target.start or target.listed or target.kind is Kind.SITEMAP)
        return not (bounded and self.traps.refuses(identity.key(target.url)))

    def _count(self, targets: Iterable[Target]) -> None:
        for target in targets:
            lane = self.lanes[target.lane]
            lane.waiting += 1
            lane.lists += target.kind is Kind.SITEMAP


@lru_cache(maxsize=2048)
def page(url: str, depth: int = 0, *, start: bool = False, listed: bool = False, guessed: bool = False) -> Target:
    """A target for a cleaned address of a page; kept, since a menu's are on every page."""
    kind = Kind.QUERY if "?" in url and not start else Kind.PAGE
    return Target(url, identity.code(url), identity.authority(url), kind, depth, start, listed, guessed)


def sitemap(url: str, home: str, level: int = 0) -> Target:
    """A target for a sitemap or feed of the host `home`, whichever host it lies on."""
    code = identity.code(f"sitemap://{home}/{url}")
    return Target(url, code, home, Kind.SITEMAP, level, listed=True)


def beyond(target: Target, url: str) -> Target:
    """The target that a redirect leads to."""
    return replace(page(url, target.depth, start=target.start, listed=target.listed), hops=target.hops + 1)

"""Engine: the asynchronous side of a crawl, from starts to documents in the store."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from auditor import identity
from auditor.config import Access, CrawlLimits
from auditor.errors import StoreError
from auditor.page.snapshot import Failure, FailureKind, Snapshot
from auditor.store.run import Run
from auditor.store.target import Kind, Target
from auditor.web import frontier as front
from auditor.web import scope
from auditor.web.fetch import Fetcher
from auditor.web.frontier import Frontier, Lane
from auditor.web.origins import Origins
from auditor.web.record import End, HostRecord, Progress, restored
from auditor.web.trusted import Trusted
from auditor.web.visit import Visit, Visitor

if TYPE_CHECKING:
    from auditor.web.more import More

MAX_ACTIVE = 128
"""Addresses in work at once over all hosts."""

MAX_SILENT = 10
"""Requests in a row without an answer after which a host is given up."""


class Engine:
    """One crawl of one run: `crawl` it once. `emit` gets the number of each document as soon as the store has it."""

    def __init__(
        self, starts: Sequence[str], limits: CrawlLimits, emit: Callable[[int], None], access: Access | None = None
    ) -> None:
        self._starts = tuple(dict.fromkeys(starts))
        self._access = access
        self._trusted = Trusted(self._starts, limits.include_subdomains)
        self._limits = limits
        self._emit = emit
        self._scope = scope.Scope(limits)
        self._fetcher: Fetcher | None = None
        self._frontier: Frontier | None = None
        self._origins: Origins
        self._visitor: Visitor
        self._run: Run
        self._group: asyncio.TaskGroup
        self._began = 0.0
        self._active = 0
        self._reserved = 0
        """Pages had and pages in work: together they never pass the limit."""
        self._pages = self._before = 0
        self._failures = 0
        self._noted: dict[str, int] = {}
        """Of how many origins of a host the store has the rules."""
        self.hosts: dict[str, HostRecord] = {}
        self.end = End.RUNNING

    def progress(self) -> Progress:
        """How far it is; may be asked from another thread."""
        if self._fetcher is None or self._frontier is None:
            return Progress(0, 0, 0, 0, 0, 0, 0.0)
        traffic = self._fetcher.traffic
        seconds = time.monotonic() - self._began
        queued = self._frontier.waiting()
        return Progress(
            self._pages,
            self._failures,
            queued,
            self._active,
            traffic.requests,
            traffic.bytes,
            seconds,
            fresh=self._pages - self._before,
            room=max(self._limits.max_pages - self._pages, 0),
        )

    async def crawl(self, run: Run) -> None:
        """Crawl until nothing is left or a limit is reached; `end` says which. A run that was begun goes on.

        Raises StoreError where the disk will not have it.
        """
        self._run = run
        self._began = time.monotonic()
        self.hosts |= {host: restored(host, kept) for host, kept in run.notes().items()}
        self._pages, self._failures = run.counts()
        self._before = self._pages
        self._reserved = self._pages
        frontier = self._frontier = Frontier(run, self._limits.max_pages)
        try:
            async with (
                asyncio.timeout(self._limits.max_seconds),
                Fetcher(self._limits, self._access, self._trusted) as fetcher,
            ):
                origins = self._origins = Origins(self._limits, fetcher, self.hosts)
                self._fetcher = fetcher
                async with self._asking_more(origins) as more:
                    self._visitor = Visitor(self._limits, self._scope, origins, run, frontier.add, more)
                    async with asyncio.TaskGroup() as self._group:
                        self._begin(frontier)
            self.end = End.PAGES if frontier.waiting() else End.DONE
        except TimeoutError:
            self.end = End.SECONDS
        except asyncio.CancelledError:
            self.end = End.CLOSED
            raise
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from None
        finally:
            self._close_books(frontier)

    @asynccontextmanager
    async def _asking_more(self, origins: Origins) -> AsyncIterator[More | None]:
        """What is asked of pages beside their bytes; imported where it is wanted, since most crawls do without."""
        if not (self._limits.render or self._limits.compare_as):
            yield None
            return
        from auditor.web.more import More

        async with More(self._limits, origins) as more:
            yield more

    def _begin(self, frontier: Frontier) -> None:
        said = frozenset(self._run.failures())  # of a run that goes on
        for given in self._starts:
            start = scope.start(given)
            if start.url:
                self._scope.admit(start.url)
                self._admit_moved(start)
                frontier.add([front.page(start.url, start=True, guessed=start.guessed)])
            else:
                detail = "not a web address; give one like https://example.com/"
                shown = given.encode("utf-8", "replace").decode()  # a command line may hold bytes that are no text
                failure = Failure(FailureKind.BAD_URL, detail, shown)
                if failure not in said:
                    self._fail(failure)
        self._dispatch(frontier)

    def _admit_moved(self, start: scope.Start) -> None:
        """Take in where the start of a run that goes on was found to lead."""
        for url in (start.url, scope.plain_http(start.url)) if start.guessed else (start.url,):
            for _ in range(self._limits.max_redirects + 1):
                moved = self._run.moved(url)
                if moved is None or not self._scope.may_move(url, moved.target):
                    break
                url = moved.target
                self._scope.admit(url)

    def _dispatch(self, frontier: Frontier) -> None:
        """Set to work whatever the limits let through."""
        for lane in tuple(frontier.lanes.values()):
            while lane.waiting and len(lane.busy) < self._limits.concurrency:
                if self._active >= MAX_ACTIVE or self._reserved >= self._limits.max_pages:
                    return
                target = frontier.take(lane)
                if target is None:
                    break
                self._active += 1
                self._reserved += 1
                self._group.create_task(self._work(frontier, lane, target))

    async def _work(self, frontier: Frontier, lane: Lane, target: Target) -> None:
        try:
            visit = await self._visit(target)
        finally:
            self._active -= 1
        if target.kind is Kind.SITEMAP and lane.lists == 1 and not visit.found:
            visit.found = self._more_lists(lane)
        number = frontier.settle(target, visit.outcome, visit.found, visit.listed, excluded=visit.excluded)
        record = self._origins.record(f"http://{target.lane}/")  # a sitemap may lie on another host
        match visit.outcome:
            case Snapshot():
                self._pages += 1
                record.pages += 1
                self._emit(number)
            case Failure():
                self._failures += 1
                record.failures += 1
                self._reserved -= 1
            case _:
                self._reserved -= 1
        if target.kind is Kind.SITEMAP or len(record.robots) != self._noted.get(record.host):
            self._noted[record.host] = len(record.robots)
            self._run.note(record.host, record.plain())
        self._listen(frontier, lane, target, visit)
        self._dispatch(frontier)

    async def _visit(self, target: Target) -> Visit:
        try:
            if target.kind is Kind.SITEMAP:
                return await self._visitor.sitemap(target)
            return await self._visitor.page(target)
        except StoreError:
            raise
        except Exception as error:  # one hostile document must not end the crawl of all the others
            return Visit(Failure(FailureKind.UNREADABLE, f"{type(error).__name__}: {error}"[:300], target.url))

    def _more_lists(self, lane: Lane) -> list[Target]:
        """Where else to look for a host's addresses, when the last of its lists has been read and none named any."""
        home = f"http://{lane.authority}/"
        return [] if self._origins.record(home).listed else self._visitor.next_survey(home)

    def _listen(self, frontier: Frontier, lane: Lane, target: Target, visit: Visit) -> None:
        """Give a host up that has stopped answering, rather than wait out every timeout."""
        if visit.asked:
            lane.silent = lane.silent + 1 if visit.silent else 0
        if lane.silent >= MAX_SILENT and not lane.closed:
            waiting = frontier.close(lane)
            self._origins.record(target.url).abandoned += waiting
            if waiting:
                detail = f"given up after {MAX_SILENT} requests without an answer; {waiting:,} addresses not tried"
                self._fail(Failure(FailureKind.UNREACHABLE, detail, identity.origin(target.url) + "/"))

    def _fail(self, failure: Failure) -> None:
        """A failure that is of no target."""
        self._failures += 1
        if failure.kind is not FailureKind.BAD_URL and failure.url:
            self._origins.record(failure.url).failures += 1
        self._run.keep(failure)

    def _close_books(self, frontier: Frontier) -> None:
        """Put what only the frontier knows into the records, and the records into the store."""
        for authority, lane in frontier.lanes.items():
            self._origins.record(f"http://{authority}/").left = lane.waiting
        shapes: Counter[str] = frontier.traps.refused
        for shape, count in shapes.items():
            self._origins.record(f"http://{shape}").traps[shape] += count
        for host, record in self.hosts.items():
            self._run.note(host, record.plain())
        if self._fetcher is not None:
            self._run.asked(self._fetcher.traffic.requests)

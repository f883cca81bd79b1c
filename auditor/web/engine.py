"""Engine: the asynchronous side of a crawl, from starts to documents."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from auditor.config import Access, CrawlLimits
from auditor.page.snapshot import Failure, FailureKind, Format, Redirect, Snapshot
from auditor.web import identity, links, scope, sitemaps
from auditor.web.fetch import Answer, Fetcher
from auditor.web.frontier import Frontier, Lane, Target
from auditor.web.judge import Listing, NoPage, found, judge, wanted
from auditor.web.origins import Origins
from auditor.web.record import End, HostRecord, Progress
from auditor.web.survey import Survey
from auditor.web.trusted import Trusted

MAX_ACTIVE = 128
"""Addresses in work at once over all hosts."""

MAX_SILENT = 10
"""Requests in a row without an answer after which a host is given up."""

LISTED_FACTOR = 10
"""Sitemap entries kept for each page that may be fetched."""

MIN_LISTED = 1_000

SILENCE = frozenset((FailureKind.UNREACHABLE, FailureKind.TIMEOUT, FailureKind.TLS))


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """A visit that ends without document or failure: excluded, known by another address, or out of scope."""


class Engine:
    """One crawl: `run` it once. `emit` is awaited with each document and failure; while it blocks, the crawl waits."""

    def __init__(
        self,
        starts: Sequence[str],
        limits: CrawlLimits,
        emit: Callable[[Snapshot | Failure], Awaitable[None]],
        access: Access | None = None,
    ) -> None:
        self._starts = tuple(dict.fromkeys(starts))
        self._access = access
        self._trusted = Trusted(self._starts, limits.include_subdomains)
        self._limits = limits
        self._emit = emit
        self._scope = scope.Scope(limits)
        self._frontier = Frontier(limits.max_pages)
        self._reported: set[str] = set()
        self._surveyed: set[str] = set()
        self._fetcher: Fetcher | None = None
        self._origins: Origins
        self._group: asyncio.TaskGroup
        self._began = 0.0
        self._active = 0
        self._reserved = 0
        """Pages had and pages in work: together they never pass the limit."""
        self._pages = 0
        self._failures = 0
        self.hosts: dict[str, HostRecord] = {}
        self.end = End.RUNNING

    def progress(self) -> Progress:
        """How far it is; may be asked from another thread."""
        if self._fetcher is None:
            return Progress(0, 0, 0, 0, 0, 0, 0.0)
        queued = sum(len(lane) for lane in tuple(self._frontier.lanes.values()))
        traffic = self._fetcher.traffic
        seconds = time.monotonic() - self._began
        return Progress(self._pages, self._failures, queued, self._active, traffic.requests, traffic.bytes, seconds)

    async def run(self) -> None:
        """Crawl until nothing is left or a limit is reached; `end` says which."""
        self._began = time.monotonic()
        try:
            async with (
                asyncio.timeout(self._limits.max_seconds),
                Fetcher(self._limits, self._access, self._trusted) as fetcher,
            ):
                self._origins = Origins(self._limits, fetcher, self.hosts)
                self._fetcher = fetcher
                async with asyncio.TaskGroup() as self._group:
                    await self._begin()
            self.end = End.PAGES if self._frontier.waiting() else End.DONE
        except TimeoutError:
            self.end = End.SECONDS
        except asyncio.CancelledError:
            self.end = End.CLOSED
            raise
        finally:
            self._settle()

    async def _begin(self) -> None:
        for given in self._starts:
            start = scope.start(given)
            if start.url:
                self._scope.admit(start.url)
                self._frontier.add(Target(start.url, guessed=start.guessed))
            else:
                detail = "not a web address; give one like https://example.com/"
                await self._fail(Failure(FailureKind.BAD_URL, detail, given))
        self._dispatch()

    def _dispatch(self) -> None:
        """Set to work whatever the limits let through."""
        for lane in tuple(self._frontier.lanes.values()):
            while len(lane) and lane.active < self._limits.concurrency:
                if self._active >= MAX_ACTIVE or self._reserved >= self._limits.max_pages:
                    return
                lane.active += 1
                self._active += 1
                self._reserved += 1
                self._group.create_task(self._work(lane, lane.take()))

    async def _work(self, lane: Lane, target: Target) -> None:
        done = False
        try:
            done = await self._visit(lane, target)
        except Exception as error:  # one hostile document must not end the crawl of all the others
            await self._fail(Failure(FailureKind.UNREADABLE, f"{type(error).__name__}: {error}"[:300], target.url))
        finally:
            lane.active -= 1
            self._active -= 1
            self._reserved -= not done
        self._dispatch()

    async def _visit(self, lane: Lane, target: Target) -> bool:
        """Fetch one target and hand on what came of it; whether that was a page."""
        outcome = await self._follow(target)
        await self._listen(lane, target, outcome)
        match outcome:
            case Snapshot() as snapshot:
                self._pages += 1
                self._origins.record(target.url).pages += 1
                found_links = self._links(snapshot)
                self._add_links(found_links, target, snapshot)
                self._survey(snapshot.final_url or target.url, found_links.feeds)
                await self._emit(snapshot)
                return True
            case Listing(body=body):
                await self._take_listing(target, body)
            case NoPage(media_type=media_type):
                self._origins.record(target.url).not_a_page(media_type)
            case Failure() as failure:
                if target.start and failure.kind not in SILENCE:
                    self._survey(target.url, ())
                await self._fail(failure)
        return False

    async def _follow(self, target: Target) -> Snapshot | Failure | NoPage | Listing | _Elsewhere:
        """Fetch a target along its redirects, each hop judged before it is asked for."""
        url = target.url
        hops: list[Redirect] = []
        keys = {identity.key(url)}
        while True:
            barred = await self._barred(url, target)
            if barred is not None:
                return barred
            answer = await self._origins.get(url, wants=lambda media_type: wanted(media_type, target.start))
            if isinstance(answer, Failure):
                if self._retry_plain(target, answer):
                    return _Elsewhere()
                where = "" if answer.url == target.url else f" (redirected to {answer.url})"
                return replace(answer, url=target.url, detail=f"{answer.detail}{where}{found(target)}")
            following = identity.clean(answer.location) if answer.redirect else ""
            if not following:
                return judge(answer, target, tuple(hops))
            hops.append(Redirect(url, answer.status))
            wrong = self._wrong_turn(target, hops, following)
            if wrong is not None:
                return wrong
            key = identity.key(following)
            if key not in keys and not self._frontier.claim(following):
                self._origins.record(target.url).redirect(target.url, following)
                return _Elsewhere()
            keys.add(key)
            url = following

    def _wrong_turn(self, target: Target, hops: list[Redirect], following: str) -> Failure | _Elsewhere | None:
        """Why a redirect is not followed; None where it is."""
        if any(hop.url == following for hop in hops):
            return Failure(FailureKind.REDIRECT, f"redirects in a loop at {following}{found(target)}", target.url)
        if len(hops) > self._limits.max_redirects:
            detail = f"more than {self._limits.max_redirects} redirects{found(target)}"
            return Failure(FailureKind.REDIRECT, detail, target.url)
        if target.start:
            if self._scope.may_move(target.url, following):
                self._scope.admit(following)
                return None
            detail = f"leads to another site, {following}; start there to look at it"
            return Failure(FailureKind.REDIRECT, detail, target.url)
        if not self._scope.covers(following):
            self._origins.record(target.url).redirect(target.url, following)
            return _Elsewhere()
        return None

    async def _barred(self, url: str, target: Target) -> Failure | _Elsewhere | None:
        """Why robots.txt keeps us from an address; None where it does not."""
        rules = await self._origins.rules(url)
        if not self._limits.obey_robots or rules.allows(url):
            return None
        if rules.problem is not None:
            if self._retry_plain(target, rules.problem):
                return _Elsewhere()
            told = rules.origin in self._reported
            self._reported.add(rules.origin)
            if target.start:
                return replace(rules.problem, url=target.url)
            if not told:
                await self._fail(rules.problem)
        elif target.start:
            detail = "robots.txt asks not to fetch it; use --no-robots on a site of your own"
            return Failure(FailureKind.ROBOTS, detail, target.url)
        self._origins.record(url).exclude(url)
        return _Elsewhere()

    def _retry_plain(self, target: Target, failure: Failure) -> bool:
        """Try http:// for a start without a scheme where https:// cannot be connected; whether that was done."""
        if not target.guessed or failure.kind not in (FailureKind.UNREACHABLE, FailureKind.TIMEOUT):
            return False
        plain = identity.clean("http://" + target.url.partition("://")[2])
        self._scope.admit(plain)
        self._frontier.retry(replace(target, url=plain, guessed=False))
        return True

    async def _listen(self, lane: Lane, target: Target, outcome: object) -> None:
        """Give a host up that has stopped answering, rather than wait out every timeout."""
        match outcome:
            case Failure(kind=kind) if kind in SILENCE:
                lane.silent += 1
            case _Elsewhere():
                return
            case _:
                lane.silent = 0
        if lane.silent >= MAX_SILENT and not lane.closed:
            waiting = lane.close()
            self._origins.record(target.url).abandoned += waiting
            if waiting:
                detail = f"given up after {MAX_SILENT} requests without an answer; {waiting:,} addresses not tried"
                await self._fail(Failure(FailureKind.UNREACHABLE, detail, identity.origin(target.url) + "/"))

    def _links(self, snapshot: Snapshot) -> links.Links:
        if snapshot.format is not Format.HTML:
            return links.Links((), (), ())
        return links.discover(snapshot.body, snapshot.final_url or "", snapshot.headers.get("content-type", ""))

    def _add_links(self, found_links: links.Links, target: Target, snapshot: Snapshot) -> None:
        for extension in found_links.files:
            self._origins.record(target.url).not_a_page(extension)
        if target.depth >= self._limits.max_depth:
            return
        here = snapshot.final_url or target.url
        for url in found_links.pages:
            if self._scope.covers(url):
                self._frontier.add(Target(url, target.depth + 1, here))

    def _survey(self, url: str, feeds: Iterable[str]) -> None:
        """Look for the sitemaps of a host, once, where the limits leave room for what they name."""
        authority = identity.authority(url)
        if authority in self._surveyed or self._limits.max_depth < 1 or self._limits.max_pages <= len(self._starts):
            return
        self._surveyed.add(authority)
        self._group.create_task(self._look_around(url, tuple(feeds)))

    async def _look_around(self, url: str, feeds: tuple[str, ...]) -> None:
        rules = await self._origins.rules(url)
        usual = f"{identity.origin(url)}/sitemap.xml"
        if self._limits.obey_robots and not rules.allows(usual):
            usual = ""
        await self._surveyor(url).look(rules.sitemaps, usual, feeds)
        self._dispatch()

    async def _take_listing(self, target: Target, body: bytes) -> None:
        """Use a sitemap or feed that was given as a start, instead of the host's own."""
        sitemap = sitemaps.parse(body, target.url)
        if not (sitemap.entries or sitemap.children):
            detail = f"no sitemap or feed with addresses in it: {sitemap.problem or 'empty'}"
            await self._fail(Failure(FailureKind.CONTENT_TYPE, detail, target.url))
            return
        self._surveyed.add(identity.authority(target.url))
        surveyor = self._surveyor(target.url)
        if surveyor.take(target.url, sitemap):
            await surveyor.read(sitemap.children, level=1)

    def _surveyor(self, url: str) -> Survey:
        record = self._origins.record(url)
        room = max(MIN_LISTED, LISTED_FACTOR * self._limits.max_pages)

        def accept(entry: sitemaps.Entry, file: str) -> bool:
            address = identity.clean(entry.url)
            if address and self._scope.covers(address):
                record.entries[address] = entry.lastmod
                if self._limits.max_depth >= 1:
                    self._frontier.add(Target(address, 1, file, listed=True))
            return len(record.entries) < room

        async def get(address: str) -> Answer | Failure:
            self._dispatch()  # what the file before named need not wait for this one
            return await self._origins.get(address, max_bytes=sitemaps.MAX_BYTES)

        return Survey(record, get, accept)

    async def _fail(self, failure: Failure) -> None:
        self._failures += 1
        if failure.url and failure.kind is not FailureKind.BAD_URL:
            self._origins.record(failure.url).failures += 1
        await self._emit(failure)

    def _settle(self) -> None:
        """Put what only the frontier knows into the records."""
        for authority, lane in self._frontier.lanes.items():
            self._origins.record(f"http://{authority}/").left = len(lane)
        for shape, count in self._frontier.traps.refused.items():
            self._origins.record(f"http://{shape}").traps[shape] += count

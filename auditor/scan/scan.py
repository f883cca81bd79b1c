"""Scan: crawl sites into a store and audit what is there, beside the crawl; a run that was broken off goes on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any

from auditor.audit import skipped
from auditor.config import Config
from auditor.crew.together import usable_cores
from auditor.errors import StoreError
from auditor.fold import Shared, together
from auditor.hands import read
from auditor.outbound.arrivals import Arrivals, arrivals, sightings
from auditor.outbound.known import Known
from auditor.page.page import Page
from auditor.page.snapshot import Failure
from auditor.report import Report, SiteResult
from auditor.result import Judges, notices, site_result
from auditor.scan.codec import Codec, StoredEntries, StoredPages, decode_report, encode_report
from auditor.scan.crawled import Walked
from auditor.scan.deadends import DeadEnds, linked, loops
from auditor.scan.omissions import omissions
from auditor.scan.thrift import thrift
from auditor.scan.warm import warm
from auditor.scan.worker import Reply, WasJudged, WasRead, WentWrong
from auditor.scan.workers import Workers
from auditor.site.site import Site, assemble
from auditor.spread import Mark, Spread
from auditor.spread import spread as spread_of
from auditor.store.domains import Domains
from auditor.store.findings import Findings
from auditor.store.outside import Outside
from auditor.store.run import Run
from auditor.store.store import State, Store
from auditor.version import __version__
from auditor.web.crawl import Crawl
from auditor.web.outside import reached
from auditor.web.record import End, Progress

BATCH = 50
"""Entries or results that are written at once."""


@dataclass(slots=True)
class Stage:
    """How far a scan is, for whoever watches."""

    crawl: Progress | None = None
    """None once the crawl is over, or where there is none."""
    end: End = End.RUNNING
    read: int = 0
    outside: int = 0
    """Links to other sites that are still to be looked at."""
    judged: int = 0
    pages: int = 0
    """To be judged in all, where that is known."""
    findings: int = 0


@dataclass(slots=True)
class Scan:
    """One scan of one run: `crawl` it, then `audit` it, or only the latter.

        with Scan(config, folder, starts) as scan:
            scan.crawl(starts)
            report = scan.audit()

    Raises StoreError where the disk will not have it, ConfigError and ModelError as `Judges.load`.
    """

    config: Config
    store: Store
    run: Run
    watch: Callable[[Stage], None] = lambda stage: None
    jobs: int = 0
    known: Known | None = None
    """Domains that the sites are known to link to; None: those of the last finished run of each."""
    stage: Stage = field(default_factory=Stage)
    _judges: Judges = field(init=False)
    _workers: Workers = field(init=False)
    _entries: list[tuple[int, str, str, bytes]] = field(default_factory=list)
    _unread: dict[int, Failure] = field(default_factory=dict)
    """Documents with nothing to audit, or that broke the program, by number."""

    def __post_init__(self) -> None:
        self._judges = Judges.load(self.config)
        warm(self._judges)
        thrift()
        self._workers = Workers(self._judges, self.config, self.store, self.run.id, self.jobs or usable_cores())

    def __enter__(self) -> Scan:
        return self

    def __exit__(self, *error: Any) -> None:
        self._workers.__exit__(*error)

    @property
    def findings(self) -> Findings:
        return Findings(self.store.connection, self.store.file, self.run.id)

    @property
    def outside(self) -> Outside:
        return Outside(self.store.connection, self.store.file, self.run.id)

    def crawl(self, starts: Sequence[str]) -> End:
        """Fetch until nothing is left or a limit is reached, reading what arrives. Ctrl-C leaves a run that can go on."""
        crawl = Crawl(self.store.folder, self.run.id, starts, self.config.crawl, self._crawling, self.config.access)
        ended = State.STOPPED
        try:
            for number in crawl:
                self._workers.read([number])
                self._take(self._workers.replies(block=False))
            ended = State.DONE if crawl.end is End.DONE else State.LIMITED
        finally:
            self.store.end(self.run.id, ended)
        self.stage.crawl, self.stage.end = None, crawl.end
        self._flush()
        return crawl.end

    def audit(self, source: Sequence[str], started_at: datetime) -> Report:
        """Judge every document of the run, each against its site."""
        findings = self.findings
        findings.clear(entries=False)
        self._take(self._workers.replies(block=True))
        self._flush()
        self._workers.read(number for number in findings.unread() if number not in self._unread)
        self._take(self._workers.replies(block=True))
        self._flush()
        if self.config.check_external:
            self._look_outside()
        redirects = self.run.redirects()
        failures = [*self.run.failures(), *loops(redirects)]
        dead = DeadEnds.of([*failures, *self._unread.values()], redirects)
        walked = Walked(self.run, self.store.info(self.run.id), failures, redirects)
        linking: dict[str, tuple[int, str]] = {}
        sites: list[SiteResult] = []
        counted: Counter[tuple[str, str]] = Counter()
        codec, told = Codec.of(self._judges.models), set[int]()
        for name in findings.sites():
            site = assemble(name, StoredEntries(findings, name))
            self.stage.pages += site.pages
            heard = _Heard(linking)
            self._judge(site, Spread(), dead, findings.documents(name), heard)
            spread = spread_of((mark for _, mark in sorted(heard.marks.items(), key=itemgetter(0))), heard.quiet)
            again = [number for (_, number), mark in heard.marks.items() if spread.reopens(mark)]
            if again:
                self.stage.pages += len(again)
                self._judge(site, spread, dead, again, heard)
            counted += heard.skipped
            many = heard.shared.many(site.pages)
            told |= many
            common = together(map(codec.decode, findings.results(name)), many, name)
            sites.append(site_result(site, spread, self._judges, walked.at(name), self._arrivals(name, site), common))
        counted.update(self._judges.skipped)
        pages, skips = StoredPages(findings, codec, told), skipped(counted)
        report = Report(
            source=tuple(source),
            started_at=started_at,
            version=__version__,
            models=self._judges.versions,
            sites=tuple(sites),
            pages=pages,
            skipped=skips,
            failures=tuple(
                sorted(
                    (linked(f, linking) for f in (*failures, *self._unread.values())),
                    key=lambda f: (f.name, f.kind, f.detail),
                )
            ),
            omitted=omissions(self.run),
            notices=notices(sites, pages, skips, self._judges),
            checks=tuple(sorted(self._judges.wishes.usual)),
        )
        findings.put_report(encode_report(report, codec, told))
        return report

    def _arrivals(self, name: str, site: Site) -> Arrivals | None:
        """Where a site links to and did not before, and a note of where it does for the runs to come."""
        seen = sightings(zip(site.entries, self.findings.documents(name), strict=True))
        domains = Domains(self.store.connection, self.store.file)
        domains.put(self.run.id, name, seen)
        known = self.known
        if known is None:
            earlier = domains.before(self.run.id, name)
            if earlier is None:
                return None
            source = f"run {earlier.run} of {earlier.began:%Y-%m-%d}"
            known = Known(earlier.domains, source, self.config.allow_domains)
        return arrivals(seen, known, self._page)

    def _page(self, number: int) -> Page | None:
        found = read(self.run.document(number), self._judges)
        return None if isinstance(found, Failure) else found[0]

    def _look_outside(self) -> None:
        """Ask for what pages link to on other sites, as far as that is not known yet."""
        read = frozenset(self.outside.unread() if self.config.check_targets else ())
        waiting = sorted(read.union(self.outside.unasked()))
        self.stage.outside = len(waiting)
        for found in reached(waiting, self.config.crawl, proxy=self.config.access.proxy, read=read):
            self.outside.answer(found.url, found.plain())
            self.stage.outside -= 1
            self.watch(self.stage)

    def _judge(self, site: Site, spread: Spread, dead: DeadEnds, documents: Iterable[int], heard: _Heard) -> None:
        self._workers.settle(site.lean(), spread, dead)
        self._workers.judge(documents)
        batch: list[tuple[int, str, bytes]] = []
        for reply in self._workers.replies(block=True):
            match reply:
                case WasJudged():
                    heard.take(reply)
                    batch.append((reply.document, reply.name, reply.result))
                    self.stage.findings += reply.findings
                case WentWrong():
                    self._unread[reply.document] = reply.failure
            self.stage.judged += 1
            self.watch(self.stage)
            if len(batch) >= BATCH:
                self.findings.put_results(site.name, batch)
                batch = []
        self.findings.put_results(site.name, batch)

    def _take(self, replies: Iterable[Reply]) -> None:
        """Keep what the workers say of documents that they have read."""
        for reply in replies:
            self.stage.read += 1
            match reply:
                case WasRead():
                    self._entries.append((reply.document, reply.site, reply.name, reply.entry))
                    if reply.outside:
                        self.outside.mention(reply.outside, reply.cited)
                case WentWrong():
                    self._unread[reply.document] = reply.failure
            if self.stage.crawl is None:
                self.watch(self.stage)
            if len(self._entries) >= BATCH:
                self._flush()

    def _flush(self) -> None:
        self.findings.put_entries(self._entries)
        self._entries.clear()

    def _crawling(self, progress: Progress) -> None:
        self.stage.crawl = progress
        self.watch(self.stage)


@dataclass(slots=True)
class _Heard:
    """What the pages of a site add to it when they are judged; small, whatever their number."""

    linking: dict[str, tuple[int, str]]
    """How many pages link to an address that could not be had (by `identity.key`), and the first of them; of all sites."""
    marks: dict[tuple[str, int], Mark] = field(default_factory=dict)
    """Marks with something to tell, by name and number of their document."""
    quiet: int = 0
    """Articles with nothing to tell."""
    skipped: Counter[tuple[str, str]] = field(default_factory=Counter)
    shared: Shared = field(default_factory=Shared)
    _missed: dict[int, Counter[tuple[str, str]]] = field(default_factory=dict)
    _distinct: dict[frozenset[tuple[tuple[str, str], int]], Counter[tuple[str, str]]] = field(default_factory=dict)

    def take(self, one: WasJudged) -> None:
        mark = one.mark
        self.skipped.update(one.skipped)
        if one.document in self._missed:  # judged again, now that the spread is known
            self.skipped.subtract(self._missed.pop(one.document))
            return
        if mark.targets or mark.tongue or mark.open:
            self.marks[one.name, one.document] = mark
            # Pages miss the same checks for the same reasons: one copy for all, or a large site's would take 3 KB each.
            self._missed[one.document] = self._distinct.setdefault(frozenset(one.skipped.items()), one.skipped)
        else:
            self.quiet += mark.article
        self.shared.add(one.shared)
        for url in one.failed:
            count, page = self.linking.get(url, (0, one.name))
            self.linking[url] = (count + 1, min(page, one.name))


def stored_report(store: Store, number: int) -> Report:
    """The report of a run that was audited.

    Raises:
        StoreError: there is no such run, or it was not audited to its end.
    """
    store.info(number)
    findings = Findings(store.connection, store.file, number)
    data = findings.report()
    if data is None:
        raise StoreError(f"run {number} was not audited to its end; `auditor scan --from-run {number}` does that")
    return decode_report(data, findings)

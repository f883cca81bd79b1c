"""Worker: the work of one process: documents of a store read, and judged in the company of their site."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from auditor import identity
from auditor.config import Config
from auditor.errors import StoreError
from auditor.features.promise import doubtful, promising
from auditor.fold import marks
from auditor.hands import judged, read
from auditor.page.page import Page
from auditor.page.reached import Reached
from auditor.page.snapshot import Failure, FailureKind
from auditor.page.told import Told
from auditor.report import PageResult
from auditor.result import Judges
from auditor.scan.codec import Codec, decode_entry, encode_entry
from auditor.scan.deadends import DeadEnds
from auditor.site.digest import Digest
from auditor.site.entry import entry
from auditor.site.site import Site, site_name
from auditor.spread import Mark, Spread
from auditor.store.findings import Findings
from auditor.store.outside import Outside
from auditor.store.store import Store
from auditor.targets import told_by


@dataclass(frozen=True, slots=True)
class WasRead:
    """A document that was read, for its site."""

    document: int
    site: str
    name: str
    entry: bytes
    outside: tuple[str, ...]
    """Addresses on other sites that it links to; empty where nobody is to look at them."""
    cited: frozenset[str]
    """Those of them that its article links to."""


@dataclass(frozen=True, slots=True)
class WasJudged:
    """A document that was judged."""

    document: int
    name: str
    result: bytes
    mark: Mark
    skipped: Counter[tuple[str, str]]
    findings: int
    shared: tuple[int, ...]
    """What of its findings other pages can share (`auditor.fold.marks`)."""
    failed: tuple[str, ...]
    """Addresses that could not be had and that it links to, by `identity.key`."""


@dataclass(frozen=True, slots=True)
class WentWrong:
    """A document with nothing to audit, or that broke the program."""

    document: int
    failure: Failure


Reply = WasRead | WasJudged | WentWrong


@dataclass(frozen=True, slots=True)
class Place:
    """The site that the documents that follow are judged against."""

    site: Site
    spread: Spread
    dead: DeadEnds
    """Addresses that come to one that could not be had, and to which; both by `identity.key`."""


class Worker:
    """The work of one process. Keeps nothing of a page between reading and judging it: a parsed page takes five times its source."""

    def __init__(self, judges: Judges, config: Config, store: Store, number: int) -> None:
        self._judges = judges
        self._kept = store.open(number)
        self._codec = Codec.of(judges.models)
        self._outside = Outside(store.connection, store.file, number) if config.check_external else None
        self._findings = Findings(store.connection, store.file, number)
        self._sites: frozenset[str] = frozenset()
        """Of the run."""
        self._place: Place

    def settle(self, place: Place) -> None:
        """Judge against this site from now on; all sites of the run are known by then."""
        self._place = place
        self._sites = self._sites or frozenset(self._findings.sites())

    def answer(self, task: str, number: int) -> Reply:
        """Read or judge a document; what goes wrong with it must not take the others along that wait."""
        try:
            return self.read(number) if task == "read" else self.judge(number)
        except Exception as error:
            defect = f"a defect of this program ({type(error).__name__}); please report it with the document"
            detail = str(error) if isinstance(error, StoreError) else defect
            return WentWrong(number, Failure(FailureKind.UNREADABLE, detail, self._kept.address(number)))

    def read(self, number: int) -> Reply:
        """First look at a document: what its site needs to know of it."""
        found = self._parsed(number)
        if isinstance(found, Failure):
            return WentWrong(number, found)
        page, digest = found
        outside: tuple[str, ...] = ()
        cited: frozenset[str] = frozenset()
        if self._outside is not None:
            outside = tuple(dict.fromkeys(link.url for link in page.links if link.external and link.url))
            cited = frozenset(link.url for link in promising(page) if link.external)
        site = site_name(page)
        return WasRead(number, site, page.name, encode_entry(entry(page, digest)), outside, cited)

    def judge(self, number: int) -> Reply:
        """Second look, in the company of its site."""
        place = self._place
        found = self._parsed(number)
        if isinstance(found, Failure):
            return WentWrong(number, found)
        page, digest = found
        keys = (
            {link.url: identity.key(identity.clean(link.url)) for link in page.links if link.url} if place.dead else {}
        )
        ends = {url: end for url, key in keys.items() if (end := place.dead.ways.get(key))}
        reached, told = self._reached(page, keys, ends), self._told(page)
        one = judged(page, digest, place.site, place.spread, self._judges, reached, told)
        if isinstance(one.result, Failure):
            return WentWrong(number, one.result)
        result: PageResult = one.result
        return WasJudged(
            number,
            page.name,
            self._codec.encode(result),
            one.mark,
            one.skipped,
            len(result.findings),
            marks(place.site.name, result.findings),
            tuple(set(ends.values())),
        )

    def _reached(self, page: Page, keys: Mapping[str, str], ends: Mapping[str, str]) -> dict[str, Reached]:
        """What is known of where the page's links lead, by their addresses.

        Args:
            keys: every link's address by `identity.key`.
            ends: the failed address that a link comes to.
        """
        dead = self._place.dead
        known = {url: replace(end, url=url) for url, key in keys.items() if (end := dead.moved.get(key))}
        known |= {url: replace(dead.met[end], url=url) for url, end in ends.items() if end in dead.met}
        if self._outside is not None:
            outward = list({link.url for link in page.links if link.external and link.url})
            known |= {url: Reached.restored(url, answer) for url, answer in self._outside.answers(outward).items()}
        return known

    def _told(self, page: Page) -> dict[str, Told]:
        """What the pages of this run tell of themselves that the page's article links to, by the links' addresses."""
        spellings: dict[str, list[str]] = {}
        if page.language == "en":
            for link, _ in doubtful(page):
                if not link.external or link.host in self._sites:
                    spellings.setdefault(link.url, identity.spellings(identity.clean(link.url)))
        there = self._findings.entries_at([one for names in spellings.values() for one in names]) if spellings else {}
        if not there:
            return {}
        found = {url: next((there[one] for one in names if one in there), None) for url, names in spellings.items()}
        entries = {url: decode_entry(data) for url, data in found.items() if data is not None}
        return {url: told_by(one) for url, one in entries.items()}

    def _parsed(self, number: int) -> tuple[Page, Digest] | Failure:
        return read(self._kept.document(number), self._judges)

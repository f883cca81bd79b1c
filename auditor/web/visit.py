"""Visit: one target from its address to what came of it, robots.txt asked and redirects judged on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING

from auditor import identity
from auditor.answer import Answer, Listing, NoPage, judge, wanted
from auditor.config import CrawlLimits
from auditor.errors import StoreError
from auditor.page.snapshot import Failure, FailureKind, Format, Redirect, Snapshot, Variant
from auditor.store.run import Moved, Run
from auditor.store.target import Target
from auditor.web import frontier, links, scope, sitemaps
from auditor.web.origins import Origins
from auditor.web.record import SitemapFile, Survey
from auditor.web.scope import Scope

if TYPE_CHECKING:
    from auditor.web.more import More

SITEMAP_REDIRECTS = 5
MAX_FEEDS = 3

LISTED_FACTOR = 10
"""Sitemap entries kept for each page that may be fetched."""

MIN_LISTED = 1_000

PORTION = 1_000
"""Entries of a sitemap that are stored at once."""


@dataclass(slots=True)
class Visit:
    """What came of a target."""

    outcome: Snapshot | Failure | Moved | None = None
    """None where it is no document and no failure: excluded by robots.txt, an image, a sitemap."""
    found: list[Target] = field(default_factory=list)
    listed: dict[str, str] = field(default_factory=dict)
    silent: FailureKind | None = None
    """How the host kept silent; None where it answered, or was not asked."""
    asked: bool = True
    excluded: bool = False
    """Robots.txt asks not to fetch it."""


OF_BODY = frozenset(("content-type", "content-length", "content-encoding", "transfer-encoding"))
"""Headers that tell of a body, and nothing where an answer has none."""

SILENCE = frozenset((FailureKind.UNREACHABLE, FailureKind.TIMEOUT, FailureKind.TLS))


class Visitor:
    """Fetches targets of one run; `add` lets targets wait that come in too large a number to be kept until the visit is over."""

    def __init__(
        self,
        limits: CrawlLimits,
        within: Scope,
        origins: Origins,
        run: Run,
        add: Callable[[Iterable[Target]], None],
        more: More | None = None,
    ) -> None:
        self._limits = limits
        self._scope = within
        self._origins = origins
        self._run = run
        self._add = add
        self._more = more
        self._asks_again = run.has_earlier()

    async def page(self, target: Target) -> Visit:
        """Fetch a page: a document, a failure, or an address that leads elsewhere; with all that is found on the way."""
        answer = await self._follow(target)
        match answer:
            case Visit():
                return answer
            case Snapshot() as snapshot:
                if self._more is not None:
                    snapshot, failures = await self._more.ask(snapshot)
                    for failure in failures:
                        self._run.keep(failure)
                return self._read(target, snapshot)
            case Listing(body=body):
                return self._listing(target, target.url, sitemaps.parse(body, target.url))
            case NoPage(media_type=media_type):
                self._origins.record(target.url).not_a_page(media_type)
                return Visit()
            case Failure() as failure:
                silent = failure.kind if failure.kind in SILENCE else None
                return Visit(failure, self.survey(target, ()) if target.start and not silent else [], silent=silent)

    def survey(self, target: Target, feeds: Iterable[str]) -> list[Target]:
        """Where to look first for what a host lists, once, where the limits leave room for it."""
        record = self._origins.record(target.url)
        if record.survey is not Survey.NONE or self._limits.max_depth < 1 or self._limits.max_pages <= 1:
            return []
        record.feeds = list(islice(feeds, MAX_FEEDS))
        return self.next_survey(target.url)

    def next_survey(self, url: str) -> list[Target]:
        """What to ask next of a host whose lists so far named nothing."""
        record = self._origins.record(url)
        rules = record.robots.get(identity.origin(url))
        usual = f"{identity.origin(url)}/sitemap.xml"
        if rules is not None and self._limits.obey_robots and not rules.allows(usual):
            usual = ""
        declared = rules.sitemaps if rules is not None else ()
        offers = {
            Survey.DECLARED: declared,
            Survey.USUAL: () if not usual or usual in declared else (usual,),
            Survey.FEEDS: tuple(record.feeds),
        }
        steps = list(Survey)
        while record.survey is not Survey.OVER:
            record.survey = steps[steps.index(record.survey) + 1]
            if files := offers.get(record.survey, ()):
                return [frontier.sitemap(file, record.host) for file in files]
        return []

    async def sitemap(self, target: Target) -> Visit:
        """Read a sitemap or feed: its addresses become targets, and so do the files that it indexes."""
        if len(self._origins.record(f"http://{target.lane}/").sitemaps) >= sitemaps.MAX_FILES:
            return Visit(asked=False)
        url = target.url
        read = sitemaps.Sitemap(problem=f"more than {SITEMAP_REDIRECTS} redirects")
        for _ in range(SITEMAP_REDIRECTS + 1):
            match await self._origins.get(url, max_bytes=sitemaps.MAX_BYTES):
                case Failure(detail=detail):
                    read = sitemaps.Sitemap(problem=detail)
                case Answer(redirect=True) as answer if following := identity.clean(answer.location):
                    url = following
                    continue
                case Answer(status=200) as answer:
                    read = sitemaps.parse(answer.body, answer.url)
                case Answer(status=status):
                    read = sitemaps.Sitemap(problem=f"answered {status}")
            break
        return self._listing(target, target.url, read)

    def _listing(self, target: Target, url: str, read: sitemaps.Sitemap) -> Visit:
        record = self._origins.record(f"http://{target.lane}/")
        if target.start:
            if not (read.entries or read.children):
                detail = f"no sitemap or feed with addresses in it: {read.problem or 'empty'}"
                return Visit(Failure(FailureKind.CONTENT_TYPE, detail, url))
            record.survey = Survey.OVER
        record.sitemaps.append(SitemapFile(url, len(read.entries), read.problem))
        visit = Visit()
        level = 0 if target.start else target.depth
        if level < sitemaps.MAX_LEVEL and len(record.sitemaps) < sitemaps.MAX_FILES:
            room = sitemaps.MAX_FILES - len(record.sitemaps)
            visit.found = [frontier.sitemap(child, record.host, level + 1) for child in read.children[:room]]
        room = max(MIN_LISTED, LISTED_FACTOR * self._limits.max_pages)
        for entry in read.entries:
            if record.listed >= room:
                break
            address = identity.clean(entry.url)
            if address and self._scope.covers(address):
                record.listed += 1
                visit.listed[address] = entry.lastmod
                if self._limits.max_depth >= 1:
                    visit.found.append(frontier.page(address, 1, listed=True))
            if len(visit.listed) >= PORTION:
                self._run.list_addresses(visit.listed)
                self._add(visit.found)
                visit.listed, visit.found = {}, []
        return visit

    def _read(self, target: Target, snapshot: Snapshot) -> Visit:
        """A document and where it leads."""
        found = links.Links((), (), ())
        if snapshot.format is Format.HTML:
            content_type = snapshot.headers.get("content-type", "")
            found = links.discover(snapshot.body, snapshot.final_url or "", content_type)
        record = self._origins.record(target.url)
        for extension in found.files:
            record.not_a_page(extension)
        targets = self.survey(target, found.feeds)
        if target.depth < self._limits.max_depth:
            depth = target.depth + 1
            targets += [frontier.page(url, depth) for url in found.pages if self._scope.covers(url)]
        return Visit(snapshot, targets)

    async def _follow(self, target: Target) -> Snapshot | Failure | NoPage | Listing | Visit:
        """Ask for a target; a redirect is followed here only where it stays on the same page (another scheme, `www.`)."""
        url = target.url
        hops: list[Redirect] = []
        while True:
            answer = await self._barred(url, target) or await self._get(url, target)
            if isinstance(answer, Visit):
                return answer
            if isinstance(answer, Failure):
                if target.guessed and answer.kind in (FailureKind.UNREACHABLE, FailureKind.TIMEOUT):
                    url = scope.plain_http(target.url)
                    target = replace(target, url=url, guessed=False)
                    continue
                where = "" if url == target.url else f" (redirected to {url})"
                return replace(answer, url=target.url, detail=f"{answer.detail}{where}")
            following = identity.clean(answer.location) if answer.redirect else ""
            if not following:
                return judge(answer, target, tuple(hops))
            hops.append(Redirect(url, answer.status))
            if wrong := self._wrong_turn(target, hops, following):
                return wrong
            if target.start:
                self._scope.admit(following)
            if identity.key(following) != identity.key(url):
                onward = [frontier.beyond(target, following)] if self._scope.covers(following) or target.start else []
                return Visit(Moved(target.url, answer.status, following), onward)
            url = following

    def _wrong_turn(self, target: Target, hops: list[Redirect], following: str) -> Failure | None:
        """Why a redirect is not followed; None where it is."""
        if any(hop.url == following for hop in hops):
            return Failure(FailureKind.REDIRECT, f"redirects in a loop at {following}", target.url)
        if len(hops) + target.hops > self._limits.max_redirects:
            detail = f"more than {self._limits.max_redirects} redirects, the last to {following}"
            return Failure(FailureKind.REDIRECT, detail, target.url)
        if target.start and not self._scope.may_move(target.url, following):
            detail = f"leads to another site, {following}; start there to look at it"
            return Failure(FailureKind.REDIRECT, detail, target.url)
        return None

    async def _get(self, url: str, target: Target) -> Answer | Failure:
        """Ask for a page, and where an earlier run has it, only whether it has changed."""
        earlier = self._run.validators(url) if self._asks_again else None
        headers: dict[str, str] = {}
        if earlier is not None and earlier.etag:
            headers["if-none-match"] = earlier.etag
        if earlier is not None and earlier.modified:
            headers["if-modified-since"] = earlier.modified
        answer = await self._ask(url, target, headers)
        if earlier is None or isinstance(answer, Failure) or answer.status != 304:
            return answer
        try:
            before = self._run.document(earlier.document)
        except StoreError:  # pruned while we asked
            return await self._ask(url, target, {})
        self._origins.record(url).revalidated += 1
        return replace(
            answer,
            status=200,
            headers={
                **before.headers,
                **{name: value for name, value in answer.headers.items() if name not in OF_BODY},
            },
            body=before.variants.get(Variant.RAW, before.body),
        )

    async def _ask(self, url: str, target: Target, headers: Mapping[str, str]) -> Answer | Failure:
        return await self._origins.get(url, wants=lambda media_type: wanted(media_type, target.start), headers=headers)

    async def _barred(self, url: str, target: Target) -> Failure | Visit | None:
        """Why robots.txt keeps us from an address; None where it does not."""
        rules = await self._origins.rules(url)
        if not self._limits.obey_robots or rules.allows(url):
            return None
        if rules.problem is not None:
            if target.start:
                return replace(rules.problem, url=url)
            if self._origins.first_told(rules.origin) and rules.problem not in self._run.failures():
                self._run.keep(rules.problem)
        elif target.start:
            detail = "robots.txt asks not to fetch it; use --no-robots on a site of your own"
            return Failure(FailureKind.ROBOTS, detail, target.url)
        self._origins.record(url).exclude(url)
        return Visit(asked=False, excluded=True)

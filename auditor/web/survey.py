"""Survey: a host's sitemaps read one after the other, indexes followed, feeds taken where there are none."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from auditor import urls
from auditor.page.snapshot import Failure
from auditor.web import sitemaps
from auditor.web.fetch import Answer
from auditor.web.record import HostRecord, SitemapFile

MAX_REDIRECTS = 5
MAX_FEEDS = 3

Get = Callable[[str], Awaitable[Answer | Failure]]
Accept = Callable[[sitemaps.Entry, str], bool]
"""Takes an entry and the file that names it; answers False when no more are wanted."""


@dataclass(slots=True)
class Survey:
    """The sitemaps of one host, written into its record."""

    record: HostRecord
    get: Get
    accept: Accept

    async def look(self, declared: Iterable[str], usual: str, feeds: Iterable[str]) -> None:
        """Read what robots.txt declares, else the usual place (empty: do not), else the feeds the pages name."""
        declared = tuple(declared)
        await self.read(declared)
        if not self.record.entries and usual and usual not in declared:
            await self.read((usual,))
        if not self.record.entries:
            await self.read(tuple(feeds)[:MAX_FEEDS])

    async def read(self, files: Iterable[str], level: int = 0) -> None:
        """Read these files and what they index, breadth first, within the bounds of `auditor.web.sitemaps`."""
        queue = deque((url, level) for url in files)
        known = {url for url, _ in queue} | {one.url for one in self.record.sitemaps}
        while queue and len(self.record.sitemaps) < sitemaps.MAX_FILES:
            url, depth = queue.popleft()
            sitemap = await self._fetch(url)
            if not self.take(url, sitemap):
                return
            for child in sitemap.children if depth < sitemaps.MAX_LEVEL else ():
                if child not in known:
                    known.add(child)
                    queue.append((child, depth + 1))

    def take(self, url: str, sitemap: sitemaps.Sitemap) -> bool:
        """Note a file and hand on its entries; False when no more are wanted."""
        self.record.sitemaps.append(SitemapFile(url, len(sitemap.entries), sitemap.problem))
        return all(self.accept(entry, url) for entry in sitemap.entries)

    async def _fetch(self, url: str) -> sitemaps.Sitemap:
        for _ in range(MAX_REDIRECTS + 1):
            match await self.get(url):
                case Failure(detail=detail):
                    return sitemaps.Sitemap(problem=detail)
                case Answer(redirect=True) as answer if target := urls.normalise(answer.location):
                    url = target
                case Answer(status=200) as answer:
                    return sitemaps.parse(answer.body, answer.url)
                case Answer(status=status):
                    return sitemaps.Sitemap(problem=f"answered {status}")
        return sitemaps.Sitemap(problem=f"more than {MAX_REDIRECTS} redirects")

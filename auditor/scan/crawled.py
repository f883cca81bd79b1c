"""What a run knows of its sites' addresses beside the pages, for the checks that hold one against the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from auditor import identity, urls
from auditor.config import LISTED
from auditor.page.snapshot import Failure
from auditor.scan.deadends import MAX_FAILED, STATES
from auditor.site.crawled import Crawled, Hop, Listed
from auditor.store.run import CHUNK, DROPPED, WAITING, Moved, Run
from auditor.store.store import IMPORTED, RunInfo, State


class Walked:
    """`Walked(run, info, failures, redirects).at("example.com")` is what is known of one of a run's sites."""

    def __init__(self, run: Run, info: RunInfo, failures: Sequence[Failure], redirects: Mapping[str, Moved]) -> None:
        self._run = run
        settings = info.settings
        narrowed = any(settings.get(name) for name in ("include", "exclude", LISTED))
        self._complete = (
            info.state is State.DONE and not narrowed and not run.left_out(WAITING) and not run.left_out(DROPPED)
        )
        starts = [identity.clean(start if "://" in start else f"https://{start}") for start in info.starts]
        self._starts = tuple(identity.code(start) for start in starts if start)
        self._front = tuple(identity.code(start) for start in starts if start.count("/") == 3 and start.endswith("/"))
        self._hops = {identity.code_of(m.source): Hop(m.source, m.status, m.target) for m in redirects.values()}
        self._broken = {identity.code_of(f.url): f.detail for f in failures[:MAX_FAILED] if f.url and f.kind in STATES}

        self._crawled = IMPORTED not in settings

    def at(self, site: str) -> Crawled | None:
        """None where the pages came from an archive: nobody looked for others."""
        if not self._crawled:
            return None
        return Crawled(self._complete, self._starts, self._front, _Listing(self._run, site), self._hops, self._broken)


class _Listing:
    """The addresses of one site that the sitemaps name; may be read more than once."""

    def __init__(self, run: Run, site: str) -> None:
        self._run = run
        self._site = site

    def __iter__(self) -> Iterator[Listed]:
        named = (url for url, _ in self._run.listed() if urls.site(url) == self._site)
        while chunk := [(url, identity.code_of(url)) for url in islice(named, CHUNK)]:
            barred = self._run.excluded(code for _, code in chunk)
            yield from (Listed(url, code, code in barred) for url, code in chunk)

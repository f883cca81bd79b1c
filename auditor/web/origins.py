"""Origins: the way to every host of a crawl, with its rules, its pace and its record."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from types import MappingProxyType

from auditor import identity
from auditor.answer import Answer
from auditor.config import CrawlLimits
from auditor.page.snapshot import Failure, FailureKind
from auditor.web import robots
from auditor.web.fetch import Fetcher
from auditor.web.pace import Pace
from auditor.web.record import HostRecord


class Origins:
    """Everything that is asked for goes through `get`, so that no request passes a host's pace by."""

    def __init__(self, limits: CrawlLimits, fetcher: Fetcher, records: dict[str, HostRecord]) -> None:
        self._limits = limits
        self._fetcher = fetcher
        self._records = records
        self._paces: dict[str, Pace] = {}
        self._rules: dict[str, asyncio.Task[robots.Rules]] = {}
        self._told: set[str] = set()

    async def get(
        self,
        url: str,
        *,
        wants: Callable[[str], bool] = lambda media_type: True,
        max_bytes: int | None = None,
        cut: bool = False,
        headers: Mapping[str, str] = MappingProxyType({}),
        method: str = "GET",
    ) -> Answer | Failure:
        """Ask for an address in the host's own time; see `Fetcher.get`."""
        return await self._fetcher.get(
            url, self._pace(url), wants=wants, max_bytes=max_bytes, cut=cut, headers=headers, method=method
        )

    def first_told(self, origin: str) -> bool:
        """Whether nobody has told yet that an origin keeps crawlers out; from now on somebody has."""
        first = origin not in self._told
        self._told.add(origin)
        return first

    async def rules(self, url: str) -> robots.Rules:
        """What robots.txt of the address's origin says; asked for once, however many wait for it."""
        origin = identity.origin(url)
        if origin not in self._rules:
            self._rules[origin] = asyncio.create_task(self._read(origin))
        return await self._rules[origin]

    def record(self, url: str) -> HostRecord:
        """The record of the address's host, begun if need be."""
        authority = identity.authority(url)
        if authority not in self._records:
            self._records[authority] = HostRecord(authority)
        return self._records[authority]

    def _pace(self, url: str) -> Pace:
        name = identity.machine(url)
        if name not in self._paces:
            self._paces[name] = Pace(self._limits.concurrency, self._limits.rate)
        return self._paces[name]

    async def _read(self, origin: str) -> robots.Rules:
        kept = self.record(origin).robots.get(origin)
        if kept is not None:  # a run that goes on where it was broken off
            if self._limits.obey_robots:
                self._pace(origin).slow_to(kept.delay)
            return kept

        async def get(url: str) -> Answer | Failure:
            return await self.get(url, max_bytes=robots.MAX_BYTES, cut=True)

        try:
            rules = await robots.read(origin, get)
        except Exception as error:  # what cannot be understood may have said no
            url = f"{origin}/robots.txt"
            problem = Failure(FailureKind.ROBOTS, f"robots.txt was not understood: {type(error).__name__}", url)
            rules = robots.Rules(origin, url, None, problem=problem)
        if self._limits.obey_robots:
            self._pace(origin).slow_to(rules.delay)
        self.record(origin).robots[origin] = rules
        return rules

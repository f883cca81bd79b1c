"""More: what is asked of a page beside its bytes: to be run in a browser, to be compared as a search bot gets it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import TracebackType

from auditor.answer import Answer
from auditor.config import CrawlLimits
from auditor.page.snapshot import Failure, Format, Snapshot, Variant
from auditor.web.agents import agents, is_mine
from auditor.web.browser import Browser
from auditor.web.compare import compare
from auditor.web.origins import Origins


class More:
    """`async with More(limits, origins) as more`; every request goes through `origins`, in the host's pace and within its checks.

    Entering raises ConfigError where there is no browser to be had.
    """

    def __init__(self, limits: CrawlLimits, origins: Origins) -> None:
        self._origins = origins
        self._agents = agents(limits.compare_as) if limits.compare_as else None
        self._mine = limits.mine
        chromium = Path(limits.chromium) if limits.chromium else None
        self._browser = Browser(limits, self._get, chromium) if limits.render else None

    async def __aenter__(self) -> More:
        if self._browser is not None:
            await self._browser.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._browser is not None:
            await self._browser.__aexit__(kind, error, trace)

    async def ask(self, page: Snapshot) -> tuple[Snapshot, list[Failure]]:
        """The page with what else was asked for, and why something of it was not to be had."""
        failures: list[Failure] = []
        if page.format is not Format.HTML:
            return page, failures
        if self._agents is not None and is_mine(page.final_url or "", self._mine):
            looks = await compare(page.final_url or "", self._agents, self._get_as)
            if isinstance(looks, Failure):
                failures.append(looks)
            else:
                page = replace(page, variants={**page.variants, **looks})
        if self._browser is not None:
            shown = await self._browser.render(_answer(page))
            if isinstance(shown, Failure):
                failures.append(shown)
            else:
                page = replace(
                    page,
                    body=shown.body,
                    headers={**page.headers, "content-type": "text/html; charset=utf-8"},
                    variants={**page.variants, Variant.RAW: page.body},
                )
        return page, failures

    async def _get(self, url: str, accept: str) -> Answer | Failure:
        """How the browser fetches."""
        return await self._origins.get(url, headers={"accept": accept})

    async def _get_as(self, url: str, user_agent: str) -> Answer | Failure:
        return await self._origins.get(url, headers={"user-agent": user_agent})


def _answer(page: Snapshot) -> Answer:
    if page.fetched_at is None or page.status is None:
        raise ValueError("a page that was not fetched cannot be shown")
    return Answer(page.final_url or "", page.status, page.headers, page.body, page.fetched_at)

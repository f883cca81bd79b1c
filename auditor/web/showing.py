"""Showing: one page in the browser, from the bytes already fetched to the document its scripts made, within limits."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditor import urls
from auditor.answer import Answer
from auditor.config import CrawlLimits
from auditor.page.snapshot import Failure, FailureKind

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import BrowserContext, Page, Request, Route

Get = Callable[[str, str], Awaitable[Answer | Failure]]
"""How a crawl fetches one address: (url, Accept header) → what came; redirects are not followed."""

MAX_REQUESTS = 100
"""Requests of one page that are answered, redirects included."""

MAX_ATTEMPTS = 1_000
"""Requests of one page, refused ones included, after which it is given up."""

MAX_TRAFFIC = 20_000_000
"""Bytes that are fetched for one page, after decompression."""

MAX_REDIRECTS = 5
MAX_ELEMENTS = 300_000
QUIET_SECONDS = 0.5
"""Without a request in work, after which a loaded page is done."""

SETTLE_SHARE = 0.6
"""Of a page's time for loading; the rest is for reading it."""

CLOSE_SECONDS = 5.0

ACCEPTS = {"script": "*/*", "stylesheet": "text/css,*/*;q=0.1", "xhr": "*/*", "fetch": "*/*"}
"""What is fetched for a page, and as what: all that can change its text. Images, fonts, media and frames are not."""

KEPT = ("content-type", "content-language", "content-security-policy")
"""Headers of the document that decide how a browser reads it."""

DROPPED = frozenset(
    ("content-encoding", "content-length", "transfer-encoding", "connection", "keep-alive", "set-cookie", "location")
)
"""Headers of an answer that are no longer true, or the page's business."""

_READ = """(() => {
  if (!document.documentElement) return "";
  if (document.getElementsByTagName("*").length > %d) return null;
  const type = document.doctype ? new XMLSerializer().serializeToString(document.doctype) + "\\n" : "";
  return (type + document.documentElement.outerHTML).slice(0, %d);
})()"""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page after its scripts have run."""

    body: bytes
    """The document as HTML in UTF-8."""
    requests: int
    """What was fetched for it besides the document."""
    cut: str = ""
    """Which limit ended it before it came to rest: "time", "requests" or "bytes"; empty for none."""
    leads_to: str = ""
    """The address that its scripts or a refresh went on to; not followed."""


class Showing:
    """One page in a context of its own: no cookies, no permissions, no downloads; closed when it is read."""

    def __init__(self, answer: Answer, limits: CrawlLimits, get: Get) -> None:
        self._answer = answer
        self._limits = limits
        self._get = get
        self._tasks: set[asyncio.Task[None]] = set()
        self._opened = False
        self._seen = 0
        self._requests = 0
        self._traffic = 0
        self._working = 0
        self._last = 0.0
        """When a request last began or ended, in the loop's time."""
        self._cut = ""
        self._leads_to = ""
        self._left = asyncio.Event()
        self._broken = asyncio.Event()
        self._why = ""

    async def run(self, chromium: Chromium) -> Rendered | Failure:
        """Open, wait, read, close. Raises Playwright's `Error` where the browser ends or refuses."""
        context: BrowserContext | None = None
        try:
            async with asyncio.timeout(self._limits.total_timeout):
                # Named as the crawl is; scripts that ask get an honest answer.
                context = await chromium.new_context(
                    user_agent=self._limits.user_agent, accept_downloads=False, service_workers="block", permissions=[]
                )
                return await self._unless_broken(self._look(context))
        except TimeoutError:
            detail = f"its scripts were still busy after {self._limits.total_timeout:g} seconds"
            return Failure(FailureKind.TIMEOUT, detail, self._answer.url)
        finally:
            for task in self._tasks:
                task.cancel()
            if context is not None:
                await _close(context)
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _unless_broken(self, look: Coroutine[Any, Any, Rendered | Failure]) -> Rendered | Failure:
        """What the look finds, unless the page breaks first: calls on a page that crashed may never return."""
        looking = asyncio.ensure_future(look)
        breaking = asyncio.ensure_future(self._broken.wait())
        try:
            await asyncio.wait({looking, breaking}, return_when=asyncio.FIRST_COMPLETED)
            if self._broken.is_set():
                return Failure(FailureKind.UNREADABLE, self._why, self._answer.url)
            return looking.result()
        finally:
            for task in (looking, breaking):
                task.cancel()
            await asyncio.gather(looking, breaking, return_exceptions=True)

    async def _look(self, context: BrowserContext) -> Rendered | Failure:
        await context.route("**/*", self._route)
        page = await context.new_page()
        context.on("page", lambda popup: self._spawn(popup.close()))
        page.on("dialog", lambda dialog: self._spawn(dialog.dismiss()))
        page.on("crash", lambda _: self._break("its scripts made the browser's page crash, or took too much memory"))
        await page.goto(self._answer.url, wait_until="commit", timeout=self._limits.total_timeout * 1000)
        await self._settle(page)
        if urls.site(page.url) != urls.site(self._answer.url):
            return Failure(FailureKind.REDIRECT, f"its scripts went on to {page.url[:80]}", self._answer.url)
        return await self._read(context, page)

    async def _settle(self, page: Page) -> None:
        """Wait until the page has loaded, or gone on elsewhere, and asks for nothing more; not longer than its share."""
        loop = asyncio.get_running_loop()
        loading = asyncio.ensure_future(page.wait_for_load_state("load", timeout=0))
        leaving = asyncio.ensure_future(self._left.wait())
        try:
            async with asyncio.timeout(self._limits.total_timeout * SETTLE_SHARE):
                await asyncio.wait({loading, leaving}, return_when=asyncio.FIRST_COMPLETED)
                self._last = max(self._last, loop.time())
                while self._working or loop.time() - self._last < QUIET_SECONDS:
                    await asyncio.sleep(QUIET_SECONDS / 5)
        except TimeoutError:
            self._cut = self._cut or "time"
        finally:
            for task in (loading, leaving):
                task.cancel()
            await asyncio.gather(loading, leaving, return_exceptions=True)

    async def _read(self, context: BrowserContext, page: Page) -> Rendered | Failure:
        """The document, read from a world of its own where the page's scripts cannot have changed what `outerHTML` means."""
        most = self._limits.max_bytes
        session = await context.new_cdp_session(page)
        tree = await session.send("Page.getFrameTree")
        world = await session.send("Page.createIsolatedWorld", {"frameId": tree["frameTree"]["frame"]["id"]})
        answer = await session.send(
            "Runtime.evaluate",
            {
                "expression": _READ % (MAX_ELEMENTS, most + 1),
                "contextId": world["executionContextId"],
                "returnByValue": True,
            },
        )
        text = answer["result"].get("value")
        body = text.encode("utf-8", "replace") if isinstance(text, str) else None
        if body is None or len(body) > most:
            detail = f"its scripts made more than {most:,} bytes or {MAX_ELEMENTS:,} elements of it"
            return Failure(FailureKind.TOO_LARGE, detail, self._answer.url)
        return Rendered(body, self._requests, self._cut, self._leads_to)

    # What the page asks for

    def _route(self, route: Route) -> None:
        self._seen += 1
        if self._seen > MAX_ATTEMPTS:
            self._break(f"its scripts made more than {MAX_ATTEMPTS:,} requests")
        self._spawn(self._respond(route))

    async def _respond(self, route: Route) -> None:
        from playwright.async_api import Error

        self._working += 1
        try:
            if not self._broken.is_set():
                await self._fulfil(route, route.request)
                return
        except Error:
            pass  # the page closed meanwhile
        except asyncio.CancelledError:
            await _let_go(route)
            raise
        finally:
            self._working -= 1
            self._last = asyncio.get_running_loop().time()
        await _let_go(route)

    async def _fulfil(self, route: Route, request: Request) -> None:
        if request.is_navigation_request():
            top = request.frame.parent_frame is None
            if top and not self._opened:
                self._opened = True
                await route.fulfill(status=200, headers=self._headers(), body=self._answer.body)
                return
            if top:
                self._leads_to = self._leads_to or request.url[:2_000]
                self._left.set()
            await route.abort("aborted")  # the document that is there stays
            return
        accept = ACCEPTS.get(request.resource_type)
        answer = await self._fetch(request.url, accept) if accept and request.method == "GET" else None
        if answer is None:
            await route.abort()
            return
        headers = {name: value for name, value in answer.headers.items() if name not in DROPPED}
        await route.fulfill(status=answer.status, headers=headers, body=answer.body)

    def _headers(self) -> dict[str, str]:
        kept = {name: self._answer.headers[name] for name in KEPT if name in self._answer.headers}
        return kept if "html" in kept.get("content-type", "") else {**kept, "content-type": "text/html"}

    async def _fetch(self, url: str, accept: str) -> Answer | None:
        """What the crawl gets for an address, redirects followed; None for nothing, or where a limit is reached."""
        for _ in range(MAX_REDIRECTS + 1):
            if not url.startswith(("http://", "https://")):
                return None
            if self._requests >= MAX_REQUESTS or self._traffic >= MAX_TRAFFIC:
                self._cut = self._cut or ("requests" if self._requests >= MAX_REQUESTS else "bytes")
                return None
            self._requests += 1
            answer = await self._get(url, accept)
            if isinstance(answer, Failure):
                return None
            self._traffic += len(answer.body)
            if not answer.redirect:
                return answer
            url = answer.location
        return None

    def _break(self, why: str) -> None:
        self._why = self._why or why
        self._broken.set()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run beside the showing and end with it; a page that closes meanwhile is no error."""
        task = asyncio.ensure_future(_quietly(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _quietly(work: Coroutine[Any, Any, None]) -> None:
    from playwright.async_api import Error

    with contextlib.suppress(Error):
        await work


async def _let_go(route: Route) -> None:
    """Leave a request that will not be answered, so that Playwright does not wait for it; it has nowhere to go."""
    from playwright.async_api import Error

    with contextlib.suppress(Error):
        await route.fallback()


async def _close(context: BrowserContext) -> None:
    from playwright.async_api import Error

    with contextlib.suppress(Error, TimeoutError):
        async with asyncio.timeout(CLOSE_SECONDS):
            await context.close()

"""Browser: what a page becomes once its scripts have run, in the system's Chromium, which itself reaches no network.

Chromium gets every host name as unknown and a proxy that does not exist; each request of a page is answered here with what
the crawl's own `get` fetched, in its pace, with its checks and within the limits below.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from auditor.answer import Answer
from auditor.config import CrawlLimits
from auditor.errors import ConfigError
from auditor.page.snapshot import Failure, FailureKind
from auditor.web.showing import Get, Rendered, Showing
from auditor.web.watch import watch

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
"""Commands that start a Chromium, as Debian, Ubuntu and Google name them."""

MAX_PAGES = 2
"""Pages open at once; each is a process of its own."""

ATTEMPTS = 3
"""Times a page is opened where the browser ended under it, perhaps by another page's doing."""

START_SECONDS = 30.0
STOP_SECONDS = 10.0

FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No way out: what the page's route does not answer (WebSockets, WebRTC, hints to connect early) finds no host.
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=http://proxy.invalid:1",
    "--proxy-bypass-list=<-loopback>",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--js-flags=--max-old-space-size=512",
)


def executable(given: Path | None = None) -> Path:
    """The Chromium to start: the one given, else the first of `NAMES` on the PATH.

    Raises:
        ConfigError: there is none.
    """
    if given is not None:
        if not os.access(given, os.X_OK) or given.is_dir():
            raise ConfigError(f"{given} is not a program; give --chromium the path of a Chromium")
        return given
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    raise ConfigError("rendering needs Chromium: apt-get install chromium, or give its path with --chromium")


class Browser:
    """A browser for the time of a crawl: `async with Browser(limits, get, path) as browser`.

    `get(url, accept)` is how the crawl fetches: one request in the host's pace, private addresses refused.
    Entering raises `ConfigError` where Playwright or Chromium is missing or does not start.
    """

    def __init__(self, limits: CrawlLimits, get: Get, executable: Path | None = None) -> None:
        self._limits = limits
        self._get = get
        self._given = executable
        self._seats = asyncio.Semaphore(MAX_PAGES)
        self._starting = asyncio.Lock()
        self._playwright: Playwright | None = None
        self._chromium: Chromium | None = None
        self._watch: asyncio.Task[None] | None = None
        self.restarts = 0
        """Times the browser had to be started again."""

    async def __aenter__(self) -> Browser:
        await self._start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._stop()

    async def render(self, answer: Answer) -> Rendered | Failure:
        """The page after its scripts have run, or why there is none. The document itself is not asked for again.

        At most `MAX_PAGES` run at once, the others wait; a page takes no longer than the crawl's `total_timeout`
        once it is its turn.
        """
        from playwright.async_api import Error

        async with self._seats:
            reason = ""
            for _ in range(ATTEMPTS):
                try:
                    chromium = await self._running()
                    return await Showing(answer, self._limits, self._get).run(chromium)
                except ConfigError as error:
                    reason = str(error)
                    break  # it does not start again
                except Error as error:
                    reason = " ".join(str(error).split())[:160]
                if await self._answers(chromium):
                    break  # it is the page, not the browser
        return Failure(FailureKind.UNREADABLE, f"the browser could not show it: {reason}", answer.url)

    async def _running(self) -> Chromium:
        async with self._starting:
            if self._chromium is None:
                await self._start()
                self.restarts += 1
            assert self._chromium is not None
            return self._chromium

    async def _answers(self, chromium: Chromium) -> bool:
        """Whether this browser is still there; what is left of one that is not is cleared away."""
        from playwright.async_api import Error

        async with self._starting:
            if self._chromium is not chromium:
                return False  # another page found out first
            with contextlib.suppress(Error, TimeoutError):
                async with asyncio.timeout(STOP_SECONDS):
                    await (await chromium.new_context()).close()
                    return True
            await self._stop()
            return False

    async def _start(self) -> None:
        path = executable(self._given)
        try:
            from playwright.async_api import Error, async_playwright
        except ImportError:
            raise ConfigError("rendering needs Playwright: pip install 'auditor[render]'") from None
        try:
            self._playwright = await async_playwright().start()
            self._chromium = await self._playwright.chromium.launch(
                executable_path=path,
                headless=True,
                # Chromium's sandbox does not start as root; as anybody else it is the wall between hostile scripts and us.
                chromium_sandbox=not _is_root(),
                args=list(FLAGS),
                ignore_default_args=["--disable-popup-blocking"],
                env=_environment(),
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
                timeout=START_SECONDS * 1000,
            )
        except Error as error:
            await self._stop()
            reason = next((line.strip() for line in str(error).splitlines() if line.strip()), "no reason given")
            raise ConfigError(f"{path} does not start ({reason[:160]}); give another one with --chromium") from None
        except BaseException:
            await self._stop()
            raise
        self._watch = asyncio.create_task(watch(self._chromium))

    async def _stop(self) -> None:
        """End the browser and its driver, also where they no longer answer."""
        chromium, playwright, guard = self._chromium, self._playwright, self._watch
        self._chromium = self._playwright = self._watch = None
        if guard is not None:
            guard.cancel()
            await asyncio.wait({guard})
        for ending in (chromium and chromium.close, playwright and playwright.stop):
            if ending:
                with contextlib.suppress(Exception):  # it ended by itself, or its driver did
                    async with asyncio.timeout(STOP_SECONDS):
                        await ending()


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _environment() -> dict[str, str | float | bool]:
    """What Chromium gets to see of the environment: nothing that may hold a secret."""
    kept: Mapping[str, str] = os.environ
    names = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "FONTCONFIG_PATH")
    return {name: kept[name] for name in names if name in kept}

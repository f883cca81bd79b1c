"""Watch: no page of the browser takes more memory than one page may."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium

MAX_MEMORY = 1_000_000_000
"""Bytes of one page's process; ordinary pages take 100 to 300 MB, most of it shared."""

SECONDS = 0.25
"""Between two looks: a page that writes without end grows by some 200 MB a second."""


async def watch(chromium: Chromium, most: int = MAX_MEMORY) -> None:
    """Kill each page's process of this browser that takes more than `most` bytes, until cancelled or the browser is gone.

    Where the system does not tell a process's memory (no `/proc`), there is nothing to watch.
    """
    from playwright.async_api import Error

    if not Path("/proc/self/statm").exists():
        return
    with contextlib.suppress(Error):
        session = await chromium.new_browser_cdp_session()
        while chromium.is_connected():
            for process in (await session.send("SystemInfo.getProcessInfo"))["processInfo"]:
                if process["type"] == "renderer" and memory(int(process["id"])) > most:
                    with contextlib.suppress(OSError):
                        os.kill(int(process["id"]), signal.SIGKILL)
            await asyncio.sleep(SECONDS)


def memory(process: int) -> int:
    """Bytes that a process holds in memory; 0 for one that is gone."""
    try:
        resident = Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]
    except (OSError, IndexError):
        return 0
    return int(resident) * os.sysconf("SC_PAGE_SIZE")

"""Pace: how many requests a host gets at once, how far apart, and the pauses it asks for."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

MAX_CRAWL_DELAY = 30.0
MAX_WAIT = 120.0
"""Seconds a host may ask us to wait before we rather say that it could not be looked at."""

UNHURRIED = 0.1
"""Seconds between requests that no limit is taken for once a host complains."""

EASED = 2.0
"""Seconds between requests that a host's complaints bring a crawl to at most; slower is the host's own word."""

BACK_OFF = (1.0, 4.0)
"""Seconds before the first and the second repetition where the host does not say."""


class Pace:
    """The turns at one host: `async with pace:` waits until a request may go out.

    At most `concurrency` are inside at once and starts are at least `1 / rate` seconds apart (no distance for a
    rate of 0); a crawl-delay widens that, complaints double it, a pause holds everybody back. Nothing narrows it again.
    """

    def __init__(self, concurrency: int, rate: float) -> None:
        self._seats = asyncio.Semaphore(max(1, concurrency))
        self._interval = 1.0 / rate if rate > 0 else 0.0
        self._next = 0.0
        self._held_until = 0.0
        self._eased_at = 0.0

    @property
    def interval(self) -> float:
        """Seconds between two starts at least."""
        return self._interval

    def slow_to(self, seconds: float) -> None:
        """Keep a crawl-delay, bounded by `MAX_CRAWL_DELAY`; never faster than before."""
        self._interval = max(self._interval, min(seconds, MAX_CRAWL_DELAY))

    def ease(self, began: float) -> None:
        """Halve the rate for good, since the host complained of a request that began then (the loop's time).

        One burst counts once: complaints of requests from before the last halving change nothing.
        """
        if began >= self._eased_at:
            self._eased_at = asyncio.get_running_loop().time()
            self._interval = max(self._interval, min(2 * (self._interval or UNHURRIED), EASED))

    def hold(self, seconds: float) -> None:
        """Let nobody start for so many seconds from now."""
        self._held_until = max(self._held_until, asyncio.get_running_loop().time() + seconds)

    async def __aenter__(self) -> None:
        await self._seats.acquire()
        try:
            await self._turn()
        except BaseException:
            self._seats.release()
            raise

    async def __aexit__(self, *_: object) -> None:
        self._seats.release()

    async def _turn(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            now = loop.time()
            due = max(now, self._next, self._held_until)
            if due <= now:
                self._next = now + self._interval
                return
            if self._held_until <= now:
                # The slot is taken before the sleep, so that everyone who waits gets a slot of their own.
                self._next = due + self._interval
                await asyncio.sleep(due - now)
                if self._held_until <= loop.time():
                    return
            else:
                await asyncio.sleep(due - now)


def retry_after(value: str, attempt: int, now: datetime | None = None) -> float:
    """Seconds that a `Retry-After` header asks for, as a number or a date; the usual back-off where it says nothing.

    Not bounded above: compare with `MAX_WAIT`. `attempt` counts from 0.
    """
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    if value:
        try:
            when = parsedate_to_datetime(value)
        except (ValueError, TypeError, IndexError, OverflowError):
            pass
        else:
            when = when if when.tzinfo else when.replace(tzinfo=UTC)
            return max(0.0, (when - (now or datetime.now(UTC))).total_seconds())
    return BACK_OFF[min(attempt, len(BACK_OFF) - 1)]

"""Crawl: the documents of one or more sites, one after the other as they arrive."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence

from auditor.config import Access, CrawlLimits
from auditor.page.snapshot import Failure, Snapshot
from auditor.web.engine import Engine
from auditor.web.record import End, HostRecord, Progress

MAX_AHEAD = 16
"""Documents fetched and not yet taken; more would only fill memory while the reader is slow."""

TICK = 0.5
"""Seconds between reports of progress while nothing arrives."""

PATIENCE = 10.0
"""Seconds that connections get to close."""


class _Done:
    """The last thing in the queue of a crawl that ended by itself."""


class Crawl:
    """Iterate over it once for every document and failure; `hosts` and `end` are complete when the loop is over.

        crawl = Crawl(["https://example.com/"], CrawlLimits(max_pages=100))
        for outcome in crawl:
            match outcome:
                case Snapshot(): …
                case Failure(): …

    The network runs in a thread of its own and stays at most `MAX_AHEAD` documents ahead. Leaving the loop early, by
    `break`, an exception or Ctrl-C, ends the crawl and closes its connections. Starts that are no address, hosts that
    do not answer and the like are failures among the documents: a crawl raises nothing of its own.
    `progress` is called from the iterating thread after each document, and twice a second while none arrives.
    """

    def __init__(
        self,
        starts: Sequence[str],
        limits: CrawlLimits,
        progress: Callable[[Progress], None] | None = None,
        access: Access | None = None,
    ) -> None:
        self._engine = Engine(starts, limits, self._hand_over, access)
        self._report = progress
        self._queue: queue.SimpleQueue[Snapshot | Failure | _Done | BaseException] = queue.SimpleQueue()
        self._room: asyncio.Semaphore
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._started = threading.Event()

    @property
    def hosts(self) -> Mapping[str, HostRecord]:
        """What was seen of each host, by its name without `www.` and with its port."""
        return self._engine.hosts

    @property
    def end(self) -> End:
        """Why the crawl ended."""
        return self._engine.end

    @property
    def progress(self) -> Progress:
        return self._engine.progress()

    def __iter__(self) -> Iterator[Snapshot | Failure]:
        if self._task is not None or self._started.is_set():
            raise RuntimeError("a crawl runs once; make another one")
        thread = threading.Thread(target=self._run, name="crawl", daemon=True)
        thread.start()
        try:
            while True:
                try:
                    outcome = self._queue.get(timeout=TICK)
                except queue.Empty:
                    self._tell()
                    continue
                match outcome:
                    case Snapshot() | Failure():
                        self._soon(self._room.release)
                        self._tell()
                        yield outcome
                    case _Done():
                        self._tell()
                        return
                    case error:
                        raise error
        finally:
            self._started.wait(PATIENCE)
            self._soon(self._cancel)
            thread.join(PATIENCE)

    def _run(self) -> None:
        try:
            asyncio.run(self._main())
        except asyncio.CancelledError:
            self._queue.put(_Done())
        except BaseException as error:  # a defect of the crawler: it belongs to whoever iterates
            self._queue.put(error)
        else:
            self._queue.put(_Done())
        finally:
            self._started.set()

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._room = asyncio.Semaphore(MAX_AHEAD)
        self._task = asyncio.current_task()
        self._started.set()
        await self._engine.run()

    async def _hand_over(self, outcome: Snapshot | Failure) -> None:
        await self._room.acquire()
        self._queue.put(outcome)

    def _soon(self, call: Callable[[], object]) -> None:
        """Have the crawl's own thread do something, if it is still there."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: the crawl has ended by itself
                self._loop.call_soon_threadsafe(call)

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _tell(self) -> None:
        if self._report is not None:
            self._report(self._engine.progress())

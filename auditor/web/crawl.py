"""Crawl: the documents of one or more sites, put into a store as they arrive."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from auditor.config import Access, CrawlLimits
from auditor.store.store import Store
from auditor.web.engine import Engine
from auditor.web.record import End, HostRecord, Progress

TICK = 0.5
"""Seconds between reports of progress while nothing arrives."""

PATIENCE = 10.0
"""Seconds that connections get to close."""


class _Done:
    """The last thing in the queue of a crawl that ended by itself."""


class Crawl:
    """Iterate over it once for the number of every document; `hosts` and `end` are complete when the loop is over.

        crawl = Crawl(folder, run.id, ["https://example.com/"], CrawlLimits(max_pages=100))
        for number in crawl:
            page = run.document(number)

    The network runs in a thread of its own, with a connection of its own to the store in `folder`; failures and what else
    came of the crawl are in the run. Leaving the loop early, by `break`, an exception or Ctrl-C, ends the crawl and closes
    its connections; the run can be crawled on. Starts that are no address, hosts that do not answer and the like are
    failures of the run: a crawl raises nothing of its own but StoreError.
    `progress` is called from the iterating thread after each document, and twice a second while none arrives.
    """

    def __init__(
        self,
        folder: Path,
        run: int,
        starts: Sequence[str],
        limits: CrawlLimits,
        progress: Callable[[Progress], None] | None = None,
        access: Access | None = None,
    ) -> None:
        self._folder = folder
        self._run_id = run
        self._queue: queue.SimpleQueue[int | _Done | BaseException] = queue.SimpleQueue()
        self._engine = Engine(starts, limits, self._queue.put, access)
        self._report = progress
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

    def __iter__(self) -> Iterator[int]:
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
                    case int():
                        self._tell()
                        yield outcome
                    case _Done():
                        self._tell()
                        return
                    case error:
                        raise error
        finally:
            self._started.wait(PATIENCE)
            self._cancel()
            thread.join(PATIENCE)

    def _run(self) -> None:
        try:
            with Store(self._folder) as store:
                asyncio.run(self._main(store))
        except asyncio.CancelledError:
            self._queue.put(_Done())
        except BaseException as error:  # a full disk, or a defect of the crawler: it belongs to whoever iterates
            self._queue.put(error)
        else:
            self._queue.put(_Done())
        finally:
            self._started.set()

    async def _main(self, store: Store) -> None:
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.current_task()
        self._started.set()
        await self._engine.crawl(store.open(self._run_id))

    def _cancel(self) -> None:
        if self._loop is not None and self._task is not None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: the crawl has ended by itself
                self._loop.call_soon_threadsafe(self._task.cancel)

    def _tell(self) -> None:
        if self._report is not None:
            self._report(self._engine.progress())

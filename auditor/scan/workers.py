"""Workers: processes that read and judge documents of a store, so that a scan uses every core."""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import TracebackType
from typing import Any

from auditor.config import Config
from auditor.page.snapshot import Failure, FailureKind
from auditor.result import Judges
from auditor.scan.deadends import DeadEnds
from auditor.scan.thrift import thrift
from auditor.scan.worker import Place, Reply, WentWrong, Worker
from auditor.site.site import Site
from auditor.spread import Spread
from auditor.store.store import Store

Task = tuple[str, int]
"""What is to be done, `read` or `judge`, and with which document."""

AHEAD = 4
"""Documents that a worker has been told of and not yet answered for."""


@dataclass(slots=True)
class _Process:
    """One process and what it has been told."""

    process: Any
    pipe: Connection
    told: deque[Task] = field(default_factory=deque)


class Workers:
    """`with Workers(judges, config, store, number, jobs) as workers`: hand out documents with `read` or `judge`, take replies.

    Start it before any thread: processes are forked on Linux, so that all share the models' memory. They are one fewer than
    `jobs`, at least one: while it waits for replies, this process judges documents too; it reads none first, so that one that
    kills its reader does not end the scan. A process that dies takes the document with it that it was at; another one goes on
    with the rest.
    """

    def __init__(self, judges: Judges, config: Config, store: Store, number: int, jobs: int) -> None:
        self._judges = judges
        self._config = config
        self._store = store
        self._number = number
        self._own = Worker(judges, config, store, number) if jobs > 1 else None
        self._place: Place | None = None
        self._waiting: deque[Task] = deque()
        self._processes: list[_Process] = []
        for _ in range(max(jobs - 1, 1)):
            self._processes.append(self._start("fork" if sys.platform == "linux" else "spawn"))

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for one in self._processes:
            one.pipe.close()
        for one in self._processes:
            one.process.join(5)
            if one.process.is_alive():
                one.process.kill()
                one.process.join()

    @property
    def pids(self) -> tuple[int, ...]:
        return tuple(one.process.pid for one in self._processes)

    def read(self, documents: Iterable[int]) -> None:
        """Hand documents out to be read."""
        self._hand_out("read", documents)

    def settle(self, site: Site, spread: Spread, dead: DeadEnds) -> None:
        """Name the site that documents are judged against from now on, and the addresses (`ways`, by `identity.key`) that come
        to one that could not be had; nothing may be in work."""
        self._place = Place(site, spread, dead)
        if self._own is not None:
            self._own.settle(self._place)
        for one in self._processes:
            self._send(one, self._place)

    def judge(self, documents: Iterable[int]) -> None:
        """Hand documents out to be judged."""
        self._hand_out("judge", documents)

    def replies(self, *, block: bool) -> Iterator[Reply]:
        """What has been answered so far; with `block` until every document handed out has been answered for."""
        while True:
            for one in self._processes:
                self._feed(one)
            busy = {one.pipe: one for one in self._processes if one.told}
            if not busy:
                return
            own = self._own if block and self._waiting and self._waiting[0][0] == "judge" else None
            ready = wait(list(busy), None if block and own is None else 0)
            for pipe in ready:
                one = busy[pipe]  # type: ignore[index]
                try:
                    reply: Reply = one.pipe.recv()
                except (EOFError, OSError):
                    yield self._lost(one)
                    continue
                one.told.popleft()
                self._feed(one)
                yield reply
            if own is not None and not ready and self._waiting:
                yield own.answer(*self._waiting.popleft())
            elif not (block or ready):
                return

    def _hand_out(self, task: str, documents: Iterable[int]) -> None:
        self._waiting.extend((task, number) for number in documents)
        for one in self._processes:
            self._feed(one)

    def _feed(self, one: _Process) -> None:
        while self._waiting and len(one.told) < AHEAD:
            if not one.told and not one.process.is_alive():  # it died with nothing to do: no document is to blame
                self._replace(one)
            task = self._waiting.popleft()
            one.told.append(task)
            self._send(one, task)

    def _send(self, one: _Process, message: object) -> None:
        with contextlib.suppress(
            OSError
        ):  # it has died: noticed when it gets its next document, or is to answer for one
            one.pipe.send(message)

    def _lost(self, one: _Process) -> WentWrong:
        """Give up the document that a process died at; another one goes on with the rest."""
        _, number = one.told.popleft()
        self._replace(one)
        self._feed(one)
        detail = (
            "the program was stopped while it read this document (out of memory?); audit it alone with `auditor check`"
        )
        url = self._store.open(self._number).address(number)
        return WentWrong(number, Failure(FailureKind.UNREADABLE, detail, url))

    def _replace(self, one: _Process) -> None:
        """Put a new process in the place of one that died. Not forked: the crawl's thread may hold any lock just now."""
        one.pipe.close()
        one.process.join(5)
        fresh = self._start("spawn")
        one.process, one.pipe = fresh.process, fresh.pipe
        self._waiting.extendleft(reversed(one.told))
        one.told.clear()
        if self._place is not None:
            self._send(one, self._place)

    def _start(self, method: str) -> _Process:
        context: Any = multiprocessing.get_context(method)
        ours, theirs = context.Pipe()
        judges, inherited = None, []
        if method == "fork":
            judges, inherited = self._judges, [ours, *(one.pipe for one in self._processes)]
        process = context.Process(
            target=_serve, args=(theirs, inherited, judges, self._config, self._store.folder, self._number), daemon=True
        )
        process.start()
        theirs.close()
        return _Process(process, ours)


def _serve(
    pipe: Connection, inherited: list[Connection], judges: Judges | None, config: Config, folder: Path, number: int
) -> None:
    """The life of a process: one task after the other until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who talks to the user
    for one in inherited:  # or a scan that is killed would leave processes that hold each other's pipes open
        one.close()
    if judges is None:
        judges = Judges.load(config)
        thrift()
    with Store(folder) as store, contextlib.suppress(EOFError, BrokenPipeError, ConnectionError):
        worker = Worker(judges, config, store, number)
        while True:
            match pipe.recv():
                case (str(task), int(document)):
                    pipe.send(worker.answer(task, document))
                case Place() as place:
                    worker.settle(place)

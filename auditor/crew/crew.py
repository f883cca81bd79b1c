"""Crew: processes that read and judge the documents of one audit."""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Any

from auditor.config import Config
from auditor.crew.parcels import Parcels, Reply
from auditor.hands import Brief, Judged, Reader, Task, defect, lost
from auditor.page.page import Page
from auditor.page.parse import parse
from auditor.page.reached import Reached
from auditor.page.snapshot import Failure, FailureKind, Snapshot
from auditor.result import Judges
from auditor.targets import Targets

AHEAD = 4
"""Documents that a process has been told of and not yet answered for."""
ROOM = 64_000_000
"""Bytes of documents whose pages all processes together keep between reading and judging; a page takes five times its source."""

Order = tuple[int, Task | None]
"""A document to be read, or to be judged."""


@dataclass(slots=True)
class _Process:
    """One process and what it has been told."""

    process: Any
    pipe: Connection
    told: deque[int] = field(default_factory=deque)
    """Orders in work, by their places."""
    company: tuple[object, object] | None = None
    """Site and spread of the last order."""


class Crew:
    """Hands of several processes (`auditor.hands.Hands`), all of which hold all documents.

    On Linux they are forked, and share documents and models. A page is judged by the process that read it, which has kept it,
    unless that one has more to do than others. A process that dies takes the document with it that it was at; another one goes on
    with the rest.
    """

    def __init__(
        self,
        judges: Judges,
        config: Config,
        documents: Sequence[Snapshot | Failure],
        jobs: int,
        watch: Callable[[int, int], None] | None = None,
    ) -> None:
        self._config = config
        self._judges = judges
        self._documents = documents
        self._watch = watch
        self._room = ROOM // jobs
        self._parcels = Parcels(judges.models)
        self._settled: tuple[Mapping[str, Reached] | None, Targets | None] | None = None
        self._readers: dict[int, int] = {}
        """Which process read a document."""
        self._processes: list[_Process] = []
        gc.collect()
        gc.freeze()  # what is shared must not be touched by the collectors of those who share it
        try:
            for _ in range(jobs):
                self._processes.append(self._start())
        finally:
            gc.unfreeze()

    def __enter__(self) -> Crew:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for one in self._processes:
            one.pipe.close()
            one.process.kill()
        for one in self._processes:
            one.process.join()
            one.process.close()

    @property
    def pids(self) -> tuple[int, ...]:
        return tuple(one.process.pid for one in self._processes)

    def read(self) -> Iterable[Brief | Failure]:
        """See `auditor.hands.Hands`."""
        numbers = [n for n, document in enumerate(self._documents) if isinstance(document, Snapshot)]
        found = dict(zip(numbers, self._answers([(number, None) for number in numbers]), strict=True))
        for number, document in enumerate(self._documents):
            one = found.get(number, document)
            if isinstance(one, Brief | Failure):
                yield one

    def settle(self, reached: Mapping[str, Reached] | None, targets: Targets | None) -> None:
        """See `auditor.hands.Hands`."""
        self._settled = reached, targets
        for one in self._processes:
            self._send(one, self._settled)

    def judge(self, tasks: Sequence[Task]) -> list[Judged]:
        """See `auditor.hands.Hands`."""
        return [one for one in self._answers([(task.number, task) for task in tasks]) if isinstance(one, Judged)]

    def page(self, number: int) -> Page | None:
        """See `auditor.hands.Hands`."""
        document = self._documents[number]
        return parse(document) if isinstance(document, Snapshot) else None

    def _answers(self, orders: Sequence[Order]) -> list[Reply]:
        """What came of each order, in their order."""
        answers: dict[int, Reply] = {}
        waiting: list[deque[int]] = [deque() for _ in self._processes]
        for place, (number, _) in enumerate(orders):
            waiting[self._readers.get(number, place % len(waiting))].append(place)
        while len(answers) < len(orders):
            for slot in range(len(self._processes)):
                self._feed(slot, waiting, orders)
            for pipe in wait([one.pipe for one in self._processes if one.told]):
                slot, one = next((slot, one) for slot, one in enumerate(self._processes) if one.pipe is pipe)
                try:
                    reply = self._parcels.opened(one.pipe.recv_bytes())
                except (EOFError, OSError):
                    place = one.told.popleft()
                    answers[place] = self._given_up(orders[place])
                    waiting[slot].extendleft(reversed(one.told))
                    self._replace(slot)
                else:
                    place = one.told.popleft()
                    answers[place] = reply
                    self._readers.setdefault(orders[place][0], slot)
                if self._watch and orders[place][1]:
                    self._watch(len(answers), len(orders))
                self._feed(slot, waiting, orders)
        return [answers[place] for place in range(len(orders))]

    def _feed(self, slot: int, waiting: list[deque[int]], orders: Sequence[Order]) -> None:
        """Tell a process of more: of its own documents, then of the last of those who have most left."""
        one = self._processes[slot]
        while len(one.told) < AHEAD:
            most = max(waiting, key=len)
            if not most:
                return
            place = (waiting[slot] or most)[0 if waiting[slot] else -1]
            number, task = orders[place]
            company = (task.site, task.spread) if task else None
            if company and (one.company is None or any(a is not b for a, b in zip(company, one.company, strict=True))):
                if one.told:  # a site can fill the pipe while its other end waits for its answers to be read
                    return
                assert task is not None
                self._send(one, Task(number, task.site.lean(), task.spread))
                one.company = company
            if waiting[slot]:
                waiting[slot].popleft()
            else:
                most.pop()
            one.told.append(place)
            self._send(one, (number, task is not None))

    def _send(self, one: _Process, message: object) -> None:
        with contextlib.suppress(OSError):  # it has died: noticed when it is to answer
            one.pipe.send(message)

    def _given_up(self, order: Order) -> Reply:
        """What is said of the document that a process died at."""
        document = self._documents[order[0]]
        detail = (
            "the program was stopped while it was at this document (out of memory?); audit it alone, or take it out"
        )
        failure = Failure(FailureKind.UNREADABLE, detail, document.url, document.path)
        return lost(document, failure) if order[1] and isinstance(document, Snapshot) else failure

    def _replace(self, slot: int) -> None:
        """Put a new process in the place of one that died."""
        old = self._processes[slot]
        old.pipe.close()
        old.process.join(5)
        one = self._processes[slot] = self._start()
        if self._settled is not None:
            self._send(one, self._settled)

    def _start(self) -> _Process:
        context: Any = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
        ours, theirs = context.Pipe()
        shared, inherited = None, []
        if sys.platform == "linux":
            shared, inherited = self._judges, [ours, *(one.pipe for one in self._processes if not one.pipe.closed)]
        arguments = (theirs, inherited, shared, self._config, self._documents, self._room)
        process = context.Process(target=_serve, args=arguments, daemon=True)
        process.start()
        theirs.close()
        return _Process(process, ours)


def _serve(
    pipe: Connection,
    inherited: list[Connection],
    judges: Judges | None,
    config: Config,
    documents: Sequence[Snapshot | Failure],
    room: int,
) -> None:
    """The life of a process: one order after the other until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who talks to the user
    for one in inherited:  # or processes whose starter is killed would hold each other's pipes open
        one.close()
    judges = judges or Judges.load(config)
    reader = Reader(judges, config.each, room)
    parcels = Parcels(judges.models)
    company: Task | None = None
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionError):
        while True:
            match pipe.recv():
                case Task() as company:
                    pass
                case (int(number), bool(again)):
                    document = documents[number]
                    assert isinstance(document, Snapshot)
                    task = Task(number, company.site, company.spread) if again and company else None
                    reply: Reply = reader.judge(task, document) if task else reader.read(number, document)
                    try:
                        data = parcels.packed(reply)
                    except Exception as error:  # evidence that no pipe can carry
                        failure = defect(document, error)
                        data = parcels.packed(lost(document, failure) if task else failure)
                    pipe.send_bytes(data)
                case (reached, targets):
                    reader.settle(reached, targets)

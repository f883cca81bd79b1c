"""The same work on many samples, in forked processes that inherit the samples instead of being sent them."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import TypeVar

T = TypeVar("T")


def in_order(work: Callable[[int], T], count: int) -> list[T]:
    """`[work(0), …, work(count - 1)]`, shared out among the processors; serial where the system cannot fork.

    Raises:
        RuntimeError: a process died or its work raised; its own traceback stands on stderr.
    """
    processes = min(os.cpu_count() or 1, 8)
    if processes == 1 or count < 100 or "fork" not in multiprocessing.get_all_start_methods():
        return [work(index) for index in range(count)]
    gc.freeze()  # collections would touch, and so copy, all that the processes share
    context = multiprocessing.get_context("fork")
    ends: list[Connection] = []
    crew = []
    for first in range(processes):
        near, far = context.Pipe(duplex=False)
        process = context.Process(target=_stripe, args=(work, first, processes, count, far), daemon=True)
        process.start()
        far.close()
        ends.append(near)
        crew.append(process)
    found: list[list[T]] = []
    for near in ends:
        try:
            found.append(near.recv())
        except EOFError:
            raise RuntimeError("a training process died; see its message above") from None
    for process in crew:
        process.join()
    gc.unfreeze()
    return [found[index % processes][index // processes] for index in range(count)]


def _stripe(work: Callable[[int], T], first: int, step: int, count: int, far: Connection) -> None:
    far.send([work(index) for index in range(first, count, step)])
    far.close()

"""Hold: a lock by which a run belongs to one process at a time; it goes with the process, however that ends."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 1.0
"""Seconds that somebody who only looks, or a process that is being killed, gets to let go."""

STEP = 0.02


@contextmanager
def hold(file: Path, patience: float = PATIENCE) -> Iterator[bool]:
    """Lock a file for as long as the block runs; False where another process, or another block of this one, has it.

    The file stays: whoever waits for it must find the same one. A process that is forked meanwhile does not hold it
    too, so that the lock of a killed crawl does not live on in its workers.

    Raises:
        OSError: the file cannot be made or locked.
    """
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
    opened = [descriptor]

    def close() -> None:
        while opened:
            os.close(opened.pop())

    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=close)
    try:
        until = time.monotonic() + patience
        while not (had := _lock(descriptor)) and time.monotonic() < until:
            time.sleep(STEP)
        yield had
    finally:
        close()


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> bool:
        with contextlib.suppress(OSError):
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            return True
        return False

else:
    import fcntl

    def _lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

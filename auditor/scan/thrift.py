"""Thrift: how a process that sees thousands of pages stays as small as it was after the first few."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import sys

COLLECT = (5_000, 5, 5)
"""When to look for garbage: pages hold on to themselves in circles, and the command line's own thresholds let 200 MB of
them pile up."""

_TRIM, _MAP, _ARENAS = -1, -3, -8
"""glibc's numbers (malloc.h) for when to give memory back, from what size on to take it by itself, and how many heaps to have."""

_LARGE = 4 * 1024 * 1024


def thrift() -> None:
    """Settle down to work, when all is loaded that will be needed; what is there now is taken to stay.

    Processes that are forked afterwards share it and inherit the settings.
    """
    gc.collect()
    gc.freeze()  # what is shared must not be touched by the collectors of those who share it
    gc.collect()  # for it to know how little is left to it: it waits until a quarter more is there
    gc.set_threshold(*COLLECT)
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # another C library than glibc
            c = ctypes.CDLL(None)
            c.mallopt(_ARENAS, 1)  # a thread's heap of its own keeps what one large page took
            c.mallopt(_MAP, _LARGE)
            c.mallopt(_TRIM, _LARGE)
            c.malloc_trim(0)

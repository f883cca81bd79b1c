"""Progress: one line on stderr that rewrites itself, where stderr is a terminal and nowhere else."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import TypeVar

Document = TypeVar("Document")

_EVERY = 0.1
"""Seconds between two writings."""


class Progress:
    """`with Progress(quiet) as progress: progress.show("12 pages")`; silent where piped, or asked to be."""

    def __init__(self, quiet: bool) -> None:
        self._active = not quiet and sys.stderr is not None and sys.stderr.isatty()
        self._next = 0.0

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._active and self._next:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def counting(self, documents: Iterable[Document], done: str) -> Iterator[Document]:
        """`documents`, counted as they pass: `12 read …`."""
        for number, document in enumerate(documents, 1):
            self.show(f"{number:,} {done}")
            yield document

    def show(self, text: str) -> None:
        """Replace the line by `text`, which is this program's own words and short."""
        now = time.monotonic()
        if self._active and now >= self._next:
            self._next = now + _EVERY
            sys.stderr.write(f"\r\x1b[K{text} …")
            sys.stderr.flush()

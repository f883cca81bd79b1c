"""Progress: one line on stderr that rewrites itself, where stderr is a terminal and nowhere else."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from auditor.scan.scan import Stage
    from auditor.web.record import Progress as Crawled

Document = TypeVar("Document")

_EVERY = 0.1
"""Seconds between two writings."""

_SURE = 20
"""Pages from which a rate says something."""


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

    def judged(self, done: int, of: int) -> None:
        """Say how far an audit of files is."""
        self.show(f"{done:,} of {of:,} pages judged")

    def watch(self, stage: Stage) -> None:
        """Say how far a scan is: pages, what waits, how fast, findings, and the time left where it can be known."""
        if stage.crawl:
            self.show(_crawling(stage.crawl))
        elif stage.outside:
            self.show(f"{stage.outside:,} links to other sites left to look at")
        else:
            self.show(_judging(stage))

    def show(self, text: str) -> None:
        """Replace the line by `text`, which is this program's own words and short."""
        now = time.monotonic()
        if self._active and now >= self._next:
            self._next = now + _EVERY
            sys.stderr.write(f"\r\x1b[K{text} …")
            sys.stderr.flush()


def _crawling(crawl: Crawled) -> str:
    parts = [f"{crawl.pages:,} pages", f"{crawl.queued:,} addresses wait"]
    rate = crawl.fresh / crawl.seconds if crawl.seconds else 0.0
    if crawl.fresh >= _SURE:
        parts.append(f"{rate:.1f}/s" if rate < 10 else f"{rate:.0f}/s")
        parts.append(f"{_span(min(crawl.queued + crawl.active, crawl.room) / rate)} left or more")
    if crawl.failures:
        parts.append(f"{crawl.failures:,} not had")
    return ", ".join(parts)


def _judging(stage: Stage) -> str:
    if not stage.pages:
        return f"{stage.read:,} pages read"
    parts = [f"{stage.judged:,} of {stage.pages:,} pages judged"]
    if stage.findings:
        parts.append(f"{stage.findings:,} findings")
    return ", ".join(parts)


def _span(seconds: float) -> str:
    """`40 s`, `3 min`, `2 h 10 min`."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"

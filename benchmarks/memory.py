"""Memory: the most that a scan holds, all its processes together, on a site and on one ten times as large."""

from __future__ import annotations

import json
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

from benchmarks import program
from benchmarks.site import serving

REACH_MB = 150.0
REACH_GROWTH = 1.2
EVERY = 0.1
"""Seconds between two looks."""


def memory(small: int = 2_000, large: int = 20_000) -> tuple[str, bool]:
    """Megabytes at the peak for both sizes; what processes share is counted once (PSS, which only Linux tells)."""
    if not Path("/proc/self/smaps_rollup").exists():
        return "not measured: needs Linux, whose /proc tells what processes share", True
    few, many = _peak(small), _peak(large)
    text = (
        f"{few:.0f} MB for {small:,} pages, {many:.0f} MB for {large:,}: {many / few:.2f} times; "
        f"reach {REACH_MB:.0f} MB and {REACH_GROWTH} times"
    )
    return text, max(few, many) <= REACH_MB and many <= few * REACH_GROWTH


def _peak(pages: int) -> float:
    with serving(pages, made=False) as site, tempfile.TemporaryDirectory(prefix="memory-") as folder:
        report = Path(folder) / "report.json"
        options = ("--store", f"{folder}/store", "--max-seconds", "7200")
        with program.start(program.command(site.url, pages, report, *options)) as process:
            meter = Meter(process.pid)
            said, _ = process.communicate()
            peak = meter.stop()
        if process.returncode:
            raise RuntimeError(f"the scan ended with {process.returncode}: {said[-1000:]}")
        had = _pages(report)
        if had != pages:
            raise RuntimeError(f"the scan had {had} pages of {pages}")
    return peak


def _pages(report: Path) -> int:
    """How many pages a report has; of a large one only the head is read."""
    with report.open(encoding="utf-8") as file:
        head = file.read(100_000)
    return int(json.JSONDecoder().raw_decode(head[head.index('"pages":') + len('"pages":') :].lstrip())[0])


class Meter:
    """Looks at a process and its descendants until it is stopped."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._peak = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> float:
        """The peak in megabytes."""
        self._over.set()
        self._thread.join()
        return self._peak

    def _look(self) -> None:
        while not self._over.wait(EVERY):
            self._peak = max(self._peak, sum(proportional(pid) for pid in descendants(self._pid)) / 1e6)


def descendants(pid: int) -> list[int]:
    """A process and all that it began, directly or not."""
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        with suppress(OSError):  # gone in the meantime
            for task in Path(f"/proc/{one}/task").iterdir():
                waiting += map(int, (task / "children").read_text("ascii").split())
    return found


def proportional(pid: int) -> int:
    """Bytes of a process, each page of memory divided by how many processes hold it; 0 where it is gone."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0

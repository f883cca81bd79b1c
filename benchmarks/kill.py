"""Kill: a scan that is killed again and again, and taken up each time, gives the report of one that nobody disturbed."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks import program
from benchmarks.site import Site, serving

JUDGING = 2
"""Of the kills so many come after the last request, while pages are judged."""
LOOK = 0.01
"""Seconds between two looks at the server's log."""


def kill(pages: int = 400, kills: int = 10, seed: int = 0) -> tuple[str, bool]:
    """SIGKILL of the whole process group at random moments; how the reports compare, and what was asked more than once."""
    chance = random.Random(seed)  # noqa: S311
    with tempfile.TemporaryDirectory(prefix="kill-") as folder:
        with serving(pages) as site:
            whole = Path(folder) / "whole.json"
            began = time.monotonic()
            program.run(program.command(site.url, pages, whole, "--store", f"{folder}/one"))
            spent = time.monotonic() - began
            usual = len(site.log())
            moments = sorted(chance.randint(1, usual) for _ in range(kills - JUDGING))
            done = _killed(site, pages, Path(folder), [*moments, *[usual] * JUDGING], usual, spent, chance)
            asked = Counter(one.path for one in site.log()[usual:])
            lost = len(set(site.paths) - asked.keys())
        same = _comparable(whole) == _comparable(Path(folder) / "resumed.json")
    repeated = asked.total() - len(asked)
    bound = program.CONCURRENCY * kills
    text = (
        f"{done} kills of a scan of {pages} pages: the report is {'the same' if same else 'ANOTHER'}, {lost} pages never "
        f"asked for, {repeated} requests repeated of at most {bound} in flight ({asked.total()} in all, {usual} without kills)"
    )
    return text, same and not lost and repeated <= bound and done == kills


def _killed(
    site: Site, pages: int, folder: Path, moments: list[int], usual: int, spent: float, chance: random.Random
) -> int:
    """Scan, killed whenever so many requests have come in; how often that was in time. The last scan runs to its end."""
    report, kept = folder / "resumed.json", ("--store", f"{folder}/two")
    done = 0
    for moment in moments:
        resume = ("--resume",) if (folder / "two").exists() else ()
        late = chance.uniform(0, spent / 4 if moment == usual else 0.05)
        with program.start(program.command("" if resume else site.url, pages, report, *kept, *resume)) as process:
            if not _kill(process, site, usual + moment, late):
                return done
        done += 1
    program.run(program.command("", pages, report, *kept, "--resume"))
    return done


def _kill(process: subprocess.Popen[str], site: Site, moment: int, late: float) -> bool:
    """Kill a scan and its workers some time after so many requests were made; False where it ended by itself."""
    while process.poll() is None and len(site.log()) < moment:
        time.sleep(LOOK)
    time.sleep(late)
    ended = process.poll() is not None
    if not ended:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return not ended


def _comparable(report: Path) -> Any:
    """A report without the time at which it was begun."""
    loaded = json.loads(report.read_text("utf-8"))
    del loaded["started_at"]
    return loaded

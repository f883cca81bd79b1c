"""Check: how many files a second `auditor check` takes of a folder of Markdown posts, with one process and with two."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from auditor.crew.together import usable_cores
from benchmarks.folder import write_posts
from benchmarks.program import run

POSTS = 2_000
REACH = 300.0
"""Files a second on two cores."""


def check(posts: int = POSTS) -> tuple[str, bool]:
    """Files a second, start and report included, and what CPU time a file costs all processes together."""
    with tempfile.TemporaryDirectory(prefix="posts-") as name:
        folder = Path(name)
        write_posts(folder, posts)
        alone, alone_cpu = _timed(folder, 1)
        jobs = min(usable_cores(), 2)
        many, many_cpu = _timed(folder, jobs)
    rate = posts / many
    text = (
        f"{rate:.0f} files/s with {jobs} processes ({1000 * many_cpu / posts:.1f} ms of CPU a file), "
        f"{posts / alone:.0f} with one ({1000 * alone_cpu / posts:.1f} ms), {posts:,} files; reach {REACH:.0f}"
    )
    return text, rate >= REACH


def _timed(folder: Path, jobs: int) -> tuple[float, float]:
    """Seconds of the clock, and of the processors."""
    start, before = time.perf_counter(), os.times()
    run(
        [
            sys.executable,
            "-m",
            "auditor",
            "check",
            str(folder),
            "--jobs",
            str(jobs),
            "--fail-on",
            "never",
            "--quiet",
            "--no-config",
        ]
    )
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - start, used

"""Cold: how long `auditor check one.md` takes from nothing to its exit, beside Python importing two libraries that it is built on."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.folder import post
from benchmarks.program import run

REACH = 0.8
"""Seconds."""
ROUNDS = 15
_BESIDE = [sys.executable, "-c", "import numpy, selectolax.lexbor"]


def cold(rounds: int = ROUNDS) -> tuple[str, bool]:
    """Medians, in seconds; the two take turns. Files of compiled Python are there after the first round, as on any machine
    where a package was installed."""
    with tempfile.TemporaryDirectory(prefix="post-") as name:
        file = Path(name) / "post.md"
        file.write_text(post(1, 20), encoding="utf-8")
        checked = [sys.executable, "-m", "auditor", "check", str(file), "--fail-on", "never", "--no-config"]
        run(checked)
        times, beside = zip(*((_timed(checked), _timed(_BESIDE)) for _ in range(rounds)), strict=True)
    took, other = statistics.median(times), statistics.median(beside)
    text = f"{took:.2f} s for one file, {took / other:.1f} times Python with numpy and selectolax ({other:.2f} s); reach {REACH} s"
    return text, took <= REACH


def _timed(command: list[str]) -> float:
    start = time.perf_counter()
    run(command)
    return time.perf_counter() - start

"""`auditor scan` as a process of its own, the way people run it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from benchmarks.site import ROOT

CONCURRENCY = 16


def command(url: str, pages: int, report: Path, *options: str) -> list[str]:
    """A scan of so many pages without limits of rate; findings are no error."""
    limits = ("--rate", "0", "--concurrency", str(CONCURRENCY), "--allow-private", "--max-pages", str(pages))
    output = ("--format", "json", "--output", str(report), "--quiet", "--fail-on", "never")
    return [sys.executable, "-m", "auditor", "scan", *([url] if url else []), *limits, *output, *options]


def start(arguments: list[str]) -> subprocess.Popen[str]:
    """Begin in a process group of its own."""
    return subprocess.Popen(  # noqa: S603
        arguments,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def run(arguments: list[str]) -> str:
    """Run to its end; what it printed. Raises RuntimeError where it does not end with 0."""
    with start(arguments) as process:
        said, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(f"{' '.join(arguments[:5])} … ended with {process.returncode}: {said[-1000:]}")
    return said

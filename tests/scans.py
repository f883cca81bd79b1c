"""`auditor scan` as a process of its own, the way people run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]

LONGEST = 120.0
"""Seconds after which a scan has not ended in bounded time."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """What came of a scan."""

    code: int
    errors: list[str]
    """Lines of standard error."""
    report: dict[str, Any]
    """Empty where none was written."""

    @property
    def pages(self) -> list[str]:
        return sorted(page["url"] for page in self.report["pages"])

    @property
    def failures(self) -> dict[str, tuple[str, str]]:
        """Kind and detail by address."""
        return {one["url"]: (one["kind"], one["detail"]) for one in self.report.get("failures", ())}


def scan(*arguments: str, store: Path | None = None, env: Mapping[str, str] | None = None) -> Scanned:
    """Scan with one worker, without limits of rate unless told; findings are no error. Raises where it does not end."""
    with tempfile.TemporaryDirectory(prefix="scan-") as folder:
        file = Path(folder) / "report.json"
        kept = ["--no-store"] if store is None else ["--store", str(store)]
        usual = [
            "--allow-private",
            "--jobs",
            "1",
            "--fail-on",
            "never",
            "--quiet",
            "--format",
            "json",
            "--output",
            str(file),
        ]
        rate = [] if "--rate" in arguments else ["--rate", "0"]
        done = subprocess.run(
            [sys.executable, "-m", "auditor", "scan", *arguments, *usual, *rate, *kept],
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
        )
        report = json.loads(file.read_text("utf-8")) if file.exists() and file.stat().st_size else {}
    return Scanned(done.returncode, [line for line in done.stderr.splitlines() if line], report)


@cache
def offers(option: str) -> bool:
    """Whether `auditor scan` has this option."""
    command = [sys.executable, "-m", "auditor", "scan", "--help"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return (
        option in subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, check=True, env=env).stdout
    )

"""The demo site served on loopback, and scans of it in stores of their own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from auditor.config import Config, CrawlLimits
from auditor.scan.scan import Scan
from auditor.store.store import Store
from tests.servers import Reply, Route, Server

ROOT = Path(__file__).parent.parent
SITE = ROOT / "fixtures" / "sites" / "harbor-lane"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
_TYPES = {".html": "text/html; charset=utf-8", ".xml": "application/xml", ".txt": "text/plain"}


def routes(url: str, folder: Path = SITE) -> dict[str, Route]:
    """The files of a folder as if they lived at `url`, the front page at its root as well."""
    found: dict[str, Route] = {}
    for file in sorted(folder.rglob("*")):
        if file.suffix in _TYPES:
            body = file.read_bytes().replace(b"https://harbor-lane.example", url.encode())
            found[f"/{file.relative_to(folder).as_posix()}"] = Reply(body, type=_TYPES[file.suffix])
    if "/index.html" in found:
        found["/"] = found["/index.html"]
    return found


@contextmanager
def demo() -> Iterator[Server]:
    with Server({}) as server:
        server.routes.update(routes(server.url))
        yield server


@contextmanager
def scanning(folder: Path, jobs: int = 2, run: int | None = None, **limits: Any) -> Iterator[Scan]:
    """A scan of a new run, or of one that is there. Enter it before a server: its processes are forked before any thread is there."""
    usual: Mapping[str, Any] = {"rate": 0.0, "allow_private": True, "max_seconds": 60.0}
    with Store(folder) as store:
        kept = store.begin([], {}, "0") if run is None else store.open(run)
        with Scan(Config(crawl=CrawlLimits(**{**usual, **limits})), store, kept, jobs=jobs) as scan:
            yield scan


def program(store: Path, *arguments: str) -> subprocess.Popen[str]:
    """`auditor scan` as its own process group, politeness off, answering in JSON."""
    options = ("--rate", "0", "--allow-private", "--format", "json", "--fail-on", "never")
    return subprocess.Popen(
        [sys.executable, "-m", "auditor", "scan", *arguments, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "AUDITOR_STORE": str(store), "PYTHONPATH": str(ROOT)},
        start_new_session=True,
        preexec_fn=_heeding,
    )


def _heeding() -> None:
    """A shell has what it runs in the background ignore Ctrl-C, and so would all that this starts."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def outcome(process: subprocess.Popen[str]) -> tuple[int, dict[str, Any], str]:
    """Exit code, report without its time, and what was said on stderr."""
    written, said = process.communicate(timeout=60)
    report = json.loads(written) if written else {}
    report.pop("started_at", None)
    return process.returncode, report, said

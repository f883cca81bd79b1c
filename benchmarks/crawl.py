"""Crawl: pages a second of a whole `auditor scan`, beside httpx and BeautifulSoup that only parse, run by turns."""

from __future__ import annotations

import importlib.util
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from benchmarks import program
from benchmarks.site import Site, serving

REACH = 150.0
"""Pages a second."""
REACH_REQUESTS = 1.05
"""Requests a page."""


def crawl(pages: int = 300, rounds: int = 3) -> tuple[str, bool]:
    """Pages a second of the whole process and from its first request on, the same of plain crawlers, and requests a page."""
    parsers = ["html.parser", *(["lxml"] if importlib.util.find_spec("lxml") else [])]
    contestants: dict[str, Callable[[Site], int]] = {"auditor": lambda site: _auditor(site, pages)}
    contestants |= {f"BeautifulSoup/{parser}": lambda site, parser=parser: _plain(site, parser) for parser in parsers}  # type: ignore[misc]
    whole: dict[str, list[float]] = {name: [] for name in contestants}
    asking: dict[str, list[float]] = {name: [] for name in contestants}
    asked: list[float] = []
    with serving(pages) as site:
        for _ in range(rounds):
            for name, contestant in contestants.items():
                before = len(site.log())
                began = time.time()
                had = contestant(site)
                ended = time.time()
                log = site.log()[before:]
                if had != pages:
                    raise RuntimeError(f"{name} had {had} pages of {pages}")
                whole[name].append(pages / (ended - began))
                asking[name].append(pages / (ended - min(one.at for one in log)))
                if name == "auditor":
                    asked.append(len(log) / pages)
        by = site.server
    best = max(whole["auditor"])
    figures = "; ".join(
        f"{name} {max(whole[name]):.0f} (median {median(whole[name]):.0f}), from its first request on {max(asking[name]):.0f}"
        for name in contestants
    )
    ratios = ", ".join(f"{best / max(whole[name]):.1f} times {name}" for name in contestants if name != "auditor")
    text = (
        f"pages a second of {pages} by {by}, best of {rounds}: {figures}. Auditor, start and report included: {ratios}; "
        f"{max(asked):.3f} requests a page; reach {REACH:.0f} pages a second and {REACH_REQUESTS} requests a page"
    )
    return text, best >= REACH and max(asked) <= REACH_REQUESTS


def _auditor(site: Site, pages: int) -> int:
    with tempfile.TemporaryDirectory(prefix="crawl-") as folder:
        report = Path(folder) / "report.json"
        program.run(program.command(site.url, pages, report, "--store", f"{folder}/store"))
        return int(json.loads(report.read_text("utf-8"))["summary"]["pages"])


def _plain(site: Site, parser: str) -> int:
    arguments = [sys.executable, "-m", "benchmarks.plain", site.url + "/", parser, str(program.CONCURRENCY)]
    return int(program.run(arguments))

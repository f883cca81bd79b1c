"""The HTML report of a large site: how long a browser takes until it can be read and searched, and how large it is."""

from __future__ import annotations

import shutil
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from auditor.api import audit_files
from auditor.render.html import html_parts
from auditor.render.json import json_parts
from auditor.report import PageResult, Report

REACH_S = 3.0
PAGES = 5000
ROUNDS = 3

_SITE = Path(__file__).parents[1] / "fixtures" / "sites" / "harbor-lane"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# Two frames after the load event the first screen has been painted.
_PAINTED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done())))"


@dataclass(frozen=True, slots=True)
class _Copies:
    """The pages of a small report over and over, each under a name of its own, made when they are asked for as a store's are."""

    pages: tuple[PageResult, ...]
    length: int

    def __len__(self) -> int:
        return self.length

    def __iter__(self) -> Iterator[PageResult]:
        for number in range(self.length):
            page = self.pages[number % len(self.pages)]
            url = f"https://harbor-lane.example/{number}/{Path(page.path or 'page').name}"
            yield replace(page, url=url, path=None, title=f"{page.title} ({number})")

    def __contains__(self, page: object) -> bool:
        return any(page == one for one in self)


def large(pages: int = PAGES) -> Report:
    """A report of so many pages, more than a third of them bad: the example site's, repeated."""
    report = audit_files(_SITE)
    return replace(report, source=("https://harbor-lane.example/",), pages=_Copies(tuple(report.pages), pages))


def html(pages: int = PAGES, rounds: int = ROUNDS) -> tuple[str, bool]:
    """Seconds until the report can be used, seconds to write it beside the JSON report, and its size."""
    program = next((found for name in _BROWSERS if (found := shutil.which(name))), None)
    if program is None:
        raise RuntimeError("no Chromium on this machine (Debian: apt-get install chromium)")
    report = large(pages)
    start = time.perf_counter()
    other = sum(len(part.encode()) for part in json_parts(report))
    beside = time.perf_counter() - start
    with TemporaryDirectory() as folder:
        file = Path(folder, "report.html")
        start = time.perf_counter()
        with file.open("w", encoding="utf-8") as out:
            out.writelines(html_parts(report))
        written = time.perf_counter() - start
        size = file.stat().st_size
        opened, asked = _opened(program, file, rounds)
    text = (
        f"{opened:.2f} s until {pages:,} pages can be read and filtered, {asked * 1000:.0f} ms for a search; reach {REACH_S:.0f} s. "
        f"{size / 1e6:.1f} MB ({size / 1e3 / pages:.1f} kB a page) written in {written:.1f} s; JSON {other / 1e6:.0f} MB in {beside:.1f} s"
    )
    return text, opened <= REACH_S


def _opened(program: str, file: Path, rounds: int) -> tuple[float, float]:
    """Medians: seconds until a new window has painted the report, and from a typed word to the filtered lists."""
    from playwright.sync_api import sync_playwright

    opened, asked = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for _ in range(rounds):
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            start = time.perf_counter()
            page.goto(file.as_uri(), wait_until="load")
            page.evaluate(_PAINTED)
            opened.append(time.perf_counter() - start)
            before = page.inner_text("#f-status")
            start = time.perf_counter()
            page.fill("#f-text", "casino")
            page.wait_for_function("was => document.getElementById('f-status').textContent !== was", arg=before)
            asked.append(time.perf_counter() - start)
            page.close()
        browser.close()
    return statistics.median(opened), statistics.median(asked)

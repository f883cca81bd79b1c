"""History: what it takes to say what changed between two runs of a large site, kept in a store and as JSON."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from auditor.audit import audit
from auditor.config import Config
from auditor.files import read
from auditor.page.snapshot import Format, Snapshot
from auditor.report import (
    Confidence,
    Finding,
    LinkLabel,
    LinkResult,
    Location,
    PageResult,
    Report,
    Severity,
    SiteResult,
    fingerprint,
)
from auditor.result import Judges
from auditor.scan.codec import Codec, encode_report
from auditor.store.domains import Domains
from auditor.store.findings import Findings
from auditor.store.store import State, Store
from benchmarks import program
from benchmarks.memory import Meter
from benchmarks.site import ROOT

SITE = "large.example"
DEMO = ROOT / "fixtures" / "sites" / "harbor-lane"
REACH_MB = 250.0
REACH_SECONDS = 90.0
MOVED = 100
"""Every page of so many is gone from the later run, another one is new, and a third has a new finding and a new domain."""


def history(pages: int = 20_000) -> tuple[str, bool]:
    """Seconds and megabytes (these on Linux alone) at the peak of `auditor diff` for two runs of a site, and for the two in JSON."""
    with tempfile.TemporaryDirectory(prefix="history-") as name:
        folder = Path(name)
        with Store(folder) as store:
            runs = [_kept(store, pages, later=later) for later in (False, True)]
        files = [folder / f"{run}.json" for run in runs]
        for run, file in zip(runs, files, strict=True):
            program.run(
                [*_auditor("report"), str(run), "--store", name, "--format", "json", "--output", str(file), "-q"]
            )
        megabytes = sum(file.stat().st_size for file in files) / 1e6
        kept = _measured([*map(str, runs), "--store", name], pages)
        saved = _measured([*map(str, files)], pages)
    text = (
        f"{pages:,} pages, of a store {kept[0]:.1f} s and {kept[1]:.0f} MB, of two JSON files ({megabytes:,.0f} MB) "
        f"{saved[0]:.1f} s and {saved[1]:.0f} MB; reach {REACH_SECONDS:.0f} s and {REACH_MB:.0f} MB"
    )
    within = all(seconds <= REACH_SECONDS and peak <= REACH_MB for seconds, peak in (kept, saved))
    return text, within


def _auditor(command: str) -> list[str]:
    return [sys.executable, "-m", "auditor", command]


def _measured(arguments: list[str], pages: int) -> tuple[float, float]:
    """Seconds and megabytes of one `auditor diff`. Raises RuntimeError where it does not find what was changed."""
    began = time.perf_counter()
    with program.start([*_auditor("diff"), *arguments]) as process:
        meter = Meter(process.pid)
        said, _ = process.communicate()
        peak = meter.stop()
    moved = pages // MOVED
    if process.returncode or f"New: {moved:,} findings" not in said or f"({moved:,} new, {moved:,} gone)" not in said:
        raise RuntimeError(f"auditor diff ended with {process.returncode} and said {said[:500]}")
    return time.perf_counter() - began, peak


def _kept(store: Store, pages: int, *, later: bool) -> int:
    """A run of so many pages as the demo site has them, with what the later one has otherwise."""
    report = audit(
        read([str(DEMO)], max_bytes=10**7), source=[SITE], started_at=datetime(2026, 1, 1 + later, tzinfo=UTC)
    )
    judges = Judges.load(Config())
    codec = Codec.of(judges.models)
    run = store.begin([f"https://{SITE}/"], {}, "0")
    findings = Findings(store.connection, store.file, run.id)
    batch: list[tuple[int, str, bytes]] = []
    for one in _pages(report, pages, later):
        assert one.url is not None
        number = run.keep(Snapshot(b"x", Format.HTML, url=one.url, final_url=one.url))
        batch.append((number, one.name, codec.encode(one)))
        if len(batch) == 200:
            findings.put_results(SITE, batch)
            batch = []
    findings.put_results(SITE, batch)
    whole = replace(report, sites=(SiteResult(SITE, pages, (), ()),), pages=(), failures=())
    findings.put_report(encode_report(whole, codec, set()))
    Domains(store.connection, store.file).put(run.id, SITE, [])
    store.end(run.id, State.DONE)
    return run.id


def _pages(report: Report, pages: int, later: bool) -> Iterator[PageResult]:
    originals = list(report.pages)
    for number in range(pages):
        kind = number % MOVED
        address = f"{number}-new" if later and kind == 0 else str(number)
        yield _page(originals[number % len(originals)], f"https://{SITE}/posts/{address}", worse=later and kind == 1)


def _page(original: PageResult, url: str, *, worse: bool) -> PageResult:
    findings = tuple(
        replace(
            finding, fingerprint=fingerprint(finding.check, url, f"{at}"), location=replace(finding.location, url=url)
        )
        for at, finding in enumerate(original.findings)
    )
    links = original.links
    if worse:
        mark = fingerprint("planted-link", url, "new")
        words = "The link “cheap loans” was very likely planted."
        planted = Finding("planted-link", Severity.HIGH, Confidence.HIGH, words, "Remove it.", mark, Location(url=url))
        findings = (*findings, planted)
        link = LinkResult("https://loans.example/", "cheap loans", (), "article", 9, 1, None, LinkLabel.INJECTED)
        links = (*links, link)
    return replace(original, url=url, path=None, findings=findings, links=links)

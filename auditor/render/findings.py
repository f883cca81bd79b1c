"""Report → CSV: one finding a row, for spreadsheets (RFC 4180)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from auditor.gate import Gate
from auditor.render.cells import cell
from auditor.report import Finding, Report

COLUMNS = (
    "check", "severity", "confidence", "path", "url", "line", "column", "message", "snippet", "fix", "fingerprint", "stops", "suppressed",
)  # fmt: skip


def csv_parts(report: Report, gate: Gate) -> Iterator[str]:
    """A heading and a row a finding, then the suppressed ones; no cell is a formula."""
    yield _row(COLUMNS)
    for finding in report.findings:
        yield _row(_cells(finding, "yes" if gate.stops(finding) else "no", ""))
    for one in report.suppressed:
        yield _row(_cells(one.finding, "no", one.by.value))


def _cells(finding: Finding, stops: str, suppressed: str) -> Iterator[str | int]:
    place = finding.location
    texts = (finding.check, finding.severity.value, finding.confidence.value, place.path or "", place.url or "")
    yield from map(cell, texts)
    yield place.line or ""
    yield place.column or ""
    yield from map(cell, (finding.message, place.snippet, finding.fix, finding.fingerprint, stops, suppressed))


def _row(values: Iterable[str | int]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(values)
    return line.getvalue()

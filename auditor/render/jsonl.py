"""Report → JSON lines: one finding a line, for `jq`, log collectors and data frames."""

from __future__ import annotations

import json
from collections.abc import Iterator

from auditor.gate import Gate
from auditor.report import Finding, Report, plain


def jsonl_parts(report: Report, gate: Gate) -> Iterator[str]:
    """A line a finding, then a line a suppressed one; ASCII alone. Keys are those of a finding in the JSON report, with `stops`
    (whether the gate does) and `suppressed` (by what, or null)."""
    for finding in report.findings:
        yield _line(finding, stops=gate.stops(finding), suppressed=None)
    for one in report.suppressed:
        yield _line(one.finding, stops=False, suppressed=one.by.value)


def _line(finding: Finding, stops: bool, suppressed: str | None) -> str:
    place = finding.location
    row = {
        "check": finding.check,
        "severity": finding.severity.value,
        "confidence": finding.confidence.value,
        "message": finding.message,
        "fix": finding.fix,
        "fingerprint": finding.fingerprint,
        "url": place.url,
        "path": place.path,
        "line": place.line,
        "column": place.column,
        "snippet": place.snippet,
        "evidence": plain(finding.evidence),
        "stops": stops,
        "suppressed": suppressed,
    }
    return json.dumps(row, allow_nan=False) + "\n"

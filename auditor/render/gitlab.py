"""Report → GitLab's code quality report (a subset of Code Climate's, as GitLab's documentation has it)."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator

from auditor.gate import Gate
from auditor.render.text import escape_terminal, file_of, files_at_fault
from auditor.report import Finding, Report, Severity

_SEVERITIES = {Severity.INFO: "info", Severity.LOW: "minor", Severity.MEDIUM: "major", Severity.HIGH: "major"}
"""Of a finding that stops nothing; one that does is critical."""


def gitlab_parts(report: Report, gate: Gate) -> Iterator[str]:
    """A list of issues, one a finding; suppressed ones are left out, for GitLab has no word for them."""
    seen: Counter[str] = Counter()
    comma = ""
    for finding in report.findings:
        seen[finding.fingerprint] += 1
        yield (comma or "[\n") + json.dumps(_issue(finding, gate, seen[finding.fingerprint]))
        comma = ",\n"
    yield "\n]\n" if comma else "[]\n"


def _issue(finding: Finding, gate: Gate, time: int) -> dict[str, object]:
    place = finding.location
    # Two issues of one fingerprint would be one to GitLab.
    mark = (
        finding.fingerprint
        if time == 1
        else hashlib.sha256(f"{finding.fingerprint}|{time}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
    )
    name = next(iter(files_at_fault(finding)), None) or place.url or finding.evidence.get("where") or "."
    return {
        "description": f"{escape_terminal(finding.message)} What to do: {finding.fix}",
        "check_name": finding.check,
        "fingerprint": mark,
        "severity": "critical" if gate.stops(finding) else _SEVERITIES[finding.severity],
        "location": {
            "path": file_of(escape_terminal(str(name))),
            "lines": {"begin": place.line or 1},
        },
    }

"""Report → JSON lines: what was found, page by page, for `jq`, log collectors and data frames."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from auditor.gate import Gate
from auditor.page.snapshot import Failure
from auditor.report import Finding, PageResult, Report, plain


def jsonl_parts(report: Report, gate: Gate) -> Iterator[str]:
    """Objects, one a line, ASCII alone, whose `kind` says what they are of.

    First each `finding`, suppressed ones last, with the keys of a finding in the JSON report, `stops` (whether the gate does) and
    `suppressed` (by what, or null); then each `page` with what it is judged to be; then each `skipped` check and `failure`.
    """
    for finding in report.findings:
        yield _line("finding", **_finding(finding), stops=gate.stops(finding), suppressed=None)
    for one in report.suppressed:
        yield _line("finding", **_finding(one.finding), stops=False, suppressed=one.by.value)
    for page in report.pages:
        yield _line("page", **_page(page), stops=gate.rejects(page))
    for skipped in report.skipped:
        yield _line("skipped", check=skipped.check, reason=skipped.reason, pages=skipped.pages)
    for failure in report.failures:
        yield _line("failure", **_failure(failure))


def _line(kind: str, **row: Any) -> str:
    return json.dumps({"kind": kind, **row}, allow_nan=False) + "\n"


def _finding(finding: Finding) -> dict[str, Any]:
    place = finding.location
    return {
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
    }


def _page(page: PageResult) -> dict[str, Any]:
    return {
        "url": page.url,
        "path": page.path,
        "status": page.status,
        "language": page.language,
        "title": page.title,
        "topic": page.topic,
        "label": page.label.value,
        "spam": plain(page.spam.probability) if page.spam else None,
        "quality": plain(page.quality.probability) if page.quality else None,
        "findings": len(page.findings),
    }


def _failure(failure: Failure) -> dict[str, Any]:
    return {"url": failure.url, "path": failure.path, "reason": failure.kind.value, "detail": failure.detail}

"""Report → SARIF 2.1.0 (OASIS), as code scanning reads it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import quote

from auditor.checks import all_checks
from auditor.checks.check import Check
from auditor.gate import Gate
from auditor.page.snapshot import Failure
from auditor.render.text import escape_terminal, file_of
from auditor.report import Confidence, Finding, Location, Report, Severity, Silence, Suppressed, plain

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT = "%SRCROOT%"
_LEVELS = {Severity.INFO: "note", Severity.LOW: "note", Severity.MEDIUM: "warning", Severity.HIGH: "warning"}
"""Of a finding that stops nothing; one that does is an error."""
_RANKS = {Confidence.LOW: 30.0, Confidence.MEDIUM: 60.0, Confidence.HIGH: 90.0}
_OPINIONS = frozenset(("spam", "related", "structure", "health", "balance"))
"""Groups that rest on models and word lists; the others tell facts of the markup."""
_IN_SOURCE = (Silence.COMMENT, Silence.FRONT_MATTER)
_LONE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)


def sarif_parts(report: Report, gate: Gate) -> Iterator[str]:
    """One run in a log, page by page. ASCII alone, so that nothing crawled steers a terminal or an editor.

    Findings that the gate stops at are errors, others warnings and notes; suppressed ones are results with their suppression, as the
    standard has it. Skipped checks and documents that could not be read are notifications of the run.
    """
    rules = [_rule(check) for check in all_checks().values()]
    numbers = {check: number for number, check in enumerate(all_checks())}
    driver = {"name": "auditor", "semanticVersion": report.version, "rules": rules}
    yield f'{{"$schema": {_text(SCHEMA)}, "version": "2.1.0", "runs": [{{\n"tool": {_text({"driver": driver})},\n'
    bases = {_ROOT: {"description": {"text": "The folder where auditor was run."}}}
    yield f'"columnKind": "unicodeCodePoints", "originalUriBaseIds": {_text(bases)},\n'
    yield f'"invocations": {_text([_invocation(report)])},\n"results": ['
    comma = "\n"
    for finding in report.findings:
        yield comma + _text(_result(finding, gate, numbers))
        comma = ",\n"
    for one in report.suppressed:
        yield comma + _text({**_result(one.finding, gate, numbers), "suppressions": [_suppression(one)]})
        comma = ",\n"
    yield "\n]}]}\n"


@cache
def _rule(check: Check) -> Any:
    name = "".join(word.capitalize() for word in check.id.split("-"))
    precision = "medium" if check.group in _OPINIONS else "high"
    problem = {Severity.HIGH: "error", Severity.MEDIUM: "warning"}.get(check.severity, "recommendation")
    more = f" The search engines' name for it: {check.policy}." if check.policy else ""
    return {
        "id": check.id,
        "name": name,
        "shortDescription": {"text": check.title},
        "fullDescription": {"text": check.docs},
        "help": {
            "text": f"{check.docs}{more} What to do: {check.fix}",
            "markdown": f"{check.docs}{more}\n\n**What to do**: {check.fix}",
        },
        "defaultConfiguration": {"level": _LEVELS[check.severity]},
        "properties": {"tags": [check.group], "precision": precision, "problem.severity": problem},
    }


def _result(finding: Finding, gate: Gate, numbers: dict[str, int]) -> dict[str, Any]:
    made: dict[str, Any] = {"ruleId": finding.check}
    if finding.check in numbers:
        made["ruleIndex"] = numbers[finding.check]
    return made | {
        "level": "error" if gate.stops(finding) else _LEVELS[finding.severity],
        "rank": _RANKS[finding.confidence],
        "message": {"text": f"{escape_terminal(finding.message)} What to do: {finding.fix}"},
        "locations": [place] if (place := _place(finding.location)) else [],
        "partialFingerprints": {"auditor/v1": finding.fingerprint},
        "properties": {
            "severity": finding.severity.value,
            "confidence": finding.confidence.value,
            "evidence": plain(finding.evidence),
        },
    }


def _place(location: Location) -> dict[str, Any]:
    artifact = _artifact(location.path, location.url)
    if not artifact:
        return {}
    region: dict[str, Any] = {"startLine": location.line or 1}
    if location.line and location.column:
        region["startColumn"] = location.column
    if location.snippet:
        region["snippet"] = {"text": escape_terminal(location.snippet)}
    return {"physicalLocation": {"artifactLocation": artifact, "region": region}}


def _artifact(path: str | None, url: str | None) -> dict[str, str]:
    """A file as it was named, from where the program was run; an absolute one and an address as they are."""
    if path and "://" not in path:
        spelt = quote(file_of(path), safe="/~!$&'()*+,;=@", errors="replace")
        return {"uri": f"file://{spelt}"} if spelt.startswith("/") else {"uri": spelt, "uriBaseId": _ROOT}
    return {"uri": quote(url, safe=":/?#[]@!$&'()*+,;=%~", errors="replace")} if url else {}


def _suppression(one: Suppressed) -> dict[str, str]:
    reason = f": {one.reason}" if one.reason else ""
    kind = "inSource" if one.by in _IN_SOURCE else "external"
    return {"kind": kind, "justification": escape_terminal(f"{one.where}{reason}")}


def _invocation(report: Report) -> dict[str, Any]:
    told: list[dict[str, Any]] = [_unread(failure) for failure in report.failures]
    for skipped in report.skipped:
        pages = f" ({skipped.pages:,} pages)" if skipped.pages > 1 else ""
        told.append(
            {
                "level": "note",
                "message": {"text": f"{skipped.check} could not look{pages}: {escape_terminal(skipped.reason)}"},
                "associatedRule": {"id": skipped.check},
            }
        )
    return {
        "executionSuccessful": bool(len(report.pages)) or not report.failures,
        "startTimeUtc": report.started_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "toolExecutionNotifications": told,
    }


def _unread(failure: Failure) -> dict[str, Any]:
    artifact = _artifact(failure.path, failure.url)
    return {
        "level": "warning",
        "message": {"text": f"{failure.kind.value}: {escape_terminal(failure.detail)}"},
        **({"locations": [{"physicalLocation": {"artifactLocation": artifact}}]} if artifact else {}),
    }


def _text(value: Any) -> str:
    return _LONE.sub(r"\\ufffd", json.dumps(value, ensure_ascii=True, allow_nan=False))

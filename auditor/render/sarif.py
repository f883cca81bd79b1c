"""Report → SARIF 2.1.0 (OASIS), as code scanning reads it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote

from auditor.checks import all_checks
from auditor.checks.check import Check
from auditor.gate import Gate
from auditor.page.snapshot import Failure
from auditor.render.text import escape_terminal, file_of, files_at_fault
from auditor.report import Confidence, Finding, Report, Severity, Silence, Suppressed, plain

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT = "%SRCROOT%"
_LEVELS = {Severity.INFO: "note", Severity.LOW: "note", Severity.MEDIUM: "warning", Severity.HIGH: "warning"}
"""Of a finding that stops nothing; one that does is an error."""
_RANKS = {Confidence.LOW: 30.0, Confidence.MEDIUM: 60.0, Confidence.HIGH: 90.0}
_OPINIONS = frozenset(("spam", "related", "structure", "health", "balance"))
"""Groups that rest on models and word lists; the others tell facts of the markup."""
_RELATED = 10
"""Further pages that a result names."""
_IN_SOURCE = (Silence.COMMENT, Silence.FRONT_MATTER)
_ADDRESS = re.compile(r"(https?://[^/?#]*)(.*)", re.DOTALL | re.IGNORECASE)
_NO_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})")
_LONE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)


def sarif_parts(report: Report, gate: Gate) -> Iterator[str]:
    """One run in a log, page by page. ASCII alone, so that nothing crawled steers a terminal or an editor.

    Findings that the gate stops at are errors, others warnings and notes; suppressed ones are results with their suppression, as the
    standard has it. Skipped checks and documents that could not be read are notifications of the run.

    Every result has a place, and in a report on files it is a file: GitHub refuses a log with a result that has none, or one at an
    address, as a whole.
    """
    places = _Places.of(report)
    rules = [_rule(check) for check in all_checks().values()]
    numbers = {check: number for number, check in enumerate(all_checks())}
    driver = {"name": "auditor", "semanticVersion": report.version, "rules": rules}
    yield f'{{"$schema": {_text(SCHEMA)}, "version": "2.1.0", "runs": [{{\n"tool": {_text({"driver": driver})},\n'
    bases = {_ROOT: {"description": {"text": "The folder where auditor was run."}}}
    yield f'"columnKind": "unicodeCodePoints", "originalUriBaseIds": {_text(bases)},\n'
    yield f'"invocations": {_text([_invocation(report)])},\n"results": ['
    comma = "\n"
    for finding in report.findings:
        yield comma + _text(_result(finding, gate, numbers, places))
        comma = ",\n"
    for one in report.suppressed:
        result = _result(one.finding, gate, numbers, places)
        yield comma + _text({**result, "suppressions": [_suppression(one)]})
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
        "shortDescription": {"text": _braced(check.title)},
        "fullDescription": {"text": _braced(check.docs)},
        "help": {
            "text": _braced(f"{check.docs}{more} What to do: {check.fix}"),
            "markdown": _braced(f"{check.docs}{more}\n\n**What to do**: {check.fix}"),
        },
        "defaultConfiguration": {"level": _LEVELS[check.severity]},
        "properties": {"tags": [check.group], "precision": precision, "problem.severity": problem},
    }


def _result(finding: Finding, gate: Gate, numbers: dict[str, int], places: _Places) -> dict[str, Any]:
    made: dict[str, Any] = {"ruleId": finding.check}
    if finding.check in numbers:
        made["ruleIndex"] = numbers[finding.check]
    return made | {
        "level": "error" if gate.stops(finding) else _LEVELS[finding.severity],
        "rank": _RANKS[finding.confidence],
        "message": _message(f"{finding.message} What to do: {finding.fix}"),
        **places.told(finding),
        "partialFingerprints": {"auditor/v1": finding.fingerprint},
        "properties": {
            "severity": finding.severity.value,
            "confidence": finding.confidence.value,
            "evidence": plain(finding.evidence),
        },
    }


@dataclass(frozen=True, slots=True)
class _Places:
    """Where results are put."""

    files: bool
    """Whether the report is on files."""
    source: dict[str, str]
    """What was audited, for a finding that stands nowhere in particular."""

    @staticmethod
    def of(report: Report) -> _Places:
        first = next(iter(report.pages), None)
        source = next(iter(report.source), "") or "."
        files = first is not None and first.path is not None
        return _Places(files, _artifact(None, source) if _ADDRESS.match(source) else _artifact(source, None))

    def told(self, finding: Finding) -> dict[str, Any]:
        """The members of a result that say where it is: its place, and further pages that it names."""
        place = finding.location
        artifacts = [_artifact(path, None) for path in files_at_fault(finding)]
        if not artifacts:
            artifacts = [_artifact(None, place.url)] if place.url and not self.files else [self.source]
        region: dict[str, Any] = {"startLine": place.line or 1}
        if place.line and place.column:
            region["startColumn"] = place.column
        if place.snippet:
            region["snippet"] = {"text": escape_terminal(place.snippet)}
        located: dict[str, Any] = {"physicalLocation": {"artifactLocation": artifacts[0], "region": region}}
        if place.url:
            located["logicalLocations"] = [{"fullyQualifiedName": escape_terminal(place.url)}]
        others = [{"physicalLocation": {"artifactLocation": one}} for one in artifacts[1 : _RELATED + 1]]
        return {"locations": [located], **({"relatedLocations": others} if others else {})}


def _artifact(path: str | None, url: str | None) -> dict[str, str]:
    """A file as it was named, from where the program was run; an absolute one and an address as they are."""
    if path and not _ADDRESS.match(path):
        spelt = quote(file_of(path), safe="/~!$&'()*+,;=@", errors="replace")
        return {"uri": f"file://{spelt}"} if spelt.startswith("/") else {"uri": spelt, "uriBaseId": _ROOT}
    url = path or url
    address = _ADDRESS.fullmatch(url or "")
    if address is None:
        return {"uri": quote(url, errors="replace"), "uriBaseId": _ROOT} if url else {}
    host = quote(address[1], safe=":/@[]!$&'()*+,;=~%", errors="replace")
    before, hash_, fragment = address[2].partition("#")
    rest = quote(before, safe=":/?@!$&'()*+,;=~%", errors="replace")
    rest += hash_ + quote(fragment, safe=":/?@!$&'()*+,;=~%", errors="replace")
    return {"uri": _NO_ESCAPE.sub("%25", host + rest)}


def _message(text: str) -> dict[str, str]:
    """A message in which nothing is a link or a placeholder (SARIF, 3.11.5 and 3.11.6)."""
    return {"text": _braced(escape_terminal(text).replace("](", "] ("))}


def _braced(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


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
                "message": _message(f"{skipped.check} could not look{pages}: {skipped.reason}"),
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
        "message": _message(f"{failure.kind.value}: {failure.detail}"),
        **({"locations": [{"physicalLocation": {"artifactLocation": artifact}}]} if artifact else {}),
    }


def _text(value: Any) -> str:
    return _LONE.sub(r"\\ufffd", json.dumps(value, ensure_ascii=True, allow_nan=False))

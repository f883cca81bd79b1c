"""Report → JUnit XML, the dialect that Jenkins and GitLab read (junit-10.xsd of Jenkins' xUnit plugin)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape

from auditor.gate import Gate
from auditor.render.text import count, escape_terminal
from auditor.report import Finding, Report

# What XML 1.0 has no way to hold, not even escaped; `escape_terminal` has made the controls visible before.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_parts(report: Report, gate: Gate) -> Iterator[str]:
    """A test suite of pages, one of sites and, where there are any, one of documents that could not be read.

    A page fails for the findings that the gate stops at and for its verdict where that stops; what else was found is its output.
    Goes over the pages twice, since a suite begins with its numbers.
    """
    pages = failed = 0
    for page in report.pages:
        pages += 1
        failed += gate.rejects(page) or any(map(gate.stops, page.findings))
    sites = [(site.site, site.findings) for site in report.sites]
    if report.notices:
        sites.append(("settings", report.notices))
    failed_sites = sum(any(map(gate.stops, findings)) for _, findings in sites)
    unread = len(report.failures)
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    total = pages + len(sites) + unread
    yield f'<testsuites name="auditor" tests="{total}" failures="{failed + failed_sites}" errors="{unread}">\n'
    yield _suite("pages", pages, failed, 0)
    for page in report.pages:
        verdict = f"The page is judged {page.label}." if gate.rejects(page) else ""
        yield from _case("pages", page.name, page.findings, gate, verdict)
    yield "</testsuite>\n" + _suite("sites", len(sites), failed_sites, 0)
    for name, findings in sites:
        yield from _case("sites", name, findings, gate)
    yield "</testsuite>\n"
    if unread:
        yield _suite("documents that could not be read", unread, 0, unread)
        for failure in report.failures:
            yield _opening("unread", failure.name) + ">\n"
            yield f"<error type={_quoted(failure.kind.value)} message={_quoted(failure.detail)}></error>\n</testcase>\n"
        yield "</testsuite>\n"
    yield "</testsuites>\n"


def _suite(name: str, tests: int, failures: int, errors: int) -> str:
    return f'<testsuite name="{name}" tests="{tests}" failures="{failures}" errors="{errors}">\n'


def _case(group: str, name: str, findings: Iterable[Finding], gate: Gate, verdict: str = "") -> Iterator[str]:
    stopping: list[Finding] = []
    others: list[Finding] = []
    for finding in findings:
        (stopping if gate.stops(finding) else others).append(finding)
    if not (stopping or others or verdict):
        yield _opening(group, name) + "/>\n"
        return
    yield _opening(group, name) + ">\n"
    if stopping or verdict:
        first = verdict or stopping[0].message
        more = f" (and {count(len(stopping) - (not verdict), 'more finding')})" if len(stopping) > (not verdict) else ""
        kind = stopping[0].check if stopping else "verdict"
        lines = [*([verdict] if verdict else []), *map(_line, stopping)]
        yield f"<failure type={_quoted(kind)} message={_quoted(first + more)}>{_inner(lines)}</failure>\n"
    if others:
        yield f"<system-out>{_inner(map(_line, others))}</system-out>\n"
    yield "</testcase>\n"


def _opening(group: str, name: str) -> str:
    return f'<testcase classname="auditor.{group}" name={_quoted(name)}'


def _line(finding: Finding) -> str:
    place = finding.location
    where = f"{place.path or place.url or ''}:{place.line}:{place.column}: " if place.line else ""
    marks = f"{finding.severity} severity, {finding.confidence} confidence"
    snippet = f" | {place.snippet}" if place.snippet else ""
    return f"{where}{finding.message} [{finding.check}, {marks}] What to do: {finding.fix}{snippet}"


def _quoted(text: str) -> str:
    return f'"{escape(_NO_XML.sub("�", escape_terminal(text)), {chr(34): "&quot;"})}"'


def _inner(lines: Iterable[str]) -> str:
    return "\n".join(escape(_NO_XML.sub("�", escape_terminal(line))) for line in lines)

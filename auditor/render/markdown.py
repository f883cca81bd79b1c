"""Report → Markdown: the summary of a job, for those who do not open its log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice

from auditor.gate import Gate
from auditor.render.text import code_span, count
from auditor.report import Finding, Label, Report, Severity

_STOPPING = 30
_PAGES = 20
_CHECKS = 10


def markdown_parts(report: Report, gate: Gate) -> Iterator[str]:
    """What stops, which pages are judged bad, what else there is, in at most some seventy lines.

    Crawled text stands in code spans, where nothing is a link, an image, a mention or HTML. Goes over the pages several times.
    """
    tally = report.tally()
    stopping = sum(map(gate.stops, report.findings))
    rejected = sum(map(gate.rejects, report.pages)) if gate.verdict else 0
    stops = [count(stopping, "finding")] if stopping else []
    stops += [f"{count(rejected, 'page')} for the verdict"] if rejected else []
    yield f"## auditor: {' and '.join(stops)} to stop at\n" if stops else "## auditor: nothing to stop at\n"
    judged = ", ".join(
        f"{tally.labels[label]:,} {label.replace('-', ' ')}" for label in reversed(Label) if tally.labels[label]
    )
    graded = ", ".join(f"{tally.severities[one]:,} {one}" for one in reversed(Severity) if tally.severities[one])
    yield f"\n{count(tally.pages, 'page')} ({judged or 'none'}); {count(sum(tally.severities.values()), 'finding')} ({graded or 'none'}).\n"
    quiet = [f"{count(number, 'finding')} suppressed"] if (number := sum(1 for _ in report.suppressed)) else []
    quiet += [f"{count(number, 'check')} could not look everywhere"] if (number := len(report.skipped)) else []
    if quiet:
        yield f"\n{'; '.join(quiet)}.\n"
    if stopping:
        yield "\n### What stops\n\n| where | what | what to do |\n|---|---|---|\n"
        shown = islice((finding for finding in report.findings if gate.stops(finding)), _STOPPING)
        yield from (_row(finding) for finding in shown)
        if stopping > _STOPPING:
            yield f"\n… and {stopping - _STOPPING:,} more.\n"
    yield from _bad(report, sum(tally.labels[label] for label in Label if label is not Label.CLEAN))
    others = Counter(finding.check for finding in report.findings if not gate.stops(finding))
    if others:
        yield "\n### What else was found\n\n"
        for check, number in sorted(others.items(), key=lambda one: (-one[1], one[0]))[:_CHECKS]:
            yield f"- {check}: {number:,}\n"
        if len(others) > _CHECKS:
            yield f"- … and {count(len(others) - _CHECKS, 'more check')}\n"
    if report.failures:
        yield "\n### What could not be read\n\n"
        for failure in report.failures[:_CHECKS]:
            yield f"- {code_span(failure.name)}: {code_span(failure.detail, 200)}\n"
        if len(report.failures) > _CHECKS:
            yield f"- … and {len(report.failures) - _CHECKS:,} more\n"


def _bad(report: Report, number: int) -> Iterator[str]:
    if not number:
        return
    yield "\n### Pages judged spam or of low quality\n\n"
    bad = (page for label in (Label.SPAM, Label.LOW_QUALITY) for page in report.pages if page.label is label)
    for page in islice(bad, _PAGES):
        yield f"- {page.label.replace('-', ' ')}: {code_span(page.name)}\n"
    if number > _PAGES:
        yield f"- … and {number - _PAGES:,} more\n"


def _row(finding: Finding) -> str:
    place = finding.location
    spot = f":{place.line}" if place.line else ""
    where = code_span(f"{place.path or place.url or 'the site'}{spot}", 200)
    return f"| {where} | {code_span(finding.message, 300)} ({finding.check}) | {finding.fix.replace('|', '/')} |\n"

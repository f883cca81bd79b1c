"""Summary: a run in one line of plain text."""

from __future__ import annotations

from auditor.render.text import count
from auditor.report import Label, Report, Severity, Tally

_WORST_FIRST = (Label.SPAM, Label.LOW_QUALITY, Label.CLEAN)


def summary(report: Report) -> str:
    """The run in one line: findings by severity, pages, what could not be read."""
    tally = report.tally()
    listed = ", ".join(f"{tally.severities[s]:,} {s.value}" for s in reversed(Severity) if tally.severities.get(s))
    found = count(sum(tally.severities.values()), "finding") + (f" ({listed})" if listed else "")
    parts = [found, verdicts(tally)]
    if report.failures:
        parts.append(f"{len(report.failures):,} not read")
    return "; ".join(parts) + "."


def verdicts(tally: Tally) -> str:
    """How many pages there are, and what they were judged to be."""
    listed = ", ".join(
        f"{tally.labels[label]:,} {label.value.replace('-', ' ')}" for label in _WORST_FIRST if tally.labels.get(label)
    )
    return count(tally.pages, "page") + (f": {listed}" if listed else "")

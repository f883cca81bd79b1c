"""Score: the share of pages that nobody has to do anything about at once, counted while a report's pages go by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from auditor.report import Finding, Label, PageResult, Report, Severity, Tally


@dataclass(frozen=True, slots=True)
class Score:
    """How many pages are in order: judged clean, and without a finding of high severity."""

    sound: int
    pages: int

    @property
    def percent(self) -> int | None:
        """In whole per cent, rounded down, so that 100 means every page; None without pages."""
        return 100 * self.sound // self.pages if self.pages else None


@dataclass(slots=True)
class Counting:
    """A report's figures in one pass that others go along on."""

    severities: Counter[Severity] = field(default_factory=Counter)
    labels: Counter[Label] = field(default_factory=Counter)
    pages: int = 0
    sound: int = 0

    def beside(self, findings: Iterable[Finding]) -> None:
        """Count findings that are no page's."""
        self.severities.update(finding.severity for finding in findings)

    def add(self, page: PageResult) -> None:
        self.pages += 1
        self.labels[page.label] += 1
        severities = [finding.severity for finding in page.findings]
        self.severities.update(severities)
        self.sound += page.label is Label.CLEAN and Severity.HIGH not in severities

    @property
    def tally(self) -> Tally:
        return Tally(self.pages, self.labels, self.severities)

    @property
    def score(self) -> Score:
        return Score(self.sound, self.pages)


def counting(report: Report) -> Counting:
    """The figures of what a report says of its sites and settings; its pages are still to be added."""
    found = Counting()
    found.beside(report.notices)
    for site in report.sites:
        found.beside(site.findings)
    return found


def counted(report: Report) -> Counting:
    """The figures of a whole report, in one pass over its pages."""
    found = counting(report)
    for page in report.pages:
        found.add(page)
    return found

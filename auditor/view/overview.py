"""Overview: what is shown of a run beside single pages, made in one pass over its results and kept for a few runs."""

from __future__ import annotations

import hashlib
from collections import Counter, OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from auditor.outbound.inventory import Domain, Inventory
from auditor.outbound.use import of_result
from auditor.report import Label, PageResult, Report, Severity
from auditor.scan.codec import StoredPages, decode_report
from auditor.store.reading import Reading

if TYPE_CHECKING:
    from auditor.store.store import RunInfo

KEPT = 4
"""Runs whose overview is kept; a page takes some 500 bytes."""
TALLIED = 5_000
"""Pages up to which a run's verdicts are counted for the list of runs."""
LONGEST = 200
"""Characters of a title that are kept."""


@dataclass(frozen=True, slots=True)
class Line:
    """A page in the list of a run's pages."""

    document: int
    name: str
    title: str
    label: Label
    spam: float | None
    severities: tuple[int, ...]
    """Findings by severity, the worst first."""
    checks: frozenset[str]
    links: int


@dataclass(frozen=True, slots=True)
class Overview:
    """A run that was audited to its end."""

    report: Report
    """Its pages are not to be read: their connection is closed."""
    lines: tuple[Line, ...]
    checks: Mapping[str, int]
    """On how many pages each check found something."""
    domains: tuple[Domain, ...]

    @property
    def labels(self) -> Mapping[Label, int]:
        return Counter(line.label for line in self.lines)


class Overviews:
    """The overviews that were asked for last; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[bytes, Overview] = OrderedDict()
        self._labels: dict[bytes, Mapping[Label, int]] = {}

    def of(self, kept: Reading, number: int) -> Overview | None:
        """None where the run was not audited to its end."""
        data = kept.report(number)
        if data is None:
            return None
        key = _key(number, data)
        with self._lock:
            found = self._kept.pop(key, None) or _made(kept, number, data)
            self._kept[key] = found
            self._labels[key] = found.labels
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found

    def labels(self, kept: Reading, run: RunInfo) -> Mapping[Label, int] | None:
        """Pages by what they were judged to be; None where that is not known, or would take long to count."""
        data = kept.report(run.id)
        if data is None:
            return None
        known = self._labels.get(_key(run.id, data))
        if known is None and run.pages <= TALLIED:
            found = self.of(kept, run.id)
            known = found.labels if found else None
        return known


def page_of(kept: Reading, number: int, document: int) -> PageResult | None:
    """The result of one page; None where the run has none of it, or was not audited to its end."""
    data, result = kept.report(number), kept.result(number, document)
    if data is None or result is None:
        return None
    pages = decode_report(data, kept.findings(number)).pages
    assert isinstance(pages, StoredPages)
    return pages.read(*result)


def _key(number: int, data: bytes) -> bytes:
    return b"%d:" % number + hashlib.blake2b(data, digest_size=16).digest()


def _made(kept: Reading, number: int, data: bytes) -> Overview:
    report = decode_report(data, kept.findings(number))
    pages = report.pages
    assert isinstance(pages, StoredPages)
    linked, checks = Inventory(), Counter[str]()
    lines: list[Line] = []
    same: dict[frozenset[str], frozenset[str]] = {}
    for _, document, page in pages.numbered():
        for use in of_result(page):
            linked.add(use)
        found = frozenset(finding.check for finding in page.findings)
        checks.update(found)
        severities = Counter(finding.severity for finding in page.findings)
        lines.append(
            Line(
                document, page.name, page.title[:LONGEST], page.label, page.spam.probability if page.spam else None,
                tuple(severities[severity] for severity in reversed(Severity)), same.setdefault(found, found), len(page.links),
            )
        )  # fmt: skip
    return Overview(report, tuple(lines), dict(sorted(checks.items())), tuple(linked.domains()))


def worst(line: Line) -> tuple[object, ...]:
    """A key by which the worst pages come first."""
    return -list(Label).index(line.label), tuple(-count for count in line.severities), -(line.spam or 0.0), line.name

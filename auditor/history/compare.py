"""Compare: two reports → their `Difference`, page by page; of a page its name and label are kept, of a finding a number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any

from auditor import urls
from auditor.fold import is_folded
from auditor.history.difference import Change, Changes, Difference, Fate, Side, Turn, Turns, rank
from auditor.history.notes import Unasked, notes
from auditor.history.score import Counting, counting
from auditor.outbound.inventory import Domain, Inventory
from auditor.outbound.use import Use, of_result
from auditor.report import Confidence, Finding, Label, PageResult, Report, Severity

LISTED = 10_000
"""Findings of a fate, and pages of a change, that are listed; all are counted."""

RELATIVE = frozenset({"new-domain"})
"""Checks that say themselves what is new since the run before; next time it is not, and nothing was fixed."""

_Document = tuple[str, PageResult | None, tuple[Finding, ...]]
"""Name of a page or site, the page, and what was found."""


@dataclass(frozen=True, slots=True)
class Named:
    """A report and what it is called in front of people."""

    name: str
    report: Report


def compare(before: Named, after: Named) -> Difference:
    """What changed between two reports of the same sites, in two passes over the earlier one's pages and one over the later one's.

    Where the sites link to is compared for those that both reports have.
    """
    then = _Seen.of(before.report, after.report)
    now = _Seen.of(after.report, before.report)
    changes = {fate: _Gathered() for fate in Fate}
    verdicts, new_pages, gone_pages = _Listing(), _Listing(), _Listing()
    unchanged: Counter[Severity] = Counter()
    came, went = Inventory(), Inventory()

    for document in _documents(before.report):
        then.note(*document)

    unasked = Unasked.of(before.report, after.report)
    for name, page, findings in _documents(after.report):
        for use in now.note(name, page, findings):
            if use.site in then.linking and (use.site, use.domain) not in then.domains:
                came.add(use)
        there = name in then
        if page is not None and there:
            _turn(page, *then.pages[name], verdicts)
        elif page is not None:
            new_pages.add(Turn(name, page.title, None, page.label, None, _spam(page)))
        for finding in findings:
            if finding.check in RELATIVE:
                continue
            if then.knows(finding, name):
                unchanged[finding.severity] += 1
                continue
            why = then.silent(finding) or unasked.why(finding, page)
            fate = Fate.NEW_PAGE if not there else Fate.UNTOLD_BEFORE if why else Fate.NEW
            changes[fate].add(finding, name, why if there else "")

    unasked = Unasked.of(after.report, before.report)
    failed = {failure.name: failure.detail for failure in after.report.failures}
    for name, page, findings in _documents(before.report) if then.has_more_than(now) else ():
        there = name in now
        if page is not None:
            if not there:
                why = failed.get(page.url or name, "")
                gone_pages.add(Turn(name, page.title, page.label, None, _spam(page), None, why))
            for use in of_result(page):
                if use.site in now.linking and (use.site, use.domain) not in now.domains:
                    went.add(use)
        for finding in findings:
            if finding.check not in RELATIVE and not now.knows(finding, name):
                why = now.silent(finding) or unasked.why(finding, page)
                fate = Fate.GONE_PAGE if not there else Fate.UNTOLD_NOW if why else Fate.FIXED
                changes[fate].add(finding, name, why if there else "")

    common = len(then.pages.keys() & now.pages.keys())
    return Difference(
        before=_side(before, then.figures),
        after=_side(after, now.figures),
        changes={fate: gathered.changes for fate, gathered in changes.items()},
        unchanged=unchanged,
        verdicts=verdicts.turns,
        new_pages=new_pages.turns,
        gone_pages=gone_pages.turns,
        new_domains=_ranked(came),
        gone_domains=_ranked(went),
        notes=notes(before.report, after.report, common, gone_pages.total, changes[Fate.FIXED].checks),
    )


@dataclass(slots=True)
class _Seen:
    """What is kept of a report while the other one goes by."""

    sites: frozenset[str]
    suppressed: set[int]
    folds: tuple[Finding, ...]
    """What it tells of a site instead of its pages (`auditor.fold`) and the other report does not."""
    watched: frozenset[str]
    """Checks of which the other report does so."""
    figures: Counting
    marks: set[int] = field(default_factory=set)
    """Of all findings."""
    pages: dict[str, tuple[Label, float | None]] = field(default_factory=dict)
    """Label and probability of spam by name."""
    domains: set[tuple[str, str]] = field(default_factory=set)
    linking: set[str] = field(default_factory=set)
    """Sites of its pages, as `Use.site` names them."""
    single: set[tuple[str, str]] = field(default_factory=set)
    """Watched checks that it tells of single pages: check and page."""

    @classmethod
    def of(cls, report: Report, other: Report) -> _Seen:
        return cls(
            frozenset(site.site for site in report.sites),
            {_mark(one.finding) for site in report.sites for one in site.suppressed},
            _folds(report, other),
            frozenset(finding.check for finding in _folds(other, report)),
            counting(report),
        )

    def __contains__(self, name: str) -> bool:
        return name in self.pages or name in self.sites

    def note(self, name: str, page: PageResult | None, findings: Iterable[Finding]) -> list[Use]:
        """Keep what is kept of a page or site; the links to other sites that a page has."""
        self.marks.update(map(_mark, findings))
        if page is None:
            return []
        self.pages[name] = (page.label, _spam(page))
        self.figures.add(page)
        self.suppressed.update(_mark(one.finding) for one in page.suppressed)
        self.linking.add(urls.site(page.url or ""))
        if self.watched:
            self.single.update((finding.check, name) for finding in findings if finding.check in self.watched)
        uses = list(of_result(page))
        self.domains.update((use.site, use.domain) for use in uses)
        return uses

    def knows(self, finding: Finding, name: str) -> bool:
        """Whether this report has a finding of the other one: as it is, or of the site instead of the page, or the other way round."""
        if _mark(finding) in self.marks:
            return True
        if any(fold.check == finding.check and _concerns(fold, name) for fold in self.folds):
            return True
        return (
            finding.check in self.watched
            and is_folded(finding)
            and any((finding.check, str(page)) in self.single for page in finding.evidence["pages"])
        )

    def silent(self, finding: Finding) -> str:
        """Why this report does not list a finding that it has; empty where it has none such."""
        return "suppressed" if _mark(finding) in self.suppressed else ""

    def has_more_than(self, other: _Seen) -> bool:
        """Whether anything is in this report and not in the other."""
        return bool(self.marks - other.marks or self.domains - other.domains or self.pages.keys() - other.pages.keys())


@dataclass(slots=True)
class _Kept:
    """The first of many in an order, when there is no room for all."""

    order: Callable[[Any], Any]
    kept: list[Any] = field(default_factory=list)

    def add(self, one: object) -> None:
        self.kept.append(one)
        if len(self.kept) >= 2 * LISTED:
            self.kept = self.first()

    def first(self) -> list[Any]:
        return sorted(self.kept, key=self.order)[:LISTED]


def _gravest(change: Change) -> tuple[Any, ...]:
    finding = change.finding
    return (
        -finding.severity.rank, -finding.confidence.rank, change.document, finding.location.line or 0, finding.check,
        finding.fingerprint,
    )  # fmt: skip


@dataclass(slots=True)
class _Gathered:
    counts: Counter[tuple[Severity, Confidence]] = field(default_factory=Counter)
    checks: set[str] = field(default_factory=set)
    kept: _Kept = field(default_factory=lambda: _Kept(_gravest))

    def add(self, finding: Finding, document: str, why: str) -> None:
        self.counts[finding.severity, finding.confidence] += 1
        self.checks.add(finding.check)
        self.kept.add(Change(replace(finding, evidence={}), document, why))

    @property
    def changes(self) -> Changes:
        return Changes(dict(sorted(self.counts.items(), reverse=True)), tuple(self.kept.first()))


def _worst(turn: Turn) -> tuple[Any, ...]:
    return rank(turn.before) - rank(turn.after), -max(rank(turn.before), rank(turn.after)), turn.name


@dataclass(slots=True)
class _Listing:
    total: int = 0
    kept: _Kept = field(default_factory=lambda: _Kept(_worst))

    def add(self, turn: Turn) -> None:
        self.total += 1
        self.kept.add(turn)

    @property
    def turns(self) -> Turns:
        return Turns(self.total, tuple(self.kept.first()))


def _documents(report: Report) -> Iterator[_Document]:
    for site in report.sites:
        yield site.site, None, site.findings
    for page in report.pages:
        yield page.name, page, page.findings


def _turn(page: PageResult, label: Label, spam: float | None, verdicts: _Listing) -> None:
    if page.label is not label:
        verdicts.add(Turn(page.name, page.title, label, page.label, spam, _spam(page)))


def _folds(report: Report, other: Report) -> tuple[Finding, ...]:
    there = {_mark(finding) for site in other.sites for finding in site.findings}
    return tuple(
        finding
        for site in report.sites
        for finding in site.findings
        if is_folded(finding) and _mark(finding) not in there
    )


def _concerns(fold: Finding, page: str) -> bool:
    named = fold.evidence["pages"]
    return page in named or fold.evidence["count"] > len(named)


def _mark(finding: Finding) -> int:
    """A fingerprint as a number, which takes half of the memory."""
    try:
        return int(finding.fingerprint, 16)
    except ValueError:
        return int.from_bytes(blake2b(finding.fingerprint.encode("utf-8", "replace"), digest_size=8).digest(), "big")


def _spam(page: PageResult) -> float | None:
    return page.spam.probability if page.spam else None


def _side(named: Named, figures: Counting) -> Side:
    report = named.report
    sites = tuple(site.site for site in report.sites)
    return Side(named.name, sites, report.started_at, report.version, figures.tally, figures.score)


def _ranked(counted: Inventory) -> tuple[Domain, ...]:
    return tuple(sorted(counted.domains(), key=lambda one: (-one.pages, one.site, one.name)))

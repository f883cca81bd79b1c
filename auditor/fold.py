"""Fold: what many pages of a site have in common is said once, of the site, with how many pages have it and which."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from hashlib import blake2b

from auditor.report import Finding, PageResult, fingerprint

PAGES = 3
"""Pages from which something can be shared."""
SHARE = 0.5
"""Of a site's pages that a fault of the theme is on, at least. A target is shared from `PAGES` on, however large the site."""
NAMED = 100
"""Pages that a finding names."""
MOST = 50_000
"""Marks that are counted; of more, those with the smallest numbers, which are the same whatever the order of the pages."""
_TOLD = re.compile(r" \(on [\d,]+ of [\d,]+ pages\)\.\Z")


def marks(site: str, findings: Iterable[Finding]) -> tuple[int, ...]:
    """What of a page's findings other pages can share, as numbers: even for targets, odd for faults of the theme."""
    return tuple({found for finding in findings if (found := _mark(site, finding))})


class Shared:
    """Counts on how many pages of one site each mark is."""

    def __init__(self) -> None:
        self._counts: Counter[int] = Counter()
        self._bound = 1 << 64

    def add(self, of_page: Iterable[int]) -> None:
        """Take in what `marks` said of one page."""
        self._counts.update(mark for mark in of_page if mark < self._bound)
        if len(self._counts) > 2 * MOST:
            self._trim()

    def _trim(self) -> None:
        if len(self._counts) > MOST:
            self._bound = sorted(self._counts)[MOST]
            self._counts = Counter({mark: count for mark, count in self._counts.items() if mark < self._bound})

    def many(self, pages: int) -> frozenset[int]:
        """The marks that are told once, of a site with so many pages."""
        self._trim()
        least = max(PAGES, SHARE * pages)
        return frozenset(m for m, count in self._counts.items() if count >= (least if m % 2 else PAGES))


def apart(page: PageResult, many: Set[int], site: str) -> PageResult:
    """The page without what is told of its site."""
    if not many:
        return page
    own = tuple(finding for finding in page.findings if _mark(site, finding) not in many)
    return page if len(own) == len(page.findings) else replace(page, findings=own)


def together(pages: Iterable[PageResult], many: Set[int], site: str) -> tuple[Finding, ...]:
    """One finding for each of the marks, with the first page's words and place, and the gravest of all pages' severities."""
    if not many:
        return ()
    heaps: dict[int, _Heap] = {}
    count = 0
    for page in pages:
        count += 1
        seen: set[int] = set()
        for finding in page.findings:
            mark = _mark(site, finding)
            if mark in many and mark not in seen:
                seen.add(mark)
                heaps.setdefault(mark, _Heap(finding)).add(finding, page.name)
    made = [heap.finding(site, count) for heap in heaps.values()]
    return tuple(sorted(made, key=lambda finding: (finding.check, finding.target, finding.template)))


def is_folded(finding: Finding) -> bool:
    """Whether a finding of a site was made here, of those of its pages; the first of these it names under `pages`."""
    named = isinstance(finding.evidence.get("pages"), list | tuple) and isinstance(finding.evidence.get("count"), int)
    return named and _TOLD.search(finding.message) is not None


@dataclass(slots=True)
class _Heap:
    """One mark's findings, while they are gathered."""

    first: Finding
    count: int = 0
    names: tuple[str, ...] = ()

    def add(self, finding: Finding, name: str) -> None:
        self.count += 1
        if len(self.names) < NAMED:
            self.names = (*self.names, name)
        self.first = replace(
            self.first,
            severity=max(self.first.severity, finding.severity),
            confidence=max(self.first.confidence, finding.confidence),
        )

    def finding(self, site: str, pages: int) -> Finding:
        first = self.first
        return replace(
            first,
            message=f"{first.message.rstrip('.')} (on {self.count:,} of {pages:,} pages).",
            fingerprint=fingerprint(first.check, site, first.target or first.template),
            evidence={**first.evidence, "pages": list(self.names), "count": self.count},
        )


def _mark(site: str, finding: Finding) -> int:
    """0 for a finding that is its page's own."""
    if not (finding.target or finding.template):
        return 0
    words = "\n".join((site, finding.check, finding.target, finding.template))
    number = int.from_bytes(blake2b(words.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
    return number & ~1 if finding.target else number | 1


def folded(site: str, pages: Sequence[PageResult]) -> tuple[tuple[Finding, ...], list[PageResult]]:
    """Both at once, for pages that stand in memory: what is told of the site, and the pages without it."""
    shared = Shared()
    for page in pages:
        shared.add(marks(site, page.findings))
    many = shared.many(len(pages))
    return together(pages, many, site), [apart(page, many, site) for page in pages]

"""Notes: what two reports cannot say of each other, because one of them did not look or looked otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import dataclass

from auditor.fold import is_folded
from auditor.report import Finding, PageResult, Report


@dataclass(frozen=True, slots=True)
class Unasked:
    """The checks of which a report says nothing whatever there is, with the reason: off, or skipped everywhere."""

    off: Mapping[str, str]
    skipped: Mapping[str, tuple[int, str]]
    pages: int
    sites: int

    @classmethod
    def of(cls, report: Report, other: Report) -> Unasked:
        """Of a report that is held against another one. One that does not name its checks is taken to have had all."""
        off: set[str] = set()
        if report.checks:
            off = set(other.checks).difference(report.checks)
        reason = "the check was off" if report.version == other.version else "the check was off, or is newer"
        return cls(dict.fromkeys(off, reason), _skips(report), len(report.pages), len(report.sites))

    def why(self, finding: Finding, page: PageResult | None) -> str:
        """Why the report cannot have this finding; empty where it could."""
        if why := self.off.get(finding.check):
            return why
        skipped, reason = self.skipped.get(finding.check, (0, ""))
        of_pages = page is not None or is_folded(finding)
        return reason if skipped and skipped >= (self.pages if of_pages else self.sites) else ""


def notes(before: Report, after: Report, common: int, gone: int, fixed: Set[str]) -> tuple[str, ...]:
    """What a reader has to know.

    Args:
        common: how many pages both have.
        gone: how many pages only the earlier one has.
        fixed: checks of which findings are called fixed.
    """
    found = []
    if len(before.pages) and len(after.pages) and not common:
        found.append("The two reports have no page in common; they may be of different sites.")
    if not (before.checks and after.checks):
        found.append(
            "One of the reports does not say which checks were on; what a check that was off did not tell may pass for new or fixed."
        )
    if before.version != after.version:
        found.append(f"Audited by version {before.version}, then {after.version}; some changes may be the program's.")
    elif dict(before.models) != dict(after.models):
        found.append("Judged by other models than before; some verdicts may have changed without the pages.")
    if gone and after.omitted:
        count = sum(one.count for one in after.omitted)
        found.append(
            f"The later run left out {count:,} known addresses; pages that are gone from it may be among them."
        )
    then, now = _skips(before), _skips(after)
    pages = len(after.pages)
    more = [
        f"{check} on {skipped:,} pages ({then.get(check, (0, ''))[0]:,} before)"
        for check, (skipped, _) in sorted(now.items())
        if check in fixed and then.get(check, (0, ""))[0] < skipped < pages
    ]
    if more:
        shown = "; ".join(more[:5]) + (f"; {len(more) - 5:,} more" if len(more) > 5 else "")
        found.append(f"Could not look on more pages than before, where what is called fixed may still be: {shown}.")
    return tuple(found)


def _skips(report: Report) -> dict[str, tuple[int, str]]:
    """By check, on how many pages it was skipped and the most frequent reason."""
    counted: dict[str, Counter[str]] = {}
    for one in report.skipped:
        counted.setdefault(one.check, Counter())[one.reason] += one.pages
    return {
        check: (reasons.total(), min(reasons, key=lambda reason: (-reasons[reason], reason)))
        for check, reasons in counted.items()
    }

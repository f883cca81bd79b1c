"""Trend: how the runs of a site went, one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from auditor.history.score import Score, counted
from auditor.report import Label, Report, Severity


@dataclass(frozen=True, slots=True)
class Past:
    """A run in numbers."""

    started_at: datetime
    labels: Mapping[Label, int]
    """Pages by verdict."""
    severities: Mapping[Severity, int]
    """Findings by severity."""
    run: int = 0
    """Its number in the store; 0 for none."""
    score: Score | None = None

    @property
    def pages(self) -> int:
        return sum(self.labels.values())


def trend(runs: Iterable[tuple[int, datetime, Report]]) -> tuple[Past, ...]:
    """The runs of a site in numbers, the earliest first; each report's pages are gone over once.

    Args:
        runs: number, time at which it began, and report of each, in any order.
    """
    return tuple(sorted((past(*one) for one in runs), key=lambda one: (one.started_at, one.run)))


def past(number: int, began: datetime, report: Report) -> Past:
    """One run in numbers."""
    found = counted(report)
    tally = found.tally
    return Past(began, tally.labels, tally.severities, number, found.score)


def arrow(before: Score | None, after: Score) -> str:
    """`↑`, `↓` or `→` by the scores as they are shown; empty where there is nothing to compare."""
    then, now = before.percent if before else None, after.percent
    if then is None or now is None:
        return ""
    return "→" if then == now else "↑" if now > then else "↓"

"""Trend: how runs of the same site came out one after the other, as columns of a chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from auditor.history.trend import Past
from auditor.report import Label, Report, Severity, Tally

SHOWN = 24
"""Runs that a chart shows, the latest ones."""
STACKED = (Label.SPAM, Label.LOW_QUALITY, Label.CLEAN)
"""From the foot of a column upwards: what is bad stands on the ground, where heights compare."""


@dataclass(frozen=True, slots=True)
class Column:
    """One run of a trend, drawn."""

    date: str
    labels: Mapping[str, int]
    severities: Mapping[str, int]
    blocks: tuple[tuple[str, float, float], ...]
    """Label, top and height of each of its blocks, in per cent of the chart; the largest run is 100 high."""


def columns(trend: Sequence[Past], report: Report, tally: Tally) -> tuple[Column, ...]:
    """The past runs by date and then the report's own; nothing where there is nothing to compare it with."""
    if not trend:
        return ()
    past = sorted(trend, key=lambda run: run.started_at.timestamp())[1 - SHOWN :]
    runs = [*past, Past(report.started_at, tally.labels, tally.severities)]
    most = max(max(sum(run.labels.values()) for run in runs), 1)
    return tuple(_column(run, most) for run in runs)


def _column(run: Past, most: int) -> Column:
    blocks = []
    top = 100.0
    for label in STACKED:
        height = 100.0 * run.labels.get(label, 0) / most
        top -= height
        if height:
            blocks.append((label.value, round(top, 2), round(height, 2)))
    return Column(
        date=f"{run.started_at:%Y-%m-%d}",
        labels={label.value: run.labels.get(label, 0) for label in STACKED},
        severities={severity.value: run.severities.get(severity, 0) for severity in reversed(Severity)},
        blocks=tuple(blocks),
    )

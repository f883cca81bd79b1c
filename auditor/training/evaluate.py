"""Evaluation: the targets beside what was measured, and the recorded figures as floors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from auditor.training.train import Trained

SLACK = 0.01
"""By how much a share may fall below its record before the run fails: a change of library can move a tie."""

Target = tuple[str, str, tuple[str, ...], str]

TARGETS: tuple[Target, ...] = (
    ("planted links, worst hacked host left out: recall at 1 % of editorial links", "link", ("worst_host",), "≥ 0.60"),
    ("planted links, teampro", "link", ("hosts", "teampro", "recall"), "≥ 0.80"),
    ("planted links, lkredit", "link", ("hosts", "lkredit", "recall"), "≥ 0.80"),
    ("planted links, atsurgical", "link", ("hosts", "atsurgical", "recall"), "≥ 0.80"),
    ("planted links, accentuate", "link", ("hosts", "accentuate", "recall"), "≥ 0.80"),
    ("planted link ranked first on its page", "link", ("ranked_first",), "≥ 0.90"),
    ("spam posts, worst hacked host left out", "page/spam", ("worst_host",), "≥ 0.90"),
    ("spam posts, teampro", "page/spam", ("hosts", "teampro", "recall"), "≥ 0.90"),
    ("spam posts, lkredit", "page/spam", ("hosts", "lkredit", "recall"), "≥ 0.90"),
    ("spam posts, atsurgical", "page/spam", ("hosts", "atsurgical", "recall"), "≥ 0.90"),
    ("spam posts, accentuate", "page/spam", ("hosts", "accentuate", "recall"), "≥ 0.90"),
    (
        "honest posts of hacked hosts called spam, atsurgical",
        "page/spam",
        ("hosts", "atsurgical", "honest_flagged"),
        "≤ 0.02",
    ),
    ("clean pages called spam", "page/spam", ("clean_flagged",), "≤ 0.005"),
    ("clean pages called spam or low quality", "page/spam", ("clean_pages_not_clean",), "≤ 0.02"),
    ("related block of another subject: AUC", "related", ("auc",), "≥ 0.99"),
    ("related block of another subject: recall at 1 %", "related", ("recall",), "≥ 0.80"),
    ("related block of the same subject, another story: AUC", "related", ("same_subject", "auc"), "≥ 0.85"),
    ("calibration error, related", "related", ("calibration", "expected_error"), "≤ 0.02"),
    ("calibration error, link", "link", ("calibration", "expected_error"), "≤ 0.02"),
    ("calibration error, page", "page/spam", ("calibration", "expected_error"), "≤ 0.02"),
)

FAMILY_TARGETS = {"geo-service": 0.75, "product": 0.85, "vice": 0.90, "brand": 0.30, "on-topic": 0.30}


def _look(metrics: dict[str, Any], path: tuple[str, ...]) -> Any:
    for key in path:
        metrics = metrics[key]
    return metrics


def _rows(found: Trained) -> Iterator[tuple[str, str, str]]:
    by_name = {task.name: task.metrics for task in found.tasks}
    for title, model, path, target in TARGETS:
        yield title, _shown(_look(by_name[model], path)), target
    for name, value in sorted(found.families.items()):
        target = f"≥ {FAMILY_TARGETS[name]:.2f}" if name in FAMILY_TARGETS else ""
        yield f"injection family left out: {name}", _shown(value), target


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        low, high = value["interval"]
        return f"{value['value']} ({value['hits']} of {value['count']}; {low}–{high})"
    return str(value)


def table(found: Trained) -> str:
    """Every target beside its figure, as plain text; all figures on sites that the scoring model did not see."""
    rows = list(_rows(found))
    width = max(len(title) for title, _, _ in rows)
    return "\n".join(f"{title:<{width}}  {target:<8} {value}" for title, value, target in rows)


def compare(found: Trained, models: Path) -> list[str]:
    """Figures that fell below what `models/*/metrics.json` records by more than `SLACK`, a line each.

    Figures to be small (false alarms, calibration) are those whose target begins with ≤.
    """
    fallen = []
    by_name = {task.name: task.metrics for task in found.tasks}
    for title, model, path, target in TARGETS:
        file = models / model / "metrics.json"
        if not file.exists():
            fallen.append(f"{file} is missing; run `auditor train` first")
            continue
        before, now = (_number(_look(m, path)) for m in (json.loads(file.read_text(encoding="utf-8")), by_name[model]))
        worse = now - before if target.startswith("≤") else before - now
        if worse > SLACK:
            fallen.append(f"{title}: {now} now, {before} recorded")
    return fallen


def _number(value: Any) -> float:
    return float(value["value"] if isinstance(value, dict) else value)

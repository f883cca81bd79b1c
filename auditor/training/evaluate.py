"""Evaluation: the targets beside what was measured, and the figures that fell below the recorded floors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.errors import ConfigError
from auditor.training.floors import Fallen, Record, fallen, record

if TYPE_CHECKING:
    from auditor.training.train import Trained

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
    ("the flagged link taken out: the page's score falls", "page/spam", ("removal", "flagged"), "≥ 0.99"),
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


def _rows(found: Trained) -> Iterator[tuple[str, Any, str]]:
    by_name = {task.name: task.metrics for task in found.tasks}
    for title, model, path, target in TARGETS:
        yield title, _look(by_name[model], path), target
    for name, value in sorted(found.families.items()):
        target = f"≥ {FAMILY_TARGETS[name]:.2f}" if name in FAMILY_TARGETS else ""
        yield f"injection family left out: {name}", value, target


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        low, high = value["interval"]
        return f"{value['value']} ({value['hits']} of {value['count']}; {low}–{high})"
    return str(value)


def met(value: Any, target: str) -> str:
    """`met`, `missed`, or nothing where there is no target or no figure. A target is `≥ number` or `≤ number`."""
    number = value["value"] if isinstance(value, dict) else value
    sign, _, bound = target.partition(" ")
    if not target or number is None:
        return ""
    return "met" if (number >= float(bound) if sign == "≥" else number <= float(bound)) else "missed"


def table(found: Trained) -> str:
    """Every target beside its figure, as plain text; all figures on sites that the scoring model did not see."""
    rows = list(_rows(found))
    width = max(len(title) for title, _, _ in rows)
    return "\n".join(
        f"{title:<{width}}  {target:<8} {met(value, target):<7} {_shown(value)}".rstrip()
        for title, value, target in rows
    )


def records(
    models: Path, names: tuple[str, ...] = ("link", "related", "page/spam", "page/quality")
) -> dict[str, Record]:
    """Model → what its metrics file remembers.

    Raises:
        ConfigError: a file is missing, damaged or holds no floor: there is nothing to hold the figures to.
    """
    found: dict[str, Record] = {}
    for name in names:
        known = record(models, name)
        if known is None or not known.floors:
            lacks = "is missing" if known is None else "records no floors"
            raise ConfigError(f"{models / name / 'metrics.json'} {lacks}; run `auditor train` first")
        found[name] = known
    return found


def below(found: Trained, known: Mapping[str, Record]) -> list[Fallen]:
    """The figures below the recorded floors, in the order of the models; families only where they were measured."""
    unmeasured = "" if found.families else "left_out_families."
    return [
        figure
        for task in found.tasks
        if task.name in known
        for figure in fallen(task.name, task.metrics, known[task.name], unmeasured)
    ]


def notes(found: Trained, known: Mapping[str, Record]) -> list[str]:
    """Why figures may differ without being worse: another corpus or another seed than recorded. A line each."""
    corpora = sorted({r.corpus for r in known.values() if r.corpus} - {found.corpus})
    seeds = sorted({r.seed for r in known.values() if r.seed is not None} - {found.seed})
    said = [
        f"note: the pages differ from those recorded (corpus {found.corpus}, recorded {c}); figures may differ for that"
        for c in corpora
    ]
    return said + [f"note: seed {found.seed}, recorded {s}; figures may differ for that" for s in seeds]

"""Floors: values that a model's figures may not fall below again, kept in its metrics file apart from the figures.

A floor is set at the first training to the figure less a slack and rises when the figure does. It falls only on demand
(the habit of trafilatura's accuracy floors).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from auditor.errors import ConfigError

SLACK = 0.01
"""How far below a recall or an area its floor is set: a change of library can move a tie."""
SLACK_ALARMS = 0.002
"""How far above a false-alarm rate or an error its ceiling is set; those figures are small, and so is the room they get."""

LARGE: Mapping[str, tuple[str, ...]] = {
    "link": ("recall", "worst_host", "hosts.*.recall", "ranked_first", "left_out_families.*", "plain_text.recall.*"),
    "related": ("auc", "recall", "same_subject.auc"),
    "page/spam": (
        "worst_host",
        "hosts.*.recall",
        "removal.flagged",
        "audited.hosts.*.spam_posts_*",
        "audited.hosts.*.any_*",
    ),
    "page/quality": ("sondhi_auc", "farms.spoiled.recall"),
    "health/subject": ("other_left_alone", "advice_found", "advice_found_with_close_cases", "auc"),
    "health/advice": ("advice_found", "auc_against_related"),
    "health/quality": (
        "sondhi_auc*",
        "farms_auc*",
        "carried.sondhi_to_farms.auc",
        "carried.farms_to_sondhi.auc",
        "criteria.*.f1_weighted",
        "criteria.*.f1_macro",
        "bylines.articles.*_found",
        "claims.precision",
        "claims.recall",
    ),
}
"""Model → the figures that should be large, as patterns of paths."""
SMALL: Mapping[str, tuple[str, ...]] = {
    "link": ("editorial_flagged", "calibration.expected_error", "plain_text.clean_flagged"),
    "related": ("genuine_flagged", "calibration.expected_error"),
    "page/spam": (
        "clean_flagged",
        "clean_pages_not_clean",
        "hosts.*.honest_flagged",
        "calibration.expected_error",
        "audited.clean_*",
        "audited.honest_spam",
    ),
    "page/quality": ("clean_flagged", "calibration.expected_error"),
    "health/subject": ("calibration.expected_error",),
    "health/advice": ("other_called_advice", "calibration.expected_error"),
    "health/quality": ("good_flagged", "bylines.articles.author_wrong", "calibration.expected_error"),
}
"""Model → the figures that should be small; what is kept for them is a ceiling."""


@dataclass(frozen=True, slots=True)
class Record:
    """What a metrics file remembers of an earlier training; empty where there was none."""

    figures: Mapping[str, float] = field(default_factory=dict)
    floors: Mapping[str, float] = field(default_factory=dict)
    corpus: str = ""
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Fallen:
    """A figure on the wrong side of its floor."""

    model: str
    figure: str
    before: float | None
    """As recorded beside the floor; None where only the floor is."""
    now: float | None
    """None where it is no longer measured."""
    floor: float

    def __str__(self) -> str:
        now = "no longer measured" if self.now is None else f"{self.now:.4f} now"
        was = "" if self.before is None else f", {self.before:.4f} recorded"
        kind = "ceiling" if _small(self.model, self.figure) else "floor"
        return f"{self.model}: {self.figure} {now}{was}, {kind} {self.floor:.4f}"


def record(models: Path, model: str) -> Record | None:
    """What `models/<model>/metrics.json` remembers; None where there is no such file.

    Raises:
        ConfigError: the file is there and cannot be read; its floors must not be lost unseen.
    """
    path = models / model / "metrics.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        floors = {str(name): float(value) for name, value in found.get("floors", {}).items()}
        return Record(flat(found), floors, str(found.get("corpus", "")), found.get("seed"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise ConfigError(
            f"{path} is damaged ({type(error).__name__}); restore it or train into another --out"
        ) from None


def readable(models: Path) -> Path:
    """The folder itself, once it is sure that no floor in it will be lost. For a look before the work is done.

    Raises:
        ConfigError: a metrics file in it is damaged.
    """
    for model in LARGE:
        record(models, model)
    return models


def flat(metrics: Mapping[str, Any]) -> dict[str, float]:
    """Every figure by its path (`hosts.lkredit.recall`): numbers as they are, shares by their value, nothing else."""
    return dict(_walk("", {name: value for name, value in metrics.items() if name not in ("floors", "reliability")}))


def _walk(prefix: str, found: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    for name, value in sorted(found.items()):
        path = f"{prefix}{name}"
        if isinstance(value, Mapping):
            if "interval" not in value:
                yield from _walk(f"{path}.", value)
            elif value.get("value") is not None:
                yield path, float(value["value"])
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield path, float(value)


def _small(model: str, figure: str) -> bool:
    return any(fnmatchcase(figure, pattern) for pattern in SMALL.get(model, ()))


def _large(model: str, figure: str) -> bool:
    return any(fnmatchcase(figure, pattern) for pattern in LARGE.get(model, ()))


def fallen(model: str, metrics: Mapping[str, Any], known: Record, unmeasured: str = "") -> list[Fallen]:
    """The figures on the wrong side of their recorded floors, by path.

    Args:
        unmeasured: beginning of the paths that this run left out on purpose; empty for none.
    """
    now = flat(metrics)
    found = []
    for figure, floor in sorted(known.floors.items()):
        if unmeasured and figure.startswith(unmeasured):
            continue
        value = now.get(figure)
        if value is None or (value > floor if _small(model, figure) else value < floor):
            found.append(Fallen(model, figure, known.figures.get(figure), value, floor))
    return found


def raised(model: str, metrics: Mapping[str, Any], known: Record) -> dict[str, float]:
    """The floors to record with these figures: the stricter of the old one and the figure's own less slack.

    A floor that the figure does not hold is replaced, and one of a figure that is gone is dropped: ask `fallen` first.
    """
    floors = {}
    for figure, value in flat(metrics).items():
        old = known.floors.get(figure)
        if _small(model, figure):
            own = round(value + SLACK_ALARMS, 4)
            floors[figure] = own if old is None or value > old else min(old, own)
        elif _large(model, figure):
            own = round(max(value - SLACK, 0.0), 4)
            floors[figure] = own if old is None or value < old else max(old, own)
    return floors

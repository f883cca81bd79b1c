"""Criteria: does a text quantify benefits, explain harms, discuss costs as a reviewer would ask? A few weights for each.

Logistic regressions on log(1 + count) of sentences (`auditor.features.results`), made by `auditor.training.balance` on news releases
about medical studies. They speak of texts that report a study; of others they know little.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from auditor.errors import ModelError
from auditor.features.results import PHRASES
from auditor.language.location import models_folder
from auditor.model.verdict import Contribution, Verdict

FORMAT = 1
FILE = "health/balance.json"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion. Its log-odds are `bias` plus each weight times log(1 + count)."""

    name: str
    """costs, benefits or harms."""
    bias: float
    threshold: float
    """Log-odds above which it is called satisfactory."""
    weights: Mapping[str, float]

    def judge(self, counts: Mapping[str, float]) -> Verdict:
        """How likely a reviewer would be satisfied, with what each count adds."""
        parts = [
            Contribution(
                name, PHRASES[name], counts[name], weight * math.log1p(counts[name]), (weight > 0) - (weight < 0)
            )
            for name, weight in self.weights.items()
        ]
        odds = self.bias + sum(part.weight for part in parts)
        ordered = tuple(sorted(parts, key=lambda part: -abs(part.weight)))
        return Verdict(1.0 / (1.0 + math.exp(-odds)), odds, self.bias, ordered)

    def met(self, counts: Mapping[str, float]) -> bool:
        return self.judge(counts).log_odds > self.threshold


def read(path: Path) -> Mapping[str, Criterion]:
    """The criteria of one file, by name.

    Raises:
        ModelError: it is missing, damaged, of another format, or asks for a count that this version does not know.
    """
    try:
        declared = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        raise ModelError(
            f"no readable {path.name} in {path.parent}; reinstall the package or set AUDITOR_MODELS"
        ) from None
    if not isinstance(declared, dict) or declared.get("format") != FORMAT:
        raise ModelError(f"{path.name} is not of format {FORMAT}; install matching versions of code and models")
    try:
        found = {
            name: Criterion(
                name,
                float(one["bias"]),
                float(one["threshold"]),
                {feature: float(weight) for feature, weight in one["weights"].items()},
            )
            for name, one in declared["criteria"].items()
        }
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ModelError(f"{path.name} is damaged ({error!r}); reinstall the package or train again") from None
    if unknown := {feature for one in found.values() for feature in one.weights} - PHRASES.keys():
        raise ModelError(f"{path.name} asks for {', '.join(sorted(unknown))}, which this version does not count")
    return found


@cache
def load() -> Mapping[str, Criterion]:
    """The criteria of this installation, read once a process.

    Raises:
        ModelError: as `read`.
    """
    return read(models_folder() / FILE)

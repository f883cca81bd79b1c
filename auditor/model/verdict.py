"""Verdict: a model's answer, with contributions that add up to it exactly."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one feature adds to the log-odds."""

    feature: str
    phrase: str
    """The feature in words for people."""
    value: float
    """The feature's value; NaN where it could not be had."""
    weight: float
    """Its share of the log-odds; positive pushes towards the verdict."""
    sign: int = 0
    """The feature's direction: +1 more of it raises the odds, −1 less of it does, 0 either."""

    @property
    def words(self) -> str:
        """Phrase and value as a person reads them: "the anchor names a place and a trade: yes"."""
        value = self.value
        if math.isnan(value):
            return f"{self.phrase}: not known"
        if value == 0:
            return f"{self.phrase}: no" if self.sign else f"{self.phrase}: 0"
        if value == 1 and self.sign > 0:
            return f"{self.phrase}: yes"
        return f"{self.phrase}: {value:.2g}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`log_odds == bias + sum(weights)` within 1e-9; `probability` is its logistic."""

    probability: float
    log_odds: float
    bias: float
    contributions: tuple[Contribution, ...]
    """Every feature, largest absolute weight first."""

    def reasons(self, count: int = 3) -> tuple[Contribution, ...]:
        """The features that push hardest towards the verdict; those without a direction explain little to people and are left out."""
        return tuple(c for c in self.contributions if c.weight > 0 and c.sign)[:count]

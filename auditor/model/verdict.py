"""Verdict: a model's answer, with contributions that add up to it exactly."""

from __future__ import annotations

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


@dataclass(frozen=True, slots=True)
class Verdict:
    """`log_odds == bias + sum(weights)` within 1e-9; `probability` is its logistic."""

    probability: float
    log_odds: float
    bias: float
    contributions: tuple[Contribution, ...]
    """Every feature, largest absolute weight first."""

    def reasons(self, count: int = 3) -> tuple[Contribution, ...]:
        """The features that push hardest towards the verdict."""
        return tuple(c for c in self.contributions if c.weight > 0)[:count]

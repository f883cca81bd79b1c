"""Verdict: a model's answer, with contributions that add up to it exactly."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, overload


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


class Shares(Sequence[Contribution]):
    """The contributions of one verdict, largest absolute weight first; made when they are first looked at.

    Most verdicts say that a link is ordinary, and nobody asks them why.
    """

    __slots__ = ("_made", "_parts")

    def __init__(
        self,
        features: Sequence[str],
        phrases: Sequence[str],
        signs: Sequence[int],
        values: Sequence[float],
        weights: Sequence[float],
    ) -> None:
        self._parts = (features, phrases, values, weights, signs)
        self._made: tuple[Contribution, ...] | None = None

    @property
    def table(self) -> tuple[Sequence[str], Sequence[str], Sequence[int]]:
        """Features, phrases and signs: what is the same for all verdicts of a model, and for no two models."""
        return self._parts[0], self._parts[1], self._parts[4]

    @property
    def values(self) -> Sequence[float]:
        """In the features' order."""
        return self._parts[2]

    @property
    def weights(self) -> Sequence[float]:
        """In the features' order."""
        return self._parts[3]

    def order(self) -> list[int]:
        """Numbers of the features, largest absolute weight first; ties in the features' order."""
        weights = self._parts[3]
        return sorted(range(len(weights)), key=lambda number: -abs(weights[number]))

    def _all(self) -> tuple[Contribution, ...]:
        if self._made is None:
            made = [Contribution(*part) for part in zip(*self._parts, strict=True)]
            self._made = tuple(made[number] for number in self.order())
        return self._made

    @overload
    def __getitem__(self, index: int) -> Contribution: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Contribution, ...]: ...
    def __getitem__(self, index: int | slice) -> Contribution | tuple[Contribution, ...]:
        return self._all()[index]

    def __len__(self) -> int:
        return len(self._parts[0])

    def __eq__(self, other: object) -> bool:
        return self._all() == tuple(other) if isinstance(other, Shares | tuple) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._all())

    def __repr__(self) -> str:
        return repr(self._all())


@dataclass(frozen=True, slots=True)
class Verdict:
    """`log_odds == bias + sum(weights)` within 1e-9; `probability` is its logistic."""

    probability: float
    log_odds: float
    bias: float
    contributions: Sequence[Contribution]
    """Every feature, largest absolute weight first."""

    def reasons(self, count: int = 3) -> tuple[Contribution, ...]:
        """The features that push hardest towards the verdict; those without a direction, or whose value is not known, explain little to
        people and are left out."""
        return tuple(c for c in self.contributions if c.weight > 0 and c.sign and not math.isnan(c.value))[:count]

    def plain(self) -> dict[str, Any]:
        """The verdict as reports for programs have it."""
        return {
            "probability": self.probability,
            "log_odds": self.log_odds,
            "bias": self.bias,
            "contributions": [
                {"feature": c.feature, "phrase": c.phrase, "value": c.value, "weight": c.weight}
                for c in self.contributions
            ],
        }

"""Reliability: what a model predicts beside what is so, and from which probability on a verdict deserves a confidence.

All from log-odds of rows whose site the scoring model did not see. Precision depends on how common the thing is, so every
band is given for a stated prevalence: `prevalence · found / (prevalence · found + (1 − prevalence) · false alarms)`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.isotonic import IsotonicRegression

from auditor.model.additive import logistic
from auditor.training.figures import Floats, calibration_error, probability
from auditor.training.fit import Rows, generated

BANDS = (("high", 0.95), ("medium", 0.80), ("low", 0.50))
"""Confidence and how likely every verdict of the band has to be right, from the surest down."""
PREVALENCES = (0.5, 0.1, 0.01)
BINS = 15
MINIMUM_ROWS = 20
"""Below this a band is an accident."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Out-of-fold log-odds with their labels, weights and folds, one entry a row."""

    odds: Floats
    label: NDArray[np.int64]
    weight: Floats
    fold: NDArray[np.int64]

    def take(self, mask: NDArray[np.bool_]) -> Scores:
        return Scores(self.odds[mask], self.label[mask], self.weight[mask], self.fold[mask])


def describe(rows: Rows, weight: Floats, odds: Floats, folds: NDArray[np.int64]) -> dict[str, Any]:
    """Curve and bands of one model, as its metrics file holds them. The curve is over all rows, weighted as in training; the bands
    are taken on real rows, or on generated ones of a class that has no real ones."""
    scores = Scores(odds, rows.label, weight, folds)
    real = scores.take(_real(rows))
    return {
        "curve": curve(scores),
        "expected_error": round(calibration_error(probability(odds), rows.label, scores.weight, BINS), 4),
        "bands": {f"{prevalence:g}": bands(real, prevalence) for prevalence in PREVALENCES},
    }


def _real(rows: Rows) -> NDArray[np.bool_]:
    """Per class the rows that say most: real ones, else generated ones of the unseen half, else whatever there is."""
    made = generated(rows)
    chosen = np.zeros(len(rows), dtype=bool)
    for label in (0, 1):
        own = rows.label == label
        chosen |= next((mask for mask in (own & ~made, own & ~rows.train) if mask.any()), own)
    return chosen


def curve(scores: Scores) -> list[dict[str, Any]]:
    """Mean prediction, weighted share of positives and number of rows of each equal-width bin that holds any."""
    likely = probability(scores.odds)
    cell = np.minimum((likely * BINS).astype(int), BINS - 1)
    found = []
    for index in range(BINS):
        here = cell == index
        mass = float(scores.weight[here].sum())
        if mass > 0:
            found.append(
                {
                    "predicted": round(float(likely[here] @ scores.weight[here]) / mass, 4),
                    "observed": round(float(scores.label[here] @ scores.weight[here]) / mass, 4),
                    "count": int(here.sum()),
                }
            )
    return found


def thresholds(scores: Scores, prevalence: float) -> list[float | None]:
    """Log-odds from which each of `BANDS` holds: the lowest at which a verdict is still likely enough to be right, by isotonic
    regression at this prevalence (Zadrozny and Elkan 2002). Not the mean of all that lies above: that would let the surest verdicts
    vouch for the least sure. None for a band that is not reached, by no more rows than the band above, or by too few.
    """
    weight = np.zeros(len(scores.odds))
    for side, part in ((0, 1.0 - prevalence), (1, prevalence)):
        here = scores.label == side
        if not scores.weight[here].sum() > 0:
            return [None] * len(BANDS)
        weight[here] = scores.weight[here] / scores.weight[here].sum() * part
    likely = IsotonicRegression().fit(scores.odds, scores.label, sample_weight=weight).predict(scores.odds)
    cuts: list[float | None] = []
    above = 0
    for _, wanted in BANDS:
        reached = likely >= wanted
        count = int(reached.sum())
        enough = count >= MINIMUM_ROWS and count > above
        cuts.append(float(scores.odds[reached].min()) if enough else None)
        above = max(above, count if enough else 0)
    return cuts


def within(odds: Floats, cuts: Sequence[float | None]) -> NDArray[np.int64]:
    """Index of the band that each of these log-odds falls in; −1 below all of them."""
    band = np.full(len(odds), -1)
    for index in range(len(cuts) - 1, -1, -1):
        cut = cuts[index]
        if cut is not None:
            band[odds >= cut] = index
    return band


def bands(scores: Scores, prevalence: float) -> dict[str, Any]:
    """Each band's threshold, and what it is worth on folds that the threshold was not chosen on.

    `precision` and `recall` are shares at this prevalence, `right` and `wrong` counts of rows; None where nothing fell in.
    """
    held = np.full(len(scores.odds), -1)
    for fold in np.unique(scores.fold):
        test = scores.fold == fold
        held[test] = within(scores.odds[test], thresholds(scores.take(~test), prevalence))
    sides = [scores.weight * (scores.label == side) for side in (0, 1)]
    totals = [float(side.sum()) for side in sides]
    found = {}
    for index, ((name, _), cut) in enumerate(zip(BANDS, thresholds(scores, prevalence), strict=True)):
        here = held == index
        alarms, hits = (
            float(side[here].sum()) / total if total else 0.0 for side, total in zip(sides, totals, strict=True)
        )
        mass = prevalence * hits + (1.0 - prevalence) * alarms
        found[name] = {
            "threshold": None if cut is None else round(logistic(cut), 4),
            "precision": round(prevalence * hits / mass, 4) if mass > 0 else None,
            "recall": round(hits, 4),
            "right": int((here & (scores.label == 1)).sum()),
            "wrong": int((here & (scores.label == 0)).sum()),
        }
    return found

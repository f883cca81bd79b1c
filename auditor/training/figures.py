"""Figures: shares with their counts and intervals, thresholds, areas and errors, in plain arithmetic without scikit-learn."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def wilson(hits: int, count: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927); (0, 1) without any trial."""
    if count == 0:
        return 0.0, 1.0
    z, share = 1.959964, hits / count
    centre = share + z * z / (2 * count)
    half = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return max(0.0, (centre - half) / (1 + z * z / count)), min(1.0, (centre + half) / (1 + z * z / count))


def share(hits: NDArray[np.bool_]) -> dict[str, Any]:
    """A share with its count and interval, as metrics files hold it."""
    return counted(int(hits.sum()), len(hits))


def counted(hits: int, count: int) -> dict[str, Any]:
    """The same from the two counts; the value is None without any trial."""
    low, high = wilson(hits, count)
    return {
        "value": round(hits / count, 4) if count else None,
        "hits": hits,
        "count": count,
        "interval": [round(low, 4), round(high, 4)],
    }


def probability(odds: Floats) -> Floats:
    """Of log-odds, without overflow."""
    found: Floats = 1.0 / (1.0 + np.exp(-np.clip(odds, -700.0, 700.0)))
    return found


def threshold_at(negatives: Floats, rate: float) -> float:
    """Log-odds above which at most `rate` of the negatives lie."""
    ordered = np.sort(negatives)[::-1]
    allowed = int(rate * len(ordered))
    return float(ordered[allowed]) if allowed < len(ordered) else float("-inf")


def auc(positives: Floats, negatives: Floats) -> float:
    """Area under the ROC curve by ranks (Mann and Whitney 1947), ties counted as half; NaN without either class."""
    if not len(positives) or not len(negatives):
        return float("nan")
    ordered = np.sort(negatives)
    below = np.searchsorted(ordered, positives, side="left").sum()
    upto = np.searchsorted(ordered, positives, side="right").sum()
    return float(below + upto) / (2.0 * len(positives) * len(negatives))


def calibration_error(probability: Floats, label: NDArray[np.int64], weight: Floats, bins: int = 15) -> float:
    """Expected calibration error over equal-width bins, weighted."""
    cell = np.minimum((probability * bins).astype(int), bins - 1)
    error = 0.0
    for index in range(bins):
        mask = cell == index
        mass = weight[mask].sum()
        if mass > 0:
            error += abs(float((probability[mask] - label[mask]) @ weight[mask]))
    return error / float(weight.sum())

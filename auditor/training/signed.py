"""Signed: logistic regressions of few features whose weights keep the sign they were given, for small tables.

On some hundred rows of one source, a sign that is known beforehand spares what no fold could teach.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from auditor.training.figures import Floats, auc

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

INNER = 5
"""Parts of an inner split."""
_PENALTIES = (0.1, 0.3, 1.0)


def fit(features: Floats, label: Ints, signs: Ints, penalty: float) -> tuple[float, Floats]:
    """Bias and weights of a logistic regression whose weights keep their sign, both classes weighing the same.

    Args:
        features: shape (rows, features).
        penalty: of the squared weights, features at unit variance.
    """
    mean, spread = features.mean(0), features.std(0) + 1e-9
    scaled = (features - mean) / spread
    share = label.mean()
    weight = np.where(label == 1, 0.5 / max(share, 1e-9), 0.5 / max(1 - share, 1e-9)) / len(label)

    def loss(point: Floats) -> tuple[float, Floats]:
        odds = scaled @ point[1:] + point[0]
        error = weight * (1.0 / (1.0 + np.exp(-odds)) - label)
        slope = np.r_[error.sum(), scaled.T @ error + penalty * point[1:]]
        return float(weight @ (np.logaddexp(0, odds) - label * odds) + penalty * (point[1:] ** 2).sum() / 2), slope

    bounds = [(None, None), *(((0, None) if sign > 0 else (None, 0)) for sign in signs)]
    best = minimize(loss, np.zeros(features.shape[1] + 1), jac=True, method="L-BFGS-B", bounds=bounds).x
    weights = best[1:] / spread
    return float(best[0] - weights @ mean), weights


def macro(label: Ints, called: Mask) -> float:
    return float(np.mean([f1(label == 1, called), f1(label == 0, ~called)]))


def f1(true: Mask, called: Mask) -> float:
    hits = int((true & called).sum())
    return 2 * hits / max(1, int(true.sum()) + int(called.sum()))


def threshold(label: Ints, odds: Floats) -> float:
    """Log-odds of the best macro-F1, smoothed over neighbouring ones."""
    cuts = np.unique(np.quantile(odds, np.linspace(0.3, 0.99, 60)))
    found = np.array([macro(label, odds > cut) for cut in cuts])
    width = min(5, len(cuts))
    smooth = np.convolve(np.pad(found, width // 2, mode="edge"), np.ones(width) / width, "valid")
    return float(cuts[int(smooth.argmax())])


def crossed(parts: Ints, score: Callable[[Mask], Floats]) -> Floats:
    """Cross-fitted log-odds within training rows, the mean over the splits; `score` fits on a mask and scores every row.

    Args:
        parts: shape (splits, rows), the part of each row in each split.
    """
    odds = np.zeros(parts.shape[1])
    for split in parts:
        for part in range(INNER):
            odds[split == part] += score(split != part)[split == part] / len(parts)
    return odds


def chosen(features: Floats, label: Ints, parts: Ints, signs: Ints) -> tuple[float, Floats, float]:
    """Bias, weights and threshold, penalty and threshold chosen by cross-fitting within the rows given."""

    def cross(penalty: float) -> Floats:
        def score(mask: Mask) -> Floats:
            bias, weights = fit(features[mask], label[mask], signs, penalty)
            return np.asarray(features @ weights + bias)

        return crossed(parts, score)

    tried = {penalty: cross(penalty) for penalty in _PENALTIES}
    best = max(tried, key=lambda penalty: auc(tried[penalty][label == 1], tried[penalty][label == 0]))
    bias, weights = fit(features, label, signs, best)
    return bias, weights, threshold(label, tried[best])

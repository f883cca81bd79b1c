"""Fitting: boosted trees that export exactly, cross-fitted by site and calibrated."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from auditor.training.figures import Floats

FOLDS = 5


@dataclass(frozen=True, slots=True)
class Rows:
    """A training table. `group` is the site: rows of one site never stand on both sides of a split."""

    features: Floats
    """Shape (rows, features)."""
    label: NDArray[np.int64]
    group: NDArray[np.str_]
    source: NDArray[np.str_]
    """Where the row came from: a set's name, or `family:<name>` for planted ones."""
    train: NDArray[np.bool_]
    """False for rows that only ever measure (the other half of the generator's vocabulary)."""
    page: NDArray[np.int64]
    """Number of the page that the row is of, for figures by page."""
    weight: Floats
    note: NDArray[np.str_]
    """What a person needs to judge a row by eye."""

    def take(self, mask: NDArray[np.bool_]) -> Rows:
        return Rows(*(getattr(self, name)[mask] for name in self.__slots__))

    def __len__(self) -> int:
        return len(self.label)


def fold_of(group: str, fixed: dict[str, int]) -> int:
    """The fold of a site: fixed for the hacked hosts, so that each is left out in turn; by hash for the others."""
    return fixed.get(group, int(hashlib.sha256(group.encode()).hexdigest()[:8], 16) % FOLDS)


HONEST_MADE = 0.15
"""Share of the honest rows' weight that goes to what a generator made. Those are all hard cases: more of it cost recall on hacked hosts."""
PLANTED_MADE = 0.6
"""The same of the planted rows: a generator stands for far more hosts than the real ones are."""


def balanced(rows: Rows, planted: float = PLANTED_MADE) -> Rows:
    """Weights so that no site, no set and no generator drowns the others.

    Both classes weigh the same; within a class what a generator made has a given share; within those each set counts by the square
    root of its rows, and within a set each site by the square root of its own.

    Args:
        planted: share of what a generator made of the rows of class 1.
    """
    weight = np.zeros(len(rows))
    made = generated(rows)
    for label, part in ((0, HONEST_MADE), (1, planted)):
        kinds = [
            (mask, share)
            for mask, share in (((rows.label == label) & made, part), ((rows.label == label) & ~made, 1 - part))
            if mask.any()
        ]
        whole = sum(share for _, share in kinds)
        for mask, share in kinds:
            inner = _by_group(rows.source[mask], rows.group[mask])
            weight[mask] = inner / inner.sum() * len(rows) / 2 * share / whole
    return replace(rows, weight=weight)


def generated(rows: Rows) -> NDArray[np.bool_]:
    """Which rows a generator made."""
    source = rows.source.astype(str)
    made: NDArray[np.bool_] = np.isin(source, ["spoiled"])
    for start in ("family:", "honest:", "swapped"):
        made |= np.char.startswith(source, start)
    return made


def _by_group(source: NDArray[np.str_], group: NDArray[np.str_]) -> Floats:
    weight = np.zeros(len(source))
    for name in np.unique(source):
        here = source == name
        _, inverse, counts = np.unique(group[here], return_inverse=True, return_counts=True)
        inner = 1.0 / np.sqrt(counts[inverse])
        weight[here] = inner / inner.sum() * np.sqrt(here.sum())
    return weight


def boosted(signs: Sequence[int], seed: int, **options: Any) -> HistGradientBoostingClassifier:
    """Histogram gradient boosting that exports exactly: pairwise interactions, monotone where a feature has a direction."""
    settings: dict[str, Any] = {
        "learning_rate": 0.07,
        "max_iter": 220,
        "max_leaf_nodes": 7,
        "min_samples_leaf": 40,
        "l2_regularization": 5.0,
        "max_bins": 48,
        "interaction_cst": "pairwise",
        "early_stopping": False,
    }
    return HistGradientBoostingClassifier(monotonic_cst=list(signs), random_state=seed, **(settings | options))


def fit(
    rows: Rows, signs: Sequence[int], seed: int, planted: float = PLANTED_MADE, **options: Any
) -> HistGradientBoostingClassifier:
    """Fit on the training rows with balanced weights; `options` are the trees'."""
    used = balanced(rows.take(rows.train), planted)
    model = boosted(signs, seed, **options)
    known = ~np.isnan(used.features).all(
        axis=0
    )  # scikit-learn cannot bin a column without a value; no tree asks about zeros
    model.fit(np.where(known, used.features, 0.0), used.label, sample_weight=used.weight)
    return model


def cross_fit(
    rows: Rows,
    folds: NDArray[np.int64],
    signs: Sequence[int],
    seed: int,
    keep: Callable[[Rows], NDArray[np.bool_]] | None = None,
    only: Sequence[int] = tuple(range(FOLDS)),
    **options: Any,
) -> Floats:
    """Out-of-fold log-odds of every row: each is scored by a model that saw no page of its site. NaN in folds not asked for.

    Args:
        keep: rows of the training part to learn from, for leaving families out.
    """
    odds = np.full(len(rows), np.nan)
    for fold in only:
        test = folds == fold
        if not test.any():
            continue
        part = rows.take(~test)
        if keep is not None:
            part = part.take(keep(part))
        odds[test] = fit(part, signs, seed, **options).decision_function(rows.features[test])
    return odds


def platt(odds: Floats, label: NDArray[np.int64], weight: Floats) -> tuple[float, float]:
    """(scale, shift) of a logistic calibration of out-of-fold log-odds (Platt 1999)."""
    model = LogisticRegression(C=1e6).fit(odds[:, None], label, sample_weight=weight)
    return float(model.coef_[0, 0]), float(model.intercept_[0])

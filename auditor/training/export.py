"""A fitted histogram gradient boosting model made into step tables, exactly.

With `interaction_cst="pairwise"` every path from a tree's root to a leaf asks about at most two features, so each leaf is a box
in one or two dimensions and the sum of all trees is a sum of one- and two-dimensional tables.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from auditor.model.additive import Additive, Table

# What one leaf asks of one feature: lower < value <= upper, and whether NaN comes here too.
Span = tuple[float, float, bool]
Box = tuple[dict[int, Span], float]


def boxes(model: HistGradientBoostingClassifier) -> list[Box]:
    """Every leaf of every tree as the spans it asks for and the value it adds to the log-odds."""
    found: list[Box] = []
    for stage in model._predictors:
        for tree in stage:
            nodes = tree.nodes
            stack: list[tuple[int, dict[int, Span]]] = [(0, {})]
            while stack:
                index, spans = stack.pop()
                node = nodes[index]
                if node["is_leaf"]:
                    found.append((spans, float(node["value"])))
                    continue
                feature = int(node["feature_idx"])
                cut = float(node["num_threshold"])
                low, high, missing = spans.get(feature, (-math.inf, math.inf, True))
                to_left = bool(node["missing_go_to_left"])
                stack.append((int(node["left"]), {**spans, feature: (low, min(high, cut), missing and to_left)}))
                stack.append((int(node["right"]), {**spans, feature: (max(low, cut), high, missing and not to_left)}))
    return found


def _accumulate(found: Sequence[Box]) -> tuple[float, dict[tuple[int, ...], Table]]:
    """Sum the boxes by the features they ask about: (constant, tables)."""
    constant = 0.0
    grouped: dict[tuple[int, ...], list[Box]] = {}
    for spans, value in found:
        key = tuple(sorted(spans))
        if not key:
            constant += value
        elif len(key) > 2:
            raise ValueError(f"a leaf asks about {len(key)} features; train with interaction_cst='pairwise'")
        else:
            grouped.setdefault(key, []).append((spans, value))
    tables = {}
    for key, members in sorted(grouped.items()):
        edges = [
            sorted({cut for spans, _ in members for cut in spans[feature][:2] if math.isfinite(cut)}) for feature in key
        ]
        values = np.zeros(tuple(len(cuts) + 2 for cuts in edges))
        for spans, value in members:
            masks = [_bins(spans[feature], cuts) for feature, cuts in zip(key, edges, strict=True)]
            values[np.ix_(*masks)] += value
        tables[key] = Table(key, tuple(tuple(cuts) for cuts in edges), values)
    return constant, tables


def _bins(span: Span, cuts: list[float]) -> NDArray[np.bool_]:
    low, high, missing = span
    lower = np.array([-math.inf, *cuts])
    upper = np.array([*cuts, math.inf])
    return np.append((lower >= low) & (upper <= high), missing)


def _purify(
    constant: float, tables: Mapping[tuple[int, ...], Table], rows: NDArray[np.float64]
) -> tuple[float, list[Table]]:
    """Move what a pair says about one feature alone into that feature's own table, and every table's mean into the constant.

    The sum does not change; the contributions become readable (Lengerich et al. 2020, purifying interaction effects). The weights
    are the training rows' counts a cell.
    """
    mains: dict[int, list[Table]] = {}
    pairs: list[Table] = []
    for key, table in tables.items():
        if len(key) == 1:
            mains.setdefault(key[0], []).append(table)
            continue
        left, right = (_digitise(rows[:, f], cuts) for f, cuts in zip(key, table.edges, strict=True))
        values = table.values.copy()
        weight = np.full(values.shape, 1e-3)
        np.add.at(weight, (left, right), 1.0)
        for axis in (0, 1):
            mean = (values * weight).sum(axis=1 - axis) / weight.sum(axis=1 - axis)
            values -= mean[:, None] if axis == 0 else mean[None, :]
            mains.setdefault(key[axis], []).append(Table((key[axis],), (table.edges[axis],), mean))
        pairs.append(Table(key, table.edges, values))
    merged = []
    for feature, parts in sorted(mains.items()):
        cuts = sorted({cut for part in parts for cut in part.edges[0]})
        values = np.zeros(len(cuts) + 2)
        for part in parts:
            own = np.searchsorted(np.array(part.edges[0]), np.append(cuts, math.inf), side="left")
            values += part.values[np.append(own, len(part.edges[0]) + 1)]
        mean = float(values[_digitise(rows[:, feature], tuple(cuts))].mean())
        constant += mean
        merged.append(Table((feature,), (tuple(cuts),), values - mean))
    return constant, merged + pairs


def _digitise(column: NDArray[np.float64], cuts: Sequence[float]) -> NDArray[np.int64]:
    found = np.searchsorted(np.array(cuts, dtype=np.float64), column, side="left")
    return np.where(np.isnan(column), len(cuts) + 1, found).astype(np.int64)


def export(
    model: HistGradientBoostingClassifier,
    rows: NDArray[np.float64],
    *,
    name: str,
    version: str,
    features: Sequence[str],
    phrases: Sequence[str],
    signs: Sequence[int],
    thresholds: Mapping[str, float],
    scale: float = 1.0,
    shift: float = 0.0,
) -> Additive:
    """The fitted model as an additive one: `scale * decision_function + shift`, within 1e-9.

    Args:
        rows: training rows, shape (rows, features), for the weights of the purification.
        scale: slope of the calibration (Platt), applied to the raw log-odds.
        shift: its intercept.

    Raises:
        ValueError: the model was not trained with pairwise interactions or fewer.
    """
    constant, tables = _accumulate(boxes(model))
    constant += float(np.asarray(model._baseline_prediction).ravel()[0])
    constant, pure = _purify(constant, tables, rows)
    scaled = [Table(table.features, table.edges, table.values * scale) for table in pure]
    return Additive.build(name, version, features, phrases, signs, constant * scale + shift, scaled, thresholds)

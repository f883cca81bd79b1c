"""The additive scorer: step tables over one or two features each, whose sum is the log-odds.

A model file is JSON that a person can read and a diff can show. Nothing in it is executed. A table over one feature
("main") has one value a bin; a table over two ("pair") one value a cell. Bin 0 … n hold the values between the edges
(`value <= edge` falls left of it, as in scikit-learn's histogram trees); the last bin of each axis is for NaN.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditor.errors import ModelError
from auditor.language.location import models_folder
from auditor.model.verdict import Shares, Verdict

FORMAT = 1
ROWS_AT_ONCE = 256
"""Rows whose bins are looked for together; bounds the memory of a whole training table."""


@dataclass(frozen=True, slots=True)
class Table:
    """Values over the bins of one or two features; `values` has one more bin per axis than edges + 1, for NaN."""

    features: tuple[int, ...]
    edges: tuple[tuple[float, ...], ...]
    values: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Additive:
    """A fitted model. `thresholds` are probabilities measured on sites that training did not see (see its card)."""

    name: str
    version: str
    features: tuple[str, ...]
    phrases: tuple[str, ...]
    signs: tuple[int, ...]
    bias: float
    tables: tuple[Table, ...]
    thresholds: Mapping[str, float]
    # The same tables on each feature's common bins, flattened, so that a whole page is one look-up:
    # value = _flat[_offset + bin of _first * _step + (bin of _second in pairs)].
    _cuts: NDArray[np.float64]
    """Cuts of each feature, shape (most cuts, 1, features), filled up with infinity."""
    _missing: NDArray[np.int64]
    """The bin of NaN, a feature."""
    _flat: NDArray[np.float64]
    _offset: NDArray[np.int64]
    _first: NDArray[np.int64]
    _second: NDArray[np.int64]
    _step: NDArray[np.int64]
    _pair: NDArray[np.int64]
    """1 for tables over two features, 0 for those over one."""
    _half: NDArray[np.float64]
    """Share of a table's value that each of its features gets: a half in pairs."""
    _sources: NDArray[np.int64]
    """The tables of the first feature that has any, in their order, then those of the second …"""
    _starts: NDArray[np.int64]
    """Where in `_sources` each of those features begins."""
    _spoken: NDArray[np.int64]
    """Those features."""

    @classmethod
    def build(
        cls,
        name: str,
        version: str,
        features: Sequence[str],
        phrases: Sequence[str],
        signs: Sequence[int],
        bias: float,
        tables: Sequence[Table],
        thresholds: Mapping[str, float],
    ) -> Additive:
        """Lay the tables out for scoring. Raises ModelError where a table does not fit its features or edges."""
        count = len(features)
        edges: list[set[float]] = [set() for _ in range(count)]
        for table in tables:
            _fits(name, table, count)
            for feature, cuts in zip(table.features, table.edges, strict=True):
                edges[feature].update(cuts)
        grid = tuple(np.array(sorted(cuts), dtype=np.float64) for cuts in edges)
        flat, offset, first, second, step = [], [], [], [], []
        total = 0
        for table in tables:
            spread = table.values
            for axis, (feature, cuts) in enumerate(zip(table.features, table.edges, strict=True)):
                own = np.searchsorted(np.array(cuts), np.append(grid[feature], math.inf), side="left")
                spread = np.take(spread, np.append(own, len(cuts) + 1), axis=axis)
            offset.append(total)
            first.append(table.features[0])
            second.append(table.features[-1])
            step.append(spread.shape[1] if spread.ndim == 2 else 1)
            flat.append(spread.ravel())
            total += spread.size
        padded = np.full((count, max((len(cuts) for cuts in grid), default=0)), math.inf)
        for row, own_cuts in zip(padded, grid, strict=True):
            row[: len(own_cuts)] = own_cuts
        shares = sorted((feature, i) for i, table in enumerate(tables) for feature in table.features)
        spoken, starts = np.unique(np.array([feature for feature, _ in shares], dtype=np.int64), return_index=True)
        pair = np.array([len(table.features) == 2 for table in tables], dtype=np.int64)
        return cls(
            name=name,
            version=version,
            features=tuple(features),
            phrases=tuple(phrases),
            signs=tuple(signs),
            bias=bias,
            tables=tuple(tables),
            thresholds=dict(thresholds),
            _cuts=np.ascontiguousarray(padded.T)[:, None, :],
            _missing=np.array([len(cuts) + 1 for cuts in grid], dtype=np.int64),
            _flat=np.concatenate(flat) if flat else np.zeros(0),
            _offset=np.array(offset, dtype=np.int64),
            _first=np.array(first, dtype=np.int64),
            _second=np.array(second, dtype=np.int64),
            _step=np.array(step, dtype=np.int64),
            _pair=pair,
            _half=np.where(pair == 1, 0.5, 1.0),
            _sources=np.array([i for _, i in shares], dtype=np.int64),
            _starts=starts,
            _spoken=spoken,
        )

    def terms(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Each table's value for each row, shape (rows, tables)."""
        bins = np.empty(rows.shape, dtype=np.int64)
        for start in range(0, len(rows), ROWS_AT_ONCE):
            part = rows[start : start + ROWS_AT_ONCE]
            # As searchsorted, for all features in one go: how many cuts lie below each value.
            found = np.add.reduce(part > self._cuts, axis=0, dtype=np.uint16)
            bins[start : start + ROWS_AT_ONCE] = np.where(np.isnan(part), self._missing, found)
        index = self._offset + bins[:, self._first] * self._step + bins[:, self._second] * self._pair
        terms: NDArray[np.float64] = self._flat[index]
        return terms

    def log_odds(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Log-odds of each row, shape (rows,)."""
        total: NDArray[np.float64] = self.bias + self.terms(rows).sum(axis=1)
        return total

    def contributions(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """What each feature adds, shape (rows, features); a pair's value is shared by its two features."""
        found = np.zeros((len(rows), len(self.features)))
        if len(self._starts):
            halves = np.take(self.terms(rows) * self._half, self._sources, axis=1)
            found[:, self._spoken] = np.add.reduceat(halves, self._starts, axis=1)
        return found

    def verdicts(
        self, rows: NDArray[np.float64], contributions: NDArray[np.float64] | None = None
    ) -> tuple[Verdict, ...]:
        """A verdict a row, with every feature's contribution, largest first.

        Args:
            contributions: of these rows, where they are known.
        """
        if not len(rows):
            return ()
        shared = self.contributions(rows) if contributions is None else contributions
        made = []
        for values, weights in zip(rows.tolist(), shared.tolist(), strict=True):
            odds = self.bias + math.fsum(weights)
            shares = Shares(self.features, self.phrases, self.signs, values, weights)
            made.append(Verdict(logistic(odds), odds, self.bias, shares))
        return tuple(made)

    def dump(self) -> str:
        """The model file's text; equal models give equal bytes."""
        return (
            json.dumps(
                {
                    "format": FORMAT,
                    "name": self.name,
                    "version": self.version,
                    "features": [
                        {"name": n, "phrase": p, "sign": s}
                        for n, p, s in zip(self.features, self.phrases, self.signs, strict=True)
                    ],
                    "bias": self.bias,
                    "thresholds": dict(sorted(self.thresholds.items())),
                    "tables": [
                        {
                            "features": [self.features[i] for i in table.features],
                            "edges": [list(cuts) for cuts in table.edges],
                            "values": table.values.tolist(),
                        }
                        for table in self.tables
                    ],
                },
                indent=None,
                separators=(",", ":"),
            ).replace('{"features":[', '\n{"features":[')
            + "\n"
        )


def logistic(odds: float) -> float:
    """Probability of log-odds, without overflow."""
    if odds >= 0:
        return 1.0 / (1.0 + math.exp(-odds))
    grown = math.exp(odds)
    return grown / (1.0 + grown)


def logit(probability: float) -> float:
    """Log-odds of a probability above 0 and below 1."""
    return math.log(probability / (1.0 - probability))


def _fits(name: str, table: Table, count: int) -> None:
    shape = tuple(len(cuts) + 2 for cuts in table.edges)
    good = (
        len(table.features) in (1, 2)
        and len(table.features) == len(table.edges)
        and all(0 <= f < count for f in table.features)
        and table.values.shape == shape
        and bool(np.isfinite(table.values).all())
        and all(all(a < b for a, b in itertools.pairwise(cuts)) for cuts in table.edges)
        and all(math.isfinite(cut) for cuts in table.edges for cut in cuts)
    )
    if not good:
        raise ModelError(
            f"model {name} has a table that does not fit its features; reinstall the package or train again"
        )


def parse_model(text: str, name: str) -> Additive:
    """Read a model file's text.

    Raises:
        ModelError: not JSON, another format, or tables, features and numbers that do not fit together.
    """
    try:
        raw: dict[str, Any] = json.loads(text)
        if raw["format"] != FORMAT:
            raise ModelError(
                f"model {name} has format {raw['format']!r}, this program reads {FORMAT}; update one of them"
            )
        features = [str(f["name"]) for f in raw["features"]]
        index = {feature: i for i, feature in enumerate(features)}
        tables = [
            Table(
                features=tuple(index[f] for f in table["features"]),
                edges=tuple(tuple(float(cut) for cut in cuts) for cuts in table["edges"]),
                values=np.array(table["values"], dtype=np.float64),
            )
            for table in raw["tables"]
        ]
        bias = float(raw["bias"])
        thresholds = {str(k): float(v) for k, v in raw["thresholds"].items()}
        if not math.isfinite(bias) or len(index) != len(features):
            raise ValueError("bias or features")
        return Additive.build(
            str(raw["name"]),
            str(raw["version"]),
            features,
            [str(f["phrase"]) for f in raw["features"]],
            [int(f["sign"]) for f in raw["features"]],
            bias,
            tables,
            thresholds,
        )
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise ModelError(
            f"model {name} is damaged ({type(error).__name__}); reinstall the package or train again"
        ) from None


@cache
def load_model(name: str) -> Additive:
    """The shipped model of this name, read once per process.

    Raises:
        ModelError: the file is missing or damaged.
    """
    path = models_folder() / name / "model.json"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise ModelError(f"model {name} is missing or unreadable; reinstall the package or train again") from None
    return parse_model(text, name)


def fingerprint(text: str) -> str:
    """Short version of a model's contents, for reports."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]

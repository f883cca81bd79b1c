"""A task: one model's table, what cross-fitting it gave, and the model that is shipped."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from auditor.errors import ConfigError
from auditor.features.feature import Catalogue
from auditor.model.additive import Additive, logistic
from auditor.training.export import export
from auditor.training.figures import Floats, calibration_error, probability
from auditor.training.fit import FOLDS, PLANTED_MADE, Rows, balanced, fit, fold_of, platt
from auditor.training.links import HOST_FOLDS
from auditor.training.reliability import describe

FIXED = {**HOST_FOLDS, "hownestly": 0, "sinister": 1, "viralmuffin": 2, "whywhatwho": 3, "hempforhealth": 4}
"""Folds of the hosts that are left out one at a time."""

FEWEST_ROWS = 50
"""Training rows of either class below which a model would learn nothing but accidents."""


@dataclass(slots=True)
class Task:
    """One model: its table, its features, and what cross-fitting gave."""

    name: str
    catalogue: Catalogue[Any]
    options: dict[str, Any]
    rows: Rows | None = None
    folds: Any = None
    odds: Floats = field(default_factory=lambda: np.zeros(0))
    """Out-of-fold log-odds, calibrated."""
    scale: float = 1.0
    shift: float = 0.0
    by_fold: list[Additive] = field(default_factory=list)
    """One exported model a fold, calibrated: pages are scored one by one, where scikit-learn's own call costs milliseconds."""
    metrics: dict[str, Any] = field(default_factory=dict)
    thresholds: dict[str, float] = field(default_factory=dict)

    @property
    def weight(self) -> Floats:
        """The weights of its rows, as in its training."""
        assert self.rows is not None
        return balanced(self.rows, self.options.get("planted", PLANTED_MADE)).weight

    @property
    def signs(self) -> list[int]:
        return [f.sign for f in self.catalogue.features]

    def cross(self, rows: Rows, seed: int) -> None:
        """Fit a model for each fold, score every row by the one that did not see its site, and calibrate on those scores."""
        self.rows = rows
        self.folds = np.array([fold_of(group, FIXED) for group in rows.group])
        for fold in range(FOLDS):
            learned = rows.label[(self.folds != fold) & rows.train]
            if min((learned == 0).sum(), (learned == 1).sum()) < FEWEST_ROWS:
                raise ConfigError(
                    f"the data folder holds too few pages for the {self.name} model; add pages to its sets"
                )
        raw = np.full(len(rows), np.nan)
        fitted = []
        for fold in range(FOLDS):
            test = self.folds == fold
            seen = self.table(fold)
            model = fit(seen.take(~test), self.signs, seed, **self.options)
            fitted.append(model)
            if test.any():
                raw[test] = model.decision_function(seen.features[test])
        self.scale, self.shift = platt(raw, rows.label, self.weight)
        self.odds = self.scale * raw + self.shift
        self.by_fold = [self._exported(model, "") for model in fitted]

    def table(self, fold: int | None) -> Rows:
        """The rows as the model of a fold sees them; of None, as the shipped one does."""
        assert self.rows is not None
        return self.rows

    def calibration(self) -> dict[str, Any]:
        """The expected calibration error out of fold, with the prevalence that it holds for."""
        assert self.rows is not None
        error = calibration_error(probability(self.odds), self.rows.label, self.weight)
        return {"expected_error": round(error, 4), "prevalence": 0.5}

    def reliability(self) -> dict[str, Any]:
        """Predicted against observed, and the thresholds of the confidence bands, out of fold."""
        assert self.rows is not None
        return describe(self.rows, self.weight, self.odds, self.folds)

    def unseen(self, group: str, values: Floats) -> Floats:
        """Calibrated log-odds by the model that saw no page of this site."""
        return self.by_fold[fold_of(group, FIXED)].log_odds(values)

    def judging(self, group: str) -> Additive:
        """The model that saw no page of this site, with the thresholds of the cross-fit."""
        model = self.by_fold[fold_of(group, FIXED)]
        return replace(model, thresholds={name: logistic(odds) for name, odds in self.thresholds.items()})

    def final(self, seed: int, version: str) -> Additive:
        """The shipped model: fitted on all training rows, exported exactly, with the thresholds of the cross-fit."""
        return self._exported(fit(self.table(None), self.signs, seed, **self.options), version)

    def _exported(self, model: HistGradientBoostingClassifier, version: str) -> Additive:
        rows = self.table(None)
        return export(
            model,
            rows.features[rows.train],
            name=self.name,
            version=version,
            features=self.catalogue.names,
            phrases=[f.phrase for f in self.catalogue.features],
            signs=self.signs,
            thresholds={name: logistic(odds) for name, odds in self.thresholds.items()},
            scale=self.scale,
            shift=self.shift,
        )

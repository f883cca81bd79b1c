"""The health models: is it about health, does it advise, can a reader rely on it? Their tables, and what they are measured by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from auditor import language
from auditor.features.content import PageView
from auditor.features.health import SUBJECT, HealthReading
from auditor.features.medical import MEDICAL, MedicalView
from auditor.features.reading import Reading
from auditor.judge import HealthModels
from auditor.model.linear import Linear
from auditor.training.figures import Floats, auc, share, threshold_at
from auditor.training.fit import FOLDS, Rows, balanced, cross_fit, fold_of
from auditor.training.parallel import in_order
from auditor.training.table import Row, table
from auditor.training.task import FIXED, Task
from auditor.training.texts import ADVICE, HEALTH, MISLEADING, NONE, RATED, RELATED, HealthText

SUBJECT_NAME, ADVICE_NAME, QUALITY_NAME = "health/subject", "health/advice", "health/quality"
_SMALL = {"max_iter": 110, "min_samples_leaf": 20, "max_leaf_nodes": 5}
WORDING = MEDICAL.names.index("wording")
WORDING_PENALTY = 1.0
"""`C` of the logistic regression on the texts' vectors; ten times as much reads Sondhi's hosts by heart."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One text in numbers."""

    subject: Floats
    medical: Floats
    vector: Floats


@dataclass(slots=True)
class WordingTask(Task):
    """The quality model's task, with the wording as one of its features.

    A row's wording is scored by a regression that saw neither its own fold nor the one that the model is to be tested on.
    """

    vectors: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    """Shape (rows, dimensions)."""
    wordings: dict[frozenset[int], Linear] = field(default_factory=dict)

    def wording(self, without: frozenset[int]) -> Linear:
        """Learned from the training rows of all folds but these."""
        if without not in self.wordings:
            assert self.rows is not None
            used = ~np.isin(self.folds, list(without)) & self.rows.train
            rows = balanced(self.rows.take(used))
            model = LogisticRegression(C=WORDING_PENALTY, max_iter=1000)
            model.fit(self.vectors[used], rows.label, sample_weight=rows.weight)
            self.wordings[without] = Linear(self.name, model.coef_[0].astype(np.float64), float(model.intercept_[0]))
        return self.wordings[without]

    def table(self, fold: int | None) -> Rows:
        assert self.rows is not None
        features = self.rows.features.copy()
        for own in range(FOLDS):
            here = np.flatnonzero(self.folds == own)
            linear = self.wording(frozenset({own} if fold is None else {own, fold}))
            features[here, WORDING] = [linear.log_odds(self.vectors[i]) for i in here]
        return replace(self.rows, features=features)


@dataclass(frozen=True, slots=True)
class Health:
    """The three tasks, fitted and measured."""

    subject: Task
    advice: Task
    quality: WordingTask

    @property
    def tasks(self) -> tuple[Task, ...]:
        return self.subject, self.advice, self.quality

    def judging(self, site: str) -> HealthModels:
        """The models that saw no page of this site, with the thresholds of the cross-fit."""
        return HealthModels(
            self.subject.judging(site),
            self.advice.judging(site),
            self.quality.judging(site),
            self.quality.wording(frozenset({fold_of(site, FIXED)})),
        )


def train(texts: Sequence[HealthText], seed: int, say: Callable[[str], None]) -> Health:
    """Cross-fit and measure the three models."""
    found = in_order(lambda number: measure_text(texts[number]), len(texts))
    say(f"read {len(texts)} health texts")
    subject = Task(SUBJECT_NAME, SUBJECT, _SMALL)
    advice = Task(ADVICE_NAME, SUBJECT, _SMALL)
    read = [number for number, text in enumerate(texts) if text.degree]
    subject.cross(table([_row(texts, found, n, int(texts[n].degree != NONE)) for n in read]), seed)
    _measure_subject(subject, texts)
    told = [number for number in read if texts[number].degree != HEALTH]
    advice.cross(table([_row(texts, found, n, int(texts[n].degree == ADVICE)) for n in told]), seed)
    _measure_advice(advice, texts)
    quality = WordingTask(
        QUALITY_NAME, MEDICAL, {"max_iter": 200, "min_samples_leaf": 10, "max_leaf_nodes": 5, "l2_regularization": 1.0}
    )
    rated = [
        n for n, text in enumerate(texts) if text.unreliable is not None and _advises(text, found[n], subject, advice)
    ]
    aside = [
        n
        for n, text in enumerate(texts)
        if text.sample.label in RATED or (text.sample.set == MISLEADING and _advises(text, found[n], subject, advice))
    ]
    quality.vectors = np.array([found[n].vector for n in rated])
    quality.cross(table([_row(texts, found, n, texts[n].unreliable or 0, medical=True) for n in rated]), seed)
    rows = table([_row(texts, found, n, RATED.get(texts[n].sample.label, 1), medical=True) for n in aside])
    _measure_quality(quality, rows, np.array([found[n].vector for n in aside]), seed)
    made = Health(subject, advice, quality)
    for task in made.tasks:
        task.metrics["reliability"] = task.reliability()
    return made


def measure_text(text: HealthText) -> Measured:
    """Read off a text what the models ask for; its wording is left open."""
    sample, learned = text.sample, language.load()
    health = HealthReading(sample.page, sample.digest, learned)
    reading = Reading(sample.page, sample.digest, sample.site, learned)
    # Neither links nor related posts have a part in these models.
    view = PageView(reading, [0.0] * len(reading.external), [])
    medical = MEDICAL.matrix([MedicalView(health, view, np.nan)])[0]
    return Measured(SUBJECT.matrix([health])[0], medical, sample.digest.vector.astype(np.float64))


def _row(texts: Sequence[HealthText], found: Sequence[Measured], number: int, label: int, medical: bool = False) -> Row:
    text, measured = texts[number], found[number]
    values = measured.medical if medical else measured.subject
    return Row(values.tolist(), label, text.group, text.sample.set, True, number, text.sample.page.name)


def _advises(text: HealthText, measured: Measured, subject: Task, advice: Task) -> bool:
    """Whether it is a piece of health advice, as read by people, else by models that saw no page of its site."""
    if text.degree:
        return text.degree in (ADVICE, HEALTH)
    row = measured.subject[None, :]
    return bool(
        subject.unseen(text.group, row)[0] > subject.thresholds["health"]
        and advice.unseen(text.group, row)[0] > advice.thresholds["advice"]
    )


# --- figures ----------------------------------------------------------------------------------------------------------


def _columns(task: Task, texts: Sequence[HealthText]) -> tuple[Any, Any, Any]:
    """(degree, doubtful, set) of the rows."""
    assert task.rows is not None
    own = [texts[int(number)] for number in task.rows.page]
    return (
        np.array([text.degree for text in own]),
        np.array([text.doubtful for text in own], dtype=bool),
        np.array([text.sample.set for text in own]),
    )


def _measure_subject(task: Task, texts: Sequence[HealthText]) -> None:
    """Of pages that are not on health the share left alone, of pages of health advice the share found; close cases apart."""
    assert task.rows is not None
    degree, doubtful, sets = _columns(task, texts)
    task.thresholds = {"health": 0.0}
    called = task.odds > 0.0
    other, advice = degree == NONE, degree == ADVICE
    task.metrics = {
        "other_left_alone": share(~called[other & ~doubtful]),
        "other_left_alone_with_close_cases": share(~called[other]),
        "other_left_alone_by_set": {str(n): share(~called[other & (sets == n)]) for n in sorted(set(sets[other]))},
        "advice_found": share(called[advice & ~doubtful]),
        "advice_found_with_close_cases": share(called[advice]),
        "advice_found_by_set": {str(n): share(called[advice & (sets == n)]) for n in sorted(set(sets[advice]))},
        "related_found": share(called[(degree == RELATED) | (degree == HEALTH)]),
        "auc": round(auc(task.odds[task.rows.label == 1], task.odds[task.rows.label == 0]), 4),
        "calibration": task.calibration(),
    }


def _measure_advice(task: Task, texts: Sequence[HealthText]) -> None:
    """Of the texts called advice the share that is, by pages of the sets that people have read."""
    assert task.rows is not None
    degree, doubtful, sets = _columns(task, texts)
    # Half of what only touches health would pass at even odds, news ends where advice begins.
    limit = threshold_at(task.odds[degree == RELATED], 0.25)
    task.thresholds = {"advice": limit}
    called = task.odds > limit
    read = ~np.isin(sets, ["sondhi", "medquad", "20news", "bbc"])
    task.metrics = {
        "advice_found": share(called[read & (degree == ADVICE) & ~doubtful]),
        "advice_found_with_close_cases": share(called[read & (degree == ADVICE)]),
        "related_called_advice": share(called[degree == RELATED]),
        "other_called_advice": share(called[degree == NONE]),
        "auc_against_related": round(auc(task.odds[read & (degree == ADVICE)], task.odds[degree == RELATED]), 4),
        "calibration": task.calibration(),
    }


def _measure_quality(task: WordingTask, aside: Rows, vectors: Floats, seed: int) -> None:
    """Sondhi's pages by hosts left out, farms left out, what carries over from one collection to the others, good pages flagged.

    Args:
        aside: rated news and press releases and a misleading site, none of which was learned from.
        vectors: of these.
    """
    rows = task.rows
    assert rows is not None
    sondhi = rows.source == "sondhi"
    good, bad = ~sondhi & (rows.label == 0), ~sondhi & (rows.label == 1)
    # Of WCXB's advice some is a shop's or a pupil's, and nobody rated it.
    limit = max(threshold_at(task.odds[good], 0.02), threshold_at(task.odds[good & (rows.source == "wcxb_dev")], 0.08))
    task.thresholds = {"unreliable": limit}
    alone = cross_fit(rows, task.folds, task.signs, seed, **task.options)
    wording = np.full(len(rows), np.nan)
    for fold in range(FOLDS):
        here = task.folds == fold
        wording[here] = task.table(fold).features[here, WORDING]

    def by(odds: Floats, mask: Any) -> float:
        return round(auc(odds[mask & (rows.label == 1)], odds[mask & (rows.label == 0)]), 4)

    task.metrics = {
        "sondhi_auc": by(task.odds, sondhi),
        "sondhi_auc_features_alone": by(alone, sondhi),
        "sondhi_auc_wording_alone": by(wording, sondhi),
        "sondhi_right": share((task.odds[sondhi] > 0) == (rows.label[sondhi] == 1)),
        "sondhi_hosts": len(set(rows.group[sondhi])),
        "farms_auc": by(task.odds, ~sondhi),
        "farms_auc_features_alone": by(alone, ~sondhi),
        "farms": {
            str(name): {
                "recall": share(task.odds[bad & (rows.source == name)] > limit),
                "auc": round(auc(task.odds[bad & (rows.source == name)], task.odds[good]), 4),
            }
            for name in sorted(set(rows.source[bad]))
        },
        "carried": {
            "sondhi_to_farms": _carried(task, sondhi, ~sondhi, seed),
            "farms_to_sondhi": _carried(task, ~sondhi, sondhi, seed),
        },
        "aside": _aside(task, aside, vectors, limit),
        "sondhi_flagged": {
            "unreliable": share(task.odds[sondhi & (rows.label == 1)] > limit),
            "reliable": share(task.odds[sondhi & (rows.label == 0)] > limit),
        },
        "good_flagged": share(task.odds[good] > limit),
        "good_flagged_by_set": {
            str(name): share(task.odds[good & (rows.source == name)] > limit) for name in sorted(set(rows.source[good]))
        },
        "calibration": task.calibration(),
        "rows": {"reliable": int((rows.label == 0).sum()), "unreliable": int((rows.label == 1).sum())},
    }


def _aside(task: WordingTask, rows: Rows, vectors: Floats, limit: float) -> dict[str, Any]:
    """What the model makes of texts that it did not learn from: news rated by its conduct, essays of a misleading site."""
    odds = task.final(0, "").log_odds(_worded(rows.features, vectors, task.wording(frozenset())))
    found: dict[str, Any] = {}
    for name in sorted(set(rows.source)):
        good, bad = (odds[(rows.source == name) & (rows.label == label)] for label in (0, 1))
        found[str(name)] = {"flagged": share(bad > limit)}
        if len(good):
            found[str(name)] |= {"sound_flagged": share(good > limit), "auc": round(auc(bad, good), 4)}
    return found


def _worded(features: Floats, vectors: Floats, linear: Linear) -> Floats:
    values = features.copy()
    values[:, WORDING] = [linear.log_odds(vector) for vector in vectors]
    return values


def _carried(task: WordingTask, learned: Any, scored: Any, seed: int) -> dict[str, Any]:
    """Area under the curve on one collection of a model that saw only the other."""
    rows = task.rows
    assert rows is not None
    part = WordingTask(
        task.name, task.catalogue, task.options, rows.take(learned), task.folds[learned], vectors=task.vectors[learned]
    )
    values, label = _worded(rows.features[scored], task.vectors[scored], part.wording(frozenset())), rows.label[scored]
    found = {"auc": part.final(seed, "").log_odds(values), "wording_alone": values[:, WORDING]}
    return {
        **{name: round(auc(odds[label == 1], odds[label == 0]), 4) for name, odds in found.items()},
        "texts": len(label),
    }

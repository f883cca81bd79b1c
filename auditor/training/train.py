"""Training: from a data folder to the four models with their metrics and cards, reproducible for one seed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from auditor import language
from auditor.errors import ConfigError
from auditor.features.content import SPAM
from auditor.features.feature import Catalogue
from auditor.features.link import LINK
from auditor.features.quality import QUALITY
from auditor.features.related import RELATED
from auditor.judge import Models
from auditor.model.additive import Additive, fingerprint, logistic
from auditor.training import audited, blocks, links, measure, pages, plain, removal
from auditor.training.added import added as read_added
from auditor.training.card import write_card
from auditor.training.datasets import CLEAN, FARMS, HACKED, Sample, load
from auditor.training.export import export
from auditor.training.figures import Floats
from auditor.training.fit import FOLDS, PLANTED_MADE, Rows, balanced, cross_fit, fit, fold_of, platt
from auditor.training.floors import Fallen, Record, fallen, raised, record
from auditor.training.reliability import describe

LIMITS = {"hacked_teampro": 330, "legit_sethroberts": 300, "farm_hownestly": 300, "zombie_blogs": 420}
"""About how many pages of the largest sets are read; the others whole."""

FIXED = {**links.HOST_FOLDS, "hownestly": 0, "sinister": 1, "viralmuffin": 2, "whywhatwho": 3, "hempforhealth": 4}
"""Folds of the hosts that are left out one at a time."""

FEWEST_ROWS = 50
"""Training rows of either class below which a model would learn nothing but accidents."""

Progress = Any


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
            model = fit(rows.take(~test), self.signs, seed, **self.options)
            fitted.append(model)
            if test.any():
                raw[test] = model.decision_function(rows.features[test])
        self.scale, self.shift = platt(raw, rows.label, self.weight)
        self.odds = self.scale * raw + self.shift
        self.by_fold = [self._exported(model, "") for model in fitted]

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
        assert self.rows is not None
        return self._exported(fit(self.rows, self.signs, seed, **self.options), version)

    def _exported(self, model: HistGradientBoostingClassifier, version: str) -> Additive:
        assert self.rows is not None
        return export(
            model,
            self.rows.features[self.rows.train],
            name=self.name,
            version=version,
            features=self.catalogue.names,
            phrases=[f.phrase for f in self.catalogue.features],
            signs=self.signs,
            thresholds={name: logistic(odds) for name, odds in self.thresholds.items()},
            scale=self.scale,
            shift=self.shift,
        )


def related_task() -> Task:
    """The related model's task, nothing fitted yet."""
    return Task("related", RELATED, {"max_iter": 120, "min_samples_leaf": 25})


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a run's models."""

    folders: tuple[Path, ...]
    """Empty where a figure fell and that was not allowed."""
    fallen: tuple[Fallen, ...]
    """The figures below the floors that were recorded."""


@dataclass(slots=True)
class Trained:
    """Everything one run has measured; `write` makes the files."""

    tasks: list[Task]
    corpus: str
    """Hash of the pages that were read."""
    seed: int
    families: dict[str, Any]

    def write(self, out: Path, lower_floors: bool = False) -> Written:
        """Write `model.json`, `metrics.json` and `card.md` of every model below `out`.

        Where a figure is below a floor that `out` records, nothing is written unless `lower_floors` is given.

        Raises:
            ConfigError: a metrics file in `out` is damaged.
        """
        known = {task.name: record(out, task.name) or Record() for task in self.tasks}
        below = tuple(f for task in self.tasks for f in fallen(task.name, task.metrics, known[task.name]))
        if below and not lower_floors:
            return Written((), below)
        written = []
        for task in self.tasks:
            folder = out / task.name
            folder.mkdir(parents=True, exist_ok=True)
            draft = task.final(self.seed, "")
            model = task.final(self.seed, fingerprint(draft.dump()))
            (folder / "model.json").write_text(model.dump(), encoding="utf-8")
            described = {
                "model": task.name,
                "version": model.version,
                "seed": self.seed,
                "corpus": self.corpus,
                "features": list(task.catalogue.names),
                "thresholds": model.thresholds,
                **task.metrics,
                "floors": raised(task.name, task.metrics, known[task.name]),
            }
            (folder / "metrics.json").write_text(
                json.dumps(described, indent=1, sort_keys=True) + "\n", encoding="utf-8"
            )
            (folder / "card.md").write_text(write_card(task.name, described), encoding="utf-8")
            written.append(folder)
        return Written(tuple(written), below)


def read_samples(data: Path, say: Progress = print, add: Sequence[Path] = ()) -> list[Sample]:
    """All labelled pages that training and evaluation use; `add` names files of a user's own (see `auditor.training.labels`)."""
    own = read_added(add, say) if add else []  # first: a name that is wrong should not cost a reading of the folder
    samples: list[Sample] = []
    for name in (*CLEAN, *HACKED, *FARMS, "sondhi", "zombie_blogs"):
        found = load(data, name, limit=LIMITS.get(name))
        say(f"read {name}: {len(found)} pages")
        samples.extend(found)
    return samples + own


def corpus_hash(samples: Sequence[Sample]) -> str:
    """Hash of the documents by identity and content, independent of their order."""
    digest = hashlib.sha256()
    for sample in sorted(samples, key=lambda s: s.id):
        digest.update(sample.id.encode())
        digest.update(hashlib.sha256(sample.page.snapshot.body).digest())
    return digest.hexdigest()[:16]


def train(
    data: Path,
    seed: int = 0,
    say: Progress = print,
    samples: list[Sample] | None = None,
    families: bool = True,
    add: Sequence[Path] = (),
) -> Trained:
    """Cross-fit and measure all four models. Reproducible for one seed and one data folder.

    Args:
        samples: the pages, where they were read before.
        families: also measure each injection family left out of training (half of the run's time).
        add: files of a user's own labelled pages, learned from beside those of the folder.

    Raises:
        SourceError: a set of the folder or a file to add cannot be read.
    """
    with threadpool_limits(2):
        samples = samples if samples is not None else read_samples(data, say, add)
        link = Task("link", LINK, {"max_iter": 600, "learning_rate": 0.12})
        related = related_task()
        spam = Task("page/spam", SPAM, {"max_iter": 160, "min_samples_leaf": 25, "max_leaf_nodes": 5, "planted": 0.4})
        quality = Task("page/quality", QUALITY, {"max_iter": 140, "min_samples_leaf": 25, "max_leaf_nodes": 5})
        say("planting links")
        link.cross(links.build(samples, data, seed), seed)
        measure.link(link)
        say(f"link model: {json.dumps(link.metrics['hosts'])}")
        related.cross(blocks.build(samples, seed), seed)
        measure.related(related, blocks.probes(samples, seed))
        by_name = {"link": link, "related": related}

        def score(name: str, group: str, values: Floats) -> Floats:
            return by_name[name].unseen(group, values)

        say("scoring pages")
        spam_rows, quality_rows = pages.build(samples, score, seed)
        spam.cross(spam_rows, seed)
        measure.spam(spam, link)
        quality.cross(quality_rows, seed)
        measure.quality(quality)
        measure.together(spam, quality, link)
        left_out: dict[str, Any] = {}
        if families:
            say("leaving families out")
            left_out = measure.families(link, seed, cross_fit)
            link.metrics["left_out_families"] = left_out
        tasks = (link, related, spam, quality)

        def models(site: str) -> Models:
            return Models(*(task.judging(site) for task in tasks))

        say("auditing pages")
        spam.metrics["audited"] = audited.figures(samples, audited.audited(samples, models))
        say("searching plain text")
        link.metrics["plain_text"] = plain.measure(samples, seed)
        say("taking flagged links out")
        spam.metrics["removal"] = removal.measure(samples, models, language.load())
        for task in tasks:
            task.metrics["reliability"] = task.reliability()
    return Trained(list(tasks), corpus_hash(samples), seed, left_out)

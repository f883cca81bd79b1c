"""Probes for shortcuts: can a label be told from what must not matter, and a page's origin from what the models see?

A shortcut is what a page is given by where it was collected: its year, the language it declares, its size, whether its article
was found, a seal that one set's labels go with. On pages and their twins from a generator every shortcut must be blind: 0.5
exactly, for twins differ in nothing else but what a spoiled page lacks on purpose. Real spam and real clean pages do differ in
them; those figures say how far a model could get without looking at the page, and no feature may read one of them (Geirhos et
al. 2020, shortcut learning).
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from auditor.features.feature import Catalogue
from auditor.judge import MINIMUM_WORDS
from auditor.page.page import Page
from auditor.training.blocks import Headlines, own_blocks, swapped
from auditor.training.datasets import Sample, kept
from auditor.training.figures import Floats, auc
from auditor.training.fit import FOLDS, Rows, fold_of, generated
from auditor.training.inject import FAMILIES, Generator
from auditor.training.links import HOST_FOLDS
from auditor.training.spoil import spoil

FLAG = 0.1
"""Distance of an AUC from 0.5 that is pointed out."""
TWINS = 400
"""About how many clean pages get twins."""
ORIGIN_ROWS = 6000

_SEAL = re.compile(r"\bHON ?code\b|health on the net|honcode", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")


def year(page: Page) -> float:
    """Year it was published or changed; NaN where it bears none."""
    found = _YEAR.match(page.metadata.published or page.metadata.modified)
    return float(found.group()) if found else math.nan


def declared_english(page: Page) -> float:
    """Whether the language it declares is English; NaN where it declares none."""
    return float(page.metadata.language.startswith("en")) if page.metadata.language else math.nan


def size(page: Page) -> float:
    """Bytes of the document (log)."""
    return math.log1p(len(page.snapshot.body))


def article_found(page: Page) -> float:
    """Whether segmentation found an article long enough to be judged."""
    return float(sum(len(p.text.split()) for p in page.article) >= MINIMUM_WORDS)


def seal(page: Page) -> float:
    """Whether it shows or names the seal of the Health on the Net foundation."""
    return float(_SEAL.search(page.source) is not None)


SHORTCUTS: tuple[Callable[[Page], float], ...] = (year, declared_english, size, article_found, seal)


@dataclass(frozen=True, slots=True)
class Probe:
    """What one variable, or all features together, tell about a label that they must not know."""

    model: str
    name: str
    compared: str
    """`twins`, `real`, or `origin`."""
    rows: int
    auc: float
    detail: str = ""

    @property
    def flagged(self) -> bool:
        return abs(self.auc - 0.5) > FLAG

    @property
    def leaks(self) -> bool:
        """A generator that changes more than it says: a defect, whatever the size."""
        return self.compared == "twins" and abs(self.auc - 0.5) > 1e-9

    def __str__(self) -> str:
        mark = "  <- twins differ" if self.leaks else "  <-" if self.flagged else ""
        detail = f"  {self.detail}" if self.detail else ""
        return f"{self.model:<13} {self.name:<17} {self.compared:<7} {self.rows:>6}  {self.auc:.3f}{mark}{detail}"


def told(values: Floats, label: NDArray[np.int64], group: Sequence[str], seed: int = 0) -> float:
    """AUC with which one variable tells the label, by small trees cross-fitted by site.

    The mean over the folds that hold both classes, weighted by their positives: scores of different fits are not compared. NaN
    where no fold does.
    """
    folds = np.array([fold_of(site, HOST_FOLDS) for site in group])
    found, weights = [], []
    for fold in range(FOLDS):
        test = folds == fold
        if len(set(label[test])) < 2 or len(set(label[~test])) < 2:
            continue
        if np.isnan(values[~test]).all():  # nothing to ask about; scikit-learn warns of a column without a value
            odds = np.zeros(int(test.sum()))
        else:
            model = HistGradientBoostingClassifier(
                max_iter=20, max_leaf_nodes=4, min_samples_leaf=10, early_stopping=False, random_state=seed
            )
            odds = model.fit(values[~test, None], label[~test]).decision_function(values[test, None])
        found.append(auc(odds[label[test] == 1], odds[label[test] == 0]))
        weights.append(int(label[test].sum()))
    return float(np.average(found, weights=weights)) if found else math.nan


def _asked(model: str, compared: str, pages: Sequence[tuple[Page, int, str]]) -> list[Probe]:
    """Every shortcut over (page, label, site) rows; those that no row knows are left out.

    Twins follow their pages. A fault may take something away on purpose (spoiling, the date): pairs in which only one page is known are
    left out, so that what is asked is the value, not its absence.
    """
    label = np.array([label for _, label, _ in pages], dtype=np.int64)
    group = np.array([site for _, _, site in pages])
    found = []
    for shortcut in SHORTCUTS:
        values = np.array([shortcut(page) for page, _, _ in pages], dtype=np.float64)
        fair = np.ones(len(values), dtype=bool)
        if compared == "twins":
            known = ~np.isnan(values).reshape(-1, 2)
            fair = np.repeat(known[:, 0] == known[:, 1], 2)
        if not np.isnan(values[fair]).all():
            name = shortcut.__name__.replace("_", " ")
            area = told(values[fair], label[fair], group[fair].tolist())
            found.append(Probe(model, name, compared, int(fair.sum()), area))
    return found


def twins(samples: Sequence[Sample], seed: int = 0) -> list[Probe]:
    """Shortcuts over clean pages and the twins that the generators make of them, for each of the four models."""
    honest = [s for s in samples if s.good and s.page.language == "en" and s.digest.words >= MINIMUM_WORDS]
    chosen = [s for s in honest if kept(s.id, TWINS / max(len(honest), 1))]
    rng = random.Random(seed)
    generator = Generator(None, [], [])
    headlines = Headlines.gather(honest)
    rows: dict[str, list[tuple[Page, int, str]]] = {name: [] for name in ("link", "related", "page/quality")}
    for sample in chosen:
        made = generator.plant(sample.page, rng.choice(FAMILIES), rng)
        spoiled = spoil(sample.page, rng)
        blocks = [swapped(block, partial(headlines.other, sample, rng), rng) for block in own_blocks(sample)[:1]]
        for name, twin in (
            ("link", made.page if made else None),
            ("related", sample.page if blocks else None),  # the swapped block is judged beside its own page
            ("page/quality", spoiled),
        ):
            if twin is not None:
                rows[name] += [(sample.page, 0, sample.site_name), (twin, 1, sample.site_name)]
    planted = [p for name in ("link", "page/spam") for p in _asked(name, "twins", rows["link"])]
    return planted + _asked("related", "twins", rows["related"]) + _asked("page/quality", "twins", rows["page/quality"])


def real(samples: Sequence[Sample]) -> list[Probe]:
    """Shortcuts over real pages of both labels. The related model has no real positives."""
    english = [s for s in samples if s.page.language == "en" and s.digest.english]
    spam = [(s.page, int(s.spam), s.site_name) for s in english if s.spam or s.honest]
    linked = [
        (s.page, int(s.spam), s.site_name)
        for s in english
        if s.links_known and (s.spam or s.honest) and any(link.external for link in s.page.links)
    ]
    quality = [
        (s.page, int(s.low_quality), s.site_name) for s in english if s.low_quality or s.good or s.label == "reliable"
    ]
    health = [(s.page, int(s.low_quality), s.site_name) for s in english if s.label in ("reliable", "unreliable")]
    return [
        *_asked("link", "real", linked),
        *_asked("page/spam", "real", spam),
        *_asked("page/quality", "real", quality),
        *_asked("health labels", "real", health),
    ]


def origin(model: str, rows: Rows, catalogue: Catalogue[object], seed: int = 0) -> list[Probe]:
    """Which set a clean real row comes from, by all features of a model: mean AUC of one set against the rest, cross-fitted by page.

    Sets differ in subject and manner, so some of it is honest; the features that tell most are named.
    """
    mask = (rows.label == 0) & ~generated(rows) & ~np.isin(rows.group, list(HOST_FOLDS))
    clean = rows.take(mask & _drawn(mask, seed))
    names, counts = np.unique(clean.source, return_counts=True)
    names = names[counts >= 50]
    clean = clean.take(np.isin(clean.source, names))
    if len(names) < 2:
        return []
    odds = np.full((len(clean), len(names)), np.nan)
    folds = clean.page % FOLDS
    for fold in range(FOLDS):
        test = folds == fold
        model_ = HistGradientBoostingClassifier(max_iter=30, max_leaf_nodes=8, early_stopping=False, random_state=seed)
        model_.fit(clean.features[~test], clean.source[~test])
        columns = np.searchsorted(names, model_.classes_)
        odds[np.ix_(test, columns)] = model_.predict_proba(clean.features[test])
    odds = np.nan_to_num(odds, nan=0.0)
    mean = float(np.mean([auc(odds[clean.source == n, i], odds[clean.source != n, i]) for i, n in enumerate(names)]))
    telling = _telling(clean, names)
    most = ", ".join(f"{catalogue.names[i]} {telling[i]:.2f}" for i in np.argsort(-telling, kind="stable")[:4])
    return [Probe(model, f"{len(names)} sets", "origin", len(clean), mean, f"most by {most}")]


def _drawn(mask: NDArray[np.bool_], seed: int) -> NDArray[np.bool_]:
    chosen = np.random.default_rng(seed).random(len(mask)) < ORIGIN_ROWS / max(int(mask.sum()), 1)
    return chosen


def _telling(clean: Rows, names: NDArray[np.str_]) -> Floats:
    """Each feature's mean AUC of one set against the rest, folded above 0.5; rows where it is not known left out."""
    found = np.full(clean.features.shape[1], 0.5)
    for column in range(len(found)):
        values = clean.features[:, column]
        known = ~np.isnan(values)
        areas = [auc(values[known & (clean.source == n)], values[known & (clean.source != n)]) for n in names]
        areas = [0.5 + abs(area - 0.5) for area in areas if not math.isnan(area)]
        found[column] = float(np.mean(areas)) if areas else 0.5
    return found

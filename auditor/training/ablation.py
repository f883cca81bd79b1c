"""Ablation: what the link model loses on hosts and families that it never saw when a group of its features is taken away."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditor.features.feature import Catalogue
from auditor.training.evaluate import FAMILY_TARGETS
from auditor.training.figures import threshold_at
from auditor.training.fit import Rows, cross_fit, generated
from auditor.training.links import HOST_FOLDS

_SECTION = re.compile(r"^# --- (.+?) -{3,}\s*$")
FAMILY_FOLDS = (1, 4)
"""Two of the folds, as `measure.families`."""


@dataclass(frozen=True, slots=True)
class Recalls:
    """Recall of planted links at 1 % of editorial links."""

    hosts: Mapping[str, float]
    """Hacked host, left out of training → recall; NaN without planted links."""
    family: str
    """The injection family, of those with a target, that is found worst when no row of it was trained on."""
    family_recall: float


@dataclass(frozen=True, slots=True)
class Ablation:
    group: str
    features: int
    without: Recalls


def sections(catalogue: Catalogue[Any]) -> dict[str, tuple[int, ...]]:
    """Group → columns: the catalogue's sections as the source draws them (`# --- title ---`), else the module's name."""
    found: dict[str, list[int]] = {}
    for column, feature in enumerate(catalogue.features):
        lines, start = inspect.getsourcelines(feature.read)
        path = Path(inspect.getsourcefile(feature.read) or "")
        above = path.read_text(encoding="utf-8").splitlines()[: start + len(lines)]
        titles = [match[1] for line in above if (match := _SECTION.match(line))]
        found.setdefault(titles[-1] if titles else f"the {path.stem}", []).append(column)
    return {title: tuple(columns) for title, columns in found.items()}


def without(rows: Rows, signs: Sequence[int], columns: Sequence[int]) -> tuple[Rows, list[int]]:
    """The table and the directions with these columns taken away."""
    kept = [i for i in range(rows.features.shape[1]) if i not in set(columns)]
    return replace(rows, features=rows.features[:, kept]), [signs[i] for i in kept]


def ablate(
    rows: Rows, folds: NDArray[np.int64], catalogue: Catalogue[Any], seed: int, **options: Any
) -> tuple[Recalls, list[Ablation]]:
    """(recalls with all features, an entry a group without it). Each is a cross-fit; some ten minutes for the whole table on two cores."""
    body = _body(rows, catalogue)
    signs = [feature.sign for feature in catalogue.features]
    whole = _recalls(rows, folds, body, signs, seed, sorted(FAMILY_TARGETS), options)
    found = []
    for title, columns in sections(catalogue).items():
        part, kept = without(rows, signs, columns)
        found.append(Ablation(title, len(columns), _recalls(part, folds, body, kept, seed, [whole.family], options)))
    return whole, found


def _body(rows: Rows, catalogue: Catalogue[Any]) -> NDArray[np.bool_]:
    """Links in the article: the figures are taken there, as `measure.link` takes them."""
    aside = [catalogue.names.index(name) for name in ("in-comments", "in-margin") if name in catalogue.names]
    chosen: NDArray[np.bool_] = (rows.features[:, aside] == 0).all(axis=1)
    return chosen


def _recalls(
    rows: Rows,
    folds: NDArray[np.int64],
    body: NDArray[np.bool_],
    signs: Sequence[int],
    seed: int,
    families: Sequence[str],
    options: Mapping[str, Any],
) -> Recalls:
    clean = (rows.label == 0) & ~generated(rows) & ~np.isin(rows.group, list(HOST_FOLDS)) & body
    odds = cross_fit(rows, folds, signs, seed, **options)
    limit = threshold_at(odds[clean], 0.01)
    hosts = {host: _share(odds[(rows.group == host) & (rows.label == 1) & body] > limit) for host in HOST_FOLDS}
    by_family = {}
    for name in families:
        source = f"family:{name}"
        if not (rows.source == source).any():
            continue
        odds = cross_fit(
            rows,
            folds,
            signs,
            seed,
            keep=lambda part, source=source: part.source != source,  # type: ignore[misc]
            only=FAMILY_FOLDS,
            **options,
        )
        scored = ~np.isnan(odds)
        limit = threshold_at(odds[clean & scored], 0.01)
        by_family[name] = _share(odds[(rows.source == source) & ~rows.train & scored] > limit)
    worst = min(by_family, key=lambda name: (by_family[name], name), default="")
    return Recalls(hosts, worst, by_family.get(worst, float("nan")))


def _share(hits: NDArray[np.bool_]) -> float:
    return float(hits.mean()) if len(hits) else float("nan")


def table(whole: Recalls, found: Sequence[Ablation]) -> str:
    """Recall with everything, then the change without each group, in points of per cent."""
    width = max((len(a.group) for a in found), default=0) + 5
    names = [*whole.hosts, f"family {whole.family}"]
    lines = [f"{'':<{width}} " + "  ".join(f"{name:>12}" for name in names)]
    base = [*whole.hosts.values(), whole.family_recall]
    lines.append(f"{'all features':<{width}} " + "  ".join(f"{value:>12.1%}" for value in base))
    for one in found:
        change = [
            now - was for now, was in zip([*one.without.hosts.values(), one.without.family_recall], base, strict=True)
        ]
        cells = "  ".join(f"{100 * by:>+12.1f}" for by in change)
        lines.append(f"{f'{one.group} ({one.features})':<{width}} {cells}")
    return "\n".join(lines)

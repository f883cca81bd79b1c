"""Removal: does a page's spam score fall when the link that was flagged on it is taken out again?

An explanation is only worth something if acting on it helps. A link is planted into a page and the page is judged with it and
as it was: paragraph text restored, phrase and link gone, all else the same.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from auditor.judge import MINIMUM_WORDS, Judgement, Models, judge, look
from auditor.language import Language
from auditor.model.verdict import Verdict
from auditor.page.page import Page
from auditor.report import LinkLabel
from auditor.site.digest import digest
from auditor.site.site import Site, gather
from auditor.training.datasets import Sample
from auditor.training.figures import counted
from auditor.training.inject import FAMILIES, Generator
from auditor.training.links import generators

PAGES = 100
"""How many real pages are measured, each with every family."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One page with a planted link and without it."""

    page: str
    family: str
    flagged: bool
    """The link model calls the planted link suspicious or injected."""
    planted: Verdict
    """The page's spam verdict with the link."""
    restored: Verdict
    """Without it."""

    @property
    def fell(self) -> bool:
        return self.restored.log_odds < self.planted.log_odds

    @property
    def causes(self) -> list[tuple[str, float]]:
        """(feature, by how much its share of the log-odds rose when the link went), largest first; those that fell left out."""
        before = {c.feature: c.weight for c in self.planted.contributions}
        risen = [(c.feature, c.weight - before[c.feature]) for c in self.restored.contributions]
        return sorted(((name, by) for name, by in risen if by > 0), key=lambda cause: (-cause[1], cause[0]))


def pairs(
    pages: Iterable[tuple[Page, Site | None]],
    generator: Generator,
    seeds: Sequence[int],
    language: Language,
    models: Models,
    families: Sequence[str] = FAMILIES,
) -> Iterator[Pair]:
    """A pair for each page, family and seed that a link can be planted with; pages on which no page model speaks give none.

    Args:
        pages: each with its site; None for a page by itself.
    """
    for number, (page, site) in enumerate(pages):
        read = digest(page, language)
        known = site or gather(page.site or page.name, [(page, read)])
        restored = judge(look(page, read, known, language, models), models).page
        if restored is None:
            continue
        for family in families:
            for seed in seeds:
                made = generator.plant(page, family, random.Random(f"{number} {family} {seed}"))
                if made is None:
                    continue
                found = judge(look(made.page, digest(made.page, language), known, language, models), models)
                if found.page is not None:
                    flagged = _flagged(found, made.page, made.link)
                    yield Pair(page.name, family, flagged, found.page.spam, restored.spam)


def measure(samples: Sequence[Sample], models: Callable[[str], Models], language: Language) -> dict[str, Any]:
    """The figures on clean pages, at most one a site, each judged by models that saw no page of its site, with the half of the
    vocabulary that no model saw.

    Args:
        models: site → the models that did not see it.
    """
    honest = [s for s in samples if s.good and s.page.language == "en" and s.digest.words >= MINIMUM_WORDS]
    sites: dict[str, Sample] = {}
    for sample in sorted(honest, key=lambda s: hashlib.sha256(s.id.encode()).hexdigest()):
        sites.setdefault(sample.site_name, sample)
    _, unseen = generators(honest)
    return figures(
        [
            pair
            for sample in list(sites.values())[:PAGES]
            for pair in pairs([(sample.page, sample.site)], unseen, (0,), language, models(sample.site_name))
        ]
    )


def _flagged(found: Judgement, page: Page, link: int) -> bool:
    planted = page.links[link]
    return any(j.link is planted and j.label is not LinkLabel.OK for j in found.links or ())


def figures(found: Sequence[Pair]) -> dict[str, Any]:
    """Share of pairs whose score fell: of those whose link was flagged, of all, and of the flagged ones by family."""
    flagged = [pair for pair in found if pair.flagged]
    return {
        "flagged": _fell(flagged),
        "all": _fell(found),
        "families": {
            name: _fell([pair for pair in flagged if pair.family == name])
            for name in sorted({pair.family for pair in found})
        },
    }


def _fell(found: Sequence[Pair]) -> dict[str, Any]:
    return counted(sum(pair.fell for pair in found), len(found))


def causes(found: Sequence[Pair], count: int = 5) -> list[tuple[str, int, float]]:
    """(feature, pairs, mean rise of its share): what kept the score of flagged pairs from falling, by the largest cause of each."""
    stuck: dict[str, list[float]] = {}
    for pair in found:
        if pair.flagged and not pair.fell and (risen := pair.causes):
            stuck.setdefault(risen[0][0], []).append(risen[0][1])
    ordered = sorted(stuck.items(), key=lambda item: (-len(item[1]), item[0]))
    return [(name, len(by), float(np.mean(by))) for name, by in ordered[:count]]

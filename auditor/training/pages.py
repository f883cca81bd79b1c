"""The tables that the page models learn from: spam against honest pages, low quality against good ones."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from auditor.features.content import SPAM, PageView
from auditor.features.feature import Catalogue
from auditor.features.link import LINK
from auditor.features.quality import QUALITY
from auditor.features.reading import Reading
from auditor.features.related import RELATED, BlockView
from auditor.judge import MINIMUM_WORDS
from auditor.page.page import Page
from auditor.site.digest import digest
from auditor.training.blocks import own_blocks
from auditor.training.datasets import CLEAN, Sample, kept
from auditor.training.figures import Floats
from auditor.training.fit import Rows
from auditor.training.inject import Generator
from auditor.training.links import PAGES_A_SITE, Table, alone, passages, targets
from auditor.training.spoil import spoil

Scorer = Callable[[str, str, Floats], Floats]
"""(model name, group, rows) → calibrated log-odds by a model that saw no page of the group."""

_ARTICLES = frozenset({"article", "post", "page", "other"})

PLANTINGS = ("geo-service", "product", "vice", "on-topic", "paragraph", "sentence", "hidden", "brand")


class PageTables:
    """Collects the rows of both heads in one pass over the samples."""

    def __init__(self, score: Scorer) -> None:
        self.score = score
        self.spam = Table()
        self.quality = Table()

    def view(self, sample: Sample, page: Page) -> PageView:
        """A page as the page models see it, with the verdicts of link and related models that never saw its site."""
        read = sample.digest if page is sample.page else digest(page, self.spam.language)
        reading = Reading(page, read, sample.site, self.spam.language)
        views = reading.views()
        links = self.score("link", sample.site_name, LINK.matrix(views)).tolist() if views else []
        blocks = (
            [BlockView(b, read, sample.site, self.spam.language) for b in own_blocks(sample)]
            if read.vector.any()
            else []
        )
        related = self.score("related", sample.site_name, RELATED.matrix(blocks)).tolist() if blocks else []
        return PageView(reading, links, related)

    def add(
        self,
        table: Table,
        catalogue: Catalogue[PageView],
        view: PageView,
        label: int,
        sample: Sample,
        source: str,
        train: bool,
        number: int,
    ) -> None:
        """One row of one head."""
        table.add(catalogue.matrix([view]).tolist()[0], label, sample.site_name, source, train, number)


def build(samples: Sequence[Sample], score: Scorer, seed: int) -> tuple[Rows, Rows]:
    """(spam rows, quality rows). English pages of at least `MINIMUM_WORDS`; pages of large sites also as pages alone."""
    tables = PageTables(score)
    rng = random.Random(seed)
    english = [s for s in samples if s.digest.english and s.page.language == "en"]
    honest = [s for s in english if s.set in CLEAN and s.digest.words >= 120]
    crowd = Counter(s.site_name for s in honest)
    generators = [Generator(part, targets(honest), passages(honest)) for part in (0, 1)]
    for number, sample in enumerate(samples):
        if not sample.digest.english or sample.page.language != "en" or sample.digest.words < MINIMUM_WORDS:
            continue
        large = len(sample.site.entries) >= 10
        for seen in (sample, alone(sample)) if large else (sample,):
            _real(seen, tables, number)
        if sample.set in CLEAN and kept(sample.id, PAGES_A_SITE / crowd.get(sample.site_name, 1)):
            _made(sample, tables, generators, rng, number)
    return tables.spam.rows(), tables.quality.rows()


def _real(sample: Sample, tables: PageTables, number: int) -> None:
    spam = (
        1 if sample.spam or sample.set == "zombie_blogs" else 0 if sample.honest or sample.label == "reliable" else None
    )
    low = None
    if sample.low_quality:
        low = 1
    elif sample.label == "reliable" or (sample.good and sample.kind in _ARTICLES):
        low = 0  # shops, forums, listings and the pages of hacked firms are neither good nor bad articles
    if spam is None and low is None:
        return
    view = tables.view(sample, sample.page)
    if spam is not None:
        source = f"{sample.set}_copied" if sample.label.endswith("copied") else sample.set
        tables.add(tables.spam, SPAM, view, spam, sample, source, True, number)
    if low is not None and sample.digest.words >= 150:
        tables.add(tables.quality, QUALITY, view, low, sample, sample.set, True, number)


def _made(sample: Sample, tables: PageTables, generators: list[Generator], rng: random.Random, number: int) -> None:
    for part, generator in enumerate(generators):
        family = rng.choice(PLANTINGS)
        made = generator.plant(sample.page, family, rng)
        if made is not None:
            view = tables.view(sample, made.page)
            tables.add(tables.spam, SPAM, view, 1, sample, f"family:{family}", part == 0, number)
    if sample.kind in _ARTICLES:
        spoiled = spoil(sample.page, rng)
        if spoiled is not None:
            view = tables.view(replace(sample, page=spoiled, digest=digest(spoiled, tables.spam.language)), spoiled)
            tables.add(tables.quality, QUALITY, view, 1, sample, "spoiled", True, number)

"""The tables that the page models learn from: spam against honest pages, low quality against good ones."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from auditor import language
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
from auditor.training.datasets import Sample, kept
from auditor.training.figures import Floats
from auditor.training.fit import Rows
from auditor.training.inject import Generator
from auditor.training.links import PAGES_A_SITE, generators
from auditor.training.parallel import in_order
from auditor.training.spoil import spoil
from auditor.training.table import Row, seen, table

Scorer = Callable[[str, str, Floats], Floats]
"""(model name, group, rows) → calibrated log-odds by a model that saw no page of the group."""

_ARTICLES = frozenset({"article", "post", "page", "other"})

PLANTINGS = (
    "geo-service", "product", "vice", "on-topic", "paragraph", "sentence", "hidden", "brand", "footer", "widget", "comment", "foreign",
    "query", "heap",
)  # fmt: skip
"""Families planted into the pages that the spam model learns from; comments and boxes among them so that taking such a link out counts."""
COMPANY = (0, 0, 0, 1, 3)
"""How many more links of the family are planted in the same page."""


@dataclass(frozen=True, slots=True)
class PageRow:
    """A row of one of the two heads."""

    quality: bool
    row: Row


def build(samples: Sequence[Sample], score: Scorer, seed: int) -> tuple[Rows, Rows]:
    """(spam rows, quality rows). English pages of at least `MINIMUM_WORDS`; pages of large sites also as pages alone."""
    english = [s for s in samples if s.digest.english and s.page.language == "en"]
    honest = [s for s in english if s.good and s.digest.words >= 120]
    crowd = Counter(s.site_name for s in honest)
    halves = generators(honest)

    def work(number: int) -> list[PageRow]:
        sample = samples[number]
        if not sample.digest.english or sample.page.language != "en" or sample.digest.words < MINIMUM_WORDS:
            return []
        rows = [row for placed in seen(sample) for row in _real(placed, score, number)]
        if sample.good and kept(sample.id, PAGES_A_SITE / crowd.get(sample.site_name, 1)):
            rows += _made(sample, score, halves, random.Random(f"{seed}:{sample.id}:page"), number)
        return rows

    found = [row for rows in in_order(work, len(samples)) for row in rows]
    return table([r.row for r in found if not r.quality]), table([r.row for r in found if r.quality])


def page_view(sample: Sample, page: Page, score: Scorer) -> PageView:
    """A page as the page models see it, with the verdicts of link and related models that never saw its site."""
    learned = language.load()
    read = sample.digest if page is sample.page else digest(page, learned)
    reading = Reading(page, read, sample.site, learned)
    views = reading.views()
    links = score("link", sample.site_name, LINK.matrix(views)).tolist() if views else []
    blocks = [BlockView(b, read, sample.site, learned) for b in own_blocks(sample)] if read.vector.any() else []
    related = score("related", sample.site_name, RELATED.matrix(blocks)).tolist() if blocks else []
    return PageView(reading, links, related)


def _real(sample: Sample, score: Scorer, number: int) -> Iterator[PageRow]:
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
    view = page_view(sample, sample.page, score)
    if spam is not None:
        source = f"{sample.set}_copied" if sample.label.endswith("copied") else sample.set
        yield PageRow(False, _row(SPAM, view, spam, sample, source, True, number))
    if low is not None and sample.digest.words >= 150:
        yield PageRow(True, _row(QUALITY, view, low, sample, sample.set, True, number))


def _made(
    sample: Sample, score: Scorer, halves: Sequence[Generator], rng: random.Random, number: int
) -> Iterator[PageRow]:
    for part, generator in enumerate(halves):
        family = rng.choice(PLANTINGS)
        made = generator.plant(sample.page, family, rng, rng.choice(COMPANY))
        if made is not None:
            view = page_view(sample, made.page, score)
            yield PageRow(False, _row(SPAM, view, 1, sample, f"family:{family}", part == 0, number))
    if sample.kind in _ARTICLES and (spoiled := spoil(sample.page, rng)) is not None:
        changed = replace(sample, page=spoiled, digest=digest(spoiled, language.load()))
        view = page_view(changed, spoiled, score)
        yield PageRow(True, _row(QUALITY, view, 1, sample, "spoiled", True, number))


def _row(
    catalogue: Catalogue[PageView],
    view: PageView,
    label: int,
    sample: Sample,
    source: str,
    train: bool,
    number: int,
) -> Row:
    return Row(catalogue.matrix([view]).tolist()[0], label, sample.site_name, source, train, number, sample.page.name)

"""The table that the link model learns from: real links of clean and hacked sites, and links planted into clean pages."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from auditor import language
from auditor.features.link import LINK
from auditor.features.reading import LinkView, Reading
from auditor.page.page import Kind, Page, Role
from auditor.page.prose import sentences
from auditor.site.digest import digest
from auditor.site.site import gather
from auditor.training.datasets import CLEAN, LinkLabels, Sample, kept
from auditor.training.fit import Rows
from auditor.training.inject import FAMILIES, Generator

HOST_FOLDS = {"teampro": 0, "lkredit": 1, "atsurgical": 2, "accentuate": 3}
"""Each hacked host is the test of one fold."""

PAGES_A_SITE = 60
"""About how many pages of one site get links planted, so that no blog's manner of writing becomes the model's."""
FAMILIES_A_PAGE = 6
HONEST_A_PAGE = 2


def targets(samples: Sequence[Sample]) -> list[str]:
    """External addresses in the articles of honest pages, one a host, in stable order."""
    found: dict[str, str] = {}
    for sample in samples:
        for link in sample.page.links:
            if link.external and sample.page.role(link.block) is Role.ARTICLE:
                found.setdefault(link.host, link.url)
    return [found[host] for host in sorted(found)]


def passages(samples: Sequence[Sample], limit: int = 4000) -> list[str]:
    """Sentences of honest pages, for planted paragraphs."""
    found: list[str] = []
    for sample in samples:
        for paragraph in sample.page.article[3:6]:
            if paragraph.kind is Kind.TEXT:
                found.extend(paragraph.text[a:b] for a, b in sentences(paragraph.text) if 40 < b - a < 300)
    return found[:limit]


class Table:
    """Collects rows; `rows()` gives the arrays."""

    def __init__(self) -> None:
        self.features: list[list[float]] = []
        self.notes: list[tuple[int, str, str, bool, int]] = []
        self.language = language.load()

    def add(self, values: list[float], label: int, group: str, source: str, train: bool, page: int) -> None:
        self.features.append(values)
        self.notes.append((label, group, source, train, page))

    def rows(self) -> Rows:
        label, group, source, train, page = zip(*self.notes, strict=True)
        return Rows(
            features=np.array(self.features, dtype=np.float64),
            label=np.array(label, dtype=np.int64),
            group=np.array(group),
            source=np.array(source),
            train=np.array(train, dtype=bool),
            page=np.array(page, dtype=np.int64),
            weight=np.ones(len(label)),
        )


def alone(sample: Sample) -> Sample:
    """The sample as a site of its own page, as `--each` or a first scan of one page sees it."""
    from dataclasses import replace

    return replace(sample, site=gather(sample.site_name, [(sample.page, sample.digest)]))


def build(samples: Sequence[Sample], data: Path, seed: int, families: Sequence[str] = FAMILIES) -> Rows:
    """Rows of real links, each also as its page alone, and of planted ones in both halves of the vocabulary."""
    table = Table()
    labels = LinkLabels(data, list(samples))
    rng = random.Random(seed)
    honest = [s for s in samples if s.set in CLEAN and s.digest.english and s.digest.words >= 120]
    generators = [Generator(part, targets(honest), passages(honest)) for part in (0, 1)]
    for number, sample in enumerate(samples):
        if not sample.digest.english or not sample.links_known:
            continue
        for index, seen in enumerate((sample, alone(sample)) if len(sample.site.entries) >= 10 else (sample,)):
            for values, label in _real(seen, labels, table, rng):
                table.add(
                    values, label, sample.site_name, sample.set, index == 0 or len(sample.site.entries) > 1, number
                )
    crowd = Counter(sample.site_name for sample in honest)
    for number, sample in enumerate(samples):
        wanted = sample.set in CLEAN and sample.digest.english and sample.digest.words >= 120
        if wanted and kept(sample.id, PAGES_A_SITE / crowd[sample.site_name]):
            _planted(sample, number, generators, families, table, rng)
    return table.rows()


def _real(sample: Sample, labels: LinkLabels, table: Table, rng: random.Random) -> Iterator[tuple[list[float], int]]:
    """At most 25 links of one page, so that a page of footnotes does not outweigh a post."""
    reading = Reading(sample.page, sample.digest, sample.site, table.language)
    views = reading.views()
    known = [(view, label) for view in views if (label := labels(sample, view.link)) is not None]
    if len(known) > 25:
        known = [known[i] for i in sorted(rng.sample(range(len(known)), 25))]
    matrix = LINK.matrix([view for view, _ in known])
    for values, (_, label) in zip(matrix.tolist(), known, strict=True):
        yield values, label


def _planted(
    sample: Sample, number: int, generators: list[Generator], families: Sequence[str], table: Table, rng: random.Random
) -> None:
    for part, generator in enumerate(generators):
        for _ in range(HONEST_A_PAGE):
            honest = generator.mention(sample.page, rng)
            if honest is not None and (values := link_row(honest.page, honest.link, sample, table)) is not None:
                table.add(values, 0, sample.site_name, "honest:mention", part == 0, number)
        for family in rng.sample(list(families), min(len(families), FAMILIES_A_PAGE)):
            made = generator.plant(sample.page, family, rng)
            if made is None:
                continue
            values = link_row(made.page, made.link, sample, table)
            if values is not None:
                table.add(values, 1, sample.site_name, f"family:{family}", part == 0, number)


def link_row(page: Page, link: int, sample: Sample, table: Table) -> list[float] | None:
    """Features of one link of a changed page, within the sample's own site."""
    reading = Reading(page, digest(page, table.language), sample.site, table.language)
    if page.links[link] not in reading.external:
        return None
    return LINK.matrix([LinkView(reading, page.links[link])]).tolist()[0]  # type: ignore[no-any-return]

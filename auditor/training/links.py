"""The table that the link model learns from: real links of clean and hacked sites, and links planted into clean pages."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from auditor import language
from auditor.features.link import LINK
from auditor.features.reading import LinkView, Reading
from auditor.page.page import Kind, Role
from auditor.page.prose import sentences
from auditor.site.digest import digest
from auditor.training.datasets import LinkLabels, Sample, kept
from auditor.training.fit import Rows
from auditor.training.honest import KINDS, vouch
from auditor.training.inject import FAMILIES, Generator
from auditor.training.parallel import in_order
from auditor.training.planting import Planted
from auditor.training.table import Row, seen, table

HOST_FOLDS = {"teampro": 0, "lkredit": 1, "atsurgical": 2, "accentuate": 3}
"""Each hacked host is the test of one fold."""

PAGES_A_SITE = 60
"""About how many pages of one site get links planted, so that no blog's manner of writing becomes the model's."""
FAMILIES_A_PAGE = 8
HONEST_A_PAGE = 3
COMPANY = (0, 0, 0, 0, 1, 1, 2, 4, 7)
"""How many more links of the family are planted in the same page: mostly none."""


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


def generators(honest: Sequence[Sample]) -> tuple[Generator, Generator]:
    """One for each half of the vocabulary, with the addresses and sentences of honest pages."""
    near, far = targets(honest), passages(honest)
    return Generator(0, near, far), Generator(1, near, far)


def build(samples: Sequence[Sample], data: Path, seed: int) -> Rows:
    """Rows of real links, each also as its page alone, and of planted ones in both halves of the vocabulary."""
    labels = LinkLabels(data, list(samples))
    honest = [s for s in samples if s.good and s.digest.english and s.digest.words >= 120]
    crowd = Counter(sample.site_name for sample in honest)
    halves = generators(honest)

    def work(number: int) -> list[Row]:
        sample = samples[number]
        if not sample.digest.english or not sample.links_known:
            return []
        rng = random.Random(f"{seed}:{sample.id}")
        rows = list(_real(sample, number, labels, rng))
        if sample.good and sample.digest.words >= 120 and kept(sample.id, PAGES_A_SITE / crowd[sample.site_name]):
            rows += _made(sample, number, halves, rng)
        return rows

    return table([row for rows in in_order(work, len(samples)) for row in rows])


def _real(sample: Sample, number: int, labels: LinkLabels, rng: random.Random) -> Iterator[Row]:
    """At most 25 links of one page, so that a page of footnotes does not outweigh a post; of large sites also as pages alone."""
    for placed in seen(sample):
        views = Reading(placed.page, placed.digest, placed.site, language.load()).views()
        known = [(view, label) for view in views if (label := labels(placed, view.link)) is not None]
        if len(known) > 25:
            known = [known[i] for i in sorted(rng.sample(range(len(known)), 25))]
        matrix = LINK.matrix([view for view, _ in known])
        for values, (view, label) in zip(matrix.tolist(), known, strict=True):
            yield Row(values, label, sample.site_name, sample.set, True, number, shown(view))


def _made(sample: Sample, number: int, halves: Sequence[Generator], rng: random.Random) -> Iterator[Row]:
    for part, generator in enumerate(halves):
        for kind in rng.sample(KINDS, HONEST_A_PAGE):
            if (vouched := vouch(sample.page, kind, generator.wording, rng)) is not None:
                yield from _row(vouched, sample, 0, f"honest:{kind}", part == 0, number)
        for family in rng.sample(FAMILIES, FAMILIES_A_PAGE):
            company = rng.choice(COMPANY)
            if (made := generator.plant(sample.page, family, rng, company)) is not None:
                yield from _row(made, sample, 1, f"family:{family}", part == 0, number)


def _row(made: Planted, sample: Sample, label: int, source: str, train: bool, number: int) -> Iterator[Row]:
    """The row of the link that was written into a page, within the page's own site."""
    learned = language.load()
    reading = Reading(made.page, digest(made.page, learned), sample.site, learned)
    link = made.page.links[made.link]
    for view in reading.views():
        if view.link is link:
            yield Row(LINK.matrix([view])[0].tolist(), label, sample.site_name, source, train, number, shown(view))


def shown(view: LinkView) -> str:
    """A link as a person reads it, for the lists of errors: its sentence with the anchor in brackets, and where it leads."""
    return f"{view.before[-90:]}[{view.link.anchor[:90]}]{view.after[:90]} → {view.link.url[:120]}"

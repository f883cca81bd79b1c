"""The table that the related model learns from: honest pages' own related blocks, and the same blocks with other sites' titles.

What is only measured stands apart as `Probe`s: twins with titles of other sites on the article's own topic, and the blocks of hacked
hosts and of a farm as they were found.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from auditor import language
from auditor.features.related import RELATED, BlockView, claims_relation
from auditor.language import Language
from auditor.page.page import Block, Role
from auditor.training.datasets import CLEAN, FARMS, Sample
from auditor.training.figures import Floats
from auditor.training.fit import Rows
from auditor.training.table import Row, seen, table

REAL = ("hacked_atsurgical", "hacked_accentuate", "farm_whywhatwho")
"""Sets whose related blocks are measured and never trained on."""
SAME_SUBJECT = "same subject"
BLOCKS_A_PAGE = 2
DRAWS = 2
"""How many pairs of twins each genuine block gets."""
FARM_SHARE = 0.4
"""Share of the foreign sites that are farms: what they write is what such lists are filled with."""
SPARED = 0.25
"""Share of the twins that keep one of their own entries."""

_PART = re.compile(r"\s+[|»–—·:-]+\s+")


@dataclass(frozen=True, slots=True)
class Probe:
    """A block that is measured and never trained on."""

    name: str
    """`SAME_SUBJECT`, or set and label of a real one."""
    group: str
    values: Floats
    """Its features, shape (1, features)."""
    excused: bool
    """Is about the site's own subject (`BlockView.own_subject`), and so never reported."""


@dataclass(frozen=True, slots=True)
class Headlines:
    """Titles of English pages, to be swapped in."""

    by_site: Mapping[str, tuple[tuple[str, str], ...]]
    """Site → (title, its page's topic)."""
    by_topic: Mapping[str, Mapping[str, tuple[str, ...]]]
    """Topic → site → titles."""
    farms: tuple[str, ...]

    @classmethod
    def gather(cls, samples: Sequence[Sample]) -> Headlines:
        """The titles of clean sites and farms, sorted, each once a site; none of a set whose own blocks are measured."""
        found: set[tuple[str, str, str]] = set()
        farms: set[str] = set()
        for sample in samples:
            title = headline(sample.page.title)
            usable = sample.digest.english and sample.digest.topic and title.count(" ") >= 2
            if usable and sample.set in (*CLEAN, *FARMS) and sample.set not in REAL:
                found.add((sample.site_name, title, sample.digest.topic))
                if sample.set in FARMS:
                    farms.add(sample.site_name)
        by_site: dict[str, list[tuple[str, str]]] = {}
        by_topic: dict[str, dict[str, list[str]]] = {}
        for site, title, topic in sorted(found):
            by_site.setdefault(site, []).append((title, topic))
            by_topic.setdefault(topic, {}).setdefault(site, []).append(title)
        return cls(
            {site: tuple(titles) for site, titles in by_site.items()},
            {t: {site: tuple(titles) for site, titles in sites.items()} for t, sites in by_topic.items()},
            tuple(sorted(farms)),
        )

    def site(self, sample: Sample, rng: random.Random) -> str | None:
        """Another site, drawn by site and not by page, so that no blog's manner of writing becomes the model's."""
        farms = [name for name in self.farms if name != sample.site_name]
        others = [name for name in self.by_site if name != sample.site_name]
        pool = farms if farms and rng.random() < FARM_SHARE else others
        return rng.choice(pool) if pool else None

    def other(self, sample: Sample, rng: random.Random, site: str | None = None) -> str | None:
        """A title of another site (or of that one) whose page is on another topic than the sample; None where none turns up."""
        for _ in range(60):
            name = site or self.site(sample, rng)
            if name is None:
                return None
            title, topic = rng.choice(self.by_site[name])
            if topic != sample.digest.topic:
                return title
        return None

    def same(self, sample: Sample, rng: random.Random) -> str | None:
        """A title of another site whose page is on the sample's topic; None where there is none."""
        sites = self.by_topic.get(sample.digest.topic, {})
        names = [name for name in sites if name != sample.site_name]
        return rng.choice(sites[rng.choice(names)]) if names else None


def headline(title: str) -> str:
    """A page's title without the site's name, which no list of posts repeats: its longest part."""
    return max(_PART.split(title), key=len).strip()


def own_blocks(sample: Sample) -> list[Block]:
    """The page's related blocks that claim a relation and hold enough titles to be judged."""
    return [b for b in sample.page.blocks if b.role is Role.RELATED and claims_relation(b)][:BLOCKS_A_PAGE]


def swapped(block: Block, draw: Callable[[], str | None], rng: random.Random) -> Block | None:
    """The block with its titles replaced by drawn ones (all of them, or all but one); None where one cannot be had."""
    spare = rng.randrange(len(block.items)) if len(block.items) > 2 and rng.random() < SPARED else -1
    titles = [draw() for _ in block.items]
    items = tuple(
        item if place == spare or title is None else replace(item, title=title)
        for place, (item, title) in enumerate(zip(block.items, titles, strict=True))
    )
    return replace(block, items=items) if None not in titles else None


def _twins(block: Block, sample: Sample, headlines: Headlines, rng: random.Random) -> Iterator[tuple[str, Block]]:
    """(source, block): titles of many sites, as link sellers mix them, and titles of one, as farms and hacked hosts list their own."""
    for _ in range(DRAWS):
        twin = swapped(block, partial(headlines.other, sample, rng), rng)
        if twin is not None:
            yield "swapped", twin
        site = headlines.site(sample, rng)
        twin = swapped(block, partial(headlines.other, sample, rng, site), rng) if site else None
        if twin is not None:
            yield "swapped:one-site", twin


def _rng(seed: int, sample: Sample, purpose: str) -> random.Random:
    """Of its own for every sample: what is drawn for one does not hang on how many came before it."""
    return random.Random(f"{seed}:{sample.id}:{purpose}")


def _view(block: Block, sample: Sample, learned: Language) -> BlockView | None:
    """None where no title holds a known word: no verdict is given on such a block."""
    view = BlockView(block, sample.digest, sample.site, learned)
    return view if np.isfinite(view.similarities).any() else None


def build(samples: Sequence[Sample], seed: int) -> Rows:
    """Genuine blocks (0) and their twins (1), each in its site and as a page alone; pages of any clean set, English only."""
    learned = language.load()
    headlines = Headlines.gather(samples)
    rows: list[Row] = []
    for number, sample in enumerate(samples):
        if sample.set not in CLEAN or not sample.digest.vector.any():
            continue
        rng = _rng(seed, sample, "swap")
        for block in own_blocks(sample):
            drawn = [(sample.set, block), *_twins(block, sample, headlines, rng)]
            for placed in seen(sample):
                views = [(source, _view(variant, placed, learned)) for source, variant in drawn]
                known = [(source, view) for source, view in views if view is not None]
                if views[0][1] is None or len(known) < 2:
                    continue
                matrix = RELATED.matrix([view for _, view in known]).tolist()
                for (source, _), values in zip(known, matrix, strict=True):
                    rows.append(Row(values, int(source != sample.set), sample.site_name, source, True, number))
    return table(rows)


def probes(samples: Sequence[Sample], seed: int) -> list[Probe]:
    """Twins of the genuine blocks on the article's own topic, and the real blocks of `REAL`."""
    learned = language.load()
    headlines = Headlines.gather(samples)
    found: list[Probe] = []
    for sample in samples:
        if sample.set not in (*CLEAN, *REAL) or not sample.digest.vector.any():
            continue
        rng = _rng(seed, sample, "same")
        real = sample.set in REAL
        for block in own_blocks(sample):
            measured = block if real else swapped(block, partial(headlines.same, sample, rng), rng)
            for placed in (sample,) if real else seen(sample):
                view = _view(measured, placed, learned) if measured is not None else None
                if view is not None:
                    name = f"{sample.set} {sample.label}" if real else SAME_SUBJECT
                    found.append(Probe(name, sample.site_name, RELATED.matrix([view]), view.own_subject))
    return found

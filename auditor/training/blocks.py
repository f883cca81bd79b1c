"""The table that the related model learns from: honest pages' own related blocks, and the same blocks with other sites' titles."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from auditor import language
from auditor.features.related import RELATED, BlockView, claims_relation
from auditor.page.page import Block, Role
from auditor.training.datasets import CLEAN, FARMS, Sample
from auditor.training.fit import Rows
from auditor.training.links import Table, alone


def own_blocks(sample: Sample) -> list[Block]:
    """The page's related blocks that claim a relation and hold enough titles to be judged."""
    return [b for b in sample.page.blocks if b.role is Role.RELATED and claims_relation(b)]


def swapped(block: Block, titles: Sequence[tuple[str, str]], sample: Sample, rng: random.Random) -> Block:
    """The block with its titles replaced by other sites' (all of them, or all but one)."""
    foreign = [title for site, title in titles if site != sample.site_name]
    spare = rng.randrange(len(block.items)) if rng.random() < 0.25 and len(block.items) > 2 else -1
    items = tuple(
        item if index == spare else replace(item, title=rng.choice(foreign)) for index, item in enumerate(block.items)
    )
    return replace(block, items=items)


def build(samples: Sequence[Sample], seed: int) -> Rows:
    """Genuine blocks (0) and swapped twins (1), each in its site and as a page alone; pages of any clean set, English only."""
    table = Table()
    learned = language.load()
    rng = random.Random(seed)
    wanted = (*CLEAN, *FARMS)
    titles = sorted(
        {(s.site_name, s.page.title) for s in samples if s.set in wanted and s.digest.english and s.page.title}
    )
    for number, sample in enumerate(samples):
        if sample.set not in CLEAN or not sample.digest.vector.any():
            continue
        for block in own_blocks(sample)[:2]:
            twin = swapped(block, titles, sample, rng)
            for seen in (sample, alone(sample)) if len(sample.site.entries) >= 10 else (sample,):
                views = [BlockView(b, seen.digest, seen.site, learned) for b in (block, twin)]
                if not all(np.isfinite(view.similarities).any() for view in views):
                    continue
                for label, values in enumerate(RELATED.matrix(views).tolist()):
                    table.add(values, label, sample.site_name, "own" if label == 0 else "swapped", True, number)
    return table.rows()

"""Plain text: are planted phrases found where no anchor marks them, in drafts, exports and text whose links were stripped?"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from auditor import language
from auditor.features.phrases import stray_phrases
from auditor.page.page import Page
from auditor.site.digest import digest
from auditor.training.datasets import Sample
from auditor.training.figures import counted
from auditor.training.inject import Generator
from auditor.training.parallel import in_order

FAMILIES = ("geo-service", "vice", "product")
"""What is planted; there is a target for the first alone."""
WORDS = 150
"""Words of article from which the check on planted phrases looks."""


@dataclass(frozen=True, slots=True)
class Searched:
    """What was found in one page."""

    alarm: bool
    """A phrase in the page as it was."""
    found: dict[str, bool]
    """Family → whether the phrase that was planted was found, where one could be."""


def measure(samples: Sequence[Sample], seed: int) -> dict[str, Any]:
    """Recall of planted phrases by family on clean pages without their links, with words of both halves (nothing is trained here), and
    the share of those pages with a phrase found that nobody planted."""
    honest = [s for s in samples if s.good and s.digest.english and s.page.language == "en" and s.digest.words >= WORDS]
    generator = Generator(None, [], [])
    learned = language.load()

    def hits(page: Page) -> list[tuple[int, int, int]]:
        plain = replace(page, links=())
        return [(s.paragraph, s.start, s.end) for s in stray_phrases(plain, digest(plain, learned), learned)]

    def work(index: int) -> Searched:
        sample = honest[index]
        rng = random.Random(f"{seed}:{sample.id}:plain")
        found = {}
        for family in FAMILIES:
            if (made := generator.plant(sample.page, family, rng)) is not None:
                link = made.page.links[made.link]
                found[family] = any(
                    p == link.paragraph and start < link.end and end > link.start for p, start, end in hits(made.page)
                )
        return Searched(bool(hits(sample.page)), found)

    searched = in_order(work, len(honest))
    return {
        "clean_flagged": counted(sum(s.alarm for s in searched), len(searched)),
        "recall": {
            family: counted(
                sum(s.found[family] for s in searched if family in s.found), sum(family in s.found for s in searched)
            )
            for family in FAMILIES
        },
    }

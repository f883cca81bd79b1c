"""Table: the rows that a model learns from, gathered one by one and made into arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from auditor.site.site import MINIMUM_PAGES, gather
from auditor.training.datasets import Sample
from auditor.training.fit import Rows


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a training table; its fields are those of `Rows`."""

    features: list[float]
    label: int
    group: str
    source: str
    train: bool
    page: int
    note: str = ""


def table(rows: Sequence[Row]) -> Rows:
    """The arrays of a table."""
    return Rows(
        features=np.array([row.features for row in rows], dtype=np.float64),
        label=np.array([row.label for row in rows], dtype=np.int64),
        group=np.array([row.group for row in rows]),
        source=np.array([row.source for row in rows]),
        train=np.array([row.train for row in rows], dtype=bool),
        page=np.array([row.page for row in rows], dtype=np.int64),
        weight=np.ones(len(rows)),
        note=np.array([row.note for row in rows]),
    )


def seen(sample: Sample) -> tuple[Sample, ...]:
    """In its site, and as a page alone where the site is large enough to make a difference."""
    return (sample, alone(sample)) if sample.site.pages >= MINIMUM_PAGES else (sample,)


def alone(sample: Sample) -> Sample:
    """The sample as a site of its own page, as `--each` or a first scan of one page sees it."""
    return replace(sample, site=gather(sample.site_name, [(sample.page, sample.digest)]))

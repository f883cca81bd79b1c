"""Inventory: every domain that a site links to, counted in one pass that keeps a small record for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from auditor.outbound.kind import Kind
from auditor.outbound.signs import Signs
from auditor.outbound.use import Use, of_result
from auditor.report import LinkLabel, PageResult

EXAMPLES = 3
"""Pages that are named as examples."""
ANCHORS = 5
"""Anchors that are shown, the most frequent first."""
KEPT = 40
"""Different anchors of a domain that are counted; those that come later are not."""
LONGEST = 120
"""Characters of an anchor that are kept."""
READ = 100
"""Links of a domain that are read for its kind; more would say the same."""

RELS = ("nofollow", "sponsored", "ugc")


@dataclass(frozen=True, slots=True)
class Domain:
    """One domain that a site links to."""

    site: str
    name: str
    """Registrable domain, as `urls.spelt`."""
    pages: int
    """How many pages of the site link to it."""
    links: int
    examples: tuple[str, ...]
    """The first pages that do."""
    anchors: tuple[tuple[str, int], ...]
    """The most frequent ones, with how often."""
    rels: Mapping[str, int]
    """Links by `nofollow`, `sponsored`, `ugc` and `none` of these."""
    blocks: Mapping[str, int]
    """Links by where on the page they stand: article, footer, comments …"""
    label: LinkLabel | None
    """The worst of its links'; None where nobody judged them."""
    flagged: int
    """How many of its links have that label, where it is a bad one."""
    topic: str
    """What most pages that link to it are about; empty where that is not known."""
    kind: Kind
    first_seen: date | None = None
    new: bool | None = None
    """Whether it was not there before; None where nothing is known to compare with."""


@dataclass(slots=True)
class _Record:
    """What is kept of a domain while its links are counted."""

    pages: int = 0
    links: int = 0
    last: str | None = None
    examples: list[str] = field(default_factory=list)
    anchors: dict[str, int] = field(default_factory=dict)
    rels: dict[str, int] = field(default_factory=dict)
    blocks: dict[str, int] = field(default_factory=dict)
    topics: dict[str, int] = field(default_factory=dict)
    labels: dict[str, int] = field(default_factory=dict)
    signs: Signs = field(default_factory=Signs)


class Inventory:
    """Domains by site. The links of a page have to come together, those of a site's pages in any order."""

    def __init__(self) -> None:
        self._records: dict[tuple[str, str], _Record] = {}

    def __len__(self) -> int:
        return len(self._records)

    def add(self, use: Use) -> None:
        """Count a link in."""
        key = use.site, use.domain
        record = self._records.get(key)
        if record is None:
            record = self._records[key] = _Record()
        if record.last != use.page:
            record.last = use.page
            record.pages += 1
            if len(record.examples) < EXAMPLES:
                record.examples.append(use.page)
            if use.topic:
                _count(record.topics, use.topic)
        anchor = " ".join(use.anchor[: 2 * LONGEST].split())[:LONGEST]
        if anchor in record.anchors or len(record.anchors) < KEPT:
            _count(record.anchors, anchor)
        marks = [mark for mark in RELS if mark in use.rel] or ["none"]
        for mark in marks:
            _count(record.rels, mark)
        _count(record.blocks, use.block)
        if use.label is not None:
            _count(record.labels, use.label)
        record.links += 1
        if record.links <= READ:
            record.signs.add(use.domain, use.href, use.anchor)

    def domains(self) -> list[Domain]:
        """All of them, by site and name."""
        return [_domain(site, name, record) for (site, name), record in sorted(self._records.items())]


def inventory(pages: Iterable[PageResult]) -> list[Domain]:
    """Every domain that the pages of a report link to, by site and name. One pass; a large site's pages are read from the store."""
    counted = Inventory()
    for page in pages:
        for use in of_result(page):
            counted.add(use)
    return counted.domains()


def _domain(site: str, name: str, record: _Record) -> Domain:
    label = next((label for label in reversed(LinkLabel) if label in record.labels), None)
    return Domain(
        site=site,
        name=name,
        pages=record.pages,
        links=record.links,
        examples=tuple(record.examples),
        anchors=tuple(_ranked(record.anchors)[:ANCHORS]),
        rels=dict(sorted(record.rels.items())),
        blocks=dict(_ranked(record.blocks)),
        label=label,
        flagged=record.labels[label] if label and label is not LinkLabel.OK else 0,
        topic=next((topic for topic, _ in _ranked(record.topics)), ""),
        kind=record.signs.kind(),
    )


def _count(counts: dict[str, int], key: str) -> None:
    counts[key] = counts.get(key, 0) + 1


def _ranked(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))

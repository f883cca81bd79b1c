"""Results as bytes: what a store keeps of an audit, and back; exact, and nothing in it is ever executed."""

from __future__ import annotations

import re
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec
import numpy as np

from auditor.fold import apart
from auditor.judge import Models
from auditor.model.verdict import Shares, Verdict
from auditor.page.snapshot import Failure
from auditor.page.standing import Standing
from auditor.report import (
    Degree,
    Finding,
    HealthCard,
    Label,
    LinkLabel,
    LinkResult,
    Omission,
    PageResult,
    RelatedItem,
    RelatedResult,
    Report,
    SiteResult,
    Skipped,
    Suppressed,
    plain,
)
from auditor.site.entry import Entry
from auditor.store.findings import Findings

_SURROGATE = re.compile("[\ud800-\udfff]")

Table = tuple[tuple[str, ...], tuple[str, ...], tuple[int, ...]]
"""Features, phrases and signs of a model: what its verdicts are about, kept once a run instead of once a verdict."""

_Odds = tuple[float, float, float, str, bytes, bytes]
"""A verdict: probability, log-odds, bias, the table's name, values, weights (8-byte floats)."""


class _Link(msgspec.Struct, array_like=True):
    href: str | None
    anchor: str
    rel: tuple[str, ...]
    block: str
    line: int | None
    column: int | None
    injected: _Odds | None
    label: LinkLabel


class _Related(msgspec.Struct, array_like=True):
    block: str
    items: tuple[RelatedItem, ...]
    off_topic: _Odds | None


class _Page(msgspec.Struct, array_like=True):
    url: str | None
    path: str | None
    status: int | None
    language: str
    title: str
    topic: str
    health: Degree | None
    label: Label
    spam: _Odds | None
    quality: _Odds | None
    links: tuple[_Link, ...]
    related: tuple[_Related, ...]
    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...]
    card: HealthCard | None


class _Entry(msgspec.Struct, array_like=True):
    name: str
    url: str
    title: str
    canonical: str
    topic: str
    vector: bytes
    shares: bytes
    related: tuple[str, ...]
    hosts: tuple[str, ...]
    standing: tuple[Standing, ...]
    framed: bool
    code: int
    description: str
    noindex: bool
    hreflang: tuple[tuple[str, str], ...]
    inward: bytes
    signature: bytes
    words: int
    outward: int
    published: str
    authors: tuple[str, ...]
    credits: tuple[tuple[str, str], ...]
    outbound: tuple[str, ...]


class _Report(msgspec.Struct):
    source: tuple[str, ...]
    started_at: datetime
    version: str
    models: dict[str, str]
    sites: tuple[SiteResult, ...]
    skipped: tuple[Skipped, ...]
    failures: tuple[Failure, ...]
    omitted: tuple[Omission, ...]
    notices: tuple[Finding, ...]
    tables: dict[str, Table]
    told: tuple[int, ...]
    checks: tuple[str, ...] = ()


_ENCODER = msgspec.msgpack.Encoder(enc_hook=plain)
_PAGE = msgspec.msgpack.Decoder(_Page)
_ENTRY = msgspec.msgpack.Decoder(_Entry)


class Codec:
    """Between results and bytes; `tables` say what the numbers of their verdicts mean."""

    def __init__(self, tables: Mapping[str, Table]) -> None:
        self.tables = dict(tables)
        self._names = {table: name for name, table in self.tables.items()}  # two models may look at the same features

    @classmethod
    def of(cls, models: Models) -> Codec:
        """For what these models say."""
        return cls({m.name: (tuple(m.features), tuple(m.phrases), tuple(m.signs)) for m in models.additive})

    def encode(self, page: PageResult) -> bytes:
        return _bytes(
            _Page(
                page.url, page.path, page.status, page.language, page.title, page.topic, page.health, page.label,
                self._odds(page.spam),
                self._odds(page.quality),
                tuple(
                    _Link(k.href, k.anchor, k.rel, k.block, k.line, k.column, self._odds(k.injected), k.label)
                    for k in page.links
                ),
                tuple(_Related(r.block, r.items, self._odds(r.off_topic)) for r in page.related),
                _plain(page.findings),
                _plain_suppressed(page.suppressed),
                page.card,
            )
        )  # fmt: skip

    def decode(self, data: bytes) -> PageResult:
        """Raises msgspec.MsgspecError where the bytes are of something else."""
        page = _PAGE.decode(data)
        return PageResult(
            page.url, page.path, page.status, page.language, page.title, page.topic, page.health, page.label,
            self._verdict(page.spam),
            self._verdict(page.quality),
            tuple(
                LinkResult(k.href, k.anchor, k.rel, k.block, k.line, k.column, self._verdict(k.injected), k.label)
                for k in page.links
            ),
            tuple(RelatedResult(r.block, r.items, self._verdict(r.off_topic)) for r in page.related),
            page.findings,
            page.suppressed,
            page.card,
        )  # fmt: skip

    def _odds(self, verdict: Verdict | None) -> _Odds | None:
        if verdict is None:
            return None
        shares = verdict.contributions
        if not isinstance(shares, Shares):
            raise TypeError("a verdict whose contributions are not its model's cannot be kept")
        values, weights = array("d", shares.values).tobytes(), array("d", shares.weights).tobytes()
        features, phrases, signs = shares.table
        name = self._names[tuple(features), tuple(phrases), tuple(signs)]
        return verdict.probability, verdict.log_odds, verdict.bias, name, values, weights

    def _verdict(self, odds: _Odds | None) -> Verdict | None:
        if odds is None:
            return None
        probability, log_odds, bias, name, values, weights = odds
        return Verdict(probability, log_odds, bias, Shares(*self.tables[name], array("d", values), array("d", weights)))


class StoredPages(Collection[PageResult]):
    """The pages of a stored report, read when they are asked for, so that a large site's never stand in memory together."""

    def __init__(self, findings: Findings, codec: Codec, told: Set[int], site: str | None = None) -> None:
        """`told` are the marks (`auditor.fold`) of what is told of the sites instead; `site` is the one that is meant, None for all."""
        self._findings = findings
        self._codec = codec
        self._told = told
        self._site = site

    def __len__(self) -> int:
        return self._findings.count(self._site)

    def of(self, site: str) -> StoredPages:
        """Those of one site."""
        return StoredPages(self._findings, self._codec, self._told, site)

    def __iter__(self) -> Iterator[PageResult]:
        return (page for _, _, page in self.numbered())

    def numbered(self) -> Iterator[tuple[str, int, PageResult]]:
        """Each with its site and the number of its document."""
        for site in self._findings.judged_sites() if self._site is None else (self._site,):
            for number, data in self._findings.numbered(site):
                yield site, number, self.read(site, data)

    def read(self, site: str, data: bytes) -> PageResult:
        """One page from its bytes."""
        return apart(self._codec.decode(data), self._told, site)

    def __contains__(self, page: object) -> bool:
        return any(page == one for one in self)


class StoredEntries(Iterable[Entry]):
    """The entries of a site, read from the store each time."""

    def __init__(self, findings: Findings, site: str) -> None:
        self._findings = findings
        self._site = site

    def __iter__(self) -> Iterator[Entry]:
        return map(decode_entry, self._findings.entries(self._site))


def encode_entry(one: Entry) -> bytes:
    return _bytes(
        _Entry(
            one.name, one.url, one.title, one.canonical, one.topic, one.vector.tobytes(), one.shares.tobytes(),
            tuple(sorted(one.related)), tuple(sorted(one.hosts)), tuple(sorted(one.standing)), one.framed,
            one.code, one.description, one.noindex, one.hreflang, one.inward.tobytes(), one.signature.tobytes(), one.words,
            one.outward, one.published, one.authors, tuple(sorted(one.credits)),
            tuple(sorted(one.outbound)),
        )
    )  # fmt: skip


def decode_entry(data: bytes) -> Entry:
    one = _ENTRY.decode(data)
    return Entry(
        one.name, one.url, one.title, one.canonical, one.topic,
        np.frombuffer(one.vector, dtype=np.float32),
        np.frombuffer(one.shares, dtype=np.float64),
        frozenset(one.related), frozenset(one.hosts), frozenset(one.standing), one.framed,
        one.code, one.description, one.noindex, one.hreflang,
        np.frombuffer(one.inward, dtype=np.int64),
        np.frombuffer(one.signature, dtype=np.uint32),
        one.words, one.outward, one.published, one.authors, frozenset(one.credits),
        frozenset(one.outbound),
    )  # fmt: skip


def encode_report(report: Report, codec: Codec, told: Set[int]) -> bytes:
    """All of a report but its pages; of these only what is told of their sites instead (marks of `auditor.fold`)."""
    return _bytes(
        _Report(
            report.source,
            report.started_at,
            report.version,
            dict(report.models),
            tuple(_plain_site(site) for site in report.sites),
            report.skipped,
            report.failures,
            report.omitted,
            _plain(report.notices),
            codec.tables,
            tuple(sorted(told)),
            report.checks,
        )
    )


def decode_report(data: bytes, findings: Findings) -> Report:
    """A stored report, its pages left where they are.

    Raises msgspec.MsgspecError where the bytes are of something else.
    """
    kept = msgspec.msgpack.decode(data, type=_Report)
    pages = StoredPages(findings, Codec(kept.tables), frozenset(kept.told))
    parts = (kept.source, kept.started_at, kept.version, kept.models, kept.sites)
    return Report(*parts, pages, kept.skipped, kept.failures, kept.omitted, kept.notices, kept.checks)


def _plain_site(site: SiteResult) -> SiteResult:
    return replace(site, findings=_plain(site.findings), suppressed=_plain_suppressed(site.suppressed))


def _plain(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(replace(f, evidence=plain(f.evidence)) for f in findings)


def _plain_suppressed(suppressed: Iterable[Suppressed]) -> tuple[Suppressed, ...]:
    return tuple(replace(one, finding=replace(one.finding, evidence=plain(one.finding.evidence))) for one in suppressed)


def _bytes(value: Any) -> bytes:
    try:
        return _ENCODER.encode(value)
    except UnicodeEncodeError:  # half a character, out of a page's JSON: nothing that UTF-8 can hold
        return _ENCODER.encode(_whole(msgspec.to_builtins(value, enc_hook=plain, builtin_types=(bytes,))))


def _whole(value: Any) -> Any:
    match value:
        case str():
            return _SURROGATE.sub("\ufffd", value)
        case list() | tuple():
            return [_whole(inner) for inner in value]
        case dict():
            return {_whole(key): _whole(inner) for key, inner in value.items()}
    return value

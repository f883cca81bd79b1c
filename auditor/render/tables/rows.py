"""Rows: the three tables of a report, their columns with types, and their rows in one pass over the pages."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

from auditor import urls
from auditor.model.verdict import Verdict
from auditor.report import (
    Finding,
    LinkLabel,
    LinkResult,
    PageResult,
    Report,
    Severity,
    Suppressed,
    plain,
)

Value = str | int | float | None
Row = tuple[Value, ...]

_LONE = re.compile("[\ud800-\udfff]")


class Table(StrEnum):
    """What one row is about; the value names the file or sheet."""

    PAGES = "pages"
    LINKS = "links"
    FINDINGS = "findings"


@dataclass(frozen=True, slots=True)
class Column:
    """A column; in every row a cell is of its type or empty."""

    name: str
    type: type[str] | type[int] | type[float]
    holds: str
    """In words, for the README."""


_PLACE = (
    Column("url", str, "address of the page; empty for a file without one"),
    Column("path", str, "the file it was read from; empty for what was fetched"),
)

COLUMNS: dict[Table, tuple[Column, ...]] = {
    Table.PAGES: (
        *_PLACE,
        Column("site", str, "registrable domain of the address; empty for a file without one"),
        Column("status", int, "HTTP status; empty for files"),
        Column("language", str, "language of the text"),
        Column("title", str, "title"),
        Column("topic", str, "what it is about"),
        Column("health_degree", str, "advice, related or none; empty where that cannot be told"),
        Column("verdict", str, "clean, low-quality or spam"),
        Column("spam", float, "probability that the page is spam, 0 to 1"),
        Column("quality", float, "probability that it is of low quality, 0 to 1"),
        Column("links", int, "links to other sites, and planted phrases"),
        Column("injected_links", int, "of these, judged injected"),
        Column("suspicious_links", int, "of these, judged suspicious"),
        Column("findings", int, "findings that are not suppressed"),
        Column("high", int, "of these, of high severity"),
        Column("medium", int, "of medium severity"),
        Column("low", int, "of low severity"),
        Column("info", int, "for information"),
        Column("suppressed", int, "findings that somebody asked to be silent about"),
    ),
    Table.LINKS: (
        *_PLACE,
        Column("line", int, "where on the page, from 1"),
        Column("column", int, "in characters, from 1"),
        Column("href", str, "where it leads; empty for a planted phrase that nothing links"),
        Column("domain", str, "registrable domain it leads to"),
        Column("anchor", str, "its words"),
        Column("rel", str, "its rel values, parted by spaces"),
        Column("block", str, "where on the page: article, footer, comments …"),
        Column("label", str, "ok, suspicious or injected"),
        Column("probability", float, "that it was injected, 0 to 1; empty where no model applies"),
        Column("reasons", str, "what speaks most for that, parted by “; ”"),
        Column("page_verdict", str, "of the page that it is on"),
    ),
    Table.FINDINGS: (
        *_PLACE,
        Column("scope", str, "page, site, or run for the settings themselves"),
        Column("site", str, "of a finding about a site, which one"),
        Column("line", int, "from 1; empty for the page as a whole"),
        Column("column", int, "in characters, from 1"),
        Column("check", str, "which check"),
        Column("severity", str, "info, low, medium or high"),
        Column("confidence", str, "low, medium or high"),
        Column("message", str, "what is wrong"),
        Column("fix", str, "what to do"),
        Column("snippet", str, "the words around it, what it is about between « and »"),
        Column("evidence", str, "what it rests on, as JSON"),
        Column("fingerprint", str, "stable identity"),
        Column("suppressed_by", str, "empty, or what asked for silence: comment, config …"),
        Column("suppressed_reason", str, "why, as given there"),
    ),
}


def rows(report: Report) -> Iterator[tuple[Table, Row]]:
    """Every row, page by page, so that a large site's report never stands in memory as a whole; those of a table in the report's order.

    Text is as the report has it, but for halves of surrogate pairs, which no file can hold; numbers are finite. Escaping is the writers'.
    """
    for table, row in _rows(report):
        yield table, tuple(_sound(value) for value in row)


def _rows(report: Report) -> Iterator[tuple[Table, Row]]:
    for notice in report.notices:
        yield Table.FINDINGS, _finding(notice, "run", None)
    for site in report.sites:
        for finding in site.findings:
            yield Table.FINDINGS, _finding(finding, "site", site.site)
        for silenced in site.suppressed:
            yield Table.FINDINGS, _finding(silenced.finding, "site", site.site, silenced)
    for page in report.pages:
        yield Table.PAGES, _page(page)
        for link in page.links:
            yield Table.LINKS, _link(page, link)
        for finding in page.findings:
            yield Table.FINDINGS, _finding(finding, "page", None, page=page)
        for silenced in page.suppressed:
            yield Table.FINDINGS, _finding(silenced.finding, "page", None, silenced, page)


def _page(page: PageResult) -> Row:
    severities = Counter(finding.severity for finding in page.findings)
    labels = Counter(link.label for link in page.links)
    return (
        page.url, page.path, urls.site(page.url or "") or None, page.status, page.language, page.title, page.topic,
        page.health, page.label, _probability(page.spam), _probability(page.quality),
        len(page.links), labels[LinkLabel.INJECTED], labels[LinkLabel.SUSPICIOUS],
        len(page.findings), *(severities[severity] for severity in reversed(Severity)), len(page.suppressed),
    )  # fmt: skip


def _link(page: PageResult, link: LinkResult) -> Row:
    reasons = link.injected.reasons() if link.injected and link.label is not LinkLabel.OK else ()
    return (
        page.url, page.path, link.line, link.column, link.href, urls.site((link.href or "").strip()) or None, link.anchor,
        " ".join(link.rel), link.block, link.label, _probability(link.injected),
        "; ".join(reason.words for reason in reasons), page.label,
    )  # fmt: skip


def _finding(
    finding: Finding, scope: str, site: str | None, silenced: Suppressed | None = None, page: PageResult | None = None
) -> Row:
    place = finding.location
    evidence = json.dumps(plain(finding.evidence), ensure_ascii=False, sort_keys=True) if finding.evidence else None
    return (
        place.url or (page.url if page else None), place.path or (page.path if page else None), scope, site,
        place.line, place.column, finding.check, finding.severity, finding.confidence, finding.message, finding.fix,
        place.snippet, evidence, finding.fingerprint,
        silenced.by if silenced else None, silenced.reason if silenced else None,
    )  # fmt: skip


def _probability(verdict: Verdict | None) -> float | None:
    return float(verdict.probability) if verdict is not None and isfinite(verdict.probability) else None


def _sound(value: Value) -> Value:
    """Empty text is an empty cell: no format then tells the two apart where another cannot."""
    if not isinstance(value, str):
        return value
    return (str(value) if value.isascii() else _LONE.sub("\ufffd", str(value))) or None

"""Outbound domains → a terminal, JSON or CSV, and the links to one of them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from auditor.outbound.inventory import Domain
from auditor.outbound.kind import Kind
from auditor.outbound.use import Use
from auditor.render.cells import cell
from auditor.render.text import count, cut, escape_terminal
from auditor.report import LinkLabel

SCHEMA = 1
NARROW = 72
"""Columns below which a domain takes several lines."""


def table(domains: Sequence[Domain], width: int, *, source: str) -> Iterator[str]:
    """Domains for people, in lines of at most `width` columns; 0 for as long as they come."""
    sites = {domain.site for domain in domains}
    narrow = 0 < width < NARROW
    longest = 60 if not width else 28 if width < 100 else 40
    name_width = min(max((len(d.name) for d in domains), default=0), longest)
    dated = any(domain.first_seen for domain in domains)
    if domains and not narrow:
        yield _row("domain", "pages", "links", "kind", "first seen" if dated else None, "", name_width)
    for site in sorted(sites):
        if len(sites) > 1:
            yield ""
            yield cut(escape_terminal(site) or "files without an address", width or 300)
        for domain in domains:
            if domain.site == site:
                lines = _narrow(domain) if narrow else _broad(domain, name_width, dated)
                yield from (cut(line, width) if width else line for line in lines)
    if domains:
        yield ""
    new = sum(domain.new is True for domain in domains)
    parts = [count(len(domains), "domain")]
    if any(domain.new is not None for domain in domains):
        parts.append(f"{new:,} new")
    yield f"{', '.join(parts)} linked to from {escape_terminal(source)}"


def uses_table(uses: Sequence[Use], width: int) -> Iterator[str]:
    """Links to one domain, each with its place, for people."""
    for use in uses:
        spot = f":{use.line}:{use.column}" if use.line is not None else ""
        yield f"{escape_terminal(use.page)}{spot}"
        marks = [use.block, *use.rel, *([use.label.value] if use.label and use.label is not LinkLabel.OK else [])]
        anchor = f"“{cut(escape_terminal(use.anchor), 120)}”" if use.anchor else "(no text)"
        line = f"    {anchor} → {cut(escape_terminal(use.href), 200)} ({', '.join(map(escape_terminal, marks))})"
        yield cut(line, width) if width else line
    yield count(len(uses), "link")


def as_json(domains: Sequence[Domain], uses: Sequence[Use] | None, *, source: str) -> str:
    """Domains, and the links to one of them where they were asked for, for programs."""
    told: dict[str, Any] = {"schema": SCHEMA, "source": source, "domains": [_plain(domain) for domain in domains]}
    if uses is not None:
        told["links"] = [_plain_use(use) for use in uses]
    return json.dumps(told, indent=2, ensure_ascii=True) + "\n"


def as_csv(domains: Sequence[Domain], uses: Sequence[Use] | None) -> str:
    """One row a domain, or a link where the links to one domain were asked for; no cell is a formula to a spreadsheet."""
    rows: Iterable[Mapping[str, object]] = map(_flat, domains) if uses is None else map(_flat_use, uses)
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, _COLUMNS if uses is None else _LINK_COLUMNS)
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return file.getvalue()


_COLUMNS = (
    "site", "domain", "kind", "pages", "links", "first_seen", "new", "worst_link", "flagged", "topic", "nofollow", "sponsored", "ugc",
    "no_rel", "blocks", "anchors", "examples",
)  # fmt: skip
_LINK_COLUMNS = ("site", "page", "line", "column", "href", "anchor", "rel", "block", "label")


def _row(name: str, pages: str, links: str, kind: str, first: str | None, said: str, width: int) -> str:
    dated = () if first is None else (first.ljust(10),)
    return "  ".join((name.ljust(width), pages.rjust(6), links.rjust(6), kind.ljust(10), *dated, said)).rstrip()


def _broad(domain: Domain, width: int, dated: bool) -> Iterator[str]:
    name = domain.name if len(domain.name) <= width else domain.name[: width - 1] + "…"
    first = (domain.first_seen.isoformat() if domain.first_seen else "") if dated else None
    yield _row(name, f"{domain.pages:,}", f"{domain.links:,}", _kind(domain.kind), first, _said(domain), width)


def _narrow(domain: Domain) -> Iterator[str]:
    kind = "" if domain.kind is Kind.OTHER else f", {domain.kind.value}"
    first = f", first seen {domain.first_seen}" if domain.first_seen else ""
    yield domain.name
    yield f"    {count(domain.pages, 'page')}, {count(domain.links, 'link')}{kind}{first}"
    if said := _said(domain):
        yield f"    {said}"


def _kind(kind: Kind) -> str:
    return "" if kind is Kind.OTHER else kind.value


def _said(domain: Domain) -> str:
    """What is worth knowing at a glance: new, the worst label, where it stands, the usual anchor."""
    parts = ["NEW"] if domain.new else []
    if domain.flagged and domain.label:
        of = f"{domain.flagged:,} of {domain.links:,} " if domain.flagged < domain.links else ""
        parts.append(of + domain.label.value)
    blocks = list(domain.blocks)
    parts.append(" ".join(blocks[:2]) + (" …" if len(blocks) > 2 else ""))
    anchor = next((text for text, _ in domain.anchors if text), "")
    if anchor:
        parts.append(f"“{cut(escape_terminal(anchor), 50)}”")
    return " · ".join(part for part in parts if part)


def _plain(domain: Domain) -> dict[str, Any]:
    return {
        "site": domain.site,
        "domain": domain.name,
        "kind": domain.kind.value,
        "pages": domain.pages,
        "links": domain.links,
        "first_seen": domain.first_seen.isoformat() if domain.first_seen else None,
        "new": domain.new,
        "worst_link": domain.label.value if domain.label else None,
        "flagged": domain.flagged,
        "topic": domain.topic,
        "rel": dict(domain.rels),
        "blocks": dict(domain.blocks),
        "anchors": [{"text": text, "links": links} for text, links in domain.anchors],
        "examples": list(domain.examples),
    }


def _plain_use(use: Use) -> dict[str, Any]:
    return {
        "site": use.site,
        "page": use.page,
        "line": use.line,
        "column": use.column,
        "href": use.href,
        "anchor": use.anchor,
        "rel": list(use.rel),
        "block": use.block,
        "label": use.label.value if use.label else None,
    }


def _flat(domain: Domain) -> dict[str, object]:
    plain = _plain(domain)
    rels = plain.pop("rel")
    return {
        **plain,
        **{mark: rels.get(mark, 0) for mark in ("nofollow", "sponsored", "ugc")},
        "no_rel": rels.get("none", 0),
        "blocks": ", ".join(f"{block} {links}" for block, links in domain.blocks.items()),
        "anchors": " | ".join(f"{text} ({links})" for text, links in domain.anchors),
        "examples": " | ".join(domain.examples),
    }


def _flat_use(use: Use) -> dict[str, object]:
    return {**_plain_use(use), "rel": " ".join(use.rel)}


def _cell(value: object) -> object:
    if not isinstance(value, str):
        return "" if value is None else value
    return cell(value)

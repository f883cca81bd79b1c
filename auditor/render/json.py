"""Report → JSON, schema 1 (`report.schema.json`): what other programs read, so keys are added and never changed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from math import isfinite
from typing import Any

from auditor import urls
from auditor.model.verdict import Contribution, Shares, Verdict
from auditor.outbound.inventory import Inventory
from auditor.outbound.use import of_result
from auditor.page.snapshot import Failure
from auditor.report import (
    Degree,
    Finding,
    HealthCard,
    Label,
    LinkResult,
    Omission,
    PageResult,
    RelatedResult,
    Report,
    Severity,
    SiteResult,
    Skipped,
    Suppressed,
    plain,
)

SCHEMA = 1

# A terminal would obey these where somebody prints the file; inside JSON strings, the only place they can occur, an
# escape means the same. Lone surrogates (of undecodable file names) mean nothing in UTF-8 and are replaced.
_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


def render_json(report: Report) -> str:
    """The report as JSON with a final newline; NaN and infinities become null, numbers keep every digit."""
    return "".join(json_parts(report))


def json_parts(report: Report) -> Iterator[str]:
    """`render_json` piece by piece, page by page, so that a large site's report never stands in memory as a whole."""
    head = {
        "schema": SCHEMA,
        "tool": {"name": "auditor", "version": report.version},
        "models": dict(sorted(report.models.items())),
        "started_at": report.started_at.isoformat(),
        "source": list(report.source),
        "checks": list(report.checks),
        "summary": _summary(report),
        "sites": [_site(site) for site in report.sites],
    }
    yield _text(head)[:-2] + ',\n  "pages": ['
    linked = Inventory()
    for number, page in enumerate(report.pages):
        for use in of_result(page):
            linked.add(use)
        yield ("," if number else "") + "\n    " + _text(_page(page), "\n    ")
    yield "\n  ],\n" if len(report.pages) else "],\n"
    yield '  "outbound": ' + _text(_outbound(report, linked), "\n  ") + ",\n"
    yield '  "skipped": ' + _text([_skipped(skipped) for skipped in report.skipped], "\n  ") + ",\n"
    yield '  "suppressed": ' + _text([_suppressed(one) for one in report.suppressed], "\n  ") + ",\n"
    yield '  "failures": ' + _text([_failure(failure) for failure in report.failures], "\n  ") + ",\n"
    yield '  "omitted": ' + _text([_omission(omission) for omission in report.omitted], "\n  ") + ",\n"
    yield '  "notices": ' + _text([_finding(notice) for notice in report.notices], "\n  ") + "\n}\n"


def _text(value: Any, newline: str = "\n") -> str:
    return escaped("".join(_lines(_ready(value), newline)))


def escaped(text: str) -> str:
    """JSON that no terminal obeys and any UTF-8 file holds; it means what it meant before."""
    return text if text.isprintable() or not _UNSAFE.search(text) else _UNSAFE.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    return "\ufffd" if 0xD800 <= code < 0xE000 else f"\\u{code:04x}"


def _summary(report: Report) -> dict[str, Any]:
    tally = report.tally()
    return {
        "pages": tally.pages,
        "failures": len(report.failures),
        "findings": {severity.value: tally.severities[severity] for severity in Severity},
        "verdicts": {label.value: tally.labels[label] for label in Label},
    }


def _site(site: SiteResult) -> dict[str, Any]:
    return {
        "site": site.site,
        "pages": site.pages,
        "theme": [{"topic": theme.topic, "share": theme.share} for theme in site.theme],
        "findings": [_finding(finding) for finding in site.findings],
    }


def _outbound(report: Report, linked: Inventory) -> list[dict[str, Any]]:
    """Where sites link to, a line a domain; `auditor links` tells more of each."""
    new = {
        finding.evidence.get("domain")
        for site in report.sites
        for finding in site.findings
        if finding.check == "new-domain"
    }
    return [
        {
            "site": one.site,
            "domain": one.name,
            "pages": one.pages,
            "links": one.links,
            "kind": one.kind,
            "new": one.name in new,
        }
        for one in linked.domains()
    ]


def _page(page: PageResult) -> dict[str, Any]:
    own = urls.site(page.url or "")
    return {
        "url": page.url,
        "path": page.path,
        "status": page.status,
        "language": page.language,
        "title": page.title,
        "topic": page.topic,
        "health": page.health is Degree.ADVICE,
        "health_degree": page.health,
        "health_card": _card(page.card),
        "verdict": {"label": page.label, "spam": page.spam, "quality": page.quality},
        "links": [_link(link) for link in page.links if link.injected is not None or _external(link, own)],
        "related": [_related(related) for related in page.related],
        "findings": [_finding(finding) for finding in page.findings],
    }


def _card(card: HealthCard | None) -> list[dict[str, Any]] | None:
    if card is None:
        return None
    return [
        {"topic": line.topic, "found": line.found, "answer": line.answer, "route": line.route} for line in card.lines
    ]


def _external(link: LinkResult, own: str) -> bool:
    return link.href is None or urls.site(link.href) not in ("", own)


def _link(link: LinkResult) -> dict[str, Any]:
    return {
        "href": link.href,
        "anchor": link.anchor,
        "rel": list(link.rel),
        "block": link.block,
        "line": link.line,
        "column": link.column,
        "injected": link.injected,
        "label": link.label,
    }


def _related(related: RelatedResult) -> dict[str, Any]:
    items = [{"title": i.title, "href": i.href, "similarity": i.similarity} for i in related.items]
    return {"block": related.block, "items": items, "off_topic": related.off_topic}


def _finding(finding: Finding) -> dict[str, Any]:
    place = finding.location
    return {
        "check": finding.check,
        "severity": finding.severity,
        "confidence": finding.confidence,
        "message": finding.message,
        "fix": finding.fix,
        "fingerprint": finding.fingerprint,
        "location": {
            "url": place.url,
            "path": place.path,
            "line": place.line,
            "column": place.column,
            "snippet": place.snippet,
        },
        "evidence": {str(key): value for key, value in sorted(finding.evidence.items(), key=lambda pair: str(pair[0]))},
    }


def _suppressed(suppressed: Suppressed) -> dict[str, Any]:
    asked = {"by": suppressed.by, "where": suppressed.where, "reason": suppressed.reason}
    return {**_finding(suppressed.finding), "suppressed": asked}


def _skipped(skipped: Skipped) -> dict[str, Any]:
    return {"check": skipped.check, "reason": skipped.reason, "pages": skipped.pages}


def _failure(failure: Failure) -> dict[str, Any]:
    return {"url": failure.url, "path": failure.path, "kind": failure.kind, "detail": failure.detail}


def _omission(omission: Omission) -> dict[str, Any]:
    return {
        "host": omission.host,
        "reason": omission.reason,
        "count": omission.count,
        "example": omission.example,
    }


def _ready(value: Any) -> Any:
    """`value` in JSON's own types, verdicts aside: there are many on a page, each with a hundred contributions."""
    match value:
        case Verdict():
            return value
        case dict():
            return {str(key): _ready(inner) for key, inner in value.items()}
        case list():
            return [_ready(inner) for inner in value]
    return plain(value)


def _spelt(verdict: Verdict, newline: str) -> str:
    """A verdict as `_lines` would write its `plain` form, from pieces that all verdicts of a model have in common."""
    shares = verdict.contributions
    inner = newline + "  "
    head = (
        f'{{{inner}"probability": {_number(verdict.probability)},{inner}"log_odds": {_number(verdict.log_odds)},'
        f'{inner}"bias": {_number(verdict.bias)},{inner}"contributions": ['
    )
    if not shares:
        return f"{head}]{newline}}}"
    step = inner + "  "
    entries = f",{step}".join(_entries(shares))
    return f"{head}{step}{entries}{inner}]{newline}}}"


def _entries(shares: Sequence[Contribution]) -> list[str]:
    if not isinstance(shares, Shares):
        return [f'{_opening(c.feature, c.phrase)}{_number(c.value)}, "weight": {_number(c.weight)}}}' for c in shares]
    features, phrases, _ = shares.table
    values, weights = shares.values, shares.weights
    return [
        f'{_opening(features[i], phrases[i])}{_number(values[i])}, "weight": {_number(weights[i])}}}'
        for i in shares.order()
    ]


@lru_cache(maxsize=4096)
def _opening(feature: str, phrase: str) -> str:
    return f'{{"feature": {_compact(feature)}, "phrase": {_compact(phrase)}, "value": '


def _number(value: float) -> str:
    return float.__repr__(value) if isfinite(value) else "null"


def _lines(value: Any, newline: str) -> Iterable[str]:
    """JSON in two-space indent, with an object of plain values on one line where it is one of a list.

    A verdict has dozens of contributions: one a line can be read and compared, and takes a third of the time and size.
    """
    inner = newline + "  "
    match value:
        case Verdict():
            yield _spelt(value, newline)
        case dict() if value:
            for number, (key, entry) in enumerate(value.items()):
                yield f"{',' if number else '{'}{inner}{_compact(key)}: "
                yield from _lines(entry, inner)
            yield newline + "}"
        case list() if any(isinstance(entry, dict | list) for entry in value):
            for number, entry in enumerate(value):
                yield ("," if number else "[") + inner
                yield from [_compact(entry)] if _is_flat(entry) else _lines(entry, inner)
            yield newline + "]"
        case _:
            yield _compact(value)


def _is_flat(value: Any) -> bool:
    return isinstance(value, dict) and not any(isinstance(entry, dict | list | Verdict) for entry in value.values())


_compact = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode

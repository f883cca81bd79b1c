"""Report → JSON, schema 1 (`report.schema.json`): what other programs read, so keys are added and never changed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from auditor import urls
from auditor.model.verdict import Verdict
from auditor.page.snapshot import Failure
from auditor.report import (
    Degree,
    Finding,
    HealthCard,
    Label,
    LinkResult,
    PageResult,
    RelatedResult,
    Report,
    Severity,
    SiteResult,
    Skipped,
    plain,
)

SCHEMA = 1

# A terminal would obey these where somebody prints the file; inside JSON strings, the only place they can occur, an
# escape means the same. Lone surrogates (of undecodable file names) mean nothing in UTF-8 and are replaced.
_ESCAPED = re.compile("[\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_SURROGATE = re.compile("[\ud800-\udfff]")


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
        "summary": _summary(report),
        "sites": [_site(site) for site in report.sites],
    }
    yield _text(head)[:-2] + ',\n  "pages": ['
    for number, page in enumerate(report.pages):
        yield ("," if number else "") + "\n    " + _text(_page(page), "\n    ")
    yield "\n  ],\n" if len(report.pages) else "],\n"
    yield '  "skipped": ' + _text([_skipped(skipped) for skipped in report.skipped], "\n  ") + ",\n"
    yield '  "suppressed": ' + _text([_finding(finding) for finding in report.suppressed], "\n  ") + ",\n"
    yield '  "failures": ' + _text([_failure(failure) for failure in report.failures], "\n  ") + "\n}\n"


def _text(value: Any, newline: str = "\n") -> str:
    text = _SURROGATE.sub("\ufffd", "".join(_lines(plain(value), newline)))
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


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
        "verdict": {"label": page.label, "spam": _verdict(page.spam), "quality": _verdict(page.quality)},
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
        "injected": _verdict(link.injected),
        "label": link.label,
    }


def _related(related: RelatedResult) -> dict[str, Any]:
    items = [{"title": i.title, "href": i.href, "similarity": i.similarity} for i in related.items]
    return {"block": related.block, "items": items, "off_topic": _verdict(related.off_topic)}


def _verdict(verdict: Verdict | None) -> dict[str, Any] | None:
    return None if verdict is None else verdict.plain()


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


def _skipped(skipped: Skipped) -> dict[str, Any]:
    return {"check": skipped.check, "reason": skipped.reason, "pages": skipped.pages}


def _failure(failure: Failure) -> dict[str, Any]:
    return {"url": failure.url, "path": failure.path, "kind": failure.kind, "detail": failure.detail}


def _lines(value: Any, newline: str) -> Iterable[str]:
    """JSON in two-space indent, with an object of plain values on one line where it is one of a list.

    A verdict has dozens of contributions: one a line can be read and compared, and takes a third of the time and size.
    """
    inner = newline + "  "
    match value:
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
    return isinstance(value, dict) and not any(isinstance(entry, dict | list) for entry in value.values())


_compact = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode

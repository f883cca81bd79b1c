"""What the HTML report says of a page, in plain values of bounded size: written by its template and, on demand, by its script."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any

from auditor import urls
from auditor.model.verdict import Verdict
from auditor.render.text import cut, cut_around, escape_terminal
from auditor.report import (
    Confidence,
    Finding,
    HealthCard,
    Label,
    LinkLabel,
    LinkResult,
    PageResult,
    RelatedResult,
    Severity,
    Suppressed,
    plain,
)

SHARES = 8
"""Contributions to a verdict that are shown; the others weigh less."""
LINKS = 40
"""Links of a page that are listed by name, those that look planted apart; the rest is counted."""
FLAGGED = 60
"""Of those that look planted."""
ENTRIES = 12
"""Entries of a list in the evidence."""

_MARKED = re.compile("«([^»]*)»")
# Plain web addresses only: no name before the host that could pass for it, no letters that look like others, no controls.
_PLAIN = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:[/?#][!#-;=?-_a-z~]*)?", re.ASCII)
_IN_SCRIPT = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def shown(text: object, length: int = 300) -> str:
    """`text` on one line of bounded length, with controls, direction overrides and invisible letters made visible."""
    raw = str(text)
    return (
        cut(escape_terminal(raw[: 4 * length]), length) if len(raw) > 4 * length else cut(escape_terminal(raw), length)
    )


def in_script(value: Any) -> str:
    """`value` as JSON that cannot end the script element which it stands in."""
    return _encode(value).translate(_IN_SCRIPT)


_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def page_id(name: str) -> str:
    """The address of a page's section within the report: the same in every report of that page."""
    return "page-" + hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def address(page: PageResult) -> str:
    """What a reader can follow to see the page; empty for files, odd addresses, and pages that somebody planted."""
    url = page.url or ""
    return url if page.label is not Label.SPAM and len(url) < 2000 and _PLAIN.fullmatch(url) else ""


def page_data(page: PageResult) -> dict[str, Any]:
    """Everything about a page; keys that would say nothing are left out."""
    own = urls.site(page.url or "")
    flagged = [link for link in page.links if link.label is not LinkLabel.OK]
    others = [link for link in page.links if link.label is LinkLabel.OK and _leads_out(link, own)]
    told = {
        "id": page_id(page.name),
        "name": shown(page.name, 400),
        "href": address(page),
        "title": shown(page.title, 200),
        "label": page.label.value,
        "status": page.status,
        "language": shown(page.language, 20),
        "topic": shown(page.topic, 60),
        "health": page.health.value if page.health else None,
        "spam": _odds(page.spam),
        "quality": _odds(page.quality),
        "why_spam": _shares(page.spam) if page.label is Label.SPAM else None,
        "why_quality": _shares(page.quality) if page.label is not Label.CLEAN else None,
        "card": _card(page.card),
        "flagged": [_flagged(link) for link in flagged[:FLAGGED]],
        "more_flagged": max(len(flagged) - FLAGGED, 0),
        "links": [_link(link) for link in others[:LINKS]],
        "more_links": max(len(others) - LINKS, 0),
        "related": [_related(block) for block in page.related if block.items],
        "findings": [finding_data(finding) for finding in page.findings],
        "suppressed": [suppressed_data(one) for one in page.suppressed],
    }
    return {key: value for key, value in told.items() if value not in (None, "", [], 0)}


def finding_data(finding: Finding) -> dict[str, Any]:
    """One finding; its snippet in pieces of which every second is what the finding is about."""
    place = finding.location
    reasons = finding.evidence.get("reasons")
    told = {
        "check": shown(finding.check, 80),
        "severity": finding.severity.value,
        "confidence": "" if finding.confidence is Confidence.HIGH else finding.confidence.value,
        "message": shown(finding.message, 500),
        "fix": shown(finding.fix, 500),
        "line": place.line,
        "column": place.column,
        "snippet": _pieces(place.snippet),
        "why": [shown(reason, 160).rstrip(".") for reason in reasons[:3]] if isinstance(reasons, list | tuple) else [],
        "evidence": list(_evidence(finding.evidence)),
        "id": shown(finding.fingerprint, 80),
    }
    return {key: value for key, value in told.items() if value not in (None, "", [])}


def suppressed_data(one: Suppressed) -> dict[str, Any]:
    """A suppressed finding, with who asked for it."""
    finding = one.finding
    return {
        "check": shown(finding.check, 80),
        "severity": finding.severity.value,
        "message": shown(finding.message, 300),
        "place": place_words(finding),
        "by": f"by {shown(one.where, 200)}" + (f": {shown(one.reason, 200)}" if one.reason else ", without a reason"),
    }


def place_words(finding: Finding) -> str:
    """Where a finding is, in words."""
    place = finding.location
    return shown(f"{place.path or place.url or '-'}" + (f", line {place.line}" if place.line else ""), 400)


def severest(finding: Finding) -> tuple[int, int]:
    """Sorts findings, the most severe and surest first."""
    return -list(Severity).index(finding.severity), -list(Confidence).index(finding.confidence)


def _pieces(snippet: str) -> list[str]:
    pieces = _MARKED.split(cut_around(shown(snippet, 1200), 320))
    return pieces if any(pieces) else []


def _evidence(evidence: Mapping[str, Any]) -> Iterator[list[Any]]:
    """Names with one value or several, but for the reasons, which are told apart, and what is empty."""
    for key, value in sorted(evidence.items(), key=lambda pair: str(pair[0])):
        if key == "reasons":
            continue
        match plain(value):
            case list() as entries if entries:
                words = [_words(entry) for entry in entries[:ENTRIES]]
                more = [f"and {len(entries) - ENTRIES:,} more"] if len(entries) > ENTRIES else []
                yield [shown(key, 40).replace("_", " "), words + more]
            case list() | None | "":
                pass
            case one:
                yield [shown(key, 40).replace("_", " "), _words(one)]


def _words(value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.3g}"
        case dict():
            return shown(", ".join(f"{key}: {_words(inner)}" for key, inner in value.items() if inner not in ("", [])))
        case list():
            return shown(", ".join(_words(inner) for inner in value[:ENTRIES]))
        case _:
            return shown(value)


def _odds(verdict: Verdict | None) -> float | None:
    return round(verdict.probability, 4) if verdict and isfinite(verdict.probability) else None


def _shares(verdict: Verdict | None) -> list[list[Any]]:
    """What weighed most for and against, in words with its share of the log-odds."""
    if verdict is None:
        return []
    return [[shown(c.words, 160), round(c.weight, 2)] for c in verdict.contributions[:SHARES] if round(c.weight, 2)]


def _leads_out(link: LinkResult, own: str) -> bool:
    return link.href is not None and urls.site(link.href) not in ("", own)


def _link(link: LinkResult) -> list[str]:
    return [shown(link.anchor, 120), shown(link.href or "", 200), shown(" ".join(link.rel), 60)]


def _flagged(link: LinkResult) -> dict[str, Any]:
    told = {
        "anchor": shown(link.anchor, 200),
        "target": shown(link.href, 300) if link.href else "",
        "rel": shown(" ".join(link.rel), 60),
        "block": shown(link.block, 40),
        "line": link.line,
        "label": link.label.value,
        "odds": _odds(link.injected),
        "why": _shares(link.injected),
    }
    return {key: value for key, value in told.items() if value not in (None, "", [])}


def _card(card: HealthCard | None) -> list[list[Any]]:
    if card is None:
        return []
    return [[shown(line.topic, 40), line.found, shown(line.answer), shown(line.route, 60)] for line in card.lines]


def _related(block: RelatedResult) -> dict[str, Any]:
    items = [
        [shown(item.title, 160), round(item.similarity, 2) if isfinite(item.similarity) else None]
        for item in block.items[:ENTRIES]
    ]
    return {"block": shown(block.block, 120), "items": items, "odds": _odds(block.off_topic)}

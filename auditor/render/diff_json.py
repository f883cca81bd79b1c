"""Difference of two reports → JSON, schema 1: what other programs read, so keys are added and never changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from auditor.history.difference import Change, Changes, Difference, Fate, Side, Turn, Turns
from auditor.outbound.inventory import Domain
from auditor.report import Label, Severity

SCHEMA = 1


def diff_json(difference: Difference) -> Iterator[str]:
    """The difference in ASCII, with a final newline."""
    told = {
        "schema": SCHEMA,
        "tool": "auditor diff",
        "before": _side(difference.before),
        "after": _side(difference.after),
        "notes": list(difference.notes),
        "unchanged": {severity.value: difference.unchanged.get(severity, 0) for severity in Severity},
        "findings": {fate.value: _changes(difference.changes[fate]) for fate in Fate},
        "verdicts": _turns(difference.verdicts),
        "new_pages": _turns(difference.new_pages),
        "gone_pages": _turns(difference.gone_pages),
        "new_domains": [_domain(one) for one in difference.new_domains],
        "gone_domains": [_domain(one) for one in difference.gone_domains],
    }
    yield json.dumps(told, indent=2, ensure_ascii=True, allow_nan=False)
    yield "\n"


def _side(side: Side) -> dict[str, Any]:
    tally = side.tally
    return {
        "name": side.name,
        "sites": list(side.sites),
        "started_at": side.began.isoformat(),
        "version": side.version,
        "pages": tally.pages,
        "sound_pages": side.score.sound,
        "score": side.score.percent,
        "verdicts": {label.value: tally.labels.get(label, 0) for label in Label},
        "findings": {severity.value: tally.severities.get(severity, 0) for severity in Severity},
    }


def _changes(changes: Changes) -> dict[str, Any]:
    return {
        "total": changes.total,
        "by_severity": {severity.value: changes.of(severity) for severity in Severity},
        "listed": [_change(one) for one in changes.listed],
    }


def _change(change: Change) -> dict[str, Any]:
    finding = change.finding
    place = finding.location
    return {
        "check": finding.check,
        "severity": finding.severity.value,
        "confidence": finding.confidence.value,
        "message": finding.message,
        "fix": finding.fix,
        "fingerprint": finding.fingerprint,
        "document": change.document,
        "line": place.line,
        "column": place.column,
        "snippet": place.snippet,
        "why_untold": change.why,
    }


def _turns(turns: Turns) -> dict[str, Any]:
    return {"total": turns.total, "listed": [_turn(one) for one in turns.listed]}


def _turn(turn: Turn) -> dict[str, Any]:
    return {
        "page": turn.name,
        "title": turn.title,
        "before": turn.before.value if turn.before else None,
        "after": turn.after.value if turn.after else None,
        "worse": turn.worse,
        "spam_before": turn.spam_before,
        "spam_after": turn.spam_after,
        "why_gone": turn.why,
    }


def _domain(domain: Domain) -> dict[str, Any]:
    return {
        "site": domain.site,
        "domain": domain.name,
        "kind": domain.kind.value,
        "pages": domain.pages,
        "links": domain.links,
        "anchors": [{"text": text, "links": links} for text, links in domain.anchors],
        "examples": list(domain.examples),
    }

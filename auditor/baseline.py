"""Baseline: the findings that were there before anybody asked, so that only new ones count."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from auditor.config import BaselineEntry
from auditor.errors import ConfigError
from auditor.preferences import Wishes
from auditor.report import Finding, Report, Silence, Suppressed

VERSION = 1
_KEYS = ("fingerprint", "check", "name", "message")


def parse_baseline(data: bytes, name: str) -> dict[str, BaselineEntry]:
    """The entries of a baseline by fingerprint. Raises ConfigError where the bytes are no baseline.

    Args:
        name: of the file, for people.
    """
    wrong = f"{name} is no baseline of this version; name another file, or write it anew with --update-baseline"
    try:
        read = json.loads(data)
    except ValueError as error:
        raise ConfigError(wrong) from error
    listed = read.get("findings") if isinstance(read, dict) and read.get("version") == VERSION else None
    if not isinstance(listed, list):
        raise ConfigError(wrong)
    found = {}
    for one in listed:
        if not (isinstance(one, dict) and all(isinstance(one.get(key), str) for key in _KEYS)):
            raise ConfigError(wrong)
        found[one["fingerprint"]] = BaselineEntry(*(one[key] for key in _KEYS))
    return found


def spell_baseline(entries: Mapping[str, BaselineEntry]) -> str:
    """A baseline as text: one finding a line, sorted, ASCII alone (messages hold crawled text); equal for equal entries."""
    ordered = sorted(entries.values(), key=lambda one: (one.name, one.check, one.fingerprint))
    lines = [json.dumps({key: getattr(one, key) for key in _KEYS}) for one in ordered]
    listed = "[\n" + ",\n".join(f"  {line}" for line in lines) + "\n ]" if lines else "[]"
    return f'{{\n "version": {VERSION},\n "findings": {listed}\n}}\n'


def accepted(report: Report, wishes: Wishes) -> dict[str, BaselineEntry]:
    """The baseline after a run: what it found, and of what was known before what this run cannot speak of.

    Kept are entries of documents and sites that were not audited this time, and of checks that were off or could not look
    somewhere. What a comment, front matter or the configuration suppresses is not taken in.
    """
    known = wishes.preferences.baseline
    looked = wishes.usual - {one.check for one in report.skipped}
    audited: set[str] = set()
    found: dict[str, BaselineEntry] = {}
    for called, findings in _documents(report):
        name = wishes.called(called)
        audited.add(name)
        for one in findings:
            found[one.fingerprint] = known.get(one.fingerprint) or BaselineEntry(
                one.fingerprint, one.check, name, one.message
            )
    kept = {mark: entry for mark, entry in known.items() if entry.name not in audited or entry.check not in looked}
    return kept | found


def _documents(report: Report) -> Iterator[tuple[str, list[Finding]]]:
    for site in report.sites:
        yield site.site, [*site.findings, *_known(site.suppressed)]
    for page in report.pages:
        yield page.name, [*page.findings, *_known(page.suppressed)]


def _known(suppressed: Iterable[Suppressed]) -> Iterator[Finding]:
    return (one.finding for one in suppressed if one.by is Silence.BASELINE)

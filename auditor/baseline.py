"""Baseline: the findings that were there before anybody asked, so that only new ones count."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from auditor.config import BaselineEntry
from auditor.errors import ConfigError
from auditor.preferences import Wishes
from auditor.report import Finding, Label, Report, Silence, Suppressed

VERSION = 1
_KEYS = ("fingerprint", "check", "name", "message")


@dataclass(frozen=True, slots=True)
class Baseline:
    """What was there before."""

    findings: Mapping[str, BaselineEntry] = field(default_factory=dict)
    """By fingerprint."""
    verdicts: Mapping[str, str] = field(default_factory=dict)
    """What pages were judged to be, by name; clean ones left out."""


def parse_baseline(data: bytes, name: str) -> Baseline:
    """A baseline from its text. Raises ConfigError where the bytes are none.

    Args:
        name: of the file, for people.
    """
    wrong = f"{name} is no baseline of this version; name another file, or write it anew with --update-baseline"
    try:
        read = json.loads(data)
    except ValueError as error:
        raise ConfigError(wrong) from error
    read = read if isinstance(read, dict) and read.get("version") == VERSION else {}
    listed, verdicts = read.get("findings"), read.get("verdicts", {})
    if not (isinstance(listed, list) and isinstance(verdicts, dict) and set(Label) >= set(map(str, verdicts.values()))):
        raise ConfigError(wrong)
    found = {}
    for one in listed:
        if not (isinstance(one, dict) and all(isinstance(one.get(key), str) for key in _KEYS)):
            raise ConfigError(wrong)
        found[one["fingerprint"]] = BaselineEntry(*(one[key] for key in _KEYS))
    return Baseline(found, verdicts)


def spell_baseline(baseline: Baseline) -> str:
    """A baseline as text: one finding a line, sorted, ASCII alone (messages hold crawled text); equal for equal entries."""
    ordered = sorted(baseline.findings.values(), key=lambda one: (one.name, one.check, one.fingerprint))
    listed = _block((json.dumps({key: getattr(one, key) for key in _KEYS}) for one in ordered), "[]")
    judged = _block(
        (f"{json.dumps(name)}: {json.dumps(label)}" for name, label in sorted(baseline.verdicts.items())), "{}"
    )
    return f'{{\n "version": {VERSION},\n "findings": {listed},\n "verdicts": {judged}\n}}\n'


def _block(lines: Iterable[str], brackets: str) -> str:
    made = ",\n".join(f"  {line}" for line in lines)
    return f"{brackets[0]}\n{made}\n {brackets[1]}" if made else brackets


def accepted(report: Report, wishes: Wishes) -> Baseline:
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
    verdicts = {name: label for name, label in wishes.preferences.verdicts.items() if name not in audited}
    judged = {wishes.called(page.name): page.label.value for page in report.pages if page.label is not Label.CLEAN}
    return Baseline(kept | found, verdicts | judged)


def _documents(report: Report) -> Iterator[tuple[str, list[Finding]]]:
    for site in report.sites:
        yield site.site, [*site.findings, *_known(site.suppressed)]
    for page in report.pages:
        yield page.name, [*page.findings, *_known(page.suppressed)]


def _known(suppressed: Iterable[Suppressed]) -> Iterator[Finding]:
    return (one.finding for one in suppressed if one.by is Silence.BASELINE)

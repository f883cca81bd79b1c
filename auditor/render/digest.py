"""Digest: what changed since the last run, in at most twenty lines of Markdown for a chat or an email."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from heapq import nsmallest
from itertools import chain

from auditor.history.difference import APPEARED, Change, Difference, Fate
from auditor.history.score import counted
from auditor.history.trend import arrow
from auditor.render.diff_text import (
    breakdown,
    called,
    from_to,
    page_counts,
    place,
    score,
    sites,
    turned,
    verdict_counts,
)
from auditor.render.text import code_span
from auditor.report import Label, Report, Severity

LINES = 20
"""At most, blank ones included."""
_WORST = 6
_TURNS = 3
_DOMAINS = 6


def digest(difference: Difference) -> Iterator[str]:
    """Lines of Markdown. Crawled text stands in code spans, where nothing is a link, a mention, an image or HTML."""
    before, after = difference.before, difference.after
    changes = difference.changes
    yield f"**What changed on {code_span(sites(difference), 90)}**: {code_span(called(before), 60)} → {code_span(called(after), 60)}"
    yield ""
    way = arrow(before.score, after.score)
    yield f"- Pages: {page_counts(difference)}; in order: {from_to(score(before), score(after))} {way}".rstrip()
    yield f"- Pages judged bad: {verdict_counts(difference)}"
    new = " + ".join(
        f"{changes[fate].total:,}{where}" for fate, where in zip(APPEARED, ("", " on new pages"), strict=True)
    )
    grave = ", ".join(
        f"{sum(changes[fate].of(severity) for fate in APPEARED):,} {severity}"
        for severity in reversed(Severity)
        if any(changes[fate].of(severity) for fate in APPEARED)
    )
    yield f"- New findings: {new}{f' ({grave})' if grave else ''}"
    fixed = changes[Fate.FIXED]
    yield f"- Fixed: {fixed.total:,}{f' ({breakdown(fixed)})' if fixed.total else ''}; unchanged: {sum(difference.unchanged.values()):,}"
    if difference.new_domains or difference.gone_domains:
        yield f"- New outbound domains: {_names([one.name for one in difference.new_domains])}; gone: {len(difference.gone_domains):,}"
    for turn in [one for one in difference.verdicts.listed if one.worse][:_TURNS]:
        yield f"- {turned(turn)}: {code_span(turn.name)}"
    if difference.notes:
        more = f" ({len(difference.notes) - 1} more notes in the full report)" if len(difference.notes) > 1 else ""
        yield f"- Note: {code_span(difference.notes[0], 240)}{more}"
    worst = sorted(
        (change for fate in APPEARED for change in changes[fate].listed),
        key=lambda one: -one.finding.severity.rank,
    )
    yield from _worst("The gravest of what is new", worst)


def first_digest(report: Report, name: str) -> Iterator[str]:
    """The same of a report that nothing is known to compare with."""
    found = counted(report)
    tally = found.tally
    named = ", ".join(site.site for site in report.sites[:3] if site.site) or "files"
    yield f"**{code_span(named, 90)}**: {code_span(name, 60)} of {report.started_at:%Y-%m-%d}, the first to compare with"
    yield ""
    percent = found.score.percent
    yield f"- Pages: {tally.pages:,}; in order: {'unknown' if percent is None else f'{percent}%'}"
    yield f"- Pages judged bad: {', '.join(f'{one} {tally.labels.get(one, 0):,}' for one in (Label.SPAM, Label.LOW_QUALITY))}"
    grave = ", ".join(f"{tally.severities[one]:,} {one}" for one in reversed(Severity) if tally.severities.get(one))
    yield f"- Findings: {sum(tally.severities.values()):,}{f' ({grave})' if grave else ''}"
    yield from _worst("The gravest", _gravest(report))


def _worst(title: str, worst: Iterable[Change]) -> Iterator[str]:
    """The first few; several of one check in one document are one line."""
    alike: dict[tuple[str, str], list[Change]] = {}
    for change in worst:
        alike.setdefault((change.finding.check, change.document), []).append(change)
    if not alike:
        return
    yield ""
    yield f"**{title}**"
    for first, *others in list(alike.values())[:_WORST]:
        finding = first.finding
        more = f", and {len(others):,} more like it" if others else ""
        yield f"- {finding.severity}, {finding.check}: {code_span(finding.message)} on {code_span(place(first))}{more}"


def _names(names: Sequence[str]) -> str:
    shown = ", ".join(code_span(name, 60) for name in names[:_DOMAINS])
    more = f" and {len(names) - _DOMAINS:,} more" if len(names) > _DOMAINS else ""
    return f"{len(names):,}" + (f" ({shown}{more})" if names else "")


def _gravest(report: Report) -> list[Change]:
    """The worst few findings, in the report's order."""
    told = chain(
        ((finding, site.site) for site in report.sites for finding in site.findings),
        ((finding, page.name) for page in report.pages for finding in page.findings),
    )
    worst = nsmallest(_WORST, told, key=lambda one: (-one[0].severity.rank, -one[0].confidence.rank))
    return [Change(finding, name) for finding, name in worst]

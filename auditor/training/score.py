"""Score: the shipped models on a user's own labelled pages, through the audit that users get. Needs no scikit-learn."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from auditor.audit import audit
from auditor.checks import all_checks
from auditor.errors import ConfigError
from auditor.page.page import Role
from auditor.render.text import count, escape_terminal
from auditor.report import Finding, Label, LinkLabel, PageResult
from auditor.training.figures import counted
from auditor.training.labels import LabelledPage, Labels

_GROUPS = {
    Label.SPAM: ("spam", "hacked", "related"),
    Label.LOW_QUALITY: ("structure", "trust", "spam"),
}
"""Groups of checks that make a page spam or of low quality (see `auditor.checks.label`)."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One labelled page with what the audit made of it."""

    page: LabelledPage
    result: PageResult

    @property
    def right(self) -> bool:
        return self.result.label is self.page.label

    @property
    def reason(self) -> str:
        """The main reason of the verdict, for people."""
        if list(Label).index(self.result.label) > list(Label).index(self.page.label):
            found = _heaviest(self.result.findings, _GROUPS[self.result.label])
            return f"{found.check}: {found.message}" if found else "no single finding; the models' sum"
        name, verdict = ("spam", self.result.spam)
        if self.page.label is Label.LOW_QUALITY:
            name, verdict = ("low quality", self.result.quality)
        if verdict is None:
            return "no model spoke: not English, or too short"
        against = min(verdict.contributions, key=lambda c: c.weight, default=None)
        most = f"; most against it: {against.words}" if against is not None and against.weight < 0 else ""
        return f"probability of {name} {verdict.probability:.2f}{most}"


@dataclass(frozen=True, slots=True)
class LinkCounts:
    """Of the links that were labelled one by one; a link is flagged when its label is not ok."""

    planted: int = 0
    planted_flagged: int = 0
    honest: int = 0
    honest_flagged: int = 0
    absent: int = 0
    """Listed, but no external link outside menus and related posts of its page."""


@dataclass(frozen=True, slots=True)
class Scored:
    """What the audit made of one file of labelled pages."""

    judged: tuple[Judged, ...]
    """In the file's order."""
    unread: tuple[tuple[LabelledPage, str], ...]
    """Pages that could not be audited, and why."""
    links: LinkCounts | None
    """None where no page lists links."""

    @property
    def wrong(self) -> tuple[Judged, ...]:
        return tuple(j for j in self.judged if not j.right)


def score(labels: Labels) -> Scored:
    """Audit the pages, those of one site together, and hold the verdicts against the labels.

    Raises:
        ModelError: a shipped model is missing or damaged.
    """
    report = audit((page.snapshot for page in labels.pages), started_at=datetime.now(UTC))
    results = {result.path: result for result in report.pages}
    failures = {failure.path: failure.detail for failure in report.failures}
    judged = tuple(Judged(p, results[p.snapshot.path]) for p in labels.pages if p.snapshot.path in results)
    unread = tuple(
        (p, failures.get(p.snapshot.path, "not in the report")) for p in labels.pages if p.snapshot.path not in results
    )
    return Scored(judged, unread, _links(judged))


def _links(judged: Sequence[Judged]) -> LinkCounts | None:
    if all(j.page.links is None for j in judged):
        return None
    found: Counter[str] = Counter()
    for one in judged:
        flagged: dict[str, bool] = {}
        for link in one.result.links:
            if link.block == Role.RELATED:
                continue
            href = (link.href or "").strip()
            flagged[href] = flagged.get(href, False) or link.label is not LinkLabel.OK
        for href, planted in (one.page.links or {}).items():
            kind = "absent" if href not in flagged else "planted" if planted else "honest"
            found[kind] += 1
            found[f"{kind}_flagged"] += flagged.get(href, False)
    del found["absent_flagged"]
    return LinkCounts(**found)


def _heaviest(findings: Sequence[Finding], groups: Sequence[str]) -> Finding | None:
    checks = all_checks()
    fitting = [f for f in findings if checks[f.check].group in groups]
    return max(fitting, key=lambda f: (f.severity.rank, f.confidence.rank), default=None)


def text(scored: Scored, labels: Labels) -> str:
    """The scores as plain text: confusion of labels, sites worst first, links, and every page that was judged wrongly."""
    return "\n".join(_text(scored, labels)) + "\n"


def _text(scored: Scored, labels: Labels) -> Iterator[str]:
    sites = len({j.page.site for j in scored.judged})
    left = f"; {count(len(labels.bad), 'line')} left out" if labels.bad else ""
    yield f"{count(len(scored.judged), 'page')} of {count(sites, 'site')} scored{left}"
    yield from (f"line {page.line}: not audited: {escape_terminal(detail)}" for page, detail in scored.unread)
    mute = sum(j.result.spam is None for j in scored.judged)
    if mute:
        yield f"{count(mute, 'page')} judged by checks alone: not English, or too short for the models"
    yield from ("", "label         " + "".join(f"{label.value:>13}" for label in Label) + "   right")
    for label in Label:
        verdicts = Counter(j.result.label for j in scored.judged if j.page.label is label)
        cells = "".join(f"{verdicts[verdict]:>13}" for verdict in Label)
        yield f"{label.value:<14}{cells}   {_share(verdicts[label], verdicts.total())}"
    yield from ("", "right by site, worst first")
    yield from _sites(scored.judged)
    if scored.links is not None:
        links = scored.links
        yield ""
        yield f"planted links found    {_share(links.planted_flagged, links.planted)}"
        yield f"honest links flagged   {_share(links.honest_flagged, links.honest)}"
        if links.absent:
            yield f"{count(links.absent, 'listed link')} not among the external links that are judged"
    if scored.wrong:
        yield from ("", "judged wrongly")
    for j in scored.wrong:
        yield f"line {j.page.line}: {escape_terminal(j.page.name)}: {j.page.label.value}, judged {j.result.label.value}"
        yield f"    {escape_terminal(j.reason)}"


def _sites(judged: Sequence[Judged]) -> Iterator[str]:
    total = Counter(escape_terminal(j.page.site) for j in judged)
    right = Counter(escape_terminal(j.page.site) for j in judged if j.right)
    width = max(map(len, total), default=0)
    for site in sorted(total, key=lambda name: (right[name] / total[name], -total[name], name)):
        yield f"{site:<{width}}  {_share(right[site], total[site])}"


def _share(hits: int, total: int) -> str:
    """Share, count and 95 % interval (Wilson), in per cent."""
    if not total:
        return "none"
    low, high = counted(hits, total)["interval"]
    return f"{hits / total:.1%} of {total:,} ({low:.1%}–{high:.1%})"


def writable(file: Path) -> Path:
    """The file itself. Raises ConfigError where it cannot be written, before the work is done."""
    if file.is_dir() or not file.absolute().parent.is_dir():
        raise ConfigError(f"cannot write {file}; name a file in a folder that exists")
    return file


def write_errors(scored: Scored, file: Path) -> None:
    """Write the pages that were judged wrongly as JSON lines. Raises ConfigError where the file cannot be written."""
    lines = "".join(json.dumps(_error(j), ensure_ascii=False) + "\n" for j in scored.wrong)
    try:
        file.write_text(lines, encoding="utf-8", errors="replace")
    except OSError as error:
        raise ConfigError(f"cannot write {file} ({error.strerror or error}); choose another --errors") from None


def _error(judged: Judged) -> dict[str, Any]:
    return {
        "line": judged.page.line,
        "url": judged.page.snapshot.url,
        "path": judged.page.snapshot.path,
        "site": judged.page.site,
        "label": judged.page.label.value,
        "verdict": judged.result.label.value,
        "reason": judged.reason,
    }

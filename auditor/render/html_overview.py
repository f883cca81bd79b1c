"""What the HTML report says before anybody asks: a report counted, ranked and summed up in one pass over its pages."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from auditor.outbound.inventory import Domain, Inventory
from auditor.outbound.use import of_result
from auditor.render.html_data import address, finding_data, page_id, severest, shown, suppressed_data
from auditor.render.text import count, percent
from auditor.report import Finding, HealthCard, Label, LinkLabel, PageResult, Report, Severity, SiteResult, Tally

FIRST = 25
"""Pages and findings that stand in the document itself; its script shows the others."""
DOMAINS = 1000
"""Outbound domains that are listed, those with bad links and the most linked first."""
SUPPRESSED = 300
"""Suppressed findings that are listed."""
TOPICS = 9
"""Topics of a site's theme that have a bar of their own."""

_WORST = {Label.SPAM: 0, Label.LOW_QUALITY: 1, Label.CLEAN: 2}
_QUESTIONS = {
    "author": "Says who wrote it",
    "reviewer": "Says who checked it",
    "publisher": "Says who published it",
    "date": "Says when",
    "sources": "Names its sources",
    "figures": "Has sources beside its numbers",
    "money": "Says who pays",
    "disclaimer": "Says that it is no medical advice",
    "contact": "Can be asked who is behind it",
    "claims": "Makes no claims that regulators warn of",
    "harms": "Names risks as well",
    "clinician": "Sends the reader to a clinician",
}

Rank = tuple[int, tuple[int, int], float, str]


@dataclass(slots=True)
class _Found:
    """A check's findings, counted."""

    severity: Severity
    findings: int = 0
    pages: int = 0


@dataclass(slots=True)
class Overview:
    """A report in numbers, with its worst pages and findings as plain values."""

    tally: Tally
    order: list[int] = field(default_factory=list)
    """Numbers of the pages, worst first."""
    pages: list[dict[str, Any]] = field(default_factory=list)
    findings: list[dict[str, Any]] = field(default_factory=list)
    checks: list[dict[str, Any]] = field(default_factory=list)
    health: list[dict[str, Any]] = field(default_factory=list)
    advice: int = 0
    """Pages that give health advice."""
    domains: list[dict[str, Any]] = field(default_factory=list)
    all_domains: int = 0
    suppressed: list[dict[str, Any]] = field(default_factory=list)
    all_suppressed: int = 0
    skipped: list[tuple[str, list[str]]] = field(default_factory=list)
    """Reasons with the checks that could not look."""


def overview(report: Report) -> Overview:
    """Go over a report's pages once."""
    labels: Counter[Label] = Counter()
    severities: Counter[Severity] = Counter()
    found: dict[str, _Found] = {}
    ranks: list[tuple[Rank, int]] = []
    pages: list[tuple[Rank, PageResult]] = []
    findings: list[tuple[Any, Finding, PageResult | str]] = []
    health: dict[str, Counter[bool | None]] = defaultdict(Counter)
    linked = Inventory()
    made = Overview(Tally(0, labels, severities))
    for name, wide in _apart(report):
        _count(wide, found, severities)
        findings += [((*severest(finding), 0, number), finding, name) for number, finding in enumerate(wide)]
        findings = _first(findings)
    for site in report.sites:
        _silent(made, site)
    number = -1
    for number, page in enumerate(report.pages):
        labels[page.label] += 1
        rank = _rank(page)
        ranks.append((rank, number))
        pages = _first([*pages, (rank, page)])
        findings = _first([*findings, *(((*severest(f), 1, rank), f, page) for f in page.findings)])
        _count(page.findings, found, severities)
        _silent(made, page)
        for use in of_result(page):
            linked.add(use)
        if page.card is not None:
            made.advice += 1
            _ask(page.card, health)
    made.tally = Tally(number + 1, labels, severities)
    made.order = [number for _, number in sorted(ranks)]
    made.pages = [_row(page) for _, page in pages]
    made.findings = [_shown(finding, where) for _, finding, where in findings]
    made.checks = _checks(found)
    made.health = [
        {
            "question": _QUESTIONS.get(topic, shown(topic, 40)),
            "told": answers[True],
            "silent": answers[False],
            "unknown": answers[None],
        }
        for topic, answers in health.items()
    ]
    domains = sorted(linked.domains(), key=lambda one: (_bad(one), -one.flagged, -one.links, one.site, one.name))
    new = _new(report)
    made.domains = [_domain(one, new) for one in domains[:DOMAINS]]
    made.all_domains = len(domains)
    made.skipped = _skipped(report)
    return made


def wide_data(report: Report) -> list[dict[str, Any]]:
    """What concerns whole sites and the run's own settings, for the script's list of findings."""
    return [
        {"name": name, "findings": [finding_data(finding) for finding in findings]}
        for name, findings in _apart(report)
        if findings
    ]


def theme(site: SiteResult) -> list[tuple[str, float, str]]:
    """Topics with their share in per cent of the largest and in words; the small ones together."""
    shares = [(shown(one.topic, 60), one.share) for one in site.theme[:TOPICS]]
    rest = sum(one.share for one in site.theme[TOPICS:])
    if rest:
        shares.append((f"{len(site.theme) - TOPICS} others", rest))
    most = max((share for _, share in shares), default=1.0) or 1.0
    return [(topic, round(100 * share / most, 1), percent(share)) for topic, share in shares]


def _apart(report: Report) -> Iterator[tuple[str, tuple[Finding, ...]]]:
    """Findings that are no page's own, with what they are about."""
    yield "the settings of this run", report.notices
    for site in report.sites:
        yield f"the site {shown(site.site, 200)}", site.findings


def _first(ranked: list[Any]) -> list[Any]:
    """The first of some, without keeping all of a large site."""
    return sorted(ranked, key=lambda pair: pair[0])[:FIRST] if len(ranked) > 1 else ranked


def _rank(page: PageResult) -> Rank:
    verdict = page.spam if page.label is Label.SPAM else page.quality
    worst = min((severest(finding) for finding in page.findings), default=(1, 0))
    return _WORST[page.label], worst, -verdict.probability if verdict else 0.0, page.name


def _count(findings: tuple[Finding, ...], found: dict[str, _Found], severities: Counter[Severity]) -> None:
    severities.update(finding.severity for finding in findings)
    for finding in findings:
        counted = found.setdefault(finding.check, _Found(finding.severity))
        counted.severity = max(counted.severity, finding.severity)
        counted.findings += 1
    for check in {finding.check for finding in findings}:
        found[check].pages += 1


def _silent(made: Overview, one: PageResult | SiteResult) -> None:
    made.all_suppressed += len(one.suppressed)
    room = SUPPRESSED - len(made.suppressed)
    made.suppressed += [suppressed_data(suppressed) for suppressed in one.suppressed[: max(room, 0)]]


def _ask(card: HealthCard, health: dict[str, Counter[bool | None]]) -> None:
    for line in card.lines:
        health[line.topic][line.found] += 1


def _row(page: PageResult) -> dict[str, Any]:
    severities = Counter(finding.severity for finding in page.findings)
    return {
        "id": page_id(page.name),
        "name": shown(page.name, 400),
        "href": address(page),
        "title": shown(page.title, 200),
        "label": page.label.value,
        "spam": percent(page.spam.probability) if page.spam else "",
        "quality": percent(page.quality.probability) if page.quality else "",
        "topic": shown(page.topic, 60),
        "high": severities[Severity.HIGH],
        "findings": len(page.findings),
    }


def _shown(finding: Finding, where: PageResult | str) -> dict[str, Any]:
    told = finding_data(finding)
    if isinstance(where, str):
        return {**told, "where": where}
    return {**told, "where": shown(where.title, 200) or shown(where.name, 400), "page": page_id(where.name)}


def _checks(found: dict[str, _Found]) -> list[dict[str, Any]]:
    ordered = sorted(found.items(), key=lambda pair: (-pair[1].severity.rank, -pair[1].findings, pair[0]))
    return [
        {"check": shown(check, 80), "severity": one.severity.value, "rank": one.severity.rank,
         "findings": one.findings, "pages": one.pages}
        for check, one in ordered
    ]  # fmt: skip


def _bad(domain: Domain) -> int:
    return -list(LinkLabel).index(domain.label) if domain.label else 1


def _new(report: Report) -> set[object]:
    return {
        finding.evidence.get("domain")
        for site in report.sites
        for finding in site.findings
        if finding.check == "new-domain"
    }


def _domain(one: Domain, new: set[object]) -> dict[str, Any]:
    bad = one.label is not None and one.label is not LinkLabel.OK
    return {
        "site": shown(one.site, 100),
        "name": shown(one.name, 100),
        "kind": one.kind.value,
        "pages": one.pages,
        "links": one.links,
        "label": one.label.value if one.label and bad else "",
        "rank": list(LinkLabel).index(one.label) if one.label else 0,
        "flagged": one.flagged,
        "new": one.name in new,
        "anchors": [shown(anchor, 60) for anchor, _ in one.anchors[:3] if anchor.strip()],
        "examples": [(page_id(name), shown(name, 200)) for name in one.examples[:1]],
    }


def _skipped(report: Report) -> list[tuple[str, list[str]]]:
    reasons: dict[str, list[str]] = defaultdict(list)
    for one in report.skipped:
        pages = f" ({count(one.pages, 'page')})" if one.pages > 1 else ""
        reasons[shown(one.reason, 300)].append(shown(one.check, 80) + pages)
    return list(reasons.items())

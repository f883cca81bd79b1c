"""Report: every finding, verdict, skipped check, suppressed finding and failure of one run."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from math import isfinite
from typing import Any

from auditor.model.verdict import Verdict
from auditor.page.snapshot import Failure


class _Scale(StrEnum):
    """Words in rising order. `StrEnum` would compare them by the alphabet, so all four comparisons are spelt out."""

    @property
    def rank(self) -> int:
        return list(type(self)).index(self)

    def __lt__(self, other: object) -> bool:
        return self.rank < other.rank if type(other) is type(self) else NotImplemented

    def __le__(self, other: object) -> bool:
        return self.rank <= other.rank if type(other) is type(self) else NotImplemented

    def __gt__(self, other: object) -> bool:
        return self.rank > other.rank if type(other) is type(self) else NotImplemented

    def __ge__(self, other: object) -> bool:
        return self.rank >= other.rank if type(other) is type(self) else NotImplemented


class Severity(_Scale):
    """How bad it is, if it is true."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Confidence(_Scale):
    """How sure we are. `high` is a structural fact or a model at its low-false-alarm threshold."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Label(StrEnum):
    """What a page is, in one word."""

    CLEAN = "clean"
    LOW_QUALITY = "low-quality"
    SPAM = "spam"


class Degree(StrEnum):
    """How far an article gives health advice."""

    ADVICE = "advice"
    RELATED = "related"
    """About health, and nothing in it to act on: news, policy, business."""
    NONE = "none"


class LinkLabel(StrEnum):
    """What a link is, in one word."""

    OK = "ok"
    SUSPICIOUS = "suspicious"
    INJECTED = "injected"


@dataclass(frozen=True, slots=True)
class Location:
    """Where a finding is, as concretely as it is known."""

    url: str | None = None
    path: str | None = None
    line: int | None = None
    column: int | None = None
    snippet: str = ""
    """The words around it as a reader sees them; what the finding is about stands between « and »."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A check that fired at a place."""

    check: str
    severity: Severity
    confidence: Confidence
    message: str
    """What is wrong here, in one sentence with the words at fault."""
    fix: str
    fingerprint: str
    """Stable identity: check, document and what is at fault; never a line number."""
    location: Location
    evidence: Mapping[str, Any] = field(default_factory=dict)
    target: str = ""
    """The address at fault, where many pages can lead to it; see `auditor.fold`."""
    template: str = ""
    """What is at fault, where it can be the theme's."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A check that could not look, and why; never a silent pass."""

    check: str
    reason: str
    pages: int = 1
    """How many pages it was skipped on."""


class Silence(StrEnum):
    """By what a finding was suppressed."""

    COMMENT = "comment"
    FRONT_MATTER = "front-matter"
    CONFIG = "config"
    BASELINE = "baseline"


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding that somebody asked the report to be silent about: listed and counted, and stopped by no gate."""

    finding: Finding
    by: Silence
    where: str
    """Where that was asked for: a line of the page, an entry of a configuration file, a baseline's name."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LinkResult:
    href: str | None
    """None for a planted phrase that no markup links."""
    anchor: str
    rel: tuple[str, ...]
    block: str
    line: int | None
    column: int | None
    injected: Verdict | None
    """None where the link model does not apply (internal links, other languages)."""
    label: LinkLabel


@dataclass(frozen=True, slots=True)
class RelatedItem:
    title: str
    href: str
    similarity: float
    """Cosine of title and article, −1 to 1; NaN where either has no known word."""


@dataclass(frozen=True, slots=True)
class RelatedResult:
    block: str
    """Its heading as written."""
    items: tuple[RelatedItem, ...]
    off_topic: Verdict | None


@dataclass(frozen=True, slots=True)
class CardLine:
    """One thing that a reader of health advice wants to know first."""

    topic: str
    """author, reviewer, date, sources, figures, money, disclaimer, contact, claims, harms, clinician."""
    found: bool | None
    """Whether the page tells; None where it could not be looked for."""
    answer: str
    """What it tells, or what is missing, in words."""
    route: str = ""
    """By what it was found: json-ld, byline, text, link …; empty for nothing."""


@dataclass(frozen=True, slots=True)
class HealthCard:
    """Who wrote the advice, who reviewed it, when, on what sources, what it claims, what is missing."""

    lines: tuple[CardLine, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Topics that the page was searched for in vain."""
        return tuple(line.topic for line in self.lines if line.found is False)


@dataclass(frozen=True, slots=True)
class PageResult:
    url: str | None
    path: str | None
    status: int | None
    language: str
    title: str
    topic: str
    health: Degree | None
    """How far it gives health advice; None where that cannot be told (too short, another language)."""
    label: Label
    spam: Verdict | None
    quality: Verdict | None
    """Probability that it is low quality; of health advice, that a reader should not rely on it."""
    links: tuple[LinkResult, ...]
    related: tuple[RelatedResult, ...]
    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...] = ()
    card: HealthCard | None = None
    """Of health advice only."""

    @property
    def name(self) -> str:
        return self.path or self.url or "-"


@dataclass(frozen=True, slots=True)
class TopicShare:
    topic: str
    share: float


@dataclass(frozen=True, slots=True)
class SiteResult:
    site: str
    pages: int
    theme: tuple[TopicShare, ...]
    """Largest share first."""
    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...] = ()


@dataclass(frozen=True, slots=True)
class Omission:
    """What a crawl left out at one host, and why."""

    host: str
    reason: str
    """In words, with what to do where something can be done."""
    count: int
    """Of addresses."""
    example: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """A report in numbers."""

    pages: int
    labels: Mapping[Label, int]
    severities: Mapping[Severity, int]
    """Findings by severity, those of sites and settings included."""


@dataclass(frozen=True, slots=True)
class Report:
    """The answer of one run. Deterministic for equal snapshots, `started_at` aside."""

    source: tuple[str, ...]
    started_at: datetime
    version: str
    models: Mapping[str, str]
    sites: tuple[SiteResult, ...]
    pages: Collection[PageResult]
    """By site and name. Those of a large site are read from the store each time they are asked for: go over them once."""
    skipped: tuple[Skipped, ...]
    failures: tuple[Failure, ...]
    omitted: tuple[Omission, ...] = ()
    """What was known of and not fetched; of files always empty."""
    notices: tuple[Finding, ...] = ()
    """Faults of the run's own settings: suppressions in them that suppressed nothing."""
    checks: tuple[str, ...] = ()
    """Ids of the checks that were asked for, by name; empty where a report does not say."""

    @property
    def findings(self) -> Iterator[Finding]:
        """All of them: of the run's settings, then of sites, then of pages, each in the report's order."""
        yield from self.notices
        for site in self.sites:
            yield from site.findings
        for page in self.pages:
            yield from page.findings

    @property
    def suppressed(self) -> Iterator[Suppressed]:
        """All of them: sites first, then pages."""
        for site in self.sites:
            yield from site.suppressed
        for page in self.pages:
            yield from page.suppressed

    def at_or_above(self, severity: Severity, confidence: Confidence) -> Iterator[Finding]:
        """Findings that a gate of this severity and confidence would stop."""
        return (f for f in self.findings if f.severity >= severity and f.confidence >= confidence)

    def tally(self) -> Tally:
        """Pages and findings counted, in one pass."""
        severities = Counter(finding.severity for site in self.sites for finding in site.findings)
        severities.update(notice.severity for notice in self.notices)
        labels: Counter[Label] = Counter()
        pages = 0
        for page in self.pages:
            pages += 1
            labels[page.label] += 1
            severities.update(finding.severity for finding in page.findings)
        return Tally(pages, labels, severities)


def fingerprint(check: str, identity: str, key: str) -> str:
    """The stable identity of a finding: 16 hexadecimal digits.

    Args:
        identity: what names the document or the site.
        key: what is at fault, in words that survive moved lines.
    """
    return hashlib.sha256(f"{check}\n{identity}\n{key}".encode("utf-8", "surrogatepass")).hexdigest()[:16]


def plain(value: object) -> Any:
    """`value` in JSON's own types, NaN and infinities as None; evidence may hold what a check had at hand."""
    match value:
        case None | bool() | int():
            return value
        case str():
            return str(value)
        case float():
            return float(value) if isfinite(value) else None
        case Verdict():
            return plain(value.plain())
        case Mapping():
            return {str(key): plain(inner) for key, inner in value.items()}
        case set() | frozenset():
            return [plain(inner) for inner in sorted(value, key=str)]
        case date():
            return value.isoformat()
        case Iterable():
            return [plain(inner) for inner in value]
    item = getattr(value, "item", None)  # numpy's scalars
    return plain(item()) if callable(item) else str(value)

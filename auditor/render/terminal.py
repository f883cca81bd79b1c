"""Report → a terminal: the worst pages first, each finding with its place, its sentence, its reasons and what to do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import nsmallest

from rich.console import Console
from rich.text import Text

from auditor.render.silence import omitted_lines, suppressed_lines
from auditor.render.summary import summary, verdicts
from auditor.render.text import count, cut, cut_around, escape_terminal, likelihood, percent
from auditor.report import (
    Confidence,
    Finding,
    HealthCard,
    Label,
    PageResult,
    Report,
    Severity,
    SiteResult,
)

PAGES = 25
"""Pages shown with their findings, unless all are asked for."""
FINDINGS = 8
"""Findings shown of one page."""
MANY = 3
"""On so many pages the same finding is told once, for all of them together."""

_SEVERITY = {Severity.HIGH: "bold red", Severity.MEDIUM: "yellow", Severity.LOW: "cyan", Severity.INFO: "dim"}
_LABEL = {Label.SPAM: "bold red", Label.LOW_QUALITY: "bold yellow", Label.CLEAN: "bold green"}
_WORST = {Label.SPAM: 0, Label.LOW_QUALITY: 1, Label.CLEAN: 2}
_ALL = "--verbose shows all"
_NOTHING = Text()


def render_terminal(report: Report, console: Console, *, verbose: bool = False, limit: int = PAGES) -> None:
    """Print the report at the console's width, 40 columns or more.

    `limit` is the number of pages shown with their findings; `verbose` lifts every limit and lists clean pages and
    what was suppressed. What is left out is counted. Colours are the console's to drop; nothing depends on them.
    """
    _Writer(console, report, verbose, limit).write()


class _Writer:
    def __init__(self, console: Console, report: Report, verbose: bool, limit: int) -> None:
        self.console = console
        self.report = report
        self.verbose = verbose
        self.limit = None if verbose else limit
        self.grouped = _grouped(report.pages)

    def write(self) -> None:
        self.header()
        # Who has been broken into must not read four hundred pages first.
        for site in self.report.sites:
            if _urgent(site):
                self.site(site)
        self.pages()
        self.groups()
        for site in self.report.sites:
            if not _urgent(site):
                self.site(site)
        self.skipped()
        self.failures()
        self.omitted()
        self.notices()
        self.suppressed()
        self.line()
        self.line(Text(summary(self.report), "bold"))

    def header(self) -> None:
        report = self.report
        started = f"{report.started_at:%Y-%m-%d %H:%M %Z}".rstrip()
        source = _listed([cut(escape_terminal(name), 200) for name in report.source], 3, "more") or "nothing"
        self.line(Text.assemble((f"auditor {report.version}", "bold"), f" · {source} · {started}"))
        if report.pages:
            self.line(Text(verdicts(report.tally())))

    def pages(self) -> None:
        """The worst first; of a large site only those that are shown stand in memory."""
        told = clean = 0
        untold: list[str] = []

        def shown() -> Iterator[tuple[PageResult, list[Finding]]]:
            nonlocal told, clean
            for page in self.report.pages:
                findings = [f for f in page.findings if _identity(f) not in self.grouped]
                if findings or page.label is not Label.CLEAN:
                    told += 1
                    yield page, findings
                elif not page.findings:
                    clean += 1
                    if self.verbose:
                        untold.append(page.name)

        ranked = shown()
        by_rank = sorted(ranked, key=_by_rank) if self.limit is None else nsmallest(self.limit, ranked, key=_by_rank)
        for page, findings in by_rank:
            self.page(page, findings)
        if left := told - len(by_rank):
            self.line()
            self.line(Text(f"… and {count(left, 'more page')} with findings; {_ALL}."))
        if clean:
            self.line()
            self.line(Text(f"{count(clean, 'page')} with nothing to report.", "green"))
            for name in untold:
                self.line(_where(name), 2, fold=False)

    def page(self, page: PageResult, findings: Sequence[Finding]) -> None:
        self.line()
        label = page.label.value.replace("-", " ").upper()
        self.line(Text.assemble((label, _LABEL[page.label]), "  ", (escape_terminal(page.name), "bold")), fold=False)
        if page.title:
            self.line(Text(cut(escape_terminal(page.title), 160), "italic"), 2)
        if page.label is not Label.CLEAN:
            self.verdict(page)
        if page.card is not None:
            self.card(page.card)
        findings = sorted(findings, key=lambda f: (_severest(f), _place(f)))
        shown = findings if self.verbose else findings[:FINDINGS]
        for number, finding in enumerate(shown):
            following = shown[number + 1] if number + 1 < len(shown) else None
            same = following is not None and (following.check, following.fix) == (finding.check, finding.fix)
            self.finding(finding, advice=not same)
        if len(shown) < len(findings):
            self.line(Text(f"… and {count(len(findings) - len(shown), 'more finding')} here; {_ALL}."), 2)

    def verdict(self, page: PageResult) -> None:
        name = page.label.value.replace("-", " ")
        verdict = page.spam if page.label is Label.SPAM else page.quality
        if verdict is not None and verdict.probability >= 0.5:
            self.line(
                Text(f"{likelihood(verdict.probability).capitalize()} {name} ({percent(verdict.probability)})"), 2
            )
            self.why([contribution.words for contribution in verdict.reasons()], 2)
        else:
            cause = " for the findings below" if page.findings else ""
            alone = f" (its words and structure alone: {percent(verdict.probability)})" if verdict else ""
            self.line(Text(f"Counts as {name}{cause}{alone}"), 2)

    def card(self, card: HealthCard) -> None:
        """What a health page tells of itself in one paragraph, what it keeps silent in another."""
        told = [cut(escape_terminal(line.answer), 160) for line in card.lines if line.found]
        silent = [cut(escape_terminal(line.answer), 160) for line in card.lines if line.found is False]
        for label, answers in (("health  ", told), ("but     ", silent)):
            if answers:
                self.line(Text("; ".join(answers)), 2, label=Text(label, "dim"))

    def why(self, reasons: Sequence[str], indent: int) -> None:
        if reasons:
            text = "; ".join(cut(escape_terminal(reason).rstrip("."), 160) for reason in reasons[:3])
            self.line(Text(text), indent, label=Text("why  ", "dim"))

    def finding(
        self, finding: Finding, *, advice: bool = True, pages: Sequence[str] = (), several: int | None = None
    ) -> None:
        """One finding; `advice` is left to the last of several that end in the same. `several` is the number of its `pages`, where its
        message says so and not all are named."""
        place = finding.location
        severity = Text(f"{finding.severity.value:<6}  ", _SEVERITY[finding.severity])
        self.line()
        self.line(Text(cut(escape_terminal(finding.message), 400), "bold"), 2, label=severity)
        parts = [finding.check] if finding.confidence is Confidence.HIGH else [finding.check, _confidence(finding)]
        if pages and several is None:
            parts.append(f"on {count(len(pages), 'page')}")
        elif place.line is not None and not pages:
            at = f"{place.line}" if place.column is None else f"{place.line}:{place.column}"
            spot = f"{place.path}:{at}" if place.path else f"line {at.replace(':', ', column ')}"
            parts.insert(0, escape_terminal(spot))
        self.line(Text(" · ".join(parts), "dim"), 10, fold=False)
        if place.snippet and not pages:
            snippet = Text(cut_around(escape_terminal(place.snippet), 240))
            snippet.highlight_regex("«[^»]*»", "bold reverse")
            self.line(snippet, 10)
        reasons = finding.evidence.get("reasons")
        if isinstance(reasons, list | tuple):
            self.why([str(reason) for reason in reasons], 10)
        if advice:
            self.line(Text(cut(escape_terminal(finding.fix), 400)), 10, label=Text("do   ", "dim"))
        for name in pages if self.verbose else pages[:MANY]:
            self.line(_where(name), 10, fold=False)
        told = len(pages) if self.verbose else min(len(pages), MANY)
        left = (several or len(pages)) - told
        if left > 0:
            self.line(Text(f"and {count(left, 'more page')}", "dim"), 10)

    def groups(self) -> None:
        if not self.grouped:
            return
        self.heading("The same on several pages")
        for same in sorted(self.grouped.values(), key=lambda same: (_severest(same.finding), -len(same.pages))):
            self.finding(same.finding, pages=same.pages)

    def site(self, site: SiteResult) -> None:
        if not site.findings and not (self.verbose and site.theme):
            return
        theme = ", ".join(f"{escape_terminal(t.topic)} {percent(t.share)}" for t in site.theme[:4])
        self.heading(f"The site {cut(escape_terminal(site.site), 200)}" + (f" ({theme})" if theme else ""))
        for finding in sorted(site.findings, key=_severest):
            if finding.target or finding.template:  # told once for all pages that have it
                names = [str(name) for name in finding.evidence.get("pages", ())]
                self.finding(finding, pages=names, several=int(finding.evidence.get("count", len(names))))
            else:
                self.finding(finding)

    def skipped(self) -> None:
        if not self.report.skipped:
            return
        checks = len({skipped.check for skipped in self.report.skipped})
        heading = f"{count(checks, 'check')} could not look everywhere"
        if not self.verbose:  # most of them had nothing to look at: no health advice, no related posts, too few pages
            self.line()
            self.line(Text(f"{heading}; --verbose shows which and why.", "dim"))
            return
        reasons: dict[str, list[str]] = defaultdict(list)
        for skipped in self.report.skipped:
            pages = f" ({count(skipped.pages, 'page')})" if skipped.pages > 1 else ""
            reasons[escape_terminal(skipped.reason)].append(skipped.check + pages)
        self.heading(heading)
        # What was not asked for interests less than what the pages did not let us see.
        for reason, names in sorted(reasons.items(), key=lambda pair: "`auditor scan" in pair[0]):
            self.line(Text(f"{cut(reason, 200)}: {_listed(names, None, 'more')}"), 4)

    def failures(self) -> None:
        failures = self.report.failures
        if not failures:
            return
        self.heading(f"{count(len(failures), 'document')} could not be read")
        shown = failures if self.verbose else failures[:10]
        for failure in shown:
            self.line(_where(failure.name), 2, fold=False)
            self.line(Text(f"{failure.kind.value}: {cut(escape_terminal(failure.detail), 300)}"), 4)
        if len(shown) < len(failures):
            self.line(Text(f"… and {len(failures) - len(shown):,} more; {_ALL}."), 2)

    def omitted(self) -> None:
        for text, indent in omitted_lines(self.report, self.verbose):
            self.line(text, indent)

    def notices(self) -> None:
        if self.report.notices:
            self.heading("The settings of this run")
        for finding in self.report.notices:
            self.finding(finding)

    def suppressed(self) -> None:
        for text, indent in suppressed_lines(self.report, self.verbose):
            self.line(text, indent)

    def heading(self, text: str) -> None:
        self.line()
        self.line(Text(text, "bold"))

    def line(self, text: Text = _NOTHING, indent: int = 0, *, label: Text = _NOTHING, fold: bool = True) -> None:
        """Print `text` with every line `indent` in, beside its `label`.

        Without `fold` the line stays whole where nobody looks (a file, a pipe), so that paths can be searched for.
        """
        if self.console.width < 60:  # a narrow window has no room for columns
            inline = Text(label.plain.rstrip() + "  ", label.style) if label else label
            text, label, indent = inline + text, _NOTHING, min(indent, 4)
        hang = label.cell_len
        width = max(self.console.width - indent - hang, 10)
        whole = not fold and not self.console.is_terminal
        for number, part in enumerate([text] if whole else text.wrap(self.console, width, overflow="fold")):
            part.rstrip()
            margin = Text(" " * indent) + (Text(" " * hang) if number else label)
            self.console.print(margin + part if part else part, soft_wrap=True)


def _urgent(site: SiteResult) -> bool:
    return any(finding.severity is Severity.HIGH for finding in site.findings)


@dataclass(slots=True)
class _Same:
    """What many pages have in common."""

    finding: Finding
    """As the first of them has it."""
    pages: list[str]


def _grouped(pages: Iterable[PageResult]) -> dict[tuple[str, str], _Same]:
    """What many pages have in common: the same check in the same words, and not about a sentence of the page's own."""
    same: dict[tuple[str, str], _Same] = {}
    for page in pages:
        for identity, finding in {_identity(f): f for f in page.findings if not f.location.snippet}.items():
            same.setdefault(identity, _Same(finding, [])).pages.append(page.name)
    return {identity: found for identity, found in same.items() if len(found.pages) >= MANY}


def _identity(finding: Finding) -> tuple[str, str]:
    return (finding.check, finding.message)


def _severest(finding: Finding) -> tuple[int, int]:
    return -list(Severity).index(finding.severity), -list(Confidence).index(finding.confidence)


def _place(finding: Finding) -> tuple[str, int, int]:
    return finding.check, finding.location.line or 0, finding.location.column or 0


def _rank(page: PageResult) -> tuple[int, tuple[int, int], float, str]:
    verdict = page.spam if page.label is Label.SPAM else page.quality
    worst = min((_severest(finding) for finding in page.findings), default=(1, 0))
    return _WORST[page.label], worst, -verdict.probability if verdict else 0.0, page.name


def _by_rank(told: tuple[PageResult, list[Finding]]) -> tuple[int, tuple[int, int], float, str]:
    return _rank(told[0])


def _confidence(finding: Finding) -> str:
    return f"{finding.confidence.value} confidence"


def _where(name: str) -> Text:
    return Text(escape_terminal(name), "dim")


def _listed(names: Sequence[str], most: int | None, rest: str) -> str:
    shown = names[:most]
    left = len(names) - len(shown)
    return ", ".join(shown) + (f" and {left:,} {rest}" if left else "")
